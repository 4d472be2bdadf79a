"""The timetables that instructors read are derived from the syllabus, as all else."""

from __future__ import annotations

from collections.abc import Iterator

from workshop.course import Course
from workshop.plan import Entry, Plan, clock, plans

HEAD = """\
# Timetables

Derived from `course.toml` by `workshop dev update`. Times count from the beginning;
minutes of a lesson are those in which the instructor speaks and those in which
attendees work, with those for its stretch goal.
"""

COSTS = """\
## How long a solution runs

On two cores, its checks included. Real `pets` and `fruit` meet the real VGG16: what is
said of these was estimated, not measured.

"""


def page(course: Course) -> str:
    """Return the timetables of a course as Markdown."""
    made = (_timetable(plan) for plan in plans(course))
    return "\n".join([HEAD, *made, _costs(course)])


def _costs(course: Course) -> str:
    """Return what each lesson's solution takes, as its author measured it."""
    rows = [
        "| lesson | drawn data | real data | memory (drawn) |",
        "|---|---:|---:|---:|",
    ]
    for lesson in course.lessons:
        took = (_seconds(lesson.seconds.get(one)) for one in ("drawn", "real"))
        memory = f"{lesson.memory_mb:,.0f} MB"
        rows.append(f"| `{lesson.stem}` | {' | '.join(took)} | {memory} |")
    return COSTS + "\n".join(rows) + "\n"


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:,g} s"


def _timetable(plan: Plan) -> str:
    spare = f", {plan.spare:g} to spare" if plan.spare else ""
    head = f"## {plan.title}\n\n{plan.minutes:g} minutes{spare}.\n\n"
    return head + "\n".join(_rows(plan)) + "\n"


def _rows(plan: Plan) -> Iterator[str]:
    yield "| begins | what | minutes |"
    yield "|---:|---|---|"
    for entry in plan.entries:
        yield f"| {clock(entry.start)} | {_what(entry)} | {_minutes(entry)} |"
    end = sum(entry.minutes for entry in plan.entries)
    yield f"| {clock(end)} | End | |"


def _what(entry: Entry) -> str:
    return f"`{entry.lesson}` {entry.title}" if entry.lesson else entry.title


def _minutes(entry: Entry) -> str:
    if not entry.lesson:
        return f"{entry.minutes:g}"
    return f"{entry.teaching:g} + {entry.minutes - entry.teaching:g}"
