"""Time is regained where it costs least: first what is done, last a whole lesson.

A proposal names the minutes it brings, from what was measured: who has solved what by
now, and how long a lesson took in earlier sessions. The instructor decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workshop.room.agenda import Part
from workshop.room.live import Session

BEHIND = 2.0
"""Minutes that are worth a proposal."""
MOST = 5
ENOUGH = 0.8
"""The share of a class that has solved a lesson when one may go on."""
LEAST_PAUSE = 5


@dataclass(frozen=True)
class Proposal:
    """A sentence, the minutes it regains, and the action of the board that does it."""

    text: str
    minutes: float
    action: str
    body: dict[str, Any] = field(default_factory=dict)


def proposals(
    session: Session, now: float, measured: dict[str, float]
) -> list[Proposal]:
    """Return ways to regain what a session is behind; a lesson is left out last."""
    behind = session.agenda.clock(now).behind
    if session.agenda.state not in ("running", "paused") or behind < BEHIND:
        return []
    gentle = [*_now(session, now), *_coming(session, measured)]
    made = gentle[:MOST]
    if sum(one.minutes for one in made) < behind:
        made = made[: MOST - 1] + [*_whole(session)][-1:]
    return made


def _now(session: Session, now: float) -> Iterator[Proposal]:
    """Yield what the entry that is on could give."""
    index, left = session.agenda.current, session.agenda.clock(now).left / 60
    if index is None or left < 1:
        return
    part = session.agenda.parts[index]
    solved, working = _done(session, part)
    if working and solved / working >= ENOUGH:
        text = f"{solved} of {working} have solved it: going on now"
        yield Proposal(_regains(text, left), math.floor(left), "next")
    elif (stretch := _stretch(session, part)) and stretch <= left:
        text = f"Skipping the stretch goal of {part.lesson}"
        yield Proposal(_regains(text, stretch), stretch, "add", {"minutes": -stretch})


def _done(session: Session, part: Part) -> tuple[int, int]:
    """Return how many have solved what is on, and how many have begun it."""
    found = [
        standing
        for person in session.people.values()
        if (standing := person.lessons.get(part.lesson or "")) and standing.tries
    ]
    return sum(one.solved is not None for one in found), len(found)


def _coming(session: Session, measured: dict[str, float]) -> Iterator[Proposal]:
    """Yield what coming entries could give: lessons first, then pauses."""
    coming = list(_parts_ahead(session))
    for index, part in coming:
        quick = math.ceil(measured.get(part.lesson or "", part.minutes))
        stretch = _stretch(session, part)
        if quick < part.minutes:
            text = f"{part.lesson} took {quick} minutes before: planning that"
            yield _shorter(text, index, part, quick)
        elif stretch and part.minutes >= part.planned:
            text = f"Skipping the stretch goal of {part.lesson}"
            yield _shorter(text, index, part, part.minutes - stretch)
    for index, part in coming:
        short = max(LEAST_PAUSE, math.floor(part.minutes * 3 / 4))
        if (
            part.lesson is None
            and part.minutes >= part.planned
            and short < part.minutes
        ):
            text = f"{short} minutes for “{part.title}”"
            yield _shorter(text, index, part, short)


def _whole(session: Session) -> Iterator[Proposal]:
    """Yield lessons that could be left out; the last one of the day is none of them."""
    lessons = [(i, part) for i, part in _parts_ahead(session) if part.lesson]
    for index, part in lessons[:-1]:
        yield _shorter(f"Leaving out {part.lesson}", index, part, 0)


def _parts_ahead(session: Session) -> Iterator[tuple[int, Part]]:
    for index, part in enumerate(session.agenda.parts):
        if session.agenda.place(index) == "coming":
            yield index, part


def _stretch(session: Session, part: Part) -> float:
    lesson = session.lesson(part.lesson or "")
    return lesson.minutes.get("stretch", 0.0) if lesson else 0.0


def _shorter(text: str, index: int, part: Part, minutes: float) -> Proposal:
    regained = part.minutes - minutes
    body = {"entry": index, "minutes": minutes}
    return Proposal(_regains(text, regained), regained, "shorten", body)


def _regains(text: str, minutes: float) -> str:
    count = math.floor(minutes)
    return f"{text} regains {count} minute{'' if count == 1 else 's'}."
