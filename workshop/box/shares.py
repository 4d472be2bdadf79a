"""No box computes on another's cores: they are dealt out among what runs at once.

A kernel may give every process the same time, and then whoever starts hundreds of them
takes it from the others. A second box for the same work shares the cores of its first.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(eq=False)
class Share:
    """Some cores, and how many boxes have them now."""

    cores: list[int]
    boxes: int = 0


class Shares:
    """The cores of this process, dealt out for so many boxes `at_once`."""

    def __init__(self, at_once: int = 1) -> None:
        cores = sorted(os.sched_getaffinity(0))
        count = max(1, min(at_once, len(cores)))
        self._dealt = [Share(cores[number::count]) for number in range(count)]
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def one(self, share: Share | None = None) -> Iterator[Share]:
        """Give a box this share, or the one that the fewest have."""
        with self._lock:
            share = share or min(self._dealt, key=lambda one: one.boxes)
            share.boxes += 1
        try:
            yield share
        finally:
            with self._lock:
                share.boxes -= 1
