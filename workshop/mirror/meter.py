"""Whoever waits at a terminal sees how far it is; a log gets nothing of it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SECONDS = 0.5


@contextmanager
def meter(what: str, total: int, have: Callable[[], int]) -> Iterator[None]:
    """Show on one line what share of `total` bytes there is, until the block ends."""
    if not sys.stderr.isatty() or not total:
        yield
        return
    ended = threading.Event()

    def show() -> None:
        while not ended.wait(SECONDS):
            share = min(have() * 100 // total, 100)
            _line(f"  {what}: {share} % of {total / 1e6:,.0f} MB")

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        _line("")


def _line(text: str) -> None:
    print(f"\r{text:<70}", end="\r" if not text else "", file=sys.stderr, flush=True)
