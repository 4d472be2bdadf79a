"""One number joins the task, the blank, the hints and the check of a TODO.

Where one of the four lacks a number that another has, the lesson lies to somebody. So
does an exercise that shows an answer in another place, and a syllabus that gives
minutes to a stretch goal that nobody has written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from workshop import script
from workshop.course import Check, Lesson
from workshop.dev.problem import Problem, line_of
from workshop.script import Answer, Script

LONG_ENOUGH_TO_HIDE = 8


@dataclass(frozen=True)
class Draft:
    """A lesson that can be read: its solution, answers, exercise and checks."""

    lesson: Lesson
    solution: Script
    answers: tuple[Answer, ...]
    exercise: str
    checks: tuple[Check, ...]

    @property
    def todos(self) -> list[int]:
        return sorted({answer.todo for answer in self.answers})


def numbers(draft: Draft) -> list[Problem]:
    """Return where a TODO lacks its prose, its blank, its hints or its check."""
    lesson, source = draft.lesson, draft.solution
    prose = script.prose_todos(source)
    checked = {check.todo for check in draft.checks if check.todo is not None}
    having = {
        "prose": (lesson.solution, set(prose), "State the task as **TODO {n}.**"),
        "blank": (lesson.solution, set(draft.todos), "Mark its answer: # TODO {n}."),
        "hints": (lesson.notes, set(lesson.hints), "Write two levels under [hints]."),
        "check": (lesson.assessment, checked, 'Begin a docstring with "TODO {n}."'),
    }
    known = set().union(*(found for _, found, _ in having.values()))
    return [
        Problem(file, 1, f"TODO {n} has no {part}. {advice.format(n=n)}")
        for n in range(1, max(known, default=0) + 1)
        for part, (file, found, advice) in having.items()
        if n not in found
    ] + _order(draft, prose)


def _order(draft: Draft, prose: list[int]) -> list[Problem]:
    lesson, text = draft.lesson, draft.solution.text
    found = []
    for number, count in Counter(prose).items():
        if count > 1:
            said = f"TODO {number} is stated {count} times. State each task once."
            found.append(Problem(lesson.solution, _stated(text, number), said))
    if prose != sorted(prose):
        said = f"The tasks are stated in the order {prose}. Number them as they come."
        found.append(Problem(lesson.solution, 1, said))
    for answer in draft.answers:
        if answer.todo in prose and answer.first_line < _stated(text, answer.todo):
            said = f"TODO {answer.todo} is answered before its task is stated."
            said += " State it in the cell above."
            found.append(Problem(lesson.solution, answer.first_line, said))
    if not draft.answers:
        said = "The solution has no # TODO. Mark the lines of its answers."
        found.append(Problem(lesson.solution, 1, said))
    return found


def _stated(text: str, number: int) -> int:
    return line_of(text, rf"\*\*TODO {number}\.\*\*")


def stretch(lesson: Lesson) -> list[Problem]:
    """Return a problem where a stretch goal has no minutes, or minutes have no goal."""
    timed = "stretch" in lesson.minutes
    if bool(lesson.stretch) == timed:
        return []
    line = line_of(lesson.notes.read_text(encoding="utf-8"), "^stretch *=")
    said = (
        "stretch is missing. Say what to try, or leave out minutes.stretch."
        if timed
        else "stretch has no minutes. Give minutes.stretch in course.toml."
    )
    return [Problem(lesson.notes, line, said)]


def derived(draft: Draft) -> list[Problem]:
    """Return a problem where the exercise is not what its solution makes of it."""
    made = script.blank(draft.solution.text)
    if draft.exercise == made:
        return []
    pairs = zip(draft.exercise.split("\n"), made.split("\n"), strict=False)
    line = next((n for n, (old, new) in enumerate(pairs, 1) if old != new), 1)
    said = "This is not what the solution derives. Run: workshop dev update."
    return [Problem(draft.lesson.exercise, line, said)]


def hidden(draft: Draft) -> list[Problem]:
    """Return where the exercise, or a first hint, gives an answer away."""
    path, exercise = draft.lesson.exercise, script.parse(draft.exercise)
    found = []
    for answer in draft.answers:
        code = _dense(answer.code)
        for cell in exercise.cells:
            if len(code) > LONG_ENOUGH_TO_HIDE and code in _dense(cell.text):
                said = f"The answer of TODO {answer.todo} stands here: {answer.code}. "
                said += "Say it in other words, or compute it another way."
                found.append(Problem(path, _line_in(cell, answer.code), said))
    return found + _told(draft)


def _told(draft: Draft) -> list[Problem]:
    notes = draft.lesson.notes
    found = []
    for answer in draft.answers:
        first = draft.lesson.hints.get(answer.todo, ("",))[0]
        whole = rf"(?<!\w){re.escape(' '.join(answer.code.split()))}(?!\w)"
        if re.search(whole, " ".join(first.split())):
            line = line_of(notes.read_text(encoding="utf-8"), rf"^{answer.todo} *=")
            said = f"The first hint of TODO {answer.todo} is its answer. "
            said += "Let the first hint ask, and the second tell."
            found.append(Problem(notes, line, said))
    return found


def _dense(text: str) -> str:
    return "".join(text.split())


def _line_in(cell: script.Cell, code: str) -> int:
    first = code.split("\n")[0]
    return cell.line + next(
        (n for n, line in enumerate(cell.text.split("\n")) if first in line), 0
    )
