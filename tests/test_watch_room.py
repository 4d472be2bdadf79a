"""While somebody watches, the room is heard between checks, and no key waits for it."""

import time

import pytest
import rooms
from test_watch import RIGHT, Watched, lesson, save  # noqa: F401

from workshop.cli import rooms as lines
from workshop.cli.session import Session
from workshop.link import Link
from workshop.link.joined import Joined
from workshop.progress import Folder
from workshop.results import Report

TOKEN = "token-of-0-0123456789"
PATIENCE = 60
MADE = Report("01_average", "", "01_average.py", "passed")


@pytest.fixture
def room():
    with rooms.opened(lessons=("01_average",)) as made:
        made.names[TOKEN] = "Ann"
        yield made


@pytest.fixture
def joined(lesson, room):  # noqa: F811
    """The lesson's file, in a folder that has joined the room."""
    known = Joined(room.address, TOKEN, room.id, 1, "Ann")
    Link(Folder(lesson.parent)).notes.join(known)
    return lesson


@pytest.fixture
def listener(joined, monkeypatch):
    monkeypatch.chdir(joined.parent)
    return lines.Listener(Session())


def heard(listener):
    """Return the lines that come, once any does."""
    end = time.monotonic() + PATIENCE
    while not (found := listener.hear()) and time.monotonic() < end:
        time.sleep(0.02)
    return [line for line, _ in found]


def test_a_check_is_reported_and_the_room_has_its_line(joined, room):
    room.messages = [{"id": 1, "at": 0, "text": "Coffee at 10:30"}]
    watched = Watched(joined.parent)
    try:
        assert watched.sees("Coffee at 10:30")
        watched.shown = ""
        save(joined, RIGHT)
        assert watched.sees("Every check passed.")
        assert watched.sees("Room: 12 minutes left for Lesson 01_average")
    finally:
        watched.close()
    assert [one["outcome"] for one in room.taken.values()] == ["waiting", "passed"]


def test_keys_are_answered_while_the_room_is_slow(joined, room):
    room.instead["/api/me/reports"] = rooms.slow
    watched = Watched(joined.parent)
    try:
        assert watched.sees("q quit")
        watched.press("h")
        assert watched.sees("TODO 1, hint 1 of 2")
        watched.press("q")
        assert watched.ends() == 1
    finally:
        watched.close()


def test_a_new_message_is_heard_while_nothing_happens(listener, room, monkeypatch):
    listener.report(MADE)
    assert heard(listener) == ["Room: 12 minutes left for Lesson 01_average"]
    room.messages = [{"id": 1, "at": 0, "text": "Coffee"}]
    monkeypatch.setattr(lines, "LOOK_SECONDS", 0)
    assert heard(listener)[0].endswith("message: Coffee")
    assert room.calls[-1][1] == "/api/me?since=7"


def test_nothing_is_said_where_nothing_is_new(listener, room, monkeypatch):
    monkeypatch.setattr(lines, "LOOK_SECONDS", 0)
    end = time.monotonic() + PATIENCE
    while len(room.calls) < 3 and time.monotonic() < end:
        assert listener.hear() == []


def test_a_report_is_kept_where_the_room_is_away(listener, room):
    room.instead["/api/me/reports"] = rooms.html
    listener.report(MADE)
    assert heard(listener) == [lines.LATER]
