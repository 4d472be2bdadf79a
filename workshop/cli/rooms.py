"""A room has the last line of a command, and never its time or its outcome.

What a check found stands on the screen before the room is called. Whoever joined no
room sees and waits for nothing. Messages of a room are shown once, as plain text.
"""

from __future__ import annotations

import os
import queue
import textwrap
import threading
import time
from dataclasses import replace

from workshop.cli.session import Refused, Session
from workshop.link import Contact, Link
from workshop.link.joined import Joined
from workshop.link.room import Declined, Room, Unreachable
from workshop.link.view import Gate, View
from workshop.progress import Folder
from workshop.results import Report

CALL_SECONDS = 2.0
LOOK_SECONDS = 15.0
MIRROR_SECONDS = 0.7
MIRROR = "WORKSHOP_MIRROR"
LATER = "The room was not reached; your result is delivered later."


def joined(link: Link, session: Session) -> Joined:
    """Return the room of a folder; Refused where there is none."""
    if found := link.joined:
        return found
    join = session.command("join", "ADDRESS", "CODE")
    raise Refused(f"You are in no room. To join one: {join}")


def tell_room(session: Session, report: Report, *, aside: bool = False) -> None:
    """Tell the room of a check, if one was joined, and show what it says.

    `aside` shows it beside standard output, which belongs to somebody else.
    """
    link = Link(session.home)
    if link.joined is None:
        return
    link.put(report)
    lines = news(session, link, link.call(CALL_SECONDS))
    if lines and not aside:
        session.say()
    for line, quiet in lines:
        show(session, line, quiet, aside=aside)


def show(session: Session, line: str, quiet: bool, *, aside: bool = False) -> None:
    """Print a line of the room's, within the width and the margin of a report."""
    say = session.tell if aside else session.say
    made = textwrap.wrap(line, session.width - 3, break_on_hyphens=False)
    say(textwrap.indent("\n".join(made), "  "), dim=quiet)


def news(session: Session, link: Link, contact: Contact) -> list[tuple[str, bool]]:
    """Return what to show of a contact: lines, and whether each is by the way.

    Notes what is shown, so that it is shown once.
    """
    if contact.unknown:
        return [] if _noted_unknown(link) else [(unknown(session), False)]
    if not contact.reached:
        away = LATER if contact.waiting else "The room was not reached."
        return [] if link.seen.state == "ended" else [(away, True)]
    if contact.view is None:
        return [(f"Room: {contact.why}", False)] if contact.why else []
    return [*_said(link, contact.view), *_back(session, link, contact.view)]


def unknown(session: Session) -> str:
    """Return what it means that a room does not know one any more."""
    again = session.command("join", "ADDRESS", "CODE")
    return (
        "The room does not know you any more: it has ended, or somebody took you out. "
        f"What it was not told is kept. To join again: {again}"
    )


def use_mirror(folder: Folder | None) -> None:
    """Have data come from the room where it has some, and is there to give it."""
    found = Link(folder).joined if folder else None
    if found is None or not found.mirror or os.environ.get(MIRROR):
        return
    try:
        told = Room(found.place).get("/api/room", MIRROR_SECONDS) or {}
    except (Unreachable, Declined):
        return
    if told.get("room") == found.room:
        os.environ[MIRROR] = f"{found.place.url}/mirror"


class Listener:
    """Calls the room in a thread while somebody watches: no key waits for it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.link = Link(session.home)
        self._contacts: queue.SimpleQueue[tuple[Contact, bool]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._last = time.monotonic()
        self._due = False
        self._version = ""

    def report(self, report: Report) -> None:
        """Have a check reported as soon as nothing else is under way."""
        if self.link.joined:
            self.link.put(report)
            self._due = True

    def hear(self) -> list[tuple[str, bool]]:
        """Return what came since the last time, and call again when it is time."""
        lines: list[tuple[str, bool]] = []
        while not self._contacts.empty():
            contact, reported = self._contacts.get()
            lines += self._news(contact, reported)
        busy = self._thread and self._thread.is_alive()
        late = time.monotonic() - self._last >= LOOK_SECONDS
        if not busy and (self._due or late):
            self._call(self._due)
        return lines

    def _call(self, reported: bool) -> None:
        self._last, self._due = time.monotonic(), False
        if self.link.joined is None:
            return
        since = "" if reported else self._version

        def call() -> None:
            self._contacts.put((self.link.call(CALL_SECONDS, since), reported))

        self._thread = threading.Thread(target=call, daemon=True)
        self._thread.start()

    def _news(self, contact: Contact, reported: bool) -> list[tuple[str, bool]]:
        view = contact.view
        self._version = view.version if view else self._version
        told = self.link.seen.told
        new = view and any(one.id not in told for one in view.messages)
        if reported or new or contact.unknown:
            return news(self.session, self.link, contact)
        return []


def _said(link: Link, view: View) -> list[tuple[str, bool]]:
    """Return where the session stands, with the messages that were not shown yet."""
    told = link.seen.told
    new = [one.text for one in reversed(view.messages) if one.id not in told]
    link.update(lambda seen: seen.shown(view))
    parts = [view.now, *(f"message: {text}" for text in new)]
    first = " · ".join(filter(None, parts[:2]))
    lines = [f"Room: {first}", *(f"Room: {part}" for part in parts[2:])]
    return [(line, False) for line in lines] if first else []


def _back(session: Session, link: Link, view: View) -> list[tuple[str, bool]]:
    """Return what can be handed in: what waited for the room, and what has passed."""
    lines = []
    for lesson in session.course.lessons:
        gate = view.gates.get(lesson.stem, Gate())
        if not gate.open:
            continue
        submit = session.command("submit", lesson.stem)
        if lesson.stem in link.seen.pending:
            lines.append((f"The room takes it now: {submit}", False))
        elif session.standing(lesson).outcome == "passed" and not gate.passed:
            lines.append((f"To be graded by the room: {submit}", False))
    return lines


def _noted_unknown(link: Link) -> bool:
    """Return whether it was said before that the room knows one no more; note it."""
    before = link.seen.unknown
    link.update(lambda seen: replace(seen, unknown=True))
    return before
