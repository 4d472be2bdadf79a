"""What those may send who mean a room no good, and proof that it works on."""

import contextlib
import http.client
import itertools
import json
import secrets
import socket
import time
from pathlib import Path

from roomed import running

from workshop.course import load
from workshop.room.journal import read
from workshop.room.live import Session

TOY = load(Path(__file__).parent / "toy")
LESSON = TOY.lessons[0]
LONG_SECONDS = 30
_numbers = itertools.count()


class Reply:
    """What came back: `json` is None where it is none."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body
        self.json = json.loads(body) if _is_json(headers) else None


def _is_json(headers):
    return headers.get("content-type", "").startswith("application/json")


class Host:
    """A room that runs, for clients that send whatever they like."""

    def __init__(self, place):
        self.port = place.port
        self.held = place.held
        self.room = place.room
        self.instructor = place.instructor.token
        self.projector = place.projector.token

    def raw(self, *parts, ending=True):
        """Send bytes as they are; return all that comes back until the end."""
        with socket.create_connection(("127.0.0.1", self.port), LONG_SECONDS) as sock:
            with contextlib.suppress(ConnectionError):
                for part in parts:
                    sock.sendall(part)
            return read_all(sock) if ending else sock.recv(65536)

    def status(self, *parts):
        """Send bytes as they are; return the status of the answer, 0 for none."""
        head = self.raw(*parts, ending=False)
        return int(head.split()[1]) if head else 0

    def ask(self, method, path, token="", body=None, **headers):
        """Return the reply to one request; bytes are sent as they are, else JSON."""
        sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        named = {n.replace("_", "-"): v for n, v in headers.items()}
        named |= {"Authorization": f"Bearer {token}"} if token else {}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG_SECONDS)
        with contextlib.closing(line):
            line.request(method, path, sent, named)
            response = line.getresponse()
            head = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, head, response.read())

    def join(self, name="Ann"):
        """Return the token of somebody who has joined."""
        asked = {"code": self.room.session.code, "name": name, "browser": False}
        reply = self.ask("POST", "/api/join", "", asked)
        assert reply.status == 200, reply.body
        return reply.json["token"]

    def act(self, action, **asked):
        """Return the reply to an action of the instructor."""
        return self.ask("POST", f"/api/board/{action}", self.instructor, asked)

    def person(self, name):
        """Return the row of an attendee on the board."""
        view = self.ask("GET", "/api/board", self.instructor).json
        return next(one for one in view["people"] if one["name"] == name)


@contextlib.contextmanager
def hosting(folder, **wish):
    """Give a room of the toy course, in which the first lesson is open."""
    with running(TOY, folder, **wish) as place:
        host = Host(place)
        host.act("open", lesson=LESSON.stem)
        yield host


def read_all(sock):
    """Return what comes until the other side has ended."""
    found = b""
    with contextlib.suppress(ConnectionError):
        while piece := sock.recv(65536):
            found += piece
    return found


def read_until(sock, wanted):
    """Read until these bytes have come; they must come before the other side ends."""
    found = b""
    while wanted not in found:
        piece = sock.recv(65536)
        assert piece, found
        found += piece


def until(holds):
    """Wait until something holds."""
    end = time.monotonic() + LONG_SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def report(**more):
    """Return a report as the kit sends it, of a check that failed."""
    names = [check.name for check in LESSON.checks]
    return {
        **{"id": secrets.token_hex(16), "age": 1.0, "lesson": LESSON.stem},
        **{"outcome": "failed", "checks": [[name, "failed"] for name in names]},
        **{"advice": {names[0]: "Look again."}, "stop": "", "seconds": 1.5},
        **more,
    }


def assert_works(host):
    """Somebody joins and reports a check, and the board shows it."""
    name = f"Honest {next(_numbers)}"
    token, sent = host.join(name), report()
    reply = host.ask("POST", "/api/me/reports", token, {"reports": [sent]})
    assert (reply.status, reply.json["taken"]) == (200, [sent["id"]])
    assert host.person(name)["lessons"][LESSON.stem]["tries"] == 1


@contextlib.contextmanager
def following(host, path, token):
    """Open a stream of events; give its socket once the head has come, and the head."""
    ask = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}"
    with socket.create_connection(("127.0.0.1", host.port), LONG_SECONDS) as sock:
        sock.sendall(f"{ask}\r\n\r\n".encode())
        yield sock, sock.recv(65536)


def replayed(host):
    """Return the session that follows from what is on the disk."""
    session = Session(host.room.session.course)
    for fact in read(host.room.journal.path):
        session.apply(fact)
    return session
