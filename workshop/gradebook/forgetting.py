"""The one way in which a gradebook shrinks: somebody is forgotten, with all their rows.

A right to be forgotten weighs more than a record of everything. What is deleted is
overwritten, so that no byte of it stays in the file.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Collection
from pathlib import Path

from workshop.gradebook import form
from workshop.gradebook.book import Gradebook, GradebookError

_GUARD = "no_removal"


def forget(path: Path, people: Collection[str]) -> int:
    """Delete all grades of people by their names as stored; return how many rows.

    GradebookError where the file is none, or somebody else uses it.
    """
    with Gradebook(path):
        pass  # which says what is wrong with the file
    try:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as file:
            return _forget(file, people)
    except sqlite3.Error as error:
        raise GradebookError(f"{path} was not changed: {error}.") from None


def _forget(file: sqlite3.Connection, people: Collection[str]) -> int:
    guard = next(one for one in form.STATEMENTS if f"TRIGGER {_GUARD} " in one)
    marks = ", ".join("?" * len(people))
    file.execute("PRAGMA secure_delete = ON")
    file.execute("BEGIN IMMEDIATE")
    file.execute(f"DROP TRIGGER {_GUARD}")
    gone = file.execute(f"DELETE FROM grades WHERE person IN ({marks})", [*people])
    file.execute(guard)
    file.execute("COMMIT")
    scrub(file)
    return gone.rowcount


def scrub(file: sqlite3.Connection) -> None:
    """Leave nothing of what was deleted in a database, nor in its write-ahead log.

    sqlite3.OperationalError where somebody else reads it meanwhile.
    """
    file.execute("VACUUM")
    busy, _, _ = file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise sqlite3.OperationalError("somebody else uses it")
