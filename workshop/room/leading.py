"""The instructor's routes: a view of everybody, a table of actions, and sheets."""

from __future__ import annotations

from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workshop.room import attendance, streams
from workshop.room.access import route
from workshop.room.actions import ACTIONS
from workshop.room.guard import Problem, fields
from workshop.room.keys import Role
from workshop.room.room import Caller, Room

INSTRUCTOR: tuple[Role, ...] = ("instructor",)
BOTH: tuple[Role, ...] = ("instructor", "projector")


def routes(room: Room) -> list[Route]:
    """Return the routes of the instructor and of the projector."""
    return [
        route(room, "/api/projector", BOTH, streams.projector),
        route(room, "/api/projector/events", BOTH, streams.projector_events),
        route(room, "/api/projector/qr.svg", BOTH, picture),
        route(room, "/api/board", INSTRUCTOR, streams.board),
        route(room, "/api/board/events", INSTRUCTOR, streams.board_events),
        route(room, "/api/board/people.csv", INSTRUCTOR, sheet),
        route(room, "/api/board/links", INSTRUCTOR, links),
        route(room, "/api/board/questions", INSTRUCTOR, questions),
        route(room, "/api/board/{action}", INSTRUCTOR, act, "POST"),
    ]


async def act(room: Room, who: Caller, request: Request) -> Response:
    """Do one action, and return the view that follows from it."""
    action = ACTIONS.get(request.path_params["action"])
    if action is None:
        raise Problem(404, "There is no such action.")
    asked = await fields(request)
    async with room.acting:
        more: dict[str, Any] = await action(room, asked) or {}
    return JSONResponse({**more, "view": room.board_view(None)})


async def links(room: Room, who: Caller, request: Request) -> Response:
    return JSONResponse({"projector": f"/projector#{room.token('projector')}"})


async def questions(room: Room, who: Caller, request: Request) -> Response:
    """Return the quiz of each lesson, for choosing: its questions alone."""
    lessons = room.session.course.lessons
    return JSONResponse({one.stem: [q.question for q in one.quiz] for one in lessons})


async def picture(room: Room, who: Caller, request: Request) -> Response:
    """Return the way into the room as a picture for phones."""
    made = segno.make(f"{room.address}/#{room.session.code}", error="m", micro=False)
    svg = made.svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    standalone = svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
    return Response(standalone, media_type="image/svg+xml")


async def sheet(room: Room, who: Caller, request: Request) -> Response:
    name = {"Content-Disposition": 'attachment; filename="people.csv"'}
    return Response(attendance.sheet(room.session), 200, name, "text/csv")
