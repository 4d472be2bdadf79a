"""A class is graded from a terminal, and whatever is wrong is said in a sentence."""

import shutil
import sys

import pytest

from workshop.cli.entry import run
from workshop.gradebook import Gradebook

PASSED = ["01_add.py", "3", "of", "3"]
FAILED = ["01_add.py", "0", "of", "3"]


@pytest.fixture
def grade(lesson, tmp_path, monkeypatch):
    """Hand in a class's work and type `grade`; gives the exit status."""
    monkeypatch.chdir(tmp_path)
    right = lesson.solution.read_text(encoding="utf-8")
    for person, text in (("ann", right), ("bob", right.replace("a + b", "a - b"))):
        (tmp_path / "class" / person).mkdir(parents=True)
        (tmp_path / "class" / person / "01_add.py").write_text(text, encoding="utf-8")

    def typed(*words):
        return run(["--course", str(lesson.course), "grade", *(words or ["class"])])

    return typed


def test_everybody_gets_a_line_and_a_grade(grade, capsys):
    assert grade("class", "--trust") == 0
    said = capsys.readouterr().out
    assert "2 graded, 1 passed in full." in said
    lines = sorted(line.split()[1:6] for line in said.splitlines()[:2])
    assert lines == [["ann", *PASSED], ["bob", *FAILED]]


def test_the_second_time_nothing_is_run(grade, capsys, monkeypatch):
    grade("class", "--trust")
    monkeypatch.setattr("workshop.batch.desk.Desk.mark", lambda *_: 1 / 0)
    assert grade("class", "--trust") == 0
    assert capsys.readouterr().out.count("as before") == 2


def test_an_older_grade_that_takes_the_place_of_a_newer_says_so(
    grade, capsys, tmp_path
):
    first = tmp_path / "first"
    shutil.copytree(tmp_path / "class", first)
    (first / "ann" / "01_add.py").write_bytes(
        (first / "bob" / "01_add.py").read_bytes()
    )
    for folder in (first, "class", first):
        capsys.readouterr()
        grade(str(folder), "--trust")
    lines = sorted(capsys.readouterr().out.splitlines()[:2], key=lambda line: line[2:])
    ends = [(line.split()[1], line.split("  ")[-1]) for line in lines]
    assert ends == [("ann", "counts again"), ("bob", "as before")]
    assert max(map(len, lines)) <= 80  # or a terminal breaks them


def test_without_boxes_others_work_is_refused_with_the_fix(grade, capsys, monkeypatch):
    monkeypatch.setattr("workshop.box.outer.problem", lambda: "Install bubblewrap.")
    assert grade() == 3
    assert "Install bubblewrap." in capsys.readouterr().err


def test_where_a_box_does_not_hold_nothing_is_graded(grade, capsys, monkeypatch):
    from workshop.box.canary import Sign

    monkeypatch.setattr("workshop.box.outer.problem", lambda: "")
    monkeypatch.setattr("workshop.box.boxes.Boxes.start", lambda self: None)
    broken = [Sign(False, "No socket can be opened", "found 7")]
    monkeypatch.setattr("workshop.box.canary.watch", lambda boxes: broken)
    assert grade() == 3
    said = capsys.readouterr().err
    assert "Nothing was graded" in said
    assert "No socket can be opened: found 7" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nowhere"], "There is nothing at nowhere"),
        (["course"], "No lesson of this course was found"),
    ],
)
def test_what_cannot_be_graded_is_named(grade, tmp_path, capsys, words, says):
    (tmp_path / "empty").mkdir()
    assert grade(*(["empty"] if words == ["course"] else words)) == 2
    assert says in capsys.readouterr().err


def test_what_could_not_be_placed_is_named_and_the_rest_is_graded(
    grade, tmp_path, capsys
):
    (tmp_path / "class" / "cid").mkdir()
    (tmp_path / "class" / "cid" / "essay.rar").write_bytes(b"Rar!")
    assert grade("class", "--trust") == 1
    both = capsys.readouterr()
    assert "Not graded: " in both.err
    assert "2 graded" in both.out


def test_a_secret_that_others_can_read_stops_the_run(grade, tmp_path, capsys):
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / "secret").write_bytes(b"x" * 32)
    (tmp_path / "grading" / "secret").chmod(0o644)
    assert grade("class", "--trust") == 2
    assert "chmod 600" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_named(grade, tmp_path, capsys):
    (tmp_path / "file").write_text("x")
    assert grade("class", "--trust", "--in", "file/grading") == 2
    assert "cannot be made" in capsys.readouterr().err


def test_what_the_grader_keeps_is_graded_for_nobody(grade, tmp_path, capsys):
    right = (tmp_path / "class" / "ann" / "01_add.py").read_text()
    look = (
        "import os\nprint(os.listdir(), *map(os.listdir, filter(os.path.isdir, '.')))"
    )
    (tmp_path / "mallory_01_add.py").write_text(f"{right}\n{look}\n")
    for again in ([], ["--regrade"]):
        grade(".", "--trust", *again)
        with Gradebook(tmp_path / "grading" / "gradebook.sqlite") as book:
            found = {one.person: one.report.output for one in book.latest()}
        assert "mallory" in found
        assert "secret" not in found["mallory"]
        assert "grading" not in found["mallory"]


def test_a_file_that_is_no_gradebook_is_left_alone(grade, tmp_path, capsys):
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / "gradebook.sqlite").write_text("my thesis")
    assert grade("class", "--trust") == 2
    assert (tmp_path / "grading" / "gradebook.sqlite").read_text() == "my thesis"


def test_a_check_that_is_weighed_and_does_not_exist_is_named(grade, lesson, capsys):
    path = lesson.course / "course.toml"
    path.write_text(path.read_text() + "points = {ads = 2}\n")
    assert grade("class", "--trust") == 2
    assert "ads" in capsys.readouterr().err


def test_another_folder_is_named_in_what_comes_next(grade, capsys):
    grade("class", "--trust", "--in", "autumn")
    said = capsys.readouterr().out
    assert "export --gradebook autumn/gradebook.sqlite feedback" in said


def test_names_are_shown_and_never_acted_on(grade, tmp_path, lesson, capsys):
    person = tmp_path / "class" / "\x1b[31mred\x07"
    person.mkdir()
    (person / "01_add.py").write_bytes(lesson.solution.read_bytes())
    grade("class", "--trust")
    assert "\x1b[31m" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--cluster a:1 --slurm 2", "name two clusters"),
        ("--cluster a:1 --trust", "--trust is about this machine, and with --cluster"),
        ("--slurm 2 --jobs 3", "--jobs is about this machine, and with --slurm"),
        ("--slurm 2 --cold", "--cold is about this machine"),
    ],
)
def test_options_that_contradict_each_other_are_refused(grade, capsys, words, says):
    assert grade("class", *words.split()) == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("words", ["--cluster 127.0.0.1:9", "--slurm 1"])
def test_without_dask_other_machines_are_refused_with_the_fix(
    grade, capsys, monkeypatch, words
):
    monkeypatch.delitem(sys.modules, "workshop.batch.cluster", raising=False)
    monkeypatch.delattr("workshop.batch.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert grade("class", *words.split()) == 3
    assert 'pip install "keras-workshop[grade]"' in capsys.readouterr().err
