"""A room with nothing behind it: the pages, their policy, and views that tests set."""

import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import room_views as views
import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

PAGES = Path(__file__).parents[1] / "workshop" / "room" / "page"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; "
    "style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
SHELLS = {"/": "join", **{f"/{n}": n for n in ("me", "board", "projector", "about")}}
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    '<path d="M1 1h3v3h-3zM5 1h3v3h-3zM1 5h3v3h-3zM6 6h1v1h-1z"/></svg>'
)


@dataclass
class Room:
    """What the pages are shown. `change()` after any assignment sends it to them."""

    state: str = "running"
    people: list = field(default_factory=list)
    quiz: str = ""
    mine: int | None = None
    messages: int = 1
    leaders: bool = False
    nickname: str | None = None
    install: tuple = ()
    proposals: bool = True
    certificate: bool = False
    hand: bool = False
    done: bool = False
    door: bool = True
    streams: bool = True
    known: bool = True
    version: int = 1
    changed: list | None = None
    acts: list = field(default_factory=list)
    opened: int = 0

    def change(self, *numbers, **values):
        """Set attributes; `numbers` are the people that changed, for partial views."""
        for name, value in values.items():
            setattr(self, name, value)
        self.changed = list(numbers)
        self.version += 1

    def common(self):
        return {
            "version": self.version,
            "title": "Deep learning with Keras",
            "clock": views.clock(self.state),
            "agenda": views.agenda(self.state),
            "messages": views.messages(self.messages),
            "quiz": views.quiz(self.quiz),
            "leaderboard": views.leaderboard() if self.leaders else None,
        }

    def about(self):
        role = "attendee" if self.known else None
        return {"title": self.common()["title"], "role": role}

    def join(self):
        return {**views.JOIN, "open": self.door}

    def projector(self):
        shown = {
            "join": self.join(),
            "install": self.install,
            "people": len(self.people),
        }
        hands = sum(one["hand"] is not None for one in self.people)
        return {
            **self.common(),
            **shown,
            "solved": len(self.people) // 3,
            "hands": hands,
        }

    def me(self):
        quiz = views.quiz(self.quiz)
        if quiz:
            quiz["mine"] = self.mine
            quiz["counts"] = quiz["counts"] if self.quiz == "answered" else None
        lessons = [
            views.my_lesson(i, *one, self.state) for i, one in enumerate(views.LESSONS)
        ]
        names = ("nickname", "hand", "done", "certificate")
        own = {name: getattr(self, name) for name in names}
        rest = {
            "name": views.ODD[4],
            "lessons": lessons,
            "leaderboard_on": self.leaders,
        }
        return {**self.common(), "quiz": quiz, **own, **rest}

    def board(self, partial=False):
        lessons = [
            views.board_lesson(i, *one, self.state)
            for i, one in enumerate(views.LESSONS)
        ]
        going = self.state not in ("before", "ended")
        shown = {
            "plans": [
                {"key": "full_day", "title": "A full day", "minutes": 480},
                {"key": "taster", "title": "A taster", "minutes": 90},
            ],
            "join": self.join(),
            "lessons": lessons,
            "people": self.people,
            "advice": [views.ADVICE] if self.people and going else [],
            "proposals": [views.PROPOSAL] if self.proposals and going else [],
            "leaderboard_on": self.leaders,
        }
        if partial:
            who = [one for one in self.people if one["id"] in self.changed]
            shown |= {"partial": True, "people": who, "removed": []}
        return {**self.common(), **shown}


def application(room):
    """Return the web application of one Room."""
    roles = ("me", "board", "projector")
    routes = [_shell(path, name) for path, name in SHELLS.items()]
    routes += [route for role in roles for route in _role(room, role)]
    routes += [
        Route("/api/room", lambda _: JSONResponse(room.about())),
        Route(
            "/api/projector/qr.svg",
            lambda _: Response(SQUARE, media_type="image/svg+xml"),
        ),
        Route("/api/board/links", lambda _: JSONResponse(views.LINKS)),
        Route("/api/board/questions", lambda _: JSONResponse(views.QUESTIONS)),
        Route("/api/{rest:path}", _act(room), methods=["POST"]),
        Mount("/page", StaticFiles(directory=PAGES)),
    ]
    return Starlette(routes=routes)


def _shell(path, name):
    return Route(path, lambda _: FileResponse(PAGES / f"{name}.html", headers=HEADERS))


def _role(room, role):
    show = getattr(room, role)

    async def view(request):
        if not room.known:
            return JSONResponse({"error": "Nobody is known by this token."}, 401)
        if request.query_params.get("since") == str(room.version):
            return Response(status_code=204)
        return JSONResponse(show())

    async def events(request):
        if not room.streams or not room.known:
            return JSONResponse(
                {"error": "Too many streams."}, 503 if room.known else 401
            )
        room.opened += 1
        return StreamingResponse(_stream(room, role), media_type="text/event-stream")

    return Route(f"/api/{role}", view), Route(f"/api/{role}/events", events)


async def _stream(room, role):
    sent = None
    while True:
        if sent != room.version:
            later = {"partial": True} if role == "board" and sent else {}
            sent, view = room.version, getattr(room, role)(**later)
            yield f"event: view\ndata: {json.dumps(view)}\n\n"
        await asyncio.sleep(0.02)


def _act(room):
    async def act(request):
        path, body = request.path_params["rest"], await request.json()
        room.acts.append((path, body))
        if path == "join" and body["code"].upper().replace("-", "") != "ABCDEF":
            return JSONResponse({"error": "This is not the code of the room."}, 403)
        given = {
            "me/hand": lambda: {"hand": body["up"]},
            "me/done": lambda: {"done": body["done"]},
            "me/vote": lambda: {"mine": body["choice"]},
            "me/nickname": lambda: {"nickname": body["nickname"]},
            "leave": lambda: {"known": False},
            "board/door": lambda: {"door": body["open"]},
            "board/pause": lambda: {"state": "paused"},
            "board/resume": lambda: {"state": "running"},
        }.get(path, dict)()
        room.change(**given)
        role = path.partition("/")[0]
        view = getattr(room, role)() if role in ("me", "board") else None
        return JSONResponse({"view": view, "code": "QWER-TZUP", "seconds": 600})

    return act


class Served:
    """A Room on a port of this machine; it can be stopped and started there again."""

    def __init__(self, room):
        self.room, self.port = room, 0
        self.start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.sock = socket.create_server(("127.0.0.1", self.port))
        self.port = self.sock.getsockname()[1]
        config = uvicorn.Config(
            application(self.room),
            log_level="critical",
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=0,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.sock]}
        )
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.stop()

    def stop(self):
        self.server.should_exit = self.server.force_exit = True
        self.thread.join()
        self.sock.close()


@contextmanager
def watched(browser, served, problems):
    """Yield a page of a Served room on which nothing may go wrong unseen."""
    size = {"width": 1366, "height": 768}
    page = browser.new_page(viewport=size, base_url=served.address)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: line.type == "error" and problems.append(line.text))
    yield page
    page.close()
    assert problems == []


def refused(problems, status):
    """Take out what the browser itself writes about refused requests."""
    problems[:] = [line for line in problems if f"status of {status}" not in line]


def go(page, path):
    page.goto(path)
    page.wait_for_selector("#page")


NEXT = """() => {
  const it = document.activeElement;
  if (window.been.includes(it)) return null;
  window.been.push(it);
  return it.id || it.innerText;
}"""


def reached(page):
    """Return what the Tab key reaches, from the top of the page to its end."""
    seen = []
    page.evaluate("window.been = [document.body]")
    while True:
        page.keyboard.press("Tab")
        one = page.evaluate(NEXT)
        if one is None:
            return seen
        seen.append(one)
