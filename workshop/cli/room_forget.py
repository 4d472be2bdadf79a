"""What a room knows of people is deleted on a word, and only on a clear one.

The question says what goes and what stays before anything happens; where nobody can be
asked, `--yes` must be said.
"""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.cli.room_after import (
    alone,
    count,
    home_of,
    in_folder,
    session_of,
    told,
    which,
)
from workshop.cli.session import Refused, Session, shared_options
from workshop.report import words

if TYPE_CHECKING:
    from workshop.room.folder import RoomFolder

CLOSE_IT = "End it first: Ctrl-C where it runs."
STAYS = ("secret", "sealed", "certificate-key", "timings.json")
ELSEWHERE = "What you collected, exported or copied elsewhere is yours to delete."


@click.command("forget")
@which
@in_folder
@click.option("--all", "everything", is_flag=True, help="All sessions, and all grades.")
@click.option("--person", metavar="NAME", help="One attendee, as the board names them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@shared_options
@click.pass_obj
def forget_command(
    session: Session,
    name: str | None,
    folder: Path | None,
    everything: bool,
    person: str | None,
    yes: bool,
) -> int:
    """Delete a session, or one person in it, or all.

    The secret, the key of certificates and the minutes of lessons name nobody and stay.
    To delete them as well, delete the folder.
    """
    if everything and (name or person):
        raise Refused("--all is everything: name no session and no person with it.")
    home = home_of(folder)
    with told(), alone(home, CLOSE_IT):
        if everything:
            _everything(session, home, yes)
        elif person is None:
            _session(session, home, session_of(home, name), yes)
        else:
            _person(session, home, session_of(home, name), person, yes)
    session.say(ELSEWHERE)
    return 0


def _everything(session: Session, home: RoomFolder, yes: bool) -> None:
    from workshop.room import forgetting

    sessions = count(len(home.sessions()), "session")
    what = f"{sessions} in {home.path} with works and pages, and the gradebook"
    _ask(f"Delete {what}?", yes)
    forgetting.everything(home)
    session.say(f"Deleted: {what}.", fg="green")
    if stays := [name for name in STAYS if (home.path / name).exists()]:
        session.say(f"These name nobody and stay: {', '.join(stays)}.")


def _session(session: Session, home: RoomFolder, path: Path, yes: bool) -> None:
    what = f"the session {path.stem}, its works and its page"
    _ask(f"Delete {what}?", yes)
    home.forget(path)
    session.say(f"Deleted: {what}.", fg="green")
    if home.book.is_file():
        session.say(f"Its grades stay in {session.place(home.book)}: --all takes them.")


def _person(
    session: Session, home: RoomFolder, path: Path, person: str, yes: bool
) -> None:
    from workshop.room import forgetting

    shown = words.one_line(person)
    known = forgetting.names(path, session.course).values()
    if person not in known:
        near = difflib.get_close_matches(person, [*known], n=1, cutoff=0.5)
        hint = f" Did you mean “{words.one_line(near[0])}”?" if near else ""
        raise Refused(f"Nobody in {path.stem} was called “{shown}”.{hint}")
    _ask(f"Forget {shown} in {path.stem}: name, works, grades, the page?", yes)
    gone = forgetting.person(home, path, session.course, person)
    session.say(f"Forgotten: {shown} in {path.stem}.", fg="green")
    with_it = f"{count(gone.works, 'work')}, {count(gone.grades, 'grade')} of that name"
    session.say(f"Deleted with it: {with_it}, and the page about the session.")


def _ask(question: str, yes: bool) -> None:
    """Go on where that is wanted; Refused where nobody can be asked."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Refused(f"{question} Say so with --yes.")
    if not click.confirm(question, err=True):
        raise Refused("Nothing was deleted.", 1)
