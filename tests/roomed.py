"""What tests of a room share: a room on loopback, and people who ask it."""

import json
import socket
import threading
from contextlib import closing, contextmanager
from http.client import HTTPConnection

import uvicorn
from conftest import CHECKS, NOTES, SYLLABUS, make_course

from workshop import course
from workshop.cli import listening
from workshop.room import opening
from workshop.room.folder import RoomFolder

QUIZ = """
[[quiz]]
question = "What is two and two?"
choices = ["3", "4", "5"]
answer = 1
because = "Count."
"""
STEM, CHECK_NAMES = "01_add", ("adds", "is_used", "adds_lists")
PLAN = (
    '[plans.day]\ntitle = "A day"\nminutes = 60\n'
    'parts = [{title = "Welcome", minutes = 10}, "01_add", '
    '{title = "Tea", minutes = 12}, "02_more", {title = "End", minutes = 5}]\n'
)


def a_course(folder, checks=CHECKS):
    """Return a course of two lessons, with a quiz and a plan of a day."""
    make_course(folder, checks=checks)
    for kind, suffix in (("solutions", "py"), ("exercises", "py")):
        text = (folder / kind / f"{STEM}.{suffix}").read_text()
        (folder / kind / f"02_more.{suffix}").write_text(text)
    (folder / "assessments" / "02_more.py").write_text(checks)
    for stem in (STEM, "02_more"):
        (folder / "assessments" / f"{stem}.toml").write_text(NOTES + QUIZ)
    first = SYLLABUS.replace("exercise = 1", "exercise = 14")
    second = first.split("\n", 1)[1].replace("01_add", "02_more")
    text = first + second + PLAN
    (folder / "course.toml").write_text(text)
    return course.load(folder)


class Asking:
    """Somebody who asks a room, with or without a token."""

    def __init__(self, port, token=""):
        self.port = port
        self.token = token

    def ask(self, method, path, body=None, **headers):
        """Return the status, the JSON (or bytes) and the headers of an answer."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None and not isinstance(body, bytes | str):
            body = json.dumps(body)
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as line:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            content = answer.read()
        kind = answer.headers.get_content_type()
        found = json.loads(content) if kind == "application/json" else content
        return answer.status, found, answer.headers

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, body or {}, **headers)

    def do(self, action, **body):
        """Do an instructor's action and return the view; it must be done."""
        status, found, _ = self.post(f"/api/board/{action}", body)
        assert status == 200, found
        return found["view"]

    def me(self):
        return self.get("/api/me")[1]


class Place:
    """A room that runs, with its instructor and a way in."""

    def __init__(self, held, port):
        self.held = held
        self.room = held.room
        self.port = port
        self.instructor = Asking(port, held.room.token("instructor"))
        self.projector = Asking(port, held.room.token("projector"))
        self.nobody = Asking(port)

    @property
    def code(self):
        return self.room.session.code

    def joined(self, name="Ann", **more):
        """Return an attendee who came in."""
        body = {"code": self.code, "name": name, **more}
        status, found, _ = self.nobody.post("/api/join", body)
        assert status == 200, found
        someone = Asking(self.port, found["token"])
        someone.id, someone.name = found["person"], found["name"]
        return someone

    def board(self):
        return self.instructor.get("/api/board")[1]

    def person(self, someone):
        """Return somebody's row of the board."""
        return next(one for one in self.board()["people"] if one["id"] == someone.id)


@contextmanager
def running(taught, folder, **wish):
    """Give a room on loopback, in a thread of its own."""
    sock = listening.listen("127.0.0.1", 0)
    port = sock.getsockname()[1]
    asked = opening.Wish(taught, **wish)
    held = opening.open_room(RoomFolder(folder), asked, f"http://127.0.0.1:{port}")
    config = uvicorn.Config(
        held.app(),
        log_level="critical",
        http=opening.PROTOCOL,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        _wait(port)
        yield Place(held, port)
    finally:
        server.should_exit = True
        thread.join()
        sock.close()
        held.close()


def _wait(port):
    with closing(socket.create_connection(("127.0.0.1", port), timeout=20)):
        pass


def report(number=1, outcomes="ppf", *, lesson=STEM, age=0.0, **changes):
    """Return a check's report; `outcomes` has a letter for each of its checks."""
    words = {"p": "passed", "f": "failed", "w": "waiting"}
    checks = [[n, words[o]] for n, o in zip(CHECK_NAMES, outcomes, strict=True)]
    whole = "passed" if set(outcomes) == {"p"} else "failed"
    advice = {
        n: f"Look at {n}."
        for n, o in zip(CHECK_NAMES, outcomes, strict=True)
        if o == "f"
    }
    made = {"id": f"{number:032x}", "age": age, "lesson": lesson, "outcome": whole}
    return {
        **made,
        "checks": checks,
        "advice": advice,
        "stop": "",
        "seconds": 1.0,
        **changes,
    }
