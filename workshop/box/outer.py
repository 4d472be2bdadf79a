"""The outer box shows a server Python and this kit, read-only, and nothing else.

Made by bubblewrap, which needs no privileges. The server keeps one within this box, and
there only: to make the boxes in it. What is shown is listed here; the course,
the gradebook and every home stay outside. A grader that is root first builds the same
view as root, so that a Python in root's home can be read, and goes on in it as a user
that owns nothing.
"""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import workshop
from workshop.box import inside

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
SETTINGS = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime"),
    *("fonts", "mime.types", "nsswitch.conf"),
)
DEVICES = ("null", "full", "random", "urandom")
"""No `zero`: who maps it gets memory that no limit counts."""
PARTS = ("bin", "lib", "lib32", "lib64", "libexec", "share", "pyvenv.cfg")
"""What is shown of a folder that Python was installed into; a class may lie beside."""
FIRST_USER = 1_500_000_000
"""Graders that are root take the user of this number plus that of their process."""
USER = 1000
SHOWN = "/shown"

SERVER = {
    "LANG": "C.UTF-8",
    "PATH": "/usr/bin:/bin",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONUNBUFFERED": "1",
    "MALLOC_ARENA_MAX": "2",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "GRPC_VERBOSITY": "ERROR",
    "OPENBLAS_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "WORKSHOP_CHILD": "1",
}
"""What the server starts with: one thread, the same for warm and cold."""

NO_LINUX = (
    "Other people's work is graded in boxes, and those need Linux. On Windows use WSL2 "
    "(wsl --install, then install the kit there); on a Mac use a Linux container or "
    "virtual machine. Your own work: add --trust."
)
NO_BWRAP = (
    "Other people's work is graded in boxes of bubblewrap, which is not installed. "
    "Install it: sudo apt install bubblewrap (Fedora: sudo dnf install bubblewrap)."
)
NO_SECCOMP = (
    "The filter of system calls cannot be made ({why}). Install what it needs: "
    'pip install "keras-workshop[grade]", and the system\'s libseccomp '
    "(sudo apt install libseccomp2)."
)
NO_USERS = (
    "bubblewrap is not allowed to make a box here ({why}). On Ubuntu 23.10 and later: "
    "sudo apt install apparmor-profiles, then sudo ln -s "
    "/usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/ and "
    "sudo systemctl reload apparmor. In a container: start it with "
    "--security-opt seccomp=unconfined --security-opt systempaths=unconfined. "
    "Elsewhere: sudo sysctl kernel.unprivileged_userns_clone=1."
)


def problem() -> str:
    """Return why no box can be made on this machine, with the fix; else nothing."""
    if not sys.platform.startswith("linux"):
        return NO_LINUX
    if shutil.which("bwrap") is None:
        return NO_BWRAP
    try:
        from workshop.box import filter

        filter.build()
    except (ImportError, RuntimeError, OSError) as error:
        return NO_SECCOMP.format(why=error)
    tried = subprocess.run(
        [*command([]), "/usr/bin/env", "true"],
        env={},
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )
    if tried.returncode:
        said = tried.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
        return NO_USERS.format(why=said[:300] or f"exit code {tried.returncode}")
    return ""


def command(shown: Iterable[Path], environment: dict[str, str] = SERVER) -> list[str]:
    """Return what to type before a command so that it runs in the outer box.

    `shown` are further folders that it can read, where `shown_at` says.
    """
    bwrap = shutil.which("bwrap") or "bwrap"
    lent = [(str(folder.absolute()), shown_at(folder)) for folder in shown]
    apart = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    user = ["--uid", str(USER), "--gid", str(USER), "--cap-add", "CAP_SYS_ADMIN"]
    settings = [
        word
        for name, value in environment.items()
        for word in ("--setenv", name, value)
    ]
    own = [*_devices(), "--proc", "/proc", "--chdir", "/", "--remount-ro", "/"]
    made = [bwrap, *apart, *user, *settings]
    if os.geteuid() != 0:
        return [*made, *_view(lent), *own, "--"]
    number = str(FIRST_USER + os.getpid())
    drop = ["setpriv", f"--reuid={number}", f"--regid={number}", "--clear-groups"]
    host = ["--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]
    made += [*_view([(there, there) for _, there in lent]), *own, "--"]
    return [bwrap, *_view(lent), *host, "--", *drop, "--inh-caps=-all", *made]


def shown_at(folder: Path) -> str:
    """Return where a folder that is shown lies in a box, whose /tmp is its own."""
    return f"{SHOWN}{folder.absolute()}"


def _view(lent: Iterable[tuple[str, str]]) -> list[str]:
    """Return the arguments that show the system, Python, and what is lent: all of it
    read-only. `lent` are folders, and where they are to lie.
    """
    words: list[str] = []
    for place in map(Path, SYSTEM):
        if place.is_symlink():
            words += ["--symlink", str(place.readlink()), str(place)]
        elif place.is_dir():
            words += ["--ro-bind", str(place), str(place)]
    words += ["--dir", "/etc", "--size", str(2**26), "--tmpfs", "/tmp"]
    for name in SETTINGS:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    pythons = [(str(folder), str(folder)) for folder in _outermost(_pythons())]
    for source, target in (*pythons, *lent):
        for parent in reversed(Path(target).parents[:-1]):
            words += ["--dir", str(parent)]  # which all may pass
        words += ["--ro-bind", source, target]
    course = Path(workshop.__file__).parent / "_course"
    words += ["--tmpfs", str(course)] if course.is_dir() else []
    return [*words, "--dir", inside.BOX]


def _devices() -> list[str]:
    words = [word for name in DEVICES for word in ("--dev-bind", *[f"/dev/{name}"] * 2)]
    for name, target in (
        ("fd", ""),
        ("stdin", "/0"),
        ("stdout", "/1"),
        ("stderr", "/2"),
    ):
        words += ["--symlink", f"/proc/self/fd{target}", f"/dev/{name}"]
    return [*words, "--dir", "/dev/shm"]


def _pythons() -> list[Path]:
    """Return the places that hold Python, its libraries and this package."""
    tops = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    named = [f"{top}/{part}" for top in tops for part in PARTS]
    named += [sysconfig.get_path("stdlib")]
    named += [path for path in sys.path if Path(path).name.endswith("-packages")]
    named += [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    program = Path(sys.executable)
    real = [program.parent, program.resolve().parent]
    return [*map(Path, named), *real, Path(workshop.__file__).parent]


def _outermost(folders: Iterable[Path]) -> list[Path]:
    """Return folders that exist, without those that lie in others or the system's."""
    found = sorted({folder.absolute() for folder in folders if folder.exists()})
    kept = [Path(place) for place in SYSTEM]
    for folder in found:
        if not any(folder.is_relative_to(one) for one in kept):
            kept.append(folder)
    return kept[len(SYSTEM) :]
