"""A newcomer needs Python and one command; all else comes from the room.

The room hands out the text of this module as `/go`, with its address filled in. Any
Python 3 can read it, so that one of the wrong version says so or finds the right one.
Each file is checked by SHA-256 and taken up where the network broke off. pip runs from
its own wheel, so a Python without pip will do.
"""

import hashlib
import http.client
import json
import os
import platform
import shutil
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

ADDRESS = ""
VERSION = "{}.{}".format(*sys.version_info)
HERE, WHEELS, COURSE = Path("workshop-env"), Path("workshop-wheels"), "my-course"
MARK = HERE / "workshop.txt"  # Python and SHA-256 of all that is installed, when it is
PYTHON = "Scripts/python.exe" if os.name == "nt" else "bin/python"
PATIENCE, PAUSE, SILENCE = 180.0, 2.0, 20.0  # seconds: in all, between tries, of one
PIECE, NOTHING_LEFT = 1 << 18, 416
GROWS = 5  # wheels and what is made of them need so many times the size of the wheels
AGAIN = "Give the same command again: it goes on where it was."
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Stop(Exception):
    """It cannot go on: one sentence says why, and what to do."""


def main(arguments: "list[str]") -> int:
    """Install the kit from the room and start; return the exit status."""
    try:
        return go(arguments[0] if arguments else "")
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where it was.", file=sys.stderr)
        return 130


def go(code: str) -> int:
    """Do all the steps for one machine; raises Stop."""
    about = json.loads(text("mirror.json"))
    other = another_python(about["wheels"])
    if other:
        this = f"http://{ADDRESS}/go"
        again = f"from urllib.request import*;exec(urlopen({this!r}).read())"
        return subprocess.call([*other, "-c", again, *([code] if code else [])])
    sizes = about["wheels"][kind()][VERSION]
    lines = [line.partition("  ") for line in text("SHA256SUMS").splitlines()]
    sums = {path: digest for digest, _, path in lines}
    install(sizes, {name: sums[f"wheels/{name}"] for name in sizes})
    return begin(code)


def kind() -> str:
    """Return what the room calls this kind of machine; empty where it has no name."""
    return {
        ("win32", "amd64", 8): "windows",
        ("darwin", "arm64", 8): "macos",
        ("linux", "x86_64", 8): "linux",
        ("linux", "aarch64", 8): "linux-arm",
    }.get((sys.platform, platform.machine().lower(), struct.calcsize("P")), "")


def another_python(wheels: "dict[str, Any]") -> "list[str]":
    """Return what starts a fitting Python, nothing where this one fits; or Stop."""
    pythons = wheels.get(kind(), {})
    if not pythons:
        raise Stop(
            f"The room has nothing for this machine ({platform.system()}, "
            f"{platform.machine()}, {struct.calcsize('P') * 8} bit), but for: "
            f"{', '.join(wheels) or 'none'}. Use another computer, or work in pairs."
        )
    if VERSION in pythons:
        return []
    for wanted in sorted(pythons, reverse=True):
        words = ["py", f"-{wanted}"] if os.name == "nt" else [f"python{wanted}"]
        if answers(words):
            return words
    raise Stop(
        f"This is Python {VERSION}, and the room has packages for Python "
        f"{' or '.join(sorted(pythons))}. Install that (python.org/downloads) and open "
        f"a new terminal. {AGAIN}"
    )


def answers(words: "list[str]") -> bool:
    """Return whether a Python can be started by these words."""
    found, quiet = bool(shutil.which(words[0])), subprocess.DEVNULL
    return found and not subprocess.call([*words, "-c", ""], stderr=quiet)


def install(sizes: "dict[str, int]", sums: "dict[str, str]") -> None:
    """Bring the environment to these wheels, what is missing only; raises Stop."""
    had = MARK.read_text("ascii").split() if MARK.is_file() else []
    had = had if VERSION in had else []
    wanted = {name: sizes[name] for name in sizes if sums[name] not in had}
    if wanted:
        check_place(sum(wanted.values()))
        download(wanted, sums)
        print("Installing; this takes a minute or two ...", flush=True)
        if not had:
            make_environment()
        pip_install(list(wanted), renewed=bool(had))
        MARK.write_text("\n".join([VERSION, *sums.values()]), "ascii")
    shutil.rmtree(str(WHEELS), ignore_errors=True)


def check_place(size: int) -> None:
    """Raise Stop where there is no room here for wheels of this size, installed."""
    if HERE.exists() and not MARK.is_file():
        raise Stop(
            f"There is a folder {HERE} here that the room has not made. Rename it, or "
            f"go to another folder. {AGAIN}"
        )
    free, needed = shutil.disk_usage(".").free / 1e9, GROWS * size / 1e9
    if free < needed:
        raise Stop(
            f"The disk has {free:.1f} GB free, and {needed:.1f} GB are needed. Make "
            f"room, or go to a folder on another disk. {AGAIN}"
        )


def make_environment() -> None:
    """Make an environment in place of what a stopped try left there; raises Stop."""
    shutil.rmtree(str(HERE), ignore_errors=True)
    HERE.mkdir(exist_ok=True)
    MARK.write_text("", "ascii")
    if subprocess.call([sys.executable, "-m", "venv", "--without-pip", str(HERE)]):
        raise Stop(
            "Python could not make an environment. On Debian and Ubuntu the package "
            f"python3-venv may be missing: sudo apt install python3-venv. {AGAIN}"
        )


def pip_install(wheels: "list[str]", renewed: bool) -> None:
    """Install files with pip, and nothing else; raises Stop."""
    own = next((name for name in wheels if name.startswith("pip-")), "")
    words = [f"{own}/pip"] if own else ["-m", "pip"]
    words += ["--isolated", "--disable-pip-version-check", "install", "--quiet"]
    words += ["--no-index", "--no-deps", "--no-compile", "--no-warn-script-location"]
    words += ["--force-reinstall"] if renewed else []
    if run([*words, *wheels], WHEELS):
        raise Stop(
            "pip could not install the kit; its own words are above. On Windows a "
            f"folder with a short path helps, such as C:\\course. {AGAIN}"
        )


def run(words: "list[str]", folder: Path, output: "int | None" = None) -> int:
    """Run the environment's Python, deaf to how this machine sets up pip and Python."""
    names = (
        one for one in os.environ if not one.upper().startswith(("PIP_", "PYTHON"))
    )
    deaf = {name: os.environ[name] for name in names} | {"PIP_CONFIG_FILE": os.devnull}
    words = [str(HERE.absolute() / PYTHON), *words]
    return subprocess.call(words, cwd=str(folder), env=deaf, stdout=output)


def download(sizes: "dict[str, int]", sums: "dict[str, str]") -> None:
    """Put files into the folder for wheels, each whole; raises Stop."""
    WHEELS.mkdir(exist_ok=True)
    here = {name for name in sizes if (WHEELS / name).is_file()}
    whole = {name for name in here if sha256(WHEELS / name) == sums[name]}
    meter = Meter(sum(sizes[name] for name in sizes if name not in whole))
    for name in (one for one in sizes if one not in whole):
        fetch(f"wheels/{name}", WHEELS / name, sums[name], meter)
        meter.done += sizes[name]
    meter.show(0, 0.0)
    print()


class Meter:
    """How many bytes there are, of how many, and how long the rest will take."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.came = total, 0, 0
        self.began = self.said = time.monotonic()
        print(f"Fetching {total / 1e6:,.0f} MB from the room ...", flush=True)

    def show(self, part: int, pause: float) -> None:
        """Say it, with the bytes of a file that is under way, once in a while."""
        now, have = time.monotonic(), self.done + part
        if now - self.said < pause:
            return
        self.said = now
        minutes = (self.total - have) * (now - self.began) / max(self.came, 1) / 60
        left = f", {minutes:.0f} min left" if have < self.total and self.came else ""
        line = f"  {have / 1e6:,.0f} of {self.total / 1e6:,.0f} MB{left}"
        print(f"\r{line:<50}", end="", flush=True)


def fetch(path: str, target: Path, sha: str, meter: Meter) -> None:
    """Bring one file, taking up what came before; raises Stop."""
    part = target.with_name(target.name + ".part")
    patiently(lambda: resume(path, part, meter), part)
    if sha256(part) != sha:
        part.unlink()
        raise Stop(f"{target.name} came damaged. {AGAIN}")
    part.replace(target)


def resume(path: str, part: Path, meter: Meter) -> None:
    """Add to a part what it lacks; raises OSError or HTTPException when it breaks."""
    start = part.stat().st_size if part.exists() else 0
    pause = 0.5 if sys.stdout.isatty() else 10.0
    with ask(path, start) as response:
        start = start if response.status == 206 else 0
        size = start + int(response.headers["Content-Length"])
        with part.open("ab" if start else "wb") as file:
            while start < size:
                piece = response.read1(PIECE)
                if not piece:
                    raise ConnectionError("it broke off")
                file.write(piece)
                start += len(piece)
                meter.came += len(piece)
                meter.show(start, pause)


def ask(path: str, start: int = 0) -> Any:
    """Open a file of the room from byte `start`, past any proxy."""
    rest = {"Range": f"bytes={start}-"} if start else {}
    address = f"http://{ADDRESS}/mirror/{quote(path)}"
    return OPENER.open(urllib.request.Request(address, headers=rest), timeout=SILENCE)


def text(path: str) -> str:
    """Return a small file of the room; raises Stop."""
    return str(patiently(lambda: ask(path).read().decode()))


def patiently(work: "Callable[[], object]", part: "Path | None" = None) -> object:
    """Do what needs the network until it succeeds; raises Stop after a long silence."""
    had, since = 0, time.monotonic()
    while True:
        try:
            return work()
        except urllib.error.HTTPError as error:
            error.close()
            code, why = error.code, str(error)
        except (OSError, http.client.HTTPException) as error:
            code, why = 0, str(error)
        if code == NOTHING_LEFT:
            return None
        if code == 404:
            raise Stop("The room lacks a file that it lists. Tell the instructor.")
        have = part.stat().st_size if part and part.exists() else 0
        if have > had:
            had, since = have, time.monotonic()
        if time.monotonic() - since > PATIENCE:
            raise Stop(f"Nothing comes from {ADDRESS} ({why}). Is Wi-Fi on? {AGAIN}")
        time.sleep(PAUSE)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def begin(code: str) -> int:
    """Start the course, join the room, and say what to type next; raises Stop."""
    if run(["-m", "workshop", "start", COURSE], Path(), subprocess.DEVNULL):
        raise Stop(f"The kit is installed, but its course was not started. {AGAIN}")
    words = ["workshop", "join", f"http://{ADDRESS}", code or "CODE"]
    joined = code and not run(["-m", *words], Path(COURSE))
    first = min(path.stem for path in Path(COURSE).glob("*.py"))
    lines = [*activation(), f"cd {COURSE}", f"workshop watch {first}"]
    if not joined:
        lines.insert(-1, " ".join(words))
    print("\nReady. Go on with:\n", *lines, sep="\n  ", end="\n\n")
    return 0 if joined or not code else 1


def activation() -> "list[str]":
    """Return the lines that make `workshop` known to a terminal of this system."""
    if os.name == "nt":
        policy = "Set-ExecutionPolicy -Scope Process RemoteSigned"
        return [f"{policy}   (in PowerShell only)", f"{HERE}\\Scripts\\activate"]
    fish = os.environ.get("SHELL", "").endswith("fish")
    return [f"source {HERE}/bin/activate{'.fish' if fish else ''}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
