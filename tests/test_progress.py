"""Progress survives damage, a folder that cannot be written, and company."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from workshop import progress
from workshop.progress import Folder, Standing


@pytest.fixture
def folder(tmp_path):
    """A learner's folder that was just made."""
    made = Folder(tmp_path / "my cöurse")
    made.make()
    return made


def passed(standing):
    return replace(standing, reached=True, outcome="passed", passed=3, total=3)


def refuse(*_):
    raise PermissionError(13, "Permission denied")


def test_what_was_reached_is_read_back(folder):
    folder.update("01_a", passed)
    assert Folder(folder.root).standing("01_a") == passed(Standing())
    assert Folder(folder.root).standing("02_b") == Standing()


def test_a_folder_is_found_from_below_and_a_course_is_none(folder):
    below = folder.root / "a" / "b"
    below.mkdir(parents=True)
    assert progress.find(below).root == folder.root
    (folder.root / "course.toml").touch()
    (folder.root / "exercises").mkdir()
    assert progress.find(below) is None


@pytest.mark.parametrize(
    "spoilt", [b"{", b"", b"\xff\xfe", b"[]", b'{"lessons": 3}', b"[" * 100_000]
)
def test_a_damaged_state_is_set_aside_and_begun_anew(folder, capsys, spoilt):
    (folder.hidden / "state.json").write_bytes(spoilt)
    folder.update("01_a", passed)
    (aside,) = folder.hidden.glob("state-damaged-*.json")
    assert aside.read_bytes() == spoilt
    assert str(aside) in capsys.readouterr().err
    assert folder.standing("01_a").reached


def test_what_does_not_fit_in_a_state_counts_as_unsaid(folder):
    lesson = {"reached": "yes", "passed": 2, "failed": [], "hints": {"1": 1, "2": "x"}}
    state = {"lessons": {"01_a": lesson, "02_b": 7}, "course": 3}
    (folder.hidden / "state.json").write_text(json.dumps(state))
    assert folder.standing("01_a") == Standing(passed=2, hints={"1": 1})
    assert folder.standing("02_b") == Standing()
    assert folder.course is None


def test_two_hands_at_once_lose_nothing(folder):
    code = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from workshop.progress import Folder\n"
        "for n in range(20): Folder(Path(sys.argv[1])).update(f'{sys.argv[2]}{n}',"
        " lambda s: replace(s, reached=True))\n"
    )
    command = [sys.executable, "-c", code, str(folder.root)]
    hands = [subprocess.Popen([*command, name]) for name in "ab"]
    assert [hand.wait() for hand in hands] == [0, 0]
    stems = [f"{name}{n}" for name in "ab" for n in range(20)]
    assert all(folder.standing(stem).reached for stem in stems)


def test_a_folder_that_cannot_be_written_costs_one_warning(folder, capsys, monkeypatch):
    monkeypatch.setattr(progress, "write", refuse)
    assert folder.update("01_a", passed).reached
    assert not folder.keep(folder.reports / "01_a.json", "{}")
    assert capsys.readouterr().err.count("progress is not kept") == 1


def test_the_secret_is_made_once_and_is_the_owners_alone(folder):
    secret = folder.secret()
    assert len(secret) == 32
    assert Folder(folder.root).secret() == secret
    if os.name == "posix":
        mode = stat.S_IMODE((folder.hidden / "secret").stat().st_mode)
        assert mode == 0o600


def test_without_a_place_for_it_the_secret_holds_for_one_command(folder, monkeypatch):
    monkeypatch.setattr(progress, "write", refuse)
    assert len(folder.secret()) == 32
    assert folder.secret() == folder.secret()


def test_a_copy_never_replaces_another(folder):
    lesson = folder.root / "01_a.py"
    lesson.write_text("first")
    one = folder.back_up(lesson)
    lesson.write_text("second")
    two = folder.back_up(lesson)
    assert (one.read_text(), two.read_text()) == ("first", "second")


def test_writing_leaves_the_old_file_or_the_new_one(folder, monkeypatch):
    path = folder.root / "a.txt"
    progress.write(path, "old")
    monkeypatch.setattr(progress, "_replace", refuse)
    with pytest.raises(PermissionError):
        progress.write(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in folder.root.glob("*.txt*")] == ["a.txt"]


def test_a_clock_set_back_changes_nothing(folder):
    folder.update("01_a", passed)
    os.utime(folder.hidden / "state.json", (0, 2**32))
    assert folder.update("01_a", lambda standing: standing).reached


def test_a_new_file_never_replaces_one(folder):
    path = folder.root / "a.txt"
    progress.create(path, "mine")
    with pytest.raises(FileExistsError):
        progress.create(path, "yours")
    assert path.read_text() == "mine"


@pytest.mark.skipif(
    not Path("/dev/full").exists(),
    reason="no /dev/full: only Linux and BSD have a full disk at hand",
)
def test_no_half_of_a_new_file_stays_on_a_full_disk(folder, monkeypatch):
    full = open("/dev/full", "wb", buffering=0)  # noqa: PTH123, SIM115
    monkeypatch.setattr(Path, "open", lambda *_: full)
    unlinked = []
    monkeypatch.setattr(Path, "unlink", lambda path: unlinked.append(path.name))
    with pytest.raises(OSError, match="No space left"):
        progress.create(folder.root / "a.txt", "x")
    assert unlinked == ["a.txt"]
