"""A box is made from within: mounts first, then namespaces, limits and the filter.

The forked process does it to itself before any line of a learner's code. It fails
closed: whatever cannot be set ends the box. Inside, the program is process 1: the
kernel ends everything in the box when it ends, and lets no process in it send it a
deadly signal.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Sequence
from dataclasses import dataclass

from workshop.box import kernel

BOX = "/box"
WORK, HOME, KEPT = f"{BOX}/work", f"{BOX}/home", f"{BOX}/kept"
FETCHED = 1_000
"""Files that leave a box at once; a model that was saved as a folder has a handful."""
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


def enter(limits: Limits, held: Sequence[str] = ()) -> None:
    """Make a box of this process, the first of a new namespace of processes.

    It needs the privilege to mount, and has none afterwards. What Python needs of /tmp,
    where it was installed there, is `held`: names of its folders. Raises OSError.
    """
    os.setsid()  # or it could signal the server, whose process group it was in
    own = os.open("/proc/self", os.O_RDONLY | os.O_DIRECTORY)
    kernel.unshare(kernel.NEWNS)
    _furnish(limits, held)
    _write(own, "oom_score_adj", "1000")
    _apart(own)
    os.close(own)
    _limit(limits)
    kernel.drop_capabilities()


def _furnish(limits: Limits, held: Sequence[str]) -> None:
    """Mount the one place that can be written to, and a /proc of this box alone.

    That is read-only: a program could take back there what makes the kernel end it
    first where the machine is out of memory.
    """
    size = f"size={limits.disk_mb}m,nr_inodes={limits.inodes},mode=0700"
    safe = kernel.MS_NOSUID | kernel.MS_NODEV
    kernel.mount("tmpfs", BOX, "tmpfs", safe, size)
    for name in ("work", "home", "kept", *_MOUNTED):
        os.mkdir(f"{BOX}/{name}", 0o700)  # noqa: PTH102
    read_only = kernel.MS_RDONLY | kernel.MS_NOEXEC
    shown, whole = safe | kernel.MS_RDONLY, kernel.MS_BIND | kernel.MS_REC
    for name in held:
        target = f"{BOX}/tmp/{name}"
        os.mkdir(target, 0o700)  # noqa: PTH102
        kernel.mount(f"/tmp/{name}", target, "", whole)
        kernel.mount("", target, "", kernel.MS_REMOUNT | kernel.MS_BIND | shown)
    for name, target in _MOUNTED.items():
        kernel.mount(f"{BOX}/{name}", target, "", whole)
    kernel.mount("proc", "/proc", "proc", safe | read_only)
    os.chdir(WORK)


def _apart(own: int) -> None:
    """Enter namespaces of its own, as the same user."""
    user, group = os.getuid(), os.getgid()
    kernel.unshare(_APART)
    _write(own, "setgroups", "deny")
    _write(own, "uid_map", f"{user} {user} 1")
    _write(own, "gid_map", f"{group} {group} 1")


def _write(own: int, name: str, text: str) -> None:
    """Write what the kernel reads of this process; `own` is its folder of /proc."""
    file = os.open(name, os.O_WRONLY, dir_fd=own)
    try:
        os.write(file, text.encode())
    finally:
        os.close(file)


def _limit(limits: Limits) -> None:
    """Bind this process and all that it will start."""
    disk, memory = limits.disk_mb * 2**20, limits.memory_mb * 2**20
    for kind, most in (
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.files),
        (resource.RLIMIT_FSIZE, disk),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 2**20),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_NICE, 0),
    ):
        resource.setrlimit(kind, (most, most))
