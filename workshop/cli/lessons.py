"""What is next is said by the lessons' texts and the last reports; nothing runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import click

from workshop.cli import advice
from workshop.cli import work as works
from workshop.cli.session import Session, shared_options
from workshop.cli.work import Work
from workshop.course import Lesson

BAR = 10


@dataclass(frozen=True)
class Row:
    """One lesson in the list: what a person and a program both want to know."""

    lesson: str
    title: str
    minutes: float
    state: str
    passed: int
    total: int
    open_todos: list[int]
    next: bool


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON only.")
@shared_options
@click.pass_obj
def list_command(session: Session, as_json: bool) -> int:
    """Show the lessons, what you have reached, and what is next."""
    following = works.next_lesson(session) if session.folder else None
    rows = [_row(session, one, one is following) for one in session.course.lessons]
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
        return 0
    print_rows(session, rows)
    if session.folder is None:
        session.say(f"Next: {session.command('start', 'my-course')}", fg="cyan")
    else:
        _say_next(session, following)
    return 0


@click.command("next")
@shared_options
@click.pass_obj
def next_command(session: Session) -> int:
    """Say which lesson is next, and its first TODO."""
    _ = session.home
    _say_next(session, works.next_lesson(session))
    return 0


def print_rows(session: Session, rows: list[Row]) -> None:
    """Print the table of lessons."""
    width = max(len(row.lesson) for row in rows)
    longest = max(len(row.title) for row in rows)
    session.say(session.course.title, bold=True)
    session.say()
    for row in rows:
        mark = "✓" if row.state == "passed" else ">" if row.next else " "
        line = (
            f"  {mark} {row.lesson:{width}}  {row.title:{longest}}"
            f"  {row.minutes:3.0f} min  {_words(session, row)}"
        )
        colour = {"passed": "green"}.get(row.state, "cyan" if row.next else None)
        session.say(line.rstrip(), fg=colour)
    session.say()


def rows_of(session: Session) -> list[Row]:
    """Return all lessons as rows, for those who have a folder."""
    following = works.next_lesson(session)
    return [_row(session, one, one is following) for one in session.course.lessons]


def _row(session: Session, lesson: Lesson, following: bool) -> Row:
    here = works.files(session.folder, lesson) if session.folder else []
    standing = session.folder.standing(lesson.stem) if session.folder else None
    blanks = works.marked_blanks(Work(lesson, here[0])) if here else []
    state = "begun" if here else "not started"
    if standing and standing.reached:
        state = "passed"
    elif standing and standing.filled:
        state = "filled in"
    elif standing and standing.outcome == "failed":
        state = "failed"
    return Row(
        lesson.stem,
        lesson.title,
        sum(lesson.minutes.values()),
        state,
        standing.passed if standing else 0,
        standing.total if standing else 0,
        sorted({blank.todo for blank in blanks}),
        following,
    )


def _words(session: Session, row: Row) -> str:
    if row.state in ("passed", "filled in"):
        return row.state
    if row.state == "not started":
        return "not in your folder" if session.folder else ""
    parts = []
    if row.total:
        full, empty = ("#", ".") if session.plain else ("━", "─")
        filled = BAR * row.passed // row.total
        bar = full * filled + empty * (BAR - filled)
        parts.append(f"{bar} {row.passed} of {row.total} checks")
    if row.open_todos:
        parts.append(f"{_count(len(row.open_todos), 'TODO')} open")
    return ", ".join(parts) or "begun"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")


def _say_next(session: Session, lesson: Lesson | None) -> None:
    if lesson is None:
        session.say("Every lesson has passed. Well done.", fg="green")
        last = session.course.lessons[-1].stem
        session.say(f"To compare with ours: {session.command('solution', last)}")
        return
    here = works.files(session.home, lesson)
    if not here:
        start = session.start(lesson.stem)
        session.say(f"Next: {lesson.stem}, {lesson.title}")
        session.say(f"Get it with: {start}", fg="cyan")
        return
    work = Work(lesson, here[0])
    session.say(f"Next: {lesson.stem}, {lesson.title}", bold=True)
    check = session.command("check", work.named)
    task = advice.task(work)
    session.say(f"  {task}, then {check}" if task else f"  {check}", fg="cyan")
