"""A session is what its facts make of it, one after another, and nothing else.

The same fold runs when a fact happens, when a killed room starts again, and for the
report after the day. A fact that means nothing any more changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workshop.course import Course, Lesson
from workshop.plan import Plan, plans
from workshop.room import agenda, people
from workshop.room.agenda import Agenda
from workshop.room.journal import Fact
from workshop.room.people import Graded, Person

MESSAGES = 5
ALL, BOARD = "all", "board"
"""What a fact changes: every page, or the board and the projector. A number is a
person: their page and row; below 0 their row alone."""
Topic = str | int


@dataclass
class Poll:
    """The question of the quiz that is on; `votes` maps a person to a choice."""

    key: str
    lesson: str
    number: int
    answered: bool = False
    votes: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """What the instructor told everybody."""

    id: int
    at: float
    text: str


class Session:
    """One session of a course, as far as its facts tell.

    `apply` takes the next fact and returns which topics it changes.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self.plans: dict[str, Plan] = {}
        self.room = ""
        self.code = ""
        self.renewed = 0
        self.agenda = Agenda([])
        self.people: dict[int, Person] = {}
        self.tokens: dict[str, int] = {}
        self.open: dict[str, float] = {}
        self.released: set[str] = set()
        self.messages: list[Message] = []
        self.poll: Poll | None = None
        self.leaderboard = False
        self.door = True
        self.removed: set[int] = set()
        self._folds: dict[str, Callable[[Fact], set[Topic]]] = {
            name.removeprefix("_on_"): getattr(self, name)
            for name in dir(self)
            if name.startswith("_on_")
        }

    def apply(self, fact: Fact) -> set[Topic]:
        """Take one fact; return whose pages it changes."""
        return self._folds[fact.kind](fact)

    def lesson(self, stem: str) -> Lesson | None:
        """Return a lesson of the course by its stem, or None."""
        return next((one for one in self.course.lessons if one.stem == stem), None)

    def solve_minutes(self, person: Person, stem: str) -> float | None:
        """Return the minutes from a lesson's opening, or their coming, to its end."""
        standing = person.lessons.get(stem)
        if standing is None or standing.solved is None:
            return None
        opened = self.agenda.begun(stem)
        if opened is None or opened > standing.solved:
            opened = standing.begun or standing.solved
        begin = min(max(opened, person.joined), standing.solved)
        return self.agenda.worked(begin, standing.solved) / 60

    def _on_made(self, fact: Fact) -> set[Topic]:
        self.room, self.code = fact.body["room"], fact.body["code"]
        own = fact.body.get("plans")
        self.plans = {plan.key: plan for plan in plans(self.course, own)}
        plan = self.plans.get(fact.body["plan"])
        parts = agenda.parts(plan) if plan else []
        self.agenda = Agenda(parts, fact.body.get("begins"))
        return {ALL}

    def _on_renewed(self, fact: Fact) -> set[Topic]:
        self.renewed, self.code = self.renewed + 1, fact.body["code"]
        return {BOARD}

    def _on_joined(self, fact: Fact) -> set[Topic]:
        name = _free(fact.body["name"], {one.name for one in self.people.values()})
        self.people[fact.id] = Person(fact.id, name, fact.at, seen=fact.at)
        self.tokens[fact.body["token"]] = fact.id
        return {BOARD, fact.id}

    def _on_device(self, fact: Fact) -> set[Topic]:
        if fact.person in self.people:
            self.tokens[fact.body["token"]] = fact.person
        return set()

    def _on_removed(self, fact: Fact) -> set[Topic]:
        person = fact.person or 0
        self.people.pop(person, None)
        self.removed.add(person)
        self.tokens = {t: who for t, who in self.tokens.items() if who != person}
        if self.poll:
            self.poll.votes.pop(person, None)
        return {BOARD, person}

    def _on_seen(self, fact: Fact) -> set[Topic]:
        self._with(fact, lambda one: None)
        return {BOARD, -(fact.person or 0)}

    def _on_hand(self, fact: Fact) -> set[Topic]:
        up = fact.at if fact.body["up"] else None
        return self._with(
            fact, lambda one: setattr(one, "hand", up and (one.hand or up))
        )

    def _on_helped(self, fact: Fact) -> set[Topic]:
        return self._to(fact, lambda one: setattr(one, "hand", None))

    def _on_done(self, fact: Fact) -> set[Topic]:
        return self._with(fact, lambda one: setattr(one, "done", fact.body["done"]))

    def _on_nickname(self, fact: Fact) -> set[Topic]:
        name = fact.body["nickname"]
        taken = {one.nickname for one in self.people.values() if one.id != fact.person}
        made = _free(name, taken) if name else None
        self._with(fact, lambda one: setattr(one, "nickname", made))
        return {ALL}

    def _on_reported(self, fact: Fact) -> set[Topic]:
        lesson = self.lesson(fact.body["lesson"])
        if lesson is None:
            return set()

        def note(person: Person) -> None:
            at = min(fact.at, max(fact.at - fact.body["age"], person.joined))
            people.take(person.standing(lesson.stem), lesson, fact.body, at)

        return self._with(fact, note)

    def _on_examined(self, fact: Fact) -> set[Topic]:
        def note(person: Person) -> None:
            person.standing(fact.body["lesson"]).exams += 1

        return self._with(fact, note)

    def _on_graded(self, fact: Fact) -> set[Topic]:
        body = fact.body
        made = Graded(
            body["outcome"], body["score"], fact.at, body["place"], body["variant"]
        )

        def note(person: Person) -> None:
            standing = person.standing(body["lesson"])
            standing.graded = people.counts(standing.graded, made)

        return self._to(fact, note) | ({ALL} if self.leaderboard else set())

    def _on_handed_in(self, fact: Fact) -> set[Topic]:
        def note(person: Person) -> None:
            standing = person.standing(fact.body["lesson"])
            standing.handed_in, standing.work = fact.at, fact.body["sha256"]

        return self._with(fact, note)

    def _with(self, fact: Fact, change: Callable[[Person], Any]) -> set[Topic]:
        """Change the attendee of a fact, who did it and so is here."""
        topics = self._to(fact, change)
        if topics:
            person = self.people[fact.person or 0]
            person.seen = max(person.seen, fact.at)
        return topics

    def _to(self, fact: Fact, change: Callable[[Person], Any]) -> set[Topic]:
        """Change the attendee whom a fact concerns, unless they were removed."""
        person = self.people.get(fact.person or 0)
        if person is None:
            return set()
        change(person)
        return {BOARD, person.id}

    def _on_started(self, fact: Fact) -> set[Topic]:
        parts = [agenda.Part(**part) for part in fact.body["parts"]]
        self.agenda = Agenda(parts, self.agenda.begins)
        self.agenda.start(fact.at)
        return self._opened(fact)

    def _on_moved(self, fact: Fact) -> set[Topic]:
        self.agenda.go(fact.body["entry"], fact.at)
        return self._opened(fact)

    def _opened(self, fact: Fact) -> set[Topic]:
        """Open the lesson that is on now; nobody is done with it yet."""
        part = self.agenda.parts[self.agenda.current or 0]
        if part.lesson:
            self.open.setdefault(part.lesson, fact.at)
            for person in self.people.values():
                person.done = False
        return {ALL, BOARD, *self.people}

    def _on_paused(self, fact: Fact) -> set[Topic]:
        self.agenda.pause(fact.at)
        return {ALL}

    def _on_resumed(self, fact: Fact) -> set[Topic]:
        self.agenda.resume(fact.at)
        return {ALL}

    def _on_planned(self, fact: Fact) -> set[Topic]:
        self.agenda.parts[fact.body["entry"]].minutes = fact.body["minutes"]
        return {ALL}

    def _on_ended(self, fact: Fact) -> set[Topic]:
        self.agenda.end(fact.at)
        return {ALL}

    def _on_opened(self, fact: Fact) -> set[Topic]:
        self.open.setdefault(fact.body["lesson"], fact.at)
        return {ALL}

    def _on_closed(self, fact: Fact) -> set[Topic]:
        self.open.pop(fact.body["lesson"], None)
        return {ALL}

    def _on_released(self, fact: Fact) -> set[Topic]:
        self.released.add(fact.body["lesson"])
        return {ALL}

    def _on_said(self, fact: Fact) -> set[Topic]:
        message = Message(fact.id, fact.at, fact.body["text"])
        self.messages = [message, *self.messages][:MESSAGES]
        return {ALL}

    def _on_asked(self, fact: Fact) -> set[Topic]:
        self.poll = Poll(str(fact.id), fact.body["lesson"], fact.body["number"])
        return {ALL}

    def _on_voted(self, fact: Fact) -> set[Topic]:
        poll = self.poll
        if poll and poll.key == fact.body["question"] and not poll.answered:
            return self._with(
                fact, lambda one: poll.votes.update({one.id: fact.body["choice"]})
            ) | {BOARD}
        return set()

    def _on_answered(self, fact: Fact) -> set[Topic]:
        if self.poll:
            self.poll.answered = True
        return {ALL}

    def _on_cleared(self, fact: Fact) -> set[Topic]:
        self.poll = None
        return {ALL}

    def _on_door(self, fact: Fact) -> set[Topic]:
        self.door = fact.body["open"]
        return {BOARD}

    def _on_leaderboard(self, fact: Fact) -> set[Topic]:
        self.leaderboard = fact.body["on"]
        return {ALL}


def _free(name: str, taken: set[Any]) -> str:
    """Return a name nobody has: "Ann Lee", "Ann Lee (2)", …"""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free
