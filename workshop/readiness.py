"""A check runs when its own cell has run; until then it says what it waits for.

In a script the cells before the first blank are run, and a TODO is complete when the
cell that holds it was passed. In a notebook the cell last run with a TODO tells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from workshop import script as scripts
from workshop.course import Check, Lesson
from workshop.results import Result, Stop
from workshop.script import NO_END, Script
from workshop.source import markers

if TYPE_CHECKING:
    from workshop.runner import Peer


def slip(script: Script, name: str) -> Stop | None:
    """Return what stops a script before it runs: syntax, or a name nobody defined."""
    if problem := scripts.syntax_problem(script.text, name):
        line, sentence, source = problem
        return Stop("syntax", sentence, line, source.strip())
    for line, unknown, near in scripts.undefined_names(script.text):
        source = script.text.split("\n")[line - 1].strip()
        said = f"{unknown} is not defined anywhere."
        if near == unknown:
            said = (
                f"{unknown} has no value here: it is defined further down, or only "
                "inside a function."
            )
        elif near:
            said += f" Did you mean {near}?"
        return Stop("name", said, line, source)
    return None


def placed(stop: Stop, script: Script, path: Path) -> Stop:
    """Return a stop as its reader counts: a notebook has cells and no line numbers."""
    if path.suffix != ".ipynb" or stop.line is None:
        return stop
    before = [c for c in script.cells if c.kind == "code" and c.line <= stop.line]
    line = stop.line - before[-1].line + 1 if before else stop.line
    where = f"Code cell {len(before)}, line {line}: {stop.message}"
    return replace(stop, message=where, line=None)


def waiting(
    script: Script, lesson: Lesson, stop: Stop | None = None
) -> tuple[Callable[[Check], str], int]:
    """Return why each check must wait (or ""), and the first line not to be run."""
    blanks = scripts.blanks(script.text, _todos(lesson))
    cells = scripts.todo_cells(script)
    until = min((_cell_line(script, blank.line) for blank in blanks), default=NO_END)
    end = min(until, _cell_line(script, stop.line) if stop and stop.line else NO_END)
    open_todos = {blank.todo for blank in blanks}

    def why(check: Check) -> str:
        if check.todo in open_todos:
            return "Fill in the blank."
        if check.todo in cells and script.cells[cells[check.todo]].line < end:
            return ""
        if end < until:
            return "Waits until the script gets past its error."
        if end < NO_END:
            return f"Waits for TODO {min(open_todos)}."
        return ""

    return why, until


def while_there(why: Callable[[Check], str], peer: Peer) -> Callable[[Check], str]:
    """Return why each check must wait, also once `peer` has gone: nobody answers."""
    lost = "Waits until the script can answer: its process has ended."
    return lambda check: why(check) or (lost if peer.gone else "")


def waiting_in_notebook(peer: Peer) -> Callable[[Check], str]:
    """Return why a check must wait, by the cells that were run in a notebook."""
    cells = peer.ask({"do": "cells"}).get("value", [])
    filled: dict[int, bool] = {}
    for cell in cells if isinstance(cells, list) else []:
        text = str(cell)
        if scripts.syntax_problem(text) is None:
            filled |= {mark.todo: True for mark in markers(text)}
            filled |= {blank.todo: False for blank in scripts.blanks(text)}

    def why(check: Check) -> str:
        if filled.get(check.todo or 0, True):
            return ""
        return "Fill in the blank, then run its cell."

    return why


def meets_unseen(lesson: Lesson, results: tuple[Result, ...]) -> bool:
    """Tell whether unseen data will be asked for: its check waits for nothing."""
    pairs = zip(lesson.checks, results, strict=True)
    return any(check.sealed and not result.advice for check, result in pairs)


def _todos(lesson: Lesson) -> list[int]:
    return sorted({check.todo for check in lesson.checks if check.todo})


def _cell_line(script: Script, line: int) -> int:
    """Return the line where the cell begins that holds `line`."""
    return max((cell.line for cell in script.cells if cell.line <= line), default=1)


def first_line(script: Script, lesson: Lesson) -> int:
    """Return the line before which no TODO is complete, so that running is no use."""
    cells = scripts.todo_cells(script)
    lines = [script.cells[cells[n]].line for n in _todos(lesson) if n in cells]
    return min(lines, default=0)
