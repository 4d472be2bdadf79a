"""What was given is read once, and nobody can use up what others need.

Each person has an allowance of bytes for each kind of file, all together have one, and
archives lie in archives to a depth. What is above is unplaced, never an error.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from workshop import script, vault
from workshop.intake import archives, disk, naming
from workshop.intake.found import (
    MODEL,
    Entry,
    Found,
    Owner,
    Refused,
    Unplaced,
    locate,
    read,
)
from workshop.submission import LARGEST, SUFFIXES

MIB = 2**20
LARGEST_FILE = 64 * MIB
MOST_BESIDE = 50 * MIB
ALLOWANCES = {
    "work": (LARGEST, 1_024 * MIB),
    "files": (MOST_BESIDE, 512 * MIB),
    "kept": (LARGEST, 512 * MIB),
    "archives": (LARGEST, 2_048 * MIB),
}
"""Bytes of one person, and of all in one call: scripts and models, what lies beside
them, kept trainings, and archives within archives (read, and forgotten again)."""
DEEPEST_ARCHIVE = 3


class Gathering:
    """Everything that was given: `found` was read, `unplaced` was not.

    What lies in the folders `apart` is neither.
    """

    def __init__(self, apart: Iterable[Path] = ()) -> None:
        self.apart = disk.identities(apart)
        self.found: list[Found] = []
        self.unplaced: list[Unplaced] = []
        self._spent: Counter[tuple[Owner | None, str]] = Counter()

    def take(self, paths: Iterable[Path]) -> None:
        """Read what lies at some paths; each path counts once."""
        shown: dict[Path, str] = {}
        for path in paths:
            plain = os.path.normpath(Path(path).absolute())  # links stay links
            shown.setdefault(Path(plain), str(path))
        given = [one for one in shown if not naming.is_junk((one.name or "/",))]
        kinds = {path: self._kind(path, shown[path]) for path in given}
        files = [path for path in given if kinds[path] == "file"]
        lone = {path for path in files if path.suffix.lower() != ".zip"}
        several = len({path.parent for path in lone}) > 1
        for path in given:
            above = path.parent
            if kinds[path] == "folder":
                taker = _Taker(self, str(path), path.name or str(path))
                taker.take(disk.walk(path, shown[path], self.apart))
            elif path in lone:
                own = above.name if several or naming.label(above.name) else ""
                self._alone(_Taker(self, str(above), own), path, shown[path])
            elif kinds[path]:
                self._alone(_Taker(self, str(path), path.name), path, shown[path])

    def refuse(self, shown: str, why: str) -> None:
        self.unplaced.append(Unplaced(naming.shown(shown), why))

    def read(self, entry: Entry, owner: Owner, kind: str, most: int) -> bytes:
        """Return the bytes of a file, taken off its owner's allowance and off all's."""
        size = min(entry.size, most)
        for whose, limit in zip((owner, None), ALLOWANCES[kind], strict=True):
            if self._spent[whose, kind] + size > limit:
                said = "of one person" if whose else "handed in at once"
                raise Refused(
                    f"These are more than {limit // MIB:,} MiB {said}. "
                    "Hand in less, or grade this by itself."
                )
        data = read(entry, most)
        self._spent.update({(owner, kind): len(data), (None, kind): len(data)})
        return data

    def _kind(self, path: Path, shown: str) -> str:
        try:
            return disk.kind(path)
        except Refused as error:
            self.refuse(shown, str(error))
            return ""

    def _alone(self, taker: _Taker, path: Path, shown: str) -> None:
        try:
            entry = disk.entry(path, (path.name,), shown)
        except Refused as error:
            self.refuse(shown, str(error))
            return
        if entry.suffix == ".zip":
            taker.unpack(entry, (), 1)
        else:
            taker.take([entry])


class _Taker:
    """What was given at one `place`, under its `own` name."""

    def __init__(self, gathering: Gathering, place: str, own: str) -> None:
        self._all = gathering
        self._place = place
        self._own = own

    def take(self, entries: Iterable[Entry | Unplaced], depth: int = 0) -> None:
        """Read what was found, and what lies in archives among it."""
        for entry in entries:
            if isinstance(entry, Unplaced):
                self._all.unplaced.append(entry)
            elif entry.suffix == ".zip":
                self.unpack(entry, entry.parts, depth + 1)
            else:
                with self._refusing(entry):
                    self._all.found.append(self._read(entry))

    def unpack(self, entry: Entry, above: tuple[str, ...], depth: int) -> None:
        """Take what lies in an archive; `depth` counts the archives around it."""
        with self._refusing(entry):
            if depth > DEEPEST_ARCHIVE:
                raise Refused(
                    f"It is an archive inside {DEEPEST_ARCHIVE} others. "
                    "Unpack the outer ones."
                )
            with self._seekable(entry, depth) as file:
                found = archives.entries(file, above, entry.shown, unwrap=not above)
                first = next(found, None)
                if first is None:
                    raise Refused("There is nothing in it. Ask for it once more.")
                self.take(itertools.chain([first], found), depth)

    @contextlib.contextmanager
    def _seekable(self, entry: Entry, depth: int) -> Iterator[IO[bytes]]:
        """Give an archive on disk as it is, one in an archive from memory."""
        if depth == 1:
            with entry.open() as file:
                yield file
        else:
            found = locate(entry, self._place, self._own)
            yield io.BytesIO(self._all.read(entry, found.owner, "archives", LARGEST))

    @contextlib.contextmanager
    def _refusing(self, entry: Entry) -> Iterator[None]:
        try:
            yield
        except Refused as error:
            self._all.refuse(entry.shown, str(error))
        except OSError:
            self._all.refuse(entry.shown, "It cannot be read. Copy it elsewhere.")

    def _read(self, entry: Entry) -> Found:
        if entry.suffix in archives.OTHERS:
            raise Refused("It is an archive that is not read. Unpack it first.")
        if vault.holds(entry.parts, entry.size):
            raise Refused(
                "It is a grader's secret, sealed set or gradebook, and goes to nobody. "
                "Keep it elsewhere."
            )
        kind, most = _kind(entry)
        found = locate(entry, self._place, self._own)
        return replace(found, data=self._all.read(entry, found.owner, kind, most))


def _kind(entry: Entry) -> tuple[str, int]:
    """Return the allowance that a file is taken from, and its most bytes."""
    if naming.HIDDEN in entry.parts:
        return "kept", LARGEST_FILE
    if entry.suffix in SUFFIXES:
        return "work", script.LARGEST_MB.get(entry.suffix, 2) * MIB
    name = entry.parts[-1].lower()
    return ("work" if name.endswith(MODEL) else "files"), LARGEST_FILE
