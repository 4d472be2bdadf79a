"""What a class has reached is counted once, so that sheets and pages agree.

A lesson counts for everybody as soon as anybody was graded in it: who did not hand it
in has nothing of it. Advice that differs in its numbers only is one advice.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from statistics import median

from workshop.course import Course
from workshop.gradebook import Grade
from workshop.report import words

UNVERIFIED = "It ran without a box: the result is unverified."

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Person:
    """One person's grades by lesson, and what they had to reach in all."""

    name: str
    grades: dict[str, Grade]
    possible: float

    @property
    def earned(self) -> float:
        return math.fsum(grade.earned for grade in self.grades.values())

    @property
    def share(self) -> float:
        """What was earned of what is possible, 0 to 1."""
        return self.earned / self.possible if self.possible else 0.0

    @property
    def open(self) -> list[str]:
        """The lessons that are to be graded again, by our fault."""
        return [lesson for lesson, grade in self.grades.items() if grade.open]

    @property
    def unverified(self) -> list[str]:
        """The lessons that ran without a box."""
        return [lesson for lesson, grade in self.grades.items() if not grade.verified]


@dataclass(frozen=True)
class Topic:
    """How many were graded in a lesson, how many passed in full, and the median share.

    `median` leaves out what is open; None where nothing else is there.
    """

    lesson: str
    title: str
    graded: int
    passed: int
    open: int
    median: float | None


@dataclass(frozen=True)
class Hurdle:
    """One check of a lesson: how many passed it, of how many it was judged for."""

    lesson: str
    label: str
    title: str
    passed: int
    judged: int

    @property
    def share(self) -> float:
        return self.passed / self.judged


@dataclass(frozen=True)
class Advice:
    """What several people were told at one check; # stands for numbers that differ."""

    lesson: str
    title: str
    text: str
    people: int


def lessons(grades: list[Grade], course: Course) -> list[str]:
    """Return the stems of the lessons with a grade, in the order of the course."""
    graded = dict.fromkeys(grade.lesson for grade in grades)
    known = [lesson.stem for lesson in course.lessons if lesson.stem in graded]
    return known + sorted(set(graded) - set(known))


def people(grades: list[Grade], course: Course) -> list[Person]:
    """Return everybody, by name, with their grades in the order of the course.

    What a lesson is worth to those who did not hand it in says its newest grade.
    """
    order = lessons(grades, course)
    worth = {grade.lesson: grade.possible for grade in grades}
    by_name: dict[str, dict[str, Grade]] = defaultdict(dict)
    for grade in grades:
        by_name[grade.person][grade.lesson] = grade
    made = []
    for name, found in by_name.items():
        mine = {one: found[one] for one in order if one in found}
        all_worth = worth | {one: grade.possible for one, grade in mine.items()}
        made.append(Person(name, mine, math.fsum(all_worth.values())))
    return sorted(made, key=lambda one: (words.one_line(one.name).casefold(), one.name))


def topics(grades: list[Grade], course: Course) -> list[Topic]:
    """Return how each lesson went, in the order of the course."""
    return [
        _topic([grade for grade in grades if grade.lesson == stem])
        for stem in lessons(grades, course)
    ]


def hurdles(grades: list[Grade]) -> list[Hurdle]:
    """Return the checks of all lessons, the hardest first, without open grades."""
    outcomes: dict[tuple[str, str], list[str]] = defaultdict(list)
    named = {}
    for grade in grades:
        for check in grade.report.checks if not grade.open else ():
            outcomes[grade.lesson, check.check].append(check.outcome)
            named[grade.lesson, check.check] = check
    made = [
        Hurdle(
            lesson,
            words.label(named[lesson, name]),
            words.title(named[lesson, name]),
            found.count("passed"),
            len(found),
        )
        for (lesson, name), found in outcomes.items()
    ]
    return sorted(made, key=lambda one: (one.share, -one.judged))


def advice(grades: list[Grade]) -> list[Advice]:
    """Return what failed checks advised, the most frequent first."""
    said: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    titles = {}
    for grade in grades:
        for check in grade.report.checks:
            text = words.one_line(words.gist(check.advice))
            if check.outcome == "failed" and text:
                said[grade.lesson, check.check, without_numbers(text)].append(text)
                titles[grade.lesson, check.check] = words.title(check)
    made = [
        Advice(lesson, titles[lesson, check], in_common(texts), len(texts))
        for (lesson, check, _), texts in said.items()
    ]
    return sorted(made, key=lambda one: -one.people)


def without_numbers(text: str) -> str:
    """Return a text with # for each number: what differs in numbers only is one."""
    return _NUMBER.sub("#", text)


def in_common(texts: list[str]) -> str:
    """Return texts that differ in numbers only as one, with # for those numbers."""
    numbers = zip(*map(_NUMBER.findall, texts), strict=True)
    agreed = iter([same[0] if len(set(same)) == 1 else "#" for same in numbers])
    return _NUMBER.sub(lambda _: next(agreed), texts[0])


def _topic(grades: list[Grade]) -> Topic:
    outcomes = Counter(grade.report.outcome for grade in grades)
    judged = [grade.share for grade in grades if not grade.open]
    newest = grades[-1]
    return Topic(
        newest.lesson,
        words.one_line(newest.report.title) or newest.lesson,
        len(grades),
        outcomes["passed"],
        outcomes["broken"],
        median(judged) if judged else None,
    )
