"""Every report ends in what to type next: one step, and never a dead end."""

from __future__ import annotations

from workshop.cli import work as works
from workshop.cli.session import Session
from workshop.cli.work import Work
from workshop.results import Report


def next_step(
    session: Session, work: Work, report: Report, watching: bool = False
) -> str:
    """Return the step after a report, with the command (or the key) that follows it."""
    check = "save" if watching else session.command("check", work.named)
    if report.outcome == "broken":
        return f"{session.command('doctor', '--report')}, and send us the file"
    if report.stop and report.stop.kind == "unreadable":
        fresh = session.command("reset", work.path.name)
        return f"correct {report.script}, then {check} (a fresh copy: {fresh})"
    if report.stop:
        line = f"line {report.stop.line} of " if report.stop.line else ""
        return f"correct {line}{report.script}, then {check}"
    if report.outcome == "passed":
        return after(session, work, watching)
    if report.outcome == "rehearsed":
        return f"{check} (the whole training, on all the data)"
    if todo := first_failed(report):
        hint = _hint(session, work, watching, todo)
        return f"look at TODO {todo} again, then {check} (stuck? {hint})"
    if report.outcome == "failed":
        return f"change what the advice names, then {check}"
    hint = _hint(session, work, watching)
    return f"{task(work) or 'fill in the blanks'}, then {check} (stuck? {hint})"


def _hint(session: Session, work: Work, watching: bool, todo: int | None = None) -> str:
    if watching:
        return "press h"
    chosen = () if todo is None else ("--todo", str(todo))
    return session.command("hint", work.lesson.stem, *chosen)


def task(work: Work) -> str:
    """Return where the first open blank is: "fill in TODO 1 (line 43 of …)"."""
    blanks = works.open_blanks(work)
    if not blanks:
        return ""
    is_script = work.path.suffix == ".py"
    place = f"line {blanks[0].line} of " if is_script else ""
    return f"fill in TODO {blanks[0].todo} ({place}{work.path.name})"


def after(session: Session, work: Work, watching: bool = False) -> str:
    """Return what follows a lesson that passed."""
    if works.next_lesson(session):
        return "press n" if watching else session.command("next")
    return f"{session.command('solution', work.lesson.stem)}, to compare with ours"


def first_failed(report: Report) -> int | None:
    """Return the TODO of the first check that failed, where it belongs to one."""
    todos = (one.todo for one in report.checks if one.outcome == "failed")
    return next((todo for todo in todos if todo), None)
