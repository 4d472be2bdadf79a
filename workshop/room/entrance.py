"""Whoever knows the code comes in under a name; nobody needs an account.

Only wrong codes are counted against an address: a whole class may join at once from
behind one router.
"""

from __future__ import annotations

from importlib import metadata
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workshop.room import keys
from workshop.room.access import (
    address_of,
    cookie_name,
    find,
    known,
    public,
    refuse_if_guessing,
    with_cookie,
)
from workshop.room.guard import Problem, field, fields, line
from workshop.room.keys import Role
from workshop.room.people import Person
from workshop.room.room import Room

LONGEST_NAME = 80
MOST_PEOPLE = 2_000
MOST_DEVICES = 12


def routes(room: Room) -> list[Route]:
    """Return what is reached without having joined."""
    return [
        public(room, "/api/room", about),
        public(room, "/api/join", join, "POST"),
        public(room, "/api/enter", enter, "POST"),
        public(room, "/api/leave", leave, "POST"),
    ]


async def about(room: Room, request: Request) -> Response:
    """Tell which room this is, and as whom it knows whoever asks."""
    session = room.session
    told = {"room": session.room, "title": session.course.title, "kit": _version()}
    return JSONResponse({**told, "mirror": room.mirror, "role": _role(room, request)})


def _role(room: Room, request: Request) -> Role | None:
    try:
        return find(room, request).role
    except Problem:
        return None


def _version() -> str:
    return metadata.version("keras-workshop")


async def join(room: Room, request: Request) -> Response:
    """Let somebody in: by the room's code as somebody new, by a personal one."""
    asked = await fields(request)
    code, browser = field(asked, "code", str), asked.get("browser") is True
    address = address_of(request)
    refuse_if_guessing(room.wrong, address, room.now)
    token = keys.token()
    person = await _by_code(room, code, asked, token)
    if person is None:
        room.wrong.spend(address, room.now)
        raise Problem(403, "This is not the code of this room.")
    response = JSONResponse(_welcome(room, person, token))
    return with_cookie(room, response, token) if browser else response


async def _by_code(
    room: Room, code: str, asked: dict[str, Any], token: str
) -> Person | None:
    """Return who comes in by a code; None where the code is wrong."""
    people, mark = room.session.people, keys.digest(token)
    if keys.same(code, room.session.code):
        name = line(field(asked, "name", str), LONGEST_NAME)
        if len(people) >= MOST_PEOPLE or not room.session.door:
            raise Problem(409, "The room takes in nobody at present.")
        fact = await room.tell("joined", None, {"name": name, "token": mark})
        return people.get(fact.id) if fact else None
    whose = room.codes.use(code, room.now)
    if whose is None or whose not in people:
        return None
    if list(room.session.tokens.values()).count(whose) >= MOST_DEVICES:
        raise Problem(409, f"More than {MOST_DEVICES} devices are not let in for one.")
    await room.tell("device", whose, {"token": mark})
    return people.get(whose)


def _welcome(room: Room, person: Person, token: str) -> dict[str, Any]:
    session = room.session
    told = {"token": token, "person": person.id, "name": person.name}
    return {**told, "room": session.room, "title": session.course.title}


async def enter(room: Room, request: Request) -> Response:
    """Exchange a token, which came in a link, for the cookie of a page."""
    token = field(await fields(request), "token", str)
    who = known(room, request, token)
    return with_cookie(room, JSONResponse({"role": who.role}), token)


async def leave(room: Room, request: Request) -> Response:
    """Take the cookie away from this browser."""
    response = JSONResponse({})
    response.delete_cookie(cookie_name(room), path="/")
    return response
