"""A room for tests, in a few lines: what a room does, and misbehaviour on demand."""

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from workshop import exam

CODE = "ABC-DEF"


class FakeRoom:
    """The state of a room; `instead` maps a path to a function that answers there."""

    def __init__(self, name="room-1", lessons=("01_add",)):
        self.id = name
        self.names = {}
        self.taken = {}
        self.calls = []
        self.works = {}
        self.instead = {}
        self.mirror = False
        self.refuses = lambda report: False
        self.messages = []
        self.hands = []
        self.exams = []
        self.attempts = 3
        self.open = True
        self.released = ()
        self.on = lessons[0]
        self.lessons = lessons
        self.hall = exam.Hall()
        self.exam = None

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def view(self):
        agenda = [
            {"title": f"Lesson {one}", "lesson": one, "state": "coming"}
            for one in self.lessons
        ]
        lessons = [
            {
                "stem": one,
                "open": self.open,
                "released": one in self.released,
                "attempts": self.attempts,
            }
            for one in self.lessons
        ]
        at = self.lessons.index(self.on)
        return {
            "version": 7,
            "clock": {"state": "running", "entry": at, "left": 700.0},
            "agenda": agenda,
            "lessons": lessons,
            "messages": self.messages,
        }

    def join(self, said, token):
        if re.sub(r"[\W_]", "", said["code"]).upper() != CODE.replace("-", ""):
            return 403, {"error": "This is not the code of this room."}
        same = sum(one.startswith(said["name"]) for one in self.names.values())
        name = f"{said['name']} ({same + 1})" if same else said["name"]
        token = f"token-of-{len(self.names)}-0123456789"
        self.names[token] = name
        person = {"token": token, "person": len(self.names), "name": name}
        return 200, {**person, "room": self.id, "title": "Toy"}

    def reports(self, said, token):
        if any(self.refuses(one) for one in said["reports"]):
            return 400, {"error": "This is no report."}
        for one in said["reports"]:
            self.taken.setdefault(one["id"], one)
        taken = [one["id"] for one in said["reports"]]
        return 200, {"taken": taken, "view": self.view()}

    def hand(self, said, token):
        self.hands.append(said["up"])
        return 200, {"view": self.view()}

    def begin(self, said, token):
        if not self.open or self.attempts < 1:
            return 409, {"error": "No attempt is left."}
        self.attempts -= 1
        self.exams.append(self.hall.open(self.exam()))
        return 200, {"exam": self.exams[-1]}


class _Handler(BaseHTTPRequestHandler):
    """Answers as the contract says; what is in `instead` comes first."""

    def do_GET(self):
        room = self.server.room
        if self.path == "/api/room":
            about = {"room": room.id, "title": "Toy", "kit": "1"}
            self.serve(lambda body, token: (200, {**about, "mirror": room.mirror}))
        elif self.path.startswith("/api/me"):
            self.serve(lambda body, token: (200, room.view()), known=True)
        else:
            self.serve(lambda body, token: (404, {"error": "Nothing is here."}))

    def do_POST(self):
        room = self.server.room
        if self.path.startswith("/api/me/exams/"):
            name = self.path.rpartition("/")[2]
            return self.serve(lambda b, t: (200, room.hall.reply(name, b)), known=True)
        made = {
            "/api/join": room.join,
            "/api/me/reports": room.reports,
            "/api/me/hand": room.hand,
            "/api/me/exams": room.begin,
        }[self.path]
        known = self.path != "/api/join"
        return self.serve(lambda b, token: made(json.loads(b), token), known=known)

    def do_PUT(self):
        stem = self.path.rpartition("/")[2]

        def keep(body, token):
            self.server.room.works[stem] = body
            found = hashlib.sha256(body).hexdigest()
            return 200, {"sha256": found, "size": len(body)}

        self.serve(keep, known=True)

    def serve(self, answer, known=False):
        room = self.server.room
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        room.calls.append((self.command, self.path, body, dict(self.headers)))
        if instead := room.instead.get(urlsplit(self.path).path):
            return instead(self)
        if known and token not in room.names:
            return self.reply(401, {"error": "This room does not know you."})
        return self.reply(*answer(body, token))

    def reply(self, status, content, **headers):
        octets = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Length": len(octets), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    """A server that says nothing of clients that went away."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass


@contextmanager
def opened(port=0, **settings):
    """Give a room that answers at `room.address`; afterwards nobody answers there."""
    room = FakeRoom(**settings)
    with served(room, port):
        yield room


@contextmanager
def served(room, port=0):
    """Have a room answer, for as long as this lasts."""
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.room = room
        room.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        try:
            yield room
        finally:
            server.shutdown()
            thread.join()


def html(handler):
    handler.reply(200, b"<html><body>Please log in</body></html>")


def redirect(to):
    return lambda handler: handler.reply(302, b"", Location=to)


def huge(handler):
    """Answer with as much as anybody takes."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2_000):
        handler.wfile.write(b"[" * 100_000)


def slow(handler):
    """Answer a byte at a time, without end."""
    handler.send_response(200)
    handler.end_headers()
    pause = threading.Event()
    for _ in range(2_000):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        pause.wait(0.05)


def status(number, sentence="No."):
    return lambda handler: handler.reply(number, {"error": sentence})
