"""A drawn world of 42 classes, from which a network learns to see.

Animals, fruit and things share places, light and colours, so that a class is told by
shape, texture and colour together. Its seeds are its own: no picture and no animal of
it is in a lesson. Rot is named on five kinds of fruit; the lesson's own go by the name
of the fruit, bad or not, so what the network knows of rot must be carried over.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import numpy as np
import numpy.typing as npt

from workshop.data import animals, breeds, dice, dogs, portraits, produce, still, things

State = tuple[produce.Fruit, Callable[[dice.Dice, int], breeds.Look]]
MODULES: tuple[ModuleType, ...] = (
    *still.MODULES,
    things,
    sys.modules[__name__],
)
ANIMALS = (*dogs.DOGS, *animals.CATS, *animals.BEARS, *animals.OTHERS)
FRUITS: dict[str, State] = {
    **{one.name: (one, produce.some_bad) for one in produce.LIKE_LESSON},
    **{one.name: (one, produce.fresh) for one in produce.OTHERS},
    **{f"rotten {one.name}": (one, produce.rotten) for one in produce.OTHERS},
}
_SUBJECTS: dict[str, breeds.Breed | State | things.Thing] = {
    **{one.name: one for one in ANIMALS},
    **FRUITS,
    **{one.name: one for one in things.THINGS},
}
CLASSES: tuple[str, ...] = tuple(_SUBJECTS)
KINDS: dict[str, tuple[str, ...]] = {
    "dog": tuple(one.name for one in dogs.DOGS),
    "cat": tuple(one.name for one in animals.CATS),
    "bear": tuple(one.name for one in animals.BEARS),
    "fruit": tuple(FRUITS),
    "thing": tuple(one.name for one in things.THINGS),
} | {one.name: (one.name,) for one in animals.OTHERS}


def draw(purpose: bytes, n: int) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Return n pictures (n, 96, 96, 3) and labels (n,), of every class about as many.

    The same purpose and n give the same pictures.
    """
    seed = b"world drawn " + purpose
    labels = np.random.default_rng(dice.seed(seed)).permutation(n) % len(CLASSES)
    images = np.empty((n, 96, 96, 3), np.uint8)

    def fill(label: int) -> None:
        mine = np.flatnonzero(labels == label)
        chance = dice.Dice(dice.seed(seed + b" %d" % label))
        if len(mine):
            images[mine] = _pictures(chance, _SUBJECTS[CLASSES[label]], len(mine))

    with ThreadPoolExecutor(os.cpu_count()) as together:
        list(together.map(fill, range(len(CLASSES))))
    return images, labels.astype(np.uint8)


def _pictures(
    chance: dice.Dice, one: breeds.Breed | State | things.Thing, n: int
) -> portraits.Pictures:
    if isinstance(one, breeds.Breed):
        return portraits.portraits(chance, breeds.individuals(chance, one, n), one)
    if isinstance(one, things.Thing):
        return things.pictures(chance, one, n)
    fruit, state = one
    return still.lives(chance, fruit, state(chance, n))
