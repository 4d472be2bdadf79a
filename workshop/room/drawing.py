"""Sealed sets are drawn in a process apart, which ends with the room, however it ends.

Drawing takes seconds of a whole core. The process waits at a pipe, so it also ends
where the room was killed; and it is begun again where it was killed itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workshop.data import Sealed

    Halves = tuple[Sealed, Sealed]


class Undrawn(Exception):
    """The process that draws has ended, or the room is closed."""


class Drawer:
    """Draws one set at a time; several threads may ask, and wait for their turn."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._closed = False

    def draw(self, name: str, secret: bytes, variant: str) -> Halves:
        """Return both halves of a set.

        Raises Undrawn, and DataError where the data cannot be had.
        """
        with self._turn:
            line = self._line if self._process and self._process.is_alive() else None
            line = line or self._begun()
            try:
                line.send((name, secret, variant))
                made = line.recv()
            except (EOFError, OSError):
                raise Undrawn("The process that draws has ended.") from None
        if isinstance(made, Exception):
            raise made
        halves: Halves = made
        return halves

    def _begun(self) -> Connection:
        if self._closed:
            raise Undrawn("The room is closed.")
        spawn = multiprocessing.get_context("spawn")
        self._line, theirs = spawn.Pipe()
        self._process = spawn.Process(target=_serve, args=(theirs,), daemon=True)
        with _ctrl_c_held_off():
            self._process.start()
        theirs.close()
        return self._line

    def close(self) -> None:
        """End the process, also in the middle of a set."""
        self._closed = True
        if self._process:
            self._process.terminate()


@contextlib.contextmanager
def _ctrl_c_held_off() -> Iterator[None]:
    """Start something meanwhile that never hears of Ctrl-C, where a system can."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(line: Connection) -> None:
    """Draw what is asked for until the other end is gone; Ctrl-C is the room's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from workshop import data

    with contextlib.suppress(EOFError, OSError):
        while True:
            asked = line.recv()
            try:
                made: Any = data.sealed(*asked)
            except Exception as error:  # whoever asked is told
                made = data.DataError(str(error))
            line.send(made)
