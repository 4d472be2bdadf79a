"""Keys are read one by one where there is a terminal, which is given back as it was.

Waiting for a key is also how `watch` sleeps: no thread, and Ctrl-C stays Ctrl-C.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from types import TracebackType
from typing import Any


class Keys:
    """The keyboard while the `with` lasts; without a terminal no key ever comes."""

    def __init__(self) -> None:
        self.there = is_terminal()
        self._before: Any = None

    def __enter__(self) -> Keys:
        if self.there and sys.platform != "win32":
            import termios

            self._before = termios.tcgetattr(sys.stdin.fileno())
            self._listen()
            signal.signal(signal.SIGCONT, lambda *_: self._listen())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None and sys.platform != "win32":
            import termios

            signal.signal(signal.SIGCONT, signal.SIG_DFL)
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)

    def wait(self, seconds: float) -> str:
        """Return the key that was pressed within so many seconds, or an empty text."""
        if not self.there:
            time.sleep(seconds)
            return ""
        return _pressed(seconds)

    def _listen(self) -> None:
        """Have keys delivered one by one and unseen, also after Ctrl-Z and `fg`."""
        if sys.platform != "win32":
            import tty

            tty.setcbreak(sys.stdin.fileno())


def is_terminal() -> bool:
    """Return whether a person can be asked: standard input is a terminal."""
    try:
        return sys.stdin.isatty()
    except (AttributeError, ValueError):
        return False


if sys.platform == "win32":

    def _pressed(seconds: float) -> str:
        import msvcrt

        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if msvcrt.kbhit():
                key: str = msvcrt.getwch()
                if key == "\x03":
                    raise KeyboardInterrupt
                return key
            time.sleep(0.02)
        return ""

else:

    def _pressed(seconds: float) -> str:
        import select

        handle = sys.stdin.fileno()
        if not select.select([handle], [], [], seconds)[0]:
            return ""
        key = os.read(handle, 64)
        if not key:  # the terminal has gone
            raise KeyboardInterrupt
        return key.decode("utf-8", "replace")[0]
