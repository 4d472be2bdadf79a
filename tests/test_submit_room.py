"""What is handed in to a room is answered, then sent, and goes on where it was cut."""

import zipfile

import pytest
import rooms
from conftest import CHECKS, SOLUTION, make_course
from exams import held
from test_cli import words

from workshop import answering, exam
from workshop.cli import entry, sitting
from workshop.evidence import wire
from workshop.link import Link
from workshop.progress import Folder

WRONG = SOLUTION.replace("a + b", "a - b")


@pytest.fixture
def lesson(tmp_path):
    return make_course(tmp_path / "course", checks=CHECKS).lessons[0]


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(answering, "FIRST_PAUSE", 0)
    monkeypatch.setattr(exam, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(sitting, "PAUSE", 0)


@pytest.fixture
def here(lesson, tmp_path, monkeypatch):
    """A learner's folder with a right script, entered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    assert entry.run(["--course", str(lesson.course), "start", "mine"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    (tmp_path / "mine" / "01_add.py").write_text(SOLUTION, encoding="utf-8")
    return tmp_path / "mine"


@pytest.fixture
def run(here, capsys):
    """Run a command in the learner's folder: its status, and all it printed."""

    def run(*arguments):
        status = entry.run(list(map(str, arguments)))
        printed = capsys.readouterr()
        return status, words(printed.out + printed.err)

    return run


@pytest.fixture
def room(lesson, run):
    """A room that holds exams, joined."""
    with rooms.opened() as made:
        made.exam = lambda: held(lesson)
        run("join", made.address, rooms.CODE, "--name", "Ann")
        yield made


def pending(here):
    return Link(Folder(here)).seen.pending


def asked(room):
    return [path for _, path, *_ in room.calls if path.startswith("/api/me/exams/")]


def test_a_right_script_is_answered_and_sent(run, room, here):
    status, said = run("submit", "01")
    assert status == 0
    assert "Answered for the room" in said
    assert "Answered on the attendee's machine." in said
    assert "Handed in: 01_add.zip" in said
    assert pending(here) == {}


def test_what_is_sent_is_what_is_packed_without_a_room(run, room, here):
    run("submit", "01")
    run("submit", "01", "--to", "mine.zip")
    assert room.works["01_add"] == (here / "mine.zip").read_bytes()
    assert zipfile.ZipFile(here / "mine.zip").namelist() == ["01_add.py"]


def test_a_wrong_script_gets_the_rooms_verdict_and_is_sent(run, room, here):
    (here / "01_add.py").write_text(WRONG, encoding="utf-8")
    status, said = run("submit", "01")
    assert status == 1
    assert "2 and 2 gave 0. Use +." in said
    assert "01_add" in room.works


def test_blanks_are_told(run, room, here, lesson):
    (here / "01_add.py").write_bytes(lesson.exercise.read_bytes())
    status, said = run("submit", "01")
    assert status == 1
    assert "It still has 2 blanks." in said


def test_a_file_that_is_no_script_is_not_handed_in(run, room, here):
    (here / "01_add.py").write_bytes(b"\0")
    assert run("submit", "01")[0] == 1
    assert (room.exams, room.works) == ([], {})


def test_with_a_place_no_room_is_told(run, room, here):
    assert run("submit", "01", "--to", "mine.zip")[0] == 0
    assert (room.exams, room.works) == ([], {})


def test_where_no_attempt_is_left_only_the_file_is_sent(run, room):
    room.attempts = 0
    status, said = run("submit", "01")
    assert (status, "as often as it does." in said) == (1, True)
    assert (room.exams, list(room.works)) == ([], ["01_add"])


def test_a_lesson_that_is_not_open_is_kept_until_it_is(run, room, here):
    room.open = False
    status, said = run("submit", "01")
    assert (status, (here / "01_add.zip").is_file()) == (1, True)
    assert "Once it is open: workshop submit 01_add" in said
    assert (room.exams, room.works) == ([], {})
    room.open = True
    assert "The room takes it now: workshop submit 01_add" in run("check", "01")[1]


def test_what_passed_here_is_not_yet_graded_by_the_room(run, room):
    assert "To be graded by the room: workshop submit 01_add" in run("check", "01")[1]


def test_an_exam_that_is_refused_is_told_in_the_rooms_words(run, room):
    room.instead["/api/me/exams"] = rooms.status(409, "Not now, please.")
    status, said = run("submit", "01")
    assert (status, "Not now, please." in said) == (1, True)


def test_a_place_in_the_queue_is_shown_once(run, room):
    places = iter([3, 3, 2])
    hall = room.hall.reply

    def reply(name, message):
        place = next(places, None)
        told = {"wait": 0, "place": place}
        return wire.encode(told) if place else hall(name, message)

    room.hall.reply = reply
    said = run("submit", "01")[1]
    assert said.count("Place 3 in the queue") == said.count("Place 2 in the queue") == 1


def test_a_room_that_is_away_gets_it_later(run, room, here):
    room.instead = {f"/api/me{path}": rooms.html for path in ("", "/reports")}
    status, said = run("submit", "01")
    assert (status, (here / "01_add.zip").is_file()) == (1, True)
    assert "When the room is back: workshop submit 01_add" in said
    room.instead.clear()
    assert "The room takes it now: workshop submit 01_add" in run("check", "01")[1]
    assert run("submit")[0] == 0
    assert "takes it now" not in run("check", "01")[1]


def test_an_exam_that_was_cut_goes_on_under_its_name(run, room, here):
    heal = cutting(room, after=2)
    assert run("submit", "01")[0] == 1
    assert pending(here)["01_add"].exam == room.exams[0]
    heal()
    assert run("submit", "01")[0] == 0
    assert (len(room.exams), len(set(asked(room)))) == (1, 1)


def test_an_exam_that_is_over_is_begun_anew(run, room, here):
    heal = cutting(room, after=1)
    run("submit", "01")
    heal()
    room.hall = exam.Hall()
    assert run("submit", "01")[0] == 0
    assert len(room.exams) == 2


def test_another_script_is_another_exam(run, room, here):
    heal = cutting(room, after=1)
    run("submit", "01")
    heal()
    (here / "01_add.py").write_text(SOLUTION + "\n# More.\n", encoding="utf-8")
    assert run("submit", "01")[0] == 0
    assert len(room.exams) == 2


def test_where_the_file_alone_is_left_nothing_is_answered_twice(run, room, here):
    room.instead["/api/me/work/01_add"] = rooms.html
    status, said = run("submit", "01")
    assert (status, "The file did not get through." in said) == (1, True)
    room.instead.clear()
    status, said = run("submit", "01")
    assert (status, "has your answers already" in said) == (0, True)
    assert len(room.exams) == 1


def test_a_file_that_arrived_otherwise_is_sent_again(run, room):
    told = iter([b'{"sha256": "0"}', None])

    def once(handler):
        content = next(told)
        handler.server.room.instead.clear()
        handler.reply(200, content)

    room.instead["/api/me/work/01_add"] = once
    assert run("submit", "01")[0] == 0
    assert list(room.works) == ["01_add"]


def test_a_file_that_is_too_large_is_kept_here(run, room, here):
    room.instead["/api/me/work/01_add"] = rooms.status(413, "It is too large.")
    status, said = run("submit", "01")
    assert (status, "not taken: It is too large." in said) == (1, True)
    assert (here / "01_add.zip").is_file()


def test_whoever_was_taken_out_is_told(run, room):
    room.names.clear()
    status, said = run("submit", "01")
    assert (status, "does not know you any more" in said) == (3, True)


@pytest.mark.parametrize(
    "told",
    [
        {"question": {"do": "call", "name": "print", "arguments": ["x"]}},
        {"question": {"do": "get", "name": "__builtins__"}},
        {"question": {"do": "file", "path": "/etc/passwd", "array": 0}},
        {"question": {"do": "cells"}},
        {"question": {"do": "run", "text": "x = 1"}},
        {"report": {"schema": 2}},
        {"report": [{}]},
        {"wait": "long"},
        {"question": {"do": "get", "name": "add"}, "largest": None},
    ],
)
def test_a_hostile_exam_gets_and_does_nothing(run, room, told):
    reply = wire.encode({"number": 1, "seconds": 9.0, "largest": 10**6, **told})
    heard = []
    room.hall.reply = lambda name, message: heard.append(message) or reply
    assert run("submit", "01")[0] == 1
    assert len(heard) == 1


def cutting(room, after):
    """Have the room go away after so many messages of an exam; returns its return."""
    real = room.hall.reply
    left = [after]

    def reply(name, message):
        left[0] -= 1
        if left[0] < 0:
            room.instead[f"/api/me/exams/{name}"] = rooms.html
        return real(name, message)

    def heal():
        room.instead.clear()
        room.hall.reply = real

    room.hall.reply = reply
    return heal
