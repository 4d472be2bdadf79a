"""Positions are settled once: a text, its code tokens, its brackets and its tree.

The syntax tree counts columns in bytes and forgets parentheses that only group; the
tokens know both. Strings are tokens, so a marker is only ever found in a comment.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MARKER = re.compile(r"#\s*TODO\s+(\d{1,4})\b")

_LAYOUT = {
    *(tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT),
    *(tokenize.COMMENT, tokenize.ENDMARKER),
}


@dataclass(frozen=True)
class Marker:
    """A comment `# TODO n` on a line (1-based).

    `before` is the index of the last code token before it, -1 where there is none.
    """

    todo: int
    line: int
    before: int


class Source:
    """A Python text; SyntaxError where it is none. Tokens are named by their index."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tree = parse_tree(text)
        self.code, self.markers = _read(text)
        self._lines = text.split("\n")
        self._columns: dict[int, Sequence[int]] = {}
        self._offsets = [0]
        for line in self._lines:
            self._offsets.append(self._offsets[-1] + len(line) + 1)
        self._first = {token.start: i for i, token in enumerate(self.code)}
        self._last = {token.end: i for i, token in enumerate(self.code)}
        self.opens = _match_brackets(self.code)

    def line_end(self, line: int) -> int:
        """Return the offset of the line break that ends a line (1-based)."""
        return self._offsets[line] - 1

    def start(self, token: int) -> int:
        """Return the offset at which a token starts."""
        line, column = self.code[token].start
        return self._offsets[line - 1] + column

    def end(self, token: int) -> int:
        """Return the offset at which a token ends."""
        line, column = self.code[token].end
        return self._offsets[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the first and last token of a node."""
        first = self._place(node.lineno, node.col_offset)
        last = self._place(node.end_lineno or 0, node.end_col_offset or 0)
        return self._first[first], self._last[last]

    def grouped(self, value: ast.expr, own: int = -1) -> tuple[int, int]:
        """Return the span of a value with the parentheses that only group it.

        The bracket at token `own` belongs to the parent and groups nothing.
        """
        first, last = self.span(value)
        while self.opens.get(last + 1, own) == first - 1 != own:
            if self.code[first - 1].string != "(":
                break
            first, last = first - 1, last + 1
        return first, last

    def _place(self, line: int, column: int) -> tuple[int, int]:
        if line not in self._columns:
            self._columns[line] = _columns(self._lines[line - 1])
        return line, self._columns[line][column]


def _columns(line: str) -> Sequence[int]:
    """Return the character to which each byte of a line belongs, and where it ends."""
    if line.isascii():
        return range(len(line) + 1)
    found = [at for at, one in enumerate(line) for _ in one.encode()]
    return [*found, len(line)]


def parse_tree(text: str) -> ast.Module:
    """Return the syntax tree without showing Python's warnings to anybody."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens of a text, as far as it can be read as Python."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(text, newline="\n").readline)
    except (tokenize.TokenError, SyntaxError):
        return


def markers(text: str) -> list[Marker]:
    """Return the markers in file order, as far as the text can be read."""
    return _read(text)[1]


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes in which blanks may stand, without recursion.

    Left out are subscripts, f-strings and what is assigned to or deleted.
    """
    rest: list[ast.AST] = [tree]
    while rest:
        node = rest.pop()
        if isinstance(node, ast.JoinedStr):
            continue
        if isinstance(getattr(node, "ctx", None), ast.Store | ast.Del):
            continue
        yield node
        if isinstance(node, ast.Subscript):
            rest.append(node.value)
        else:
            rest.extend(ast.iter_child_nodes(node))


def _read(text: str) -> tuple[list[tokenize.TokenInfo], list[Marker]]:
    code: list[tokenize.TokenInfo] = []
    found = []
    for token in tokens(text):
        if token.type == tokenize.COMMENT:
            if match := MARKER.match(token.string):
                found.append(Marker(int(match[1]), token.start[0], len(code) - 1))
        elif token.type not in _LAYOUT:
            code.append(token)
    return code, found


def _match_brackets(code: list[tokenize.TokenInfo]) -> dict[int, int]:
    """Return the token that opens a bracket by the token that closes it."""
    opened: list[int] = []
    opens = {}
    for i, token in enumerate(code):
        if token.type == tokenize.OP and token.string in "([{":
            opened.append(i)
        elif token.type == tokenize.OP and token.string in ")]}":
            opens[i] = opened.pop()
    return opens
