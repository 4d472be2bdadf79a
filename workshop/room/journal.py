"""Whoever is told that something was taken can rely on it: the answer waits for a disk.

Facts are only ever added. One thread writes them, and all that wait are committed
together, so that five hundred people cost hardly more than one. A fact that carries a
key is taken once, however often it is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORM = 1
MOST_AT_ONCE = 500
_TABLE = """
create table if not exists fact (
  id integer primary key, at real not null, kind text not null, person integer,
  body text not null, key text unique
)"""


class JournalError(Exception):
    """The journal cannot be opened or read: one sentence says why."""


@dataclass(frozen=True)
class Fact:
    """Something that happened `at` a moment (seconds since 1970, the room's clock).

    `person` is the id of the attendee whom it concerns; `id` grows with every fact.
    """

    id: int
    at: float
    kind: str
    person: int | None = None
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A fact that is not yet written down."""

    at: float
    kind: str
    person: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    key: str | None = None


@dataclass
class _Order:
    draft: Draft
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Fact | None]


class Journal:
    """The facts of one session, in one file; `heard` gets each in its order.

    `heard` is called in the event loop, before whoever wrote the fact goes on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard: Callable[[Fact], None] = lambda fact: None
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._connection = _opened(path)
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def begin(self, kind: str, body: dict[str, Any]) -> None:
        """Write a fact before anybody listens, in place."""
        self._commit([Draft(time.time(), kind, None, body)])

    def facts(self) -> Iterator[Fact]:
        """Yield all facts in their order; JournalError where the file is damaged."""
        return read(self.path)

    async def write(
        self,
        at: float,
        kind: str,
        person: int | None = None,
        body: dict[str, Any] | None = None,
        key: str | None = None,
    ) -> Fact | None:
        """Return the fact once it is on the disk; None where its key is known already.

        Raises sqlite3.Error where the disk refuses.
        """
        loop = asyncio.get_running_loop()
        draft = Draft(at, kind, person, body or {}, key)
        order = _Order(draft, loop, loop.create_future())
        self._orders.put(order)
        return await order.done

    def close(self) -> None:
        """Write what still waits, and close the file."""
        self._orders.put(None)
        self._writer.join()
        self._connection.close()

    def _write(self) -> None:
        """Commit whatever waits, together, until there is nothing more to come."""
        while orders := self._waiting():
            try:
                facts = self._commit([order.draft for order in orders])
                told: list[Any] = list(facts)
            except Exception as error:  # whoever waits is told, and the next is written
                told = [error] * len(orders)
            waiting: dict[asyncio.AbstractEventLoop, list[tuple[_Order, Any]]] = {}
            for order, one in zip(orders, told, strict=True):
                waiting.setdefault(order.loop, []).append((order, one))
            for loop, pairs in waiting.items():
                with contextlib.suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(self._tell, pairs)

    def _waiting(self) -> list[_Order]:
        """Return orders as soon as there are any; none at the end."""
        orders = [self._orders.get()]
        while len(orders) < MOST_AT_ONCE and orders[-1] is not None:
            try:
                orders.append(self._orders.get_nowait())
            except queue.Empty:
                break
        if orders[-1] is None and len(orders) > 1:
            self._orders.put(None)
        return [order for order in orders if order is not None]

    def _commit(self, drafts: list[Draft]) -> list[Fact | None]:
        with self._connection as connection:
            return [_insert(connection, draft) for draft in drafts]

    def _tell(self, pairs: list[tuple[_Order, Any]]) -> None:
        """Answer those who wait; what one fact breaks is told to its writer alone."""
        for order, told in pairs:
            try:
                if isinstance(told, Fact):
                    self.heard(told)
            except Exception as error:
                told = error
            if order.done.cancelled():
                continue
            if isinstance(told, Exception):
                order.done.set_exception(told)
            else:
                order.done.set_result(told)


def _insert(connection: sqlite3.Connection, draft: Draft) -> Fact | None:
    row = (draft.at, draft.kind, draft.person, json.dumps(draft.body), draft.key)
    made = connection.execute(
        "insert or ignore into fact (at, kind, person, body, key)"
        " values (?, ?, ?, ?, ?)",
        row,
    )
    if not made.rowcount or made.lastrowid is None:
        return None
    return Fact(made.lastrowid, draft.at, draft.kind, draft.person, draft.body)


def read(path: Path) -> Iterator[Fact]:
    """Yield the facts of a journal, also of one that a room writes to meanwhile."""
    try:
        with contextlib.closing(sqlite3.connect(_address(path), uri=True)) as file:
            rows = file.execute(
                "select id, at, kind, person, body from fact order by id"
            )
            for number, at, kind, person, body in rows:
                yield Fact(number, at, kind, person, json.loads(body))
    except (sqlite3.Error, ValueError) as error:
        raise JournalError(f"{path} cannot be read ({error}).") from None


def _address(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


def _opened(path: Path) -> sqlite3.Connection:
    """Return a connection for the one thread that writes; JournalError says why not."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(path, check_same_thread=False, timeout=5)
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        _take_form(connection, path)
        _refuse_damage(connection)
        connection.execute(_TABLE)
        connection.commit()
    except (OSError, sqlite3.Error) as error:
        raise JournalError(f"{path} cannot be opened ({error}).") from None
    return connection


def _refuse_damage(connection: sqlite3.Connection) -> None:
    found = connection.execute("pragma quick_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError("it is damaged")


def _take_form(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a journal in a form of another version; mark a new one."""
    form = connection.execute("pragma user_version").fetchone()[0]
    if form not in (0, FORM):
        raise JournalError(
            f"{path} was written by another version of the kit. Start a new session: "
            "workshop room --new"
        )
    connection.execute(f"pragma user_version = {FORM}")
