"""What an instructor can do is one table; each action checks, then writes one fact.

An action that makes no sense now is refused with 409 and changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from workshop.course import Lesson
from workshop.gradebook import GradebookError
from workshop.room import agenda, grading, works
from workshop.room.folder import RoomFolder
from workshop.room.guard import Problem, field, line
from workshop.room.people import Person
from workshop.room.room import Room

Fields = dict[str, Any]
Action = Callable[[Room, Fields], Awaitable[Fields | None]]
LONGEST_MESSAGE = 300
LONGEST_MINUTES = 600.0


async def start(room: Room, asked: Fields) -> None:
    """Begin the session by a plan of the course."""
    if room.session.agenda.state != "before":
        raise Problem(409, "This session has begun already.")
    plan = room.session.plans.get(field(asked, "plan", str))
    if plan is None:
        raise Problem(404, "This course has no such plan.")
    measured = room.measured if asked.get("measured") is True else None
    parts = [asdict(part) for part in agenda.parts(plan, measured)]
    await room.tell("started", None, {"parts": parts})


async def go_on(room: Room, asked: Fields) -> None:
    """Begin what comes next; with `from`, only where that entry is still on."""
    _is_on(room)
    if asked.get("from", room.session.agenda.current) != room.session.agenda.current:
        raise Problem(409, "This was done already.")
    coming = room.session.agenda.following()
    if coming is None:
        raise Problem(409, "Nothing more comes on the agenda: end the session.")
    await room.tell("moved", None, {"entry": coming})


async def go(room: Room, asked: Fields) -> None:
    """Begin any entry, also one that was on before."""
    _is_on(room)
    entry = _entry(room, asked)
    if entry == room.session.agenda.current:
        raise Problem(409, "This is on already.")
    if not room.session.agenda.parts[entry].minutes > 0:
        raise Problem(409, "This was left out: give it minutes first.")
    await room.tell("moved", None, {"entry": entry})


async def pause(room: Room, asked: Fields) -> None:
    if room.session.agenda.state != "running":
        raise Problem(409, "The clock does not run.")
    await room.tell("paused")


async def resume(room: Room, asked: Fields) -> None:
    if room.session.agenda.state != "paused":
        raise Problem(409, "The clock is not paused.")
    await room.tell("resumed")


async def add(room: Room, asked: Fields) -> None:
    """Give what is on some minutes more, or fewer."""
    _is_on(room)
    entry = room.session.agenda.current or 0
    minutes = room.session.agenda.parts[entry].minutes + field(asked, "minutes", float)
    await _plan(room, entry, max(minutes, 1.0))


async def shorten(room: Room, asked: Fields) -> None:
    """Give a coming entry another length; 0 leaves it out."""
    entry = _entry(room, asked)
    if room.session.agenda.place(entry) not in ("coming", "skipped"):
        raise Problem(409, "This is not to come any more.")
    await _plan(room, entry, field(asked, "minutes", float))


async def _plan(room: Room, entry: int, minutes: float) -> None:
    if not 0 <= minutes <= LONGEST_MINUTES:
        raise Problem(400, f"An entry has 0 to {LONGEST_MINUTES:g} minutes.")
    await room.tell("planned", None, {"entry": entry, "minutes": minutes})


async def end(room: Room, asked: Fields) -> None:
    _is_on(room)
    await room.tell("ended")


async def open_lesson(room: Room, asked: Fields) -> None:
    await room.tell("opened", None, {"lesson": _lesson(room, asked).stem})


async def close_lesson(room: Room, asked: Fields) -> None:
    await room.tell("closed", None, {"lesson": _lesson(room, asked).stem})


async def release(room: Room, asked: Fields) -> None:
    """Let everybody see a lesson's solution."""
    await room.tell("released", None, {"lesson": _lesson(room, asked).stem})


async def say(room: Room, asked: Fields) -> None:
    text = line(field(asked, "text", str), LONGEST_MESSAGE)
    await room.tell("said", None, {"text": text})


async def ask(room: Room, asked: Fields) -> None:
    """Open a question of a lesson's quiz."""
    lesson, number = _lesson(room, asked), field(asked, "number", int)
    if not 0 <= number < len(lesson.quiz):
        raise Problem(404, "This lesson has no such question.")
    await room.tell("asked", None, {"lesson": lesson.stem, "number": number})


async def answer(room: Room, asked: Fields) -> None:
    if room.session.poll is None:
        raise Problem(409, "No question is open.")
    await room.tell("answered")


async def clear(room: Room, asked: Fields) -> None:
    await room.tell("cleared")


async def door(room: Room, asked: Fields) -> None:
    """Let people in by the join code, or nobody new for now."""
    await room.tell("door", None, {"open": field(asked, "open", bool)})


async def leaderboard(room: Room, asked: Fields) -> None:
    await room.tell("leaderboard", None, {"on": field(asked, "on", bool)})


async def helped(room: Room, asked: Fields) -> None:
    await room.tell("helped", _person(room, asked).id)


async def code(room: Room, asked: Fields) -> Fields:
    """Return a code that lets one device more in as this person."""
    return {"code": room.codes.make(_person(room, asked).id, room.now)}


async def remove(room: Room, asked: Fields) -> None:
    """End all that somebody's devices show; what they handed in stays with us."""
    await room.tell("removed", _person(room, asked).id)


async def grades(room: Room, asked: Fields) -> Fields:
    """Take over what boxes found of the works that were handed in; return how many."""
    path = room.journal.path
    home, found = RoomFolder.of(path), works.last(room.session)
    if not home.book.is_file():
        raise Problem(409, "Nothing was graded in this room's folder yet.")
    try:
        made = await asyncio.to_thread(
            grading.verdicts, found, home.works(path), room.session.course, home.book
        )
    except GradebookError as error:
        raise Problem(409, str(error)) from None
    return {"graded": await grading.take(room.journal, made)}


ACTIONS: dict[str, Action] = {
    **{"start": start, "next": go_on, "go": go, "pause": pause, "resume": resume},
    **{"add": add, "shorten": shorten, "end": end, "open": open_lesson},
    **{"close": close_lesson, "release": release, "say": say, "ask": ask},
    **{"answer": answer, "clear": clear, "leaderboard": leaderboard},
    **{
        "door": door,
        "helped": helped,
        "code": code,
        "remove": remove,
        "grades": grades,
    },
}


def _is_on(room: Room) -> None:
    state = room.session.agenda.state
    if state == "before":
        raise Problem(409, "The session has not begun: start it first.")
    if state == "ended":
        raise Problem(409, "The session has ended.")


def _entry(room: Room, asked: Fields) -> int:
    entry = field(asked, "entry", int)
    if not 0 <= entry < len(room.session.agenda.parts):
        raise Problem(404, "The agenda has no such entry.")
    return entry


def _lesson(room: Room, asked: Fields) -> Lesson:
    lesson = room.session.lesson(field(asked, "lesson", str))
    if lesson is None:
        raise Problem(404, "This course has no such lesson.")
    return lesson


def _person(room: Room, asked: Fields) -> Person:
    person = room.session.people.get(field(asked, "person", int))
    if person is None:
        raise Problem(404, "Nobody here has this number.")
    return person
