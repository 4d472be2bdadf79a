"""A new lesson runs from its first minute, so that an author begins by changing it.

The scaffold is a whole lesson of one TODO that keeps every promise, in NumPy alone.
"""

from __future__ import annotations

import re
from pathlib import Path

from workshop import script
from workshop.course import Course, CourseError, Lesson

_STEM = re.compile(r"(\d\d[a-z]?)_([a-z][a-z0-9_]*)")

_SOLUTION = """\
# %% [markdown]
# # {number}. Add up the {thing}
#
# Somebody has a question about {thing}. By the end of this lesson your own
# function answers it.

# %%
import numpy as np

# %% [markdown]
# ## Use it
#
# **TODO 1.** Whoever asks wants one number. Return the sum of all values.


# %%
def answer(values):
    return np.sum(values)  # TODO 1


print(answer([1, 2, 3]))

# %% [markdown]
# What was learned, and what comes next.
"""

_CHECKS = '''\
"""Checks for lesson {number}, add up the {thing}."""


def answers_with_the_sum(answer):
    """TODO 1. The function answers with the sum"""
    found = answer([1, 2, 3])
    assert found == 6, f"1, 2 and 3 gave {{found}}. Add all values."
'''

_NOTES = '''\
why = """
Say here why it works.
"""

[hints]
1 = [
  "Which function of NumPy adds all values of an array?",
  "It is called `np.sum`, and its argument is the values.",
]

[[quiz]]
question = "What do 1, 2 and 3 add up to?"
choices = ["Five", "Six"]
answer = 1
because = "One and two make three, and three more make six."
'''

_TABLE = """
[lessons.{stem}]
minutes = {{teaching = 10, exercise = 20}}
seconds = {{drawn = 1}}
memory_mb = 500
"""


def scaffold(course: Course, stem: str) -> dict[Path, str]:
    """Return the files of a new lesson, and course.toml with its table.

    CourseError for a name that no lesson can have, and where a file is in the way.
    """
    match = _STEM.fullmatch(stem)
    if match is None:
        raise CourseError(
            f"“{stem}” cannot name a lesson. Take two digits and small letters: "
            "08_name, or 08a_name."
        )
    if any(lesson.stem == stem for lesson in course.lessons):
        raise CourseError(f"course.toml has a lesson {stem}. Take another name.")
    words = {
        "stem": stem,
        "number": match[1].lstrip("0") or "0",
        "thing": match[2].replace("_", " "),
    }
    lesson = Lesson(course.folder, stem)
    solution = _SOLUTION.format(**words)
    files = {
        lesson.solution: solution,
        lesson.exercise: script.blank(solution),
        lesson.assessment: _CHECKS.format(**words),
        lesson.notes: _NOTES,
    }
    for path in files:
        if path.exists():
            raise CourseError(
                f"{path} is there. Nothing was written; take another name."
            )
    table = course.folder / "course.toml"
    text = table.read_text(encoding="utf-8").rstrip("\n") + "\n"
    return files | {table: text + _TABLE.format(**words)}
