"""Digits: who writes for training never writes for a test, and half a test is kept.

Every draw has a purpose, and its seed is the SHA-256 of that purpose, so training,
test and sealed digits come from different writers by construction. Of the real test
pictures, half are withheld: their own SHA-256 says which, so that no list is kept.
"""

from __future__ import annotations

import hashlib

import numpy as np

from workshop.data import hand
from workshop.data.kinds import Arrays, Sealed

CLASSES = tuple("0123456789")
TRAIN, TEST = 12_000, 2_000
SEALED = 2_000  # drawn for each of the two halves
SHIFT = 0.5  # largest secret shift of a real picture, in pixels
NOISE = 4.0  # standard deviation of the noise on its ink, in grey levels


def drawn() -> Arrays:
    """Return 12,000 training and 2,000 test digits, the same on every call."""
    x_train, y_train = _draw(b"train", TRAIN, writers=400)
    x_test, y_test = _draw(b"test", TEST, writers=200)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    x, y = arrays["x_test"], arrays["y_test"]
    hidden = np.array([_is_withheld(picture.tobytes()) for picture in x])
    return arrays | {
        "x_test": x[~hidden],
        "y_test": y[~hidden],
        "x_withheld": x[hidden],
        "y_withheld": y[hidden],
    }


def sealed_drawn(secret: bytes) -> tuple[Sealed, Sealed]:
    """Return the shown and the graded half, each digit by a writer of its own."""
    images, labels = _draw(b"sealed " + secret, 2 * SEALED, writers=2 * SEALED)
    return _halves(images, labels, "drawn")


def sealed_real(secret: bytes, kept: Arrays) -> tuple[Sealed, Sealed]:
    """Return the withheld digits in a secret order, shifted, with mild noise."""
    random = np.random.default_rng(_seed(b"digits real sealed " + secret))
    order = random.permutation(len(kept["y_withheld"]))
    images = _disturb(random, kept["x_withheld"][order])
    return _halves(images, kept["y_withheld"][order], "real")


def _draw(purpose: bytes, n: int, writers: int) -> tuple[hand.Pictures, hand.Labels]:
    seed = _seed(b"digits drawn " + purpose)
    labels = np.random.default_rng(seed).permutation(np.arange(n) % 10)
    return hand.draw(seed, labels.astype(np.uint8), writers), labels.astype(np.uint8)


def _seed(purpose: bytes) -> int:
    return int.from_bytes(hashlib.sha256(purpose).digest(), "big")


def _is_withheld(item: bytes) -> bool:
    return hashlib.sha256(item).digest()[0] % 2 == 1


def _disturb(random: np.random.Generator, images: hand.Pictures) -> hand.Pictures:
    """Return pictures moved by parts of a pixel, with noise where there is ink."""
    moved = images.astype(np.float32)
    for axis in (1, 2):
        amount = random.uniform(-SHIFT, SHIFT, (len(images), 1, 1)).astype(np.float32)
        ahead, behind = np.roll(moved, 1, axis), np.roll(moved, -1, axis)
        share = np.abs(amount)
        moved = (1 - share) * moved + share * np.where(amount > 0, ahead, behind)
    noise = random.normal(0, NOISE, images.shape) * (moved > 0)
    return np.rint(np.clip(moved + noise, 0, 255)).astype(np.uint8)


def _halves(
    images: hand.Pictures, labels: hand.Labels, variant: str
) -> tuple[Sealed, Sealed]:
    """Return the two frozen halves (shown, graded) of items in random order."""
    middle = len(labels) // 2
    return (
        _seal(images[:middle], labels[:middle], variant),
        _seal(images[middle:], labels[middle:], variant),
    )


def _seal(images: hand.Pictures, labels: hand.Labels, variant: str) -> Sealed:
    images, labels = images.copy(), labels.copy()
    groups = np.arange(len(labels))
    for array in (images, labels, groups):
        array.flags.writeable = False
    return Sealed(images, None, labels, CLASSES, groups, variant)
