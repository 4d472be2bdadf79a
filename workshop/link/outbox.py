"""What a room has not been told yet lies in small files, one for each report.

A report is written before anybody is called, so that no network can lose it, and goes
away once the room has said that it took it. Sending twice does no harm. Each room has
a folder of its own: what was meant for one is never sent to another.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop.progress import Folder

MOST = 500
LARGEST = 256 * 1024
"""Bytes of one file; a report takes some thousand."""
OLDEST_SECONDS = 1e8


@dataclass(frozen=True)
class Waiting:
    """A report in its file: what happened, and when by the wall clock."""

    path: Path
    id: str
    made: float
    report: dict[str, Any]

    def message(self) -> dict[str, Any]:
        """Return what is sent; its age is 0 where a clock was set back."""
        age = min(max(0.0, time.time() - self.made), OLDEST_SECONDS)
        return {**self.report, "id": self.id, "age": round(age, 1)}


class Outbox:
    """The reports for one room, oldest first."""

    def __init__(self, folder: Folder, room: str) -> None:
        self._folder = folder
        self._place = folder.hidden / "outbox" / room

    def put(self, report: dict[str, Any]) -> None:
        """Keep a report; the oldest go where there are more than 500."""
        number = max((_number(path) for path in self._paths()), default=0) + 1
        name = secrets.token_hex(16)
        kept = {"id": name, "made": time.time(), "report": report}
        path = self._place / f"{number:08}-{name}.json"
        if self._folder.keep(path, json.dumps(kept)):
            self.remove(self._paths()[:-MOST])

    def first(self, count: int, tried: Collection[str] = ()) -> list[Waiting]:
        """Return the oldest reports but those `tried`; other files are taken away."""
        found: list[Waiting] = []
        for path in self._paths():
            if len(found) == count:
                break
            with contextlib.suppress(OSError):
                waiting = _read(path)
                if waiting is None:
                    self.remove([path])
                elif waiting.id not in tried:
                    found.append(waiting)
        return found

    def remove(self, paths: list[Path]) -> None:
        """Take files away, also those that somebody else takes away."""
        for path in paths:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything that was not sent."""
        self.remove(self._paths())
        with contextlib.suppress(OSError):
            self._place.rmdir()

    def __len__(self) -> int:
        return len(self._paths())

    def _paths(self) -> list[Path]:
        return sorted(self._place.glob("[0-9]*-*.json"))


def _number(path: Path) -> int:
    head = path.name.partition("-")[0]
    return int(head) if head.isdecimal() else 0


def _read(path: Path) -> Waiting | None:
    """Return what a file holds; None where that is no report; raises OSError."""
    with path.open("rb") as file:
        content = file.read(LARGEST)
    try:
        kept = json.loads(content)
        name, made, report = kept["id"], kept["made"], kept["report"]
        if type(name) is str and isinstance(report, dict):
            return Waiting(path, name, float(made), report)
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        pass
    return None
