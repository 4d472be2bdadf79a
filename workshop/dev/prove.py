"""A lesson is proved as learners meet it: blank by blank, in one process.

With the blanks of the first k cells filled, the checks of those cells pass and all
others wait; with all of them filled, everything passes. None is ever broken.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workshop import grader, script
from workshop.course import Lesson
from workshop.dev.feed import feed_one_by_one, line_of_check
from workshop.dev.problem import Problem
from workshop.results import Report, Result
from workshop.script import Script


@dataclass(frozen=True)
class Stage:
    """A half-finished lesson: `done` are the TODOs whose cells are complete."""

    text: str
    done: frozenset[int]
    whole: bool


def stages(solution: Script, exercise: Script) -> Iterator[Stage]:
    """Yield the exercise, then the same with one more cell filled in each time."""
    cells = script.todo_cells(solution)
    ends = sorted(set(cells.values()))
    yield Stage(exercise.text, frozenset(), False)
    for end in ends:
        done = frozenset(todo for todo, cell in cells.items() if cell <= end)
        whole = end == ends[-1]
        text = solution.text if whole else _joined(solution, exercise, end + 1)
        yield Stage(text, done, whole)


def prove(lesson: Lesson, solution: Script, exercise: Script) -> list[Problem]:
    """Run a lesson stage by stage and return everything that is not as promised."""
    found: list[Problem] = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"{lesson.stem}.py"
        options = grader.Options(figures=Path(name), keep=True)
        with grader.Grader(lesson, options) as teacher:
            for stage in stages(solution, exercise):
                path.write_text(stage.text, encoding="utf-8", newline="\n")
                found += _unexpected(lesson, stage, teacher.check(path))
            if not found and teacher.runner:
                for check in lesson.checks:
                    found += feed_one_by_one(lesson, check, teacher.runner.ask)
    return found


def _joined(solution: Script, exercise: Script, cell: int) -> str:
    """Return the solution up to a cell, and the exercise from there on."""
    head = solution.text.split("\n")[: solution.cells[cell].line - 2]
    tail = exercise.text.split("\n")[exercise.cells[cell].line - 2 :]
    return "\n".join([*head, *tail])


def _unexpected(lesson: Lesson, stage: Stage, report: Report) -> list[Problem]:
    with_cells = (
        f"with TODO {_listed(stage.done)} filled in" if stage.done else "unfilled"
    )
    found = []
    if report.stop:
        said = (
            f"The lesson, {with_cells}, stops here: {report.stop.message} Correct it."
        )
        found.append(Problem(lesson.solution, report.stop.line or 1, said))
    for result in report.checks:
        expected = "passed" if _ready(result, stage) else "waiting"
        if result.outcome != expected:
            said = f"{result.check} is {result.outcome}, not {expected}, {with_cells}. "
            said += f"Correct the check or the solution. {result.advice}"
            line = line_of_check(lesson, result.check)
            found.append(Problem(lesson.assessment, line, said))
    return found


def _ready(result: Result, stage: Stage) -> bool:
    return stage.whole or result.todo in stage.done


def _listed(todos: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(todos)))
