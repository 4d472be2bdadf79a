"""A check is shown while it happens: each stage is named before it begins.

The learner's script has the terminal to itself where there is one, so that training
bars move; in a pipe or a file its lines come through here. With --json the only thing
on standard output is one JSON document.
"""

from __future__ import annotations

import importlib.util
import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop import cli, grader, readiness
from workshop import script as scripts
from workshop.cli import advice, rooms
from workshop.cli import work as works
from workshop.cli.session import Refused, Session, shared_options
from workshop.cli.work import Work
from workshop.progress import Folder, Standing
from workshop.proofread import uses_keras
from workshop.report import text, words
from workshop.results import Line, Report, Result, Stage, to_json

if TYPE_CHECKING:
    from workshop.grader import Options
    from workshop.results import Event

LIVE_SECONDS = 120.0
NEEDED = ("tensorflow", "keras", "numpy")


@click.command("check")
@click.argument("name", required=False, metavar="[LESSON or FILE]")
@click.option("--quick", is_flag=True, help="Rehearse: few rows, one epoch, no grade.")
@click.option("--retrain", is_flag=True, help="Train afresh, and keep the new one.")
@click.option("--open", "open_page", is_flag=True, help="Open the report as a page.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON only.")
@click.option("--live", metavar="ADDRESS", hidden=True)
@shared_options
@click.pass_obj
def check_command(
    session: Session,
    name: str | None,
    quick: bool,
    retrain: bool,
    open_page: bool,
    as_json: bool,
    live: str | None,
) -> int:
    """Check a lesson: without a name, the next one that has not passed.

    The status is 0 when every check passed, 1 when not yet, 2 for a wrong name, and
    3 when the kit itself is at fault.
    """
    if live:
        return _live(session, name or "", live)
    work = works.find(session, name)
    folder = session.home
    screen = Screen(session, silent=as_json)
    options = options_for(folder, screen, quick)
    options.retrain = retrain
    ready(work)
    rooms.use_mirror(folder)
    report = grader.check(work.lesson, work.path, options)
    screen.clear()
    note(folder, work, report)
    step = advice.next_step(session, work, report)
    page = save(folder, work, report, step)
    if as_json:
        click.echo(json.dumps(to_json(report)))
    else:
        show(session, work, report, step)
    rooms.tell_room(session, report, aside=as_json)
    if open_page:
        _open(session, page)
    return status(report)


class Screen:
    """Tells of a check as it goes; results come in one line that gives way to the next.

    `silent` sends the stages beside the answer, and leaves out what the script prints.
    """

    def __init__(self, session: Session, silent: bool = False) -> None:
        self.session = session
        self.silent = silent
        self.ended = False
        self.seen = 0

    @property
    def moving(self) -> bool:
        """Return whether a line can be written over."""
        return not (self.silent or self.session.plain)

    def tell(self, event: Event) -> None:
        """Show an event, in whatever thread it happens."""
        if self.ended:
            return
        if isinstance(event, Stage):
            say = self.session.tell if self.silent else self.session.say
            say(f"{event.text} …", dim=True)
        elif isinstance(event, Line) and not self.silent:
            self.session.say(f"  {words.visible(event.text)}")
        elif isinstance(event, Result) and self.moving:
            self._count(event)

    def _count(self, result: Result) -> None:
        """Show one result at once; the report that follows writes over it."""
        self.seen += 1
        line = f"{words.SYMBOLS[result.outcome]} {words.title(result)}"
        click.echo(f"\r\x1b[K{line[: self.session.width - 1]}", nl=False)

    def silence(self) -> None:
        """Show nothing more: nobody waits for it."""
        self.clear()
        self.ended = True

    def clear(self) -> None:
        """Take away the line of the last result."""
        if self.seen and self.moving:
            click.echo("\r\x1b[K", nl=False)
        self.seen = 0


def options_for(
    folder: Folder, screen: Screen, quick: bool = False, keep: bool = False
) -> Options:
    """Return how to check in a learner's folder, told on a screen."""
    return grader.Options(
        secret=folder.secret(),
        figures=folder.figures,
        quick=quick,
        inherit=screen.moving,
        keep=keep,
        kept=folder.kept,
        tell=screen.tell,
    )


def ready(work: Work) -> None:
    """Refuse, in a sentence, a run that needs a library which is not here."""
    absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if not absent:
        return
    try:
        script = scripts.read(work.path)
    except scripts.Unreadable:
        return
    if readiness.slip(script, work.path.name) or not uses_keras(script.text):
        return
    until = readiness.waiting(script, work.lesson)[1]
    if until > readiness.first_line(script, work.lesson):
        raise Refused(cli.missing(absent[0]), cli.CANNOT_WORK)


def note(folder: Folder, work: Work, report: Report) -> None:
    """Note in the learner's progress what a report says."""
    failed = advice.first_failed(report)
    passed, total = words.tally(report)

    def change(standing: Standing) -> Standing:
        if report.outcome in ("rehearsed", "broken"):
            return replace(standing, failed=failed)
        return replace(
            standing,
            reached=standing.reached or report.outcome == "passed",
            outcome=report.outcome,
            passed=passed,
            total=total,
            failed=failed,
        )

    folder.update(work.lesson.stem, change)


def save(folder: Folder, work: Work, report: Report, step: str) -> Path | None:
    """Keep the report as JSON, and as a page where the script ran; return the page."""
    place = folder.reports / f"{work.lesson.stem}.json"
    folder.keep(place, json.dumps(to_json(report), indent=1) + "\n")
    if not report.limit_seconds and not report.curves:
        return None
    from workshop.report import html

    page = place.with_suffix(".html")
    told = {"why": work.lesson.why, "stretch": work.lesson.stretch}
    made = html.page(report, **told, next_step=step)
    return page if folder.keep(page, made) else None


def show(session: Session, work: Work, report: Report, step: str) -> None:
    """Print the report, the page it is in, and what to do next."""
    made = text.render(
        report,
        why=work.lesson.why,
        stretch=work.lesson.stretch,
        next_step=step,
        width=session.width,
        plain=session.plain,
    )
    session.say(made.rstrip("\n"))


def status(report: Report) -> int:
    """Return the exit status that a report stands for."""
    return {"passed": 0, "broken": 3}.get(report.outcome, 1)


def _open(session: Session, page: Path | None) -> None:
    if page is None:
        session.tell("There is no page yet: it comes once cells of your script ran.")
        return
    session.tell(f"The report as a page: {page}")
    click.launch(page.as_uri())


def _live(session: Session, name: str, address: str) -> int:
    """Check the variables of the notebook that started this process."""
    from workshop import sandbox
    from workshop.runner import Peer

    lesson = session.course.find(name)
    folder = session.folder or Folder(session.here)
    screen = Screen(session)
    options = grader.Options(tell=screen.tell, figures=folder.figures)
    if session.folder:
        rooms.use_mirror(folder)
        options.secret = folder.secret()
    with closing(sandbox.connect(address)) as connection:
        report = grader.Grader(lesson, options).live(Peer(connection, LIVE_SECONDS))
    screen.clear()
    work = Work(lesson, folder.root / f"{lesson.stem}.ipynb")
    again = f'change the cell, run it, then check("{lesson.stem}") again'
    step = "" if report.outcome == "passed" else again
    if session.folder:
        note(folder, work, report)
        save(folder, work, report, step)
    show(session, work, report, step)
    if session.folder:
        rooms.tell_room(session, report)
    return status(report)
