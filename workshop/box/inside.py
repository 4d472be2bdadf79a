"""A box is made from within: mounts first, then namespaces, limits and the filter.

The forked process does it to itself before any line of a learner's code. It fails
closed: whatever cannot be set ends the box. Inside, the program is process 1: the
kernel ends everything in the box when it ends, and lets no process in it send it a
deadly signal.
"""

from __future__ import annotations

import os
import resource
from dataclasses import dataclass
from pathlib import Path

from workshop.box import kernel

BOX = "/box"
WORK, HOME, KEPT = f"{BOX}/work", f"{BOX}/home", f"{BOX}/kept"
_MOUNTED = {"tmp": "/tmp", "shm": "/dev/shm"}
_APART = kernel.NEWUSER | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWCGROUP


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


def enter(limits: Limits) -> None:
    """Make a box of this process, the first of a new namespace of processes.

    It needs the privilege to mount, and has none afterwards. Raises OSError.
    """
    kernel.unshare(kernel.NEWNS)
    _furnish(limits)
    _apart()
    _limit(limits)
    kernel.drop_capabilities()


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


def _apart() -> None:
    """Enter namespaces of its own, as the same user."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(_APART)
    Path("/proc/self/setgroups").write_text("deny", "ascii")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")


def _limit(limits: Limits) -> None:
    """Bind this process and all that it will start."""
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
