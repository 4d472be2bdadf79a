"""Handing in goes to the room where one was joined, and into one file anywhere else.

The file is what a course asks for that has no room. With a room, the file is what it
keeps, after its own questions were answered (see `sitting`).
"""

from __future__ import annotations

from pathlib import Path

import click

from workshop.cli import packing, sitting
from workshop.cli import work as works
from workshop.cli.session import Session, shared_options
from workshop.link import Link


@click.command("submit")
@click.argument("name", required=False, metavar="[LESSON or FILE]")
@click.option(
    "--to",
    "place",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write this file [LESSON.zip beside the lesson], and tell no room.",
)
@shared_options
@click.pass_obj
def submit_command(session: Session, name: str | None, place: Path | None) -> int:
    """Hand in a lesson, with its kept training.

    In a room, your machine checks the lesson, answers the room's questions about it,
    and sends it; the status is that of check. Else it is packed into one file.
    """
    link = Link(session.home)
    if place is None and link.joined:
        work = works.find(session, name or sitting.waiting(session, link))
        return sitting.hand_in(session, work, link)
    work = works.find(session, name)
    place = place or packing.beside(session, work)
    files = dict(packing.files(session, work))
    packing.write(session, place, packing.packed(files))
    session.say(f"Written: {session.place(place)}", fg="green")
    for one in files:
        session.say(f"  {one}")
    packing.say_blanks(session, work)
    session.say("Hand this file in where your course asks for it.")
    return 0
