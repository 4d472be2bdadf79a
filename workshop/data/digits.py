"""Digits, drawn: who writes for training never writes for a test.

Every draw has a purpose, and its seed is the SHA-256 of that purpose, so training,
test and sealed digits come from different writers by construction.
"""

from __future__ import annotations

import hashlib

import numpy as np

from workshop.data import hand
from workshop.data.kinds import Arrays, Sealed

CLASSES = tuple("0123456789")
TRAIN, TEST = 12_000, 2_000
SEALED = 1_000  # in each of the two halves


def drawn() -> Arrays:
    """Return 12,000 training and 2,000 test digits, the same on every call."""
    x_train, y_train = _draw(b"train", TRAIN, writers=400)
    x_test, y_test = _draw(b"test", TEST, writers=200)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def sealed_drawn(secret: bytes) -> tuple[Sealed, Sealed]:
    """Return 1,000 shown and 1,000 graded digits, each by a writer of its own."""
    images, labels = _draw(b"sealed " + secret, 2 * SEALED, writers=2 * SEALED)
    return halves(images, labels, "drawn")


def halves(
    images: hand.Pictures, labels: hand.Labels, variant: str
) -> tuple[Sealed, Sealed]:
    """Return the two frozen halves (shown, graded) of items in random order."""
    middle = len(labels) // 2
    return (
        _seal(images[:middle], labels[:middle], variant),
        _seal(images[middle:], labels[middle:], variant),
    )


def _draw(purpose: bytes, n: int, writers: int) -> tuple[hand.Pictures, hand.Labels]:
    seed = int.from_bytes(hashlib.sha256(b"digits drawn " + purpose).digest())
    labels = np.random.default_rng(seed).permutation(np.arange(n) % 10)
    return hand.draw(seed, labels.astype(np.uint8), writers), labels.astype(np.uint8)


def _seal(images: hand.Pictures, labels: hand.Labels, variant: str) -> Sealed:
    images, labels = images.copy(), labels.copy()
    groups = np.arange(len(labels))
    for array in (images, labels, groups):
        array.flags.writeable = False
    return Sealed(images, None, labels, CLASSES, groups, variant)
