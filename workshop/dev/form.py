"""All lessons read alike: what can be measured of that is measured.

The measures are those of a page on a screen in a classroom: prose of 79 columns, code
cells of twelve lines that need no comment, and no word that makes a learner feel slow.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from workshop.dev.problem import Problem
from workshop.script import Cell, Script
from workshop.source import parse_tree, tokens

WIDEST_PROSE = 79
LONGEST_CELL = 12
FORBIDDEN = re.compile(r"\b(simply|just|obviously|easy)\b", re.IGNORECASE)

_TITLE = re.compile(r"# (\d+[a-z]?)\. \S")
_MARKER = re.compile(r"# TODO \d+")


def form(path: Path, lesson: Script) -> list[Problem]:
    """Return what in a solution is not as a lesson reads."""
    found = [*_title(path.stem, lesson), *_comments(lesson), *_last_function(lesson)]
    for cell in lesson.cells:
        found += _prose(cell) if cell.kind == "markdown" else _code(cell)
    return [Problem(path, line, said) for line, said in sorted(found)]


def _title(stem: str, lesson: Script) -> Iterator[tuple[int, str]]:
    number = stem.partition("_")[0].lstrip("0")
    first = lesson.cells[0] if lesson.cells else Cell("code", "", 1)
    title = _TITLE.match(first.text) if first.kind == "markdown" else None
    if title is None:
        said = (
            f"The lesson has no title. Begin with prose: # # {number}. Verb the thing."
        )
        yield first.line, said
    elif title[1] != number:
        yield first.line, f"The title has number {title[1]}. {stem} is {number}."


def _prose(cell: Cell) -> Iterator[tuple[int, str]]:
    for line, text in enumerate(cell.text.split("\n"), cell.line):
        if len(text) + len("# ") > WIDEST_PROSE:
            yield line, f"This prose is {len(text) + 2} columns wide. Wrap it at 79."
        if word := FORBIDDEN.search(text):
            yield line, f"“{word[0]}” makes a learner feel slow. Leave it out."


def _code(cell: Cell) -> Iterator[tuple[int, str]]:
    lines = cell.text.strip("\n").count("\n") + 1
    if lines > LONGEST_CELL:
        said = (
            f"This cell has {lines} lines. Split it, or shorten it to {LONGEST_CELL}."
        )
        yield cell.line, said


def _comments(lesson: Script) -> Iterator[tuple[int, str]]:
    inside = {
        line
        for cell in lesson.cells
        if cell.kind == "code"
        for line in range(cell.line, cell.line + cell.text.count("\n") + 1)
    }
    for token in tokens(lesson.text):
        comment = token.string.startswith("#") and token.start[0] in inside
        if comment and not _MARKER.fullmatch(token.string):
            said = f"Code has no comments but “# TODO n”. Say in prose: {token.string}"
            yield token.start[0], said


def _last_function(lesson: Script) -> Iterator[tuple[int, str]]:
    code = [cell for cell in lesson.cells if cell.kind == "code"]
    body = parse_tree(code[-1].text).body if code else []
    if not any(isinstance(node, ast.FunctionDef) for node in body):
        line = code[-1].line if code else 1
        yield (
            line,
            "The last cell of code defines no function. End with one that "
            "takes raw input and answers, as a user would call it.",
        )
