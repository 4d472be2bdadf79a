"""What Linux offers and Python does not is called through libc, each call checked."""

from __future__ import annotations

import ctypes
import os
import struct

NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
NAMESPACES = NEWNS | NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID | NEWNET

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_REMOUNT, MS_BIND, MS_REC = 32, 4096, 16384

_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_CAP_AMBIENT, _CLEAR_ALL = 24, 38, 47, 4
_CAPABILITY_VERSION_3 = 0x20080522
_CAPABILITIES = 64
_LIBRARY = ctypes.CDLL(None, use_errno=True)


def unshare(flags: int) -> None:
    """Move this process (PID: its children) into new namespaces; raises OSError."""
    _call("unshare", ctypes.c_int(flags))


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system; raises OSError."""
    words = (source.encode(), target.encode(), kind.encode())
    _call("mount", *words, ctypes.c_ulong(flags), options.encode())


def enter(namespace: int, kind: int) -> None:
    """Move this process (PID: its children) into a namespace; raises OSError."""
    _call("setns", ctypes.c_int(namespace), ctypes.c_int(kind))


def drop_capabilities() -> None:
    """Give up every privilege of this namespace, for good."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(_CAPABILITIES):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break  # the first number that this kernel does not know
    _prctl(_PR_CAP_AMBIENT, _CLEAR_ALL)
    _call("capset", struct.pack("Ii", _CAPABILITY_VERSION_3, 0), bytes(24))


def _prctl(option: int, value: int) -> None:
    _call("prctl", *map(ctypes.c_ulong, (option, value, 0, 0, 0)))


def _call(name: str, *arguments: object) -> None:
    if getattr(_LIBRARY, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
