"""What people hand in is kept as it came, under its SHA-256, and never opened here.

It streams to a file beside its place, counted on the way, and gets its name when it is
whole. `collect` later lays it out by people, for grading in boxes.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.requests import ClientDisconnect, Request

from workshop.room.guard import Problem, announced
from workshop.room.journal import Fact

LARGEST = 64 * 2**20
QUOTA = 256 * 2**20
"""Bytes that one attendee may hand in over a session, everything counted."""
SECONDS = 300.0
AT_ONCE, EACH_AT_ONCE = 40, 2


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


def folder_name(name: str, taken: set[str]) -> str:
    """Return a folder's name for a person: one that every system bears and is free."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(" .")[:80] or "_"
    number, free = 1, plain
    while free.casefold() in taken:
        number += 1
        free = f"{plain} ({number})"
    taken.add(free.casefold())
    return free


def collect(
    works: list[tuple[str, str, str]],
    folder: Path,
    target: Path,
    place: Callable[[Path, Path], Any],
) -> dict[str, str]:
    """Lay out works (person, lesson, SHA-256) as a folder for each person.

    Returns the folder's name of each person. `place` puts a file at its new path.
    """
    taken: set[str] = set()
    names: dict[str, str] = {}
    for person, lesson, sha256 in works:
        if person not in names:
            names[person] = folder_name(person, taken)
        home = target / names[person]
        home.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            place(folder / sha256, home / f"{lesson}.zip")
    return names
