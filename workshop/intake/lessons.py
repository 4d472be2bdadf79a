"""A file belongs to a lesson by its name, or else by what it says; never by a guess.

The name is the lesson's stem or a spelling that `course.find` takes, perhaps with a
person's name beside it. What a file says is its first heading, or most of the code
lines that only one exercise gives.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from workshop import script
from workshop.course import Course, CourseError
from workshop.intake import naming

LARGEST_READ = 8 * 2**20
"""Bytes of a file that is looked into to find out what it is."""
LARGEST_COUNTED = 2**18
NOT_COUNTED = 1_000_000
LEAST_LINES = 3
_HEADING = re.compile(r"# #{1,6}[ \t]+(?:\d+[a-z]?\.[ \t]+)?(.+)")
_LONGEST_LINE = 300
_SHORTEST = 8
_BETWEEN = " \t_.-"
_MAGIC = re.compile(r"^[%!]", re.MULTILINE)


@dataclass(frozen=True)
class Named:
    """What a file's name says: lesson, person ("" for none), and number of the attempt.

    `exact` says that the name is the whole stem, so that it can mean nothing else.
    `aside` is what it says besides the lesson: a person's name, or a note to oneself.
    """

    stem: str
    exact: bool
    person: str = ""
    number: int | None = 0
    aside: str = ""


class Lessons:
    """The lessons of a course as what is handed in names and quotes them."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._by_stem = {lesson.stem: lesson for lesson in course.lessons}
        longest = sorted(self._by_stem, key=len, reverse=True)
        self._forms = [(stem, *_forms(stem)) for stem in longest]

    def by_name(self, base: str) -> Named | None:
        """Return what a file name without suffix says, or None."""
        for name, number in naming.copies(base):
            for stem, form, _ in self._forms:
                if form.fullmatch(name):
                    return Named(stem, True, "", number)
            if short := self._spelt(name):
                return Named(short, False, "", number)
        for name, number in reversed([*naming.copies(base)]):
            for stem, _, form in self._forms:
                if found := form.fullmatch(name):
                    person = found["person"] or found["after"] or ""
                    aside = person or (found["rest"] or "").strip(_BETWEEN)
                    return Named(stem, bool(person), person, number, aside)
        return None

    def by_content(self, text: str) -> str | None:
        """Return the one lesson whose heading or given lines a text has, or None."""
        lines = [line.strip() for line in text[:LARGEST_COUNTED].split("\n")]
        lines = [line for line in lines if len(line) <= _LONGEST_LINE]
        heading = next(filter(None, map(_HEADING.fullmatch, lines)), None)
        titled = self._titles.get(_plain(heading[1]), []) if heading else []
        if len(titled) == 1:
            return titled[0]
        clear = [
            stem
            for stem, given in self._given.items()
            if len(given.intersection(lines)) >= max(LEAST_LINES, len(given) / 2)
        ]
        return clear[0] if len(clear) == 1 else None

    def blanks(self, stem: str, data: bytes, suffix: str) -> int:
        """Return how many blanks are left, a large number where that cannot be told."""
        text = text_of(data, suffix)
        expected = {blank.todo for blank in self._blanks(stem)}
        if not text.strip() or len(text) > LARGEST_COUNTED:
            return NOT_COUNTED
        try:
            return len(script.blanks(_MAGIC.sub("# ", text), expected))
        except Exception:  # whatever Python says to text that is not Python
            return NOT_COUNTED

    def solutions(self, stem: str) -> str:
        """Return the name of the folder in which the course has its solutions."""
        return self._by_stem[stem].solution.parent.name

    def has_our_code(self, stem: str, data: bytes, suffix: str) -> bool:
        """Tell whether a file has the code of the course's own solution."""
        code = _code(text_of(data, suffix))
        return code == _code(_text(self._by_stem[stem].solution))

    def _blanks(self, stem: str) -> list[script.Blank]:
        return script.blanks(_text(self._by_stem[stem].exercise))

    def _spelt(self, name: str) -> str | None:
        """Return the lesson by a spelling of `course.find`, without its advice."""
        if not any(name.lower() in stem.lower() for stem in self._by_stem):
            return None
        try:
            return self._course.find(name).stem
        except CourseError:
            return None

    @cached_property
    def _titles(self) -> dict[str, list[str]]:
        titles: dict[str, list[str]] = {}
        for lesson in self._course.lessons:
            titles.setdefault(_plain(lesson.title), []).append(lesson.stem)
        return titles

    @cached_property
    def _given(self) -> dict[str, set[str]]:
        """The code lines that only this lesson's exercise gives, by stem."""
        lines = {
            stem: _code_lines(_text(one.exercise))
            for stem, one in self._by_stem.items()
        }
        times = Counter(line for given in lines.values() for line in given)
        return {
            stem: {line for line in given if times[line] == 1}
            for stem, given in lines.items()
        }


def text_of(data: bytes, suffix: str) -> str:
    """Return a script, or a notebook's cells as one; "" where there is no text."""
    if len(data) > LARGEST_READ:
        return ""
    if suffix != ".ipynb":
        return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    try:
        return "\n".join(map(_cell, json.loads(data)["cells"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""


def _cell(cell: dict[str, object]) -> str:
    source = cell["source"]
    text = "".join(source) if isinstance(source, list) else str(source)
    if cell["cell_type"] == "code":
        return text
    return "\n".join(f"# {line}" for line in text.split("\n"))


@cache
def _text(path: Path) -> str:
    """Return a file of the course; "" where there is none."""
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _code(text: str) -> list[str]:
    """Return the lines that Python reads, as they follow one another."""
    lines = (line.strip() for line in text.split("\n"))
    return [line for line in lines if line and not line.startswith("#")]


def _code_lines(text: str) -> set[str]:
    """Return the lines of code that are long enough to tell something."""
    return {
        line for line in _code(text) if len(line) >= _SHORTEST and "..." not in line
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _forms(stem: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the forms of a stem alone, and with a name before or something after."""
    form = r"[\s_-]+".join(map(re.escape, re.split(r"[\s_-]+", stem)))
    before = r"(?:(?P<person>.*[^\s_-])[\s_-]+)?"
    after = r"(?: - (?P<after>.+)|(?P<rest>[\s_.-].*))?"
    flags = re.IGNORECASE | re.DOTALL
    return re.compile(form, flags), re.compile(before + form + after, flags)
