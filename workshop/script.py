"""A lesson is a text: everything that can be known of it is read, nothing is run.

Scripts have the percent format, notebooks are turned into it. What stands before the
first `# %%` is a first cell of code. Line numbers count from 1 in the percent text.
"""

from __future__ import annotations

import codecs
import json
import re
import stat
import tokenize
from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from workshop import magics, notebooks
from workshop.blanks import Answer, Blank, MarkerError, answers, blank, blanks
from workshop.proofread import syntax_problem, undefined_names
from workshop.source import markers, tokens

__all__ = [
    "Answer",
    "Blank",
    "Cell",
    "MarkerError",
    "Script",
    "Unreadable",
    "answers",
    "blank",
    "blanks",
    "parse",
    "prose_todos",
    "read",
    "syntax_problem",
    "todo_cells",
    "undefined_names",
]

LARGEST_MB = {".ipynb": 32}
"""A notebook carries the pictures it shows; any other script has 2 MiB at most."""
LONGEST, MOST_CELLS = 100_000, 1_000
"""Characters and cells of a script without pictures: ten times a long lesson. What
is read of it must take seconds, whoever wrote it."""
NO_END = 2**31
"""A line after the last one of every script."""

_CELL = re.compile(r"#\s*%%+(\s|$)")
_PROSE = re.compile(r"\[(markdown|md|raw)\]")
_HEADING = re.compile(r"#{1,6}\s+(?:\d+[a-z]?\.\s+)?(.+)")
_TASK = re.compile(r"\*\*TODO (\d{1,4})\.\*\*")
_COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")


class Unreadable(ValueError):
    """A file is no script: `sentence` says why and what to do, at `line` if known."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.line = line


@dataclass(frozen=True)
class Cell:
    """One cell: `line` is the line of the first body line in the file.

    The text of a markdown cell comes without the leading `# `.
    """

    kind: Literal["code", "markdown"]
    text: str
    line: int


@dataclass(frozen=True)
class Script:
    """A script in percent format, its cells, and its first heading without number."""

    text: str
    cells: tuple[Cell, ...]
    title: str


def parse(text: str) -> Script:
    """Return the cells of a script; Windows line ends count as plain ones."""
    text = _plain_lines(text)
    lines = text.split("\n")
    quoted = _quoted_lines(text)
    starts = [
        number
        for number, line in enumerate(lines)
        if number not in quoted and _CELL.match(line)
    ]
    bounds = [*starts, len(lines)]
    head = "\n".join(lines[: bounds[0]]).rstrip()
    cells = [Cell("code", head, 1)] if head.strip() else []
    for number, end in pairwise(bounds):
        cells.append(_cell(lines[number], lines[number + 1 : end], number + 2))
    return Script(text, tuple(cells), _title(cells))


def todo_cells(script: Script) -> dict[int, int]:
    """Return for each TODO the index of the code cell that completes it.

    That is the last cell with its marker; without a marker, the first code cell after
    the prose that states the task.
    """
    found: dict[int, int] = {}
    for index, cell in enumerate(script.cells):
        for number in _tasks(cell):
            after = range(index + 1, len(script.cells))
            code = (i for i in after if script.cells[i].kind == "code")
            if (at := next(code, None)) is not None:
                found.setdefault(number, at)
    lines = [cell.line for cell in script.cells]
    for marker in markers(script.text):
        at = bisect_right(lines, marker.line) - 1
        if at >= 0 and script.cells[at].kind == "code":
            found[marker.todo] = at
    return found


def prose_todos(script: Script) -> list[int]:
    """Return the numbers of the tasks that the prose states, in reading order."""
    return [number for cell in script.cells for number in _tasks(cell)]


def read(path: Path) -> Script:
    """Return the script in a `.py` or `.ipynb` file; Unreadable says what is wrong."""
    text = _decode(_bytes(path), path.name)
    if path.suffix == ".ipynb":
        try:
            notebook = json.loads(text)
            sources = [notebooks.source(cell) for cell in notebook["cells"]]
            _limit(path.name, sum(map(len, sources)), len(sources))
            text = notebooks.read(notebook)
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable(
                f"{path.name} is not a notebook that can be read. Open it in Jupyter "
                "and save it again, or start from a fresh copy.",
                getattr(error, "lineno", None),
            ) from None
    if not text.strip():
        raise Unreadable(f"{path.name} is empty. Start from a fresh copy.")
    _limit(path.name, len(text), 1)
    if path.suffix != ".ipynb" and magics.are_in(text):
        text = magics.plain(text)
    script = parse(text)
    _limit(path.name, len(text), len(script.cells))
    return script


def _limit(name: str, characters: int, cells: int) -> None:
    """Refuse a script of more than LONGEST characters or MOST_CELLS cells."""
    if characters > LONGEST or cells > MOST_CELLS:
        raise Unreadable(
            f"{name} is far longer than a lesson can be: {characters:,} characters, "
            f"{cells:,} cells. Move data in it to a file beside it."
        )


def _plain_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _cell(marker: str, body: list[str], line: int) -> Cell:
    if not _PROSE.search(marker):
        return Cell("code", "\n".join(body).rstrip(), line)
    prose = [re.sub(r"^# ?", "", one) for one in body]
    return Cell("markdown", "\n".join(prose).rstrip(), line)


def _quoted_lines(text: str) -> set[int]:
    """Return the lines (from 0) that begin inside a string of several lines."""
    lines: set[int] = set()
    for token in tokens(text):
        if token.type not in (tokenize.NEWLINE, tokenize.NL, tokenize.ENDMARKER):
            lines.update(range(token.start[0], token.end[0]))
    return lines


def _title(cells: list[Cell]) -> str:
    for cell in cells:
        for line in cell.text.split("\n") if cell.kind == "markdown" else ():
            if match := _HEADING.match(line):
                return match[1].strip()
    return ""


def _tasks(cell: Cell) -> list[int]:
    return [int(n) for n in _TASK.findall(cell.text)] if cell.kind == "markdown" else []


def _bytes(path: Path) -> bytes:
    name, limit = path.name, LARGEST_MB.get(path.suffix, 2)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise Unreadable(f"{name} is a folder. Name the lesson's file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{name} is not a plain file. Name the lesson's file.")
        with path.open("rb") as file:
            data = file.read(limit * 2**20 + 1)
    except FileNotFoundError:
        raise Unreadable(f"There is no file {name} here. Check its name.") from None
    except PermissionError:
        raise Unreadable(
            f"{name} may not be read by you. Change its permissions or copy it."
        ) from None
    except OSError as error:
        reason = error.strerror or "the system gave no reason"
        raise Unreadable(
            f"{name} cannot be read: {reason}. Copy it elsewhere."
        ) from None
    if len(data) > limit * 2**20:
        raise Unreadable(
            f"{name} is larger than {limit} MiB. Clear its outputs, or data in it."
        )
    return data


def _decode(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(f"{name} is saved as UTF-16. Save it as UTF-8.", 1)
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise Unreadable(f"{name} is not a text file. Start from a fresh copy.", line)
    head = [_COOKIE.match(line) for line in data.split(b"\n")[:2]]
    encoding = next((m[1].decode() for m in head if m), "utf-8")
    try:
        return _plain_lines(data.decode(encoding))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(
            f"{name} is not {encoding.upper()} text: line {line} holds the byte "
            f"0x{data[error.start]:02X}. Save it as UTF-8.",
            line,
        ) from None
    except (LookupError, UnicodeError):
        raise Unreadable(
            f"{name} asks for the encoding {encoding!r}, which is not known. "
            "Save it as UTF-8.",
            1,
        ) from None
