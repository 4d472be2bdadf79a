"""The instructor's secret decides what a class has never seen, and stays in one file.

Drawn sealed sets follow from it, so nobody can have memorised them. It is made once,
readable by its owner alone, and never shown.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.course import Lesson

if TYPE_CHECKING:
    from workshop.data import Sealed

    Halves = tuple[Sealed, Sealed]

BYTES = 32


class VaultError(Exception):
    """The secret cannot be used: one sentence says why, and what to do."""


class Vault:
    """The secret and the sealed sets of one grading folder; for several threads."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "secret"
        self._halves: dict[tuple[str, str], Halves] = {}
        self._lock = threading.Lock()

    def secret(self) -> bytes:
        """Return the 32 bytes, made at the first need. Raises VaultError, OSError."""
        if not self.path.exists():
            self._make()
        if os.name == "posix" and self.path.stat().st_mode & (
            stat.S_IRWXG | stat.S_IRWXO
        ):
            raise VaultError(
                f"Others can read {self.path}, so it may be known. "
                f"If it is not: chmod 600 {self.path}"
            )
        made = self.path.read_bytes()
        if len(made) != BYTES:
            raise VaultError(f"{self.path} is damaged: it should hold {BYTES} bytes.")
        return made

    def halves(self, lesson: Lesson, variant: str) -> Halves:
        """Return the shown and the graded half of a lesson's sealed set."""
        from workshop import data

        with self._lock:
            kept = self._halves.get((lesson.stem, variant))
            if kept is None:
                kept = data.sealed(lesson.data or "nothing", self.secret(), variant)
                self._halves[lesson.stem, variant] = kept
        return kept

    def identity(self, lesson: Lesson, variant: str) -> str:
        """Return what changes whenever the sealed set would, and reveals nothing."""
        parts = (b"identity", self.secret(), lesson.stem.encode(), variant.encode())
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    def _make(self) -> None:
        """Write a secret of its own, unless another process was faster."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.path.with_name(f".secret.{os.urandom(4).hex()}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(BYTES))
            with contextlib.suppress(FileExistsError):
                os.link(part, self.path)
        finally:
            part.unlink()
