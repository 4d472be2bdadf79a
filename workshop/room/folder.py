"""Everything a room keeps lies in one folder: deleting that folder forgets it all.

A session is one journal in it. The last one goes on until another is begun; secret,
gradebook and key outlive sessions, and so do the timings, which name nobody.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import secrets
import shutil
import statistics
from collections.abc import Iterator
from pathlib import Path

from workshop import progress
from workshop.certificate import KEY_FILE
from workshop.room import keys
from workshop.vault import BOOK, Vault

SESSIONS, WORKS, REPORTS = "sessions", "works", "reports"
TIMINGS = "timings.json"


class RoomFolder:
    """The folder of a room, with what it holds by name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.vault = Vault(path)
        self.key = path / KEY_FILE
        self.timings = path / TIMINGS
        self.book = path / BOOK

    @classmethod
    def of(cls, session: Path) -> RoomFolder:
        """Return the folder in which a session's journal lies."""
        return cls(session.parent.parent)

    def sessions(self) -> list[Path]:
        """Return the journals of all sessions, the oldest first."""
        return sorted((self.path / SESSIONS).glob("*.sqlite"), key=_order)

    def works(self, session: Path) -> Path:
        """Return the folder of what was handed in in a session."""
        return self.path / WORKS / session.stem

    def report(self, session: Path) -> Path:
        """Return the place of the page about a session."""
        return self.path / REPORTS / f"{session.stem}.html"

    def new(self) -> Path:
        """Return the place of a journal for a session that begins today.

        It is the last one in order, also after the clock was set back.
        """
        day, number = datetime.date.today().isoformat(), 0
        for last in self.sessions()[-1:]:
            day, number = max((day, 0), _order(last))
        return self.path / SESSIONS / f"{day}-{number + 1}.sqlite"

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Yield whether no other room uses this folder; hold it if so."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.path / "lock").open("a+b") as file:
            yield progress.try_lock(file.fileno())

    def forget(self, session: Path) -> None:
        """Delete a session: its journal, what was handed in, and its page."""
        for path in session.parent.glob(f"{session.name}*"):
            path.unlink()
        if self.works(session).is_dir():
            shutil.rmtree(self.works(session))
        self.report(session).unlink(missing_ok=True)

    def took(self) -> dict[str, list[float]]:
        """Return the minutes that each lesson took, a number for each session."""
        took: dict[str, list[float]] = {}
        for session in _timings(self.timings).values():
            for stem, minutes in session.items():
                took.setdefault(stem, []).append(minutes)
        return took

    def measured(self) -> dict[str, float]:
        """Return the median minutes that each lesson took in earlier sessions."""
        return {stem: statistics.median(found) for stem, found in self.took().items()}

    def learn(self, session: str, minutes: dict[str, float]) -> None:
        """Keep how long lessons took in a session; learning twice changes nothing."""
        known = _timings(self.timings) | {session: minutes}
        progress.write(self.timings, json.dumps(known, indent=1) + "\n")


def _order(session: Path) -> tuple[str, int]:
    day, _, number = session.stem.rpartition("-")
    return day, int(number) if number.isdecimal() else 0


def _timings(path: Path) -> dict[str, dict[str, float]]:
    """Return minutes by session and lesson; what is damaged counts as never learned."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {
        session: {s: float(m) for s, m in lessons.items() if isinstance(m, int | float)}
        for session, lessons in (found.items() if isinstance(found, dict) else ())
        if isinstance(lessons, dict)
    }


def new_room() -> str:
    return secrets.token_hex(8)


def new_code() -> str:
    return keys.code(keys.CODE)
