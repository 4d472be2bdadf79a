"""A folder's link to a room works without the room: it is told when it is there.

A check never fails, and never waits for long, because of a network. What happened is
kept first and delivered when it can be (`outbox`); what the room says is looked at as
somebody else's text (`view`); what goes out holds no code (`reports`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from workshop.link import view as views
from workshop.link.joined import Joined, Notes, Pending, Seen
from workshop.link.outbox import Outbox, Waiting
from workshop.link.reports import report_of
from workshop.link.room import LATER, UNKNOWN, Declined, Room, Unreachable
from workshop.link.view import View
from workshop.progress import Folder
from workshop.results import Report

__all__ = ["Contact", "Link"]

AT_ONCE = 50
SHORTEST = 0.2
NOT_THE_REPORTS = (UNKNOWN, 403, 404, 405, 421, *LATER)
"""Refusals that say nothing of what was sent."""


@dataclass(frozen=True)
class Contact:
    """What became of a call: the room's view, and what it means for the learner.

    Without a `view` there is nothing new, or `why` says why none came; `unknown` means
    that the room does not know this person any more. Where it was not `reached`,
    `waiting` reports are still to be delivered.
    """

    view: View | None = None
    why: str = ""
    reached: bool = True
    unknown: bool = False
    waiting: int = 0


class Link:
    """One learner's folder and the room it has joined, if any."""

    def __init__(self, folder: Folder) -> None:
        self.notes = Notes(folder)
        self.folder = folder

    @property
    def joined(self) -> Joined | None:
        return self.notes.joined()

    @property
    def seen(self) -> Seen:
        """What the room told last; nothing where none was joined."""
        joined = self.joined
        return self.notes.seen(joined.room) if joined else Seen()

    def update(self, change: Callable[[Seen], Seen]) -> Seen:
        joined = self.joined
        return self.notes.update(joined.room, change) if joined else Seen()

    def outbox(self, joined: Joined) -> Outbox:
        return Outbox(self.folder, joined.room)

    def pending(self, stem: str, script: str) -> Pending:
        """Return what was begun of handing in a script with this SHA-256."""
        found = self.seen.pending.get(stem)
        return found if found and found.script == script else Pending(script)

    def remember(self, stem: str, pending: Pending | None) -> None:
        """Note what is left of handing in a lesson; None where nothing is."""

        def change(seen: Seen) -> Seen:
            left = {one: kept for one, kept in seen.pending.items() if one != stem}
            return replace(seen, pending=left | ({stem: pending} if pending else {}))

        self.update(change)

    def put(self, report: Report) -> None:
        """Keep a report for the room, where one was joined and is to be told."""
        joined = self.joined
        if joined and joined.share:
            self.outbox(joined).put(report_of(report))

    def call(self, seconds: float, since: str = "") -> Contact:
        """Deliver what waits and hear what is new, all in so many seconds.

        `since` is the version of a view that is known: then one comes only where it is
        newer, or where something was delivered.
        """
        joined = self.joined
        if joined is None:
            return Contact(reached=False)
        outbox = self.outbox(joined)
        call = _Call(Room(joined.place, joined.token), time.monotonic() + seconds)
        try:
            told = call.deliver(outbox) if joined.share else None
            told = told or call.look(since)
        except Unreachable as error:
            return Contact(None, str(error), reached=False, waiting=len(outbox))
        except Declined as no:
            why = "" if no.status in LATER else str(no)
            return Contact(None, why, unknown=no.status == UNKNOWN)
        if told is None:
            return Contact()
        view = views.read(told)
        self.update(lambda seen: seen.after(view))
        return Contact(view)


class _Call:
    """One call on a room, with its end: it may take several messages."""

    def __init__(self, room: Room, end: float) -> None:
        self.room = room
        self.end = end

    @property
    def seconds(self) -> float:
        """Return what is left of the time; Unreachable where that is too little."""
        left = self.end - time.monotonic()
        if left < SHORTEST:
            raise Unreachable(f"{self.room.address.shown} is too slow.")
        return left

    def look(self, since: str) -> dict[str, Any] | None:
        path = f"/api/me?since={quote(since, safe='')}" if since else "/api/me"
        return self.room.get(path, self.seconds)

    def deliver(self, outbox: Outbox) -> dict[str, Any] | None:
        """Send everything that waits; return the last view, None where none came."""
        view, tried = None, set[str]()
        while batch := outbox.first(AT_ONCE, tried):
            tried |= {one.id for one in batch}
            view = self._send(outbox, batch) or view
        return view

    def _send(self, outbox: Outbox, batch: list[Waiting]) -> dict[str, Any] | None:
        """Send a batch; return the view that comes back.

        A batch that the room refuses is halved, until the report is found that it
        does not take; that one goes nowhere.
        """
        said = {"reports": [one.message() for one in batch]}
        try:
            reply = self.room.post("/api/me/reports", said, self.seconds)
        except Declined as no:
            if no.status in NOT_THE_REPORTS:
                raise
            return self._halved(outbox, batch)
        taken = reply.get("taken")
        ids = taken if isinstance(taken, list) else []
        outbox.remove([one.path for one in batch if one.id in ids])
        view = reply.get("view")
        return view if isinstance(view, dict) else None

    def _halved(self, outbox: Outbox, batch: list[Waiting]) -> dict[str, Any] | None:
        if len(batch) == 1:
            outbox.remove([batch[0].path])
            return None
        middle = len(batch) // 2
        first = self._send(outbox, batch[:middle])
        return self._send(outbox, batch[middle:]) or first
