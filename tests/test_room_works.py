"""What is handed in is counted, bounded and whole, or it was never there."""

import errno
import os
import socket

import pytest
from hostile_room import LESSON, assert_works, hosting, until

from workshop.room import works


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with hosting(tmp_path_factory.mktemp("room")) as made:
        yield made
        assert_works(made)


def hand_in(host, token, sent, **headers):
    path = f"/api/me/work/{LESSON.stem}"
    return host.ask("PUT", path, token, sent, **headers)


def parts(host):
    return list(host.held.works.folder.glob("*.part"))


def test_work_is_kept_under_its_own_name(host):
    reply = hand_in(host, host.join("Dora"), b"zip")
    kept = host.held.works.folder / reply.json["sha256"]
    assert (reply.json["size"], kept.read_bytes()) == (3, b"zip")


def test_nobody_fills_the_disk(host, monkeypatch):
    monkeypatch.setattr(works, "QUOTA", 10)
    token = host.join("Eve")
    found = [hand_in(host, token, b"four").status for _ in range(4)]
    assert found == [200, 200, 413, 413]
    assert hand_in(host, host.join("Finn"), b"four").status == 200


def test_work_that_is_too_large_is_refused_before_it_comes(host):
    said = {"Content_Length": f"{works.LARGEST + 1}"}
    assert hand_in(host, host.join("Gus"), b"x", **said).status == 413


def test_work_of_unknown_length_is_refused(host):
    ask = f"PUT /api/me/work/{LESSON.stem} HTTP/1.1\r\nHost: localhost\r\n"
    shown = f"Authorization: Bearer {host.join('Hal')}\r\n"
    sent = f"{ask}{shown}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    assert host.status(sent.encode()) == 411


def test_work_that_breaks_off_leaves_nothing_and_costs_nothing(host):
    token = host.join("Ida")
    ask = f"PUT /api/me/work/{LESSON.stem} HTTP/1.1\r\nHost: localhost\r\n"
    shown = f"Authorization: Bearer {token}\r\nContent-Length: 100\r\n\r\nhalf"
    broken_off(host, (ask + shown).encode())
    assert hand_in(host, token, b"whole").status == 200
    assert not parts(host)
    person = host.person("Ida")["id"]
    assert host.held.works.spent[person] == 5


def broken_off(host, sent):
    """Send something, go away, and wait until the room has noticed."""
    with socket.create_connection(("127.0.0.1", host.port), 10) as sock:
        sock.sendall(sent)
        until(lambda: parts(host))
    until(lambda: not parts(host))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
def test_work_that_the_disk_refuses_is_told(host, monkeypatch, number):
    def refuse(file):
        raise OSError(number, os.strerror(number))

    token = host.join("Jo")
    with monkeypatch.context() as patched:
        patched.setattr(works, "_settle", refuse)
        assert hand_in(host, token, b"work").status == 503
    assert not parts(host)
    assert hand_in(host, token, b"work").status == 200


def test_work_that_comes_too_slowly_is_given_up(host, monkeypatch):
    monkeypatch.setattr(works, "SECONDS", 0.2)
    ask = f"PUT /api/me/work/{LESSON.stem} HTTP/1.1\r\nHost: localhost\r\n"
    shown = f"Authorization: Bearer {host.join('Kai')}\r\nContent-Length: 9\r\n\r\nhalf"
    assert host.status((ask + shown).encode()) == 408
    assert not parts(host)


def test_one_attendee_takes_not_all_the_places(host):
    token = host.join("Lou")
    ask = f"PUT /api/me/work/{LESSON.stem} HTTP/1.1\r\nHost: localhost\r\n"
    sent = f"{ask}Authorization: Bearer {token}\r\nContent-Length: 9\r\n\r\n"
    with (
        socket.create_connection(("127.0.0.1", host.port), 10) as one,
        socket.create_connection(("127.0.0.1", host.port), 10) as two,
    ):
        one.sendall(sent.encode())
        two.sendall(sent.encode())
        until(lambda: len(parts(host)) == 2)
        assert hand_in(host, token, b"three").status == 503
        assert hand_in(host, host.join("Max"), b"other").status == 200
    until(lambda: not parts(host))
    assert hand_in(host, token, b"three").status == 200


def test_a_lesson_that_is_not_open_takes_nothing(host):
    token = host.join("Nia")
    assert host.ask("PUT", "/api/me/work/02_line", token, b"work").status == 409
    assert host.ask("PUT", "/api/me/work/none", token, b"work").status == 404
