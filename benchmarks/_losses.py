"""Reports are sent until they are acknowledged, to a room that is killed meanwhile.

Every report has a mark of its own in its advice, so that facts are counted by what they
say and not by the key that keeps them single.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import _asking, _host
from benchmarks._asking import ask
from benchmarks._crowd import Crowd
from benchmarks._host import Host
from workshop.course import Lesson
from workshop.room import journal

EVERY = 2.0
AGAIN = 0.2
UP_SECONDS = (3.0, 8.0)
PATIENCE = 60.0


class Persistent:
    """Attendees who send each report until it is taken, and keep a list of both."""

    def __init__(self, crowd: Crowd, host: Host) -> None:
        self.crowd = crowd
        self.host = host
        self.made: set[str] = set()
        self.acknowledged: set[str] = set()
        self.again = 0
        self._marks = itertools.count()
        self._going = True

    async def run(self, kills: int, folder: Path) -> list[int]:
        """Return how many acknowledged reports each kill of the host had lost."""
        people = self.crowd.people.values()
        sending = [asyncio.create_task(self._send(token)) for token in people]
        lost = []
        for _ in range(kills):
            await asyncio.sleep(random.uniform(*UP_SECONDS))
            self.host.kill()
            before = set(self.acknowledged)
            lost.append(len(before - marks(folder).keys()))
            self.host = await asyncio.to_thread(_host.start, folder, self.host.port)
        await asyncio.sleep(UP_SECONDS[0])
        self._going = False
        await asyncio.wait_for(asyncio.gather(*sending), PATIENCE)
        return lost

    async def _send(self, token: str) -> None:
        await asyncio.sleep(random.uniform(0, EVERY))
        while self._going:
            mark = f"mark {next(self._marks)}"
            self.made.add(mark)
            sent = {"reports": [self.crowd.report(mark)]}
            while not await self._taken(token, sent):
                self.again += 1
                await asyncio.sleep(AGAIN)
            self.acknowledged.add(mark)
            await asyncio.sleep(random.uniform(0.8, 1.2) * EVERY)

    async def _taken(self, token: str, sent: dict[str, Any]) -> bool:
        try:
            path = "/api/me/reports"
            status, body = await ask(self.crowd.port, "POST", path, token, sent)
        except _asking.Broken:
            return False
        return status == 200 and json.loads(body)["taken"] == [sent["reports"][0]["id"]]


def marks(folder: Path) -> Counter[str]:
    """Return how often each mark stands in the last journal of a room's folder."""
    facts = journal.read(_host.journal(folder))
    reported = (one.body["advice"] for one in facts if one.kind == "reported")
    return Counter(next(iter(advice.values())) for advice in reported)


def measure(folder: Path, lesson: Lesson, count: int, kills: int) -> dict[str, int]:
    """Return what became of all reports of a room that was killed some times."""
    host = _host.start(folder, _host.free_port())
    crowd = Crowd(host.port, host.token, lesson)
    persistent = Persistent(crowd, host)

    async def run() -> list[int]:
        await crowd.join(host.code, count)
        return await persistent.run(kills, folder)

    try:
        at_kill = asyncio.run(run())
    finally:
        persistent.host.end()
    kept = marks(folder)
    return {
        **{"attendees": count, "kills": kills, "reports": len(persistent.made)},
        **{"again": persistent.again, "lost at a kill": sum(at_kill)},
        "lost": len(persistent.made - kept.keys()),
        "doubled": sum(times > 1 for times in kept.values()),
    }
