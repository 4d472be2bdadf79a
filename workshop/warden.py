"""The process between a grader and a learner's script: when one ends, all end.

Run as a plain file with `python -I -S`, from the standard library alone. Its standard
input is a lifeline that the grader holds open: at end of file (the grader has finished,
was interrupted or killed) everything the script started is killed. On Linux the warden
is a subreaper, so that processes which detach themselves still become its children and
are found; elsewhere it kills the script's process group.

    warden.py FD MEMORY_MB COMMAND...     FD stays open in the command; 0 MB: no limit
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform.startswith("linux")


def main() -> int:
    fd, memory_mb, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    child = os.fork()
    if child == 0:
        _become(command, fd, memory_mb)
    os.close(fd)
    status = _watch(child, ended)
    _end(child)
    return status


def _become(command: list[str], fd: int, memory_mb: int) -> None:
    """Replace the forked process by the command, within its limits."""
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.set_inheritable(fd, True)
        if memory_mb:
            _limit(memory_mb * 2**20)
        os.execv(command[0], command)
    finally:
        os._exit(127)


def _limit(size: int) -> None:
    """Limit what a process can write to (Linux; elsewhere nobody enforces it).

    Addresses are not limited: the driver of a GPU reserves far more than there is.
    """
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _watch(child: int, ended: int) -> int:
    """Wait until the command has ended or the lifeline is cut; return its status."""
    while True:
        ready, _, _ = select.select([0, ended], [], [])
        if 0 in ready and not os.read(0, 4096):
            return 137
        if ended in ready:
            os.read(ended, 4096)
        for pid, status in _reap():
            if pid == child:
                return _exit_code(status)


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _reap() -> list[tuple[int, int]]:
    found = []
    with contextlib.suppress(ChildProcessError):
        while (pair := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(pair)
    return found


def _end(child: int) -> None:
    """Kill everything that descends from here, until nothing is left (10 s at most)."""
    for _ in range(1000):
        with contextlib.suppress(OSError):
            os.killpg(child, signal.SIGKILL)
        living = _descendants()
        for pid in living:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        _reap()
        if not living:
            return
        time.sleep(0.01)


def _descendants() -> list[int]:
    """Return all processes below this one (Linux).

    Also the dead that nobody has asked for yet: a process whose first thread has ended
    counts as dead while other threads of it, and what it started, live on.
    """
    if not LINUX:
        return []
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_bytes()
                parent = int(stat.rpartition(b")")[2].split()[1])
                below.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [os.getpid()]
    while queue:
        children = below.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _prctl(option: int, value: int) -> None:
    if LINUX:
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
