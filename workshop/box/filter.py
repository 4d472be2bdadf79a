"""System calls that no lesson needs, and that a kernel has been broken by, are refused.

A list of what is refused, and not of what is allowed: TensorFlow's needs change with
each version, and namespaces hold without the filter. Refused calls fail with an errno,
so that a program gets Python's ordinary exception. Built by libseccomp, which also
refuses the calls of other architectures.
"""

from __future__ import annotations

import errno
from typing import Any

from workshop.box import kernel

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
    *("socket",),
)
"""`memfd_create` and System V memory would be memory that no limit counts."""


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
    return made
