"""The instructor's secret decides what a class has never seen, and stays in one file.

Drawn sealed sets follow from it, so nobody can have memorised them; items of the
instructor's own take their place where there are any, split by the secret. Both lie in
the grading folder, readable by their owner alone, and are never shown.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.course import Lesson

if TYPE_CHECKING:
    from workshop.data import Sealed
    from workshop.data.kinds import Arrays

    Halves = tuple[Sealed, Sealed]

BYTES = 32


class VaultError(Exception):
    """The secret, or what is sealed, cannot be used: one sentence says why."""


class Vault:
    """The secret and the sealed sets of one grading folder; for several threads.

    What cannot be read or written raises VaultError or OSError.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "secret"
        self._made: dict[tuple[str, str], Halves] = {}
        self._lock = threading.Lock()

    def secret(self) -> bytes:
        """Return the 32 bytes, made at the first need."""
        if not self.path.exists():
            self.renew()
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
        if self.path.exists():
            kept = self.path.with_name(f"secret-{time.strftime('%Y-%m-%d-%H%M%S')}")
            os.replace(self.path, kept)  # noqa: PTH105
        _write(self.path, os.urandom(BYTES))
        return kept

    def seal(self, lesson: Lesson, arrays: Arrays) -> tuple[int, int]:
        """Keep items of the instructor's own; return the sizes of the two halves.

        `arrays` are of `data.own`. DataError where they do not make two halves.
        """
        import numpy as np

        from workshop.data import own

        name = str(lesson.data)
        halves = own.halves(arrays, name, "real", self._seed(lesson))
        stream = io.BytesIO()
        np.savez(stream, **arrays)  # type: ignore[arg-type]
        _write(self._own(lesson), stream.getvalue(), replace=True)
        return len(halves[0].labels), len(halves[1].labels)

    def halves(self, lesson: Lesson, variant: str) -> Halves:
        """Return the shown and the graded half of a lesson's sealed set."""
        with self._lock:
            if (lesson.stem, variant) not in self._made:
                self._made[lesson.stem, variant] = self._halves(lesson, variant)
        return self._made[lesson.stem, variant]

    def identity(self, lesson: Lesson, variant: str) -> str:
        """Return what changes whenever the sealed set would, and reveals nothing."""
        own = self._own(lesson)
        items = own.read_bytes() if own.exists() else variant.encode()
        parts = (b"identity", self.secret(), lesson.stem.encode(), items)
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def _halves(self, lesson: Lesson, variant: str) -> Halves:
        from workshop import data
        from workshop.data import own

        path, name = self._own(lesson), lesson.data or "nothing"
        if not path.exists():
            return data.sealed(name, self.secret(), variant)
        return own.halves(_read(path), name, variant, self._seed(lesson))

    def _own(self, lesson: Lesson) -> Path:
        return self.folder / "sealed" / f"{lesson.stem}.npz"

    def _seed(self, lesson: Lesson) -> int:
        digest = hashlib.sha256(b"own\0" + self.secret() + lesson.stem.encode())
        return int.from_bytes(digest.digest()[:8], "big")


def _private(path: Path) -> None:
    """Refuse what others can read: then it may be known already."""
    others = stat.S_IRWXG | stat.S_IRWXO
    if os.name == "posix" and path.stat().st_mode & others:
        raise VaultError(
            f"Others can read {path}, so it may be known. If it is not: "
            f"chmod 600 {path}. If it may be: workshop seal --again"
        )


def _read(path: Path) -> Arrays:
    import zipfile

    import numpy as np

    _private(path)
    try:
        with np.load(path, allow_pickle=False) as kept:
            return {name: kept[name] for name in kept.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise VaultError(
            f"{path} is damaged ({type(error).__name__}). Seal these items again."
        ) from None


def _write(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write a file of the owner alone, whole; unless told to, replace none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if replace:
            part.replace(path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
