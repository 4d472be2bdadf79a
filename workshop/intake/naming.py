"""What a learning platform writes into a name is read back, and nothing else is.

A `Label` is what one folder or file name says of who handed something in. The forms
are those that the platforms' own sources and the tools around them show: Moodle
(`mod/assign/classes/downloader.php`), Canvas (`lib/content_zipper.rb` and
`quiz_submission_zipper.rb`), Blackboard's gradebook and Brightspace (D2L) downloads,
and Microsoft Teams' folders.
Names are data: shown, compared, and never used to open anything.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

HIDDEN = ".workshop"
KEPT = "kept"
LONGEST = 200
"""Characters of a person's name that are shown."""
LONGEST_PATH = 400
LONGEST_NAME = 255
"""Bytes of a file's name, as systems have them."""

_JUNK = {
    *("__pycache__", ".ipynb_checkpoints", "__macosx", ".ds_store", "thumbs.db"),
    *("desktop.ini", ".git", ".venv", "venv", "node_modules"),
    *(".noai", ".vscode", ".zed", ".idea"),
}
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_DATE = re.compile(r"([A-Za-z]{3})\w*\.? (\d{1,2}), (\d{4}) (\d{1,2}):?(\d\d) ([AP])M")
_SORTED = re.compile(r"\d{4}(?:-\d\d){5}")
_JOINERS = "\u200c\u200d"
"""Format characters that Persian and Indian names are written with."""

_FORMS = [
    # Moodle, as folders and flat; a group without a number is its default group.
    r"(?P<person>.+?)(?:_(?P<mark>\d+))?_assignsubmission_(?P<kind>[a-z]+)"
    r"(?:_(?P<rest>.*))?",
    # Canvas: a quiz; then name, perhaps LATE, person, attachment
    # (which is no year or date, as in `week_1_2024_monday`).
    r"(?P<person>[^\W\d_].*?)(?P<mark>\d+)_question_\d+_\d+_(?P<rest>.+)",
    r"(?P<person>[^\W\d_]\w*?)(?:_LATE)?_(?P<mark>[1-9]\d*)"
    r"_(?!(?:19|20)\d\d(?:\d{4})?_)[1-9]\d{2,}_(?P<rest>.+)",
    r"(?P<person>[^\W\d_]\w*?)(?:_LATE)?_(?P<mark>[1-9]\d*)"
    r"_(?P<rest>(?P<kind>text|link)\.html)",
    r"(?:LATE_)?(?P<person>anon_[0-9A-Za-z]{5})_[1-9]\d*_(?P<rest>.+)",
    # Blackboard: assignment, user, time; the text file is its own.
    r"(?:(?:(?!_attempt_\d{4}-).)+_)?(?P<person>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})"
    r"(?:_(?P<rest>.+)|\.(?P<kind>txt))",
    # Brightspace: user and course, name, time; a folder or a file.
    r"(?P<mark>\d+)(?:-\d+)? - (?P<person>.+?) - (?P<when>[^-]*\b\d{4}\b[^-]*?)"
    r"(?: - (?P<rest>.+))?",
]
_LABELS = [re.compile(form, re.DOTALL) for form in _FORMS]
_NOTES = {"onlinetext", "comments", "text", "link", "txt"}

_NUMBERED = [
    re.compile(r"(?P<base>.+?)\s*\((?P<number>\d{1,3})\)"),
    re.compile(r"(?P<base>.+)-(?P<number>\d{1,3})"),
]
_COPIED = [
    re.compile(
        r"(?P<base>.+?)[\s_-]+(?:copy|kopie|kopia|copie|copia|cópia)[\s_-]*\d*", re.I
    ),
    re.compile(
        r"(?:copy of|kopie v[oa]n|copie de|copia de|cópia de) (?P<base>.+)", re.I
    ),
]
_VERSION = re.compile(r"version (\d{1,3})", re.I)  # a folder of Microsoft Teams


@dataclass(frozen=True)
class Label:
    """What a platform wrote into one name.

    `mark` tells two people of one name apart, `rest` is the file's own name ("" for a
    folder), `when` sorts the attempts of one person by time where the platform noted
    it. A `note` was typed into the platform or written by it.
    """

    person: str
    mark: str = ""
    rest: str = ""
    when: str = ""
    note: bool = False


def label(name: str) -> Label | None:
    """Return what a platform wrote into a name, or None where none did.

    What ends first counts: all after it was written by whom it names.
    """
    if len(name) > LONGEST_NAME:
        return None
    found = [one for form in _LABELS if (one := form.fullmatch(name))]
    if not found:
        return None
    first = max(found, key=lambda one: len(one.groupdict().get("rest") or ""))
    said = {key: value or "" for key, value in first.groupdict().items()}
    return Label(
        said["person"],
        said.get("mark", ""),
        said.get("rest", ""),
        _sortable(said.get("when", "")),
        said.get("kind", "") in _NOTES,
    )


def copies(base: str) -> Iterator[tuple[str, int | None]]:
    """Yield a name without suffix, then with one sign of a copy after another removed.

    With each comes the number of the attempt: 0 where there is no sign, the number in
    `-1` or `(1)`, None where a copy says nothing of its age (`Copy of …`).
    """
    number: int | None = 0
    yield base, number
    while found := _first(_NUMBERED, base) or _first(_COPIED, base):
        told = found.groupdict().get("number")
        number = None if told is None or number is None else max(number, int(told))
        base = found["base"]
        yield base, number


def length(name: str) -> int:
    """Return how many bytes a name of a file has where it is written."""
    return len(name.encode("utf-8", "surrogatepass"))


def version(folder: str) -> int:
    """Return the number of the attempt that a folder is named for, 0 for others."""
    found = _VERSION.fullmatch(folder)
    return int(found[1]) if found else 0


def is_junk(parts: tuple[str, ...]) -> bool:
    """Tell whether a path is one that is passed over, by its last name.

    Of `.workshop` the folder itself, `kept` and what lies directly in it count.
    """
    name = parts[-1].lower()
    if name in _JUNK or name.startswith("._"):
        return True
    if HIDDEN not in parts:
        return False
    below = parts[parts.index(HIDDEN) + 1 :]
    return len(below) > 2 or (bool(below) and below[0] != KEPT)


def person(raw: str) -> str:
    """Return a name as it is shown: at most 200 characters, none that acts or hides.

    A name that had to be changed ends in a digest of what it was, so that two names
    stay two. The same letters written in two ways of Unicode are one name.
    """
    name = unicodedata.normalize("NFC", raw)
    shown = visible(name)
    if shown == name and len(name) <= LONGEST:
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{shown[: LONGEST - 14]} #{digest}"


def split(name: str) -> tuple[str, str]:
    """Return a file name without its suffix, and the suffix in small letters."""
    base, dot, suffix = name.rpartition(".")
    return (base, f".{suffix.lower()}") if base and dot else (name, "")


def visible(text: str) -> str:
    """Return a text in which characters that act or hide are shown as U+FFFD."""
    if text.isprintable():
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if _acts(one) else one for one in text)


def shown(path: str) -> str:
    """Return a path as it is shown."""
    path = visible(path)
    return path if len(path) <= LONGEST_PATH else f"…{path[1 - LONGEST_PATH :]}"


def _acts(one: str) -> bool:
    kind = unicodedata.category(one)
    return kind in ("Cc", "Cs", "Zl", "Zp") or (kind == "Cf" and one not in _JOINERS)


def _first(forms: list[re.Pattern[str]], base: str) -> re.Match[str] | None:
    return next((found for one in forms if (found := one.fullmatch(base))), None)


def _sortable(when: str) -> str:
    """Return a time that sorts; "" for Brightspace's in a language we cannot read."""
    found = _DATE.fullmatch(when)
    if not found:
        return when if _SORTED.fullmatch(when) else ""
    month, day, year, hour, minute, half = found.groups()
    place, odd = divmod(_MONTHS.find(month.lower()), 3)
    hours = int(hour) % 12 + (12 if half == "P" else 0)
    sorted_form = f"{year}-{place + 1:02}-{int(day):02}-{hours:02}-{minute}"
    return "" if odd else sorted_form
