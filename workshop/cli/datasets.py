"""Data is listed as it is on this machine, and what is in use is made ready."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workshop.cli import rooms
from workshop.cli.session import Session, shared_options

if TYPE_CHECKING:
    from workshop.data import Entry

UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


@click.command("data")
@click.option("--prepare", is_flag=True, help="Fetch or draw what the lessons need.")
@click.option("--add", metavar="NAME", help="Keep real data that you have as FILES.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON only.")
@click.argument("files", nargs=-1, type=click.Path(exists=True, path_type=Path))
@shared_options
@click.pass_obj
def data_command(
    session: Session,
    prepare: bool,
    add: str | None,
    as_json: bool,
    files: tuple[Path, ...],
) -> int:
    """List the data sets on this machine: size, licence, source and place.

    With --add NAME, FILES are the real data: the two CSV files of Sign Language MNIST
    for signs, the CSV file of A Million News Headlines for headlines, a folder of class
    folders for pets and fruit.
    """
    from workshop import data

    if bool(add) != bool(files):
        raise click.UsageError("--add takes the name of a data set, and its FILES.")
    if add:
        session.say(f"Kept as the real {add}: {data.add(add, list(files))}.")
        return 0
    rooms.use_mirror(session.folder)
    if prepare:
        for name in _needed(session):
            _prepare(session, name)
    entries = data.inventory()
    if as_json:
        click.echo(json.dumps([_plain(entry) for entry in entries], indent=1))
        return 0
    for entry in entries:
        _print(session, entry)
    for name in _needed(session):
        choice = data.choose(name)
        session.say(f"In use for {name}: {choice}.", bold=True)
    return 0


def size(count: float) -> str:
    """Return a number of bytes for people: "54 MB"."""
    for unit, scale in UNITS:
        if count >= scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count:.0f} bytes"


def _needed(session: Session) -> list[str]:
    """Return the data sets that the lessons name, each once."""
    names = (lesson.data for lesson in session.course.lessons)
    return list(dict.fromkeys(name for name in names if name))


def _prepare(session: Session, name: str) -> None:
    from workshop import data

    for variant in dict.fromkeys(("drawn", data.choose(name).variant)):
        session.tell(f"Preparing {name}, {variant} …", dim=True)
        data.prepare(name, variant)


def _print(session: Session, entry: Entry) -> None:
    facts = _plain(entry)
    state = size(facts["size"]) if facts["size"] else "not here"
    if facts["present"] and not facts["size"]:
        state = "drawn at first use"
    colour = "green" if facts["present"] else None
    session.say(f"{facts['name']}, {facts['variant']}: {state}", bold=True, fg=colour)
    session.say(f"  source   {facts['source']}")
    session.say(f"  licence  {facts['licence']}")
    session.say(f"  place    {facts['path']}")
    session.say()


def _plain(entry: Entry) -> dict[str, Any]:
    return {
        key: str(value) if key == "path" else value
        for key, value in asdict(entry).items()
    }
