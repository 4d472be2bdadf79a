"""A hostile program gets what it deserves, leaves nothing, and spoils nothing.

The programs lie in `hostile/`, by the row of the threats they belong to: what is put
into a right solution (`top`, `find`, `end`) or a whole script (`program`, `bytes`), and
what must come of it. All run in cold boxes, and in warm ones as slow tests.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import naive
import psutil
import pytest

from workshop import course, grader
from workshop.batch.desk import Desk
from workshop.batch.orders import Orders
from workshop.box import outer
from workshop.box.boxes import Boxes
from workshop.box.inside import Limits
from workshop.evidence import wire
from workshop.report import html, text
from workshop.submission import Submission

HERE = Path(__file__).parent / "hostile"
COURSE = course.load(HERE / "course")
LESSON = COURSE.lessons[0]
SOLUTION = LESSON.solution.read_text("utf-8")
LIMITS = Limits(disk_mb=64, inodes=2_000, processes=200)
SECRET = "MARKER-of-the-grader"
FORGER = """
import os, struct
def reply(header, body=b""):
    header = header.encode()
    message = struct.pack(">I", len(header)) + header + body
    return struct.pack(">i", len(message)) + message
"""
KEYS = {"row", "beats_naive", "slow"}

WHY = outer.problem()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY)


def programs():
    """Yield name and description of every program of the corpus."""
    for path in sorted(HERE.glob("*.toml")):
        found = tomllib.loads(path.read_text("utf-8"))
        shared = {key: found.pop(key) for key in KEYS & found.keys()}
        for name, program in found.items():
            yield f"{path.stem}-{name}", shared | program


PROGRAMS = dict(programs())


def script(program):
    """Return the bytes that are handed in."""
    if "bytes" in program:
        return program["bytes"].encode("latin-1")
    if "program" in program:
        return program["program"].encode()
    head, tail = "import numpy as np\n", "    return corners(images)  # TODO 2\n"
    body = program.get("find", "return corners(images)").strip().split("\n")
    find = "".join(f"    {line}\n" for line in body)
    top = FORGER * program.get("connection", False) + program.get("top", "")
    made = SOLUTION.replace(head, head + top)
    return (made.replace(tail, find) + program.get("end", "")).encode()


def work(program):
    files = {name: one.encode() for name, one in program.get("files", {}).items()}
    files |= {str(number): b"" for number in range(program.get("many", 0))}
    name, suffix = program.get("name", "01_corner.py"), program.get("suffix", ".py")
    return Submission("Mallory", LESSON.stem, name, suffix, script(program), files)


class World:
    """All that a grader has around it: boxes, a temporary folder, a home, grades."""

    def __init__(self, folder, warm):
        self.folder = folder
        for name in ("tmp", "home", "grades"):
            (folder / name).mkdir()
            (folder / name / "secret").write_text(SECRET)
        self.boxes = Boxes(warm=warm, limits=LIMITS)
        halves = naive.sealed_set(1), naive.sealed_set(2)
        choices = {LESSON.stem: (None, "")}
        terms = Orders(COURSE, choices, b"salt", False, {LESSON.stem: halves})
        self.desk = Desk(terms, self.boxes)

    def mark(self, program):
        return self.desk.mark(work(program)).report

    def processes(self):
        """Return what lives below the grader that belongs to boxes."""
        found = psutil.Process().children(recursive=True)
        return sorted(one.pid for one in found if one.status() != "zombie")

    def state(self):
        """Return everything that no submission may change."""
        files = {
            str(path): (path.stat().st_mtime_ns, path.read_bytes())
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        return files, descriptors()


def descriptors():
    """Return what this process has open."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the one that lists them is closed
            found.append(str(one.readlink()))
    return sorted(found)


@pytest.fixture(
    scope="module", params=["cold", pytest.param("warm", marks=pytest.mark.slow)]
)
def world(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder / "tmp"))
        patch.setenv("HOME", str(folder / "home"))
        patch.setenv("HOSTILE_SECRET", SECRET)
        patch.setattr("workshop.pace.scale", lambda: 1.0)
        patch.setattr(grader, "LEAST_MEMORY_MB", 1_500)
        made = World(folder, request.param == "warm")
        with made.boxes:
            made.boxes.start()
            assert bool(made.boxes.why_cold) != made.boxes.warm
            assert made.mark({}).outcome == "passed"
            yield made


def settles(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.slow] if program.get("slow") else [])
        for name, program in PROGRAMS.items()
    ],
)
def test_it_gets_what_it_deserves_and_spoils_nothing(world, name, monkeypatch):
    program = PROGRAMS[name]
    monkeypatch.setattr(grader, "LEAST_SECONDS", program.get("limit", 60.0))
    before, living = world.state(), world.processes()
    begin = time.monotonic()
    report = world.mark(program)
    seconds = time.monotonic() - begin
    expect(program, report)
    assert settles(lambda: world.processes() == living), "a process lives on"
    assert settles(lambda: world.state() == before), "something is changed or open"
    assert seconds < 10 * program.get("usual", 6.0)
    monkeypatch.setattr(grader, "LEAST_SECONDS", 60.0)
    assert world.mark({}).outcome == "passed"


def expect(program, report):
    """Compare a report with what a program says must come of it."""
    outcomes = [check.outcome for check in report.checks]
    told = "\n".join([str(report.stop), *(check.advice for check in report.checks)])
    told += report.output
    kind, allowed = report.stop and report.stop.kind, program.get("stop")
    assert kind in (allowed if isinstance(allowed, list) else [allowed]), told
    assert outcomes == program.get("checks", ["passed"] * 3), told
    assert all(words in told for words in program.get("says", [])), told
    assert not any(words in told for words in ("FOUND", SECRET)), told
    page, lines = html.page(report), text.render(report, plain=True)
    assert not [one for one in program.get("never", []) if one in page + lines]
    assert not [one for one in program.get("no_markup", []) if one in page]


MEETING = """
import os, sys
for name in ("/tmp/here", "/dev/shm/here", "/box/here"):
    open(name, "w").write("mine")
def look():
    seen, own = os.listdir("/proc"), os.listdir("/proc/self/task")
    alive = []
    for number in range(1, 1000):
        try:
            os.kill(number, 0)
            alive.append(number)
        except OSError:
            pass
    alive = [number for number in alive if str(number) not in own]
    processes = [name for name in seen if name.isdigit()]
    return [processes, alive, os.listdir("/tmp"), os.listdir("/dev/shm")]
"""


def run_in(box, source):
    request = {"do": "run", "path": "x.py", "text": source, "from": 1, "until": 10**6}
    wire.send(box.connection, {**request, "quick": False, "seconds": 60.0})
    while "stop" not in (message := wire.receive(box.connection)):
        pass
    assert message["stop"] is None


def test_two_boxes_do_not_see_each_other(world):
    kit = Path(grader.__file__)
    with (
        world.boxes.open(environment={}) as one,
        world.boxes.open(environment={}) as two,
    ):
        run_in(one, MEETING + "open('/tmp/own', 'w')\n")
        run_in(two, MEETING)
        wire.send(two.connection, {"do": "call", "name": "look", "arguments": []})
        seen = wire.receive(two.connection)["value"]
    seen[2] = [name for name in seen[2] if not kit.is_relative_to(f"/tmp/{name}")]
    assert seen == [["1"], [], ["here"], ["here"]]


TEXTS = {
    "names": "".join(f"known_{i} = knwon_{i}\n" for i in range(4_000)),
    "long names": "a" * 49_000 + "b = " + "a" * 49_000 + "c\n",
    "statements": "x=1;" * 24_000,
    "blanks": "...;" * 24_000,
    "letters": "é=1;" * 20_000,
    "todos": "".join(f"x{i} = ...  # TODO {i}\n" for i in range(4_000)),
    "a todo of many digits": "x = 1  # TODO " + "1" * 90_000,
    "elif": "if x:\n pass\n" + "elif x:\n pass\n" * 6_000,
    "cells": "# %% [markdown]\n# **TODO 1.**\n" * 3_000,
    "functions": "def f(): pass\n" * 7_000,
    "sum": "x = 1" + "+1" * 45_000,
    "quotes": '"""\n' * 24_000,
    "data": "x = 1\n" * 300_000,
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_hard_to_read_is_answered_within_a_minute(name, tmp_path):
    path = tmp_path / "01_corner.py"
    path.write_text(TEXTS[name], "utf-8")
    begin = time.monotonic()
    report, _, _ = grader.Grader(LESSON)._read(path)
    assert time.monotonic() - begin < 60
    assert report.outcome != "passed"


def test_a_notebook_of_very_many_cells_is_refused_at_once(tmp_path):
    cell = {"cell_type": "code", "metadata": {}, "source": "", "outputs": []}
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell] * 10**5}
    (tmp_path / "01_corner.ipynb").write_text(json.dumps(book))
    report = grader.check(LESSON, tmp_path / "01_corner.ipynb")
    assert "longer than a lesson" in report.stop.message


CHEATS = [name for name, program in PROGRAMS.items() if program.get("beats_naive")]


@pytest.mark.parametrize("name", CHEATS)
def test_a_grader_that_shares_its_process_is_beaten(name, tmp_path):
    path, results = tmp_path / "01_corner.py", tmp_path / "results.json"
    path.write_bytes(script(PROGRAMS[name]))
    command = [sys.executable, naive.__file__, str(COURSE.folder), str(path), "1"]
    subprocess.run([*command, str(results)], capture_output=True, timeout=60)
    assert json.loads(results.read_text()) == {"passed": 3, "of": 3}


@pytest.mark.parametrize("find", ["return corners(images)", "return None"])
def test_a_grader_that_shares_its_process_is_right_about_the_honest(find, tmp_path):
    path, results = tmp_path / "01_corner.py", tmp_path / "results.json"
    path.write_bytes(script({"find": find}))
    command = [sys.executable, naive.__file__, str(COURSE.folder), str(path), "1"]
    subprocess.run([*command, str(results)], check=True, timeout=60)
    expected = 1 if "None" in find else 3
    assert json.loads(results.read_text()) == {"passed": expected, "of": 3}
