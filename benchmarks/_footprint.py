"""The memory of a command is that of all its processes, shared pages counted once.

Linux divides a page that several processes share among them (its proportional set
size), so a server and the boxes that it forks add up to what they really take. It is
sampled ten times a second, and never in a run whose seconds count: asking costs time.
"""

from __future__ import annotations

import contextlib
import threading

import psutil  # type: ignore[import-untyped, unused-ignore]

TICK = 0.1


class Footprint:
    """The highest sum seen since `watch`, in MB; use it in `with`."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Footprint:
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        if self._thread:
            self._thread.join()

    def watch(self, pid: int) -> None:
        """Sample a process and all below it until the end."""
        self._thread = threading.Thread(target=self._sample, args=[pid], daemon=True)
        self._thread.start()

    def _sample(self, pid: int) -> None:
        while not self._end.is_set():
            self.peak_mb = max(self.peak_mb, held(pid) / 1e6)
            self._end.wait(TICK)


def held(pid: int) -> int:
    """Return the bytes that a process and all below it hold; 0 where it has ended."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(pid)
        for one in (top, *top.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += one.memory_full_info().pss
    return total
