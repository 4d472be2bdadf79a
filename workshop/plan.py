"""A day is a list of lessons and pauses; when each begins follows from the syllabus.

Minutes stand once, in `course.toml`: those of a lesson in its table, those of a pause
in the plan, the length of the session beside them. What does not fit is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workshop.course import Course, CourseError


@dataclass(frozen=True)
class Entry:
    """One part of a session: it begins at `start`, both in minutes.

    `lesson` is a stem, or None for a pause; of a lesson's `minutes`, `teaching` are
    those in which the instructor speaks.
    """

    start: float
    minutes: float
    title: str
    lesson: str | None = None
    teaching: float = 0


@dataclass(frozen=True)
class Plan:
    """A session: its key in `course.toml`, its title, its length, and its parts."""

    key: str
    title: str
    minutes: float
    entries: tuple[Entry, ...]

    @property
    def spare(self) -> float:
        """Minutes that are left at the end; below 0 the plan does not fit."""
        return self.minutes - sum(entry.minutes for entry in self.entries)


def plans(course: Course, own: dict[str, Any] | None = None) -> tuple[Plan, ...]:
    """Return the plans of a course, after those of an instructor's `own` tables.

    A course that states none has all its lessons. CourseError says what is wrong.
    """
    where = f"{course.folder / 'course.toml'}"
    tables = [(key, table, "your agenda") for key, table in (own or {}).items()]
    tables += [(key, table, where) for key, table in course.plans.items()]
    return tuple(_plan(course, *one) for one in tables) or (_whole(course),)


def _whole(course: Course) -> Plan:
    entries = tuple(_entries(course, [lesson.stem for lesson in course.lessons]))
    minutes = sum(entry.minutes for entry in entries)
    return Plan("all", "All lessons", minutes, entries)


def clock(minutes: float) -> str:
    """Return minutes since the beginning as hours and minutes: "1:05"."""
    hours, rest = divmod(round(minutes), 60)
    return f"{hours}:{rest:02}"


def _plan(course: Course, key: str, table: dict[str, Any], file: str) -> Plan:
    where = f"{file}: table plans.{key}"
    try:
        title, length = str(table["title"]), float(table["minutes"])
        entries = tuple(_entries(course, table["parts"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CourseError(
            f"{where} needs a title, minutes, and parts that are lessons or tables "
            f"with title and minutes ({type(error).__name__}: {error})"
        ) from None
    plan = Plan(key, title, length, entries)
    if plan.spare < 0:
        raise CourseError(f"{where} is {-plan.spare:g} minutes longer than it may be")
    return plan


def _entries(course: Course, parts: list[Any]) -> Iterator[Entry]:
    start = 0.0
    for part in parts:
        entry = _entry(course, part, start)
        start += entry.minutes
        yield entry


def _entry(course: Course, part: Any, start: float) -> Entry:
    if not isinstance(part, str):
        return Entry(start, float(part["minutes"]), str(part["title"]))
    lesson = course.find(part)
    whole, teaching = sum(lesson.minutes.values()), lesson.minutes.get("teaching", 0)
    return Entry(start, whole, lesson.title, lesson.stem, teaching)
