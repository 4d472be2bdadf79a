"""Who was there, from when to when, and what they reached, as a sheet."""

from __future__ import annotations

import datetime

from workshop.report import sheets
from workshop.room.live import Session
from workshop.room.people import Standing

HEADS = ("name", "joined", "last seen", "solved", "reached", "handed in")


def sheet(session: Session) -> str:
    """Return a row for each attendee, in the order of their coming."""
    rows = [
        (
            *(person.name, moment(person.joined), moment(person.seen)),
            *(_which(person.lessons, "solved"), " ".join(person.reached)),
            _which(person.lessons, "handed_in"),
        )
        for person in session.people.values()
    ]
    return sheets.sheet(HEADS, rows)


def moment(at: float) -> str:
    """Return a moment by the clock of this machine: "2026-11-29 09:05"."""
    return f"{datetime.datetime.fromtimestamp(at):%Y-%m-%d %H:%M}"


def _which(lessons: dict[str, Standing], what: str) -> str:
    return " ".join(stem for stem, one in lessons.items() if getattr(one, what))
