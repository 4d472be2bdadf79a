"""What is signed has one spelling: the same facts are always the same bytes.

Fields are few, bounded and of known kinds, and everything else is refused, both before
signing and when reading: what cannot be shown on a page is never signed.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

SCHEMA = 1
LESSONS = 100
"""Most lessons on one certificate."""

Place = Literal["attendee", "box"]


class CertificateError(Exception):
    """What is no certificate, or cannot become one: one sentence says why."""


@dataclass(frozen=True)
class Reached:
    """One lesson whose goals were reached.

    `score` is a share on unseen data such as "97 %", or empty; `place` is where the
    graded work ran, `variant` that of the data ("real", "drawn" or empty), `created`
    the ISO moment of the report, with its offset.
    """

    lesson: str
    title: str
    score: str
    place: Place
    variant: str
    created: str


@dataclass(frozen=True)
class Certificate:
    """What somebody reached in one room.

    `name` is as it was given there, `course` the title of the course, `room` its id,
    `date` the ISO day in UTC, `kit` the version of the kit that graded.
    """

    name: str
    course: str
    room: str
    date: str
    lessons: tuple[Reached, ...]
    kit: str
    schema: int = SCHEMA


def canonical(certificate: Certificate) -> bytes:
    """Return the bytes that are signed: compact JSON in ASCII, names in order."""
    made = json.dumps(asdict(certificate), sort_keys=True, separators=(",", ":"))
    return made.encode("ascii")


def check(certificate: Certificate) -> None:
    """Raise CertificateError where a field is not what a certificate has."""
    _check(certificate, _CERTIFICATE, "The certificate")
    for number, reached in enumerate(certificate.lessons, start=1):
        _check(reached, _REACHED, f"Lesson {number} of the certificate")


def from_json(value: Any) -> Certificate:
    """Return the certificate in a JSON value; CertificateError for anything else."""
    found = _named(value, Certificate, "The certificate")
    if type(found["lessons"]) is not list:
        raise CertificateError("The certificate's “lessons” are no list.")
    lessons = tuple(
        Reached(**_named(one, Reached, "A lesson of the certificate"))
        for one in found["lessons"]
    )
    made = Certificate(**{**found, "lessons": lessons})
    check(made)
    return made


def _named(value: Any, kind: type, what: str) -> dict[str, Any]:
    wanted = {one.name for one in fields(kind)}
    if type(value) is not dict or value.keys() != wanted:
        raise CertificateError(f"{what} does not have exactly the fields that it must.")
    return value


def _check(value: Any, rules: dict[str, Callable[[Any], bool]], what: str) -> None:
    for name, holds in rules.items():
        if not holds(getattr(value, name)):
            raise CertificateError(f"{what} has no proper “{name}”.")


def _text(longest: int) -> Callable[[Any], bool]:
    """Return whether a value is text with something in it that UTF-8 can hold."""

    def holds(value: Any) -> bool:
        if type(value) is not str or not value.strip() or len(value) > longest:
            return False
        return not any("\ud800" <= character <= "\udfff" for character in value)

    return holds


def _like(pattern: str) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and bool(re.fullmatch(pattern, value))


def _day(value: Any) -> bool:
    return _like("[0-9]{4}-[0-9]{2}-[0-9]{2}")(value) and _time(value) is not None


def _moment(value: Any) -> bool:
    found = _time(value) if type(value) is str and len(value) <= 40 else None
    return found is not None and found.tzinfo is not None


def _time(value: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(value)
    except ValueError:
        return None


_CERTIFICATE: dict[str, Callable[[Any], bool]] = {
    "schema": lambda value: type(value) is int and value == SCHEMA,
    "name": _text(120),
    "course": _text(300),
    "room": _text(80),
    "date": _day,
    "lessons": lambda value: type(value) is tuple and 1 <= len(value) <= LESSONS,
    "kit": _text(80),
}
_REACHED: dict[str, Callable[[Any], bool]] = {
    "lesson": _text(120),
    "title": _text(300),
    "score": _like("|100 %|[0-9]{1,2} %"),
    "place": lambda value: type(value) is str and value in ("attendee", "box"),
    "variant": _like("|real|drawn"),
    "created": _moment,
}
