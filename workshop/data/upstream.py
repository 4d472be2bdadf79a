"""After upstream could not be reached it is left alone for an hour.

So no lesson waits again and again for a network that is not there. A clock that makes
no sense counts as long ago.
"""

from __future__ import annotations

import time
from pathlib import Path

from workshop.data import store

RETRY_SECONDS = 3600.0


def left_alone() -> bool:
    """Tell whether upstream failed within the hour."""
    try:
        since = time.time() - float(_note().read_text("ascii"))
    except (OSError, ValueError):
        return False
    return 0 <= since < RETRY_SECONDS


def remember() -> None:
    """Note that upstream was not reached now."""
    try:
        _note().write_text(str(int(time.time())), "ascii")
    except OSError:
        pass


def forget() -> None:
    """Note that upstream was reached."""
    store.remove(_note())


def _note() -> Path:
    return store.home() / "unreachable"
