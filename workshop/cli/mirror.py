"""At home a folder is filled and checked; on the day it is served as it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.cli import NEWEST, OLDEST
from workshop.cli.datasets import size
from workshop.cli.session import Refused, Session, shared_options
from workshop.mirror import DATA
from workshop.mirror.platforms import PLATFORMS, USUAL

if TYPE_CHECKING:
    from workshop.mirror.build import Missed

PYTHONS = [f"3.{minor}" for minor in range(OLDEST[1], NEWEST[1] + 1)]
folder = click.argument(
    "folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False)
)


@click.group("mirror")
@shared_options
def mirror_command() -> None:
    """Fill a folder with all that a room without internet needs.

    "workshop room --mirror DIR" hands it out.
    """


@mirror_command.command("build")
@folder
@click.option(
    "--platform",
    "platforms",
    multiple=True,
    type=click.Choice(list(PLATFORMS)),
    help=f"For such laptops; more than once [{', '.join(USUAL)}].",
)
@click.option(
    "--python",
    "pythons",
    multiple=True,
    type=click.Choice(PYTHONS),
    help="For this Python; more than once [the one that runs].",
)
@click.option(
    "--wheel",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The kit itself [built from its source, where it runs from there].",
)
@click.option(
    "--data",
    "names",
    multiple=True,
    type=click.Choice(DATA),
    help="Real data to add; more than once [all that can be had].",
)
@click.option("--no-data", is_flag=True, help="Leave the data as they are.")
@click.option("--no-wheels", is_flag=True, help="Leave the wheels as they are.")
@shared_options
@click.pass_obj
def build_command(
    session: Session,
    folder: Path,
    platforms: tuple[str, ...],
    pythons: tuple[str, ...],
    wheel: Path | None,
    names: tuple[str, ...],
    no_data: bool,
    no_wheels: bool,
) -> int:
    """Fill DIR with wheels and data; stop it at will, and go on with the same command.

    What is there and whole is not fetched again. Platforms and Pythons of earlier
    builds are renewed, too.
    """
    from workshop.mirror import build
    from workshop.mirror.lists import MirrorError

    if names and no_data:
        raise click.UsageError("--data and --no-data exclude each other.")
    try:
        missed = build.build(
            folder,
            () if no_wheels else platforms or USUAL,
            pythons or [f"3.{sys.version_info[1]}"],
            () if no_data else names or DATA,
            wheel=wheel,
            asked=bool(names),
            tell=session.tell,
        )
    except MirrorError as error:
        raise Refused(_shown(error)) from None
    _say_missed(session, missed)
    _say_sizes(session, folder)
    session.say(f"Check it: {session.command('mirror', 'verify', str(folder))}")
    return 1 if any(one.asked for one in missed) else 0


@mirror_command.command("verify")
@folder
@shared_options
@click.pass_obj
def verify_command(session: Session, folder: Path) -> int:
    """Say whether every file in DIR is there and whole, and nothing else."""
    from workshop.mirror import check
    from workshop.mirror.lists import MirrorError

    try:
        problems = check.problems(folder)
    except MirrorError as error:
        raise Refused(_shown(error)) from None
    for line in problems:
        session.say(_shown(line), fg="red")
    if problems:
        again = session.command("mirror", "build", session.place(folder))
        session.tell(f"{len(problems)} found. To mend it: {again}")
        return 1
    _say_sizes(session, folder)
    session.say("Every file is there and whole.", fg="green")
    return 0


def _say_missed(session: Session, missed: list[Missed]) -> None:
    for one in missed:
        session.tell(f"Not here: {one.what}. {_shown(one.why)}", fg="yellow")


def _say_sizes(session: Session, folder: Path) -> None:
    from workshop.mirror import check

    for what, count, total in check.sizes(folder):
        session.say(f"{_shown(what)}: {count} files, {size(total)}")


def _shown(text: object) -> str:
    from workshop.report.words import one_line

    return one_line(str(text))
