"""The instructor's secret decides what a class has never seen, and stays in one file.

Drawn sealed sets follow from it, so nobody can have memorised them; items of the
instructor's own take their place where there are any. Both lie in the grading folder,
readable by their owner alone, and are never shown.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workshop import private
from workshop.course import Lesson

if TYPE_CHECKING:
    from workshop.data import Sealed
    from workshop.data.kinds import Arrays

    Halves = tuple[Sealed, Sealed]

BYTES = 32
SECRET, SEALED, BOOK = "secret", "sealed", "gradebook.sqlite"
"""What lies in a folder for grading: the gradebook, too, which is not the vault's."""


def holds(parts: tuple[str, ...], size: int) -> bool:
    """Tell whether a file, by its path and bytes, is of a folder for grading."""
    name = parts[-1]
    secret = re.fullmatch(rf"{SECRET}(-[\d-]+)?", name) and size == BYTES
    own = parts[-2:-1] == (SEALED,) and name.endswith(".npz")
    return bool(secret) or own or name.startswith(BOOK)


class VaultError(Exception):
    """The secret, or what is sealed, cannot be used: one sentence says why."""


class Vault:
    """The secret and the sealed sets of one grading folder; for several threads.

    What cannot be read, written or trusted raises VaultError. `halves` and `identity`
    raise DataError where the real data of a lesson cannot be had.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / SECRET
        self._made: dict[tuple[str, str], Halves] = {}
        self._lock = threading.Lock()

    def secret(self) -> bytes:
        """Return the 32 bytes, made at the first need."""
        with _told(self.path):
            if not self.path.exists():
                private.write(self.path, os.urandom(BYTES), replace=False)
            _private(self.path)
            made = self.path.read_bytes()
        if len(made) != BYTES:
            raise VaultError(
                f"{self.path} is damaged: it should hold {BYTES} bytes. A new one: "
                "workshop seal --again"
            )
        return made

    def renew(self) -> Path | None:
        """Make a new secret; return where an old one is kept, with its date."""
        kept = None
        with _told(self.path):
            if self.path.exists():
                kept = self.path.with_name(
                    f"{SECRET}-{time.strftime('%Y-%m-%d-%H%M%S')}"
                )
                os.link(self.path, kept)
            private.write(self.path, os.urandom(BYTES))
        return kept

    def seal(self, lesson: Lesson, arrays: Arrays) -> None:
        """Keep items of the instructor's own, as `data.own` gives them."""
        import numpy as np

        from workshop.data import store

        digest = np.frombuffer(bytes.fromhex(store.digest(arrays)), np.uint8)
        stream = io.BytesIO()
        np.savez(stream, sha256=digest, **arrays)  # type: ignore[arg-type]
        with _told(self._own(lesson)):
            private.write(self._own(lesson), stream.getvalue())

    def has_own(self, lesson: Lesson) -> bool:
        """Tell whether items of the instructor's own are sealed for a lesson."""
        return self._own(lesson).exists()

    def halves(self, lesson: Lesson, variant: str) -> Halves:
        """Return the shown and the graded half of a lesson's sealed set."""
        with self._lock:
            if (lesson.stem, variant) not in self._made:
                self._made[lesson.stem, variant] = self._halves(lesson, variant)
        return self._made[lesson.stem, variant]

    def identity(self, lesson: Lesson, variant: str) -> str:
        """Return what changes whenever the sealed set would, and reveals nothing."""
        from workshop.data import shelf, store

        items = lesson.data and shelf.items(lesson.data, variant)
        if self._own(lesson).exists():
            items = store.digest(_read(self._own(lesson)))
        parts = (self.secret().hex(), lesson.stem, variant, items or "")
        return hashlib.sha256("\0".join(("identity", *parts)).encode()).hexdigest()

    def _halves(self, lesson: Lesson, variant: str) -> Halves:
        from workshop import data
        from workshop.data import own

        path, name = self._own(lesson), lesson.data or "nothing"
        if not path.exists():
            return data.sealed(name, self.secret(), variant)
        try:
            return own.halves(_read(path), name, variant)
        except data.DataError as error:
            raise VaultError(f"{path} cannot be used: {error}") from None

    def _own(self, lesson: Lesson) -> Path:
        return self.folder / SEALED / f"{lesson.stem}.npz"


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in one sentence what the disk refused."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise VaultError(f"{path} cannot be read or written ({why}).") from None


def _private(path: Path) -> None:
    """Refuse what others can read or exchange: then it may be known already."""
    if why := private.exposed(path, "workshop seal --again"):
        raise VaultError(why)


def _read(path: Path) -> Arrays:
    """Return the items in a file, whole and of nobody else's making."""
    import zipfile
    import zlib

    import numpy as np

    from workshop.data import store

    with _told(path):
        _private(path)
        content = io.BytesIO(path.read_bytes())
    try:
        with np.load(content, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        if arrays.pop("sha256").tobytes().hex() == store.digest(arrays):
            return arrays
        why = "its SHA-256 is another"
    except (OSError, ValueError, KeyError, EOFError) as error:
        why = type(error).__name__
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        why = type(error).__name__
    raise VaultError(f"{path} is damaged ({why}). Seal these items again.")
