"""Somebody is stuck when one check fails for long or often, not when much fails once.

What an attendee's machine reports is kept as letters, one for each check of a lesson in
its order; a check fails since the first of its failures in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from workshop.course import Lesson
from workshop.results import Outcome

LETTERS: dict[str, str] = {
    "passed": "p",
    "failed": "f",
    "waiting": "w",
    "broken": "b",
    "rehearsed": "r",
}
NOTHING = "-"
STUCK_SECONDS = 360.0
STUCK_TRIES = 4
FORGOTTEN_SECONDS = 1800.0
"""After so long without a report nobody is called stuck: they do something else."""


@dataclass(frozen=True)
class Failing:
    """A check that fails: since when, and at how many reports in a row."""

    since: float
    tries: int


@dataclass(frozen=True)
class Graded:
    """What the room found of somebody's work on its sealed data."""

    outcome: Outcome
    score: str
    at: float
    place: Literal["attendee", "box"]
    variant: str


@dataclass
class Standing:
    """Where somebody stands in one lesson.

    `outcome`, `checks` and `at` are of the last report, `begun` of the first one,
    `solved` of the first that passed whole; `advice` maps checks that fail to what
    their attendee reads. `graded` is the grading that counts so far.
    """

    outcome: str = ""
    checks: str = ""
    at: float = 0.0
    begun: float | None = None
    tries: int = 0
    solved: float | None = None
    failing: dict[str, Failing] = field(default_factory=dict)
    advice: dict[str, str] = field(default_factory=dict)
    graded: Graded | None = None
    exams: int = 0
    handed_in: float | None = None
    work: str = ""


@dataclass
class Person:
    """One attendee. `tokens` are digests of what their devices show."""

    id: int
    name: str
    joined: float
    nickname: str | None = None
    hand: float | None = None
    done: bool = False
    seen: float = 0.0
    lessons: dict[str, Standing] = field(default_factory=dict)

    def standing(self, lesson: str) -> Standing:
        return self.lessons.setdefault(lesson, Standing())

    @property
    def reached(self) -> list[str]:
        """The lessons whose goal the room itself has seen reached."""
        found = self.lessons.items()
        return [
            stem for stem, one in found if one.graded and one.graded.outcome == "passed"
        ]


@dataclass(frozen=True)
class Stuck:
    """The check at which somebody is stuck, for how many minutes and tries."""

    lesson: str
    check: str
    minutes: float
    tries: int


def take(standing: Standing, lesson: Lesson, body: dict[str, Any], at: float) -> None:
    """Note a report that came; one that is older than the last counts as a try only."""
    standing.tries += 1
    standing.begun = at if standing.begun is None else min(standing.begun, at)
    if body["outcome"] == "passed":
        standing.solved = at if standing.solved is None else min(standing.solved, at)
    if at < standing.at:
        return
    outcomes = dict(body["checks"])
    names = [check.name for check in lesson.checks]
    standing.outcome, standing.at = body["outcome"], at
    standing.checks = "".join(LETTERS.get(outcomes.get(n, ""), NOTHING) for n in names)
    failed = [name for name in names if outcomes.get(name) == "failed"]
    standing.failing = {name: _again(standing.failing.get(name), at) for name in failed}
    standing.advice = {n: text for n, text in body["advice"].items() if n in failed}


def counts(before: Graded | None, made: Graded) -> Graded:
    """Return which of two gradings counts, the one before or the one just made.

    A box ran the work itself, so its verdict is the stronger proof, for better or for
    worse, and the newest of several counts. Of those from an attendee's machine the
    first that passed counts: who tries again has lost nothing.
    """
    if before is None or made.place == "box":
        return made
    return before if before.place == "box" or before.outcome == "passed" else made


def _again(before: Failing | None, at: float) -> Failing:
    return Failing(before.since, before.tries + 1) if before else Failing(at, 1)


def stuck(person: Person, now: float) -> Stuck | None:
    """Return where somebody is stuck: at what has failed longest, if at anything."""
    found = [one for one in _failing(person, now) if _is_stuck(one)]
    return max(found, key=lambda one: (one.minutes, one.tries), default=None)


def _failing(person: Person, now: float) -> Iterator[Stuck]:
    for stem, standing in person.lessons.items():
        if standing.outcome != "passed" and now - standing.at < FORGOTTEN_SECONDS:
            for check, one in standing.failing.items():
                yield Stuck(stem, check, (now - one.since) / 60, one.tries)


def _is_stuck(one: Stuck) -> bool:
    long = one.minutes * 60 >= STUCK_SECONDS and one.tries > 1
    return long or one.tries >= STUCK_TRIES
