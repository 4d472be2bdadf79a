"""Skin is coloured in the axes of the fruit: spots and rot lie on it as it is turned.

A bruise is a small, pale place of the kind that rot makes; mould grows where rot is
deepest.
"""

from __future__ import annotations

import numpy as np

from workshop.data import produce
from workshop.data.breeds import Colour, Look
from workshop.data.brush import mix
from workshop.data.dice import Dice
from workshop.data.paint import Array, Camera, Relief, stack
from workshop.data.produce import GREEN, SKIN, STALK, Fruit

Point = list[Array]
BROWN, DARK = (0.34, 0.20, 0.10), (0.16, 0.10, 0.06)
FUZZ, SPORES = (0.88, 0.89, 0.86), (0.45, 0.55, 0.45)
UNRIPE, UNRIPE_ENDS = (0.55, 0.68, 0.22), (0.55, 0.66, 0.22)
SEED = (0.92, 0.78, 0.40)


def places(chance: Dice, fruit: Fruit, look: Look, camera: Camera) -> Array:
    """Return where fruit may go bad (n, PATCHES, 3); the first place can be seen."""
    places = look["places"].copy()
    n = len(places)
    facing = stack(chance.normal(0.45, n), chance.normal(0.45, n), 1)
    places[:, 0] = np.einsum("nji,nj->ni", camera.turn, facing)
    places /= np.linalg.norm(places, axis=2, keepdims=True)
    if not fruit.bent:
        return places
    angle = 1.1 * places[..., 0]
    radius = 1.15 + 0.2 * places[..., 1]
    x, y = radius * np.sin(angle), 0.72 - radius * np.cos(angle)
    return np.stack([x, y, 0.3 * np.sign(places[..., 2])], 2).astype(np.float32)


def badness(look: Look, places: Array, point: Point, noise: Point) -> Array:
    """Return how bad the skin is (n, SIDE, SIDE): 0 sound to 1 rotten."""
    worst = np.full(noise[0].shape, -9, np.float32)
    for number in range(produce.PATCHES):
        reach = look["reach"][:, number] * look["rot"] * 0.95
        if number == 0:
            reach = np.maximum(reach, 0.22 * look["bruise"])
        far = sum((point[i] - places[:, number, i, None, None]) ** 2 for i in range(3))
        reach = np.maximum(reach - 0.04, -9 * (reach < 0.05))
        worst = np.maximum(worst, reach[:, None, None] - np.sqrt(far))
    return _soft(worst + 0.07 * noise[1] + 0.03 * noise[0], 5.0)


def press(
    fruit: Fruit,
    look: Look,
    relief: Relief,
    point: Point,
    bad: Array,
    noise: Point,
) -> None:
    """Press rot in, raise mould and wrinkles, and dent the skin at the stalk."""
    skin = relief.part == SKIN
    rough = fruit.rough * 0.8 * noise[0]
    wrinkles = _of(look, "wrinkles") * np.abs(noise[1]) * 1.3
    dent = 0.0
    if fruit.dimple:
        top = np.hypot(point[0], point[2]) + 9 * (point[1] < 0)
        dent = fruit.dimple * 5.0 * np.clip(1 - top / 0.42, 0, 1) ** 2
    rot = bad * np.minimum(1, 3 * _of(look, "rot"))
    relief.depth += skin * (rough - wrinkles - dent - 1.6 * rot + rot * 0.5 * noise[0])


def colours(
    fruit: Fruit, look: Look, relief: Relief, point: Point, bad: Array, noise: Point
) -> Array:
    """Return the colours (3, n, SIDE, SIDE) of fruit under white light.

    `point` are the points seen in the axes of the fruit, `bad` is of `badness`, and
    `noise` is fine and coarse, (n, SIDE, SIDE) each.
    """
    main, blush = produce.colours_of(fruit, look)
    image = np.empty((3, *relief.part.shape), np.float32)
    image[...] = main.T[:, :, None, None]
    x, y, z = point
    angle = 6.3 * _of(look, "blush")
    turned = np.cos(angle) * x + np.sin(angle) * z
    mix(image, _soft(turned + 0.3 * y + 0.25 * noise[1], 0.8) * 0.8, blush)
    green = 0.8 * fruit.unripe * _of(look, "green")
    mix(image, green * _soft(0.4 + 0.3 * noise[1], 1.0), _rows(UNRIPE, len(main)))
    if fruit.bent:
        _banana(look, image, x, y, z)
    if fruit.seeds:
        _seeds(fruit, image, x, y, z)
    image *= 1 + (0.03 + 0.05 * fruit.rough) * noise[0]
    _spoil(look, image, bad, noise)
    _grow(look, image, bad, noise)
    _stalks(look, image, relief)
    return image


def _spoil(look: Look, image: Array, bad: Array, noise: Point) -> None:
    """Paint specks, brown places with a dark middle, and a dull skin around them."""
    fine, coarse = noise
    brown = _rows(BROWN, len(bad))
    rot, is_rot = _of(look, "rot"), _of(look, "rot") > 0
    specks = _soft(fine - 2.6 + 1.1 * _of(look, "spots") + 0.25 * coarse, 2.0)
    mix(image, 0.7 * specks, brown)
    mix(image, bad * (0.6 + 0.3 * is_rot), brown * (0.6 + 0.9 * look["brown"][:, None]))
    mix(image, 0.35 * rot * (1 - bad) * _soft(0.2 * coarse, 1.0), brown)
    deep = 0.8 * is_rot * _soft(bad - 0.9, 5.0) * _soft(0.5 * coarse, 2.0)
    mix(image, deep, _rows(DARK, len(bad)))


def _grow(look: Look, image: Array, bad: Array, noise: Point) -> None:
    """Paint mould: white fuzz, grey-green where it is ripe."""
    fine, coarse = noise
    less = 0.5 * (1 - _of(look, "mould"))
    mould = _soft(bad - 0.75 + 0.18 * fine + 0.25 * coarse - less, 4.0)
    mould = mould * (_of(look, "mould") > 0)
    mix(image, mould, _rows(FUZZ, len(bad)))
    ripe = _soft(0.5 * coarse + 0.4 * fine - 0.1, 2.0)
    mix(image, 0.9 * mould * ripe, _rows(SPORES, len(bad)))


def _stalks(look: Look, image: Array, relief: Relief) -> None:
    """Paint stalks, and leaves that wither where the fruit is bad."""
    n = len(relief.part)
    leaf, brown = _rows(produce.LEAF, n), _rows(BROWN, n)
    leaf = leaf + 0.8 * look["rot"][:, None] * (brown - leaf)
    mix(image, (relief.part == STALK).astype(np.float32), _rows(produce.WOOD, n))
    mix(image, (relief.part == GREEN).astype(np.float32), leaf)


def _of(look: Look, name: str) -> Array:
    return look[name][:, None, None]


def _soft(inside: Array, sharp: float) -> Array:
    return np.clip(0.5 + sharp * inside, 0, 1)


def _rows(colour: Colour, n: int) -> Array:
    return np.array([colour], np.float32).repeat(n, 0)


def _banana(look: Look, image: Array, x: Array, y: Array, z: Array) -> None:
    """Give bananas dark ends, green ends where unripe, and edges along them."""
    n = len(look["skin"])
    angle = np.arctan2(x, 0.72 - y)
    ridge = np.cos(2.5 * np.arctan2(z, np.hypot(x, 0.72 - y) - 1.15))
    image *= 0.95 + 0.05 * np.sign(ridge) * np.minimum(1, np.abs(ridge) * 3)
    green = _rows(UNRIPE_ENDS, n)
    mix(image, 0.7 * np.clip(np.abs(angle) * 2 - 1.1, 0, 1) * _of(look, "blush"), green)
    mix(image, _soft(np.abs(angle) - 1.02, 12.0) * 0.85, _rows(DARK, n))


def _seeds(fruit: Fruit, image: Array, x: Array, y: Array, z: Array) -> None:
    angle = np.arctan2(x, z)
    row = np.floor(y * 6)
    dots = np.hypot((angle * 2.2 + 0.5 * row) % 1 - 0.5, (y * 6) % 1 - 0.5)
    mix(
        image,
        _soft(0.2 - dots, 6.0) * fruit.seeds,
        _rows(SEED, image.shape[1]),
    )
