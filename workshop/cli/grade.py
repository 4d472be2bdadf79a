"""A class is graded by one command, which can be stopped and goes on where it was.

What people handed in is collected first, with a word on whatever could not be placed;
then a program of ours tries to break out of a box; then everybody's work is run, each
in a box of its own. Without boxes other people's work is not run at all.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop import cli
from workshop.cli import elsewhere
from workshop.cli.export import BOOK
from workshop.cli.seal import FOLDER, in_folder
from workshop.cli.session import Refused, Session, shared_options
from workshop.report import words

if TYPE_CHECKING:
    from workshop.batch.desk import Marked
    from workshop.batch.run import Mark, Told
    from workshop.batch.terms import Terms
    from workshop.box.boxes import Boxes
    from workshop.course import Lesson
    from workshop.gradebook import Grade
    from workshop.intake import Unplaced
    from workshop.submission import Submission


@click.command("grade")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@in_folder
@click.option(
    "--data", type=click.Choice(["real", "drawn"]), help="Grade on this variant."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="So many at once [one a core, if memory allows].",
)
@click.option("--cluster", metavar="ADDRESS", help="Grade on this Dask cluster.")
@click.option(
    "--slurm",
    type=click.IntRange(1, 10_000),
    metavar="WORKERS",
    help="Grade on so many workers that Slurm starts.",
)
@click.option("--regrade", is_flag=True, help="Grade also what has its grade already.")
@click.option("--retrain", is_flag=True, help="Train afresh, also what was kept.")
@click.option("--trust", is_flag=True, help="Your own work: run it without a box.")
@click.option("--cold", is_flag=True, help="Start Python anew in every box.")
@shared_options
@click.pass_obj
def grade_command(
    session: Session,
    paths: tuple[Path, ...],
    folder: Path,
    data: str | None,
    jobs: int | None,
    cluster: str | None,
    slurm: int | None,
    regrade: bool,
    retrain: bool,
    trust: bool,
    cold: bool,
) -> int:
    """Grade other people's work: files, folders, and zip files of a learning platform.

    Nothing is graded twice unless something that matters has changed. The status is 0
    when every submission got a result, whatever the marks, and 1 when some did not.
    """
    from workshop.batch import run

    here = {"--jobs": bool(jobs), "--trust": trust, "--cold": cold}
    elsewhere.refuse(cluster, slurm, here)
    submissions, unplaced = _collected(session, paths, folder)
    terms = _terms(session, folder, submissions, data or "", trust, retrain)
    with _explained(), _book(folder) as book, contextlib.ExitStack() as stack:
        work = run.Run(
            terms, book, again=regrade, tell=lambda told: _say(session, told)
        )

        def mark_all(due: list[Submission]) -> Iterator[tuple[int, Marked]]:
            hands = _hands(session, terms, cluster, slurm, jobs, cold)
            yield from stack.enter_context(hands)(due)

        grades = work.grade(submissions, mark_all)
    _conclude(session, grades, unplaced, folder)
    return int(bool(unplaced) or any(grade.open for grade in grades))


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Say what stops a run in its own sentence: what was graded so far is kept."""
    from workshop.box.boxes import Unavailable
    from workshop.gradebook import GradebookError
    from workshop.vault import VaultError

    try:
        yield
    except (GradebookError, VaultError) as error:
        raise Refused(str(error)) from None
    except Unavailable as error:
        raise Refused(str(error), cli.CANNOT_WORK) from None


def _collected(
    session: Session, paths: tuple[Path, ...], folder: Path
) -> tuple[list[Submission], list[Unplaced]]:
    from workshop.intake import collect

    for path in paths:
        if not path.exists():
            raise Refused(f"There is nothing at {path}. Check the name.")
    submissions, unplaced = collect(paths, session.course, [folder])
    for one in unplaced:
        session.tell(f"Not graded: {words.visible(one.path)}. {one.why}", fg="yellow")
    if not submissions:
        raise Refused(
            "No lesson of this course was found there. The lessons are: "
            f"{', '.join(lesson.stem for lesson in session.course.lessons)}."
        )
    return submissions, unplaced


def _terms(
    session: Session,
    folder: Path,
    submissions: list[Submission],
    data: str,
    trust: bool,
    retrain: bool,
) -> Terms:
    from workshop.batch import terms
    from workshop.gradebook import worth
    from workshop.vault import Vault

    lessons = _lessons(session, submissions)
    for lesson in lessons:
        worth(lesson)  # which says what is wrong in course.toml, before anything runs
    choices = terms.choose(lessons, data)
    return terms.Terms(session.course, Vault(folder), choices, trust, retrain)


def _lessons(session: Session, submissions: list[Submission]) -> list[Lesson]:
    found = {work.lesson for work in submissions}
    return [lesson for lesson in session.course.lessons if lesson.stem in found]


@contextlib.contextmanager
def _hands(
    session: Session,
    terms: Terms,
    cluster: str | None,
    slurm: int | None,
    jobs: int | None,
    cold: bool,
) -> Iterator[elsewhere.MarkAll]:
    """Give the function that marks submissions, on this machine or on others."""
    from workshop.batch import run

    if cluster or slurm:
        with elsewhere.marking(session, terms, cluster, slurm) as mark_all:
            yield mark_all
    else:
        with _desk(session, terms, cold) as mark:
            lessons = map(terms.course.find, terms.choices)
            yield run.here(mark, jobs or run.at_once(lessons))


@contextlib.contextmanager
def _desk(session: Session, terms: Terms, cold: bool) -> Iterator[Mark]:
    """Give the function that marks one submission."""
    from workshop import pace
    from workshop.batch import desk
    from workshop.batch.terms import needs_keras

    boxes = None if terms.trusted else boxes_for()
    with contextlib.ExitStack() as stack:
        lent = stack.enter_context(desk.shelf_for(terms))
        if boxes is not None:
            boxes.shown, boxes.warm = (lent,), not cold
            boxes.keras = needs_keras(terms.course, terms.choices)
            stack.enter_context(boxes)
            session.tell("Starting what runs other people's work …", dim=True)
            _ = pace.scale()  # while nobody's work slows it down
            boxes.start()
            try_boxes(session, boxes)
        yield stack.enter_context(desk.Desk(terms, boxes, lent)).mark


def boxes_for() -> Boxes:
    """Return boxes that are not started yet; Refused where this machine has none."""
    from workshop.box import outer
    from workshop.box.boxes import Boxes

    if why := outer.problem():
        raise Refused(why, cli.CANNOT_WORK)
    return Boxes()


def try_boxes(session: Session, boxes: Boxes) -> None:
    """Refuse to grade where a program could break out of a box."""
    from workshop.box import canary

    session.tell("Trying to break out of a box …", dim=True)
    broken = [sign for sign in canary.watch(boxes) if not sign.holds]
    if broken:
        said = "; ".join(f"{sign.claim}: {sign.found}" for sign in broken)
        raise Refused(
            f"Nothing was graded, because boxes do not hold on this machine ({said}). "
            f"See: {session.command('doctor', '--grading')}",
            cli.CANNOT_WORK,
        )


def _book(folder: Path):  # type: ignore[no-untyped-def]
    from workshop.gradebook import Gradebook

    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            f"{folder} cannot be made: {error.strerror}. Name another folder: --in."
        ) from None
    return Gradebook(folder / BOOK.name)


def _say(session: Session, told: Told) -> None:
    grade = told.grade
    sign = words.SYMBOLS[grade.report.outcome]
    who = words.one_line(words.visible(grade.person)) or "–"
    name = words.one_line(words.visible(grade.name))
    mark = f"{grade.earned:g} of {grade.possible:g}"
    if told.before:
        took = "counts again" if told.returns else "as before"
    else:
        took = words.seconds(grade.cost["wall_seconds"])
    session.say(f"{sign} {who[:28]:28} {name[:22]:22} {mark:>10}  {took}")


def _conclude(
    session: Session, grades: list[Grade], unplaced: list[Unplaced], folder: Path
) -> None:
    passed = sum(grade.report.outcome == "passed" for grade in grades)
    left = [grade for grade in grades if grade.open]
    session.say()
    session.say(f"{len(grades)} graded, {passed} passed in full.", bold=True)
    if left:
        again = session.command("grade", "…")
        session.say(
            f"{len(left)} could not be judged, by our fault: again with {again}"
        )
    if unplaced:
        session.say(f"{len(unplaced)} could not be placed: they are named above.")
    session.say(f"The gradebook: {session.place(folder / BOOK.name)}")
    where = (
        [] if folder == FOLDER else ["--gradebook", session.place(folder / BOOK.name)]
    )
    session.say(f"Next: {session.command('export', *where, 'feedback')}", fg="cyan")
