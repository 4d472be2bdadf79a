"""A token is a secret, and what a room said last is none: they are two files.

`room.json` says which room this folder belongs to and may be read by its owner only.
`room-seen.json` is what was learned from that room; without it one knows less, no more.
A file that is damaged, or was written for another room, counts as not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from workshop import progress
from workshop.link import address
from workshop.link.address import Address
from workshop.link.view import View
from workshop.progress import Folder

OWNER_ONLY = 0o600
MOST_TOLD = 50
ROOM = re.compile(r"[A-Za-z0-9_-]{1,64}")
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{8,512}")
Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Joined:
    """Which room this folder belongs to, and who one is there.

    `share` says whether checks are reported, `mirror` whether the room has data.
    """

    address: str
    token: str
    room: str
    person: int
    name: str
    title: str = ""
    share: bool = True
    mirror: bool = False

    @property
    def place(self) -> Address:
        return address.read(self.address)[0]

    @property
    def page(self) -> str:
        """The link of the personal page; whoever has it is that person there."""
        return f"{self.place.url}/me#{self.token}"

    @property
    def fits(self) -> bool:
        """Whether room and token can be what a room gives: names, and nothing else."""
        return bool(ROOM.fullmatch(self.room) and TOKEN.fullmatch(self.token))


@dataclass(frozen=True)
class Pending:
    """A lesson that is to be handed in: what was begun, for a script with this SHA-256.

    `judged` says that only the file is left to send.
    """

    script: str = ""
    exam: str = ""
    judged: bool = False


@dataclass(frozen=True)
class Seen:
    """What a room told last, and which of it the learner was shown.

    `unknown` says that the room did not know the token, and that this was said.
    """

    room: str = ""
    state: str = ""
    lesson: str = ""
    agenda: tuple[str, ...] = ()
    released: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    unknown: bool = False
    pending: dict[str, Pending] = field(default_factory=dict)

    def after(self, view: View) -> Seen:
        """Return what is known once a view has come."""
        return replace(
            self,
            state=view.state,
            lesson=view.lesson or self.lesson,
            agenda=view.agenda or self.agenda,
            released=view.released if view.gates else self.released,
            unknown=False,
        )

    def shown(self, view: View) -> Seen:
        """Return the same, with the messages of a view shown."""
        new = [one.id for one in view.messages if one.id not in self.told]
        return replace(self, told=(*self.told, *reversed(new))[-MOST_TOLD:])


class Notes:
    """The two files of a learner's folder."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._room = folder.hidden / "room.json"
        self._seen = folder.hidden / "room-seen.json"

    def joined(self) -> Joined | None:
        """Return the room that was joined, None where there is none."""
        found = _read(self._room, Joined)
        try:
            return found if found and found.fits and found.place else None
        except address.NoAddress:
            return None

    def join(self, joined: Joined) -> None:
        """Note a room in place of any other; raises OSError."""
        self.folder.hidden.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(joined), indent=1) + "\n"
        progress.write(self._room, text, OWNER_ONLY)

    def leave(self) -> None:
        """Forget the room and what it said; raises OSError."""
        for path in (self._room, self._seen):
            path.unlink(missing_ok=True)

    def seen(self, room: str) -> Seen:
        """Return what is known of a room."""
        found = _read(self._seen, Seen)
        return found if found and found.room == room else Seen(room)

    def update(self, room: str, change: Callable[[Seen], Seen]) -> Seen:
        """Change what is known as the file has it now; return the new."""
        try:
            with progress.locked(self.folder.hidden / "lock"):
                return self._change(room, change)
        except OSError:
            return self._change(room, change)

    def _change(self, room: str, change: Callable[[Seen], Seen]) -> Seen:
        before = self.seen(room)
        after = change(before)
        if after != before:
            self.folder.keep(self._seen, json.dumps(asdict(after), indent=1) + "\n")
        return after


def _read(path: Path, kind: type[Kind]) -> Kind | None:
    """Return what a file holds; fields that do not fit count as not there."""
    try:
        data = json.loads(path.read_bytes())
        return _build(kind, data)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _build(kind: type[Kind], data: dict[str, Any]) -> Kind:
    made: dict[str, Any] = {}
    for one in fields(kind):  # type: ignore[arg-type]
        value = data.get(one.name)
        if one.name == "pending" and isinstance(value, dict):
            made["pending"] = {k: _build(Pending, v) for k, v in value.items()}
        elif isinstance(value, list) and str(one.type).startswith("tuple"):
            made[one.name] = tuple(item for item in value if isinstance(item, str))
        elif type(value).__name__ == one.type:
            made[one.name] = value
    return kind(**made)
