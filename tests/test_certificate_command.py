"""`workshop certificate` tells whether a signature holds, and whose it is."""

import dataclasses

import pytest
from certificates import ANN, DIGITS, NAMES

from workshop.certificate import Key, read, sign
from workshop.cli.entry import run
from workshop.report.certificate import page


@pytest.fixture
def key(tmp_path, monkeypatch):
    """The key of a room in the current folder, which is no course."""
    monkeypatch.chdir(tmp_path)
    return Key(tmp_path / "room" / "certificate-key")


@pytest.fixture
def file(key, tmp_path):
    (tmp_path / "ann.json").write_bytes(sign(ANN, key))
    return tmp_path / "ann.json"


def verify(*words):
    return run(["certificate", "verify", *map(str, words)])


def test_a_certificate_is_shown_once_its_signature_holds(file, key, capsys):
    assert verify(file) == 0
    said = capsys.readouterr().out
    facts = (
        "The signature holds",
        "Name: Ann Lee",
        "Course: Keras & co.",
        "2026-05-04",
    )
    for fact in (*facts, key.fingerprint, "Anybody can make a key"):
        assert fact in said
    assert "Read digits (01_mnist), 97 % right on unseen data, drawn data" in said
    assert "answered on the attendee's machine" in said
    assert "run in a box by the instructor" in said


def test_the_page_is_as_good_as_the_file(file, tmp_path, capsys):
    made = page(read(file.read_bytes())).replace("Ann", "Bob")
    (tmp_path / "ann.html").write_text(made, encoding="utf-8")
    assert verify(tmp_path / "ann.html") == 1
    made = made.replace('"name": "Bob', '"name": "Ann')
    (tmp_path / "ann.html").write_text(made, encoding="utf-8")
    assert verify(tmp_path / "ann.html") == 0
    said = capsys.readouterr().out
    assert "Name: Ann Lee" in said
    assert "only if it reads the same" in said


@pytest.mark.parametrize("between", ["", " ", ":", "-"])
def test_the_published_fingerprint_settles_whose_it_is(file, key, between, capsys):
    published = key.fingerprint.upper().replace(" ", between)
    assert verify(file, "--key", published) == 0
    said = capsys.readouterr().out
    assert "the one you named" in said
    assert "Anybody can make a key" not in said


def test_another_key_shows_no_certificate(file, tmp_path, capsys):
    other = Key(tmp_path / "elsewhere" / "key").fingerprint
    assert verify(file, "--key", other) == 1
    said = capsys.readouterr().out
    assert "another key" in said
    assert "Ann" not in said


def test_a_changed_certificate_is_not_shown(file, capsys):
    file.write_bytes(file.read_bytes().replace(b"97 %", b"99 %"))
    assert verify(file) == 1
    said = capsys.readouterr().out
    assert "does not hold" in said
    assert "99 %" not in said


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", b" " * (2**20 + 1)])
def test_what_cannot_be_read_is_refused(key, tmp_path, content, capsys):
    if content is not None:
        (tmp_path / "x.json").write_bytes(content)
    assert verify(tmp_path / "x.json") == 2
    said = capsys.readouterr()
    assert "x.json" in said.err
    assert not said.out


@pytest.mark.parametrize("wanted", ["", "7f3a", "z" * 32, "0" * 31, "0" * 33])
def test_less_than_a_fingerprint_is_refused(file, wanted, capsys):
    assert verify(file, "--key", wanted) == 2
    assert "32 digits" in capsys.readouterr().err


@pytest.mark.parametrize("name", [*NAMES, "Ann\nKey: 0000"])
def test_no_name_acts_on_a_terminal(file, key, name, capsys):
    lesson = dataclasses.replace(DIGITS, title=name, lesson=name)
    fields = {"name": name, "course": name, "room": name, "kit": name}
    made = dataclasses.replace(ANN, lessons=(lesson,), **fields)
    file.write_bytes(sign(made, key))
    assert verify(file, "--key", key.fingerprint) == 0
    said = capsys.readouterr().out
    assert not set("\x1b\u202e") & set(said)
    assert len(said.splitlines()) == 9


def test_the_key_of_a_room_is_made_once_and_shown(key, capsys):
    assert run(["certificate", "key"]) == 0
    first = capsys.readouterr()
    assert first.out.strip() == key.fingerprint
    assert "A new key was made" in first.err
    assert run(["certificate", "key", "--in", "room"]) == 0
    assert capsys.readouterr() == (first.out, "")


def test_a_key_that_cannot_be_used_is_said(key, tmp_path, capsys):
    (tmp_path / "room").write_text("a file")
    assert run(["certificate", "key", "--in", str(tmp_path / "room" / "x")]) == 2
    assert "cannot be read or written" in capsys.readouterr().err
