"""Whoever comes late starts where the others are, and nothing of theirs is touched.

A missed lesson is filled in with our solution, where its file is missing or is still
the untouched exercise. Whatever somebody changed stays as it is, and our solution lies
beside it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from workshop import progress
from workshop.cli import rooms
from workshop.cli import work as works
from workshop.cli.session import Refused, Session, shared_options
from workshop.course import SOLUTION, Lesson
from workshop.link import Link
from workshop.progress import Standing


@click.command("catch-up")
@click.argument("name", required=False, metavar="[LESSON]")
@shared_options
@click.pass_obj
def catch_up_command(session: Session, name: str | None) -> int:
    """Fill in what you missed, up to LESSON or the lesson that is on in the room.

    The lessons before it get our solution where you have changed nothing; what you
    changed stays as it is.
    """
    link = Link(session.home)
    if link.joined:
        link.call(rooms.CALL_SECONDS)
    target = _target(session, link, name)
    session.say(f"Catching up to {target.stem}, {target.title}", bold=True)
    session.say()
    for lesson in _earlier(session, link, target):
        session.say(f"  {_filled(session, lesson)}")
    session.say(f"  {_begun(session, target)}")
    session.say()
    session.say(f"Next: {session.command('watch', target.stem)}", fg="cyan")
    return 0


def _target(session: Session, link: Link, name: str | None) -> Lesson:
    """Return the lesson to come to: the named one, or the one that is on."""
    if name is not None:
        return works.lesson_of(session, name)
    on = link.seen.lesson
    for lesson in session.course.lessons:
        if lesson.stem == on:
            return lesson
    raise Refused(
        "Which lesson is on is not known here. Name it: "
        f"{session.command('catch-up', 'LESSON')}"
    )


def _earlier(session: Session, link: Link, target: Lesson) -> list[Lesson]:
    """Return the lessons before one: by the room's agenda, else by the course."""
    known = {lesson.stem: lesson for lesson in session.course.lessons}
    order = [stem for stem in link.seen.agenda if stem in known]
    if target.stem not in order:
        order = list(known)
    return [known[stem] for stem in order[: order.index(target.stem)]]


def _filled(session: Session, lesson: Lesson) -> str:
    """Fill in one lesson; return a line that says what was done."""
    here = works.files(session.home, lesson)
    place = session.home.root / f"{lesson.stem}.py"
    if session.standing(lesson).reached:
        return f"= {(here or [place])[0].name} has passed, and stays as it is"
    solution = _text(lesson.solution)
    if here and _is(here[0], solution):
        session.home.update(lesson.stem, _note)
        return f"= {here[0].name} is filled in already"
    try:
        if not here and not place.is_symlink():
            progress.create(place, solution)
        elif here == [place] and _untouched(place, lesson):
            progress.write(place, solution)
        else:
            return _beside(session, lesson, solution)
    except OSError as error:
        raise _unwritable(place, error) from None
    session.home.update(lesson.stem, _note)
    return f"+ {place.name}: our solution, in place of what you missed"


def _note(standing: Standing) -> Standing:
    return replace(standing, filled=True)


def _beside(session: Session, lesson: Lesson, solution: str) -> str:
    """Put our solution beside what somebody changed."""
    place = session.home.root / f"{lesson.stem}.{SOLUTION}.py"
    mine = works.files(session.home, lesson)
    name = mine[0].name if mine else f"{lesson.stem}.py"
    try:
        progress.create(place, solution)
    except FileExistsError:
        return f"= {name} stays yours; {place.name} is there already"
    return f"= {name} stays yours; our solution is beside it: {place.name}"


def _begun(session: Session, lesson: Lesson) -> str:
    """See to it that the lesson that is on can be worked on."""
    place = session.home.root / f"{lesson.stem}.py"
    if here := works.files(session.home, lesson):
        return f"= {here[0].name} is there, and stays as it is"
    try:
        progress.create(place, _text(lesson.exercise))
    except OSError as error:
        raise _unwritable(place, error) from None
    return f"+ {place.name}: the exercise"


def _untouched(path: Path, lesson: Lesson) -> bool:
    """Tell whether a file is the exercise as it was given; a link is somebody's own."""
    return not path.is_symlink() and _is(path, _text(lesson.exercise))


def _is(path: Path, text: str) -> bool:
    """Tell whether a file holds a text, whatever its line ends."""
    try:
        return _plain(path.read_bytes()) == _plain(text.encode())
    except OSError:
        return False


def _plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").strip()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        raise Refused(f"This course has no {path.parent.name}/{path.name}.") from None


def _unwritable(place: Path, error: OSError) -> Refused:
    why = error.strerror or type(error).__name__
    return Refused(f"{place.name} was not written: {why}.")
