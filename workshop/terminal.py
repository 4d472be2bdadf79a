"""Captured output is what a terminal would show in the end, and no more than that.

A progress bar rewrites its own line hundreds of times with carriage returns and
backspaces. In a terminal that is a bar; in a file it is a flood. So the rewriting is
carried out here, escape sequences are dropped, and what is kept is bounded.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

LIMIT = 64 * 1024
READ = 4 * 2**20
"""So many bytes are looked at: a line that rewrites itself fills no screen."""
MAX_LINE = 2_000

_ESCAPES = re.compile(
    r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])"
)
_CONTROLS = re.compile(r"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Screen:
    """Collects bytes, line by line; `on_line` hears of each finished line."""

    def __init__(self, on_line: Callable[[str], None] = lambda line: None) -> None:
        self.on_line = on_line
        self.lines: list[str] = []
        self.kept = 0
        self.read = 0
        self.dropped = 0
        self._pending = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Take bytes as they come; a line ends at a newline."""
        if self.kept >= LIMIT or self.read >= READ:
            self.dropped += len(data)
            return
        self.read += len(data)
        *lines, rest = (self._pending + self._decoder.decode(data)).split("\n")
        for line in lines:
            self._keep(line)
        self._pending = rest if len(rest) < 4 * MAX_LINE else settle(rest)[:MAX_LINE]

    def close(self) -> None:
        """Take what is left as the last line, and say what was dropped."""
        if self._pending.strip():
            self._keep(self._pending)
        self._pending = ""
        if self.dropped:
            cut = f"… and {self.dropped / 1e6:.1f} MB more, not shown"
            self.lines.append(cut)
            self.on_line(cut)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def _keep(self, line: str) -> None:
        shown = settle(line)
        if self.kept >= LIMIT:
            self.dropped += len(line) + 1
            return
        self.kept += len(shown) + 1
        if shown or not line:
            self.lines.append(shown)
            self.on_line(shown)


def settle(line: str) -> str:
    """Return what a line of output looks like when all rewriting is done."""
    line = _ESCAPES.sub("", line)
    if "\b" in line or "\r" in line:
        line = _rewrite(line)
    line = _CONTROLS.sub("�", line).rstrip()
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"


def _rewrite(line: str) -> str:
    shown: list[str] = []
    at = 0
    for part in re.split(r"([\r\b]+)", line):
        if "\r" in part:
            at = 0
        elif "\b" in part:
            at = max(0, at - len(part))
        else:
            shown[at : at + len(part)] = part
            at += len(part)
    return "".join(shown)
