"""A drawn world of 36 classes, from which a network learns to see.

Animals, fruit and things share places, light and colours, so that a class is told by
shape, texture and colour together. Its seeds are its own: no picture and no animal of
it is in a lesson, and nothing says whether fruit is fresh.
"""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import numpy.typing as npt

from workshop.data import animals, breeds, dice, portraits, produce, still, things

MODULES: tuple[ModuleType, ...] = (
    *still.MODULES,
    things,
    sys.modules[__name__],
)
ANIMALS = (*animals.DOGS, *animals.CATS, *animals.BEARS, *animals.OTHERS)
_ALL = (*ANIMALS, *produce.FRUITS, *things.THINGS)
CLASSES: tuple[str, ...] = tuple(one.name for one in _ALL)
KINDS: dict[str, tuple[str, ...]] = {
    "dog": tuple(one.name for one in animals.DOGS),
    "cat": tuple(one.name for one in animals.CATS),
    "bear": tuple(one.name for one in animals.BEARS),
    "fruit": tuple(one.name for one in produce.FRUITS),
    "thing": tuple(one.name for one in things.THINGS),
} | {one.name: (one.name,) for one in animals.OTHERS}


def draw(purpose: bytes, n: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return n pictures (n, 96, 96, 3) and labels (n,), of every class about as many.

    The same purpose and n give the same pictures.
    """
    seed = dice.seed(b"world drawn " + purpose)
    labels = np.random.default_rng(seed).permutation(n) % len(CLASSES)
    images = np.empty((n, 96, 96, 3), np.uint8)
    chance = dice.Dice(seed)
    for number, one in enumerate(_ALL):
        mine = np.flatnonzero(labels == number)
        if len(mine):
            images[mine] = _pictures(chance, one, len(mine))
    return images, labels.astype(np.uint8)


def _pictures(
    chance: dice.Dice, one: breeds.Breed | produce.Fruit | things.Thing, n: int
) -> portraits.Pictures:
    if isinstance(one, breeds.Breed):
        return portraits.portraits(chance, breeds.individuals(chance, one, n), one)
    if isinstance(one, produce.Fruit):
        return still.lives(chance, one, produce.some_bad(chance, n))
    return things.pictures(chance, one, n)
