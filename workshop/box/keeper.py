"""Every box has somebody outside it who measures it, ends it, and tells how it ended.

That is the server itself, which is the parent of every box's first process: so CPU
seconds and memory are what the kernel counted, and nothing is left to be asked for. A
box in which a crowd runs keeps one core, so that its neighbours have theirs.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

TICK_MS = 50
MANY = 64
"""More processes than an honest script starts: what those share counts for each."""
CROWD = 5
"""For each core: of TensorFlow three for each, and two more, were seen to run."""
CROWDED_TICKS = 3


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
    """One box: its first process, the descriptor that tells of its end, its limit.

    `crowded` counts the ticks in which a crowd ran in it, less those in which none did.
    """

    pid: int
    status: int
    memory: int
    why: str = ""
    crowded: int = 0


class Keeper:
    """Holds the boxes of one server."""

    def __init__(self, control: int) -> None:
        self.control = control
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.held: dict[int, Held] = {}
        self.cores = os.sched_getaffinity(0)
        self._due = 0.0

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
            if time.monotonic() >= self._due:
                self._measure()
            if self.control in ready:
                return

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
        """End each box that holds more than it may; also where it is never quiet."""
        below = _children() if self.held else {}
        for fd, one in self.held.items():
            if fd == one.status:
                found = _family(one.pid, below)
                _confine(one, found, self.cores)  # first: to measure takes time
                if _holds_more(found, one.memory):
                    self._kill(one, "memory")
        self._due = time.monotonic() + TICK_MS / 1000

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
                parent = int(_stat(f"/proc/{name}")[1])
                below.setdefault(parent, []).append(int(name))
    return below


def _family(box: int, below: dict[int, list[int]]) -> list[int]:
    """Return all processes of a box, the first one first."""
    found, queue = [box], [box]
    while queue:
        children = below.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _confine(one: Held, found: list[int], cores: set[int]) -> None:
    """Leave a crowd of threads one core of the machine, for good.

    Otherwise each of them has as large a share of all cores as a neighbour that has but
    one. All crowds have the same core; whatever they start inherits it, and nobody in a
    box may choose another.
    """
    threads = [thread for pid in found for thread in _threads(pid)]
    if one.crowded < CROWDED_TICKS:
        few = CROWD * len(cores)
        runs = len(threads) > few and sum(map(_runs, threads)) > few
        one.crowded = one.crowded + 1 if runs else max(one.crowded - 1, 0)
    for thread in threads if one.crowded == CROWDED_TICKS else ():
        with contextlib.suppress(OSError):
            os.sched_setaffinity(int(thread.rpartition("/")[2]), {max(cores)})


def _runs(thread: str) -> bool:
    """Tell whether a thread runs, or waits for a core."""
    with contextlib.suppress(OSError):
        return _stat(thread)[:1] == [b"R"]
    return False


def _stat(place: str) -> list[bytes]:
    """Return the state of a process or thread, its parent, and what comes after."""
    return Path(place, "stat").read_bytes().rpartition(b")")[2].split()


def _threads(pid: int) -> list[str]:
    """Return where the kernel tells of each thread of a process."""
    place = f"/proc/{pid}/task"
    with contextlib.suppress(OSError):
        return [f"{place}/{name}" for name in os.listdir(place)]  # noqa: PTH208
    return []


def _holds_more(found: list[int], most: int) -> bool:
    """Tell whether the processes of a box hold more bytes, with what maps them.

    Pages that several share are counted once, by the kernel's own proportional sum,
    which is asked only where the plain sum is more: it takes time.
    """
    plain = sum(map(_resident, found))
    if plain <= most or len(found) > MANY:
        return plain > most
    return sum(map(_proportional, found)) > most


def _resident(pid: int) -> int:
    """Return what a process holds, also one whose first thread has ended."""
    with contextlib.suppress(OSError):
        if size := _said(f"/proc/{pid}/status", (b"VmRSS:", b"VmPTE:")):
            return size
        for thread in _threads(pid):
            if size := _said(f"{thread}/status", (b"VmRSS:", b"VmPTE:")):
                return size
    return 0


def _proportional(pid: int) -> int:
    """Return a process's share; of one that hides it, or has ended by now, the rest."""
    with contextlib.suppress(OSError):
        tables = _said(f"/proc/{pid}/status", (b"VmPTE:",))
        return tables + _said(f"/proc/{pid}/smaps_rollup", (b"Pss:",))
    return _resident(pid)


def _said(place: str, names: tuple[bytes, ...]) -> int:
    """Return the sum, in bytes, of some lines of a file in which they are in kB."""
    lines = Path(place).read_bytes().splitlines()
    found = [line.split()[1] for line in lines if line.startswith(names)]
    return sum(map(int, found)) * 1024
