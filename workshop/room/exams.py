"""An attendee's machine is examined on sealed inputs that nobody there has met.

Each attempt of a lesson has a sealed set of its own, drawn from the room's secret, so
that trying again collects nothing; an instructor's own items stay the same. Sets are
drawn in a process apart, and scores are made in threads, so that the room goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import threading
from collections import Counter, OrderedDict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from workshop.course import Lesson
from workshop.exam import Exam, Hall
from workshop.results import Report, percent
from workshop.room.drawing import Drawer
from workshop.room.guard import Problem
from workshop.room.keys import Limit
from workshop.room.people import Person
from workshop.room.room import Room
from workshop.room.views import MOST_EXAMS
from workshop.vault import Vault

if TYPE_CHECKING:
    from workshop.data import Sealed

    Halves = tuple[Sealed, Sealed]

AT_ONCE, EACH_AT_ONCE = 20, 4
KEPT_SETS = 12
LARGEST = 32 * 2**20


class Sets:
    """Sealed sets by lesson, variant and attempt; a few are kept."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self._made: OrderedDict[tuple[str, str, int], Halves] = OrderedDict()
        self._lock = threading.Lock()
        self._drawer = Drawer()

    def halves(self, lesson: Lesson, variant: str, attempt: int) -> Halves:
        """Return both halves; drawing takes seconds, so call it in a thread."""
        if self.vault.has_own(lesson):
            return self.vault.halves(lesson, variant)
        key = (lesson.stem, variant, attempt)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._drawn(lesson, variant, attempt)
            self._made.move_to_end(key)
            while len(self._made) > KEPT_SETS:
                self._made.popitem(last=False)
            return self._made[key]

    def _drawn(self, lesson: Lesson, variant: str, attempt: int) -> Halves:
        text = f"room {lesson.stem} {variant} {attempt}".encode()
        secret = hashlib.sha256(self.vault.secret() + text).digest()
        return self._drawer.draw(lesson.data or "", secret, variant)

    def close(self) -> None:
        self._drawer.close()


class Examiner:
    """Holds the exams of a room; several devices of one attendee share theirs."""

    def __init__(self, room: Room, sets: Sets, mirror: str = "") -> None:
        self.room = room
        self.sets = sets
        self.mirror = mirror
        self.hall = Hall(AT_ONCE)
        self._open: dict[tuple[int, str], tuple[str, Exam]] = {}
        self._owner: dict[str, int] = {}
        self._asking: Counter[int] = Counter()
        self._often = Limit(4, 120.0)
        room.opened = self.prepare
        for stem in room.session.open:
            self.prepare(stem)

    def prepare(self, stem: str) -> None:
        """Draw the first set of a lesson ahead, so that nobody waits for it."""
        lesson = self.room.session.lesson(stem)
        if lesson and lesson.data:
            threading.Thread(target=self._drawn, args=(lesson,), daemon=True).start()

    def _drawn(self, lesson: Lesson) -> None:
        with contextlib.suppress(Exception):  # an exam tells what is wrong
            self.sets.halves(lesson, "drawn", 0)
            self._variants(lesson)

    def _variants(self, lesson: Lesson) -> tuple[str, ...]:
        """Return the variants of an exam: real data must be here, or in the mirror."""
        from workshop import data

        if lesson.data is None:
            return ("drawn",)
        here = any(
            one.present
            for one in data.inventory()
            if (one.name, one.variant) == (lesson.data, "real")
        )
        here = here or bool(self.mirror and data.from_mirror(lesson.data, self.mirror))
        return ("drawn", "real") if here else ("drawn",)

    async def begin(self, person: Person, lesson: Lesson) -> str:
        """Return the name of somebody's exam: the one that goes on, or another."""
        await asyncio.to_thread(getattr, lesson, "module")  # may import NumPy first
        variants = await asyncio.to_thread(self._variants, lesson)
        key = (person.id, lesson.stem)
        name, exam = self._open.get(key, ("", None))
        if exam and not exam.over:
            return name
        attempt = person.standing(lesson.stem).exams
        self._may(person, lesson, attempt)
        self._often.spend(key, self.room.now)
        made = self._exam(person, lesson, attempt, variants)
        name = self.hall.open(made)
        self._open[key], self._owner[name] = (name, made), person.id
        try:
            await self.room.tell("examined", person.id, {"lesson": lesson.stem})
        except BaseException:
            del self._open[key], self._owner[name]
            raise
        return name

    def _may(self, person: Person, lesson: Lesson, attempt: int) -> None:
        if lesson.stem not in self.room.session.open:
            raise Problem(409, f"{lesson.stem} is not open in this room.")
        if attempt >= MOST_EXAMS:
            raise Problem(409, f"{lesson.stem} was tried {MOST_EXAMS} times already.")
        if wait := self._often.wait((person.id, lesson.stem), self.room.now):
            raise Problem(429, "You tried several times just now.", wait)

    def _exam(
        self, person: Person, lesson: Lesson, attempt: int, variants: tuple[str, ...]
    ) -> Exam:
        loop = asyncio.get_running_loop()

        def done(report: Report) -> None:
            told = self._graded(person.id, report)
            asyncio.run_coroutine_threadsafe(told, loop).result()

        return Exam(
            lesson,
            lambda variant: self.sets.halves(lesson, variant, attempt),
            seed=_seed(self.sets.vault.secret(), person.id, lesson.stem, attempt),
            variants=variants,
            sealed_only=True,
            largest=LARGEST,
            done=done,
        )

    async def _graded(self, person: int, report: Report) -> None:
        body = {
            **{"lesson": report.lesson, "outcome": report.outcome, "place": "attendee"},
            **{"score": score(report), "variant": report.variant or ""},
        }
        if report.outcome != "broken":
            await self.room.tell("graded", person, body)

    def close(self) -> None:
        self.hall.close()
        self.sets.close()

    @contextlib.contextmanager
    def asking(self, person: Person, name: str) -> Iterator[None]:
        """Let a message of somebody's own exam in; only a few of one at a time."""
        if self._owner.get(name) != person.id:
            raise Problem(404, "There is no such exam of yours.")
        if self._asking[person.id] >= EACH_AT_ONCE:
            raise Problem(429, "Messages of this exam are on their way already.", 1.0)
        self._asking[person.id] += 1
        try:
            yield
        finally:
            self._asking[person.id] -= 1


def score(report: Report) -> str:
    """Return the score of a report's goal as people read it, or an empty text."""
    scores = [check.score for check in report.checks if check.score]
    return percent(scores[-1].value) if scores else ""


def _seed(secret: bytes, person: int, stem: str, attempt: int) -> int:
    text = f"order {person} {stem} {attempt}".encode()
    return int.from_bytes(hashlib.sha256(secret + text).digest()[:7])
