"""An attendee reaches what is theirs and no more: no route takes a person's number."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from workshop.certificate import Key
from workshop.course import Lesson
from workshop.report.frame import POLICY
from workshop.room import certificates, keys, reports, streams
from workshop.room.access import own
from workshop.room.exams import LARGEST, Examiner
from workshop.room.guard import Problem, body, field, fields, line
from workshop.room.keys import Limit
from workshop.room.people import Person
from workshop.room.room import Room
from workshop.room.works import Works

LONGEST_NICKNAME = 40
MESSAGE_SECONDS = 180.0
THREADS = 48

Change = Callable[[Room, Person, dict[str, Any]], Awaitable[None]]


class Attending:
    """The routes of an attendee, with what they need beside the room."""

    def __init__(self, room: Room, examiner: Examiner, works: Works, key: Key) -> None:
        self.room = room
        self.examiner = examiner
        self.works = works
        self.key = key
        self.threads = ThreadPoolExecutor(THREADS, "exam")
        self._often = Limit(120, 60.0)

    def routes(self) -> list[Route]:
        room, plain = self.room, "/api/me"
        made = [
            own(room, plain, streams.attendee, "GET"),
            own(room, f"{plain}/events", streams.attendee_events, "GET"),
            own(room, f"{plain}/reports", self.report),
            own(room, f"{plain}/code", self.code),
            own(room, f"{plain}/exams", self.examine),
            own(room, f"{plain}/exams/{{name}}", self.answer),
            own(room, f"{plain}/work/{{lesson}}", self.hand_in, "PUT"),
            own(room, f"{plain}/certificate", self.certificate, "GET"),
            own(room, "/certificate", self.page, "GET"),
        ]
        changes = {"hand": hand, "done": done, "vote": vote, "nickname": nickname}
        return made + [
            own(room, f"{plain}/{name}", self._changing(change))
            for name, change in changes.items()
        ]

    def _changing(self, change: Change) -> Any:
        async def answer(room: Room, person: Person, request: Request) -> Response:
            self._not_too_often(person)
            await change(room, person, await fields(request))
            return viewed(room, person)

        return answer

    def _not_too_often(self, person: Person) -> None:
        now = self.room.now
        if wait := self._often.wait(person.id, now):
            raise Problem(429, "That was a lot at once. Wait a little.", wait)
        self._often.spend(person.id, now)

    async def report(self, room: Room, person: Person, request: Request) -> Response:
        self._not_too_often(person)
        sent = field(await fields(request, reports.LARGEST), "reports", list)
        self._often.spend(person.id, room.now, len(sent[1 : reports.MOST]))
        taken = await reports.take(room, person, sent)
        return viewed(room, person, taken=taken)

    async def code(self, room: Room, person: Person, request: Request) -> Response:
        self._not_too_often(person)
        made = room.codes.make(person.id, room.now)
        return JSONResponse({"code": made, "seconds": keys.PERSONAL_SECONDS})

    async def examine(self, room: Room, person: Person, request: Request) -> Response:
        stem = field(await fields(request), "lesson", str)
        lesson = _lesson(room, stem)
        return JSONResponse({"exam": await self.examiner.begin(person, lesson)})

    async def answer(self, room: Room, person: Person, request: Request) -> Response:
        name = request.path_params["name"]
        with self.examiner.asking(person, name):
            message = await body(request, LARGEST, MESSAGE_SECONDS)
            loop, hall = asyncio.get_running_loop(), self.examiner.hall
            reply = await loop.run_in_executor(self.threads, hall.reply, name, message)
        return Response(reply, media_type="application/octet-stream")

    async def hand_in(self, room: Room, person: Person, request: Request) -> Response:
        lesson = _lesson(room, request.path_params["lesson"])
        if lesson.stem not in room.session.open:
            raise Problem(409, f"{lesson.stem} is not open in this room.")
        sha256, size = await self.works.take(request, person.id)
        told = {"lesson": lesson.stem, "sha256": sha256, "size": size}
        await room.tell("handed_in", person.id, told)
        return JSONResponse({"sha256": sha256, "size": size})

    async def certificate(
        self, room: Room, person: Person, request: Request
    ) -> Response:
        made = certificates.signed(room, person, self.key)
        name = {"Content-Disposition": 'attachment; filename="certificate.json"'}
        return Response(made, 200, name, "application/json")

    async def page(self, room: Room, person: Person, request: Request) -> Response:
        made = certificates.page(room, person, self.key)
        return HTMLResponse(made, headers={"Content-Security-Policy": POLICY})


def viewed(room: Room, person: Person, **more: Any) -> Response:
    """Return an attendee's view as it is now, with what else was found."""
    head = json.dumps(more)[:-1].encode() + (b"," if more else b"")
    view = room.attendee(person.id) or b"null"
    body = head + b'"view":' + view + b"}"
    return Response(body, media_type="application/json")


async def hand(room: Room, person: Person, asked: dict[str, Any]) -> None:
    await room.tell("hand", person.id, {"up": field(asked, "up", bool)})


async def done(room: Room, person: Person, asked: dict[str, Any]) -> None:
    await room.tell("done", person.id, {"done": field(asked, "done", bool)})


async def vote(room: Room, person: Person, asked: dict[str, Any]) -> None:
    """Take a choice, which may still be changed until the answer is shown."""
    key, choice = field(asked, "question", str), field(asked, "choice", int)
    poll = room.session.poll
    if poll is None or poll.key != key or poll.answered:
        raise Problem(409, "This question is not open any more.")
    lesson = room.session.lesson(poll.lesson)
    asked_now = lesson.quiz[poll.number : poll.number + 1] if lesson else ()
    if not any(0 <= choice < len(one.choices) for one in asked_now):
        raise Problem(400, "This question has no such choice.")
    await room.tell("voted", person.id, {"question": key, "choice": choice})


async def nickname(room: Room, person: Person, asked: dict[str, Any]) -> None:
    """Show somebody on the leaderboard under a nickname, or no more."""
    name = asked.get("nickname")
    made = (
        None if name is None else line(field(asked, "nickname", str), LONGEST_NICKNAME)
    )
    await room.tell("nickname", person.id, {"nickname": made})


def _lesson(room: Room, stem: str) -> Lesson:
    lesson = room.session.lesson(stem)
    if lesson is None:
        raise Problem(404, "This course has no such lesson.")
    return lesson
