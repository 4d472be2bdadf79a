"""A room is joined once for a folder, and what it hears is the learner's choice.

The address is one that is read from a projector or scanned. Whoever joins the same room
again stays the person they are; another room takes the place of the one before.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import click

from workshop import cli
from workshop.cli import rooms
from workshop.cli.keys import is_terminal
from workshop.cli.session import Refused, Session, shared_options
from workshop.link import Link
from workshop.link import address as addresses
from workshop.link.address import Address
from workshop.link.joined import Joined
from workshop.link.room import Declined, Room, Unreachable
from workshop.report.words import one_line

LONGEST_NAME = 80
PERSONAL = 8
"""Letters of a code that stands for a person: one more device of theirs."""
TYPED_WRONG = (400, 403)
ASKED = "Tell the room which checks pass? It never gets your code."


@click.command("join")
@click.argument("address", required=False, metavar="[ADDRESS]")
@click.argument("code", required=False, metavar="[CODE]")
@click.option("--name", help="Your name as the room shows it; else you are asked.")
@click.option(
    "--share/--private", default=None, help="Whether the room hears of your checks."
)
@shared_options
@click.pass_obj
def join_command(
    session: Session,
    address: str | None,
    code: str | None,
    name: str | None,
    share: bool | None,
) -> int:
    """Join a room by the ADDRESS and the CODE that it shows.

    A link that ends in #CODE holds both. Without an address, --share and --private
    change what the room that was joined hears.
    """
    link = Link(session.home)
    if address is None:
        return _change(session, link, share)
    place, behind = _place(address)
    code = code or behind
    if not code:
        join = session.command("join", place.shown, "CODE")
        raise Refused(f"Add the code that the room shows: {join}")
    found = _asked(place)
    joined = _again(link, place, found) if not _personal(code) else None
    again = joined is not None
    if joined is None:
        joined = _joined(place, found, code, _name(name, code))
    joined = replace(joined, share=_share(share, joined, again))
    _keep(session, link, joined)
    _say(session, link, joined, again)
    return 0


@click.command("leave")
@shared_options
@click.pass_obj
def leave_command(session: Session) -> int:
    """Leave the room: its link is forgotten, and it hears nothing more."""
    link = Link(session.home)
    joined = rooms.joined(link, session)
    link.outbox(joined).clear()
    link.notes.leave()
    session.say("You have left the room. What it was told, it keeps.")
    return 0


@click.command("hand")
@click.option("--down", is_flag=True, help="Take your hand down.")
@shared_options
@click.pass_obj
def hand_command(session: Session, down: bool) -> int:
    """Put your hand up: the instructor sees it."""
    joined = rooms.joined(Link(session.home), session)
    try:
        Room(joined.place, joined.token).post("/api/me/hand", {"up": not down})
    except (Unreachable, Declined) as error:
        raise Refused(str(error), cli.CANNOT_WORK) from None
    if down:
        session.say("Your hand is down.")
    else:
        session.say("Your hand is up, and the instructor sees it.", fg="green")
        session.say(f"To take it down: {session.command('hand', '--down')}")
    return 0


def _place(address: str) -> tuple[Address, str]:
    try:
        return addresses.read(address)
    except addresses.NoAddress as error:
        raise Refused(str(error)) from None


def _personal(code: str) -> bool:
    return len(re.sub(r"[\W_]", "", code)) == PERSONAL


def _asked(place: Address) -> dict[str, Any]:
    """Return what a room says of itself; Refused where there is none."""
    try:
        found = Room(place).get("/api/room")
    except (Unreachable, Declined) as error:
        raise Refused(
            f"{error} Is the address right, and is this machine in the same network?",
            cli.CANNOT_WORK,
        ) from None
    if not found or not isinstance(found.get("room"), str):
        raise Refused(f"What answers at {place.shown} is no room.", cli.CANNOT_WORK)
    return found


def _again(link: Link, place: Address, found: dict[str, Any]) -> Joined | None:
    """Return who one is already in this room; None where it knows nobody."""
    known = link.joined
    if known is None or known.room != found["room"]:
        return None
    try:
        Room(place, known.token).get("/api/me")
    except Declined:
        return None
    except Unreachable as error:
        raise Refused(str(error), cli.CANNOT_WORK) from None
    return replace(known, address=place.shown, mirror=found.get("mirror") is True)


def _name(name: str | None, code: str) -> str:
    """Return the name that was given or asked for, as one line."""
    if name is None and _personal(code):
        return ""
    if name is None and not is_terminal():
        raise Refused('Add your name: --name "Ann Lee"')
    while True:
        asked = name is None
        given = click.prompt("Your name, as the room shows it") if asked else name
        made = one_line(str(given))
        if 0 < len(made) <= LONGEST_NAME:
            return made
        wrong = f"A name has 1 to {LONGEST_NAME} characters."
        if not asked:
            raise Refused(wrong)
        click.echo(wrong)


def _share(share: bool | None, joined: Joined, again: bool) -> bool:
    """Return whether checks are reported: as said, as before, or as asked."""
    if share is not None:
        return share
    if again or not is_terminal():
        return joined.share
    return click.confirm(ASKED, default=True)


def _joined(place: Address, found: dict[str, Any], code: str, name: str) -> Joined:
    said = {"code": code, "name": name, "browser": False}
    try:
        told = Room(place).post("/api/join", said)
    except Declined as no:
        wrong = no.status in TYPED_WRONG
        raise Refused(str(no), 2 if wrong else cli.CANNOT_WORK) from None
    except Unreachable as error:
        raise Refused(str(error), cli.CANNOT_WORK) from None
    joined = Joined(
        address=place.shown,
        token=str(told.get("token")),
        room=str(told.get("room")),
        person=told["person"] if type(told.get("person")) is int else 0,
        name=one_line(str(told.get("name"))[:200]),
        title=one_line(str(told.get("title", ""))[:200]),
        mirror=found.get("mirror") is True,
    )
    if not joined.fits or joined.room != found["room"]:
        raise Refused(f"What answers at {place.shown} is no room.", cli.CANNOT_WORK)
    return joined


def _keep(session: Session, link: Link, joined: Joined) -> None:
    try:
        link.notes.join(joined)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(
            f"{session.home.hidden} cannot be written to ({why}): no room was joined.",
            cli.CANNOT_WORK,
        ) from None
    if not joined.share:
        link.outbox(joined).clear()


def _change(session: Session, link: Link, share: bool | None) -> int:
    """Change what the room hears."""
    joined = rooms.joined(link, session)
    if share is None:
        raise Refused(
            "Add the address and the code that the room shows: "
            f"{session.command('join', 'ADDRESS', 'CODE')}"
        )
    _keep(session, link, replace(joined, share=share))
    _say_shared(session, share)
    return 0


def _say(session: Session, link: Link, joined: Joined, again: bool) -> None:
    where = joined.title or joined.place.shown
    before = "You are in this room already" if again else "You have joined"
    session.say(f"{before}: {where}", fg="green")
    session.say(f"Your name there: {joined.name}")
    session.say(f"Your page: {joined.page}")
    session.say("  Keep this link to yourself: whoever has it is you in the room.")
    session.say()
    _say_shared(session, joined.share)
    session.say(f"To leave the room: {session.command('leave')}")
    contact = link.call(rooms.CALL_SECONDS)
    if contact.view:
        session.say()
        for line, quiet in rooms.news(session, link, contact):
            rooms.show(session, line, quiet)


def _say_shared(session: Session, share: bool) -> None:
    if share:
        session.say("Each check tells the room which checks pass, what it advises, and")
        session.say("how long it took. It never gets your code, unless you submit it.")
        session.say(f"To stop that: {session.command('join', '--private')}")
    else:
        session.say("The room hears nothing of your checks, unless you submit one.")
        session.say(f"To change that: {session.command('join', '--share')}")
