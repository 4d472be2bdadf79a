"""A file is named after a person, but never by them: a name is data, not a path.

What is left of a name are the letters and digits that every file system takes alike,
in lower case. Where two would be alike, the later one gets a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from workshop.report import words

_LONGEST = 60
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])")
"""Names that Windows takes for devices, whatever ending they have."""


def of_files(texts: Iterable[str]) -> dict[str, str]:
    """Return a file's name, without an ending, for each of different texts.

    The same texts in the same order get the same names.
    """
    made: dict[str, str] = {}
    taken: set[str] = set()
    for text in texts:
        plain, number = slug(text), 2
        name = plain
        while name in taken:
            name, number = f"{plain}-{number}", number + 1
        taken.add(name)
        made[text] = name
    return made


def slug(text: str) -> str:
    """Return a text as 1 to 60 characters of a-z, 0-9, _ and -; "person" for none."""
    letters = unicodedata.normalize("NFKD", words.one_line(text))
    letters = letters.encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9_]+", "-", letters.lower()).strip("-")[:_LONGEST]
    plain = plain.rstrip("-") or "person"
    return f"{plain}-" if _DEVICES.fullmatch(plain) else plain
