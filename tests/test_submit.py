"""What is handed in is packed into one file, and nothing else of a folder is in it."""

import zipfile

import pytest

from workshop.cli.entry import run


@pytest.fixture
def folder(lesson, tmp_path, monkeypatch):
    """A learner's folder, entered."""
    monkeypatch.chdir(tmp_path)
    course = str(lesson.course)
    assert run(["--course", course, "start", "mine"]) == 0
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


def packed(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_script_is_packed_with_its_kept_trainings_and_modules(folder):
    kept = folder / ".workshop" / "kept"
    (kept / "01_add-0123.npz").write_bytes(b"weights")
    (kept / "02_other-0123.npz").write_bytes(b"others")
    (folder / "my_numbers.py").write_text("two = 2")
    (folder / ".workshop" / "secret").write_bytes(b"secret")
    assert run(["submit", "01"]) == 0
    script = (folder / "01_add.py").read_bytes()
    assert packed(folder / "01_add.zip") == {
        "01_add.py": script,
        "my_numbers.py": b"two = 2",
        ".workshop/kept/01_add-0123.npz": b"weights",
    }


def test_blanks_that_are_left_are_told(folder, capsys):
    run(["submit", "01"])
    assert "It still has 2 blanks." in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_named(folder, capsys):
    assert run(["submit", "01", "--to", "nowhere/mine.zip"]) == 2
    assert "was not written" in capsys.readouterr().err


def test_the_file_can_have_another_name(folder):
    assert run(["submit", "01", "--to", "mine.zip"]) == 0
    assert "01_add.py" in packed(folder / "mine.zip")
