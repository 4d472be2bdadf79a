"""One rule turns a solution into an exercise, and only the syntax tree applies it.

A comment `# TODO n` closes the smallest *candidate* that ends on its line: a simple
statement, a call argument, an element of a bracketed list, tuple or set, or the value
of a dict entry. The lines of that candidate are the answer of TODO n. An assignment
keeps its left side, an argument its keyword or star, a `return` its `return`; the rest
becomes `...`, and nothing else in the file changes. A `...` inside a subscript is
never a blank: `images[..., None]` is an answer.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from workshop.source import Marker, Source, walk

_SIMPLE = (
    *(ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Delete),
    *(ast.Pass, ast.Raise, ast.Assert, ast.Import, ast.ImportFrom, ast.Global),
    *(ast.Nonlocal, ast.Break, ast.Continue),
    *((ast.TypeAlias,) if hasattr(ast, "TypeAlias") else ()),
)
_WITH_LEFT_SIDE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return)


class MarkerError(ValueError):
    """A marker closes nothing: `sentence` tells the author what to do, at `line`."""

    def __init__(self, sentence: str, line: int) -> None:
        super().__init__(f"line {line}: {sentence}")
        self.sentence = sentence
        self.line = line


@dataclass(frozen=True)
class Answer:
    """What a marker closes: `code` is the text to blank, lines are 1-based."""

    todo: int
    first_line: int
    last_line: int
    code: str


@dataclass(frozen=True)
class Blank:
    """A `...` that waits for TODO `todo` on a line (1-based)."""

    todo: int
    line: int


@dataclass(frozen=True)
class _Candidate:
    """What may be an answer, from one code token to another (both included).

    `keeps_left` says that something before `first` belongs to it and stays, `group`
    names the list of the syntax tree in which it stands.
    """

    first: int
    last: int
    keeps_left: bool
    group: tuple[int, str]


@dataclass(frozen=True)
class _Found:
    """The answer of a marker, from offset `start` to `end`.

    `alone` says that nothing else of the code stands on its lines.
    """

    answer: Answer
    start: int
    end: int
    alone: bool
    group: tuple[int, str]


def answers(text: str) -> list[Answer]:
    """Return the answer of each marker in file order.

    MarkerError for a marker that closes nothing or stands inside another answer;
    SyntaxError where `text` is not Python.
    """
    return [found.answer for found in _find_all(Source(text))]


def blank(text: str) -> str:
    """Return the exercise for a solution; the same errors as `answers`.

    Adjacent lines under one number that keep nothing become one `...`.
    """
    source = Source(text)
    for run in reversed(_runs(_find_all(source))):
        first, last = run[0], run[-1]
        stop = source.line_end(first.answer.last_line)
        rest = source.line_end(last.answer.last_line)
        text = text[: first.start] + "..." + text[first.end : stop] + text[rest:]
    return text


def blanks(text: str, expected: Iterable[int] | None = None) -> list[Blank]:
    """Return the blanks of a script in file order; SyntaxError where it is not Python.

    A `...` belongs to the marker on its line, or to the one whose answer it is part
    of. Where the marker was deleted it takes the smallest number of `expected` that
    follows the last marker above and that nothing else in the file carries; if there
    is none, it is the learner's own `...` and no blank.
    """
    source = Source(text)
    free = set(expected or ()) - {marker.todo for marker in source.markers}
    closed = _closed_lines(source)
    found = []
    for line in _ellipses(source.tree):
        todo = closed.get(line)
        if todo is None:
            above = [mark.todo for mark in source.markers if mark.line < line]
            after = (above or [0])[-1]
            todo = min((number for number in free if number > after), default=None)
        if todo is not None:
            free.discard(todo)
            found.append(Blank(todo, line))
    return found


def _closed_lines(source: Source) -> dict[int, int]:
    """Return the number of every line that carries a marker or its answer."""
    candidates = _candidates_by_last(source)
    lines: dict[int, int] = {}
    for marker in source.markers:
        try:
            answer = _find(source, candidates, marker).answer
        except MarkerError:
            continue
        for line in range(answer.first_line, answer.last_line + 1):
            lines[line] = marker.todo
    return lines | {marker.line: marker.todo for marker in source.markers}


def _ellipses(tree: ast.AST) -> list[int]:
    """Return the lines of the `...` outside subscripts, in file order."""
    found = [
        (node.lineno, node.col_offset)
        for node in walk(tree)
        if isinstance(node, ast.Constant) and node.value is ...
    ]
    return [line for line, _ in sorted(found)]


def _find_all(source: Source) -> list[_Found]:
    candidates = _candidates_by_last(source)
    found = [_find(source, candidates, marker) for marker in source.markers]
    for before, after in pairwise(found):
        if after.start < before.end:
            raise MarkerError(
                f"TODO {before.answer.todo} lies inside the answer of TODO "
                f"{after.answer.todo}. Remove one of the two markers.",
                before.answer.last_line,
            )
    return found


def _find(
    source: Source, candidates: dict[int, list[_Candidate]], marker: Marker
) -> _Found:
    """Return what a marker closes; MarkerError where that is nothing."""
    ends = [marker.before]
    if marker.before > 0 and source.code[marker.before].string == ",":
        ends.append(marker.before - 1)
    on_line = [i for i in ends if i >= 0 and source.code[i].end[0] == marker.line]
    choice = [one for i in on_line for one in candidates.get(i, [])]
    if not choice:
        raise MarkerError(_advice(source, marker), marker.line)
    best = max(choice, key=lambda candidate: candidate.first)
    start, end = source.start(best.first), source.end(best.last)
    first_line = source.code[best.first].start[0]
    answer = Answer(marker.todo, first_line, marker.line, source.text[start:end])
    ahead = source.text[source.line_end(first_line - 1) + 1 : start]
    alone = not best.keeps_left and not ahead.strip()
    return _Found(answer, start, end, alone, best.group)


def _advice(source: Source, marker: Marker) -> str:
    line = [token.string for token in source.code if token.start[0] == marker.line]
    name = f"TODO {marker.todo}"
    if not line:
        return f"{name} stands alone. Put it on the line where its answer ends."
    if line[0] == "@":
        return f"{name} marks a decorator. Mark a line of the function's body."
    if line[-1] == ":":
        return f"{name} marks the head of a block. Mark a line of its body."
    return (
        f"No statement, argument, element or entry ends where {name} stands. "
        "Move it to the line where the whole answer ends."
    )


def _runs(found: list[_Found]) -> list[list[_Found]]:
    """Return the answers in groups: each group becomes one `...`."""
    runs: list[list[_Found]] = []
    for one in found:
        if runs and _continues(runs[-1][-1], one):
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _continues(before: _Found, after: _Found) -> bool:
    return (
        (before.alone and after.alone)
        and before.group == after.group
        and before.answer.todo == after.answer.todo
        and before.answer.last_line + 1 == after.answer.first_line
    )


def _candidates_by_last(source: Source) -> dict[int, list[_Candidate]]:
    """Return all candidates by the token with which they end."""
    found: dict[int, list[_Candidate]] = {}
    for parent in walk(source.tree):
        for candidate in _candidates(source, parent):
            found.setdefault(candidate.last, []).append(candidate)
    return found


def _candidates(source: Source, parent: ast.AST) -> Iterator[_Candidate]:
    for field, members in ast.iter_fields(parent):
        for node in members if isinstance(members, list) else ():
            group = (id(parent), field)
            if isinstance(node, _SIMPLE):
                yield _statement(source, node, group)
            elif isinstance(parent, ast.expr) and _takes(source, parent, field):
                yield _item(source, parent, node, group)


def _takes(source: Source, parent: ast.expr, field: str) -> bool:
    """Say whether the members of a field may be answers."""
    if isinstance(parent, ast.Tuple):
        first, last = source.span(parent)
        return source.opens.get(last) == first
    return (type(parent), field) in {
        *((ast.Call, "args"), (ast.Call, "keywords"), (ast.Dict, "values")),
        *((ast.List, "elts"), (ast.Set, "elts")),
    }


def _statement(source: Source, node: ast.stmt, group: tuple[int, str]) -> _Candidate:
    first, last = source.span(node)
    value = getattr(node, "value", None)
    if isinstance(node, _WITH_LEFT_SIDE) and value is not None:
        return _Candidate(source.grouped(value)[0], last, True, group)
    return _Candidate(first, last, False, group)


def _item(
    source: Source,
    parent: ast.expr,
    node: ast.expr | ast.keyword,
    group: tuple[int, str],
) -> _Candidate:
    end = source.span(parent)[1]
    own = source.opens[end] if isinstance(parent, ast.Call) else -1
    marked = isinstance(node, ast.keyword | ast.Starred)
    value = node.value if isinstance(node, ast.keyword | ast.Starred) else node
    if isinstance(value, ast.GeneratorExp) and source.span(value) == (own, end):
        return _Candidate(own + 1, end - 1, False, group)
    first, last = source.grouped(value, own)
    return _Candidate(first, last, marked or isinstance(parent, ast.Dict), group)
