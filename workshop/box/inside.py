"""A box is made from within: namespaces, then mounts, then limits, then the filter.

Each forked process does it to itself before any line of a learner's code. It fails
closed: whatever cannot be set ends the box. `keep` stands between the server and the
box, measures it, and ends it.

Inside, a program is process 1: the kernel ends everything in the box when it ends, and
lets no process in it send it a deadly signal.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
from dataclasses import asdict, dataclass
from pathlib import Path

from workshop.box import kernel

BOX = "/box"
WORK, HOME, KEPT = f"{BOX}/work", f"{BOX}/home", f"{BOX}/kept"
_MOUNTED = {"tmp": "/tmp", "shm": "/dev/shm"}
_TICK_MS = 50
_PAGE = os.sysconf("SC_PAGE_SIZE")
_APART = (
    kernel.NEWUSER | kernel.NEWNS | kernel.NEWPID | kernel.NEWIPC | kernel.NEWUTS
) | kernel.NEWCGROUP


@dataclass(frozen=True)
class Limits:
    """What one box may take: all of its processes together, but for `files`.

    `memory_mb` and `disk_mb` in MB, `inodes`, `processes` (threads count), `files` that
    one process has open.
    """

    memory_mb: int = 6_000
    disk_mb: int = 1_000
    inodes: int = 50_000
    processes: int = 512
    files: int = 1_024


@dataclass(frozen=True)
class Ending:
    """How a box ended: its exit status (128 + n for signal n), and what it took.

    `why` is "" (by itself), "asked" (by the grader), "memory", or "unknown": something
    from outside ended it. CPU seconds and the peak of one process in MB are those that
    the kernel counted.
    """

    code: int
    why: str
    cpu_seconds: float
    peak_mb: float


def keep(limits: Limits, status: int, ends: list[int]) -> None:
    """Make a box in a child process that runs on in the caller; never return here.

    In the child it returns, once everything holds. `status` is the descriptor that
    tells how a box ended, `ends` are those that only the box may hold.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _apart()
    box = os.fork()
    if box == 0:
        os.close(status)
        kernel.die_with_parent(signal.SIGKILL)
        _furnish(limits)
        _limit(limits)
        return
    try:
        for end in ends:
            os.close(end)
        ending = _watch(box, status, limits.memory_mb)
        with contextlib.suppress(OSError):
            os.write(status, json.dumps(asdict(ending)).encode())
    finally:
        os._exit(0)


def _apart() -> None:
    """Enter namespaces of its own, as the same user."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(_APART)
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _furnish(limits: Limits) -> None:
    """Mount the one place that can be written to, and a /proc of this box alone."""
    size = f"size={limits.disk_mb}m,nr_inodes={limits.inodes},mode=0700"
    safe = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("tmpfs", BOX, "tmpfs", safe, size)
    for name in ("work", "home", "kept", *_MOUNTED):
        os.mkdir(f"{BOX}/{name}", 0o700)  # noqa: PTH102
    for name, target in _MOUNTED.items():
        kernel.mount(f"{BOX}/{name}", target, "", kernel.MS_BIND)
    kernel.mount("proc", "/proc", "proc", safe | kernel.MS_NOEXEC)
    os.chdir(WORK)


def _limit(limits: Limits) -> None:
    """Bind this process and all that it will start; raises OSError or ValueError."""
    Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    disk, memory = limits.disk_mb * 2**20, limits.memory_mb * 2**20
    for kind, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_FSIZE, disk),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 2**20),
    ):
        resource.setrlimit(kind, (most, most))
    kernel.drop_capabilities()


def _watch(box: int, status: int, memory_mb: int) -> Ending:
    """Wait until the box ends, or end it: when told to, or when it takes too much."""
    why = ""
    with open(os.pidfd_open(box), "rb", buffering=0) as ended:  # noqa: PTH123
        poll = select.poll()
        poll.register(ended, select.POLLIN)
        poll.register(status, select.POLLIN)
        while not (ready := {fd for fd, _ in poll.poll(_TICK_MS)}):
            if _memory(box) > memory_mb * 2**20:
                why = "memory"
                break
        if ended.fileno() not in ready:
            why = why or "asked"
            os.kill(box, signal.SIGKILL)
    _, code, spent = os.wait4(box, 0)
    if os.WIFSIGNALED(code) and os.WTERMSIG(code) == signal.SIGKILL:
        why = why or "unknown"
    exit_code = os.waitstatus_to_exitcode(code)
    return Ending(
        exit_code if exit_code >= 0 else 128 - exit_code,
        why,
        round(spent.ru_utime + spent.ru_stime, 3),
        round(spent.ru_maxrss / 1024, 1),
    )


def _memory(box: int) -> int:
    """Return the bytes that the processes of a box hold.

    Pages that several share are counted once, by the kernel's own proportional sum,
    which is asked only where the plain sum is large.
    """
    members = _members(box)
    total = sum(_resident(pid) for pid in members)
    return total if total < 2**30 else sum(_proportional(pid) for pid in members)


def _members(box: int) -> list[int]:
    below: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                stat = Path(f"/proc/{name}/stat").read_bytes()
                parent = int(stat.rpartition(b")")[2].split()[1])
                below.setdefault(parent, []).append(int(name))
    found, queue = [box], [box]
    while queue:
        children = below.get(queue.pop(), [])
        found += children
        queue += children
    return found


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
