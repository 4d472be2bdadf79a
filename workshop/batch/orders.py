"""What another machine needs to grade as this one would, as one message.

The course without its solutions, the sealed halves, the variants and the salt: bytes
of `evidence.wire`, so that nothing is unpickled that anybody but us has written. A
machine with other versions is refused, since its results would be others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import versions
from workshop.course import Course, Lesson, load
from workshop.evidence import wire

if TYPE_CHECKING:
    from workshop.batch.terms import Halves, Terms

SENT = ("course.toml", "exercises/*.py", "assessments/*.py", "assessments/*.toml")


class Unfit(Exception):
    """A cluster or a worker cannot grade: one sentence says why, and what to do."""


class Disconnected(Exception):
    """The cluster is gone: one sentence says what to do."""


@dataclass(frozen=True)
class Orders:
    """The terms of a run, as they stand on another machine; see `terms.Terms`."""

    course: Course
    choices: dict[str, tuple[str | None, str]]
    salt: bytes
    retrain: bool
    sealed: dict[str, Halves]

    def halves(self, lesson: Lesson, variant: str) -> Halves:
        """Return the halves that were sent; `variant` was decided before."""
        return self.sealed[lesson.stem]


def pack(terms: Terms) -> bytes:
    """Return the orders for a run under these terms; Unfit where they are too large."""
    lessons = [terms.course.find(stem) for stem in terms.choices]
    sealed = {one.stem: _halves(terms, one) for one in lessons if one.data}
    made = {
        "versions": versions.found(),
        "course": _files(terms.course.folder),
        "choices": terms.choices,
        "salt": _array(terms.salt),
        "retrain": terms.retrain,
        "sealed": sealed,
    }
    try:
        return wire.encode(made)
    except wire.WireError as error:
        raise Unfit(
            f"The sealed sets of {len(lessons)} lessons cannot be sent together "
            f"({error}). Grade fewer lessons at a time."
        ) from None


def unpack(message: bytes, folder: Path) -> Orders:
    """Return the orders in a message, with the course written into `folder`.

    Unfit where this machine has other versions.
    """
    from workshop.data import Sealed

    found = wire.decode(message)
    for name, version in found["versions"].items():
        if versions.found()[name] != version:
            raise Unfit(
                f"This machine has {name} {versions.found()[name]}, and the one that "
                f"grades has {version}. Install the same on both."
            )
    for name, data in found["course"].items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data.tobytes())
    sealed = {
        stem: (Sealed(**shown), Sealed(**graded))
        for stem, (shown, graded) in found["sealed"].items()
    }
    salt = found["salt"].tobytes()
    return Orders(load(folder), found["choices"], salt, found["retrain"], sealed)


def _files(folder: Path) -> dict[str, Any]:
    found = [path for pattern in SENT for path in sorted(folder.glob(pattern))]
    return {
        path.relative_to(folder).as_posix(): _array(path.read_bytes()) for path in found
    }


def _halves(terms: Terms, lesson: Lesson) -> tuple[dict[str, Any], ...]:
    variant = terms.choices[lesson.stem][0] or "drawn"
    return tuple(_plain(half) for half in terms.halves(lesson, variant))


def _plain(half: Any) -> dict[str, Any]:
    made = {name: getattr(half, name) for name in half.__dataclass_fields__}
    return made | {"classes": tuple(map(str, half.classes))}


def _array(data: bytes) -> Any:
    import numpy as np

    return np.frombuffer(data, np.uint8)
