"""A derived file is a pure function of its source, and says in it who wrote it.

So that a file can be compared as well as written, everything here returns text.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import click

from workshop import script
from workshop.course import Course
from workshop.dev import timetable
from workshop.dev.parts import read
from workshop.dev.problem import Problem

KIT = "keras-workshop"
STALE = "This is not what its source derives. Run: workshop dev update."


def exercises(course: Course) -> dict[Path, str]:
    """Return the exercise of each lesson that has a solution, by its path.

    Raises script.MarkerError or SyntaxError for a solution that derives none.
    """
    return {
        lesson.exercise: script.blank(read(lesson.solution))
        for lesson in course.lessons
        if lesson.solution.is_file()
    }


def requirements(pyproject: str) -> str:
    """Return what an attendee installs: the dependencies with all their bounds."""
    needed = tomllib.loads(pyproject)["project"]["dependencies"]
    head = "# Derived from pyproject.toml by `workshop dev update`.\n"
    return head + "".join(f"{one}\n" for one in needed)


def cli_reference(group: click.Group, name: str = "workshop") -> str:
    """Return the manual of a command and all below it as Markdown."""
    head = (
        "# Commands\n\nDerived from the commands themselves by `workshop dev update`.\n"
    )
    settings = group.context_settings
    context = click.Context(group, info_name=name, terminal_width=80, **settings)
    return head + "".join(_manual(context, group, "##"))


def kit_files(course: Course, group: click.Group) -> dict[Path, str]:
    """Return the derived files of the kit itself; none for any other course."""
    pyproject = course.folder / "pyproject.toml"
    if not pyproject.is_file():
        return {}
    text = pyproject.read_text(encoding="utf-8")
    if tomllib.loads(text).get("project", {}).get("name") != KIT:
        return {}
    return {
        course.folder / "requirements.txt": requirements(text),
        course.folder / "docs" / "cli.md": cli_reference(group),
        course.folder / "docs" / "timetables.md": timetable.page(course),
    }


def stale(files: dict[Path, str]) -> list[Problem]:
    """Return a problem for each derived file that is not as it should be."""
    return [
        Problem(path, 1, STALE)
        for path, text in files.items()
        if not path.is_file() or read(path) != text
    ]


def _manual(context: click.Context, command: click.Command, mark: str) -> list[str]:
    text = "\n".join(line.rstrip() for line in command.get_help(context).split("\n"))
    parts = [f"\n{mark} {context.command_path}\n\n```text\n{text}\n```\n"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            if (below := command.get_command(context, name)) and not below.hidden:
                inner = click.Context(
                    below, parent=context, info_name=name, terminal_width=80
                )
                parts += _manual(inner, below, mark)
    return parts
