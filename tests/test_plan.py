"""A timetable follows from the syllabus, and one that does not fit is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from workshop import course, plan
from workshop.dev import timetable

TOY = course.load(Path(__file__).parent / "toy")
PARTS = [{"title": "Welcome", "minutes": 5}, "01_average", "02_line"]


def planned(parts=PARTS, minutes=60):
    table = {"title": "An hour", "minutes": minutes, "parts": parts}
    return replace(TOY, plans={"hour": table})


def test_each_part_begins_where_the_last_one_ends():
    (hour,) = plan.plans(planned())
    ends = [entry.start + entry.minutes for entry in hour.entries]
    assert [entry.start for entry in hour.entries] == [0, *ends[:-1]]
    assert hour.spare == 60 - ends[-1]


def test_minutes_of_a_lesson_are_those_of_its_table():
    entry = plan.plans(planned())[0].entries[1]
    minutes = TOY.lessons[0].minutes
    assert (entry.minutes, entry.teaching) == (
        sum(minutes.values()),
        minutes["teaching"],
    )
    assert (entry.lesson, entry.title) == ("01_average", TOY.lessons[0].title)


def test_a_plan_that_is_too_long_is_refused():
    with pytest.raises(course.CourseError, match=r"plans\.hour is \d+ minutes longer"):
        plan.plans(planned(minutes=1))


@pytest.mark.parametrize("parts", [[{"title": "Tea"}], [3], None, [{"minutes": "x"}]])
def test_a_part_that_is_none_is_refused(parts):
    with pytest.raises(course.CourseError, match="parts that are lessons or tables"):
        plan.plans(planned(parts))


def test_a_lesson_that_is_not_in_the_course_is_named():
    with pytest.raises(course.CourseError, match="no lesson called “09_none”"):
        plan.plans(planned(["09_none"]))


def test_the_page_has_a_row_for_each_part_and_the_end():
    page = timetable.page(planned())
    rows = [line for line in page.splitlines() if line.startswith("| 0:")]
    assert rows[0] == "| 0:00 | Welcome | 5 |"
    assert rows[1].startswith("| 0:05 | `01_average` ")
    assert rows[-1].endswith("| End | |")


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, "0:00"), (65, "1:05"), (480, "8:00")]
)
def test_minutes_are_shown_as_a_clock_does(minutes, shown):
    assert plan.clock(minutes) == shown
