"""What tests of exams share: a lesson with a sealed check, a room, an attendee."""

import threading
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from conftest import CHECKS, SOLUTION

from workshop import answering, exam, script
from workshop.data import Sealed
from workshop.evidence import wire
from workshop.evidence.server import Server
from workshop.results import Report, Result, Stop

SEALED = (
    CHECKS
    + '''

def reads(read, sealed, goal, report):
    """Reads {goal:.0%} of unseen pictures"""
    accuracy = report.answers(sealed, read(sealed.images))
    assert accuracy >= goal, f"It read {accuracy:.0%}."
'''
)
TEXT = SOLUTION + (
    "\n# %%\nimport numpy as np\n\n\ndef read(images):\n"
    "    return np.eye(3)[images[:, 0, 0] % 3]\n"
)
BLANKS = script.blank(TEXT)
WAIT_SECONDS = 60


def half(count=60, start=0):
    """Return pictures whose first pixel, by threes, is their label."""
    pixels = np.arange(start, start + count)
    images = np.broadcast_to(pixels[:, None, None], (count, 2, 2)).astype(np.uint8)
    return Sealed(images, None, pixels % 3, ("a", "b", "c"), pixels, "drawn")


def halves(variant):
    return half(60), half(61, 120)


def read(images):
    return np.eye(3)[images[:, 0, 0] % 3]


NAMES = {"add": lambda a, b: a + b, "total": 5, "read": read}


def report(**changes):
    fields = {"lesson": "01_add", "title": "", "script": "01_add.py"}
    return Report(**{**fields, "outcome": "passed", **changes})


def hello(text=TEXT, **changes):
    return answering.hello(report(**changes), text)


def begin(room, text=TEXT, **changes):
    """Say hello, and return the reply."""
    message = wire.encode({"number": 0, "hello": hello(text, **changes)})
    return wire.decode(room.reply(message))


def say(room, number, **said):
    return wire.decode(room.reply(wire.encode({"number": number, **said})))


def held(lesson, *, seed=1, **settings):
    return exam.Exam(lesson, settings.pop("sealed", halves), seed=seed, **settings)


def sat(room, names=NAMES, greeting=None):
    """Return the report that an attendee with these variables gets."""
    return answering.answer(room.reply, Server(names).answer, greeting or hello())


def outcomes(made):
    return [check.outcome for check in made.checks]


def ended(lesson, **settings):
    """Return an exam and an event that is set when it has its report."""
    end = threading.Event()
    return held(lesson, done=lambda report: end.set(), **settings), end


CLAIMS = tuple(Result(name, "", "passed") for name in ("adds", "is_used", "adds_lists"))
CRASH = Stop("error", "ZeroDivisionError: division by zero", 13)


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        size = int(self.headers["Content-Length"])
        reply = self.server.hall.reply(self.path[1:], self.rfile.read(size))
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


@contextmanager
def served(hall):
    """Give the port of a plain HTTP server around a hall."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.hall = hall
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def by_http(port, name):
    """Return what carries messages to the exam `name` over HTTP."""

    def send(message):
        connection = HTTPConnection("127.0.0.1", port, timeout=WAIT_SECONDS)
        try:
            connection.request("POST", f"/{name}", message)
            return connection.getresponse().read()
        except HTTPException as error:
            raise OSError(str(error)) from None
        finally:
            connection.close()

    return send
