"""A page is told that something changed, and then sees what is true now.

Nothing is queued for anybody: whoever is slow misses states, never the last one, and
holds no memory. Each listener is woken for its own topics and at most four times a
second, and a crowd a few at a time, so that requests are answered in between.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager

from workshop.room.live import Topic

BREATH_SECONDS = 0.25
ALIVE_SECONDS = 15.0
MOST_LISTENERS = 2_000
WOKEN_AT_ONCE, WAKING_SECONDS = 5, 0.002
MOST_EACH = 8
"""Streams that one attendee, or one of the other roles, may hold open."""


View = Callable[[int | None], bytes | None]


class Full(Exception):
    """There are as many listeners as this room bears."""


class Feed:
    """Which topic changed at which version; versions grow over restarts."""

    def __init__(self) -> None:
        self.version = self._first = time.time_ns() // 1_000_000
        self._changed: dict[Topic, int] = {}
        self._waiting: dict[Topic, set[asyncio.Event]] = defaultdict(set)
        self._held: dict[object, int] = defaultdict(int)
        self._due: dict[asyncio.Event, None] = {}
        self._closed = False

    def touch(self, topics: Iterable[Topic]) -> None:
        """Note that these topics change now, and wake whoever waits for them."""
        self.version += 1
        idle = not self._due
        for topic in topics:
            self._changed[topic] = self.version
            self._due.update(dict.fromkeys(self._waiting.get(topic, ())))
        if idle and self._due:
            self._wake()

    def _wake(self) -> None:
        """Wake some of those for whom there is something new, and later the others."""
        for event in list(self._due)[:WOKEN_AT_ONCE]:
            del self._due[event]
            event.set()
        if self._due:
            asyncio.get_running_loop().call_later(WAKING_SECONDS, self._wake)

    def changed(self, *topics: Topic) -> int:
        """Return the version at which one of these topics changed last."""
        return max(self._changed.get(topic, self._first) for topic in topics)

    def foreign(self, since: int | None) -> bool:
        """Tell whether a version is none that this room has given since it started."""
        return since is None or not self._first <= since <= self.version

    def newer(self, since: int | None, *topics: Topic) -> bool:
        """Tell whether a page that saw a version has missed something."""
        return self.foreign(since) or (since or 0) < self.changed(*topics)

    def follow(
        self, who: object, topics: tuple[Topic, ...], view: View
    ) -> AsyncIterator[bytes]:
        """Return server-sent events: views, and signs of life in between.

        `view` gets the version that was sent last and returns what to send; None ends
        the stream. Full where somebody, or the room, has enough of them.
        """
        if self._full(who, 1):
            raise Full
        return self._events(who, topics, view)

    def _full(self, who: object, more: int) -> bool:
        each, together = self._held.get(who, 0), sum(self._held.values())
        return each + more > MOST_EACH or together + more > MOST_LISTENERS

    def close(self) -> None:
        """End all streams, and begin no other."""
        self._closed = True
        for event in set().union(*self._waiting.values()):
            event.set()

    def listens(self, who: object) -> bool:
        """Tell whether somebody has a stream open."""
        return who in self._held

    async def _events(
        self, who: object, topics: tuple[Topic, ...], view: View
    ) -> AsyncIterator[bytes]:
        event = asyncio.Event()
        seen: int | None = None
        with self._listening(who, topics, event):
            if self._full(who, 0):  # many were asked for in one moment
                return
            while not self._closed:
                event.clear()
                if self.newer(seen, *topics):
                    made, seen = view(seen), self.version
                    if made is None:
                        return
                    yield b"event: view\ndata: " + made + b"\n\n"
                    await asyncio.sleep(BREATH_SECONDS)
                try:
                    async with asyncio.timeout(ALIVE_SECONDS):
                        await event.wait()
                except TimeoutError:
                    yield b": here\n\n"

    @contextmanager
    def _listening(
        self, who: object, topics: tuple[Topic, ...], event: asyncio.Event
    ) -> Iterator[None]:
        """Wake `event` for some topics, and count it as somebody's stream."""
        self._held[who] += 1
        for topic in topics:
            self._waiting[topic].add(event)
        try:
            yield
        finally:
            self._held[who] -= 1
            if not self._held[who]:
                del self._held[who]
            for topic in topics:
                self._waiting[topic].discard(event)
