"""What is handed in is one file: the lesson, and what spares the grader a training.

A learner hands it in where their course asks for it. It holds the script, modules of
their own beside it, and the trainings kept for it; no report, no secret, nothing else
of their folder.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import click

from workshop import progress
from workshop.cli import work as works
from workshop.cli.session import Refused, Session, shared_options
from workshop.cli.work import Work

MODULE_KB = 256


@click.command("submit")
@click.argument("name", required=False, metavar="[LESSON or FILE]")
@click.option(
    "--to",
    "place",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write this file [LESSON.zip beside the lesson].",
)
@shared_options
@click.pass_obj
def submit_command(session: Session, name: str | None, place: Path | None) -> int:
    """Pack a lesson into one file to hand in, with its kept training."""
    work = works.find(session, name)
    place = place or session.home.root / f"{work.lesson.stem}.zip"
    files = dict(_files(session, work))
    try:
        progress.write(place, _packed(files))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(f"{place} was not written: {why}.") from None
    session.say(f"Written: {session.place(place)}", fg="green")
    for one in files:
        session.say(f"  {one}")
    if blanks := works.open_blanks(work):
        session.tell(f"It still has {_blanks(len(blanks))}.", fg="yellow")
    session.say("Hand this file in where your course asks for it.")
    return 0


def _files(session: Session, work: Work) -> Iterator[tuple[str, bytes]]:
    """Yield the names in the packed file, and what is in each."""
    yield work.path.name, work.path.read_bytes()
    lessons = {lesson.stem for lesson in session.course.lessons}
    for path in sorted(work.path.parent.glob("*.py")):
        small = path.is_file() and path.stat().st_size <= MODULE_KB * 1024
        if small and path != work.path and path.stem not in lessons:
            yield path.name, path.read_bytes()
    home = session.home
    for path in sorted((home.hidden / "kept").glob(f"{work.lesson.stem}-*.npz")):
        yield path.relative_to(home.root).as_posix(), path.read_bytes()


def _packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _blanks(count: int) -> str:
    return "a blank" if count == 1 else f"{count} blanks"
