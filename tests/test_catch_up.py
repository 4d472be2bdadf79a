"""A late arrival comes to where the others are, and nothing of theirs is touched."""

import os

import pytest
import rooms
from test_cli import words

from workshop.cli import entry
from workshop.course import load

LESSONS = load().lessons
FIRST, SECOND, THIRD, FOURTH = LESSONS[:4]
STEMS = [lesson.stem for lesson in LESSONS]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder that was started with the first two lessons."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    entry.run(["start", "mine", FIRST.stem, SECOND.stem])
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


@pytest.fixture
def run(here, capsys):
    """Run a command in the learner's folder: its status, and all it printed."""

    def run(*arguments):
        status = entry.run(list(map(str, arguments)))
        printed = capsys.readouterr()
        return status, words(printed.out + printed.err)

    return run


def own(here, lesson):
    return here / f"{lesson.stem}.py"


def text(path):
    return path.read_text(encoding="utf-8")


def test_missed_lessons_are_filled_in_and_the_one_that_is_on_begins(run, here):
    own(here, FIRST).unlink()
    status, said = run("catch-up", "03")
    assert status == 0
    assert text(own(here, FIRST)) == text(FIRST.solution)
    assert text(own(here, SECOND)) == text(SECOND.solution)
    assert text(own(here, THIRD)) == text(THIRD.exercise)
    assert f"Next: workshop watch {THIRD.stem}" in said


def test_later_lessons_are_not_touched(run, here):
    run("catch-up", "01")
    assert text(own(here, SECOND)) == text(SECOND.exercise)
    assert not own(here, THIRD).exists()


def test_what_somebody_changed_stays_and_the_solution_is_beside_it(run, here):
    own(here, FIRST).write_text("mine", encoding="utf-8")
    said = run("catch-up", "03")[1]
    assert text(own(here, FIRST)) == "mine"
    assert text(here / f"{FIRST.stem}.solution.py") == text(FIRST.solution)
    assert f"{FIRST.stem}.py stays yours" in said


def test_a_notebook_is_somebodys_own(run, here):
    own(here, FIRST).rename(here / f"{FIRST.stem}.ipynb")
    run("catch-up", "02")
    assert not own(here, FIRST).exists()
    assert (here / f"{FIRST.stem}.solution.py").exists()


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_is_somebodys_own_also_where_it_leads_nowhere(run, here):
    kept = here / "kept.py"
    own(here, FIRST).rename(kept)
    own(here, FIRST).symlink_to(kept)
    own(here, SECOND).unlink()
    own(here, SECOND).symlink_to(here / "nowhere.py")
    run("catch-up", "03")
    assert text(kept) == text(FIRST.exercise)
    assert not (here / "nowhere.py").exists()


def test_the_exercise_with_windows_line_ends_is_untouched(run, here):
    own(here, FIRST).write_bytes(FIRST.exercise.read_bytes().replace(b"\n", b"\r\n"))
    run("catch-up", "02")
    assert text(own(here, FIRST)) == text(FIRST.solution)


def test_a_second_time_changes_nothing(run, here):
    own(here, FIRST).write_text("mine", encoding="utf-8")
    run("catch-up", "03")
    before = {path: path.read_bytes() for path in here.glob("*.py")}
    assert run("catch-up", "03")[0] == 0
    assert {path: path.read_bytes() for path in here.glob("*.py")} == before


def test_what_was_filled_in_is_behind_its_learner(run, here):
    run("catch-up", "03")
    assert f"Next: {THIRD.stem}" in run("next")[1]
    assert run("list")[1].count("filled in") == 2
    run("reset", "01")
    assert f"Next: {FIRST.stem}" in run("next")[1]


def test_without_a_room_and_a_name_the_name_is_asked_for(run):
    status, said = run("catch-up")
    assert (status, "Name it: workshop catch-up LESSON" in said) == (2, True)


def test_a_name_that_is_no_lesson_gets_the_nearest_one(run):
    status, said = run("catch-up", "03_asl_cn")
    assert (status, "Did you mean 03_asl_cnn?" in said) == (2, True)


def test_the_room_says_what_is_on_also_once_it_is_away(run, here):
    order = (SECOND.stem, FIRST.stem, FOURTH.stem)
    with rooms.opened(lessons=order) as room:
        room.on = FIRST.stem
        run("join", room.address, rooms.CODE, "--name", "Ann")
        room.on = FOURTH.stem
        run("check", "01")
    assert run("catch-up")[0] == 0
    assert text(own(here, FIRST)) == text(FIRST.solution)
    assert text(own(here, FOURTH)) == text(FOURTH.exercise)
    assert not own(here, THIRD).exists()


@pytest.mark.parametrize("stem", ["../../../evil", "99_none", "", "/etc/passwd"])
def test_a_room_cannot_name_anything_but_lessons(run, here, stem):
    outside = sorted(here.parent.rglob("*"))
    with rooms.opened(lessons=(stem,)) as room:
        run("join", room.address, rooms.CODE, "--name", "Ann", "--private")
        assert run("catch-up")[0] == 2
    made = {path.name for path in here.parent.rglob("*")} - {p.name for p in outside}
    assert made <= {"room.json", "room-seen.json", "outbox", "lock"}
