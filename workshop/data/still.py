"""A still life is one fruit or a few on a table, all lit from the same side."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np

from workshop.data import brush, paint, portraits, produce, scenery, skins
from workshop.data.breeds import Look
from workshop.data.dice import Dice
from workshop.data.paint import SIDE, Array, Camera, Relief, rotation, stack
from workshop.data.produce import GREEN, SKIN, STALK, Fruit

MODULES: tuple[ModuleType, ...] = (
    *portraits.MODULES,
    produce,
    skins,
    sys.modules[__name__],
)
BATCH = 16


def lives(chance: Dice, fruit: Fruit, look: Look) -> portraits.Pictures:
    """Return a picture (n, SIDE, SIDE, 3) of each fruit in `look`."""
    n = len(look["skin"])
    made = np.empty((n, SIDE, SIDE, 3), np.uint8)
    for start in range(0, n, BATCH):
        part = {name: one[start : start + BATCH] for name, one in look.items()}
        made[start : start + BATCH] = _batch(chance, fruit, part)
    return made


def _batch(chance: Dice, fruit: Fruit, look: Look) -> portraits.Pictures:
    n = len(look["skin"])
    image = scenery.scenes(chance, n, scenery.TABLES)
    sun = portraits.sunlight(chance, n)
    crowd = chance.uniform(0, 1, n)
    for behind in (0.25, 0.10):
        more = np.flatnonzero(crowd < behind)
        if len(more):
            one = {name: value[more] for name, value in look.items()}
            camera = _cameras(chance, fruit, len(more), aside=True)
            part = image[:, more]
            _put(chance, fruit, one, camera, part, sun[more])
            image[:, more] = part
    _put(chance, fruit, look, _cameras(chance, fruit, n, aside=False), image, sun)
    return portraits.developed(chance, image)


def _cameras(chance: Dice, fruit: Fruit, n: int, aside: bool) -> Camera:
    scale = chance.uniform(22, 38, n) * (0.8 if aside else 1)
    x, y = SIDE / 2 + chance.normal(5, n), SIDE / 2 + 4 + chance.normal(4, n)
    if aside:
        x = x + np.where(chance.uniform(-1, 1, n) < 0, -1, 1) * chance.uniform(
            20, 34, n
        )
        y = y - 6
    spin = chance.uniform(-fruit.spin, fruit.spin, n)
    turn = rotation(
        chance.uniform(-3.1, 3.1, n) * (1 - 0.9 * fruit.bent),
        chance.uniform(0.15, 0.8, n),
        spin,
    )
    return Camera(stack(x, y), scale, turn)


def _put(
    chance: Dice, fruit: Fruit, look: Look, camera: Camera, image: Array, sun: Array
) -> None:
    """Paint fruit on images (3, n, SIDE, SIDE), with the shadow that each throws."""
    n = len(camera.scale)
    starts = chance.uniform(0, brush.POOL, n, 2).astype(np.intp)
    noise = [brush.noise(starts, 2.0), brush.noise(starts[:, ::-1], 9.0)]
    relief = _build(fruit, look, camera)
    point = paint.unturned(camera, relief.depth)
    bad = skins.badness(look, skins.places(chance, fruit, look, camera), point, noise)
    skins.press(fruit, look, relief, point, bad, noise)
    skin = skins.colours(fruit, look, relief, point, bad, noise)
    shade, shine = portraits.shading(chance, relief.depth, sun)
    skin *= shade
    dull = (1 - 0.9 * bad) * (relief.part == SKIN) * fruit.gloss
    skin += shine * dull
    _shadow(image, relief.cover, camera, sun)
    image += relief.cover * (skin - image)


def _shadow(image: Array, cover: Array, camera: Camera, sun: Array) -> None:
    """Darken the table under fruit: where it stands, or where it lies along it."""
    size = camera.scale
    low = ((cover > 0.5) * np.arange(SIDE)[:, None]).max(axis=(1, 2))
    wide = cover.max(axis=1).sum(axis=1) / 2
    shape = stack(1.05 * wide, 0.40 * np.minimum(wide, size))
    ink = np.full((len(size), 3), 0.06, np.float32)
    strength = np.full(image.shape[1:], 0.5, np.float32)
    x = camera.middle[:, 0] - 0.4 * sun[:, 0] * size
    brush.spot(image, x, low - 0.16 * size, shape, ink, strength, soft=9.0)


def _build(fruit: Fruit, look: Look, camera: Camera) -> Relief:
    n = len(camera.scale)
    relief = Relief(n)
    zero = np.zeros(n, np.float32)
    for centre, radii, roll in fruit.blobs:
        own = rotation(zero, zero, zero + roll)
        relief.ellipsoid(
            camera,
            stack(*centre),
            stack(*(zero + r for r in radii)),
            SKIN,
            blend=0.18,
            own=own,
        )
    top = max(centre[1] + radii[1] for centre, radii, _ in fruit.blobs)
    if fruit.stalk:
        long = 0.24 * (look["leafy"] < fruit.stalk)
        relief.ellipsoid(
            camera,
            stack(0, top - 0.08 + 0.6 * long, 0),
            stack(0.06 + zero, 0.02 + long, 0.06),
            STALK,
            blend=0.01,
        )
    if fruit.leaf:
        size = 0.36 * (look["leafy"] < fruit.leaf) + 0.01
        relief.ellipsoid(
            camera,
            stack(0.9 * size, top + 0.12, 0.05),
            stack(size, 0.4 * size, 0.04),
            GREEN,
            blend=0.01,
            own=rotation(zero, zero - 0.5, zero + 0.4),
        )
    if fruit.star:
        _star(relief, fruit, look, camera, top)
    return relief


def _star(relief: Relief, fruit: Fruit, look: Look, camera: Camera, top: float) -> None:
    size = (0.16 + 0.26 * (fruit.star > 0.8)) * (look["leafy"] < fruit.star + 0.05)
    for angle in np.arange(5) * 1.2566:
        x, z = np.cos(angle), np.sin(angle)
        place = stack(x * size * 0.8, top - 0.05 - 0.1 * size, z * size * 0.8)
        own = rotation(np.zeros_like(size) - np.float32(angle), 0 * size, 0 * size)
        relief.ellipsoid(
            camera,
            place,
            stack(0.01 + size * 0.7, 0.05, 0.01 + 0.28 * size),
            GREEN,
            blend=0.01,
            own=own,
        )
