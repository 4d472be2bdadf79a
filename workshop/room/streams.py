"""A view is asked for once, followed as a stream, or polled: it is the same view."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from workshop.room.feed import Full, View
from workshop.room.guard import Problem
from workshop.room.live import ALL, BOARD, Topic
from workshop.room.people import Person
from workshop.room.room import Caller, Room


async def attendee(room: Room, person: Person, request: Request) -> Response:
    return _once(room, request, (ALL, person.id), lambda _: room.attendee(person.id))


async def attendee_events(room: Room, person: Person, request: Request) -> Response:
    topics = (ALL, person.id)
    return _events(room, request, person.id, topics, lambda _: room.attendee(person.id))


async def projector(room: Room, who: Caller, request: Request) -> Response:
    return _once(room, request, (ALL, BOARD), lambda _: room.projector())


async def projector_events(room: Room, who: Caller, request: Request) -> Response:
    view = _while_known(room, lambda _: room.projector())
    return _events(room, request, "projector", (ALL, BOARD), view)


async def board(room: Room, who: Caller, request: Request) -> Response:
    return _once(room, request, (ALL, BOARD), room.board)


async def board_events(room: Room, who: Caller, request: Request) -> Response:
    view = _while_known(room, room.board)
    return _events(room, request, "instructor", (ALL, BOARD), view)


def _while_known(room: Room, view: View) -> View:
    """Return a view that ends when the keys of a room are renewed."""
    renewed = room.session.renewed
    return lambda since: view(since) if room.session.renewed == renewed else None


def _once(
    room: Room, request: Request, topics: tuple[Topic, ...], view: View
) -> Response:
    """Return a view, or 204 where nothing is newer than what was seen."""
    text = request.query_params.get("since", "")
    since = int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
    if since is not None and not room.feed.newer(since, *topics):
        return Response(status_code=204)
    return Response(view(since) or b"{}", media_type="application/json")


def _events(
    room: Room, request: Request, who: object, topics: tuple[Topic, ...], view: View
) -> Response:
    if request.method == "HEAD":
        return Response(media_type="text/event-stream")
    try:
        events = room.feed.follow(who, topics, view)
    except Full:
        raise Problem(503, "There are too many pages open.", 10.0) from None
    return StreamingResponse(events, media_type="text/event-stream")
