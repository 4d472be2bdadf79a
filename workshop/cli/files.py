"""What a learner wrote is never lost: a reset keeps a copy, nothing is replaced."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from workshop import notebooks, progress, script
from workshop.cli import work as works
from workshop.cli.session import Refused, Session, shared_options
from workshop.cli.work import Work


@click.command("reset")
@click.argument("name", metavar="LESSON or FILE")
@shared_options
@click.pass_obj
def reset_command(session: Session, name: str) -> int:
    """Begin a lesson again. Your file is kept, with the date in its name."""
    work = works.find(session, name)
    try:
        copy = session.home.back_up(work.path)
        progress.write(work.path, _fresh(work))
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(f"{work.path.name} was not reset: {why}.") from None

    def change(standing: progress.Standing) -> progress.Standing:
        kept = replace(progress.Standing(), reached=standing.reached)
        return replace(kept, outcome="passed") if standing.reached else kept

    session.home.update(work.lesson.stem, change)
    session.say(f"{work.path.name} is fresh again.", fg="green")
    session.say(f"What you had is kept: {_shown(copy, session.home.root)}")
    return 0


@click.command("notebook")
@click.argument("name", required=False, metavar="[LESSON]")
@shared_options
@click.pass_obj
def notebook_command(session: Session, name: str | None) -> int:
    """Write your lesson as a notebook as well, from the script as it is now."""
    work = works.find(session, name)
    if work.path.suffix == ".ipynb":
        raise Refused(f"{work.path.name} is a notebook already.")
    place = work.path.with_suffix(".ipynb")
    text = _notebook(script.read(work.path).text)
    try:
        progress.create(place, text)
    except FileExistsError:
        raise Refused(f"{place.name} is there already, and is left as it is.") from None
    session.say(f"Written: {place.name}", fg="green")
    session.say(
        f"Now there are two files of this lesson. {session.words} checks the one you "
        f"name: {session.command('check', place.name)}"
    )
    session.say(
        f'In the notebook itself: from workshop import check; check("{place.stem}")'
    )
    return 0


def _fresh(work: Work) -> str:
    """Return the untouched exercise in the form of the learner's file."""
    text = work.lesson.exercise.read_text(encoding="utf-8")
    return _notebook(text) if work.path.suffix == ".ipynb" else text


def _notebook(text: str) -> str:
    made = json.dumps(notebooks.write(text), indent=1, ensure_ascii=False)
    return f"{made}\n"


def _shown(path: Path, root: Path) -> str:
    try:
        return str(path.relative_to(root))
    except ValueError:
        return str(path)
