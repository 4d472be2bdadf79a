"""The room's clock never goes back, whatever is done to the one of its machine.

It follows the machine's clock forward, also over a night with the lid closed. Where
that clock is set back, the room goes on as if it had not been.
"""

from __future__ import annotations

import time


class Clock:
    """Gives moments in seconds since 1970, none before `last` or the one before."""

    def __init__(self, last: float = 0.0) -> None:
        self._ahead = max(0.0, last - time.time())
        self._offset = time.time() - time.monotonic()

    def now(self) -> float:
        wall = time.time()
        offset = wall - time.monotonic()
        self._ahead += max(0.0, self._offset - offset)
        self._offset = offset
        return wall + self._ahead
