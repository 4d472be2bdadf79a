"""What is planned next time follows from what this time took.

An entry took the minutes for which it was on, without pauses of the clock; late start,
pauses and what each entry took longer add up to how late a session ended. Only a lesson
that is over, and was on for longer than a slip of the finger, is worth learning from.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from workshop.course import Lesson
from workshop.plan import Plan
from workshop.report import words
from workshop.room.agenda import MINUTE, Part, Place
from workshop.room.history import History
from workshop.room.live import Session

LEAST_MINUTES = 3.0
LATEST_SECONDS = 3 * 3600.0
"""Who begins later than that has not begun late, but on another day."""
ROUND = 5
LEAST_EXERCISE = 5

Span = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """An entry of the agenda as planned at first, and as it was.

    `begins` is its planned moment, `spans` are when it was on without pauses, `pauses`
    the pauses in between; `took` and `planned` are minutes.
    """

    part: Part
    place: Place
    begins: float
    planned: float
    spans: tuple[Span, ...]
    pauses: tuple[Span, ...]
    took: float

    @property
    def over(self) -> float:
        """Minutes longer than planned, below 0 for shorter; 0 while it may go on."""
        return 0.0 if self.place in ("now", "coming") else self.took - self.planned


def planned_begin(history: History) -> float | None:
    """Return when a session should have begun, as far as anybody said so."""
    agenda = history.session.agenda
    if agenda.started is None:
        return None
    begins = agenda.begins
    near = begins is not None and abs(agenda.started - begins) < LATEST_SECONDS
    return begins if near else agenda.started


def rows(history: History) -> list[Row]:
    """Return a row for each entry; none where the session never started."""
    agenda, begins = history.session.agenda, planned_begin(history)
    made: list[Row] = []
    for index, part in enumerate(agenda.parts) if begins is not None else ():
        spans = [(a, history.until if b is None else b) for a, b in part.spans]
        pauses = [one for span in spans for one in _pauses(history, span)]
        on = [one for span in spans for one in _without(span, pauses)]
        took = agenda.took(index, history.until) / MINUTE
        made.append(
            Row(
                *(part, agenda.place(index), begins or 0.0, part.planned),
                *(tuple(on), tuple(pauses), took),
            )
        )
        begins = (begins or 0.0) + part.planned * MINUTE
    return made


def _pauses(history: History, span: Span) -> Iterator[Span]:
    """Yield the pauses of the clock within a span."""
    for a, b in history.session.agenda.pauses:
        begin, end = max(a, span[0]), min(b or history.until, span[1])
        if begin < end:
            yield begin, end


def _without(span: Span, pauses: list[Span]) -> Iterator[Span]:
    begin, end = span
    for a, b in pauses:
        if begin <= a < end:
            yield begin, a
            begin = b
    yield begin, end


def paused(found: list[Row]) -> float:
    """Return the minutes for which the clock was paused."""
    return sum(b - a for row in found for a, b in row.pauses) / MINUTE


def late(history: History) -> float:
    """Return by how many minutes a session began later than it should have."""
    begins, started = planned_begin(history), history.began
    return 0.0 if begins is None or started is None else (started - begins) / MINUTE


def behind(history: History) -> float:
    """Return by how many minutes a session ends, or ended, later than planned."""
    agenda, begins = history.session.agenda, planned_begin(history)
    finish = agenda.clock(history.until).finish
    if begins is None or finish is None:
        return 0.0
    planned = sum(part.planned for part in agenda.parts)
    return (finish - begins) / MINUTE - planned


def lessons(history: History) -> dict[str, float]:
    """Return the minutes that each lesson took which was on and is over."""
    took: dict[str, float] = {}
    found = rows(history)
    on = {row.part.lesson for row in found if row.place == "now"}
    for row in found:
        if row.part.lesson and row.part.lesson not in on:
            took[row.part.lesson] = took.get(row.part.lesson, 0.0) + row.took
    return {stem: round(m, 1) for stem, m in took.items() if m >= LEAST_MINUTES}


def table(history: History, measured: dict[str, float]) -> str:
    """Return a plan with the minutes that were measured, as TOML for `course.toml`.

    Lessons have those of `measured`, pauses what they took this time.
    """
    session = history.session
    found = [row for row in rows(history) if _is_known(session, row)]
    stems = dict.fromkeys(row.part.lesson for row in found)
    asked = [one for one in session.course.lessons if one.stem in stems]
    parts = "\n".join(f"  {_part(row)}," for row in found)
    blocks = [
        f"[plans.measured]\ntitle = {_text(_title(session))}\n"
        f"minutes = {_length(session, found, measured)}\nparts = [\n{parts}\n]"
    ]
    blocks += [
        f"[lessons.{_key(one.stem)}]\nminutes = {{{_pairs(_minutes(one, measured))}}}"
        for one in asked
        if _minutes(one, measured) != one.minutes
    ]
    return "\n\n".join(blocks) + "\n"


def _is_known(session: Session, row: Row) -> bool:
    """Tell whether the course still has what an entry was about."""
    return row.part.lesson is None or session.lesson(row.part.lesson) is not None


def plan_of(session: Session) -> Plan | None:
    """Return the plan by which a session was begun, where the course has it."""
    titles = [(part.title, part.lesson) for part in session.agenda.parts]
    return next(
        (
            plan
            for plan in session.plans.values()
            if [(entry.title, entry.lesson) for entry in plan.entries] == titles
        ),
        None,
    )


def _title(session: Session) -> str:
    plan = plan_of(session)
    return f"{plan.title}, as measured" if plan else "As measured"


def _length(session: Session, found: list[Row], measured: dict[str, float]) -> int:
    """Return minutes that hold these parts, by the syllabus of now and as measured."""
    now, then = 0.0, 0.0
    for row in found:
        lesson = session.lesson(row.part.lesson or "")
        now += sum(lesson.minutes.values()) if lesson else _pause(row)
        then += sum(_minutes(lesson, measured).values()) if lesson else _pause(row)
    return ROUND * math.ceil(max(now, then) / ROUND)


def _minutes(lesson: Lesson, measured: dict[str, float]) -> dict[str, float]:
    """Return a lesson's minutes so that they add up to what was measured.

    Teaching and what is for the quick stay as they are; the exercise takes the rest.
    """
    if lesson.stem not in measured:
        return lesson.minutes
    others = sum(m for kind, m in lesson.minutes.items() if kind != "exercise")
    exercise = max(LEAST_EXERCISE, round(measured[lesson.stem] - others))
    return {**lesson.minutes, "exercise": exercise}


def _pause(row: Row) -> int:
    """Return the minutes of an entry that is no lesson, for the next time."""
    return max(1, round(row.took if row.place == "past" else row.planned))


def _part(row: Row) -> str:
    if row.part.lesson:
        return _text(row.part.lesson)
    return f"{{title = {_text(row.part.title)}, minutes = {_pause(row)}}}"


def _pairs(minutes: dict[str, float]) -> str:
    return ", ".join(f"{_key(kind)} = {m:g}" for kind, m in minutes.items())


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(text: str) -> str:
    """Return a text as TOML writes it, which is as JSON does where all is visible."""
    return json.dumps(words.one_line(text), ensure_ascii=False)
