"""A course folder is flat and belongs to the learner: what lies there is never touched.

Beside the lessons lie settings that switch AI completion off in the editors that read
them from a folder; an instructor may want otherwise (`ai_completion` in course.toml).
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from workshop import progress
from workshop.cli.session import Refused, Session, shared_options
from workshop.course import Course, Lesson
from workshop.progress import Folder

VS_CODE = {
    "chat.disableAIFeatures": True,
    "cursor.cpp.disabledLanguages": ["*", "python"],
    "editor.inlineSuggest.enabled": False,
    "github.copilot.enable": {"*": False},
    "github.copilot.nextEditSuggestions.enabled": False,
}
ZED = {"disable_ai": True, "show_edit_predictions": False}
JETBRAINS = "AI Assistant stays off in a folder that holds this file.\n"


@click.command("start")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("names", metavar="[LESSON]...", nargs=-1)
@shared_options
@click.pass_obj
def start_command(session: Session, folder: Path, names: tuple[str, ...]) -> int:
    """Make a course folder with all lessons, or with those that are named.

    In a folder that was started before, the lessons are added. No file that is
    already there is ever changed.
    """
    target = Folder(_target(session, folder))
    course = _course(session, target)
    lessons = [course.find(name) for name in names] or list(course.lessons)
    try:
        target.make()
    except OSError as error:
        raise _unwritable(target.root, error) from None
    target.record_course(None if session.is_bundled else course.folder)
    made, kept = _copy(target.root, _texts(course, lessons))
    _report(session, target, made, kept)
    _say_next(session, target, lessons)
    return 0


def _target(session: Session, folder: Path) -> Path:
    """Return the folder to start in; Refused where it cannot be one."""
    root = (session.here / folder.expanduser()).resolve()
    if root.exists() and not root.is_dir():
        raise Refused(f"{folder} is a file. Name a folder, for example my-course.")
    if progress.is_course(root):
        raise Refused(
            f"{folder} is a course itself. Give your own work a folder, for example: "
            f"{session.command('start', 'my-course')}"
        )
    outer = progress.find(root.parent)
    if outer and not (root / progress.HIDDEN).is_dir():
        raise Refused(
            f"{outer.root} is a course folder already. To add lessons to it: "
            f"{session.command('start', session.place(outer.root))}"
        )
    return root


def _course(session: Session, target: Folder) -> Course:
    """Return the course to start: the named one, or the one begun in this folder."""
    if session.course_folder is None and target.hidden.is_dir():
        session.folder = target
    return session.course


def _texts(course: Course, lessons: list[Lesson]) -> dict[str, str]:
    """Return what goes into the folder: relative path and text."""
    texts = {
        f"{one.stem}.py": one.exercise.read_text(encoding="utf-8") for one in lessons
    }
    if not course.settings.get("ai_completion", False):
        texts[".vscode/settings.json"] = json.dumps(VS_CODE, indent=2) + "\n"
        texts[".zed/settings.json"] = json.dumps(ZED, indent=2) + "\n"
        texts[".noai"] = JETBRAINS
    return texts


def _copy(root: Path, texts: dict[str, str]) -> tuple[list[str], list[str]]:
    """Write what is not there yet; return the names made and the names kept."""
    made, kept = [], []
    for name, content in texts.items():
        place = root / name
        if place.exists() or place.is_symlink():
            kept.append(name)
            continue
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            progress.create(place, content)
        except FileExistsError:
            kept.append(name)
        except OSError as error:
            raise _unwritable(place, error) from None
        else:
            made.append(name)
    return made, kept


def _unwritable(place: Path, error: OSError) -> Refused:
    why = error.strerror or type(error).__name__
    return Refused(f"{place} cannot be written ({why}). Choose another folder.")


def _report(session: Session, target: Folder, made: list[str], kept: list[str]) -> None:
    session.say(f"{session.course.title}: {target.root}", bold=True)
    session.say()
    for name in (name for name in made if name.endswith(".py")):
        session.say(f"  + {name}", fg="green")
    for name in kept:
        session.say(f"  = {name} was there already and stays as it is", dim=True)
    if ".noai" in made:
        session.say("  + settings that switch AI completion off in this folder")


def _say_next(session: Session, target: Folder, lessons: list[Lesson]) -> None:
    first = lessons[0].stem
    steps = [session.activation] if session.activation else []
    if target.root != session.here:
        steps.append(f"cd {session.place(target.root)}")
    steps.append(session.command("watch", first))
    session.say()
    session.say("Next:", bold=True)
    for step in steps:
        session.say(f"  {step}", fg="cyan")
    session.say(f"Then open {first}.py in your editor; each save is checked.")
