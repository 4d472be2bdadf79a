"""A download is whole, or it is not there; a server may do anything."""

import http.server
import os
import socket
import threading
import time

import pytest

from workshop import fetch

CONTENT = bytes(range(256)) * 2000


class Server(http.server.ThreadingHTTPServer):
    """A web server on this machine that can be told how to misbehave."""

    daemon_threads = True
    content, cut, ranges, pause, version, code = CONTENT, None, True, 0, "one", 200
    announced = None

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        server, begin = self.server, 0
        server.asked.append(self.headers.get("Range"))
        if self.path.startswith("/moved"):
            return self.answer(302, Location=f"{server.url}/file")
        if server.code != 200:
            return self.answer(server.code)
        if self.headers.get("Range") and server.ranges:
            begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        size = len(server.content)
        if begin >= size:
            return self.answer(416)
        extra = {"Content-Range": f"bytes {begin}-{size - 1}/{size}"} if begin else {}
        length = server.announced or size - begin
        self.answer(206 if begin else 200, Content_Length=length, **extra)
        self.send(server.content[begin:], server)

    def send(self, content, server):
        try:
            self.wfile.write(content[: server.cut])
            time.sleep(server.pause)
        except OSError:
            pass

    def answer(self, code, **headers):
        self.send_response(code)
        self.send_header("ETag", self.server.version)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    with Server() as running:
        threading.Thread(target=running.serve_forever, args=[0.01]).start()
        yield running
        running.shutdown()


@pytest.fixture
def get(server, tmp_path):
    target = tmp_path / "folder" / "file.gz"

    def download(path="/file", limit=1 << 20, seconds=30):
        fetch.download(server.url + path, target, limit=limit, seconds=seconds)
        return target.read_bytes()

    download.target = target
    return download


def left(get):
    return sorted(path.name for path in get.target.parent.iterdir())


def cut_after(server, get, n):
    server.cut = n
    with pytest.raises(fetch.FetchError, match="broke off"):
        get()
    server.cut = None


def test_a_whole_file_arrives_and_nothing_else_is_left(get):
    assert get() == CONTENT
    assert left(get) == ["file.gz"]


def test_a_file_that_was_cut_is_not_there_under_its_name(server, get):
    cut_after(server, get, 1000)
    assert not get.target.exists()


def test_after_a_cut_the_rest_is_asked_for_and_no_more(server, get):
    cut_after(server, get, 1000)
    assert get() == CONTENT
    assert server.asked[-1] == "bytes=1000-"


def test_a_server_without_ranges_gives_the_whole_file_again(server, get):
    cut_after(server, get, 1000)
    server.ranges = False
    assert get() == CONTENT


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(server, get):
    cut_after(server, get, 1000)
    server.content, server.version = CONTENT[::-1], "two"
    assert get() == CONTENT[::-1]


def test_a_part_that_is_longer_than_the_file_is_thrown_away(server, get):
    cut_after(server, get, 1000)
    server.content = b"short"
    assert get() == b"short"


def test_a_part_that_another_process_writes_to_is_left_alone(server, get):
    get.target.parent.mkdir()
    theirs = get.target.with_name("file.gz.00000000.abcdef01.part")
    theirs.write_bytes(b"theirs")
    assert get() == CONTENT
    assert theirs.read_bytes() == b"theirs"


def test_a_part_whose_process_was_killed_is_taken_up(server, get):
    cut_after(server, get, 1000)
    (part,) = get.target.parent.iterdir()
    old = part.rename(part.with_name(part.name.replace("free", "abcdef01")))
    os.utime(old, (0, 0))
    assert get() == CONTENT
    assert server.asked[-1] == "bytes=1000-"


def test_a_file_that_is_missing_is_an_error_of_its_own(server, get):
    server.code = 404
    with pytest.raises(fetch.Missing, match=r"answered 404\.$"):
        get()


@pytest.mark.parametrize("code", [403, 500, 503])
def test_a_refusal_is_one_sentence_with_the_address(server, get, code):
    server.code = code
    with pytest.raises(fetch.FetchError, match=rf"^127.0.0.1:\d+/file answered {code}"):
        get()


def test_a_redirection_is_followed(get):
    assert get("/moved") == CONTENT


def test_a_file_announced_too_large_is_refused_before_it_comes(get):
    with pytest.raises(fetch.FetchError, match=r"512,000 bytes, over 1,000"):
        get(limit=1000)
    assert not get.target.exists()


def test_a_file_larger_than_announced_is_not_taken(server, get):
    server.announced = 100
    assert get() == CONTENT[:100]


def test_a_server_that_stalls_is_given_up(server, get, monkeypatch):
    monkeypatch.setattr(fetch, "STALL_SECONDS", 0.2)
    server.cut, server.pause = 100, 3
    with pytest.raises(fetch.FetchError, match="no answer in time"):
        get()


def test_a_server_that_is_too_slow_is_given_up_and_its_bytes_kept(server, get):
    with pytest.raises(fetch.FetchError, match="not through in"):
        get(seconds=-1)
    assert left(get)[0].endswith("free.part")


def test_no_server_at_all_is_a_sentence(get):
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"http://127.0.0.1:{free.getsockname()[1]}/file"
    with pytest.raises(fetch.FetchError, match=r"^127\.0\.0\.1:\d+/file: .*\.$"):
        fetch.download(address, get.target, limit=9, seconds=9)


def test_a_name_that_cannot_be_looked_up_is_given_up(get, monkeypatch):
    monkeypatch.setattr(fetch, "ANSWER_SECONDS", 0.1)
    monkeypatch.setattr("socket.getaddrinfo", lambda *a, **k: time.sleep(1) or [])
    with pytest.raises(fetch.FetchError, match="no answer"):
        get()


def test_text_is_read_up_to_a_limit(server):
    assert len(fetch.text(f"{server.url}/file")) > 0
    with pytest.raises(fetch.FetchError, match="larger"):
        fetch.text(f"{server.url}/file", limit=10)


def test_an_address_is_shown_without_password_and_query():
    assert fetch.shown("https://me:secret@host:1/a?key=1") == "host:1/a"
    assert fetch.shown("/a folder") == "/a folder"


def test_where_nothing_can_be_written_no_part_takes_up_the_last_room(get, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space"):
        get()
    assert left(get) == []


def test_a_finished_file_yields_to_one_that_another_process_reads(get, monkeypatch):
    def locked(part, target):
        raise PermissionError(13, "used by another process")

    get()
    monkeypatch.setattr("pathlib.Path.replace", locked)
    part = get.target.with_name("part")
    part.write_bytes(b"also finished")
    fetch.settle(part, get.target)
    assert left(get) == ["file.gz"]
