"""What is known of a machine without training; a finding passes or says the fix."""

from __future__ import annotations

import os
import platform
import shutil
import struct
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workshop import cli
from workshop.cli.datasets import size

DISK = 1e9
MEMORY = 3e9


@dataclass(frozen=True)
class Finding:
    """One line of `doctor`; a "note" is no hindrance, and `fix` says what to do."""

    name: str
    state: Literal["ok", "note", "bad"]
    found: str
    fix: str = ""


def python() -> Finding:
    """Return whether this Python is one that TensorFlow is made for."""
    found = f"Python {platform.python_version()} at {sys.executable}"
    problem = cli.wrong_python(sys.version_info[:2])
    return Finding("Python", "bad" if problem else "ok", found, problem)


def system() -> Finding:
    """Return whether TensorFlow is made for this kind of machine."""
    found = f"{platform.system()} {platform.release()}, {platform.machine()}"
    problem = _no_tensorflow_for(sys.platform, platform.machine().lower())
    return Finding("System", "bad" if problem else "ok", found, problem)


def _no_tensorflow_for(kind: str, machine: str) -> str:
    elsewhere = "Use another computer, or an online notebook such as Google Colab"
    if kind == "darwin" and machine == "x86_64":
        return (
            "TensorFlow is no longer made for Macs with an Intel processor. (Yours has "
            "one from Apple? Then install a Python for arm64.) "
            f"{elsewhere}, or Linux in Docker: docker run -it -v "
            '"$PWD":/work -w /work python:3.12 bash'
        )
    if struct.calcsize("P") != 8:
        return "This Python has 32 bit. Install one with 64 bit from python.org."
    if kind == "linux" and "musl" in (sysconfig.get_config_var("SOABI") or ""):
        return (
            f"TensorFlow needs glibc, and this system (Alpine?) has musl. {elsewhere}."
        )
    if kind == "linux" and machine in ("x86_64", "amd64") and not _has_avx():
        return f"This processor has no AVX, which TensorFlow needs. {elsewhere}."
    return ""


def _has_avx() -> bool:
    try:
        return " avx " in Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return True


def writing(folder: Path) -> Finding:
    """Return whether files can be written in a folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("Writing", "ok", f"files can be written in {folder}")
    except OSError as error:
        why = error.strerror or type(error).__name__
        fix = "Work in a folder that is yours, for example in your home folder."
        return Finding("Writing", "bad", f"{folder}: {why}", fix)


def disk(folder: Path) -> Finding:
    """Return how much room is left on the disk of a folder."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return Finding("Disk", "note", "the free room could not be found out")
    fix = "" if free >= DISK else f"Make room: {size(DISK)} should be free."
    return Finding("Disk", "note" if fix else "ok", f"{size(free)} free", fix)


def memory() -> Finding:
    """Return how much memory there is for a training."""
    found = min(_memories(), default=None)
    if found is None:
        return Finding("Memory", "note", "its size could not be found out")
    fix = "" if found >= MEMORY else "Close other programs, browsers first."
    return Finding("Memory", "note" if fix else "ok", f"{size(found)} available", fix)


def _memories() -> Iterator[int]:
    """Yield what limits the memory: the machine, and a container around it."""
    if sys.platform == "win32":
        yield _windows_memory()
        return
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        yield int(text.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, ValueError, IndexError):
        if hasattr(os, "sysconf"):
            yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        yield int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return


def _windows_memory() -> int:
    import ctypes

    status = (ctypes.c_uint64 * 8)()
    ctypes.cast(status, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(status)  # type: ignore[attr-defined]
    return int(status[2])


def terminal() -> Finding:
    """Return whether the terminal shows more than ASCII."""
    coding = sys.stdout.encoding or "ascii"
    try:
        "✓…━é".encode(coding)
    except (LookupError, UnicodeEncodeError):
        fix = "All works, with plainer signs. For nicer ones set PYTHONUTF8=1."
        return Finding("Terminal", "note", f"its encoding is {coding}", fix)
    return Finding("Terminal", "ok", f"its encoding is {coding}")


def data() -> Iterator[Finding]:
    """Yield for each data set what is here, without fetching anything."""
    from workshop.data import inventory

    entries = inventory()
    for name in dict.fromkeys(entry.name for entry in entries):
        real = [e for e in entries if e.name == name and e.variant == "real"]
        here = [entry for entry in real if entry.present]
        if here:
            said = f"{name}: real, {size(here[0].size)}, {here[0].source}"
            yield Finding("Data", "ok", said)
        else:
            yield Finding("Data", "note", f"{name}: drawn by this kit", _real(name))


def _real(name: str) -> str:
    """Return how to get the real form of a data set, or nothing where there is none."""
    from workshop.data import sources

    source = sources.find(name)
    if not source.real:
        return ""
    if source.from_upstream is None:
        return f"For the real data: workshop data --add {name} FILES (or a mirror)."
    asked = "" if source.upstream_asked else " after setting WORKSHOP_DATA=real"
    return f"For the real data: workshop data --prepare{asked} (or a mirror)."


def command(activation: str) -> Finding:
    """Return whether `workshop` is found when it is typed."""
    if shutil.which("workshop"):
        return Finding("Command", "ok", f"workshop is {shutil.which('workshop')}")
    fix = f"Type: {activation}" if activation else "Type instead: python -m workshop"
    return Finding("Command", "note", "workshop is not found by its name here", fix)
