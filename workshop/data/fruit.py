"""Fruit: six classes, where a spot is no rot and unripe is not bad.

Fresh fruit may be green, spotted or bruised; rotten fruit has soft brown places, mould
or wrinkles. So colour alone does not tell. But no case is in doubt, as some are in the
drawn world: what is fresh is hardly bruised, and what is rotten is far gone, yet still
to be known for what it was.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from workshop.data import dice, produce, sealing, still
from workshop.data.breeds import Look
from workshop.data.kinds import Arrays, Halves

State = Callable[[dice.Dice, int], Look]
STATES = (produce.fresh, produce.rotten)
CLEAR: dict[State, dict[str, tuple[float, float]]] = {
    produce.fresh: {"spots": (0.0, 0.3), "bruise": (0.0, 0.2)},
    produce.rotten: {"rot": (0.6, 0.4), "wrinkles": (0.5, 0.5), "mould": (0.0, 0.4)},
}
"""Amounts of either state as (least, share of what the world has above it)."""
SPREAD = {produce.BANANA: (0.85, 0.15)}  # how far a bad place reaches
SPREAD_ELSE = (0.0, 0.85)
CLASSES = tuple(
    f"{state.__name__} {fruit.name}" for state in STATES for fruit in produce.LESSON
)
FOLDERS = tuple(name.replace(" ", "_") for name in CLASSES)
MODULES = (*still.MODULES, sys.modules[__name__])
TRAIN, TEST = 960, 300
SEALED = 600  # for each of the two halves


def drawn() -> Arrays:
    """Return 960 photos to train and 300 to test, the same on every call."""
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
        one = produce.LESSON[kind]
        look = _look(chance, STATES[state], one, len(mine))
        images[mine] = still.lives(chance, one, look)
    return images, labels.astype(np.uint8)


def _look(chance: dice.Dice, state: State, one: produce.Fruit, n: int) -> Look:
    """Return how n fruit in a state look, each a clear case."""
    look = state(chance, n)
    amounts = CLEAR[state] | {"reach": SPREAD.get(one, SPREAD_ELSE)}
    for name, (least, share) in amounts.items():
        look[name] = least + share * look[name]
    return look
