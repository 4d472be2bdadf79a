"""A room is joined, shared with or not, and left; a hostile one gains nothing by it."""

import io
import json
import os

import pytest
import rooms
from conftest import SOLUTION
from test_cli import words

from workshop.cli import entry, join
from workshop.cli import rooms as last_lines
from workshop.progress import Folder


@pytest.fixture
def here(lesson, tmp_path, monkeypatch):
    """A learner's folder, entered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    assert entry.run(["--course", str(lesson.course), "start", "mine"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def run(here, capsys):
    """Run a command in the learner's folder: its status, and all it printed."""
    capsys.readouterr()

    def run(*arguments):
        status = entry.run(list(map(str, arguments)))
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.fixture
def room():
    with rooms.opened() as made:
        yield made


@pytest.fixture
def ann(room, run):
    """Ann, who has joined."""
    assert run("join", room.address, rooms.CODE, "--name", "Ann Lee")[0] == 0


def typed(monkeypatch, text):
    """Have somebody at a terminal type a text."""
    monkeypatch.setattr(join, "is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


# joining


def test_who_joins_is_told_their_name_their_page_and_how_to_stop(run, room):
    said = run("join", room.address, rooms.CODE, "--name", "Ann Lee")[1]
    assert "Your name there: Ann Lee" in said
    assert f"http://{room.address}/me#token-of-0-0123456789" in said
    for way in ("join --private", "leave", "never gets your code"):
        assert way in said
    assert "12 minutes left for Lesson 01_add" in said


def test_the_second_of_a_name_is_shown_as_the_room_shows_them(run, room):
    room.names["another"] = "Ann Lee"
    said = run("join", room.address, "abc def", "--name", "Ann  Lee ")[1]
    assert "Your name there: Ann Lee (2)" in said


def test_the_link_that_the_projector_shows_is_enough(run, room):
    assert run("join", f"http://{room.address}/#{rooms.CODE}", "--name", "A")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["{}"], "Add the code"),
        (["{}", "ABC-DEF"], "Add your name"),
        (["{}", "ABC-DEF", "--name", " "], "1 to 80"),
        (["{}", "ABC-DEF", "--name", "x" * 81], "1 to 80"),
        (["{}", "XYZ-XYZ", "--name", "Ann"], "not the code"),
        (["https://a.local", "ABC-DEF"], "not https"),
        (["--share"], "You are in no room"),
        ([], "You are in no room"),
    ],
)
def test_what_is_typed_wrong_is_said(run, room, arguments, why):
    status, said = run("join", *(one.format(room.address) for one in arguments))
    assert (status, why in words(said)) == (2, True)
    assert not room.names


def test_a_room_that_is_not_there_is_said(run):
    status, said = run("join", "127.0.0.1:1", rooms.CODE, "--name", "Ann")
    assert status == 3
    assert "same network?" in words(said)


def test_too_many_wrong_codes_are_told_in_the_rooms_words(run, room):
    room.instead["/api/join"] = rooms.status(429, "Wait 30 seconds.")
    status, said = run("join", room.address, rooms.CODE, "--name", "Ann")
    assert (status, "Wait 30 seconds." in said) == (3, True)


def test_somebody_at_a_terminal_is_asked(run, room, monkeypatch):
    typed(monkeypatch, "\nAnn\nn\n")
    status, said = run("join", room.address, rooms.CODE)
    assert status == 0
    assert "It never gets your code. [Y/n]" in said
    assert "hears nothing of your checks" in words(said)


def test_a_personal_code_needs_no_name(run, room):
    run("join", room.address, "ABCD-EFGH")
    assert json.loads(room.calls[-1][2])["name"] == ""


@pytest.mark.parametrize("name", ["\u202eeeL nnA", "👩🏽‍🏫 Ann", "\x1b[31mAnn\x1b[0m"])
def test_any_name_is_shown_and_none_acts_on_the_terminal(run, room, name):
    status, said = run("join", room.address, rooms.CODE, "--name", name)
    assert status == 0
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_who_joins_again_stays_who_they_are(run, room, ann):
    said = run("join", room.address, rooms.CODE, "--name", "Bob")[1]
    assert "You are in this room already" in said
    assert list(room.names.values()) == ["Ann Lee"]


def test_who_was_taken_out_joins_anew(run, room, ann):
    room.names.clear()
    assert "You have joined" in run("join", room.address, "ABC-DEF", "--name", "Bob")[1]


def test_another_room_takes_the_place_of_the_first(run, room, ann):
    with rooms.opened(name="room-2") as other:
        run("join", other.address, rooms.CODE, "--name", "Ann")
        run("check", "01")
    assert len(other.taken) == 1
    assert room.taken == {}


def test_what_is_shared_can_be_changed(run, room, ann):
    assert run("join", "--private")[0] == 0
    run("check", "01")
    assert room.taken == {}
    run("join", "--share")
    run("check", "01")
    assert len(room.taken) == 1


def test_who_leaves_leaves_nothing_behind(run, room, ann, here):
    room.instead["/api/me/reports"] = rooms.html
    run("check", "01")
    assert run("leave")[0] == 0
    left = [path.name for path in (here / ".workshop").rglob("*") if path.is_file()]
    assert not [name for name in left if name.startswith("room") or "-" in name]
    assert run("leave")[0] == 2


def test_a_hand_goes_up_and_down(run, room, ann):
    assert "Your hand is up" in run("hand")[1]
    assert run("hand", "--down")[0] == 0
    assert room.hands == [True, False]


# after a check


def test_a_check_is_reported_and_a_message_shown_once(run, room, ann, here):
    (here / "01_add.py").write_text(SOLUTION, encoding="utf-8")
    room.messages = [{"id": 4, "at": 0, "text": "Coffee at 10:30"}]
    status, said = run("check", "01")
    assert status == 0
    line = "Room: 12 minutes left for Lesson 01_add - message: Coffee at 10:30"
    assert line in words(said)
    assert "Coffee" not in run("check", "01")[1]
    assert [one["outcome"] for one in room.taken.values()] == ["passed"] * 2


def test_json_stays_json(run, room, ann, capsys):
    entry.run(["check", "01", "--json"])
    printed = capsys.readouterr()
    assert json.loads(printed.out)["lesson"] == "01_add"
    assert "Room: 12 minutes left" in printed.err


def test_a_room_that_is_away_costs_a_line_and_no_result(run, room, ann, here):
    room.instead["/api/me/reports"] = rooms.html
    status, said = run("check", "01")
    assert status == 1
    assert "was not reached; your result is delivered later." in words(said)
    room.instead.clear()
    run("check", "01")
    assert len(room.taken) == 2


def test_a_room_that_has_ended_is_said_once(run, room, ann):
    room.names.clear()
    assert "does not know you any more" in words(run("check", "01")[1])
    assert "does not know you any more" not in words(run("check", "01")[1])


def test_a_hostile_message_is_text(run, room, ann):
    text = "\x1b[2J\x1b]8;;http://evil\x07click\x1b]8;;\x07\u202e\r\n" + "x" * 900
    room.messages = [{"id": "a", "at": 0, "text": text}]
    said = run("check", "01")[1]
    assert not any(sign in said for sign in "\x1b\u202e\x07\r")
    assert "click\\u202e xx" in words(said)


def test_a_room_cannot_choose_where_files_are_written(run, room, here):
    outside = {path for path in here.parent.rglob("*") if here not in path.parents}
    room.id = "../../../elsewhere"
    status, said = run("join", room.address, rooms.CODE, "--name", "Ann")
    assert (status, "is no room" in said) == (3, True)
    assert {p for p in here.parent.rglob("*") if here not in p.parents} == outside


@pytest.mark.parametrize("token", ["", 3, None, "x\r\nEvil: 1", "x" * 9_999])
def test_a_token_that_is_none_joins_nothing(run, room, token):
    told = {"token": token, "person": 1, "name": "A", "room": room.id, "title": "T"}
    room.instead["/api/join"] = lambda handler: handler.reply(200, told)
    assert run("join", room.address, rooms.CODE, "--name", "Ann")[0] == 3


# data


@pytest.mark.parametrize(
    ("mirror", "same"), [(True, True), (True, False), (False, True)]
)
def test_data_come_from_the_room_where_it_has_some(
    run, here, room, monkeypatch, mirror, same
):
    monkeypatch.setenv("WORKSHOP_MIRROR", "")
    room.mirror = mirror
    run("join", room.address, rooms.CODE, "--name", "Ann")
    room.id = room.id if same else "another"
    last_lines.use_mirror(Folder(here))
    expected = f"http://{room.address}/mirror" if mirror and same else ""
    assert os.environ["WORKSHOP_MIRROR"] == expected


def test_a_mirror_that_was_named_stays(run, here, room, monkeypatch):
    room.mirror = True
    run("join", room.address, rooms.CODE, "--name", "Ann")
    monkeypatch.setenv("WORKSHOP_MIRROR", "/data")
    last_lines.use_mirror(Folder(here))
    assert os.environ["WORKSHOP_MIRROR"] == "/data"


# solutions


def test_a_solution_that_was_released_is_shown(run, room, ann):
    assert run("solution", "01")[0] == 1
    room.released = ("01_add",)
    status, said = run("solution", "01")
    assert (status, "return a + b" in said) == (0, True)
