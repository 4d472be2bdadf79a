"""A box's verdict is of one piece of work, and comes back to whoever handed it in last.

It is found by what was handed in and not by a name: there may be an Ann in every
session, and there is one gradebook for all. Work that ran without a box, and what the
kit could not judge, tells the room nothing.
"""

from __future__ import annotations

import datetime
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workshop.course import Course
from workshop.room import works
from workshop.room.exams import score
from workshop.room.journal import Draft, Journal
from workshop.room.works import Work

if TYPE_CHECKING:
    from workshop.gradebook import Grade

Digests = dict[tuple[int, str], set[str]]
"""The digests that work may have in a gradebook, by attendee and lesson."""


def verdicts(
    found: list[Work], folder: Path, course: Course, book: Path
) -> list[Draft]:
    """Return a fact for each work on which a gradebook has a verdict: its newest.

    `folder` holds the works. A fact has a key, so that it is taken once. Raises
    GradebookError and OSError; may take seconds.
    """
    from workshop.gradebook import Gradebook

    with Gradebook(book) as opened:
        grades = [one for one in opened.all() if one.verified and not one.open]
    lessons = {grade.lesson for grade in grades}
    asked = [work for work in found if work.lesson in lessons]
    digests = _digests(asked, folder, course)
    made = []
    for work in asked:
        known = digests[work.person, work.lesson]
        mine = [g for g in grades if g.lesson == work.lesson and g.digest in known]
        made += [_draft(work, grade) for grade in mine[-1:]]
    return made


def _draft(work: Work, grade: Grade) -> Draft:
    report = grade.report
    body = {
        **{"lesson": work.lesson, "outcome": report.outcome, "place": "box"},
        **{"score": score(report), "variant": report.variant or ""},
    }
    key = f"box {work.person} {work.lesson} {work.at} {grade.created} {grade.key}"
    at = datetime.datetime.fromisoformat(grade.created).timestamp()
    return Draft(at, "graded", work.person, body, key)


def _digests(found: Iterable[Work], folder: Path, course: Course) -> Digests:
    """Return what works are called in a gradebook, each attendee's read by itself.

    A grader that was given too much at once leaves kept trainings out, so work has two.
    """
    by_person: dict[int, list[Work]] = defaultdict(list)
    for work in found:
        by_person[work.person].append(replace(work, name="attendee"))
    made: Digests = defaultdict(set)
    for person, mine in by_person.items():
        for lesson, digest in _digests_of(mine, folder, course):
            made[person, lesson].add(digest)
    return made


def _digests_of(
    mine: list[Work], folder: Path, course: Course
) -> Iterator[tuple[str, str]]:
    from workshop import intake

    with tempfile.TemporaryDirectory(prefix=".reading-", dir=folder) as there:
        works.collect(mine, folder, Path(there))
        submissions, _ = intake.collect([Path(there)], course)
    for one in submissions:
        yield one.lesson, one.digest
        yield one.lesson, replace(one, kept={}).digest


async def take(journal: Journal, drafts: Iterable[Draft]) -> int:
    """Write verdicts down; return how many the session did not know."""
    taken = 0
    for one in drafts:
        fact = await journal.write(one.at, one.kind, one.person, one.body, one.key)
        taken += fact is not None
    return taken
