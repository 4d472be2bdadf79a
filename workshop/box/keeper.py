"""Every box has somebody outside it who measures it, ends it, and tells how it ended.

That is the server itself, which is the parent of every box's first process: so CPU
seconds and memory are what the kernel counted, and nothing is left to be asked for.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

TICK_MS = 50
LARGE = 2**30
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Ending:
    """How a box ended: its exit status (128 + n for signal n), and what it took.

    `why` is "" (by itself), "asked" (by the grader), "memory", or "unknown": something
    from outside ended it. CPU seconds and the peak of its largest process in MB are
    those that the kernel counted.
    """

    code: int
    why: str
    cpu_seconds: float = 0.0
    peak_mb: float = 0.0


@dataclass
class Held:
    """One box: its first process, the descriptor that tells of its end, its limit."""

    pid: int
    status: int
    memory: int
    why: str = ""


class Keeper:
    """Holds the boxes of one server."""

    def __init__(self, control: int) -> None:
        self.control = control
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.held: dict[int, Held] = {}

    def hold(self, pid: int, status: int, memory_mb: int) -> None:
        """Keep a box from now on; closes `status` when it has ended."""
        one = Held(pid, status, memory_mb * 2**20)
        for fd in (os.pidfd_open(pid), status):
            self.held[fd] = one
            self.poll.register(fd, select.POLLIN)

    def wait(self) -> None:
        """Keep boxes until the grader asks for something."""
        while True:
            ready = [fd for fd, _ in self.poll.poll(TICK_MS if self.held else None)]
            for fd in ready:
                if fd in self.held:
                    self._heard(fd)
            if self.control in ready:
                return
            if not ready:
                self._measure()

    def _heard(self, fd: int) -> None:
        """End a box that the grader has done with, or say how one has ended."""
        one = self.held[fd]
        if fd == one.status:
            self.poll.unregister(fd)  # the other descriptor tells when it is gone
            self._kill(one, "asked")
        else:
            self._bury(fd, one)

    def _bury(self, pidfd: int, one: Held) -> None:
        ending = _ending(one)
        with contextlib.suppress(OSError):
            os.write(one.status, json.dumps(asdict(ending)).encode())
        for fd in (pidfd, one.status):
            del self.held[fd]
            with contextlib.suppress(KeyError):
                self.poll.unregister(fd)
            os.close(fd)

    def _measure(self) -> None:
        """End each box that holds more than it may."""
        below = _children()
        for fd, one in self.held.items():
            if fd == one.status and _memory(one.pid, below) > one.memory:
                self._kill(one, "memory")

    def _kill(self, one: Held, why: str) -> None:
        one.why = one.why or why
        with contextlib.suppress(ProcessLookupError):
            os.kill(one.pid, signal.SIGKILL)


def _ending(one: Held) -> Ending:
    _, status, spent = os.wait4(one.pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    code = os.waitstatus_to_exitcode(status)
    return Ending(
        code if code >= 0 else 128 - code,
        one.why or ("unknown" if killed else ""),
        round(spent.ru_utime + spent.ru_stime, 3),
        round(spent.ru_maxrss / 1024, 1),
    )


def _children() -> dict[int, list[int]]:
    """Return the children of every process that is seen from here."""
    below: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = Path(f"/proc/{name}/stat").read_bytes()
                parent = int(stat.rpartition(b")")[2].split()[1])
                below.setdefault(parent, []).append(int(name))
    return below


def _memory(box: int, below: dict[int, list[int]]) -> int:
    """Return the bytes that the processes of a box hold.

    Pages that several share are counted once, by the kernel's own proportional sum,
    which is asked only where the plain sum is large.
    """
    found, queue = [box], [box]
    while queue:
        children = below.get(queue.pop(), [])
        found += children
        queue += children
    total = sum(map(_resident, found))
    return total if total < LARGE else sum(map(_proportional, found))


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    return 0


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines():
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return _resident(pid)
