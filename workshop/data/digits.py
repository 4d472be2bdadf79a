"""Digits: who writes for training never writes for a test, and half a test is kept.

Every draw has a purpose, and its seed is the SHA-256 of that purpose, so training,
test and sealed digits come from different writers by construction.
"""

from __future__ import annotations

import sys

import numpy as np

from workshop.data import dice, hand, sealing, strokes
from workshop.data.kinds import Arrays, Halves

CLASSES = tuple("0123456789")
MODULES = (dice, strokes, hand, sys.modules[__name__])
TRAIN, TEST = 12_000, 2_000
SEALED = 2_000  # drawn for each of the two halves


def drawn() -> Arrays:
    """Return 12,000 training and 2,000 test digits, the same on every call."""
    x_train, y_train = _draw(b"train", TRAIN, writers=400)
    x_test, y_test = _draw(b"test", TEST, writers=200)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    return sealing.withhold(arrays)


def sealed_drawn(secret: bytes) -> Halves:
    """Return the shown and the graded half, each digit by a writer of its own."""
    images, labels = _draw(b"sealed " + secret, 2 * SEALED, writers=2 * SEALED)
    return sealing.halves(images, labels, CLASSES, "drawn")


def sealed_real(secret: bytes, kept: Arrays) -> Halves:
    """Return the withheld digits in a secret order, shifted, with mild noise."""
    seed = dice.seed(b"digits real sealed " + secret)
    return sealing.shuffled(seed, kept, CLASSES)


def _draw(purpose: bytes, n: int, writers: int) -> tuple[hand.Pictures, hand.Labels]:
    seed = dice.seed(b"digits drawn " + purpose)
    labels = np.random.default_rng(seed).permutation(np.arange(n) % 10)
    return hand.draw(seed, labels.astype(np.uint8), writers), labels.astype(np.uint8)
