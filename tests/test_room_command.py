"""`workshop room` as an instructor starts, stops and kills it."""

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest
from roomed import PLAN, STEM, Asking, a_course, report

from workshop.room.folder import RoomFolder
from workshop.room.journal import read

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX")
STOP_SECONDS = 60


@pytest.fixture
def course(tmp_path):
    return a_course(tmp_path / "course").folder


def command(course, folder, *more):
    return [
        *(sys.executable, "-m", "workshop", "room", "--course", str(course)),
        *("--in", str(folder), "--host", "127.0.0.1", *more),
    ]


@contextmanager
def started(course, folder, *more):
    """Give a room that runs as a process, and what it printed."""
    words = command(course, folder, "--port", "0", *more)
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            lines = []
            while not lines or "Ctrl-C" not in lines[-1]:
                line = process.stdout.readline()
                assert line, "".join(lines)
                lines.append(line)
            yield process, "".join(lines)
        finally:
            process.kill()


def way_in(printed):
    """Return somebody unknown, the join code, and the instructor."""
    port = int(re.search(r"Address +http://127\.0\.0\.1:(\d+)", printed)[1])
    code = re.search(r"Join code +(\S+)", printed)[1]
    return Asking(port), code, Asking(port, re.search(r"/board#(\w+)", printed)[1])


def refused(course, folder, *more):
    """Return the exit status and what a room says that does not start."""
    done = subprocess.run(
        command(course, folder, *more),
        capture_output=True,
        text=True,
        timeout=STOP_SECONDS,
    )
    return done.returncode, done.stderr


def test_a_room_is_one_command_and_ends_with_ctrl_c(course, tmp_path):
    with started(course, tmp_path / "room") as (process, printed):
        nobody, code, instructor = way_in(printed)
        assert nobody.post("/api/join", {"code": code, "name": "Ann"})[0] == 200
        assert len(instructor.get("/api/board")[1]["people"]) == 1
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
        assert process.wait(STOP_SECONDS) == 0
    assert "goes on where it was" in said


def test_a_killed_room_goes_on_where_it_was(course, tmp_path):
    with started(course, tmp_path / "room") as (process, printed):
        nobody, code, instructor = way_in(printed)
        token = nobody.post("/api/join", {"code": code, "name": "Ann"})[1]["token"]
        ann = Asking(nobody.port, token)
        instructor.do("start", plan="day", measured=False)
        ann.post("/api/me/reports", {"reports": [report(1, "pff")]})
        process.kill()
    with started(course, tmp_path / "room") as (_, printed):
        nobody, again, instructor = way_in(printed)
        board = instructor.get("/api/board")[1]
    assert "goes on, with 1 attendee" in printed
    assert again == code
    assert board["clock"]["state"] == "running"
    assert board["people"][0]["lessons"][STEM]["checks"] == "pff"


def test_a_room_killed_while_it_was_made_begins_anew(course, tmp_path):
    folder = RoomFolder(tmp_path / "room")
    path = folder.new()
    path.parent.mkdir(parents=True)
    path.touch()
    with started(course, tmp_path / "room") as (_, printed):
        assert way_in(printed)[2].get("/api/board")[0] == 200
    assert [fact.kind for fact in read(path)] == ["made"]


def test_what_a_room_keeps_is_its_owners_alone(course, tmp_path):
    with started(course, tmp_path / "room"):
        files = [one for one in (tmp_path / "room").rglob("*") if one.is_file()]
        modes = {one.name: one.stat().st_mode & 0o077 for one in files}
    assert {name: mode for name, mode in modes.items() if mode and name != "lock"} == {}


def test_a_port_in_use_is_said_in_a_sentence(course, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = refused(course, tmp_path / "room", "--port", str(port))
    assert status == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--plan", "night"], 'There is no plan "night". The plans are: day.'),
        (["--begins", "nine"], "is no time of day"),
        (["--agenda", "none.toml"], "none.toml cannot be read as an agenda"),
        (["--mirror", "nowhere"], "does not exist"),
        (["--host", "no.such.host.invalid"], "cannot be used"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_made(
    course, tmp_path, words, sentence
):
    status, said = refused(course, tmp_path / "room", *words)
    assert (status, sentence in said) == (2, True), said
    assert "Traceback" not in said
    assert RoomFolder(tmp_path / "room").sessions() == []


def test_a_second_room_in_one_folder_is_refused(course, tmp_path):
    with started(course, tmp_path / "room"):
        status, said = refused(course, tmp_path / "room", "--port", "0")
    assert (status, "Another room runs" in said) == (2, True)


def test_an_agenda_of_ones_own_comes_first(course, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text(PLAN.replace("plans.day", "plans.mine").replace("Tea", "Mate"))
    with started(course, tmp_path / "room", "--agenda", str(own)) as (_, printed):
        board = way_in(printed)[2].get("/api/board")[1]
    assert [plan["key"] for plan in board["plans"]] == ["mine", "day"]
    assert board["agenda"][2]["title"] == "Mate"


def test_an_agenda_with_a_lesson_that_is_none_is_refused(course, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('title = "x"\nminutes = 9\nparts = ["99_none"]\n')
    status, said = refused(course, tmp_path / "room", "--agenda", str(own))
    assert (status, "99_none" in said) == (2, True)


def test_a_damaged_session_is_said_and_left_alone(course, tmp_path):
    with started(course, tmp_path / "room"):
        pass
    (path,) = RoomFolder(tmp_path / "room").sessions()
    path.with_name(f"{path.name}-wal").unlink(missing_ok=True)
    path.write_bytes(b"spoilt" * 2000)
    status, said = refused(course, tmp_path / "room", "--port", "0")
    assert (status, path.name in said) == (2, True)
    assert path.read_bytes() == b"spoilt" * 2000
