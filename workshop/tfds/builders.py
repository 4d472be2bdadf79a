"""`tfds.load("digits/drawn")` and all other pictures that have one label each.

Each builder wraps the NumPy source and adds nothing.
"""

from __future__ import annotations

from workshop.tfds.pictures import Pictures, configs


class Digits(Pictures):
    """Handwritten digits: image (28, 28, 1) uint8, 0 paper to 255 ink, and label."""

    BUILDER_CONFIGS = configs("digits")
    SHAPE = (28, 28, 1)


class Signs(Pictures):
    """Hands that sign a letter: image (28, 28, 1) uint8, 0 black to 255 white."""

    BUILDER_CONFIGS = configs("signs")
    SHAPE = (28, 28, 1)


class Pets(Pictures):
    """Portraits of animals, one of them ours: image (height, width, 3) uint8."""

    BUILDER_CONFIGS = configs("pets")


class Fruit(Pictures):
    """Fresh and rotten fruit: image (height, width, 3) uint8."""

    BUILDER_CONFIGS = configs("fruit")


class Photos(Pictures):
    """The hands of `signs` in colour: image (height, width, 3) uint8 of any size."""

    BUILDER_CONFIGS = configs("photos")
