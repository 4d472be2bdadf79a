"""In two minutes a beginner sees all there is: data, a blank exercise, a passed one.

It happens in a folder of its own among the temporary files, which stays, so that the
picture and the page that are named can be opened afterwards.
"""

from __future__ import annotations

import os
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import click

from workshop import grader
from workshop.cli import check as checks
from workshop.cli.session import Session, shared_options
from workshop.cli.work import Work
from workshop.course import Lesson
from workshop.progress import Folder
from workshop.report import text
from workshop.results import Report

SHOWN = 48
START_SECONDS = 10
CROP = 4
SHADES = " .:+#"


@click.command("demo")
@shared_options
@click.pass_obj
def demo_command(session: Session) -> int:
    """See the data, an untouched exercise graded, and its solution graded."""
    lesson = session.course.lessons[0]
    folder = Folder(Path(tempfile.mkdtemp(prefix="workshop-demo-")))
    folder.make()
    variant = ""
    if lesson.data:
        _chapter(session, 1, "The data")
        variant = _show_data(session, lesson.data, folder)
    _chapter(session, 2, "The exercise, as you will get it")
    _say(session, f"Its blanks are lines with ... in {lesson.stem}.py, so it waits:")
    _grade(session, lesson, folder, lesson.exercise)
    _chapter(session, 3, "The solution")
    seconds = lesson.seconds.get(variant, 0) + START_SECONDS
    _say(
        session,
        "Now the blanks are filled. TensorFlow starts, the network trains, and the "
        f"grader asks it about data it has never seen (about {seconds:.0f} s).",
    )
    report = _grade(session, lesson, folder, lesson.solution)
    _chapter(session, 4, "Your turn")
    _say_next(session, lesson, folder)
    return 0 if report.outcome == "passed" else checks.status(report)


def _chapter(session: Session, number: int, title: str) -> None:
    session.say(f"\n{number}. {title}", bold=True, fg="cyan")
    session.say("─" * min(session.width, 80), dim=True)


def _say(session: Session, paragraph: str) -> None:
    session.say(textwrap.fill(paragraph, session.width - 2, break_on_hyphens=False))


def _show_data(session: Session, name: str, folder: Folder) -> str:
    """Show some of the data here, and more in a picture; return the variant."""
    from workshop import data, plots

    choice = data.choose(name)
    _say(session, f"{name.capitalize()} in use: {choice}.")
    arrays = data.arrays(name, choice.variant)
    session.say()
    session.say(strip(arrays["x_train"], session.width, session.plain))
    session.say()
    os.environ |= {"WORKSHOP_FIGURES": str(folder.root), "WORKSHOP_LESSON": name}
    session.say(f"The first {SHOWN} of them as a picture:")
    plots.gallery(arrays["x_train"][:SHOWN], arrays["y_train"][:SHOWN])
    return choice.variant


def strip(images: Any, width: int, plain: bool) -> str:
    """Return a few grey pictures, (n, 28, 28) of 0 to 255, side by side as text.

    Two rows of pixels make a line: half blocks in grey, or shades in ASCII.
    """
    cut = images[:, CROP:-CROP, CROP:-CROP]
    number = max(1, (min(width, 80) - 2) // (cut.shape[2] + 2))
    lines = []
    for row in range(0, cut.shape[1] - 1, 2):
        line = "  "
        for picture in cut[:number]:
            pairs = zip(picture[row].tolist(), picture[row + 1].tolist(), strict=True)
            line += "".join(_cell(*pair, plain) for pair in pairs)
            line += "  " if plain else "\x1b[0m  "
        lines.append(line.rstrip() if plain else line)
    return "\n".join(lines)


def _cell(upper: int, lower: int, plain: bool) -> str:
    if plain:
        return SHADES[(upper + lower) * (len(SHADES) - 1) // 510]
    grey = [232 + value * 23 // 255 for value in (upper, lower)]
    return f"\x1b[38;5;{grey[0]};48;5;{grey[1]}m▀"


def _grade(session: Session, lesson: Lesson, folder: Folder, source: Path) -> Report:
    """Check a copy of a file in the demo's folder, and show the report."""
    work = Work(lesson, folder.root / f"{lesson.stem}.py")
    work.path.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    checks.ready(work)
    screen = checks.Screen(session)
    report = grader.check(lesson, work.path, checks.options_for(folder, screen))
    screen.clear()
    page = checks.save(folder, work, report, "")
    session.say(text.render(report, width=session.width, plain=session.plain).rstrip())
    if page:
        session.say("\nThe same report as a page, with curves and mistakes:")
        session.say(str(page))
    return report


def _say_next(session: Session, lesson: Lesson, folder: Folder) -> None:
    stem = lesson.stem
    steps = [
        (session.activation, "once in each terminal"),
        (session.command("start", "my-course"), "make a folder for your work"),
        ("cd my-course", "go there"),
        (session.command("watch", stem), "check at every save"),
    ]
    _say(
        session,
        f"Type these commands, open my-course/{stem}.py in any editor, and put your "
        "answers where the dots are. The first answer comes as soon as you save.",
    )
    session.say()
    typed = [step for step in steps if step[0]]
    width = max(len(step) for step, _ in typed)
    for step, why in typed:
        session.say(f"  {step:{width}}   # {why}", fg="cyan")
    session.say()
    _say(session, f"Stuck? {session.command('hint', stem)} asks before it tells.")
    session.say(f"The files of this demo: {folder.root}", dim=True)
