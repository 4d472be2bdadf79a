"""One command line: its course, its learner's folder, and how its screen is written.

All text to a person goes through `say` (what was asked for) or `tell` (what happens
meanwhile, beside it), so that a console without Unicode gets ASCII and no colour.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TextIO, TypeVar, cast

import click

from workshop import progress
from workshop.course import Course, Lesson, bundled, load
from workshop.progress import Folder
from workshop.report import text

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
WIDEST = 100


class Refused(Exception):
    """A command that cannot be done as it was typed: one sentence, one exit status."""

    def __init__(self, sentence: str, code: int = 2) -> None:
        super().__init__(sentence)
        self.code = code


class Session:
    """What the commands share; everything is found when it is first asked for."""

    def __init__(self) -> None:
        self.course_folder: Path | None = None
        self.forced_plain = False

    @cached_property
    def here(self) -> Path:
        try:
            return Path.cwd()
        except OSError:
            raise Refused(
                "The folder you are in no longer exists. Go to another with cd."
            ) from None

    @cached_property
    def folder(self) -> Folder | None:
        """The learner's folder that holds the current one, if any."""
        return progress.find(self.here)

    @property
    def home(self) -> Folder:
        """The learner's folder; Refused where there is none."""
        if self.folder:
            return self.folder
        inside = any(progress.is_course(one) for one in (self.here, *self.here.parents))
        where = "This is the kit itself" if inside else "This is no course folder"
        raise Refused(
            f"{where}, and your work has a folder of its own. Make one with: "
            f"{self.words} start my-course (or go to yours: cd my-course)"
        )

    @cached_property
    def course(self) -> Course:
        """The course that was named, or started here, or comes with the kit."""
        started = self.folder.course if self.folder else None
        return load(self.course_folder or started)

    @property
    def is_bundled(self) -> bool:
        return self.course.folder == bundled().resolve()

    @cached_property
    def words(self) -> str:
        """What to type before the name of a command on this machine."""
        if shutil.which("workshop") or (_scripts() / _program()).exists():
            return "workshop"
        return f"{'py' if sys.platform == 'win32' else 'python3'} -m workshop"

    @property
    def activation(self) -> str:
        """What to type so that `workshop` is found; empty where it is."""
        found = shutil.which("workshop")
        if sys.prefix == sys.base_prefix or not (_scripts() / _program()).exists():
            return ""
        if found and Path(found).parent == _scripts():
            return ""
        if sys.platform == "win32":
            return str(_near(_scripts() / "activate"))
        return f"source {_near(_scripts() / 'activate')}"

    def command(self, name: str, *rest: str) -> str:
        """Return a command line as the person must type it."""
        return " ".join((self.words, name, *rest))

    def place(self, path: Path) -> str:
        """Return a path as the person must type it from here."""
        try:
            near = os.path.relpath(path, self.here)
        except ValueError:  # another drive
            near = str(path)
        return f'"{near}"' if " " in near else near

    def start(self, *rest: str) -> str:
        """Return the command that adds lessons to the learner's folder."""
        return self.command("start", self.place(self.home.root), *rest)

    def standing(self, lesson: Lesson) -> progress.Standing:
        return self.home.standing(lesson.stem)

    @property
    def plain(self) -> bool:
        return self.forced_plain or wants_plain(sys.stdout)

    @property
    def width(self) -> int:
        return min(shutil.get_terminal_size().columns, WIDEST)

    def say(self, line: str = "", **style: Any) -> None:
        """Print an answer, in a style where the terminal has any."""
        self._write(line, sys.stdout, self.plain, style)

    def tell(self, line: str, **style: Any) -> None:
        """Print what happens meanwhile, beside the answer."""
        plain = self.forced_plain or wants_plain(sys.stderr)
        self._write(line, sys.stderr, plain, style)

    def _write(
        self, line: str, stream: TextIO, plain: bool, style: dict[str, Any]
    ) -> None:
        made = text.plain_signs(line) if plain else line
        if style and not plain:
            made = click.style(made, **style)
        click.echo(made, file=stream, color=not plain)

    def crash_places(self) -> list[Path]:
        """Return where details of our own fault may be written, best first."""
        import tempfile

        found = self.__dict__.get("folder")
        places = [found.hidden] if found else []
        return [one / "crash.txt" for one in (*places, Path(tempfile.gettempdir()))]


def wants_plain(stream: TextIO) -> bool:
    """Return whether a stream gets ASCII without colour; FORCE_COLOR is honoured."""
    forced = os.environ.get("FORCE_COLOR") and not stream.isatty()
    asked = SimpleNamespace(encoding=stream.encoding, isatty=lambda: True)
    return text.must_be_plain(cast(TextIO, asked) if forced else stream)


def shared_options(function: Decorated) -> Decorated:
    """Add the options that every command takes."""
    for option in (
        click.option(
            "--course",
            type=click.Path(path_type=Path, file_okay=False),
            expose_value=False,
            callback=_note_course,
            metavar="DIR",
            help="Use the course in this folder instead of the one that comes along.",
        ),
        click.option(
            "--plain",
            is_flag=True,
            expose_value=False,
            callback=_note_plain,
            help="No colour, plain signs, one line after the other.",
        ),
    ):
        function = option(function)
    return function


def _note_course(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(Session).course_folder = value


def _note_plain(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.ensure_object(Session).forced_plain = True


def _scripts() -> Path:
    return Path(sys.executable).parent


def _program() -> str:
    return "workshop.exe" if sys.platform == "win32" else "workshop"


def _near(path: Path) -> Path:
    """Return a path as it is written from the current folder, where that is shorter."""
    try:
        return path.relative_to(Path.cwd())
    except (OSError, ValueError):
        return path
