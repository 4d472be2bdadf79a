"""`workshop dev`: the only place where authors' tools write, print and exit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol, cast

import click

from workshop import models, script
from workshop.backbones import small
from workshop.course import Course
from workshop.dev import cost, derive
from workshop.dev.check import check_course, check_lesson
from workshop.dev.parts import read
from workshop.dev.pretrain import Plan, pretrain, the_world
from workshop.dev.problem import Problem
from workshop.dev.scaffold import scaffold
from workshop.dev.signs import train


class Desk(Protocol):
    """What a command line gives to authors: a course, and a place to speak."""

    @property
    def course(self) -> Course: ...

    def say(self, line: str = "") -> None: ...

    def tell(self, line: str) -> None: ...


@click.group("dev")
def dev() -> None:
    """For authors: write lessons, and prove what they promise."""


@dev.command("update")
@click.pass_context
def update_command(ctx: click.Context) -> int:
    """Derive the exercises, and in the kit the derived pages and requirements.txt."""
    desk = cast(Desk, ctx.obj)
    folder = desk.course.folder
    if problems := _underivable(desk.course):
        return _report(desk, problems)
    files = derive.exercises(desk.course) | derive.kit_files(desk.course, _root(ctx))
    changed = [path for path, text in files.items() if write(path, text)]
    for path in changed:
        desk.say(f"Wrote {path.relative_to(folder).as_posix()}")
    if not changed:
        desk.say(f"All {len(files)} derived files were as they should be.")
    return 0


@dev.command("check")
@click.argument("lesson", required=False)
@click.option("--run", is_flag=True, help="Run the solutions, too.")
@click.pass_context
def check_command(ctx: click.Context, lesson: str | None, run: bool) -> int:
    """Prove every promise of LESSON, or of all, and say what to do."""
    desk = cast(Desk, ctx.obj)
    course = desk.course
    if lesson is not None:
        found = check_lesson(course.find(lesson), run=run, tell=desk.tell)
        return _report(desk, found)
    stale = derive.stale(derive.kit_files(course, _root(ctx)))
    return _report(desk, [*check_course(course, run=run, tell=desk.tell), *stale])


@dev.command("run")
@click.argument("lesson", required=False)
@click.pass_context
def run_command(ctx: click.Context, lesson: str | None) -> int:
    """Run the solution of LESSON, or of all: seconds, peak memory and result.

    WORKSHOP_DATA=real or drawn says on which data.
    """
    desk = cast(Desk, ctx.obj)
    lessons = (desk.course.find(lesson),) if lesson else desk.course.lessons
    desk.say(cost.HEAD)
    costs = []
    for one in lessons:
        costs.append(cost.measure(one))
        desk.say(cost.row(costs[-1]))
    return 0 if all(one.outcome == "passed" for one in costs) else 1


@dev.command("new")
@click.argument("stem")
@click.pass_context
def new_command(ctx: click.Context, stem: str) -> int:
    """Begin a lesson called STEM, for example 08_name; nothing is overwritten."""
    desk = cast(Desk, ctx.obj)
    for path, text in scaffold(desk.course, stem).items():
        write(path, text)
        desk.say(f"Wrote {path.relative_to(desk.course.folder).as_posix()}")
    desk.say(f"Next: write solutions/{stem}.py, then run: workshop dev update")
    return 0


@dev.command("pretrain")
@click.option("--epochs", default=Plan.epochs, show_default=True, help="How long.")
@click.option("--seed", default=Plan.seed, show_default=True, help="Where to begin.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    default=small.WEIGHTS,
    help="The file of weights, .npz; by default the kit's own.",
)
@click.pass_context
def pretrain_command(ctx: click.Context, epochs: int, seed: int, output: Path) -> int:
    """Train the small VGG16 on the drawn world; takes minutes."""
    desk = cast(Desk, ctx.obj)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    plan = Plan(epochs=epochs, seed=seed)
    record = pretrain(the_world(), plan, output, desk.tell)
    desk.say(f"Wrote {output}: right for {record['accuracy']:.1%} of new pictures.")
    return 0


@dev.command("signs")
@click.pass_context
def signs_command(ctx: click.Context) -> int:
    """Train the network that lesson 4b begins with; takes a minute."""
    desk = cast(Desk, ctx.obj)
    record = train(desk.course)
    reached = record["best validation accuracy"]
    desk.say(f"Wrote {models.signs()}: right for {reached:.1%} of the test pictures.")
    return 0


def write(path: Path, text: str) -> bool:
    """Write a file at once or not at all; return False where it was so already."""
    if path.is_file() and read(path) == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)  # noqa: PTH105 - one step on all systems
    return True


def _underivable(course: Course) -> list[Problem]:
    """Return what keeps solutions from becoming exercises."""
    found = []
    for lesson in course.lessons:
        if not lesson.solution.is_file():
            continue
        text = read(lesson.solution)
        if problem := script.syntax_problem(text):
            found.append(Problem(lesson.solution, problem[0], problem[1]))
            continue
        try:
            script.answers(text)
        except script.MarkerError as error:
            found.append(Problem(lesson.solution, error.line, error.sentence))
    return found


def _report(desk: Desk, problems: list[Problem]) -> int:
    for problem in problems:
        desk.say(problem.shown(desk.course.folder))
    if problems:
        noun = "problem" if len(problems) == 1 else "problems"
        desk.say(f"{len(problems)} {noun}.")
        return 1
    desk.say("Every promise is kept.")
    return 0


def _root(ctx: click.Context) -> click.Group:
    return cast(click.Group, ctx.find_root().command)
