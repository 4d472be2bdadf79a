"""An attendee's report is taken in a fixed form, and nothing else of it is kept.

A report that fits is a fact with a key of its own, so it counts once however often it
comes. One that does not fit is named, and the others are taken.
"""

from __future__ import annotations

import re
from typing import Any

from workshop.report import words
from workshop.room.guard import Problem, field
from workshop.room.people import LETTERS, Person
from workshop.room.room import Room

MOST = 50
LARGEST = 1_000_000
LONGEST_ADVICE = 300
LONGEST_AGE = 14 * 24 * 3600.0
_ID = re.compile(r"[0-9a-f]{32}")


async def take(room: Room, person: Person, sent: list[Any]) -> list[str]:
    """Write down the reports that fit; return the ids of those not to be sent again.

    What does not fit, or is of another course, will not fit later either.
    """
    taken = []
    for one in sent[:MOST]:
        number = one.get("id") if isinstance(one, dict) else None
        if not isinstance(number, str) or not _ID.fullmatch(number):
            continue
        try:
            body = _fitting(room, one)
        except Problem:
            taken.append(number)
            continue
        await room.tell("reported", person.id, body, f"{person.id} {number}")
        taken.append(number)
    return taken


def _fitting(room: Room, sent: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a report; Problem where it has not the form of one."""
    lesson = room.session.lesson(field(sent, "lesson", str))
    outcome = field(sent, "outcome", str)
    if lesson is None or outcome not in LETTERS:
        raise Problem(400, "It is no report of a lesson of this course.")
    names = {check.name for check in lesson.checks}
    age = min(max(field(sent, "age", float), 0.0), LONGEST_AGE)
    return {
        **{"lesson": lesson.stem, "outcome": outcome, "age": age},
        "checks": _checks(field(sent, "checks", list), names),
        "advice": _advice(sent.get("advice"), names),
    }


def _checks(sent: list[Any], names: set[str]) -> list[list[str]]:
    """Return the outcomes of checks that the lesson has."""
    pairs = [one for one in sent if isinstance(one, list) and len(one) == 2]
    found = {
        name: outcome
        for name, outcome in pairs
        if isinstance(name, str) and isinstance(outcome, str)
    }
    return [[n, o] for n, o in found.items() if n in names and o in LETTERS]


def _advice(sent: Any, names: set[str]) -> dict[str, str]:
    pairs = sent.items() if isinstance(sent, dict) else ()
    return {
        name: words.one_line(text[: 4 * LONGEST_ADVICE])[:LONGEST_ADVICE]
        for name, text in pairs
        if name in names and isinstance(text, str)
    }
