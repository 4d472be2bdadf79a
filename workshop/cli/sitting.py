"""A lesson is handed in to a room in two steps, and each may be cut and done again.

First this machine answers the room's questions, then the room gets the file. What was
begun is noted, for this text of the script: an exam that was cut goes on, and where
only the file is left, nothing is answered twice.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from urllib.parse import quote

import click

from workshop import answering, cli
from workshop import script as scripts
from workshop.cli import advice, packing, rooms
from workshop.cli import check as checks
from workshop.cli.datasets import size
from workshop.cli.session import Refused, Session
from workshop.cli.work import Work
from workshop.link import Link
from workshop.link.exam import Carrier
from workshop.link.joined import Joined, Pending
from workshop.link.room import LATER, Declined, Request, Room, Unreachable
from workshop.link.view import Gate
from workshop.results import Report

TITLE = "Answered for the room"
AWAY = ("The room was not reached", "When the room is back")
CLOSED = ("The room has not opened this lesson", "Once it is open")
LEAST_SECONDS = 30.0
SLOWEST = 100_000
"""Bytes a second of a network on which a file still arrives."""
TRIES = 3
PAUSE = 0.5


def waiting(session: Session, link: Link) -> str | None:
    """Return the first lesson that was to be handed in while the room was away."""
    stems = (lesson.stem for lesson in session.course.lessons)
    return next((stem for stem in stems if stem in link.seen.pending), None)


def hand_in(session: Session, work: Work, link: Link) -> int:
    """Answer the room's exam and send the file; return the exit status."""
    joined = rooms.joined(link, session)
    content = packing.packed(dict(packing.files(session, work)))
    pending = link.pending(work.lesson.stem, _sha256(work.path.read_bytes()))
    contact = link.call(rooms.CALL_SECONDS)
    if contact.unknown:
        raise Refused(rooms.unknown(session), cli.CANNOT_WORK)
    if not contact.reached:
        return _later(session, work, link, pending, content)
    gate = contact.view.gates.get(work.lesson.stem) if contact.view else None
    if gate and not gate.open:
        return _later(session, work, link, pending, content, CLOSED)
    status = 0 if session.standing(work.lesson).reached else 1
    if pending.judged:
        session.say("The room has your answers already. The file is left to send.")
    elif why := _asks_no_more(work, gate, pending):
        session.tell(why, fg="yellow")
        status = 1
    else:
        try:
            status = _answered(session, work, link, pending)
        except Unreachable:
            kept = link.pending(work.lesson.stem, pending.script)
            return _later(session, work, link, kept, content)
    sent = _send(session, work, link, joined, content)
    return status if sent else max(status, 1)


def _answered(session: Session, work: Work, link: Link, pending: Pending) -> int:
    """Sit the room's exam and show its report; return the exit status.

    Raises Unreachable.
    """
    stem = work.lesson.stem
    try:
        report = _sat(session, work, link, pending)
    except scripts.Unreadable as error:
        raise Refused(error.sentence, 1) from None
    except (answering.Refused, Declined) as no:
        link.remember(stem, None)
        session.tell(str(no), fg="yellow")
        return 1
    link.remember(stem, Pending(pending.script, judged=True))
    checks.note(session.home, work, report)
    step = advice.next_step(session, work, report)
    checks.show(session, work, replace(report, title=TITLE), step)
    session.say()
    return checks.status(report)


def _sat(session: Session, work: Work, link: Link, pending: Pending) -> Report:
    """Return the room's report on what this machine answers."""
    joined, stem = rooms.joined(link, session), work.lesson.stem
    checks.ready(work)
    rooms.use_mirror(session.home)
    screen = checks.Screen(session)
    queue = Queue(session, screen)
    room = Room(joined.place, joined.token)
    carrier = Carrier(room, stem, pending, lambda kept: link.remember(stem, kept))

    def send(message: bytes) -> bytes:
        queue.begin()
        return carrier.send(message)

    options = checks.options_for(session.home, screen, keep=True)
    try:
        return answering.sit(work.lesson, work.path, send, options, queue.wait)
    finally:
        screen.clear()
        queue.clear()


class Queue:
    """Says that the room is being answered, and the place where one waits for it."""

    def __init__(self, session: Session, screen: checks.Screen) -> None:
        self.session = session
        self.screen = screen
        self.begun = False
        self.place = 0

    def begin(self) -> None:
        """Say once that questions are answered now."""
        if not self.begun:
            self.screen.clear()
            self.session.say("Answering the room …", dim=True)
        self.begun = True

    def wait(self, place: int) -> None:
        """Show a place in the queue when it changes."""
        if place == self.place or place < 1:
            return
        self.place = place
        line = f"Place {place} in the queue …"
        if self.screen.moving:
            click.echo(f"\r\x1b[K{line}", nl=False)
        else:
            self.session.say(line)

    def clear(self) -> None:
        """Take the place away."""
        if self.place and self.screen.moving:
            click.echo("\r\x1b[K", nl=False)


def _asks_no_more(work: Work, gate: Gate | None, pending: Pending) -> str:
    """Return why the room would ask nothing; empty where it would."""
    if gate is None or pending.exam:
        return ""
    if gate.attempts is not None and gate.attempts < 1:
        stem = work.lesson.stem
        return f"The room has asked you about {stem} as often as it does."
    return ""


def _later(
    session: Session,
    work: Work,
    link: Link,
    pending: Pending,
    content: bytes,
    why: tuple[str, str] = AWAY,
) -> int:
    """Keep the file here and note that the lesson is to be handed in."""
    place = packing.beside(session, work)
    packing.write(session, place, content)
    link.remember(work.lesson.stem, pending)
    submit = session.command("submit", work.lesson.stem)
    session.say(f"{why[0]}, so nothing was handed in yet.")
    session.say(f"The file is kept here: {session.place(place)}")
    packing.say_blanks(session, work)
    session.say(f"{why[1]}: {submit}", fg="cyan")
    return 1


def _send(
    session: Session, work: Work, link: Link, joined: Joined, content: bytes
) -> bool:
    """Send the packed lesson; where that fails, say what is left to do."""
    room, stem = Room(joined.place, joined.token), work.lesson.stem
    try:
        _put(room, stem, content)
    except Declined as no:
        link.remember(stem, None)
        place = packing.beside(session, work)
        packing.write(session, place, content)
        session.tell(f"The file was not taken: {no}", fg="yellow")
        session.tell(f"It is kept here: {session.place(place)}")
        return False
    except Unreachable:
        again = session.command("submit", stem)
        session.tell(f"The file did not get through. To send it: {again}", fg="yellow")
        return False
    link.remember(stem, None)
    session.say(f"Handed in: {stem}.zip, {size(len(content))}", fg="green")
    packing.say_blanks(session, work)
    return True


def _put(room: Room, stem: str, content: bytes) -> None:
    """Send a file until the room says that it has these bytes; the last error else."""
    seconds = LEAST_SECONDS + len(content) / SLOWEST
    path = f"/api/me/work/{quote(stem, safe='')}"
    request = Request("PUT", path, content, "application/zip", seconds)
    for attempt in range(TRIES):
        try:
            told = room.told(room.send(request))
            if told.get("sha256") == _sha256(content):
                return
        except Unreachable:
            if attempt == TRIES - 1:
                raise
        except Declined as no:
            if no.status not in LATER or attempt == TRIES - 1:
                raise
        time.sleep(PAUSE * 2**attempt)
    raise Unreachable("The file did not arrive as it was sent.")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
