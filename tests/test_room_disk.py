"""Disks fill, files rot and clocks jump: the room says so in a sentence, or goes on."""

import asyncio
import os
import sqlite3
import time

import pytest
from hostile_room import LESSON, assert_works, hosting, replayed, report

from workshop.cli.entry import run
from workshop.room import journal
from workshop.room.folder import RoomFolder
from workshop.room.journal import Journal


@pytest.fixture
def host(tmp_path):
    with hosting(tmp_path / "room") as made:
        yield made
        assert_works(made)


def refuse(*args):
    raise sqlite3.OperationalError("database or disk is full")


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/api/me/reports", {"reports": [report()]}),
        ("/api/me/hand", {"up": True}),
        ("/api/me/exams", {"lesson": LESSON.stem}),
    ],
)
def test_a_full_disk_is_told_and_nothing_is_shown_that_is_not_kept(
    host, monkeypatch, path, sent
):
    token = host.join("Ann")
    with monkeypatch.context() as patched:
        patched.setattr(journal, "_insert", refuse)
        reply = host.ask("POST", path, token, sent)
        assert (reply.status, "retry-after" in reply.headers) == (503, True)
        assert host.ask("GET", "/api/me", token).status == 200
        assert host.act("say", text="Hello").status == 503
    assert host.person("Ann")["hand"] is None
    assert host.ask("POST", path, token, sent).status == 200


def test_nobody_is_kept_from_looking_by_a_full_disk(host, monkeypatch):
    token = host.join("Bob")
    host.room._noted.clear()
    monkeypatch.setattr(journal, "_insert", refuse)
    assert host.ask("GET", "/api/me", token).status == 200
    monkeypatch.undo()


def test_a_fact_that_breaks_a_page_hurts_only_its_writer(host, monkeypatch):
    token, fold = host.join("Cid"), host.room.session.apply

    def broken(fact):
        if fact.kind == "hand":
            raise RuntimeError("a fault of ours")
        return fold(fact)

    monkeypatch.setattr(host.room.session, "apply", broken)
    assert host.ask("POST", "/api/me/hand", token, {"up": True}).status == 500
    monkeypatch.undo()


def test_nothing_breaks_when_the_clock_is_set_back(host, monkeypatch):
    token, real = host.join("Lea"), time.time
    host.act("start", plan="all")
    for _ in range(30):
        host.ask("POST", "/api/me/hand", token, {"up": True})
    before = host.ask("GET", "/api/me", token).json["clock"]
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    passed = report(outcome="passed", age=0.0)
    reply = host.ask("POST", "/api/me/reports", token, {"reports": [passed]})
    after = host.ask("GET", "/api/me", token).json["clock"]
    assert reply.json["view"]["lessons"][0]["outcome"] == "passed"
    assert 0 <= after["now"] - before["now"] < 60
    assert 0 <= before["left"] - after["left"] < 60
    monkeypatch.undo()


def test_a_room_that_starts_again_before_its_last_fact_goes_on_from_there(
    tmp_path, monkeypatch
):
    real = time.time
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: real() + 3600)
        with hosting(tmp_path / "room") as first:
            first.act("start", plan="all")
    with hosting(tmp_path / "room") as second:
        assert second.room.now >= real() + 3500
        assert_works(second)


def test_a_new_session_follows_the_last_one_whatever_the_date(tmp_path):
    home = RoomFolder(tmp_path)
    (tmp_path / "sessions").mkdir()
    (tmp_path / "sessions" / "2999-12-31-9.sqlite").touch()
    assert home.new().stem == "2999-12-31-10"


def spoil_words(path):
    with sqlite3.connect(path) as file:
        file.execute("update fact set body = '{' where id = 1")
    file.close()


def spoil_kind(path):
    with sqlite3.connect(path) as file:
        file.execute("update fact set kind = 'apply' where id = 2")
    file.close()


def spoil_body(path):
    with sqlite3.connect(path) as file:
        file.execute("update fact set body = '[]' where id = 2")
    file.close()


def spoil_version(path):
    with sqlite3.connect(path) as file:
        file.execute("pragma user_version = 7")
    file.close()


def spoil_table(path):
    with sqlite3.connect(path) as file:
        file.execute("alter table fact rename column body to text")
    file.close()


def spoil_pages(path):
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)


SPOILT = {
    "words": spoil_words,
    "kind": spoil_kind,
    "body": spoil_body,
    "version": spoil_version,
    "table": spoil_table,
    "pages": spoil_pages,
    "other bytes": lambda path: path.write_bytes(os.urandom(10_000)),
    "half a file": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.fixture
def kept(tmp_path):
    """The journal of a session with an attendee and a report."""
    with hosting(tmp_path / "room") as host:
        assert_works(host)
        return host.room.journal.path


COMMAND = ["room", "--host", "127.0.0.1", "--port", "0"]


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_journal_that_cannot_be_read_is_told_in_a_sentence(kept, spoil, capsys):
    spoil(kept)
    code = run([*COMMAND, "--in", str(kept.parent.parent)])
    said = capsys.readouterr()
    assert code in (2, 3)
    assert "Traceback" not in said.out + said.err
    assert len(said.err.strip().splitlines()) <= 3
    assert kept.name in said.err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write")
def test_a_journal_that_cannot_be_written_is_told_in_a_sentence(kept, capsys):
    kept.chmod(0o400)
    assert run([*COMMAND, "--in", str(kept.parent.parent)]) in (2, 3)
    assert kept.name in capsys.readouterr().err


def test_two_rooms_never_share_a_folder(kept, capsys):
    home = RoomFolder(kept.parent.parent)
    with home.alone() as alone:
        assert alone
        assert run([*COMMAND, "--in", str(home.path)]) == 2
    assert "Another room runs" in capsys.readouterr().err


def test_a_journal_is_read_while_it_is_written(host):
    assert_works(host)
    assert len(replayed(host).people) == len(host.room.session.people)


def test_a_commit_that_fails_otherwise_ends_nothing(tmp_path, monkeypatch):
    async def write():
        made = Journal(tmp_path / "journal.sqlite")
        with pytest.raises(TypeError):
            await made.write(1.0, "said", None, {"text": object()})
        fact = await made.write(2.0, "said", None, {"text": "after"})
        made.close()
        return fact

    assert asyncio.run(write()).at == 2.0
