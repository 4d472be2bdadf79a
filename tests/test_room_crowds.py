"""A thousand connections, a killed room, five hundred pages at the end of one."""

import asyncio
import signal
import socket
from contextlib import ExitStack, suppress

import pytest
from hostile_room import LESSON, assert_works, hosting, read_all, until

from benchmarks import _host, _losses
from benchmarks._crowd import Crowd
from workshop.course import bundled, load
from workshop.room import feed, server

pytestmark = pytest.mark.slow


@pytest.fixture
def host(tmp_path):
    with hosting(tmp_path) as made:
        yield made
        assert_works(made)


def connect(host, sent=b""):
    sock = socket.create_connection(("127.0.0.1", host.port), 30)
    sock.sendall(sent)
    return sock


def stream(path, token):
    shown = f"Host: localhost\r\nAuthorization: Bearer {token}"
    return f"GET {path} HTTP/1.1\r\n{shown}\r\n\r\n".encode()


def test_a_thousand_idle_connections_keep_nobody_out_and_end(host, monkeypatch):
    monkeypatch.setattr(server, "SILENT_SECONDS", 3.0)
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(host)) for _ in range(1000)]
        assert_works(host)
        assert {read_all(sock) for sock in idle} == {b""}


def test_one_address_does_not_take_all_connections(host, monkeypatch):
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 20)
    with ExitStack() as stack:
        idle = [stack.enter_context(connect(host)) for _ in range(30)]
        assert [read_all(sock) for sock in idle[20:]] == [b""] * 10


def test_a_thousand_streams_of_one_attendee_are_eight(host):
    sent = stream("/api/me/events", host.join())
    with ExitStack() as stack:
        asked = [stack.enter_context(connect(host, sent)) for _ in range(1000)]
        heads = [sock.recv(200)[:12] for sock in asked]
        assert 8 <= heads.count(b"HTTP/1.1 200") < 1000
        assert set(heads) == {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert sum(host.room.feed._held.values()) == feed.MOST_EACH
    until(lambda: not host.room.feed._held)


def test_who_reads_nothing_is_cut_off(host, monkeypatch):
    monkeypatch.setattr(server, "STALLED_SECONDS", 0.5)
    asked = stream("/api/board", host.instructor) * 20_000
    with connect(host) as sock, suppress(ConnectionError):
        sock.sendall(asked)
        until(lambda: not server.Impatient.held)


def test_ctrl_c_ends_a_room_with_five_hundred_pages_in_silence(tmp_path, capfd):
    room = _host.start(tmp_path / "room", _host.free_port())
    crowd = Crowd(room.port, room.token, LESSON)
    asyncio.run(crowd.join(room.code, 500))
    capfd.readouterr()
    with room.process, ExitStack() as stack:
        for token in crowd.people.values():
            sent = stream("/api/me/events", token)
            assert stack.enter_context(connect(room, sent)).recv(99)
        room.process.send_signal(signal.SIGINT)
        assert room.process.wait(5) == 0
    assert capfd.readouterr().err == ""


def test_kills_lose_nothing_that_was_acknowledged(tmp_path):
    lesson = load(bundled()).find("01_mnist")
    found = _losses.measure(tmp_path / "room", lesson, 20, 2)
    assert found["again"] > 0
    assert (found["lost at a kill"], found["lost"], found["doubled"]) == (0, 0, 0)
