"""Whatever was given ends as something found, or as unplaced with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

from workshop.intake import naming

CHUNK = 2**16
MODEL = "model.keras"


@dataclass(frozen=True)
class Unplaced:
    """What ended in no submission: its path as it is shown, and one sentence or two."""

    path: str
    why: str


class Refused(Exception):
    """Something is not taken; the message says why, and what to do."""


@dataclass(frozen=True)
class Entry:
    """A file that lies on disk or in an archive, not yet read.

    `parts` lead to it from what was given (an archive counts as a folder); `size` is
    what its folder or archive says, in bytes.
    """

    parts: tuple[str, ...]
    shown: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]

    @property
    def suffix(self) -> str:
        return naming.split(self.parts[-1])[1]


@dataclass(frozen=True)
class Owner:
    """Who handed something in, as it was written.

    `mark` tells people of one name in one `scope` apart: the folder or archive that
    holds what a platform gave names. Without a platform the scope is empty.
    """

    person: str
    mark: str = ""
    scope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A file that was read.

    `home` is the folder in which it lies, `name` its own name without what a platform
    put before it. `sure` says that more than the name of what was given tells whose it
    is. `when` and `note` as in `naming.Label`.
    """

    owner: Owner
    sure: bool
    home: tuple[str, ...]
    name: str
    shown: str
    data: bytes
    when: str = ""
    note: bool = False

    @property
    def suffix(self) -> str:
        return naming.split(self.name)[1]

    @property
    def base(self) -> str:
        return naming.split(self.name)[0]


def locate(entry: Entry, place: str, own: str) -> Found:
    """Return a file, not yet read, with its owner: by a platform, folder, or `own`.

    `place` names what was given, apart from all others; `own` is its own name. The
    outermost name that a platform wrote counts, so that nobody speaks for another
    from within their own work.
    """
    parts = (own, *entry.parts)
    home, name = (place, *parts[:-1]), parts[-1]
    for number, part in enumerate(parts):
        if said := naming.label(part):
            owner = Owner(said.person, said.mark, (place, *parts[:number]))
            if number == len(parts) - 1:
                name = said.rest or name
            return Found(
                owner, True, home, name, entry.shown, b"", said.when, said.note
            )
    below = len(entry.parts) > 1 and entry.parts[0] != naming.HIDDEN
    owner = Owner(_folder_name(entry.parts[0]) if below else _folder_name(own))
    return Found(owner, below, home, name, entry.shown, b"")


def check_folders(parts: tuple[str, ...]) -> None:
    """Refuse what lies in a folder that has the name of a model."""
    if any(part.lower() == MODEL for part in parts[:-1]):
        raise Refused(
            "A model is one file, and this is a folder. Hand in what "
            f'model.save("{MODEL}") of Keras 3 writes.'
        )


def read(entry: Entry, most: int) -> bytes:
    """Return the bytes of a file, counted while they come; Refused above `most`."""
    too_large = (
        f"It has more than {most // 2**20} MiB, which is more than is taken. "
        "Hand in less, or take data out of it."
    )
    if entry.size > most:
        raise Refused(too_large)
    chunks, left = [], most
    with entry.open() as file:
        while chunk := file.read(min(CHUNK, left + 1)):
            if (left := left - len(chunk)) < 0:
                raise Refused(too_large)
            chunks.append(chunk)
    return b"".join(chunks)


def _folder_name(name: str) -> str:
    return name[: -len(".zip")] if name.lower().endswith(".zip") else name
