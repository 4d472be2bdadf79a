"""Photos are the hands of `signs` before they are shrunk: larger, in colour, any shape.

The grey square in the middle of a photo, averaged down to 28 by 28, looks like a sign,
so what was learned there serves here. Every photo is by a signer of its own.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from workshop.data import sealing, signs, studio
from workshop.data.dice import Dice, seed
from workshop.data.kinds import Arrays, Halves, Sealed
from workshop.data.signers import Takes, takes

CLASSES = signs.CLASSES
MODULES = (*signs.MODULES, sys.modules[__name__])
SHOWN = 96
SEALED = 240  # drawn for each of the two halves
SIDES = (60, 320)  # smallest and largest side in pixels
WIDEST = 1.6  # the longer side over the shorter
FINE = 90  # photos smaller than this are drawn at twice their size
NOISE = 3.0  # of the camera, in grey levels

Photo = npt.NDArray[np.uint8]


def drawn() -> Arrays:
    """Return 96 photos as `pictures.pack` packs them, and their labels."""
    from workshop.data import pictures

    photos, labels = draw(b"shown", SHOWN)
    return {"x_test": pictures.pack(photos), "y_test": labels}


def sealed_drawn(secret: bytes) -> Halves:
    """Return the shown and the graded half, 240 photos each, as lists."""
    photos, labels = draw(b"sealed " + secret, 2 * SEALED)
    return (
        _sealed(photos[:SEALED], labels[:SEALED]),
        _sealed(photos[SEALED:], labels[SEALED:]),
    )


def draw(purpose: bytes, n: int) -> tuple[list[Photo], sealing.Labels]:
    """Return n photos (height, width, 3) of many sizes, and their labels (n,).

    They depend on the purpose alone; letters come equally often, in random order.
    """
    number = seed(b"photos drawn " + purpose)
    labels = np.random.default_rng(number).permutation(np.arange(n) % len(CLASSES))
    dice = Dice(number)
    wanted = takes(dice, labels.astype(np.uint8), np.arange(n))
    sizes = _sizes(dice, n)
    photos = [
        _photo(dice, studio.some(wanted, np.array([i])), *sizes[i]) for i in range(n)
    ]
    return photos, labels.astype(np.uint8)


def _sizes(dice: Dice, n: int) -> npt.NDArray[np.intp]:
    """Return heights and widths (n, 2), small photos as often as large ones."""
    low, high = np.log(SIDES)
    longer = np.exp(dice.uniform(low, high, n))
    shorter = np.maximum(longer / dice.uniform(1, WIDEST, n), SIDES[0])
    upright = dice.uniform(0, 1, n) < 0.5
    heights = np.where(upright, longer, shorter)
    widths = np.where(upright, shorter, longer)
    return np.rint(np.stack([heights, widths], axis=1)).astype(np.intp)


def _photo(dice: Dice, wanted: Takes, height: int, width: int) -> Photo:
    finer = 2 if min(height, width) < FINE else 1
    light = studio.scenes(wanted, height * finer, width * finer, colour=True)
    light = studio.softened(studio.averaged(light, finer), wanted.soft)
    return studio.exposed(light, dice.normal(NOISE, *light.shape[:3], 1))[0]


def _sealed(photos: list[Photo], labels: sealing.Labels) -> Sealed:
    """Return photos as a frozen set, each a group of its own."""
    labels, groups = labels.copy(), np.arange(len(labels))
    for array in (labels, groups):
        array.flags.writeable = False
    for photo in photos:
        photo.flags.writeable = False
    return Sealed(photos, None, labels, CLASSES, groups, "drawn")
