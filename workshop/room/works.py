"""What people hand in is kept as it came, under its SHA-256, and never opened here.

It streams to a file beside its place, counted on the way, and gets its name when it is
whole. `collect` later lays it out by people, for grading in boxes.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request

from workshop.intake import naming
from workshop.room.guard import Problem, announced
from workshop.room.journal import Fact
from workshop.room.live import Session

LARGEST = 64 * 2**20
QUOTA = 256 * 2**20
"""Bytes that one attendee may hand in over a session, everything counted."""
SECONDS = 300.0
AT_ONCE, EACH_AT_ONCE = 40, 2
SPARE = 500 * 2**20
"""Bytes of the disk that are left for the journal, and for the rest of the laptop."""
LONGEST_BYTES = 180
"""Bytes of a person's name in a folder's name, which may have 255."""
_UNFIT = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')


class Works:
    """The folder of what was handed in; `spent` tells what each attendee used up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.spent: dict[int, int] = {}
        self._coming: Counter[int] = Counter()
        for part in folder.glob("*.part"):
            part.unlink(missing_ok=True)

    def note(self, fact: Fact) -> None:
        """Count what was handed in before the room started."""
        if fact.kind == "handed_in" and fact.person:
            size = fact.body["size"]
            self.spent[fact.person] = self.spent.get(fact.person, 0) + size

    async def take(self, request: Request, person: int) -> tuple[str, int]:
        """Return the SHA-256 and the size of what was sent, once it is on the disk."""
        size = announced(request, LARGEST)
        if size is None:
            raise Problem(411, "Say how long it is.")
        if self.spent.get(person, 0) + size > QUOTA:
            raise Problem(413, f"Nobody may hand in more than {QUOTA:,} bytes.")
        if self._coming[person] >= EACH_AT_ONCE or self._coming.total() >= AT_ONCE:
            raise Problem(503, "Much is handed in at the moment.", 5.0)
        self._coming[person] += 1
        self.spent[person] = self.spent.get(person, 0) + size
        try:
            return await self._in_time(request, size), size
        except BaseException:
            self.spent[person] -= size
            raise
        finally:
            self._coming[person] -= 1

    async def _in_time(self, request: Request, size: int) -> str:
        """Write what comes; Problem where it breaks off, or the disk refuses."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._written(request, size)
        except TimeoutError:
            late = f"It did not come within {SECONDS:.0f} seconds."
            raise Problem(408, late) from None
        except ClientDisconnect:
            raise Problem(400, "It broke off.") from None
        except OSError:
            raise Problem(503, "The room's disk did not take it.", 5.0) from None

    async def _written(self, request: Request, size: int) -> str:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free < SPARE + size:
            raise Problem(
                503, "The room's disk is nearly full. Tell the instructor.", 60.0
            )
        part = self.folder / f"{os.urandom(8).hex()}.part"
        digest, count = hashlib.sha256(), 0
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                async for piece in request.stream():
                    count += len(piece)
                    if count > size:
                        raise Problem(400, "It is longer than it was said to be.")
                    digest.update(piece)
                    await asyncio.to_thread(file.write, piece)
                if count != size:
                    raise Problem(400, "It is shorter than it was said to be.")
                await asyncio.to_thread(_settle, file)
            part.replace(self.folder / digest.hexdigest())
        finally:
            part.unlink(missing_ok=True)
        return digest.hexdigest()


_BINARY = getattr(os, "O_BINARY", 0)


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


@dataclass(frozen=True)
class Work:
    """The last that an attendee handed in for a lesson: its SHA-256, and when."""

    person: int
    name: str
    lesson: str
    sha256: str
    at: float


@dataclass(frozen=True)
class Laid:
    """What lies in a folder now; `missing` is in the journal, and its file is not."""

    works: tuple[Work, ...]
    missing: tuple[Work, ...]

    @property
    def people(self) -> int:
        return len({work.person for work in self.works})


def last(session: Session) -> list[Work]:
    """Return what counts of all that was handed in, by people as they came."""
    return [
        Work(person.id, person.name, stem, one.work, one.handed_in)
        for person in session.people.values()
        for stem, one in person.lessons.items()
        if one.handed_in is not None
    ]


def folder_name(person: int, name: str) -> str:
    """Return the name of an attendee's folder, in the form in which Moodle writes it.

    Whoever grades takes the person's name from there, and from nothing in the folder:
    the outermost name of such a form counts.
    """
    plain = _UNFIT.sub("_", name).encode()[:LONGEST_BYTES].decode(errors="ignore")
    for tried in (plain, plain.replace("_", " "), "attendee"):
        made = f"{tried}_{person}_assignsubmission_file"
        found = naming.label(made)
        if found and (found.person, found.mark) == (tried, str(person)):
            break
    return made


def collect(works: Iterable[Work], folder: Path, target: Path) -> Laid:
    """Lay out works as a folder for each attendee, with a zip file for each lesson.

    What lay there of the same person and lesson gives place; raises OSError.
    """
    laid: tuple[list[Work], list[Work]] = [], []
    for work in works:
        source = folder / work.sha256
        laid[not source.is_file()].append(work)
        if source.is_file():
            home = target / folder_name(work.person, work.name)
            home.mkdir(mode=0o700, parents=True, exist_ok=True)
            _put(source, home / f"{work.lesson}.zip")
    return Laid(*map(tuple, laid))


def _put(source: Path, place: Path) -> None:
    """Link a file to its place, or copy it there; nobody sees half of it."""
    part = place.with_name(f".{place.name}.{os.urandom(4).hex()}.part")
    try:
        try:
            os.link(source, part)
        except OSError:  # another disk, or one without links
            shutil.copyfile(source, part)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
