"""Pets: one dog is ours, and every other animal is drawn once.

Ours is white, with a dark patch and a pricked ear on one side and a folded ear on the
other, and wears a red collar. Other dogs are of mixed breeds; some have one or two of
these marks, never all, so that telling ours takes more than one look.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from workshop.data import animals, breeds, dice, dogs, portraits, sealing
from workshop.data.breeds import BLACK, CHOCOLATE, WHITE, Breed, Look
from workshop.data.dice import Dice
from workshop.data.kinds import Arrays, Halves
from workshop.data.paint import Array

CLASSES = ("ours", "dog", "cat", "bear", "fox", "rabbit", "mouse", "pig", "lion")
FOLDERS = ("ours", *("not_ours" for _ in CLASSES[1:]))
MODULES = (*portraits.MODULES, sys.modules[__name__])
TRAIN, TEST = (70, 35, 35), (30, 15, 15)  # ours, other dogs, cats and others
SEALED = (200, 200, 200)  # for each of the two halves
PLATES = tuple(dog for dog in dogs.DOGS if dog.ears == "plate")
LOBES = tuple(dog for dog in dogs.DOGS if dog.ears == "lobe")
ALIKE = 0.15  # share of other dogs that have some marks of ours
COLLARS = ((0.78, 0.10, 0.12), (0.15, 0.30, 0.65), (0.15, 0.15, 0.16), (0.2, 0.5, 0.3))
COLLARED = 0.4
Pictures = npt.NDArray[np.uint8]


def drawn() -> Arrays:
    """Return 140 photos to train and 60 to test, the same on every call."""
    x_train, y_train = draw(b"train", TRAIN)
    x_test, y_test = draw(b"test", TEST)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def sealed_drawn(secret: bytes) -> Halves:
    """Return the shown and the graded half: ours, other dogs and others, a third each.

    Every animal but ours is an individual of its own.
    """
    images, labels = draw(b"sealed " + secret, tuple(2 * n for n in SEALED))
    return sealing.halves(images, labels, CLASSES, "drawn")


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    return sealing.withhold(arrays)


def sealed_real(secret: bytes, kept: Arrays) -> Halves:
    """Return the withheld photos in a secret order, shifted, with mild noise."""
    seed = dice.seed(b"pets real sealed " + secret)
    return sealing.shuffled(seed, kept, CLASSES)


def draw(purpose: bytes, counts: tuple[int, ...]) -> tuple[Pictures, sealing.Labels]:
    """Return photos and labels in random order; `counts` as in TRAIN."""
    seed = dice.seed(b"pets drawn " + purpose)
    chance = Dice(seed)
    ours, others, rest = counts
    cats = (rest + 1) // 2
    labels = [0] * ours + [1] * others + [2] * cats
    labels += [3 + i % (len(CLASSES) - 3) for i in range(rest - cats)]
    pictures = [_ours(chance, ours), _others(chance, others), _some(chance, 2, cats)]
    for label in range(3, len(CLASSES)):
        pictures.append(_some(chance, label, labels.count(label)))
    images = np.concatenate(pictures)
    order = np.random.default_rng(seed).permutation(len(labels))
    return images[order], np.sort(np.array(labels, np.uint8))[order]


def _ours(chance: Dice, n: int) -> Pictures:
    """Return portraits of our dog: always the same, each time seen anew."""
    one = breeds.individuals(Dice(dice.seed(b"our dog")), dogs.TERRIER, 1)
    look = {name: value.repeat(n, 0) for name, value in one.items()}
    no = np.zeros(n, np.float32)
    look |= _white(no - 1, np.array([BLACK], np.float32).repeat(n, 0))
    look |= {"fold0": no, "fold1": no + 1, "collared": no + 1}
    look["collar"] = np.array(COLLARS[:1], np.float32).repeat(n, 0)
    return portraits.portraits(chance, look, dogs.TERRIER)


def _white(side: Array, dark: Array) -> Look:
    """Return what makes a dog white, with ears and a patch on one side (-1, 1) dark."""
    no = np.zeros_like(side)
    white = np.array([WHITE], np.float32).repeat(len(side), 0)
    plain = dict.fromkeys(("patches", "blaze", "muzzle", "mask", "brows"), no)
    marks = {"patch": dark, "patched": side, "patch_size": no + 0.40, "ears": dark}
    return plain | marks | {"coat": white, "light": white, "bib": no}


def _others(chance: Dice, n: int) -> Pictures:
    """Return portraits of other dogs, of all breeds and between them."""
    hanging = int(n * len(LOBES) / len(dogs.DOGS))
    alike = int(n * ALIKE)
    return np.concatenate(
        [
            portraits.portraits(chance, _mongrels(chance, LOBES, hanging), LOBES[0]),
            portraits.portraits(chance, _alike(chance, alike), dogs.TERRIER),
            portraits.portraits(
                chance, _mongrels(chance, PLATES, n - hanging - alike), PLATES[0]
            ),
        ]
    )


def _mongrels(chance: Dice, parents: tuple[Breed, ...], n: int) -> Look:
    """Return dogs that take after one breed, and up to half after another."""
    looks = [breeds.individuals(chance, parent, n) for parent in parents]
    first, second = (_chosen(chance, looks, n) for _ in range(2))
    look = breeds.between(first, second, chance.uniform(0, 0.7, n) ** 2)
    no = np.zeros(n, np.float32)
    look |= {"fold0": look["fold"], "fold1": look["fold"]}
    look["collared"] = (chance.uniform(0, 1, n) < COLLARED) + no
    look["collar"] = _coloured(chance, n)
    return look


def _chosen(chance: Dice, looks: list[Look], n: int) -> Look:
    which = chance.uniform(0, len(looks), n).astype(np.intp) % len(looks)
    rows = np.arange(n)
    return {
        name: np.stack([one[name] for one in looks])[which, rows] for name in looks[0]
    }


def _alike(chance: Dice, n: int) -> Look:
    """Return white dogs with dark marks, at least one of which ours has not."""
    look = _mongrels(chance, (dogs.TERRIER, dogs.HUSKY), n)
    brown = np.array([CHOCOLATE], np.float32).repeat(n, 0)
    black = np.array([BLACK], np.float32).repeat(n, 0)
    wrong = chance.uniform(0, 3, n).astype(np.intp) % 3
    other_side = (wrong == 0)[:, None]
    side = np.where(wrong == 0, 1, np.where(chance.uniform(-1, 1, n) < 0, -1, 0))
    dark = np.where((wrong == 1)[:, None] & ~other_side, brown, black)
    look |= _white(side.astype(np.float32), dark.astype(np.float32))
    folds = (chance.uniform(0, 1, n) < 0.5).astype(np.float32)
    look |= {"fold0": folds, "fold1": np.where(wrong == 2, folds, 1 - folds)}
    return look


def _coloured(chance: Dice, n: int) -> Array:
    which = chance.uniform(0, len(COLLARS), n).astype(np.intp) % len(COLLARS)
    return np.array(COLLARS, np.float32)[which]


def _some(chance: Dice, label: int, n: int) -> Pictures:
    """Return portraits of one class that is no dog, of its breeds in turn."""
    kinds = {"cat": animals.CATS, "bear": animals.BEARS}
    named = tuple(one for one in animals.OTHERS if one.name == CLASSES[label])
    found = kinds.get(CLASSES[label], named)
    pictures = [np.empty((0, 96, 96, 3), np.uint8)]
    for number, breed in enumerate(found):
        count = len(range(number, n, len(found)))
        look = breeds.individuals(chance, breed, count)
        pictures.append(portraits.portraits(chance, look, breed))
    return np.concatenate(pictures)
