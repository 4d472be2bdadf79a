"""What was prepared once is kept as `.npz`, sealed by SHA-256 and replaced whole.

Every array carries its hash in the same file, so one atomic replace is enough for two
processes that prepare at once, and damage is found before anything is used.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import secrets
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from workshop.data.kinds import Arrays
from workshop.fetch import settle

About = dict[str, Any]


class Damaged(Exception):
    """A kept file cannot be trusted: one sentence says which and why."""


def home() -> Path:
    """Return the folder for prepared data, made if needed.

    WORKSHOP_HOME, or datasets/keras-workshop in KERAS_HOME (~/.keras); where that
    cannot be written to, a folder for temporary files, and one line says so. In a box
    it is what was lent, and can only be read.
    """
    if os.environ.get("WORKSHOP_BOX"):
        return Path(_wanted())
    return _usable(_wanted())


def _wanted() -> str:
    if place := os.environ.get("WORKSHOP_HOME"):
        return place
    keras = os.environ.get("KERAS_HOME") or "~/.keras"
    return f"{keras}/datasets/keras-workshop"


@cache
def _usable(wanted: str) -> Path:
    try:
        folder = Path(wanted).expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except (OSError, RuntimeError) as error:  # RuntimeError: there is no home
        spare = _temporary()
        why = getattr(error, "strerror", None) or error
        say(f"{wanted} cannot be written to ({why}); data is kept in {spare}.")
        return spare


def _temporary() -> Path:
    """Return a folder of this user alone among the temporary files."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # an id without a name
        user = str(getattr(os, "getuid", os.getpid)())
    folder = Path(tempfile.gettempdir()) / f"keras-workshop-{user}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid == getattr(os, "getuid", lambda: 0)():
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="keras-workshop-"))


def say(line: str) -> None:
    """Tell the person what happens, beside what a program prints."""
    print(line, file=sys.stderr, flush=True)


def read(path: Path, names: Iterable[str]) -> tuple[Arrays, About]:
    """Return the named arrays of a kept file, and what was noted about them.

    Raises FileNotFoundError where there is none, and Damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            about = json.loads(kept["about"].tobytes())
            arrays = {name: kept[name] for name in names}
        found = {name: _hash(array) for name, array in arrays.items()}
        wrong = [name for name in arrays if found[name] != about["sha256"][name]]
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise Damaged(f"{path} cannot be read ({type(error).__name__}).") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, MemoryError) as error:
        raise Damaged(f"{path} is damaged ({error}).") from None
    if wrong:
        raise Damaged(f"{path} is damaged ({wrong[0]} has another SHA-256).")
    return arrays, about


def write(path: Path, arrays: Arrays, about: About) -> bool:
    """Keep arrays; where that fails, one line says so and nothing is left behind."""
    sums = {name: _hash(array) for name, array in arrays.items()}
    note = np.frombuffer(json.dumps(about | {"sha256": sums}).encode(), np.uint8)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, about=note, **arrays)  # type: ignore[arg-type]
        settle(part, path)
        return True
    except OSError as error:
        why = error.strerror or type(error).__name__
        say(f"{path} could not be kept ({why}); it works without, from memory.")
        return False
    finally:
        remove(part)


def mark(arrays: Arrays) -> str:
    """Return eight characters that change when any of the arrays does."""
    return digest(arrays)[:8]


def digest(arrays: Arrays) -> str:
    """Return 64 characters that change when any of the arrays does, or its name."""
    sums = {name: _hash(array) for name, array in arrays.items()}
    return hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()


def remove(path: Path) -> None:
    """Remove a file of ours, if it is there and can be removed."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass


def _hash(array: np.ndarray[Any, Any]) -> str:
    form = f"{array.dtype.str} {array.shape} ".encode()
    digest = hashlib.sha256(form)
    digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
