"""Every data set has two variants, and a learner is always told which one is in use.

This is the face of the package: `choose`, `arrays`, `sealed`, `inventory`, `prepare`.
"""

from __future__ import annotations

from workshop.data import digits
from workshop.data.kinds import Arrays, Choice, DataError, Entry, Sealed

__all__ = [
    "Arrays",
    "Choice",
    "DataError",
    "Entry",
    "Sealed",
    "arrays",
    "choose",
    "sealed",
]


def choose(name: str) -> Choice:
    """Return the variant of `name` that this machine uses."""
    return Choice("drawn", "drawn by this kit")


def arrays(name: str, variant: str) -> Arrays:
    """Return x_train, y_train, x_test and y_test of one variant."""
    return digits.drawn()


def sealed(name: str, secret: bytes, variant: str) -> tuple[Sealed, Sealed]:
    """Return the shown and the graded half of unseen items; secret decides which."""
    return digits.sealed_drawn(secret)
