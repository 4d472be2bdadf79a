"""After a session the same folder answers: what it was, what was handed in, who knows.

A report only reads, so it may be asked for while the room runs. What changes the
folder holds it alone.
"""

from __future__ import annotations

import contextlib
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop import progress
from workshop.cli import CANNOT_WORK
from workshop.cli.session import Refused, Session, shared_options
from workshop.report import words

if TYPE_CHECKING:
    from workshop.room.folder import RoomFolder
    from workshop.room.live import Session as Live

FOLDER = Path("room")

in_folder = click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="The folder of the room [room].",
)
which = click.argument("name", required=False, metavar="[SESSION]")


def home_of(folder: Path | None) -> RoomFolder:
    """Return the room's folder, named here or before the command; Refused if none."""
    from workshop.room.folder import RoomFolder

    path = folder or click.get_current_context().meta.get("room", FOLDER)
    home = RoomFolder(path)
    if not home.path.is_dir():
        raise Refused(f"There is no room in {path}. Name its folder: --in DIR")
    return home


def session_of(home: RoomFolder, name: str | None) -> Path:
    """Return the journal of a session, by default the last one; Refused if none."""
    known = {path.stem: path for path in home.sessions()}
    if not known:
        raise Refused(f"There is no session in {home.path} (any more).")
    if name is None:
        return [*known.values()][-1]
    if name not in known:
        listed = ", ".join([*known][-8:])
        raise Refused(f"There is no session “{name}”. The last ones are: {listed}.")
    return known[name]


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Say in its own sentence what the room's files did not let us do."""
    from workshop.gradebook import GradebookError
    from workshop.room.journal import JournalError

    try:
        yield
    except (JournalError, GradebookError) as error:
        raise Refused(str(error), CANNOT_WORK) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        what = error.filename or "A file"
        raise Refused(
            f"{what} cannot be read or written: {why}.", CANNOT_WORK
        ) from None


@contextlib.contextmanager
def alone(home: RoomFolder, otherwise: str) -> Iterator[None]:
    """Hold a room's folder; Refused, with what to do `otherwise`, where it is open."""
    with home.alone() as free:
        if not free:
            raise Refused(f"The room in {home.path} is open. {otherwise}")
        yield


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 person", "12 people"."""
    many = {"person": "people"}.get(noun, f"{noun}s")
    return f"{number} {noun if number == 1 else many}"


@click.command("report")
@which
@in_folder
@click.option(
    "--to",
    "place",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write this file [reports/SESSION.html in the folder of the room].",
)
@click.option("--no-names", is_flag=True, help="Leave out who was there.")
@shared_options
@click.pass_obj
def report_command(
    session: Session,
    name: str | None,
    folder: Path | None,
    place: Path | None,
    no_names: bool,
) -> int:
    """Write a page about a session, also while it is on.

    It shows time, work, help, quiz and grades. How long lessons took is kept, and
    proposed when the next session is begun.
    """
    from workshop.room import highlights, history, journal, report, timing

    home = home_of(folder)
    path = session_of(home, name)
    place = place or home.report(path)
    with told():
        found = history.of(journal.read(path), session.course, time.time())
        minutes = timing.lessons(found)
        if minutes:
            home.learn(path.stem, minutes)
        page = report.page(found, home.took(), names=not no_names)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        progress.write(place, page, 0o600)
    session.say(f"Written: {session.place(place)}", fg="green")
    for one in highlights.of(found):
        session.say(f"  {one.figure:>11}  {_wrapped(session, one.text)}")
    if minutes:
        took = f"Learned how long {count(len(minutes), 'lesson')} took"
        session.say(f"{took}: the next session proposes that.")
    return 0


def _wrapped(session: Session, text: str) -> str:
    """Return a sentence in lines that fit beside its number."""
    return textwrap.fill(
        words.one_line(text), session.width - 15, subsequent_indent=" " * 15
    )


@click.command("collect")
@click.argument(
    "target", metavar="DIR", type=click.Path(path_type=Path, file_okay=False)
)
@which
@in_folder
@shared_options
@click.pass_obj
def collect_command(
    session: Session, target: Path, name: str | None, folder: Path | None
) -> int:
    """Lay out what was handed in, to be graded in boxes.

    Each attendee has a folder. Of a lesson that somebody handed in several times the
    last counts.
    """
    from workshop.room import works

    home = home_of(folder)
    path = session_of(home, name)
    _check(home, target)
    with told():
        found = works.last(_live(session, path))
        laid = works.collect(found, home.works(path), target)
    for one in laid.missing:
        who = f"{words.one_line(one.name)}, {one.lesson}"
        session.tell(f"Its file is not there any more: {who}", fg="yellow")
    if not laid.works:
        raise Refused(f"Nobody handed anything in during {path.stem}.")
    people = "1 person" if laid.people == 1 else f"{laid.people} people"
    count = "1 work" if len(laid.works) == 1 else f"{len(laid.works)} works"
    session.say(
        f"Collected: {count} of {people} in {session.place(target)}", fg="green"
    )
    room = session.place(home.path)
    session.say("Next, on Linux:", fg="cyan")
    session.say(f"  {session.command('grade', session.place(target), '--in', room)}")
    session.say("Then let the room know:", fg="cyan")
    session.say(f"  {session.command('room', 'grades', path.stem, '--in', room)}")
    return 0


def _check(home: RoomFolder, target: Path) -> None:
    """Refuse a folder from which works would be graded wrongly, or not at all."""
    from workshop.intake import naming

    whole = target.resolve()
    if whole.is_relative_to(home.path.resolve()):
        raise Refused(f"{target} lies in the room's own folder. Name one elsewhere.")
    if naming.label(whole.name):
        raise Refused(
            f"{target} is named as learning platforms name what one person handed in. "
            "Name another folder."
        )


@click.command("grades")
@which
@in_folder
@shared_options
@click.pass_obj
def grades_command(session: Session, name: str | None, folder: Path | None) -> int:
    """Take over what boxes found of what was handed in.

    That is what `workshop grade` wrote to the gradebook of this folder. While the room
    is open, its board does the same.
    """
    import asyncio

    from workshop.room import grading, works
    from workshop.room.journal import Journal

    home = home_of(folder)
    path = session_of(home, name)
    if not home.book.is_file():
        again = session.command("room", "collect", "DIR")
        raise Refused(f"There are no grades in {home.path} yet. Begin with: {again}")
    with told(), alone(home, "Take the grades over on its board."):
        found = works.last(_live(session, path))
        made = grading.verdicts(found, home.works(path), session.course, home.book)
        written = Journal(path)
        try:
            taken = asyncio.run(grading.take(written, made))
        finally:
            written.close()
    session.say(f"{len(made)} of {len(found)} works have a grade, {taken} of them new.")
    return 0


def _live(session: Session, path: Path) -> Live:
    """Return a session as its facts make it."""
    from workshop.room import journal
    from workshop.room.live import Session as Live

    live = Live(session.course)
    for fact in journal.read(path):
        live.apply(fact)
    return live
