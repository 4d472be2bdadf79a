"""What a class has never seen is made by one command, and shown to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.cli.session import Refused, Session, shared_options

if TYPE_CHECKING:
    from workshop.course import Lesson
    from workshop.data.kinds import Arrays

FOLDER = Path("grading")
in_folder = click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    metavar="DIR",
    help=f"Secret and gradebook are in this folder [{FOLDER}].",
)


@click.command("seal")
@in_folder
@click.option(
    "--images",
    multiple=True,
    metavar="LESSON=FOLDER",
    help="Seal pictures of yours, in class folders.",
)
@click.option(
    "--texts",
    multiple=True,
    metavar="LESSON=FILE",
    help="Seal lines of yours, a text in each.",
)
@click.option(
    "--again", is_flag=True, help="Make a new secret: all will be graded anew."
)
@shared_options
@click.pass_obj
def seal_command(
    session: Session,
    folder: Path,
    images: tuple[str, ...],
    texts: tuple[str, ...],
    again: bool,
) -> int:
    """Make the secret that decides what a class has never seen.

    `grade` makes one by itself; with this you can seal pictures or texts of your own in
    place of drawn ones, or begin a new course with a new secret.
    """
    from workshop.vault import Vault, VaultError

    vault = Vault(folder)
    found = [_pictures(session, one) for one in images]
    found += [_lines(session, one) for one in texts]
    try:
        was = vault.path.exists()
        kept = vault.renew() if again else None
        vault.secret()
        for lesson, arrays in found:
            vault.seal(lesson, arrays)
            halves = vault.halves(lesson, "drawn")
            shown, graded = (len(half.labels) for half in halves)
            session.say(
                f"Sealed for {lesson.stem}: {shown} shown, {graded} that count."
            )
    except VaultError as error:
        raise Refused(str(error)) from None
    made = "is used as it was" if was and not again else "is made"
    session.say(f"The secret {made}: {session.place(vault.path)}", fg="green")
    if kept:
        session.say(f"The old one is kept: {session.place(kept)}")
    session.say("Show it to nobody, and keep it with the gradebook.")
    return 0


def _pictures(session: Session, asked: str) -> tuple[Lesson, Arrays]:
    from workshop.data import own

    lesson, name, place = _named(session, asked)
    return lesson, own.pictures(name, place)


def _lines(session: Session, asked: str) -> tuple[Lesson, Arrays]:
    from workshop.data import own

    lesson, name, place = _named(session, asked)
    if name != "headlines":
        raise Refused(f"{lesson.stem} is about pictures: seal --images for it.")
    return lesson, own.lines(place)


def _named(session: Session, asked: str) -> tuple[Lesson, str, Path]:
    """Return a lesson, its data set, and the place of items, of LESSON=PLACE."""
    name, _, place = asked.partition("=")
    if not place:
        raise click.UsageError(f"{asked} names no lesson and place: LESSON=PLACE")
    lesson = session.course.find(name)
    if lesson.data is None:
        raise Refused(f"{lesson.stem} has no data, so nothing can be sealed for it.")
    return lesson, lesson.data, Path(place)
