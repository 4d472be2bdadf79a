"""A still life is one fruit or a few on a table, each lit from one side.

Skin is coloured in the axes of the fruit, so that spots and rot lie on it as it is
turned, and shrink towards its edge.
"""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np

from workshop.data import paint, portraits, produce, scenery
from workshop.data.breeds import Look
from workshop.data.dice import Array, Dice
from workshop.data.paint import SIDE, Camera, Relief, mix, rotation, stack
from workshop.data.produce import GREEN, SKIN, STALK, Fruit

MODULES: tuple[ModuleType, ...] = (
    *portraits.MODULES,
    produce,
    sys.modules[__name__],
)
BATCH = 24
BROWN, DARK = (0.34, 0.20, 0.10), (0.16, 0.10, 0.06)
FUZZ, SPORES = (0.88, 0.89, 0.86), (0.45, 0.55, 0.45)


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
            one["places"] = one["places"][:, ::-1]
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
        chance.uniform(-3.1, 3.1, n) * (1 - 0.9 * fruit.extra.get("banana", 0)),
        chance.uniform(0.15, 0.8, n),
        spin,
    )
    return Camera(stack(x, y), scale, turn)


def _put(
    chance: Dice, fruit: Fruit, look: Look, camera: Camera, image: Array, sun: Array
) -> None:
    """Paint fruit on images (3, n, SIDE, SIDE), with the shadow that each throws."""
    n = len(camera.scale)
    starts = chance.uniform(0, paint.POOL, n, 2).astype(np.intp)
    noise = [paint.noise(starts, 2.0), paint.noise(starts[:, ::-1], 9.0)]
    relief = _build(fruit, look, camera)
    point = paint.unturned(camera, relief.depth)
    bad = _badness(fruit, look, point, noise)
    _bumps(fruit, look, relief, point, bad, noise)
    skin = _colours(fruit, look, relief, point, bad, noise)
    shade, shine = portraits.shading(chance, relief.depth, sun)
    skin *= shade
    dull = (1 - 0.9 * bad) * (relief.part == SKIN) * fruit.gloss
    skin += shine * dull
    _shadow(image, relief.cover, camera, sun)
    image += relief.cover * (skin - image)


def _shadow(image: Array, cover: Array, camera: Camera, sun: Array) -> None:
    """Darken the table under fruit: where it stands, or where it lies along it."""
    size = camera.scale
    low = np.where(cover > 0.5, np.arange(SIDE)[:, None], 0).max(axis=(1, 2))
    wide = cover.max(axis=1).sum(axis=1) / 2
    shape = stack(1.05 * wide, 0.40 * np.minimum(wide, size))
    ink = np.full((len(size), 3), 0.06, np.float32)
    strength = np.full(image.shape[1:], 0.5, np.float32)
    x = camera.middle[:, 0] - 0.4 * sun[:, 0] * size
    paint.spot(image, x, low - 0.16 * size, shape, ink, strength, soft=9.0)


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


def _of(look: Look, name: str) -> Array:
    return look[name][:, None, None]


def _soft(inside: Array, sharp: float) -> Array:
    return np.clip(0.5 + sharp * inside, 0, 1)


def _badness(fruit: Fruit, look: Look, point: list[Array], noise: list[Array]) -> Array:
    """Return how bad the skin is (n, SIDE, SIDE): 0 sound to 1 rotten."""
    stretch = 0.9 if fruit.extra.get("banana") else 1.0
    worst = np.full(noise[0].shape, -9, np.float32)
    for number in range(produce.PATCHES):
        x, y, z = (look["places"][:, number, i, None, None] * stretch for i in range(3))
        if fruit.extra.get("banana"):
            y = y * 0.3 - 0.25
        far = np.sqrt((point[0] - x) ** 2 + (point[1] - y) ** 2 + (point[2] - z) ** 2)
        reach = look["reach"][:, number] * look["rot"] * 0.95
        small = 0.26 * look["bruise"] * (number == 0)
        reach = np.maximum(reach, small)[:, None, None]
        worst = np.maximum(worst, np.where(reach > 0.05, reach - far, -9))
    return _soft(worst + 0.09 * noise[1] + 0.03 * noise[0], 5.0)


def _bumps(
    fruit: Fruit,
    look: Look,
    relief: Relief,
    point: list[Array],
    bad: Array,
    noise: list[Array],
) -> None:
    """Press rot in, raise mould and wrinkles, and dent the skin at the stalk."""
    skin = relief.part == SKIN
    rough = fruit.rough * 0.8 * noise[0]
    wrinkles = _of(look, "wrinkles") * np.abs(noise[1]) * 1.3
    dent = 0.0
    if fruit.dimple:
        top = np.hypot(point[0], point[2]) + np.where(point[1] > 0, 0, 9)
        dent = fruit.dimple * 5.0 * np.clip(1 - top / 0.42, 0, 1) ** 2
    rot = bad * np.minimum(1, 3 * _of(look, "rot"))
    relief.depth += skin * (rough - wrinkles - dent - 1.6 * rot + rot * 0.5 * noise[0])


def _colours(
    fruit: Fruit,
    look: Look,
    relief: Relief,
    point: list[Array],
    bad: Array,
    noise: list[Array],
) -> Array:
    main, blush = produce.colours_of(fruit, look)
    n = len(main)
    x, y, z = point
    paintings = np.empty((3, *relief.part.shape), np.float32)
    paintings[...] = main.T[:, :, None, None]
    turn = np.cos(6.3 * _of(look, "blush")) * x + np.sin(6.3 * _of(look, "blush")) * z
    mix(paintings, _soft(turn + 0.3 * y + 0.25 * noise[1], 0.8) * 0.8, blush)
    green = np.array([[0.55, 0.68, 0.22]], np.float32).repeat(n, 0)
    mix(paintings, 0.8 * _of(look, "green") * _soft(0.4 + 0.3 * noise[1], 1.0), green)
    if fruit.extra.get("banana"):
        _banana(look, paintings, x, y, z)
    if fruit.seeds:
        _seeds(fruit, paintings, x, y, z)
    paintings *= 1 + (0.03 + 0.05 * fruit.rough) * noise[0]
    dark = _rows(DARK, n)
    speck = _soft(noise[0] - 2.6 + 1.1 * _of(look, "spots") + 0.25 * noise[1], 2.0)
    mix(paintings, 0.7 * speck, _rows(BROWN, n))
    brown = _rows(BROWN, n) * (0.6 + 0.9 * look["brown"][:, None])
    strength = np.where(look["rot"] > 0, 0.9, 0.6)[:, None, None]
    mix(paintings, bad * strength, brown)
    mix(
        paintings,
        0.35 * _of(look, "rot") * (1 - bad) * _soft(0.2 * noise[1], 1.0),
        _rows(BROWN, n),
    )
    mix(
        paintings,
        0.8
        * _soft(bad - 0.9, 5.0)
        * (look["rot"] > 0)[:, None, None]
        * _soft(0.5 * noise[1], 2.0),
        dark,
    )
    mould = (
        _soft(
            bad
            - 0.75
            + 0.18 * noise[0]
            + 0.25 * noise[1]
            - 0.5 * (1 - _of(look, "mould")),
            4.0,
        )
        * (look["mould"] > 0)[:, None, None]
    )
    mix(paintings, mould, _rows(FUZZ, n))
    mix(
        paintings,
        0.9 * mould * _soft(0.5 * noise[1] + 0.4 * noise[0] - 0.1, 2.0),
        _rows(SPORES, n),
    )
    table = np.stack(
        [
            np.zeros((n, 3)),
            np.zeros((n, 3)),
            _rows(produce.WOOD, n),
            _rows(produce.LEAF, n),
        ],
        1,
    ).astype(np.float32)
    table[:, GREEN] += look["rot"][:, None] * (np.array(BROWN) - table[:, GREEN]) * 0.8
    for part in (STALK, GREEN):
        mix(paintings, (relief.part == part).astype(np.float32), table[:, part])
    return paintings


def _rows(colour: tuple[float, float, float], n: int) -> Array:
    return np.array([colour], np.float32).repeat(n, 0)


def _banana(look: Look, image: Array, x: Array, y: Array, z: Array) -> None:
    """Give bananas dark ends, green ends where unripe, and edges along them."""
    n = len(look["skin"])
    angle = np.arctan2(x, 0.72 - y)
    ridge = np.cos(2.5 * np.arctan2(z, np.hypot(x, 0.72 - y) - 1.15))
    image *= 0.95 + 0.05 * np.sign(ridge) * np.minimum(1, np.abs(ridge) * 3)
    green = _rows((0.55, 0.66, 0.22), n)
    mix(image, 0.7 * np.clip(np.abs(angle) * 2 - 1.1, 0, 1) * _of(look, "blush"), green)
    mix(image, _soft(np.abs(angle) - 1.02, 12.0) * 0.85, _rows(DARK, n))


def _seeds(fruit: Fruit, image: Array, x: Array, y: Array, z: Array) -> None:
    angle = np.arctan2(x, z)
    row = np.floor(y * 6)
    dots = np.hypot((angle * 2.2 + 0.5 * row) % 1 - 0.5, (y * 6) % 1 - 0.5)
    mix(
        image,
        _soft(0.2 - dots, 6.0) * fruit.seeds,
        _rows((0.92, 0.78, 0.40), image.shape[1]),
    )
