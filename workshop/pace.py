"""A limit measured on one machine is scaled to another by the same small work.

The reference is the machine of `docs/measured.md`. A faster machine gets no shorter
limit; a limit is there to end what will never end, not to hurry anybody. What else runs
for a moment can only slow the work down, so the best of some tries counts.
"""

from __future__ import annotations

import functools
import sys
import time

REFERENCE_SECONDS = 0.02
SLOWEST = 20.0
TRIES = 8


@functools.cache
def scale() -> float:
    """Return how many times slower than the reference this machine is, 1 to 20."""
    best = SLOWEST * REFERENCE_SECONDS
    for _ in range(TRIES):
        best = min(best, _work())
        if best <= REFERENCE_SECONDS:
            return 1.0
    return best / REFERENCE_SECONDS


def _work() -> float:
    """Return the seconds of a fixed piece of Python and of matrix work."""
    import numpy as np

    matrix = np.full((300, 300), 1 / 300, np.float32)
    begin = time.perf_counter()
    for _ in range(20):
        matrix = matrix @ matrix
    total = 0
    for number in range(300_000):
        total += number & 7
    return time.perf_counter() - begin


def peak_mb() -> float | None:
    """Return the most memory this process has held, in MB, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
