"""An attendee's report is taken in a fixed form, and nothing else of it is kept.

A report that fits is a fact with a key of its own, so it counts once however often it
comes. One that does not fit is named, and the others are taken.
"""

from __future__ import annotations

import asyncio
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
    named = {number: one for one in sent[:MOST] if (number := _number(one))}
    told = [
        room.tell("reported", person.id, body, f"{person.id} {number}")
        for number, one in named.items()
        if (body := _fitting(room, one))
    ]
    await asyncio.gather(*told)
    return list(named)


def _number(sent: Any) -> str | None:
    """Return the id of a report, or None where it has none."""
    number = sent.get("id") if isinstance(sent, dict) else None
    return number if isinstance(number, str) and _ID.fullmatch(number) else None


def _fitting(room: Room, sent: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is kept of a report; None where it has not the form of one."""
    try:
        return _kept(room, sent)
    except Problem:
        return None


def _kept(room: Room, sent: dict[str, Any]) -> dict[str, Any]:
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
