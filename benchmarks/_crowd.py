"""Attendees who do what the kit does for them, and note when they saw what.

Each has the stream of their page open all the time and reports a check about every ten
seconds. All of them are in one process, with the board and the projector, so one clock
times what is sent and where it is shown.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import time
from collections import defaultdict
from typing import Any

from benchmarks import _asking
from benchmarks._asking import ask
from workshop.course import Lesson

EVERY = 10.0
SAY_EVERY = 5.0
PROBE_EVERY = 0.1
AFTER = 2.0
ADVICE = (
    "The network reads 91 % of unseen digits; the goal is 95 %. Train it for longer."
)


class Crowd:
    """Some attendees of a room, its instructor and its projector.

    Times are lists of seconds: `answers` to reports, `static` of a page without data
    that is asked for meanwhile, `board` from a report's sending until the board shows
    it, `lag` by how much this process itself was late.
    """

    def __init__(self, port: int, token: str, lesson: Lesson, seed: int = 0) -> None:
        self.port = port
        self.token = token
        self.lesson = lesson
        self.random = random.Random(seed)
        self.people: dict[int, str] = {}
        self.answers: list[float] = []
        self.static: list[float] = []
        self.board: list[float] = []
        self.lag: list[float] = []
        self.refused = 0
        self.events = 0
        self.told: list[float] = []
        self.shown: dict[int, dict[int, float]] = defaultdict(dict)
        self._sent: dict[int, list[float]] = defaultdict(list)
        self._seen: dict[int, int] = defaultdict(int)

    async def join(self, code: str, count: int) -> None:
        """Let attendees in, twenty at a time."""
        for begin in range(0, count, 20):
            some = range(begin, min(begin + 20, count))
            await asyncio.gather(*(self._join(code, number) for number in some))

    async def _join(self, code: str, number: int) -> None:
        asked = {"code": code, "name": f"Attendee {number}", "browser": False}
        status, body = await ask(self.port, "POST", "/api/join", "", asked)
        assert status == 200, body
        told = json.loads(body)
        self.people[told["person"]] = told["token"]

    async def run(self, seconds: float) -> None:
        """Report, look and say for some seconds; then look on for what still comes."""
        looking = [
            *(self._page(person, token) for person, token in self.people.items()),
            self._board(),
            self._projector(),
        ]
        busy = [
            *(self._reporter(person, token) for person, token in self.people.items()),
            *(self._instructor(), self._prober(), self._watch_itself()),
        ]
        watching = [asyncio.create_task(one) for one in looking]
        await asyncio.sleep(AFTER)
        working = [asyncio.create_task(one) for one in busy]
        await asyncio.sleep(seconds)
        await _end(working)
        await asyncio.sleep(AFTER)
        await _end(watching)

    async def _page(self, person: int, token: str) -> None:
        async for data in _asking.events(self.port, "/api/me/events", token):
            self._note(person, json.loads(data))

    async def _projector(self) -> None:
        """Look on as the projector does; the instructor may, too."""
        async for data in _asking.events(
            self.port, "/api/projector/events", self.token
        ):
            self._note(0, json.loads(data))

    def _note(self, person: int, view: Any) -> None:
        self.events += 1
        for message in view["messages"]:
            self.shown[int(message["text"])].setdefault(person, time.perf_counter())

    async def _board(self) -> None:
        async for data in _asking.events(self.port, "/api/board/events", self.token):
            self.events += 1
            now = time.perf_counter()
            for row in json.loads(data)["people"]:
                self._compare(row, now)

    def _compare(self, row: Any, now: float) -> None:
        """Note which reports of one attendee the board shows for the first time."""
        person, sent = row["id"], self._sent[row["id"]]
        tries = row["lessons"].get(self.lesson.stem, {"tries": 0})["tries"]
        self.board += [now - at for at in sent[self._seen[person] : tries]]
        self._seen[person] = max(self._seen[person], tries)

    async def _reporter(self, person: int, token: str) -> None:
        await asyncio.sleep(self.random.uniform(0, EVERY))
        while True:
            begin = time.perf_counter()
            self._sent[person].append(begin)
            sent = {"reports": [self.report()]}
            status, _ = await ask(self.port, "POST", "/api/me/reports", token, sent)
            self.answers.append(time.perf_counter() - begin)
            self.refused += status != 200
            await asyncio.sleep(self.random.uniform(0.8, 1.2) * EVERY)

    def report(self, mark: str = ADVICE) -> dict[str, Any]:
        """Return a report of a check as the kit sends it, with any outcome."""
        names = [check.name for check in self.lesson.checks]
        passed = self.random.randint(0, len(names))
        outcomes = ["passed"] * passed + ["failed"] * (len(names) - passed)
        return {
            **{"id": secrets.token_hex(16), "age": 0.0, "lesson": self.lesson.stem},
            "outcome": "passed" if passed == len(names) else "failed",
            "checks": [list(pair) for pair in zip(names, outcomes, strict=True)],
            "advice": dict.fromkeys(names[passed:] or names, mark),
            **{"stop": "", "seconds": 12.3},
        }

    async def _instructor(self) -> None:
        while True:
            await asyncio.sleep(SAY_EVERY)
            text = f"{len(self.told)}"
            self.told.append(time.perf_counter())
            await ask(self.port, "POST", "/api/board/say", self.token, {"text": text})

    async def _prober(self) -> None:
        while True:
            begin = time.perf_counter()
            await ask(self.port, "GET", "/about")
            self.static.append(time.perf_counter() - begin)
            await asyncio.sleep(PROBE_EVERY)

    async def _watch_itself(self) -> None:
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(0.01)
            self.lag.append(time.perf_counter() - begin - 0.01)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    """Stop tasks; what one of them failed by is raised."""
    for task in tasks:
        task.cancel()
    for found in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(found, Exception):
            raise found
