"""A gradebook only grows, and which row counts is decided by its number.

It is one SQLite file: a clock may be set back, row numbers are not. The write-ahead log
with synchronous=FULL keeps every recorded grade through a kill and a power cut. Several
threads and processes may record at once; the file belongs on a local disk.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workshop.gradebook import form
from workshop.gradebook.grade import Grade

_PATIENCE_SECONDS = 60.0
_SELECTED = f"SELECT number, {', '.join(form.READ)} FROM"
_INSERT = f"""INSERT INTO grades ({", ".join(form.WRITTEN)})
VALUES ({", ".join(f":{name}" for name in form.WRITTEN)})"""
_LOCKED = (
    "lies where nothing can be written, and SQLite writes beside a file that it reads. "
    "Copy it, with what is named like it beside it, to a folder of your own."
)
_SAME = "WHERE key = ? AND person = ? AND name = ? ORDER BY number DESC LIMIT 1"


class GradebookError(Exception):
    """A gradebook that cannot be read or written: one sentence says why."""


class Gradebook:
    """An open gradebook, made where there is none; close it, or use it with `with`.

    GradebookError where the file is none, is damaged, is of a later form, or cannot be
    read or written. The file is then left as it was.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._explained():
            if not path.exists():
                path.touch(0o600)
            self._database = sqlite3.connect(
                path,
                timeout=_PATIENCE_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                self._prepare()
            except BaseException:
                self._database.close()
                raise

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def record(self, grade: Grade, again: bool = False) -> bool:
        """Add a grade; return False where the same work has its grade already.

        The same is work with the same key, person and name. A grade that is open may be
        followed by another; `again` adds one in any case.
        """
        row = form.row(grade)
        same = row["key"], row["person"], row["name"]
        query = f"SELECT outcome FROM grades {_SAME}"
        with self._lock, self._explained(), self._writing():
            before = self._database.execute(query, same).fetchone()
            if before and before[0] != "broken" and not again:
                return False
            self._database.execute(_INSERT, row)
        return True

    def find(self, key: str, person: str, name: str) -> Grade | None:
        """Return the newest grade of this work, or None; None also where it is open."""
        same = map(form.storable, (key, person, name))
        found = self._read(f"{_SELECTED} grades {_SAME}", *same)
        return None if not found or found[0].open else found[0]

    def latest(self) -> list[Grade]:
        """Return the grades that count: the newest of each person in each lesson."""
        return self._read(f"{_SELECTED} latest ORDER BY number")

    def all(self) -> list[Grade]:
        """Return every grade ever recorded, the oldest first."""
        return self._read(f"{_SELECTED} grades ORDER BY number")

    def _read(self, query: str, *values: str) -> list[Grade]:
        with self._lock, self._explained():
            rows = self._database.execute(query, values)
            return [self._grade(number, row) for number, *row in rows]

    def _grade(self, number: int, row: list[Any]) -> Grade:
        try:
            return form.grade(row)
        except (ValueError, TypeError, RecursionError) as error:
            raise GradebookError(
                f"Row {number} of {self.path} cannot be read ({error}). "
                "It is left as it is."
            ) from error

    def _prepare(self) -> None:
        """Make the tables where the file is new; refuse what is no gradebook."""
        self._database.execute("PRAGMA synchronous = FULL")
        self._is_made()
        self._switch_to_wal()
        with self._writing():
            if not self._is_made():
                for statement in form.STATEMENTS:
                    self._database.execute(statement)

    def _is_made(self) -> bool:
        """Return whether the tables are there; GradebookError where others are.

        The tables are counted first: somebody else may be making them meanwhile.
        """
        tables, made, application = (
            self._database.execute(query).fetchone()[0]
            for query in (
                "SELECT count(*) FROM sqlite_master",
                "PRAGMA user_version",
                "PRAGMA application_id",
            )
        )
        if application != form.APPLICATION and (application or made or tables):
            raise GradebookError(f"{self.path} is no gradebook. Name another file.")
        if made > form.FORM:
            raise GradebookError(
                f"{self.path} was written by a later version of the kit (form {made}; "
                f"this one reads form {form.FORM}). Update the kit."
            )
        return bool(made)

    def _switch_to_wal(self) -> None:
        """Use the write-ahead log; SQLite does not wait for others here, so we do."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self._database.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if _kind(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        """Hold the gradebook alone; where something goes wrong nothing is written."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._database.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise GradebookError(_sentence(self.path, error)) from error
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise GradebookError(f"{self.path} cannot be opened: {why}.") from error


def _kind(error: sqlite3.Error) -> int:
    """Return SQLite's primary code of an error, 0 where it has none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _sentence(path: Path, error: sqlite3.Error) -> str:
    """Say what SQLite met, and what to do."""
    if path.is_dir():
        return f"{path} is a folder. Name the gradebook in it."
    said = {
        sqlite3.SQLITE_FULL: "was not written to: the disk is full. What it holds is "
        "whole. Make room and run the same command again.",
        sqlite3.SQLITE_IOERR: f"was not read or written: {error}. What it holds is "
        "left as it is. See to the disk and run the same command again.",
        sqlite3.SQLITE_NOTADB: "is no gradebook. Name another file.",
        sqlite3.SQLITE_CORRUPT: "is damaged, and is left as it is. Use a copy, or save "
        'what can be read with the command ".recover" of sqlite3.',
        **dict.fromkeys((sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN), _LOCKED),
        sqlite3.SQLITE_BUSY: "is held by another program. Try again when that is done.",
    }.get(_kind(error), f"cannot be used: {error}.")
    return f"{path} {said}"
