"""The one place where the journal, what follows from it, and who may see it meet.

Time is asked for here and nowhere below. What is not worth a fact, such as who is
looking at a page, is known here and forgotten at the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from workshop.course import Course
from workshop.room import keys, views
from workshop.room.feed import Feed
from workshop.room.files import install_command
from workshop.room.journal import Fact, Journal, JournalError
from workshop.room.keys import Limit, PersonalCodes, Role
from workshop.room.live import ALL, BOARD, Session
from workshop.room.people import Person, stuck
from workshop.room.proposals import proposals
from workshop.room.steady import Clock

SEEN_SECONDS = 300.0
TICK_SECONDS = 10.0


@dataclass(frozen=True)
class Caller:
    """Who sent a request; `person` is an attendee's id."""

    role: Role
    person: int = 0


class Room:
    """A session that people take part in: facts go in, views come out."""

    def __init__(
        self,
        course: Course,
        journal: Journal,
        secret: bytes,
        *,
        address: str = "",
        mirror: bool = False,
        measured: dict[str, float] | None = None,
    ) -> None:
        self.session = Session(course)
        self.journal = journal
        self.secret = secret
        self.address = address
        self.mirror = mirror
        self.measured = measured or {}
        self.feed = Feed()
        self.codes = PersonalCodes()
        self.wrong = Limit(keys.WRONG, keys.WRONG_SECONDS)
        self.strange = Limit(keys.WRONG, keys.WRONG_SECONDS)
        self.acting = asyncio.Lock()
        self._noted: dict[int, float] = {}
        self._rows: dict[int, object] = {}
        self._shared: views.Shared | None = None
        self._moment = (0, 0)
        last = 0.0
        for fact in journal.facts():
            self._replay(fact)
            last = max(last, fact.at)
        self._clock = Clock(last)
        self.opened: Callable[[str], None] = lambda lesson: None
        journal.heard = self._hear

    def _replay(self, fact: Fact) -> None:
        """Take a fact of before; JournalError where it is none that this kit writes."""
        try:
            self.session.apply(fact)
        except (LookupError, TypeError, ValueError, AttributeError):
            what = f"fact {fact.id} is none that this kit writes"
            raise JournalError(f"{self.journal.path} cannot be read: {what}.") from None

    @property
    def now(self) -> float:
        return self._clock.now()

    async def tell(
        self,
        kind: str,
        person: int | None = None,
        body: dict[str, Any] | None = None,
        key: str | None = None,
    ) -> Fact | None:
        """Write a fact down and take it; None where its key is known already."""
        return await self.journal.write(self.now, kind, person, body, key)

    def _hear(self, fact: Fact) -> None:
        before = set(self.session.open)
        self.feed.touch(self.session.apply(fact))
        for lesson in self.session.open.keys() - before:
            self.opened(lesson)

    @property
    def install(self) -> list[dict[str, str]]:
        """The line that a newcomer types, by system; none without a mirror."""
        if not self.mirror:
            return []
        code = self.session.code
        return [
            {
                "system": system,
                "command": install_command(self.address, code, windows=w),
            }
            for system, w in (("macOS, Linux", False), ("Windows", True))
        ]

    def token(self, role: Role) -> str:
        """Return what the instructor or the projector shows."""
        session = self.session
        return keys.of_role(self.secret, session.room, role, session.renewed)

    def caller(self, shown: str) -> Caller | None:
        """Return who shows this token; None where it is nobody's (any more)."""
        mark = keys.digest(shown)
        for role in ("instructor", "projector"):
            if keys.same_digest(mark, keys.digest(self.token(role))):
                return Caller(role)
        person = self.session.tokens.get(mark)
        return None if person is None else Caller("attendee", person)

    async def meet(self, person: Person) -> None:
        """Note that somebody is here; written down every five minutes, if it can be."""
        now = self.now
        person.seen = max(person.seen, now)
        if now - self._noted.get(person.id, 0.0) > SEEN_SECONDS:
            self._noted[person.id] = now
            with contextlib.suppress(sqlite3.Error):
                await self.tell("seen", person.id)

    async def tick(self) -> None:
        """Show what changes by time alone, until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            people = list(self.session.people.values())
            here = [one for one in people if self.feed.listens(one.id)]
            await asyncio.gather(*(self.meet(one) for one in here))
            self.feed.touch({BOARD, *self._changed_rows()})

    def _changed_rows(self) -> set[int]:
        now, changed = self.now, set()
        for person in self.session.people.values():
            here = now - person.seen < views.HERE_SECONDS
            at = stuck(person, now)
            row = (here, at and (at.lesson, at.check, int(at.minutes)))
            if self._rows.get(person.id) != row:
                self._rows[person.id] = row
                changed.add(-person.id)
        return changed

    def attendee(self, person: int) -> bytes | None:
        """Return an attendee's view as JSON; None where they were removed."""
        found = self.session.people.get(person)
        if found is None:
            return None
        common = self._common()
        own = views.text(views.attendee(self.session, found, common))
        version = b'{"version":%d,' % self.feed.version
        return version + common.text[1:-1] + b"," + own[1:]

    def _common(self) -> views.Shared:
        """Return what all attendees see, made once for each change and second."""
        moment = (self.feed.changed(ALL), int(self.now))
        if self._shared is None or self._moment != moment:
            self._moment = moment
            self._shared = views.shared(self.session, self.now, self.measured)
        return self._shared

    def projector(self) -> bytes:
        """Return the projector's view as JSON."""
        session, on = self.session, self._on()
        people = session.people.values()
        made = {
            "version": self.feed.version,
            **self._common().view,
            "join": self._join(),
            "install": self.install,
            "people": len(people),
            "solved": sum(_has_solved(one, on) for one in people),
            "hands": sum(one.hand is not None for one in people),
            "quiz": views.quiz(session, counts=True),
        }
        return views.text(made)

    def _join(self) -> views.View:
        session = self.session
        return {"code": session.code, "address": self.address, "open": session.door}

    def _on(self) -> str:
        """Return the lesson that is on, or an empty text."""
        agenda = self.session.agenda
        return (
            "" if agenda.current is None else agenda.parts[agenda.current].lesson or ""
        )

    def board(self, since: int | None) -> bytes:
        return views.text(self.board_view(since))

    def board_view(self, since: int | None) -> views.View:
        """Return the instructor's view: the people that changed since a version.

        With None, and for a version that is not ours, everybody.
        """
        session, now = self.session, self.now
        whole = self.feed.foreign(since)
        people = [
            one
            for one in session.people.values()
            if whole or self.feed.changed(one.id, -one.id) > (since or 0)
        ]
        return {
            "version": self.feed.version,
            **self._common().view,
            "partial": not whole,
            "plans": [
                {"key": one.key, "title": one.title, "minutes": one.minutes}
                for one in session.plans.values()
            ],
            "join": self._join(),
            "lessons": views.lessons(session),
            "people": [views.row(session, one, now) for one in people],
            "removed": [] if whole else sorted(session.removed),
            "advice": views.advice(session),
            "proposals": [vars(one) for one in proposals(session, now, self.measured)],
            "quiz": views.quiz(session, counts=True),
        }


def _has_solved(person: Person, lesson: str) -> bool:
    standing = person.lessons.get(lesson)
    return bool(standing and standing.solved is not None)
