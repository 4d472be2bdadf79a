"""A grade is data: points per check, what they are worth, and all that led to them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from workshop.course import CourseError, Lesson
from workshop.results import Report


@dataclass(frozen=True)
class Grade:
    """What one piece of work earned, and everything that led to it.

    `key` is a hexadecimal digest of whatever decides the result, `digest` that of what
    was handed in. `points` and `worth` map a check to what it earned and to what it can
    earn. `verified` is false where the work ran without a box. `limits` holds seconds
    and memory_mb, `cost` wall_seconds, cpu_seconds and peak_mb. `grader` is the version
    of the kit, `log` what a grader should know, `created` ISO 8601 in UTC.
    """

    key: str
    person: str
    lesson: str
    name: str
    digest: str
    report: Report
    points: dict[str, float]
    worth: dict[str, float]
    verified: bool
    limits: dict[str, float]
    cost: dict[str, float]
    grader: str
    log: str
    created: str

    @property
    def earned(self) -> float:
        return math.fsum(self.points.values())

    @property
    def possible(self) -> float:
        return math.fsum(self.worth.values())

    @property
    def share(self) -> float:
        """What was earned of what is possible, 0 to 1; 0 where nothing is possible."""
        return self.earned / self.possible if self.possible else 0.0

    @property
    def open(self) -> bool:
        """Whether the kit broke, so that this is to be graded again."""
        return self.report.outcome == "broken"


def worth(lesson: Lesson) -> dict[str, float]:
    """Return what each check of a lesson is worth: 1, or what `course.toml` says.

    CourseError where it names a check that there is not, or no number from 0 upwards.
    """
    names = [check.name for check in lesson.checks]
    where = f"{lesson.course / 'course.toml'}: [lessons.{lesson.stem}.points]"
    for name, value in lesson.points.items():
        if name not in names:
            raise CourseError(
                f"{where} names {name}, which is no check of the lesson. "
                f"Its checks are: {', '.join(names)}"
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value < math.inf:
            raise CourseError(f"{where} gives {name} no number from 0 upwards")
    return {name: float(lesson.points.get(name, 1)) for name in names}


def score(report: Report, lesson: Lesson) -> tuple[dict[str, float], dict[str, float]]:
    """Return what each check of the lesson earned, and what each is worth.

    A passed check earns all it is worth; a failed, waiting or broken one earns 0, as
    does one that the report does not know. CourseError as for `worth`.
    """
    outcomes = {check.check: check.outcome for check in report.checks}
    values = worth(lesson)
    points = {
        name: value if outcomes.get(name) == "passed" else 0.0
        for name, value in values.items()
    }
    return points, values
