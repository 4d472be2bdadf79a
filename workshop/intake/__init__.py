"""Everything that is handed in ends somewhere: graded, named with a reason, or junk.

What people hand in comes in any mixture of files, folders and archives, in the forms of
several learning platforms. It is read in one pass (`gather`), recognised by name or by
content (`lessons`), given to a person (`found`, `naming`), and one file of each lesson
is chosen (`works`); the rest goes along with it (`beside`). Nothing is unpacked to
disk, no link is followed, and no input raises an exception.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workshop.course import Course
from workshop.intake.beside import Desk, order, unplaced
from workshop.intake.found import Found, Refused, Unplaced
from workshop.intake.gather import Gathering
from workshop.intake.lessons import Lessons
from workshop.intake.works import (
    People,
    chosen,
    recognised,
    told_apart,
    without_helpers,
)
from workshop.submission import Submission

__all__ = ["Unplaced", "collect"]

_NO_LESSON = (
    "It is a notebook of no lesson that this course has. "
    "Name it as the lesson is named, if it is one."
)


def collect(
    paths: Iterable[Path], course: Course, apart: Iterable[Path] = ()
) -> tuple[list[Submission], list[Unplaced]]:
    """Return the submissions that lie at some paths, and all that could not be placed.

    Submissions come by person, then in the course's order; one for each person and
    lesson. A path may lead to a file, a folder of one person or of many, or a zip file.
    The folders `apart` are passed over: a grader's own lie among them.
    """
    gathering = Gathering(apart)
    gathering.take(paths)
    lessons = Lessons(course)
    works, others = [], []
    for found in gathering.found:
        work = recognised(found, lessons)
        works.append(work) if work else others.append(found)
    works = told_apart(works)
    owners = [found.owner for found in gathering.found]
    people = People([*owners, *(work.owner for work in works)])
    works, aside = without_helpers(works, people, lessons)
    best, left = chosen(works, people, lessons)
    desk = Desk(best, people)
    left += _put(desk, [*others, *aside])
    place = {lesson.stem: number for number, lesson in enumerate(course.lessons)}
    bundles = sorted(
        desk.bundles.values(), key=lambda b: (b.person, place[b.work.stem])
    )
    return [one.submission() for one in bundles], [*gathering.unplaced, *left]


def _put(desk: Desk, others: list[Found]) -> list[Unplaced]:
    left = []
    for found in sorted(others, key=order):
        try:
            if found.suffix == ".ipynb":
                raise Refused(_NO_LESSON)
            desk.put(found)
        except Refused as error:
            left.append(unplaced(found, error))
    return left
