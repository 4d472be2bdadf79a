"""What no kind client sends gets the right status, and the room goes on."""

import json
import socket
import time

import pytest
from hostile_room import LESSON, assert_works, hosting, read_all, report

from workshop.room import guard, keys, server

LOCAL = b"Host: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with hosting(tmp_path_factory.mktemp("room")) as made:
        yield made


@pytest.fixture(autouse=True)
def room_that_works_on(host):
    """Forget who was wrong how often; afterwards, the room must work."""
    host.room.wrong = keys.Limit(keys.WRONG, keys.WRONG_SECONDS)
    host.room.strange = keys.Limit(keys.WRONG, keys.WRONG_SECONDS)
    yield
    host.room.wrong = keys.Limit(keys.WRONG, keys.WRONG_SECONDS)
    assert_works(host)


def post(path, body, *headers):
    return b"\r\n".join([b"POST " + path + b" HTTP/1.1", *headers, b"", body])


LENGTHS = {
    "negative": (b"Content-Length: -1", 400),
    "no number": (b"Content-Length: many", 400),
    "two of them": (b"Content-Length: 2\r\nContent-Length: 3", 400),
    "huge": (b"Content-Length: 99999999999999", 413),
    "beyond all": (b"Content-Length: 9" + b"9" * 400, 400),
    "length and chunks": (b"Content-Length: 2\r\nTransfer-Encoding: chunked", 400),
    "a strange coding": (b"Transfer-Encoding: gzip", 400),
}


@pytest.mark.parametrize(("header", "status"), LENGTHS.values(), ids=LENGTHS)
def test_a_length_that_lies_is_refused(host, header, status):
    sent = post(b"/api/join", b"0\r\n\r\n", b"Host: 127.0.0.1", header)
    assert host.status(sent) == status


def test_a_body_that_is_shorter_than_announced_ends_with_its_connection(host):
    with socket.create_connection(("127.0.0.1", host.port), 10) as sock:
        sock.sendall(post(b"/api/join", b"{}", LOCAL[:-2], b"Content-Length: 9"))
        sock.shutdown(socket.SHUT_WR)
        assert read_all(sock)[:12] in (b"", b"HTTP/1.1 400")


def test_a_body_that_is_longer_than_announced_is_another_request(host):
    sent = post(b"/api/leave", b"{}GARBAGE\r\n\r\n", LOCAL[:-2], b"Content-Length: 2")
    found = host.raw(sent)
    assert found.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 400" in found
    assert b"GARBAGE" not in found


def test_chunks_beyond_the_limit_are_refused_while_they_come(host):
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    head = post(b"/api/join", b"", LOCAL[:-2], b"Transfer-Encoding: chunked")
    assert host.raw(head, chunk, chunk, ending=False).startswith(b"HTTP/1.1 413")


def test_a_slow_body_is_given_up(host, monkeypatch):
    monkeypatch.setattr(guard.body, "__defaults__", (guard.SMALL, 0.2))
    sent = post(b"/api/join", b"{", LOCAL[:-2], b"Content-Length: 9")
    assert host.raw(sent, ending=False).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX: y\r\n"])
def test_who_never_ends_a_request_is_not_waited_for(host, monkeypatch, begun):
    monkeypatch.setattr(server, "SILENT_SECONDS", 0.2)
    assert host.raw(begun) == b""


def is_cut_off(host, head, drop):
    """Tell whether somebody who drips without end is cut off."""
    with socket.create_connection(("127.0.0.1", host.port), 10) as sock:
        sock.sendall(head)
        try:
            for _ in range(1000):
                sock.sendall(drop)
                time.sleep(0.02)
        except ConnectionError:
            return True
    return False


def test_one_letter_at_a_time_does_not_keep_a_connection(host, monkeypatch):
    monkeypatch.setattr(server, "SILENT_SECONDS", 0.3)
    assert is_cut_off(host, b"GET / HTTP/1.1\r\nX-Slow: ", b"a")


def test_a_refused_body_is_not_taken_for_ever(host, monkeypatch):
    monkeypatch.setattr(server, "SILENT_SECONDS", 0.3)
    head = post(b"/nowhere", b"", LOCAL[:-2], b"Content-Length: 9999999999")
    assert is_cut_off(host, head, b"x" * 1000)


HOSTS = {
    "none": (b"", 400),
    "two": (b"Host: 127.0.0.1\r\nHost: 127.0.0.1\r\n", 400),
    "empty": (b"Host: \r\n", 400),
    "a page that points at us": (b"Host: rebound.example\r\n", 421),
    "ours with a tail": (b"Host: localhost.rebound.example\r\n", 421),
    "somebody before ours": (b"Host: evil@127.0.0.1\r\n", 400),
    "a path in it": (b"Host: 127.0.0.1/evil\r\n", 400),
    "blanks": (b"Host: 127.0.0.1 evil\r\n", 400),
    "a port that is none": (b"Host: 127.0.0.1:port\r\n", 400),
    "letters beyond ASCII": (b"Host: \xc3\xa4.example\r\n", 400),
    "ours": (b"Host: localhost:8600\r\n", 200),
    "ours in capitals and dotted": (b"Host: LOCALHOST.\r\n", 200),
    "an address": (b"Host: 192.168.1.7:8600\r\n", 200),
    "an address of IPv6": (b"Host: [fe80::1%25eth0]:8600\r\n", 200),
}


@pytest.mark.parametrize(("header", "status"), HOSTS.values(), ids=HOSTS)
def test_only_our_own_hosts_are_answered(host, header, status):
    sent = b"GET /api/room HTTP/1.1\r\nConnection: close\r\n" + header + b"\r\n"
    assert host.status(sent) == status


ORIGINS = {
    "none at all": ({}, 200),
    "our own page": ({"Origin": "http://127.0.0.1:{port}"}, 200),
    "a program": ({"Sec_Fetch_Site": "none"}, 200),
    "null": ({"Origin": "null"}, 403),
    "another port": ({"Origin": "http://127.0.0.1:1"}, 403),
    "another scheme": ({"Origin": "https://127.0.0.1:{port}"}, 403),
    "another site": ({"Origin": "http://evil.example"}, 403),
    "no address": ({"Origin": "http://["}, 403),
    "another site without saying so": ({"Sec_Fetch_Site": "cross-site"}, 403),
    "another port of this host": ({"Sec_Fetch_Site": "same-site"}, 403),
}


@pytest.mark.parametrize(("headers", "status"), ORIGINS.values(), ids=ORIGINS)
def test_only_our_own_pages_change_something(host, headers, status):
    said = {name: value.format(port=host.port) for name, value in headers.items()}
    text = {"Content_Type": "text/plain"}
    reply = host.ask("POST", "/api/leave", "", b"", **said, **text)
    assert reply.status == status
    assert "access-control-allow-origin" not in reply.headers


def test_nobody_is_told_that_other_sites_may_ask(host):
    asked = {"Origin": "http://evil.example", "Access_Control_Request_Method": "POST"}
    reply = host.ask("OPTIONS", "/api/me/hand", "", None, **asked)
    assert reply.status == 405
    assert not [name for name in reply.headers if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "TRACE", "PROPFIND", "BREW"])
def test_a_method_that_nothing_is_done_by_is_refused(host, method):
    assert host.ask(method, "/api/room").status == 405


def test_head_has_no_body_and_ends_at_once(host):
    for path, token in [("/", ""), ("/api/board/events", host.instructor)]:
        reply = host.ask("HEAD", path, token)
        assert (reply.status, reply.body) == (200, b"")


PATHS = {
    "/page/../server.py": 404,
    "/page/..%2fserver.py": 404,
    "/page/%2e%2e/%2e%2e/guard.py": 404,
    "/page/%00": 404,
    "//page//me.html": 404,
    "//evil.example/..": 404,
    "/api/me/work/..%2F..%2Fx": 404,
    "/api/me/exams/%ff%fe": 405,
    "/" + "a" * 20_000: 404,
    "http://evil.example/": 404,
    "/api/room?since=" + "9" * 5000: 200,
    "*": 404,
}


@pytest.mark.parametrize(
    ("path", "status"), PATHS.items(), ids=[path[:30] for path in PATHS]
)
def test_no_path_leads_anywhere_else(host, path, status):
    sent = f"GET {path} HTTP/1.1\r\nConnection: close\r\n".encode() + LOCAL + b"\r\n"
    found = host.raw(sent)
    assert int(found.split()[1]) == status
    assert b"evil" not in found


def test_a_head_that_is_too_long_is_refused(host):
    long = b"GET / HTTP/1.1\r\n" + LOCAL + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n"
    assert host.status(long) == 400


def test_what_is_sent_never_becomes_a_header(host):
    token = host.join("Eve\r\nSet-Cookie: a=b")
    reply = host.ask("GET", "/api/me", token)
    assert "set-cookie" not in reply.headers
    broken = b"GET /\r\nX: y HTTP/1.1\r\n" + LOCAL + b"\r\n"
    assert host.status(broken) == 400
    assert host.ask("GET", "/api/me/%0d%0aSet-Cookie:%20a=b", token).status == 404


def test_a_version_of_5000_digits_is_none_that_we_gave(host):
    token = host.join("Vera")
    reply = host.ask("GET", "/api/me?since=" + "9" * 5000, token)
    assert (reply.status, reply.json["name"]) == (200, "Vera")


JSON = {
    "nothing of JSON": b"\xff\xfe",
    "ten megabytes of nesting": b"[" * 10_000_000,
    "nesting within the limit": b'{"code":' + b"[" * 60_000,
    "a list": b"[]",
    "a number of 5,000 digits": b'{"code": 1' + b"0" * 5000 + b"}",
    "an endless number": b'{"code": 1e400}',
    "not a number": b'{"code": NaN}',
    "text that is no text": json.dumps({"code": "\ud800", "name": 3}).encode(),
}


@pytest.mark.parametrize("sent", JSON.values(), ids=JSON)
def test_what_is_no_message_of_ours_is_refused(host, sent):
    reply = host.ask("POST", "/api/join", "", sent)
    assert reply.status in (400, 403, 413)
    assert set(reply.json) == {"error"}


def test_reports_come_in_a_bounded_rate(host):
    token = host.join("Hasty")
    codes = [
        host.ask("POST", "/api/me/reports", token, {"reports": []}).status
        for _ in range(125)
    ]
    assert codes[0] == 200
    assert codes[-1] == 429
    assert host.ask("GET", "/api/me", token).status == 200


def test_a_report_counts_once_and_fifty_at_a_time(host):
    token, sent = host.join("Twice"), [report() for _ in range(60)]
    taken = host.ask("POST", "/api/me/reports", token, {"reports": sent}).json["taken"]
    again = host.ask("POST", "/api/me/reports", token, {"reports": sent[:1]})
    assert len(taken) == 50
    assert again.json["taken"] == [sent[0]["id"]]
    assert host.person("Twice")["lessons"][LESSON.stem]["tries"] == 50
