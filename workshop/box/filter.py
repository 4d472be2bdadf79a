"""System calls that no lesson needs, and that a kernel has been broken by, are refused.

A list of what is refused, and not of what is allowed: TensorFlow's needs change with
each version, and namespaces hold without the filter. Refused calls fail with an errno,
so that a program gets Python's ordinary exception. Built by libseccomp, which also
refuses the calls of other architectures.
"""

from __future__ import annotations

import errno
import mmap
import resource
from typing import Any

from workshop.box import kernel

_INT = 2**32 - 1
"""The bits of an argument that the kernel looks at where it takes an int."""
_MAP_TYPE = 0x0F
REFUSED = (
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot"),
    *("move_mount", "open_tree", "mount_setattr"),
    *("fsopen", "fsconfig", "fsmount", "fspick"),
    *("ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"),
    *("bpf", "perf_event_open", "userfaultfd", "seccomp"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("add_key", "request_key", "keyctl"),
    *("init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load"),
    *("name_to_handle_at", "open_by_handle_at", "fanotify_init", "quotactl"),
    *("swapon", "swapoff", "reboot", "acct", "syslog", "vhangup"),
    *("settimeofday", "clock_settime", "adjtimex", "clock_adjtime"),
    *("shmget", "msgget", "semget", "mq_open", "memfd_create", "memfd_secret"),
    *("vmsplice", "splice", "tee", "io_setup", "inotify_init", "inotify_init1"),
    *("socket", "socketpair", "bind", "connect", "listen", "accept", "accept4"),
    *("setsid", "sched_setaffinity"),
    *("modify_ldt", "quotactl_fd", "uselib", "lookup_dcookie"),
)
"""`memfd_create`, System V memory, buffers of sockets, and pages that `vmsplice` puts
into a pipe would be memory that no limit counts; `setsid` would give a box more shares
of the processor than the one that the kernel gives to a session, `sched_setaffinity`
the cores that the keeper has taken from it.
"""


def build() -> Any:
    """Return the filter; its `load()` binds this process and all that it starts."""
    import pyseccomp as seccomp

    made = seccomp.SyscallFilter(defaction=seccomp.ALLOW)
    refused = seccomp.ERRNO(errno.EPERM)
    for name in REFUSED:
        try:
            made.add_rule(refused, name)
        except OSError:
            continue  # a call that this version of libseccomp does not know
    for bit in (1 << n for n in range(32) if kernel.NAMESPACES >> n & 1):
        masked = seccomp.Arg(0, seccomp.MASKED_EQ, bit, bit)
        made.add_rule(refused, "clone", masked)
    made.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")
    _keep_counted(made, refused)
    return made


def _keep_counted(made: Any, refused: Any) -> None:
    """Refuse memory that stays when it is no longer resident, and a death by the clock.

    Memory that is shared and has no file outlives `madvise(MADV_DONTNEED)`, so nobody
    who looks at processes sees it. A limit of processor time ends a program as somebody
    outside would, which is no result.
    """
    import pyseccomp as seccomp

    kind = _MAP_TYPE | mmap.MAP_ANONYMOUS
    shared = mmap.MAP_SHARED | mmap.MAP_ANONYMOUS
    made.add_rule(refused, "mmap", seccomp.Arg(3, seccomp.MASKED_EQ, kind, shared))
    clock = _INT, resource.RLIMIT_CPU
    made.add_rule(refused, "setrlimit", seccomp.Arg(0, seccomp.MASKED_EQ, *clock))
    given = seccomp.Arg(1, seccomp.MASKED_EQ, *clock), seccomp.Arg(2, seccomp.NE, 0)
    made.add_rule(refused, "prlimit64", *given)
