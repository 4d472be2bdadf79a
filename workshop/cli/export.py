"""What the gradebook holds goes out in the forms that others read; nothing comes in.

Every file is written whole, and only files of these names are replaced. A person's name
decides what a file is called and never where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop import progress, vault
from workshop.cli.seal import FOLDER
from workshop.cli.session import Refused, Session, shared_options

if TYPE_CHECKING:
    from workshop.course import Course
    from workshop.gradebook import Grade

BOOK = FOLDER / vault.BOOK


@click.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--gradebook",
    "book",
    type=click.Path(path_type=Path, dir_okay=False),
    default=BOOK,
    metavar="FILE",
    help=f"The gradebook [{BOOK.as_posix()}].",
)
@shared_options
@click.pass_obj
def export_command(session: Session, folder: Path, book: Path) -> int:
    """Write the gradebook as sheets, pages and results of other systems into DIR.

    What else lies in DIR stays. The gradebook is not changed.
    """
    grades = _grades(session, book)
    counts = {"gradescope": 0, "feedback": 0}
    for place, content in exported(grades, session.course):
        _write(folder / place, content)
        kind = Path(place).parts[0]
        if kind in counts:
            counts[kind] += 1
        else:
            session.say(f"Written: {session.place(folder / place)}")
    for kind, count in counts.items():
        files = f"{count} {'file' if count == 1 else 'files'}"
        session.say(f"Written: {session.place(folder / kind)}, {files}")
    session.say(f"Begin with {session.place(folder / 'index.html')}", fg="cyan")
    return 0


def exported(grades: list[Grade], course: Course) -> Iterator[tuple[str, str]]:
    """Yield the place of each file below a folder, and its text."""
    from workshop.report import (
        feedback,
        gradescope,
        junit,
        names,
        overview,
        sheets,
        standings,
    )

    people = standings.people(grades, course)
    topics = standings.topics(grades, course)
    called = names.of_files(person.name for person in people)
    folders = names.of_files(topic.lesson for topic in topics)
    why = {one.stem: one.why for one in course.lessons if one.notes.is_file()}
    yield "people.csv", sheets.people(grades, course)
    yield (
        "checks.csv",
        sheets.checks(grade for person in people for grade in person.grades.values()),
    )
    yield (
        "junit.xml",
        junit.document(grade for person in people for grade in person.grades.values()),
    )
    for person in people:
        page = feedback.page(person, topics, course.title, why)
        yield f"feedback/{called[person.name]}.html", page
        for lesson, grade in person.grades.items():
            place = f"gradescope/{folders[lesson]}/{called[person.name]}/results.json"
            yield place, gradescope.results(grade)
    pages = {name: f"feedback/{file}.html" for name, file in called.items()}
    yield "index.html", overview.page(grades, course, pages)


def _grades(session: Session, book: Path) -> list[Grade]:
    from workshop.gradebook import Gradebook, GradebookError

    again = f"Grade with: {session.command('grade', '…')}"
    if not book.is_file():
        raise Refused(f"There is no gradebook at {book}. {again}")
    try:
        with Gradebook(book) as opened:
            grades = opened.latest()
    except GradebookError as error:
        raise Refused(str(error)) from None
    if not grades:
        raise Refused(f"There are no grades in {book} yet. {again}")
    return grades


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        progress.write(path, content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        said = f"{path} was not written: {why}. What was there before is whole."
        raise Refused(said) from None
