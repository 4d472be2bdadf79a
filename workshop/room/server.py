"""The room is one application: guarded at its door, routed by role, pages as files.

A connection that does not ask for anything in time is closed, so a thousand of them
hold up nobody.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Collection
from importlib import resources
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from workshop.certificate import Key
from workshop.room import entrance, leading
from workshop.room.access import EVERYBODY, public
from workshop.room.attending import Attending
from workshop.room.exams import Examiner
from workshop.room.guard import Guard, Problem
from workshop.room.room import Room
from workshop.room.works import Works

SILENT_SECONDS, STALLED_SECONDS = 15.0, 60.0
MOST_CONNECTIONS = 3_000
"""Connections of one address: a whole class with its pages, behind one router."""
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
    for route in more:
        route.endpoint.roles = EVERYBODY  # type: ignore[attr-defined]

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
    """Closes a connection on which nothing moves for too long, in either direction.

    One address holds a limited number of them. When the server stops, what waits for
    something to happen is ended, too.
    """

    held: ClassVar[Counter[str]] = Counter()
    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self.held[self._address] += 1
        if self.held[self._address] > MOST_CONNECTIONS:
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        for handle in filter(None, (self._deadline, self._stalled)):
            handle.cancel()
        self.held[self._address] -= 1
        if not self.held[self._address]:
            del self.held[self._address]
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(STALLED_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stalled:
            self._stalled.cancel()

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
