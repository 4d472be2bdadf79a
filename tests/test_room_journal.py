"""Facts are on the disk before anybody relies on them, each once."""

import asyncio
import sqlite3
import threading

import pytest

from workshop.room.journal import Draft, Journal, JournalError, read


@pytest.fixture
def journal(tmp_path):
    made = Journal(tmp_path / "sessions" / "one.sqlite")
    yield made
    made.close()


def write(journal, *drafts):
    """Write facts as a server does, all at once, and return them."""

    async def all_of_them():
        told = [journal.write(d.at, d.kind, d.person, d.body, d.key) for d in drafts]
        return await asyncio.gather(*told)

    return asyncio.run(all_of_them())


def test_facts_are_numbered_in_their_order_and_read_again(journal):
    made = write(
        journal, *(Draft(float(i), "said", None, {"text": "x"}) for i in range(5))
    )
    assert list(read(journal.path)) == made
    assert [fact.id for fact in made] == [1, 2, 3, 4, 5]


def test_a_fact_of_one_key_is_taken_once(journal):
    drafts = [Draft(1.0, "reported", 1, {}, "a"), Draft(2.0, "reported", 1, {}, "a")]
    first, second = write(journal, *drafts)
    assert first is not None
    assert second is None


def test_a_fact_is_heard_before_whoever_wrote_it_goes_on(journal):
    heard = []
    journal.heard = lambda fact: heard.append(fact.id)

    async def one():
        fact = await journal.write(1.0, "paused")
        return fact.id in heard

    assert asyncio.run(one())


def test_a_disk_that_refuses_is_told_and_the_journal_goes_on(journal, monkeypatch):
    full = sqlite3.OperationalError("database or disk is full")

    def refuse(drafts):
        monkeypatch.undo()
        raise full

    monkeypatch.setattr(journal, "_commit", refuse)
    with pytest.raises(sqlite3.OperationalError):
        write(journal, Draft(1.0, "paused"))
    assert write(journal, Draft(1.0, "paused"))[0].id == 1


def test_what_nobody_waits_for_any_more_is_written_all_the_same(journal):
    async def gone():
        task = asyncio.create_task(journal.write(1.0, "paused"))
        await asyncio.sleep(0)
        task.cancel()

    asyncio.run(gone())
    write(journal, Draft(2.0, "resumed"))
    assert [fact.kind for fact in read(journal.path)] == ["paused", "resumed"]


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"\x00" * 4096])
def test_a_file_that_is_no_journal_is_refused_in_a_sentence(tmp_path, content):
    path = tmp_path / "one.sqlite"
    path.write_bytes(content)
    with pytest.raises(JournalError, match=r"one\.sqlite cannot be"):
        Journal(path)


def test_a_journal_of_another_version_is_left_alone(tmp_path):
    path = tmp_path / "one.sqlite"
    with sqlite3.connect(path) as file:
        file.execute("pragma user_version = 9")
    with pytest.raises(JournalError, match="another version"):
        Journal(path)


def test_readers_and_the_writer_do_not_wait_for_each_other(journal):
    write(journal, Draft(1.0, "paused"))
    found = []
    reader = threading.Thread(target=lambda: found.extend(read(journal.path)))
    reader.start()
    write(journal, Draft(2.0, "resumed"))
    reader.join()
    assert found[0].kind == "paused"
