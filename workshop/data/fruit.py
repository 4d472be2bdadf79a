"""Fruit: six classes, where a spot is no rot and unripe is not bad.

Fresh fruit may be green, spotted or bruised; rotten fruit has soft brown places, mould
or wrinkles, often small or half turned away. So colour alone does not tell.
"""

from __future__ import annotations

import sys

import numpy as np

from workshop.data import dice, produce, sealing, still
from workshop.data.kinds import Arrays, Halves

STATES = (produce.fresh, produce.rotten)
CLASSES = tuple(
    f"{state.__name__} {fruit.name}" for state in STATES for fruit in produce.LESSON
)
FOLDERS = tuple(name.replace(" ", "_") for name in CLASSES)
MODULES = (*still.MODULES, sys.modules[__name__])
TRAIN, TEST = 1_200, 330
SEALED = 600  # for each of the two halves


def drawn() -> Arrays:
    """Return 1,200 photos to train and 330 to test, the same on every call."""
    x_train, y_train = _draw(b"train", TRAIN)
    x_test, y_test = _draw(b"test", TEST)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def sealed_drawn(secret: bytes) -> Halves:
    """Return the shown and the graded half, all classes alike."""
    images, labels = _draw(b"sealed " + secret, 2 * SEALED)
    return sealing.halves(images, labels, CLASSES, "drawn")


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    return sealing.withhold(arrays)


def sealed_real(secret: bytes, kept: Arrays) -> Halves:
    """Return the withheld photos in a secret order, shifted, with mild noise."""
    seed = dice.seed(b"fruit real sealed " + secret)
    return sealing.shuffled(seed, kept, CLASSES)


def _draw(purpose: bytes, n: int) -> tuple[sealing.Pictures, sealing.Labels]:
    """Return n photos in random order, of every class as many."""
    seed = dice.seed(b"fruit drawn " + purpose)
    chance = dice.Dice(seed)
    labels = np.random.default_rng(seed).permutation(n) % len(CLASSES)
    images = np.empty((n, still.SIDE, still.SIDE, 3), np.uint8)
    for label in range(len(CLASSES)):
        mine = np.flatnonzero(labels == label)
        state, kind = divmod(label, len(produce.LESSON))
        look = STATES[state](chance, len(mine))
        images[mine] = still.lives(chance, produce.LESSON[kind], look)
    return images, labels.astype(np.uint8)
