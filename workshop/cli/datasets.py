"""Data is listed as it is on this machine; nothing is fetched unless that is asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from workshop.cli.session import Session, shared_options

if TYPE_CHECKING:
    from workshop.data import Entry

UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


@click.command("data")
@click.option("--prepare", is_flag=True, help="Fetch or draw what the lessons need.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON only.")
@shared_options
@click.pass_obj
def data_command(session: Session, prepare: bool, as_json: bool) -> int:
    """List the data sets on this machine: size, licence, source and place."""
    from workshop import data

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
