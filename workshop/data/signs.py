"""Signs: few signers train, and every unseen picture is by a signer of its own.

Accuracy on pictures of known signers flatters; what counts is a hand never seen
before. Kaggle's labels have a gap at J, which is closed here: label 0 is A, 23 is Y.
"""

from __future__ import annotations

import sys

import numpy as np

from workshop.data import (
    dice,
    pixelrows,
    poses,
    sealing,
    shading,
    signers,
    skeleton,
    studio,
)
from workshop.data.kinds import Arrays, Halves

CLASSES = tuple(poses.LETTERS)
MODULES = (dice, poses, skeleton, shading, signers, studio, sys.modules[__name__])
SIDE = 28
SIGNERS, EACH = 8, 40  # signers who train, and pictures of each letter by each
TEST = 2_016
SEALED = 2_016  # drawn for each of the two halves
BATCH = 64
FINER = 2  # drawn this much larger, then averaged
NOISE = 1.5  # of the camera, in grey levels
GAP = 9  # Kaggle's number for J, which no picture has


def drawn() -> Arrays:
    """Return 7,680 pictures to train and 2,016 to test, the same on every call."""
    x_train, y_train = _draw(b"train", SIGNERS * EACH * len(CLASSES), SIGNERS)
    x_test, y_test = _draw(b"test", TEST, TEST)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def sealed_drawn(secret: bytes) -> Halves:
    """Return the shown and the graded half, each picture by a signer of its own."""
    images, labels = _draw(b"sealed " + secret, 2 * SEALED, 2 * SEALED)
    return sealing.halves(images, labels, CLASSES, "drawn")


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    return sealing.withhold(arrays)


def sealed_real(secret: bytes, kept: Arrays) -> Halves:
    """Return the withheld signs in a secret order, shifted, with mild noise."""
    seed = dice.seed(b"signs real sealed " + secret)
    return sealing.shuffled(seed, kept, CLASSES)


def from_csv(train: bytes, test: bytes) -> Arrays:
    """Return the arrays of Kaggle's two CSV files; ValueError says what is wrong."""
    x_train, y_train = _read("to train", train)
    x_test, y_test = _read("to test", test)
    return {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}


def _read(purpose: str, content: bytes) -> tuple[sealing.Pictures, sealing.Labels]:
    """Return pictures and labels 0 to 23 of one file, in whose labels 9 is left out."""
    try:
        images, labels = pixelrows.read(content)
    except ValueError as error:
        raise ValueError(f"the file {purpose}: {error}") from None
    wrong = (labels == GAP) | (labels > len(CLASSES))
    if wrong.any():
        line = int(wrong.argmax())
        raise ValueError(
            f"the file {purpose}: picture {line + 1} has the label {labels[line]}; "
            f"labels are 0 to {len(CLASSES)} without {GAP} (J)"
        )
    return images, labels - (labels > GAP)


def _draw(
    purpose: bytes, n: int, people: int
) -> tuple[sealing.Pictures, sealing.Labels]:
    """Return n pictures in random order, every signer signing every letter alike."""
    seed = dice.seed(b"signs drawn " + purpose)
    order = np.random.default_rng(seed).permutation(n)
    labels = (order % len(CLASSES)).astype(np.uint8)
    who = order // len(CLASSES) % people if people < n else order
    chance = dice.Dice(seed)
    wanted = signers.takes(chance, labels, who)
    images = np.zeros((n, SIDE, SIDE), np.uint8)
    for letter in range(len(CLASSES)):
        mine = np.flatnonzero(labels == letter)
        mine = mine[np.argsort(wanted.box[mine])]
        for part in np.split(mine, range(BATCH, len(mine), BATCH)):
            images[part] = _pictures(chance, studio.some(wanted, part))
    return images, labels


def _pictures(chance: dice.Dice, wanted: signers.Takes) -> sealing.Pictures:
    fine = studio.scenes(wanted, SIDE * FINER, SIDE * FINER, colour=False)
    light = studio.softened(studio.averaged(fine, FINER), wanted.soft)
    return studio.exposed(light, chance.normal(NOISE, *light.shape))[..., 0]
