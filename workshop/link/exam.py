"""An exam that was cut goes on where it was: its name is kept until there is a report.

The exam is asked for when its first message goes, so that no attempt is spent on a
check that never comes to its end. A name belongs to one text of the script; with
another text another exam begins.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from workshop.evidence import wire
from workshop.link.joined import Pending
from workshop.link.room import LATER, Declined, Request, Room, Unreachable

SECONDS = 180.0
"""For one message: the room answers within a minute, and photos take their time."""
LARGEST = 256 * 2**20
Kind = TypeVar("Kind")
OCTETS = "application/octet-stream"
GONE = 404
FIRST = b"\0"
"""The first byte of each message: its header has a length of at most 4 MiB."""


class Carrier:
    """Carries an exam's messages to a room; `send` is for `workshop.answering`.

    `keep` is told whatever is to be remembered: the name of the exam once it has one.
    """

    def __init__(
        self, room: Room, stem: str, pending: Pending, keep: Callable[[Pending], None]
    ) -> None:
        self.room = room
        self.stem = stem
        self.pending = pending
        self.keep = keep
        self._resumed = bool(pending.exam)

    def send(self, message: bytes) -> bytes:
        """Return the room's reply; OSError where it may be sent again, or Declined."""
        if not self.pending.exam:
            self._open()
        reply = self._carried(message)
        if self._resumed and reply is None:  # the exam of that name is over
            self._open()
            reply = self._carried(message)
        self._resumed = False
        if reply is None:
            raise Declined(GONE, "The room has forgotten this exam.")
        return reply

    def _open(self) -> None:
        """Ask for an exam, and have its name kept."""
        told = _patiently(
            lambda: self.room.post("/api/me/exams", {"lesson": self.stem})
        )
        name = told.get("exam")
        if not isinstance(name, str) or not 0 < len(name) <= 200:
            raise Unreachable("The room gave no exam.")
        self.pending = replace(self.pending, exam=name)
        self.keep(self.pending)

    def _carried(self, message: bytes) -> bytes | None:
        """Return the reply; None where the room knows no such exam any more."""
        path = f"/api/me/exams/{quote(self.pending.exam, safe='')}"
        request = Request("POST", path, message, OCTETS, SECONDS, LARGEST)
        try:
            reply = _patiently(lambda: self._message(request))
        except Declined as no:
            if no.status == GONE:
                return None
            raise
        return None if self._resumed and _refuses(reply) else reply

    def _message(self, request: Request) -> bytes:
        """Return the reply; Unreachable for what begins as no message does."""
        reply = self.room.send(request) or b""
        if not reply.startswith(FIRST):
            raise Unreachable("What came back is no message of an exam.")
        return reply


def _patiently(call: Callable[[], Kind]) -> Kind:
    """Return what a call brings; a room that asks for patience is a network's error."""
    try:
        return call()
    except Declined as no:
        if no.status in LATER:
            raise Unreachable(str(no)) from None
        raise


def _refuses(reply: bytes) -> bool:
    try:
        told = wire.decode(reply)
    except wire.WireError:
        return False
    return isinstance(told, dict) and "refused" in told
