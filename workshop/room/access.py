"""Each route names who may use it; nothing follows from a path.

A token comes in a header (programs) or a cookie (pages). The cookie is named after the
room, because browsers keep cookies by host and not by port.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from workshop.room import keys
from workshop.room.guard import Problem
from workshop.room.keys import Limit, Role
from workshop.room.people import Person
from workshop.room.room import Caller, Room

EVERYBODY: tuple[Role, ...] = ()
COOKIE_SECONDS = 30 * 24 * 3600

Answer = Callable[[Room, Caller, Request], Awaitable[Response]]
Own = Callable[[Room, Person, Request], Awaitable[Response]]


def cookie_name(room: Room) -> str:
    return f"workshop_{room.session.room[:8]}"


def with_cookie(room: Room, response: Response, token: str) -> Response:
    """Return a response that lets a page show this token from now on."""
    name = cookie_name(room)
    response.set_cookie(
        name, token, COOKIE_SECONDS, httponly=True, samesite="strict", path="/"
    )
    return response


def address_of(request: Request) -> str:
    """Return what counts as one caller."""
    return keys.caller(request.client.host if request.client else "")


def find(room: Room, request: Request) -> Caller:
    """Return who sent a request; Problem where it is nobody whom the room knows.

    Wrong tokens are counted by address and apart from wrong codes, so that a page that
    was left open since yesterday keeps nobody from joining.
    """
    shown = request.headers.get("authorization", "")
    token = shown[7:] if shown[:7].lower() == "bearer " else ""
    token = token or request.cookies.get(cookie_name(room), "")
    if not token:
        raise Problem(401, "Join this room first.")
    return known(room, request, token)


def known(room: Room, request: Request, token: str) -> Caller:
    """Return who shows a token; Problem where it is nobody's (any more)."""
    who, address = room.caller(token), address_of(request)
    if who is None:
        refuse_if_guessing(room.strange, address, room.now)
        room.strange.spend(address, room.now)
        raise Problem(401, "This room does not know you (any more). Join again.")
    return who


def refuse_if_guessing(limit: Limit, address: str, now: float) -> None:
    if wait := limit.wait(address, now):
        raise Problem(429, "That was wrong too often. Wait a little.", wait)


def route(
    room: Room, path: str, roles: tuple[Role, ...], answer: Answer, method: str = "GET"
) -> Route:
    """Return a route that only these roles reach."""

    async def endpoint(request: Request) -> Response:
        who = find(room, request)
        if who.role not in roles:
            raise Problem(403, "This is for others in this room.")
        return await answer(room, who, request)

    endpoint.roles = roles  # type: ignore[attr-defined]
    return Route(path, endpoint, methods=[method])


def own(room: Room, path: str, answer: Own, method: str = "POST") -> Route:
    """Return a route on which an attendee reaches what is theirs."""

    async def endpoint(room: Room, who: Caller, request: Request) -> Response:
        person = room.session.people[who.person]
        await room.meet(person)
        return await answer(room, person, request)

    return route(room, path, ("attendee",), endpoint, method)


def public(
    room: Room,
    path: str,
    answer: Callable[[Room, Request], Awaitable[Response]],
    method: str = "GET",
) -> Route:
    """Return a route that everybody in the network reaches."""

    async def endpoint(request: Request) -> Response:
        return await answer(room, request)

    endpoint.roles = EVERYBODY  # type: ignore[attr-defined]
    return Route(path, endpoint, methods=[method])
