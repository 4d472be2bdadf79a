"""A certificate lists what the room itself has seen, and says where the work ran."""

from __future__ import annotations

import datetime
from importlib import metadata

from workshop import certificate
from workshop.certificate import Certificate, Key, Reached
from workshop.report import certificate as sheet
from workshop.room import views
from workshop.room.guard import Problem
from workshop.room.people import Person
from workshop.room.room import Room


def signed(room: Room, person: Person, key: Key) -> bytes:
    """Return somebody's certificate as a file; Problem while a goal is open."""
    stems = views.reached(room.session, person)
    if not stems:
        raise Problem(409, "There is no certificate while a goal is open.")
    return certificate.sign(_made(room, person, stems), key)


def page(room: Room, person: Person, key: Key) -> str:
    """Return the same as a page to print."""
    return sheet.page(certificate.read(signed(room, person, key)))


def _made(room: Room, person: Person, stems: list[str]) -> Certificate:
    session, today = room.session, datetime.datetime.now(datetime.UTC).date()
    lessons = tuple(_reached(room, person, stem) for stem in stems)
    title, kit = session.course.title, metadata.version("keras-workshop")
    return Certificate(
        person.name, title, session.room, today.isoformat(), lessons, kit
    )


def _reached(room: Room, person: Person, stem: str) -> Reached:
    lesson, graded = room.session.lesson(stem), person.lessons[stem].graded
    assert lesson, stem
    assert graded, "only lessons that were graded are reached"
    created = datetime.datetime.fromtimestamp(graded.at, datetime.UTC)
    return Reached(
        stem,
        lesson.title,
        graded.score,
        graded.place,
        graded.variant,
        created.isoformat(timespec="seconds"),
    )
