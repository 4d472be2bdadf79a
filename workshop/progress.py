"""What a learner has reached is kept beside their lessons, and nothing depends on it.

A state that is damaged is set aside and begun anew; a folder that may not be written
to costs one line of warning. Every change reads the file again under a lock, so two
commands at once lose nothing; no time is ever compared, so a clock may be wrong.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

HIDDEN = ".workshop"
FOLDERS = ("kept", "reports", "figures", "backups")
SECRET_BYTES = 32
LOCK_SECONDS = 2.0


@dataclass(frozen=True)
class Standing:
    """Where a learner stands in one lesson.

    `reached` stays true once a check has passed; `outcome`, `passed` of `total` and
    `failed` (the TODO of the first failed check) are of the last check; `hints` maps
    a TODO number, as text, to the level of the hint shown last; `filled` says that our
    solution was put in the place of a lesson that was missed.
    """

    reached: bool = False
    outcome: str = ""
    passed: int = 0
    total: int = 0
    failed: int | None = None
    hints: dict[str, int] = field(default_factory=dict)
    filled: bool = False


class Folder:
    """A learner's folder: the lessons themselves, and `.workshop` for all of ours."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hidden = root / HIDDEN
        self.reports = self.hidden / "reports"
        self.figures = self.hidden / "figures"
        self.kept = self.hidden / "kept"
        self.backups = self.hidden / "backups"
        self._warned = False
        self._secret = b""

    def make(self) -> None:
        """Make the folders that are missing; raises OSError."""
        for name in FOLDERS:
            (self.hidden / name).mkdir(parents=True, exist_ok=True)
        if not self._state.exists():
            write(self._state, _text({}))

    @property
    def _state(self) -> Path:
        return self.hidden / "state.json"

    @property
    def course(self) -> Path | None:
        """The course that was started here, where it is not the bundled one."""
        place = self._read().get("course")
        return Path(place) if isinstance(place, str) else None

    def record_course(self, course: Path | None) -> None:
        self._change(lambda state: state.update(course=course and str(course)))

    def standing(self, stem: str) -> Standing:
        return _standing(self._read(), stem)

    def update(self, stem: str, change: Callable[[Standing], Standing]) -> Standing:
        """Change one lesson's standing as the file has it now; return the new one."""
        made = Standing()

        def apply(state: dict[str, Any]) -> None:
            nonlocal made
            made = change(_standing(state, stem))
            state.setdefault("lessons", {})[stem] = asdict(made)

        self._change(apply)
        return made

    def secret(self) -> bytes:
        """Return the 32 bytes that decide this learner's sealed sets."""
        if not self._secret:
            self._secret = self._kept_secret() or os.urandom(SECRET_BYTES)
        return self._secret

    def back_up(self, path: Path) -> Path:
        """Return the copy of a file, with the date in its name; raises OSError."""
        self.backups.mkdir(parents=True, exist_ok=True)
        copy = free(self.backups / f"{path.stem}-{_now()}{path.suffix}")
        create(copy, path.read_bytes())
        return copy

    def keep(self, path: Path, text: str) -> bool:
        """Write a file of ours as a whole; where that fails, warn and go on."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, text)
            return True
        except OSError as error:
            self._warn(error)
            return False

    def _warn(self, error: OSError) -> None:
        if not self._warned:
            why = error.strerror or type(error).__name__
            say(f"{self.hidden} cannot be written to ({why}): progress is not kept.")
        self._warned = True

    def _change(self, change: Callable[[dict[str, Any]], None]) -> None:
        try:
            self.hidden.mkdir(parents=True, exist_ok=True)
            with locked(self.hidden / "lock"):
                state = self._read()
                change(state)
                write(self._state, _text(state))
        except OSError as error:
            change(self._read())
            self._warn(error)

    def _read(self) -> dict[str, Any]:
        try:
            text = self._state.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except UnicodeDecodeError:
            return self._set_aside()
        except OSError as error:
            self._warn(error)
            return {}
        try:
            state = json.loads(text)
        except (ValueError, RecursionError):
            return self._set_aside()
        whole = isinstance(state, dict) and isinstance(state.get("lessons", {}), dict)
        return state if whole else self._set_aside()

    def _set_aside(self) -> dict[str, Any]:
        spoilt = free(self.hidden / f"state-damaged-{_now()}.json")
        try:
            self._state.replace(spoilt)
            say(f"The record of your progress was damaged: it is kept as {spoilt}.")
        except OSError as error:
            self._warn(error)
        return {}

    def _kept_secret(self) -> bytes:
        """Return the secret in the folder, made at the first use; empty if none."""
        path = self.hidden / "secret"
        try:
            self.hidden.mkdir(parents=True, exist_ok=True)
            with locked(self.hidden / "lock"):
                if not path.is_file() or path.stat().st_size < SECRET_BYTES:
                    write(path, os.urandom(SECRET_BYTES), 0o600)
        except OSError as error:
            self._warn(error)
        with contextlib.suppress(OSError):
            return path.read_bytes()[:SECRET_BYTES]
        return b""


def find(start: Path) -> Folder | None:
    """Return the learner's folder that holds `start`, or None.

    A course's own folder is none, even where running a lesson left figures in it.
    """
    for folder in (start, *start.parents):
        with contextlib.suppress(OSError):
            if (folder / HIDDEN).is_dir() and not is_course(folder):
                return Folder(folder)
    return None


def is_course(folder: Path) -> bool:
    """Return whether a folder is a course itself, not a learner's folder."""
    return (folder / "course.toml").is_file() and (folder / "exercises").is_dir()


def write(path: Path, content: str | bytes, mode: int = 0o666) -> None:
    """Write a file so that nobody ever sees half of it; raises OSError."""
    data = content.encode() if isinstance(content, str) else content
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(part, flags, mode), "wb") as file:
            file.write(data)
        _replace(part, path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def create(path: Path, content: str | bytes) -> None:
    """Write a new file; FileExistsError where one is, and no half of it stays."""
    data = content.encode() if isinstance(content, str) else content
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
        except OSError:
            with contextlib.suppress(OSError):
                path.unlink()
            raise


def free(path: Path) -> Path:
    """Return `path`, or the like with a number, where nothing lies yet."""
    tried, number = path, 2
    while tried.exists():
        tried = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return tried


def say(line: str) -> None:
    """Tell the person what happens, beside what a command prints."""
    with contextlib.suppress(OSError, UnicodeError):
        print(line, file=sys.stderr, flush=True)


def _replace(part: Path, path: Path) -> None:
    """Replace a file, also where Windows holds it open for a moment."""
    for pause in (0.02, 0.1, 0.4):
        try:
            part.replace(path)
            return
        except PermissionError:
            time.sleep(pause)
    part.replace(path)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file; a process that ends gives it back by itself.

    Where it cannot be had in time the work goes on: one lost note is the lesser evil.
    """
    with path.open("a+b") as file:
        deadline = time.monotonic() + LOCK_SECONDS
        while not try_lock(file.fileno()) and time.monotonic() < deadline:
            time.sleep(0.02)
        yield


def try_lock(handle: int) -> bool:
    """Take the lock of an open file unless another process has it; tell whether so."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, 0, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


def _standing(state: dict[str, Any], stem: str) -> Standing:
    """Return what the state says of a lesson; what does not fit counts as unsaid."""
    found = state.get("lessons", {}).get(stem)
    if not isinstance(found, dict):
        return Standing()
    kinds = {one.name: type(one.default) for one in fields(Standing)}
    kinds |= {"failed": int, "hints": dict}
    fit = {n: found[n] for n, kind in kinds.items() if type(found.get(n)) is kind}
    hints = fit.get("hints", {}).items()
    return Standing(**fit | {"hints": {k: n for k, n in hints if type(n) is int}})


def _text(state: dict[str, Any]) -> str:
    return json.dumps({"version": 1, **state}, indent=2, ensure_ascii=False) + "\n"


def _now() -> str:
    return time.strftime("%Y-%m-%d-%H%M%S")
