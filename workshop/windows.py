"""On Windows a Job Object ends all its processes when its last handle is closed.

The grader holds that handle, so that the script and whatever it started end with the
check, with Ctrl-C, and when the grader itself is killed.
Source: "Job Objects", Microsoft Learn, Win32 documentation.
"""

from __future__ import annotations

import ctypes
from typing import Any

_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
_KILL_ON_JOB_CLOSE = 0x2000
_PROCESS_MEMORY = 0x0100


class _Basic(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _Extended(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Job:
    """A job that one process is put into, with a memory limit in MiB (0: none)."""

    def __init__(self, process_handle: int, memory_mb: int) -> None:
        self._kernel = _win32("WinDLL")("kernel32", use_last_error=True)
        self._kernel.CreateJobObjectW.restype = ctypes.c_void_p
        self._handle = ctypes.c_void_p(self._kernel.CreateJobObjectW(None, None))
        limits = _Extended()
        limits.BasicLimitInformation.LimitFlags = _KILL_ON_JOB_CLOSE
        if memory_mb:
            limits.BasicLimitInformation.LimitFlags |= _PROCESS_MEMORY
            limits.ProcessMemoryLimit = memory_mb * 2**20
        self._call(
            "SetInformationJobObject",
            self._handle,
            _EXTENDED_LIMITS,
            ctypes.byref(limits),
            ctypes.sizeof(limits),
        )
        self._call(
            "AssignProcessToJobObject", self._handle, ctypes.c_void_p(process_handle)
        )

    def close(self) -> None:
        """End every process of the job."""
        self._kernel.CloseHandle(self._handle)

    def _call(self, name: str, *arguments: Any) -> None:
        if not getattr(self._kernel, name)(*arguments):
            raise _win32("WinError")(_win32("get_last_error")())


def _win32(name: str) -> Any:
    """Return what `ctypes` has on Windows only."""
    return getattr(ctypes, name)
