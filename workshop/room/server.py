"""The room is one application: guarded at its door, routed by role, pages as files.

A connection that does not ask for anything in time is closed, so a thousand of them
hold up nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Collection
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from workshop.certificate import Key
from workshop.room import entrance, leading
from workshop.room.access import public
from workshop.room.attending import Attending
from workshop.room.exams import Examiner
from workshop.room.guard import Guard, Problem
from workshop.room.room import Room
from workshop.room.works import Works

SILENT_SECONDS = 15.0
PAGES = {"/": "join", "/me": "me", "/board": "board", "/projector": "projector"}
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
WORDS = {404: "There is no such page here.", 405: "This is not done here in this way."}


def application(
    room: Room,
    examiner: Examiner,
    works: Works,
    key: Key,
    *,
    names: Collection[str] = (),
    more: Collection[Route] = (),
) -> Starlette:
    """Return the web application of a room; `more` routes serve its mirror.

    `names` are host names under which it is reached, beside those of this machine.
    """
    attending = Attending(room, examiner, works, key)

    def stop() -> None:
        room.feed.close()
        examiner.hall.close()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, Any]]:
        ticking = asyncio.create_task(room.tick())
        yield {"stop": stop}
        ticking.cancel()

    routes = [*_pages(room), *entrance.routes(room), *leading.routes(room)]
    return Starlette(
        routes=[*routes, *attending.routes(), *more],
        middleware=[Middleware(Guard, names=names)],
        exception_handlers={
            Problem: _problem,
            HTTPException: _http,
            sqlite3.Error: _disk,
        },
        lifespan=lifespan,
    )


async def _problem(request: Request, error: Any) -> Response:
    response: Response = error.response()
    return response


async def _http(request: Request, error: Any) -> Response:
    sentence = WORDS.get(error.status_code, "This cannot be done.")
    response = Problem(error.status_code, sentence).response()
    response.headers.update(error.headers or {})
    return response


async def _disk(request: Request, error: Exception) -> Response:
    sentence = "The room's disk did not take it. Tell the instructor, and try again."
    return Problem(503, sentence, 5.0).response()


def _pages(room: Room) -> list[Route]:
    """Return the pages and what they are made of, all read once."""
    folder = resources.files("workshop.room").joinpath("page")
    files = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
    shells = {**PAGES, "/about": "about"}
    made = [
        public(room, path, _file(f"{name}.html", files[f"{name}.html"]))
        for path, name in shells.items()
    ]
    return made + [
        public(room, f"/page/{name}", _file(name, content))
        for name, content in files.items()
        if not name.endswith(".html")
    ]


def _file(name: str, content: bytes) -> Any:
    kind = KINDS.get(name[name.rindex(".") :], "application/octet-stream")

    async def give(room: Room, request: Request) -> Response:
        return Response(content, media_type=kind)

    return give


class Impatient(H11Protocol):
    """Closes a connection on which no request is under way for too long.

    When the server stops, what waits for something to happen is ended, too.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        if stop := self.app_state.get("stop"):
            stop()
        super().shutdown()
        if self.flow.write_paused:
            self.transport.abort()

    def _watch(self) -> None:
        """Begin to wait for a request, unless one is being answered or waited for."""
        busy = self.cycle is not None and not self.cycle.response_complete
        if busy and self._deadline:
            self._deadline.cancel()
            self._deadline = None
        if not busy and self._deadline is None:
            self._deadline = self.loop.call_later(SILENT_SECONDS, self._close)

    def _close(self) -> None:
        self._deadline = None
        if not self.transport.is_closing():
            self.transport.close()
