"""What a room needs is put together here, once, from a folder and a wish."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from workshop.certificate import CertificateError, Key
from workshop.course import Course
from workshop.mirror.lists import MirrorError
from workshop.plan import plans
from workshop.room import files, folder, server
from workshop.room.exams import Examiner, Sets
from workshop.room.folder import RoomFolder
from workshop.room.journal import Journal, JournalError
from workshop.room.room import Room
from workshop.room.works import Works
from workshop.vault import VaultError

PROTOCOL = server.Impatient


class Unopened(Exception):
    """A room that cannot be opened: one sentence says why."""


@dataclass(frozen=True)
class Wish:
    """What an instructor asked for; `begins` is in seconds since 1970."""

    course: Course
    plan: str | None = None
    own: dict[str, Any] | None = None
    begins: float | None = None
    new: bool = False
    renew: bool = False


@dataclass
class Held:
    """A room that is open, and what closes with it."""

    room: Room
    examiner: Examiner
    works: Works
    key: Key
    more: list[Route]
    went_on: bool

    def app(self, names: Collection[str] = ()) -> Starlette:
        """Return the application; `names` are host names beside this machine's."""
        return server.application(
            self.room,
            self.examiner,
            self.works,
            self.key,
            names=names,
            more=self.more,
        )

    def close(self) -> None:
        self.examiner.close()
        self.room.journal.close()


def open_room(
    home: RoomFolder, wish: Wish, address: str, mirror: Path | None = None
) -> Held:
    """Return the last session of a folder, or a new one; Unopened says why not."""
    try:
        return _opened(home, wish, address, mirror)
    except (JournalError, VaultError, CertificateError, MirrorError) as error:
        raise Unopened(str(error)) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unopened(f"{home.path} cannot be used ({why}).") from None


def _opened(home: RoomFolder, wish: Wish, address: str, mirror: Path | None) -> Held:
    more = files.routes(mirror) if mirror else []
    before = home.sessions()
    went_on = bool(before) and not wish.new
    path = before[-1] if went_on else home.new()
    secret, key = home.vault.secret(), Key(home.key)
    journal = _journal(path, wish, went_on)
    room = Room(
        wish.course,
        journal,
        secret,
        address=address,
        mirror=mirror is not None,
        measured=home.measured(),
    )
    works = Works(home.works(path))
    for fact in journal.facts():
        works.note(fact)
    examiner = Examiner(room, Sets(home.vault), str(mirror or ""))
    return Held(room, examiner, works, key, more, went_on)


def _journal(path: Path, wish: Wish, went_on: bool) -> Journal:
    """Return the journal of a session, with what the wish adds to it."""
    made = None if went_on else _made(wish)
    journal = Journal(path)
    if made or not any(True for _ in journal.facts()):
        journal.begin("made", made or _made(wish))
    elif wish.renew:
        journal.begin("renewed", {"code": folder.new_code()})
    return journal


def _made(wish: Wish) -> dict[str, Any]:
    """Return how a session is made; Unopened where there is no such plan."""
    known = {plan.key: plan for plan in plans(wish.course, wish.own)}
    key = wish.plan or next(iter(known))
    if key not in known:
        listed = ", ".join(known)
        raise Unopened(f"There is no plan “{key}”. The plans are: {listed}.")
    return {
        **{"room": folder.new_room(), "code": folder.new_code(), "plan": key},
        **{"plans": wish.own or {}, "begins": wish.begins},
    }
