"""A check is fed what no learner should write, and must fail politely.

None, text, arrays of other shapes and NaN, as values and as what a function returns:
the verdict is "failed", never "passed", and never "broken", which would be our fault.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

from workshop.course import Check, Lesson
from workshop.dev.problem import Problem, line_of
from workshop.evidence.server import Server
from workshop.judge import Ask, Court, judge
from workshop.recorder import Recorder
from workshop.source import parse_tree


def bad_values() -> dict[str, Any]:
    """Return what to feed, by what it is called."""
    import numpy as np

    plain = {
        "None": None,
        "text": "text",
        "an empty array": np.zeros((0,)),
        "an array of shape (2, 3, 4)": np.zeros((2, 3, 4)),
        "NaN": np.full((4, 1), np.nan),
    }
    returning = {
        f"a function that returns {name}": _returning(value)
        for name, value in plain.items()
    }
    return plain | returning


def feed(lesson: Lesson, check: Check) -> list[Problem]:
    """Return a problem for each bad evidence that a check does not call failed."""
    needed = [name for name in check.variables if name not in check.optional]
    if not needed:
        said = f"{check.name} looks at nothing. Name a learner's variable as parameter."
        return [_problem(lesson, check, said)]
    found = []
    for name, value in bad_values().items():
        ask = Server(dict.fromkeys(needed, value)).answer
        if problem := _verdict(lesson, check, ask, " and ".join(needed), name):
            found.append(problem)
    return found


def feed_one_by_one(lesson: Lesson, check: Check, ask: Ask) -> list[Problem]:
    """Do the same with one bad parameter at a time; `ask` answers for the others.

    What is only looked at where it exists (a parameter with a default) may be bad in
    a way that makes no difference, so there a pass is no problem.
    """
    found = []
    for parameter in check.variables:
        also = ("passed",) if parameter in check.optional else ()
        for name, value in bad_values().items():
            asked = _replaced(ask, parameter, value)
            problem = _verdict(lesson, check, asked, parameter, name, also)
            found += [problem] if problem else []
    return found


def texts(lesson: Lesson, solution: str, checks: tuple[Check, ...]) -> list[Problem]:
    """Return what is wrong with docstrings and parameters of the checks."""
    known = _defined(solution)
    silent = _without_docstring(lesson)
    found = []
    for check in checks:
        for goal in lesson.goal.values() or [0.5]:
            try:
                check.title(goal)
            except Exception as error:
                said = f"The docstring of {check.name} does not render"
                said += (
                    f" ({type(error).__name__}: {error}). Only {{goal}} is filled in."
                )
                found.append(_problem(lesson, check, said))
        if check.name in silent:
            said = f"{check.name} has no docstring. Write the line a learner reads."
            found.append(_problem(lesson, check, said))
        for name in sorted(set(check.variables) - set(check.optional) - known):
            said = f"{check.name} looks at {name}, which the solution never defines."
            found.append(_problem(lesson, check, f"{said} Name one of its variables."))
        if {"sealed", "goal"} & set(check.parameters) and not lesson.goal:
            said = f"{check.name} asks for a goal. Give one in course.toml."
            found.append(_problem(lesson, check, said))
    return found


def _verdict(
    lesson: Lesson,
    check: Check,
    ask: Ask,
    what: str,
    name: str,
    also: tuple[str, ...] = (),
) -> Problem | None:
    court = Court(ask, 0.5, lambda: _halves(lesson.data), Recorder())
    result = judge(check, court)
    if result.outcome in ("failed", *also):
        return None
    said = f"{check.name} answers “{result.outcome}” where {what} is {name}. "
    said += f"Assert what it must be, or give it a default. {result.advice}"
    return _problem(lesson, check, said)


def _replaced(ask: Ask, parameter: str, value: Any) -> Ask:
    bad = Server({parameter: value})

    def asked(request: dict[str, Any]) -> Any:
        return (bad.answer if request.get("name") == parameter else ask)(request)

    return asked


def _returning(value: Any) -> Callable[..., Any]:
    return lambda *_: value


@cache
def _halves(name: str | None) -> Any:
    from workshop import data

    return data.sealed(name or "nothing", b"authors", "drawn")


def _defined(solution: str) -> set[str]:
    """Return the names that a solution binds at the top of the script."""
    names = set()
    for node in ast.walk(parse_tree(solution)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
    return names


def _without_docstring(lesson: Lesson) -> set[str]:
    tree = parse_tree(lesson.assessment.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if not ast.get_docstring(node)}


def _problem(lesson: Lesson, check: Check, said: str) -> Problem:
    return Problem(lesson.assessment, line_of_check(lesson, check.name), said)


def line_of_check(lesson: Lesson, name: str) -> int:
    """Return the line on which a check begins in its assessment."""
    text = lesson.assessment.read_text(encoding="utf-8")
    return line_of(text, rf"^def {name}\(")
