"""Of what a room tells, only what has its form is taken; all else counts as unsaid.

A room is somebody else's program. Its numbers may be no numbers and its texts may hold
anything, so each part is looked at by itself, cut to a length, and made one visible
line before anybody sees it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from workshop.report.words import one_line

LONGEST = 300
MOST = 200
"""Messages, entries and lessons that are looked at."""


@dataclass(frozen=True)
class Message:
    """What the instructor said to everybody."""

    id: str
    text: str


@dataclass(frozen=True)
class Gate:
    """What the room lets one do with a lesson; `attempts` is None where unsaid.

    `passed` says that the room itself has found its goal reached.
    """

    open: bool = False
    released: bool = False
    attempts: int | None = None
    passed: bool = False


@dataclass(frozen=True)
class View:
    """Where the session stands, for one attendee.

    `lesson` is the stem of the lesson that is on (in a pause the one before it), empty
    where there is none; `entry` is the title of what is on, `left` its seconds. The
    `agenda` has the stems in teaching order, `messages` the newest first.
    """

    version: str = ""
    state: str = ""
    entry: str = ""
    left: float | None = None
    lesson: str = ""
    agenda: tuple[str, ...] = ()
    gates: dict[str, Gate] = field(default_factory=dict)
    messages: tuple[Message, ...] = ()

    @property
    def released(self) -> tuple[str, ...]:
        return tuple(stem for stem, gate in self.gates.items() if gate.released)

    @property
    def now(self) -> str:
        """Return where the session stands, in words; empty where that is unsaid."""
        said = {
            "before": "the session has not begun",
            "paused": "the clock is stopped",
            "ended": "the session has ended",
        }
        if self.state == "running" and self.entry and self.left is not None:
            return _left(self.left, self.entry)
        return said.get(self.state, "")


def read(data: Any) -> View:
    """Return the view in a room's reply, whatever came."""
    data = data if isinstance(data, dict) else {}
    clock = data.get("clock") if isinstance(data.get("clock"), dict) else {}
    entries = [one for one in _items(data.get("agenda")) if isinstance(one, dict)]
    at = clock.get("entry")
    at = at if type(at) is int and 0 <= at < len(entries) else None
    return View(
        version=_text(data.get("version")),
        state=_text(clock.get("state")),
        entry="" if at is None else _text(entries[at].get("title")),
        left=_number(clock.get("left")),
        lesson=_lesson(entries, at, clock.get("state") == "ended"),
        agenda=tuple(_stems(e for e in entries if e.get("state") != "skipped")),
        gates=dict(_gates(_items(data.get("lessons")))),
        messages=tuple(_messages(_items(data.get("messages")))),
    )


def _left(seconds: float, entry: str) -> str:
    minutes = math.ceil(abs(seconds) / 60)
    count = "1 minute" if minutes == 1 else f"{minutes} minutes"
    if seconds < 0:
        return f"{count} over for {entry}"
    return f"{count} left for {entry}"


def _lesson(entries: list[dict[str, Any]], at: int | None, ended: bool) -> str:
    """Return the lesson that is on: in a pause the one before, else the first."""
    before = entries if ended else entries[: at + 1] if at is not None else []
    stems = list(_stems(before)) or list(_stems(entries))[:1]
    return stems[-1] if stems else ""


def _stems(entries: Iterable[dict[str, Any]]) -> Iterator[str]:
    return filter(None, (_text(entry.get("lesson")) for entry in entries))


def _gates(lessons: Iterable[Any]) -> Iterator[tuple[str, Gate]]:
    for one in lessons:
        if isinstance(one, dict) and (stem := _text(one.get("stem"))):
            left, graded = one.get("attempts"), one.get("graded")
            gate = Gate(
                one.get("open") is True,
                one.get("released") is True,
                left if type(left) is int else None,
                isinstance(graded, dict) and graded.get("outcome") == "passed",
            )
            yield stem, gate


def _messages(messages: Iterable[Any]) -> Iterator[Message]:
    for one in messages:
        if isinstance(one, dict):
            message = Message(_text(one.get("id")), _text(one.get("text")))
            if message.id and message.text:
                yield message


def _items(value: Any) -> list[Any]:
    return value[:MOST] if isinstance(value, list) else []


def _text(value: Any) -> str:
    """Return a text or a whole number as one line; empty for anything else."""
    if type(value) is int:
        value = str(value) if abs(value) < 10**18 else ""
    return one_line(value[:LONGEST]) if isinstance(value, str) else ""


def _number(value: Any) -> float | None:
    if type(value) not in (int, float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if abs(number) < 1e7 else None
