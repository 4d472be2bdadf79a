"""A class struggles where many fail, not where one person fails often.

So people are counted, and tries only as a median. Checks failed on the way are the
normal course of learning: nobody is named, and advice is shown that several had.
"""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from workshop.report import standings, words
from workshop.room.history import History, hands
from workshop.room.live import Session

Check = tuple[str, str]
"""The stem of a lesson and the name of one of its checks."""


@dataclass(frozen=True)
class Hurdle:
    """A check that people failed: how many, and how many of them passed it later.

    `judged` met it at all; `tries` is the median number of tries of those who passed.
    """

    lesson: str
    check: str
    judged: int
    failed: int
    passed: int
    tries: float | None


@dataclass(frozen=True)
class Said:
    """Advice and how many people read it; # stands for numbers that differ."""

    lesson: str
    check: str
    text: str
    people: int


@dataclass(frozen=True)
class Solving:
    """How a lesson went: who worked at it, and the minutes of those who solved it."""

    lesson: str
    begun: int
    minutes: tuple[float, ...]
    planned: float
    hands: int

    @property
    def median(self) -> float | None:
        return statistics.median(self.minutes) if self.minutes else None


def hurdles(history: History) -> list[Hurdle]:
    """Return the checks that anybody failed, those that most people failed first."""
    runs: dict[Check, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for person, body in _reports(history):
        for name, outcome in body["checks"]:
            if outcome in ("failed", "passed"):
                runs[body["lesson"], name][person].append(outcome)
    made = [_hurdle(check, [*found.values()]) for check, found in runs.items()]
    made = [one for one in made if one.failed]
    return sorted(made, key=lambda one: (-one.failed, one.passed))


def _hurdle(check: Check, runs: list[list[str]]) -> Hurdle:
    """Return what the outcomes of each person at one check, in order, amount to."""
    failed = [run for run in runs if "failed" in run]
    tries = [run.index("passed") + 1 for run in failed if "passed" in run]
    median = statistics.median(tries) if tries else None
    return Hurdle(*check, len(runs), len(failed), len(tries), median)


def advice(history: History) -> list[Said]:
    """Return what people read when a check failed, what most of them read first."""
    said: dict[tuple[str, str, str], dict[int, str]] = defaultdict(dict)
    for person, body in _reports(history):
        for name, text in body["advice"].items():
            line = words.one_line(text)
            key = (body["lesson"], name, standings.without_numbers(line))
            said[key].setdefault(person, line)
    made = [
        Said(lesson, check, standings.in_common([*found.values()]), len(found))
        for (lesson, check, _), found in said.items()
    ]
    return sorted(made, key=lambda one: -one.people)


def _reports(history: History) -> list[tuple[int, dict[str, Any]]]:
    """Return who reported what, in the order in which it happened."""
    found = [fact for fact in history.facts if fact.kind == "reported"]
    found.sort(key=lambda fact: fact.at - fact.body["age"])
    return [(fact.person or 0, fact.body) for fact in found]


def solving(history: History) -> list[Solving]:
    """Return how each lesson went that was on, or that anybody worked at."""
    session = history.session
    on = [part.lesson for part in session.agenda.parts if part.lesson and part.spans]
    raised = Counter(hand.lesson for hand in hands(history))
    planned = {part.lesson: part.planned for part in session.agenda.parts}
    made = []
    for lesson in session.course.lessons:
        stem = lesson.stem
        people = [p for p in session.people.values() if stem in p.lessons]
        begun = sum(person.lessons[stem].tries > 0 for person in people)
        found = (session.solve_minutes(person, stem) for person in people)
        minutes = tuple(sorted(m for m in found if m is not None))
        if begun or stem in on:
            minutes_planned = planned.get(stem, sum(lesson.minutes.values()))
            made.append(Solving(stem, begun, minutes, minutes_planned, raised[stem]))
    return made


def title(session: Session, lesson: str, check: str) -> str:
    """Return the line of a check as people read it, whatever the variant."""
    found = session.lesson(lesson)
    named = {one.name: one for one in found.checks} if found else {}
    if found is None or check not in named:
        return words.one_line(check)
    return named[check].title(found.goal.get("drawn", 0.0))
