"""What sealed sets have in common: seeds, halves, and real pictures made fresh.

Of real test pictures, half are withheld: their own SHA-256 says which, so that no
list is kept. A sealed one is shifted by part of a pixel and has mild noise, so that
it is not found by looking it up.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from workshop.data.kinds import Arrays, Halves, Sealed

Pictures = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]

SHIFT = 0.5  # largest secret shift of a real picture, in pixels
NOISE = 4.0  # standard deviation of the noise where it is not black, in grey levels


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    x, y = arrays["x_test"], arrays["y_test"]
    hidden = np.array([_is_withheld(picture.tobytes()) for picture in x], bool)
    return arrays | {
        "x_test": x[~hidden],
        "y_test": y[~hidden],
        "x_withheld": x[hidden],
        "y_withheld": y[hidden],
    }


def _is_withheld(item: bytes) -> bool:
    return hashlib.sha256(item).digest()[0] % 2 == 1


def shuffled(
    seed: int, kept: Arrays, classes: tuple[str, ...], variant: str = "real"
) -> Halves:
    """Return the withheld pictures (n, h, w, …) in an order of `seed`, disturbed."""
    random = np.random.default_rng(seed)
    order = random.permutation(len(kept["y_withheld"]))
    images = disturbed(random, kept["x_withheld"][order])
    return halves(images, kept["y_withheld"][order], classes, variant)


def disturbed(random: np.random.Generator, images: Pictures) -> Pictures:
    """Return pictures moved by parts of a pixel, with noise where it is not black."""
    moved = images.astype(np.float32)
    each = (len(images), *[1] * (images.ndim - 1))
    for axis in (1, 2):
        amount = random.uniform(-SHIFT, SHIFT, each).astype(np.float32)
        share = np.abs(amount)
        near = np.where(amount > 0, _moved(moved, -1, axis), _moved(moved, 1, axis))
        moved = (1 - share) * moved + share * near
    noise = random.normal(0, NOISE, images.shape) * (moved > 0)
    return np.rint(np.clip(moved + noise, 0, 255)).astype(np.uint8)


def _moved(images: npt.NDArray[np.float32], by: int, axis: int):  # type: ignore[no-untyped-def]
    """Return images in which each pixel is its neighbour; edges stay."""
    size = images.shape[axis]
    return np.take(images, np.clip(np.arange(size) + by, 0, size - 1), axis)


def halves(
    images: Pictures, labels: Labels, classes: tuple[str, ...], variant: str
) -> Halves:
    """Return the two frozen halves (shown, graded) of items in random order."""
    middle = len(labels) // 2
    return (
        seal(images[:middle], labels[:middle], classes, variant),
        seal(images[middle:], labels[middle:], classes, variant),
    )


def seal(
    images: Pictures, labels: Labels, classes: tuple[str, ...], variant: str
) -> Sealed:
    """Return items as a frozen set, each a group of its own."""
    images, labels = images.copy(), labels.copy()
    groups = np.arange(len(labels))
    for array in (images, labels, groups):
        array.flags.writeable = False
    return Sealed(images, None, labels, classes, groups, variant)


def reordered(
    sealed: Sealed, random: np.random.Generator, count: int | None = None
) -> Sealed:
    """Return items with their labels and groups in an order of `random`, frozen.

    All of them, or the first `count` in that order.
    """
    order = random.permutation(len(sealed.labels))[:count]
    images, labels, groups = sealed.images, sealed.labels[order], sealed.groups[order]
    if images is not None:
        images = _picked(images, order)
    texts = None if sealed.texts is None else [sealed.texts[i] for i in order]
    for array in (labels, groups):
        array.flags.writeable = False
    return replace(sealed, images=images, texts=texts, labels=labels, groups=groups)


def _picked(
    images: Pictures | list[Pictures], order: npt.NDArray[np.int64]
) -> Pictures | list[Pictures]:
    if isinstance(images, list):
        return [images[i] for i in order]
    picked = images[order]
    picked.flags.writeable = False
    return picked
