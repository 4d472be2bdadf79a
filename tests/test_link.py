"""A room is told what holds, in bounded time, and never what somebody wrote."""

import itertools
import json
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import rooms

from workshop import grader
from workshop.link import Link, view
from workshop.link import outbox as outboxes
from workshop.link.joined import Joined, Seen
from workshop.link.outbox import Outbox
from workshop.link.reports import report_of, without_code
from workshop.progress import Folder
from workshop.results import Report, Result

MADE = Report("01_add", "Add", "01_add.py", "passed", (Result("a", "A", "passed"),))
TOKEN = "token-of-0-0123456789"


@pytest.fixture
def home(tmp_path):
    made = Folder(tmp_path / "mine")
    made.make()
    return made


@pytest.fixture
def room():
    with rooms.opened() as made:
        made.names[TOKEN] = "Ann"
        yield made


def linked(home, room, **changes):
    """Return the link of a folder that has joined a room."""
    made = Link(home)
    known = {"token": TOKEN, "room": room.id, "person": 1, "name": "Ann"}
    made.notes.join(Joined(address=room.address, **{**known, **changes}))
    return made


# what is reported


MARKER = "zebra_7351"
RIGHT = (
    "def add(a, b):\n    return a + b  # TODO 1\n\n# %%\ntotal = add(2, 3)  # TODO 2\n"
)


@pytest.mark.parametrize(
    "text",
    [
        f"def add(a, b:  # {MARKER}\n",
        f"{MARKER} + 1\n",
        f"{MARKER} = 1 / 0\n",
        RIGHT.replace("a + b", f"a - b  # {MARKER}"),
        RIGHT.replace("a + b", f"1 / 0  # {MARKER}"),
        RIGHT.replace("a + b", f"...  # TODO 1 {MARKER}"),
        RIGHT + f"\nprint('{MARKER}')\n{MARKER} = [1]\n",
        f"import os\n{MARKER} = os._exit(3)\n",
    ],
)
def test_no_line_of_a_script_is_in_a_report(lesson, work, text):
    made = grader.check(lesson, work("# %%\n" + text))
    told = report_of(made)
    assert MARKER not in json.dumps(told)
    assert told["outcome"] == made.outcome
    assert [name for name, _ in told["checks"]] == ["adds", "is_used", "adds_lists"]


def test_lines_of_code_that_an_error_carries_are_taken_out():
    message = (
        "read (line 4): ValueError: in user code:\n\n"
        '    File "/home/ann/01.py", line 4, in read  *\n'
        "        return zebra_7351(images)\n\n"
        "    ValueError: Shapes differ."
    )
    said = " ".join(without_code(message).split())
    assert said == "read (line 4): ValueError: ValueError: Shapes differ."


def test_a_message_in_one_line_ends_before_its_code():
    message = 'in user code: File "01.py", line 4, in read * zebra_7351() TypeError'
    assert "zebra" not in without_code(message)


def test_advice_is_short_and_only_of_what_asks_for_another_look():
    checks = (
        Result("a", "", "failed", advice="x" * 900),
        Result("b", "", "waiting", advice="Fill in the blank."),
    )
    made = report_of(Report("01", "", "", "failed", checks, seconds=float("nan")))
    assert (list(made["advice"]), len(made["advice"]["a"])) == (["a"], 300)
    assert made["seconds"] == 0


# the outbox


def test_reports_keep_their_order_and_the_oldest_go(home, monkeypatch):
    monkeypatch.setattr(outboxes, "MOST", 12)
    outbox = Outbox(home, "room-1")
    for number in range(15):
        outbox.put({"number": number})
    numbers = [one.report["number"] for one in outbox.first(99)]
    assert numbers == list(range(3, 15))


def test_an_age_is_never_below_zero(home, monkeypatch):
    outbox = Outbox(home, "room-1")
    outbox.put({})
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert outbox.first(1)[0].message()["age"] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": 1, "made": 0}', "[" * 99_999])
def test_a_file_that_is_no_report_goes_away(home, text):
    outbox = Outbox(home, "room-1")
    outbox.put({"good": True})
    place = home.hidden / "outbox" / "room-1"
    (place / "00000000-x.json").write_text(text, encoding="utf-8")
    assert [one.report for one in outbox.first(9)] == [{"good": True}]
    assert len(outbox) == 1


# delivering


def test_a_report_that_found_no_room_is_delivered_later(home):
    with rooms.opened() as room:
        room.names[TOKEN] = "Ann"
        link = linked(home, room)
    link.put(MADE)
    assert not link.call(2).reached
    with rooms.served(room, room.port):
        assert link.call(2).view.lesson == "01_add"
    assert [one["outcome"] for one in room.taken.values()] == ["passed"]
    assert len(link.outbox(link.joined)) == 0


def test_many_reports_go_in_batches_and_each_once(home, room):
    link = linked(home, room)
    for _ in range(120):
        link.put(MADE)
    link.call(20)
    sent = [json.loads(body)["reports"] for _, path, body, _ in room.calls if body]
    assert [len(one) for one in sent] == [50, 50, 20]
    assert len(room.taken) == 120


def test_a_reply_that_was_lost_has_the_report_sent_twice_and_taken_once(home, room):
    link = linked(home, room)
    link.put(MADE)
    real = room.reports

    def lose(handler):
        body = room.calls[-1][2]
        real(json.loads(body), TOKEN)
        handler.close_connection = True

    room.instead["/api/me/reports"] = lose
    assert not link.call(2).reached
    room.instead.clear()
    assert link.call(2).reached
    assert len(room.taken) == 1


def test_many_commands_at_once_lose_nothing(home, room):
    link = linked(home, room)

    def check(_):
        link.put(MADE)
        return link.call(20).reached

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(check, range(40)))
    assert len(room.taken) == 40
    assert len(link.outbox(link.joined)) == 0


def test_one_report_that_is_refused_does_not_stop_the_others(home, room):
    link = linked(home, room)
    for number in range(9):
        link.outbox(link.joined).put({"lesson": number})
    room.refuses = lambda report: report["lesson"] == 4
    link.call(5)
    assert [one["lesson"] for one in room.taken.values()] == [0, 1, 2, 3, 5, 6, 7, 8]
    assert len(link.outbox(link.joined)) == 0


def test_reports_that_are_left_out_are_not_asked_for_ever(home, room):
    link = linked(home, room)
    for _ in range(60):
        link.put(MADE)
    room.instead["/api/me/reports"] = lambda handler: handler.reply(200, {"taken": 3})
    assert link.call(5).view.version == "7"
    assert len(link.outbox(link.joined)) == 60


@pytest.mark.parametrize("number", [401, 403, 404, 429])
def test_a_refusal_that_says_nothing_of_a_report_keeps_it(home, room, number):
    link = linked(home, room)
    link.put(MADE)
    room.instead["/api/me/reports"] = rooms.status(number)
    contact = link.call(2)
    assert contact.unknown == (number == 401)
    assert len(link.outbox(link.joined)) == 1


def test_what_was_meant_for_one_room_is_not_sent_to_another(home, room):
    link = linked(home, room)
    link.put(MADE)
    with rooms.opened(name="room-2") as other:
        other.names[TOKEN] = "Ann"
        linked(home, other).call(2)
    assert other.taken == {}
    assert len(Outbox(home, room.id)) == 1


def test_somebody_private_reports_nothing(home, room):
    link = linked(home, room, share=False)
    link.put(MADE)
    assert link.call(2).view
    assert room.taken == {}


def test_only_its_owner_may_read_the_token(home, room):
    linked(home, room)
    mode = (home.hidden / "room.json").stat().st_mode & 0o777
    assert mode == 0o600 or os.name != "posix"


@pytest.mark.parametrize(
    "changes",
    [
        {"room": "../../etc"},
        {"token": "x\r\nHost: evil"},
        {"address": "https://a"},
        {"name": 3},
        {"room": ["a"]},
    ],
)
def test_a_room_that_cannot_be_one_counts_as_none(home, room, changes):
    linked(home, room)
    path = home.hidden / "room.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes), "utf-8")
    assert Link(home).joined is None


@pytest.mark.parametrize("text", ["", "[]", "null", '{"room": "room-1", "told": 3}'])
def test_damaged_notes_are_begun_anew(home, room, text):
    link = linked(home, room)
    (home.hidden / "room-seen.json").write_text(text, encoding="utf-8")
    assert link.seen.told == ()
    assert link.call(2).view


def test_what_was_shown_is_remembered_and_bounded():
    seen = Seen()
    told = itertools.count()
    for _ in range(30):
        messages = [{"id": next(told), "text": "x"} for _ in range(5)]
        seen = seen.shown(view.read({"messages": messages[::-1]}))
    assert (len(seen.told), seen.told[-1]) == (50, "149")
