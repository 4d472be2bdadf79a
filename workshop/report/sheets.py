"""A sheet is read by programs that act on what they read, so no text of it may act.

Spreadsheets take a cell for a formula by its first character, and in countries where
they split at semicolons, a cell may begin in the middle of ours. So every place where a
formula could begin gets an apostrophe
(https://owasp.org/www-community/attacks/CSV_Injection). A text has one line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from workshop.course import Course
from workshop.gradebook import Grade
from workshop.report import standings, words

_FORMULA = re.compile(r"(^|;)([\s\"\u200c\u200d]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−])")
_MARK = "\ufeff"
"""Tells Excel that a file is UTF-8."""

CHECKS = (
    *("person", "lesson", "file", "check", "title", "outcome", "points", "worth"),
    *("advice", "verified", "training", "place", "created"),
)


def checks(grades: Iterable[Grade]) -> str:
    """Return a row for each person, lesson and check."""
    rows = [
        (
            *(grade.person, grade.lesson, grade.name, check.check),
            *(words.title(check), check.outcome),
            *(grade.points.get(check.check, 0.0), grade.worth.get(check.check, 0.0)),
            words.gist(check.advice),
            *("yes" if grade.verified else "no", grade.report.training),
            *(grade.report.place, grade.created),
        )
        for grade in grades
        for check in grade.report.checks
    ]
    return sheet(CHECKS, rows)


def people(grades: list[Grade], course: Course) -> str:
    """Return a row for each person: points per lesson, total, possible, share.

    A lesson not handed in is empty; `open` and `unverified` name lessons.
    """
    lessons = standings.lessons(grades, course)
    rows = []
    for person in standings.people(grades, course):
        found = [person.grades.get(lesson) for lesson in lessons]
        points = [grade.earned if grade else "" for grade in found]
        sums = (person.earned, person.possible, round(person.share, 4))
        notes = (" ".join(person.open), " ".join(person.unverified))
        rows.append((person.name, *points, *sums, *notes))
    heads = ("person", *lessons, "total", "possible", "share", "open", "unverified")
    return sheet(heads, rows)


def cell(text: str) -> str:
    """Return any text as one line that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1\2'", words.one_line(text))


def sheet(heads: Sequence[str], rows: Iterable[Sequence[str | float]]) -> str:
    """Return rows under their heads as CSV that spreadsheets read and do not act on."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC)
    for row in (heads, *rows):
        writer.writerow([cell(v) if isinstance(v, str) else _whole(v) for v in row])
    return _MARK + stream.getvalue()


def _whole(value: float) -> float:
    """Return a number without a decimal point where it needs none."""
    return int(value) if value == int(value) else value
