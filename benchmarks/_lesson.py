"""The answers that are timed are made from the solution, so they cannot go stale.

Each is a whole script with one thing wrong, as a beginner would get it wrong. A change
that no longer finds its place in the solution is an error here, not a silent pass.
"""

from __future__ import annotations

from benchmarks._record import ROOT
from workshop import blanks

LESSON = "01_mnist"
CASES = ("blank", "syntax", "wrong", "pass")


def solution() -> str:
    """Return the text of the reference solution."""
    path = ROOT / "solutions" / f"{LESSON}.py"
    return path.read_text(encoding="utf-8")


def answers(text: str) -> dict[str, str]:
    """Return the script for every case: blank, syntax, wrong, pass."""
    return {
        "blank": blanks.blank(text),
        "syntax": without_colon(text),
        "wrong": without_softmax(text),
        "pass": text,
    }


def without_colon(text: str) -> str:
    """Return the script with the colon of its first `def` forgotten."""
    lines = text.splitlines(keepends=True)
    for index, line in enumerate(lines):
        if line.startswith("def ") and line.rstrip().endswith(":"):
            lines[index] = line.replace(":\n", "\n")
            return "".join(lines)
    raise ValueError("the solution defines no function on one line")


def without_softmax(text: str) -> str:
    """Return the script with raw scores where probabilities are expected."""
    spoilt = text.replace(', activation="softmax"', "")
    if spoilt == text:
        raise ValueError('the solution has no layer with activation="softmax"')
    return spoilt


def code_cells(text: str) -> list[str]:
    """Return the source of every code cell, without blank lines around it."""
    cells = _split(text)
    return [cell.strip("\n") for cell in cells if cell.strip()]


def _split(text: str) -> list[str]:
    """Cut at the percent markers alone: the script need not be valid Python."""
    cells: list[list[str]] = [[]]
    code = True
    for line in text.splitlines():
        if line.startswith("# %%"):
            code = "[markdown]" not in line
            cells.append([])
        elif code:
            cells[-1].append(line)
    return ["\n".join(cell) for cell in cells]
