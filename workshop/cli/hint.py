"""A hint asks before it tells, and the solution comes after one's own has passed."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace

import click

from workshop import progress, script
from workshop.cli import rooms
from workshop.cli import work as works
from workshop.cli.session import Refused, Session, shared_options
from workshop.cli.work import Work
from workshop.course import SOLUTION, Lesson
from workshop.link import Link
from workshop.progress import Standing

_CODE = re.compile(r"`([^`]+)`")


@click.command("hint")
@click.argument("name", required=False, metavar="[LESSON]")
@click.option(
    "--todo", type=int, metavar="N", help="The TODO; else the first open one."
)
@shared_options
@click.pass_obj
def hint_command(session: Session, name: str | None, todo: int | None) -> int:
    """Show the next hint for a TODO: a question first, then more."""
    lesson = _lesson(session, name)
    number = todo or first_open(session, lesson)
    if number is None:
        session.say("No blank is left here, and no check of a TODO has failed.")
        session.say(f"Next: {session.command('check', lesson.stem)}", fg="cyan")
        return 0
    show_hint(session, lesson, number)
    return 0


def show_hint(session: Session, lesson: Lesson, number: int) -> None:
    """Print the next hint for a TODO, and note that it was shown."""
    levels = lesson.hints.get(number)
    if not levels:
        known = ", ".join(map(str, lesson.hints)) or "none"
        raise Refused(
            f"{lesson.stem} has no hint for a TODO {number}. It has: {known}."
        )
    level = min(_shown(session, lesson, number) + 1, len(levels))
    _print(session, number, level, levels)
    last = level == len(levels)
    more = session.command("hint", lesson.stem, "--todo", str(number))
    if last:
        more = session.command("solution", lesson.stem, "--anyway")
    session.say(f"{'The solution' if last else 'More'}: {more}", dim=True)

    def change(standing: Standing) -> Standing:
        return replace(standing, hints={**standing.hints, str(number): level})

    session.home.update(lesson.stem, change)


def first_open(session: Session, lesson: Lesson) -> int | None:
    """Return the first TODO that is blank, or that failed in the last check."""
    here = works.files(session.home, lesson)
    blanks = works.open_blanks(Work(lesson, here[0])) if here else []
    todos = [blank.todo for blank in blanks]
    if failed := session.standing(lesson).failed:
        todos.append(failed)
    if not here:
        todos += lesson.hints
    return min(todos, default=None)


@click.command("solution")
@click.argument("name", required=False, metavar="[LESSON]")
@click.option("--anyway", is_flag=True, help="Show it though yours has not passed.")
@click.option("--write", is_flag=True, help="Write it beside your file, whole.")
@shared_options
@click.pass_obj
def solution_command(
    session: Session, name: str | None, anyway: bool, write: bool
) -> int:
    """Show our answers once your own have passed; other answers may be as good.

    In a room they are also shown once the instructor has released them.
    """
    lesson = _lesson(session, name)
    passed = session.standing(lesson).reached
    if not (anyway or passed or _released(session, lesson)):
        raise Refused(
            f"The solution of {lesson.stem} is shown once your own passes. Stuck? "
            f"{session.command('hint', lesson.stem)}, or add --anyway.",
            code=1,
        )
    text = lesson.solution.read_text(encoding="utf-8")
    if write:
        return _write(session, lesson, text)
    session.say(f"{lesson.stem}: one way to fill the blanks", bold=True)
    for todo, code in _answers(text):
        session.say(f"\n  TODO {todo}", fg="cyan")
        session.say(textwrap.indent(code, "    "))
    session.say()
    whole = session.command("solution", lesson.stem, "--write")
    session.say(f"The whole file beside yours: {whole}", dim=True)
    return 0


def _lesson(session: Session, name: str | None) -> Lesson:
    if name is None:
        return works.open_lesson(session)
    _ = session.home
    return works.lesson_of(session, name)


def _released(session: Session, lesson: Lesson) -> bool:
    """Tell whether the room has released a solution, as far as it can be asked."""
    link = Link(session.home)
    if link.joined and lesson.stem not in link.seen.released:
        link.call(rooms.CALL_SECONDS)
    return lesson.stem in link.seen.released


def _shown(session: Session, lesson: Lesson, number: int) -> int:
    return session.standing(lesson).hints.get(str(number), 0)


def _print(session: Session, number: int, level: int, levels: tuple[str, ...]) -> None:
    session.say(f"TODO {number}, hint {level} of {len(levels)}", bold=True)
    lines = textwrap.wrap(levels[level - 1], session.width - 4, break_on_hyphens=False)
    body = "\n".join(f"  {line}" for line in lines)
    if not session.plain:
        body = _CODE.sub(lambda found: click.style(found[1], bold=True), body)
    session.say(f"\n{body}\n")


def _answers(text: str) -> list[tuple[int, str]]:
    """Return the lines of each answer, in file order, with their TODO."""
    lines = text.split("\n")
    found = []
    for answer in script.answers(text):
        code = "\n".join(lines[answer.first_line - 1 : answer.last_line])
        found.append((answer.todo, textwrap.dedent(code)))
    return found


def _write(session: Session, lesson: Lesson, text: str) -> int:
    place = session.home.root / f"{lesson.stem}.{SOLUTION}.py"
    try:
        progress.create(place, text)
    except FileExistsError:
        raise Refused(f"{place.name} is there already, and is left as it is.") from None
    session.say(f"Written: {place.name}")
    return 0
