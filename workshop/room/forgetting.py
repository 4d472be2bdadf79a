"""Who asks to be forgotten is gone down to the bytes, and what a class did stays true.

Of an attendee the facts stay that count, without name, words, works and keys; the
others keep the names they had. Their grades go from the gradebook by their name. What
was collected, exported or copied elsewhere is beyond reach.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workshop.course import Course
from workshop.gradebook.forgetting import forget as forget_grades
from workshop.gradebook.forgetting import scrub
from workshop.intake import naming
from workshop.room import journal
from workshop.room.folder import REPORTS, SESSIONS, WORKS, RoomFolder
from workshop.room.journal import Fact, JournalError
from workshop.room.live import Session
from workshop.room.works import folder_name

GONE = "(removed)"
DELETED = {"device", "nickname", "handed_in"}
"""Facts that are about nothing but a person."""


@dataclass(frozen=True)
class Forgotten:
    """What became of an attendee: works and grades deleted."""

    works: int
    grades: int


def names(session: Path, course: Course) -> dict[int, str]:
    """Return everybody who ever joined a session by id, also those removed since."""
    made, found = Session(course), {}
    for fact in journal.read(session):
        made.apply(fact)
        if fact.kind == "joined":
            found[fact.id] = made.people[fact.id].name
    return found


def person(home: RoomFolder, session: Path, course: Course, name: str) -> Forgotten:
    """Forget all attendees of this name in a session.

    The room must be closed. Raises JournalError, GradebookError and OSError; begun
    again, it goes on.
    """
    known = names(session, course)
    gone = {number for number, one in known.items() if one == name}
    facts = [*journal.read(session)]
    works = _works(facts, gone)
    for sha256 in works:
        (home.works(session) / sha256).unlink(missing_ok=True)
    home.report(session).unlink(missing_ok=True)
    stored = {_stored(number, name) for number in gone} | {naming.person(name)}
    grades = forget_grades(home.book, stored) if home.book.is_file() else 0
    _rewrite(session, facts, [*_changed(facts, gone, known)], gone)
    return Forgotten(len(works), grades)


def everything(home: RoomFolder) -> None:
    """Delete all that names people, of every session; raises OSError."""
    for name in (SESSIONS, WORKS, REPORTS):
        if (home.path / name).is_dir():
            shutil.rmtree(home.path / name)
    for path in home.path.glob(f"{home.book.name}*"):
        path.unlink()


def _stored(number: int, name: str) -> str:
    """Return the name under which a grader meets an attendee."""
    found = naming.label(folder_name(number, name))
    return naming.person(found.person if found else name)


def _works(facts: list[Fact], gone: set[int]) -> set[str]:
    """Return the SHA-256 of works that nobody else handed in."""
    handed_in = [fact for fact in facts if fact.kind == "handed_in"]
    mine = {fact.body["sha256"] for fact in handed_in if fact.person in gone}
    return mine - {f.body["sha256"] for f in handed_in if f.person not in gone}


def _changed(
    facts: list[Fact], gone: set[int], known: dict[int, str]
) -> Iterator[Fact]:
    """Yield the facts that stay, as they stay."""
    words = {known[number] for number in gone}
    words |= {fact.body["name"] for fact in facts if fact.id in gone}
    for fact in facts:
        body = fact.body
        if fact.kind == "joined":
            token = "" if fact.id in gone else body["token"]
            name = GONE if fact.id in gone else known[fact.id]
            yield replace(fact, body={"name": name, "token": token})
        elif fact.kind == "said":
            yield replace(fact, body={"text": _without(body["text"], words)})
        elif fact.person not in gone:
            yield fact
        elif fact.kind not in DELETED:
            yield replace(
                fact, body=body | {"advice": {}} if "advice" in body else body
            )


def _without(text: str, words: set[str]) -> str:
    """Return a text in which nobody is named any more."""
    for word in sorted(words, key=len, reverse=True):
        whole = rf"(?<!\w){re.escape(word)}(?!\w)"
        text = re.sub(whole, GONE, text, flags=re.IGNORECASE)
    return text


def _rewrite(path: Path, before: list[Fact], after: list[Fact], gone: set[int]) -> None:
    """Change a journal to the facts that stay, in one step, and scrub its file."""
    stay = {fact.id: fact for fact in after}
    changed = [fact.id for fact in before if stay.get(fact.id) != fact]
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as file:
            file.execute("pragma secure_delete = on")
            file.execute("begin immediate")
            for number in gone:
                file.execute("update fact set key = null where person = ?", (number,))
            for number in changed:
                _write(file, number, stay.get(number))
            file.execute("commit")
            scrub(file)
    except sqlite3.Error as error:
        raise JournalError(f"{path} was not changed: {error}.") from None


def _write(file: sqlite3.Connection, number: int, fact: Fact | None) -> None:
    if fact is None:
        file.execute("delete from fact where id = ?", (number,))
    else:
        body = json.dumps(fact.body)
        file.execute("update fact set body = ? where id = ?", (body, number))
