"""Things of the drawn world that are neither animal nor fruit: ellipsoids with colours.

They keep what is learned general: a ball is no orange, and a toadstool's spots are no
mould.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from workshop.data import brush, paint, portraits, scenery
from workshop.data.breeds import BLACK, BROWN, WHITE, Colour
from workshop.data.brush import mix
from workshop.data.dice import Dice
from workshop.data.paint import SIDE, Array, Camera, Relief, rotation

MODULES: tuple[ModuleType, ...] = (*portraits.MODULES, sys.modules[__name__])
BATCH = 24
RED, YELLOW, BLUE, GREEN = (
    (0.80, 0.15, 0.13),
    (0.93, 0.78, 0.20),
    (0.2, 0.4, 0.75),
    (0.30, 0.52, 0.22),
)
PINK, ORANGE, VIOLET = (0.90, 0.55, 0.65), (0.92, 0.52, 0.14), (0.50, 0.30, 0.62)
Part = tuple[tuple[float, float, float], tuple[float, float, float], float, int]


@dataclass(frozen=True)
class Thing:
    """A name, its parts (centre, radii, roll, which colour), for each colour those it
    may have, how far it may turn and tilt, and its pattern: `plain`, `dots`,
    `stripes` or `rough`.
    """

    name: str
    parts: tuple[Part, ...]
    paints: tuple[tuple[Colour, ...], ...]
    pattern: str = "plain"
    second: tuple[Colour, ...] = (WHITE,)
    turns: float = 0.6
    tilts: float = 0.15
    places: tuple[scenery.Place, ...] = scenery.OUTSIDE
    nods: float = 0.2


def _petals() -> tuple[Part, ...]:
    around = np.arange(8) * np.pi / 4
    petals = [
        (
            (0.68 * np.cos(a), 0.68 * np.sin(a) + 0.1, 0.0),
            (0.42, 0.22, 0.1),
            float(a),
            0,
        )
        for a in around
    ]
    return (
        ((0.0, -1.6, -0.2), (0.07, 1.2, 0.07), 0.0, 2),
        *petals,
        ((0, 0.1, 0.08), (0.34, 0.34, 0.2), 0.0, 1),
    )


def _wings() -> tuple[Part, ...]:
    made: list[Part] = []
    for side in (-1, 1):
        made += [
            ((0.62 * side, 0.36, 0), (0.66, 0.44, 0.06), 0.6 * side, 0),
            ((0.50 * side, -0.36, 0), (0.48, 0.36, 0.06), -0.5 * side, 0),
        ]
    return (*made, ((0, 0, 0.1), (0.11, 0.62, 0.11), 0.0, 1))


THINGS = (
    Thing(
        "ball",
        (((0, 0, 0), (0.95, 0.95, 0.95), 0, 0),),
        ((RED, BLUE, YELLOW, GREEN, VIOLET, PINK),),
        "stripes",
        (WHITE, YELLOW, RED),
        3.1,
        3.1,
        nods=1.5,
    ),
    Thing(
        "tree",
        (
            ((0, -1.2, 0), (0.20, 0.9, 0.2), 0, 1),
            ((0, 0.3, 0), (0.85, 0.75, 0.7), 0, 0),
            ((-0.5, -0.1, 0.1), (0.55, 0.5, 0.5), 0, 0),
            ((0.5, -0.05, 0.1), (0.55, 0.5, 0.5), 0, 0),
            ((0.1, 0.75, 0), (0.55, 0.5, 0.5), 0, 0),
        ),
        (
            (GREEN, (0.22, 0.42, 0.20), (0.45, 0.58, 0.22), (0.78, 0.50, 0.18)),
            (BROWN, (0.35, 0.26, 0.2)),
        ),
        "rough",
        turns=3.1,
        tilts=0.05,
        places=(scenery.MEADOW, scenery.SKY, scenery.SNOW, scenery.DUSK),
    ),
    Thing(
        "flower",
        _petals(),
        ((WHITE, PINK, VIOLET, YELLOW, BLUE, RED), (YELLOW, ORANGE, BROWN), (GREEN,)),
        tilts=0.3,
    ),
    Thing(
        "toadstool",
        (
            ((0, -0.7, 0), (0.30, 0.85, 0.30), 0, 1),
            ((0, 0.05, 0), (1.05, 0.32, 1.05), 0, 0),
            ((0, 0.25, 0), (0.85, 0.52, 0.85), 0, 0),
        ),
        ((RED, (0.70, 0.25, 0.12), BROWN), (WHITE, (0.85, 0.8, 0.68))),
        "dots",
        turns=3.1,
        places=(scenery.WOOD, scenery.MEADOW, scenery.GARDEN),
    ),
    Thing(
        "duck",
        (
            ((-0.2, -0.65, 0), (1.0, 0.62, 0.6), 0.1, 0),
            ((-1.05, -0.35, 0), (0.35, 0.22, 0.25), -0.6, 0),
            ((0.45, 0.35, 0), (0.5, 0.48, 0.46), 0, 0),
            ((1.0, 0.25, 0), (0.32, 0.10, 0.22), 0, 1),
            ((-0.3, -0.55, 0.5), (0.55, 0.34, 0.2), 0.2, 2),
            ((0.62, 0.47, 0.36), (0.08, 0.08, 0.08), 0, 3),
            ((0.62, 0.47, -0.36), (0.08, 0.08, 0.08), 0, 3),
        ),
        ((YELLOW, WHITE, BROWN), (ORANGE,), (YELLOW, WHITE, BROWN), (BLACK,)),
        turns=3.1,
        places=(scenery.MEADOW, scenery.SKY, scenery.SOFA, scenery.LINEN),
    ),
    Thing(
        "ladybird",
        (
            ((0, 0, -0.1), (0.95, 0.85, 0.55), 0, 0),
            ((0.85, 0, -0.1), (0.42, 0.48, 0.36), 0, 1),
            ((1.15, 0.2, 0.05), (0.1, 0.1, 0.1), 0, 2),
            ((1.15, -0.2, 0.05), (0.1, 0.1, 0.1), 0, 2),
            ((0, 0, 0.3), (0.9, 0.035, 0.17), 0, 1),
        ),
        ((RED, ORANGE, YELLOW), (BLACK,), (WHITE,)),
        "dots",
        (BLACK,),
        0.5,
        3.1,
        (scenery.MEADOW, scenery.WOOD, scenery.GARDEN),
        0.5,
    ),
    Thing(
        "butterfly",
        _wings(),
        ((ORANGE, BLUE, YELLOW, WHITE, VIOLET), (BLACK, BROWN)),
        "dots",
        (BLACK, WHITE, RED),
        0.5,
        1.0,
        nods=0.5,
    ),
    Thing(
        "cactus",
        (
            ((0, -0.2, 0), (0.42, 1.15, 0.42), 0, 0),
            ((-0.62, 0.05, 0), (0.38, 0.17, 0.17), 0, 0),
            ((-0.85, 0.35, 0), (0.18, 0.45, 0.18), 0, 0),
            ((0.6, -0.3, 0), (0.38, 0.17, 0.17), 0, 0),
            ((0.82, 0.05, 0), (0.18, 0.5, 0.18), 0, 0),
            ((0, -1.35, 0), (0.72, 0.42, 0.72), 0, 1),
        ),
        ((GREEN, (0.35, 0.55, 0.40)), ((0.72, 0.38, 0.24), WHITE, BLUE)),
        "stripes",
        ((0.45, 0.62, 0.35),),
        turns=0.8,
        places=(*scenery.TABLES, scenery.ROOM),
    ),
)


def pictures(chance: Dice, thing: Thing, n: int) -> portraits.Pictures:
    """Return n pictures (n, SIDE, SIDE, 3) of a thing."""
    made = np.empty((n, SIDE, SIDE, 3), np.uint8)
    for start in range(0, n, BATCH):
        made[start : start + BATCH] = _batch(chance, thing, min(BATCH, n - start))
    return made


def _batch(chance: Dice, thing: Thing, n: int) -> portraits.Pictures:
    camera = _camera(chance, thing, n)
    relief = Relief(n)
    stretch = 1 + chance.normal(0.06, n, 3)
    for centre, radii, roll, colour in thing.parts:
        zero = np.zeros(n, np.float32)
        own = rotation(zero, zero, zero + roll)
        size = np.array(radii, np.float32) * stretch
        relief.ellipsoid(
            camera, np.array(centre, np.float32) * stretch, size, colour + 1, own=own
        )
    starts = chance.uniform(0, brush.POOL, n, 2).astype(np.intp)
    noise = brush.noise(starts, 5.0 if thing.pattern == "rough" else 2.5)
    if thing.pattern == "rough":
        relief.depth += 1.2 * noise
    skin = _colours(chance, thing, relief, paint.unturned(camera, relief.depth), noise)
    shade, shine = portraits.shading(
        chance, relief.depth, portraits.sunlight(chance, n)
    )
    skin = skin * shade + 0.25 * shine
    image = scenery.scenes(chance, n, thing.places)
    return portraits.developed(chance, image + relief.cover * (skin - image))


def _camera(chance: Dice, thing: Thing, n: int) -> Camera:
    middle = SIDE / 2 + chance.normal(5, n, 2)
    turn = rotation(
        chance.uniform(-thing.turns, thing.turns, n),
        chance.uniform(-0.1, thing.nods, n),
        chance.uniform(-thing.tilts, thing.tilts, n),
    )
    return Camera(middle, chance.uniform(20, 34, n), turn)


def _colours(
    chance: Dice, thing: Thing, relief: Relief, point: list[Array], noise: Array
) -> Array:
    n = len(noise)
    image = np.zeros((3, *noise.shape), np.float32)
    for number, paints in enumerate(thing.paints):
        mix(
            image,
            (relief.part == number + 1).astype(np.float32),
            _one_of(chance, paints, n),
        )
    marks = _pattern(chance, thing.pattern, point)
    if marks is not None:
        mix(image, marks * (relief.part == 1), _one_of(chance, thing.second, n))
    return image * (1 + 0.04 * noise)


def _one_of(chance: Dice, paints: tuple[Colour, ...], n: int) -> Array:
    which = chance.uniform(0, len(paints), n).astype(np.intp) % len(paints)
    return np.array(paints, np.float32)[which] * (1 + chance.normal(0.08, n, 3))


def _pattern(chance: Dice, pattern: str, point: list[Array]) -> Array | None:
    x, y, z = point
    n = len(x)
    if pattern == "stripes":
        pace = chance.uniform(2, 7, n).round()[:, None, None]
        return np.clip(0.5 + 6 * np.sin(pace * np.arctan2(x, z)), 0, 1)
    if pattern == "dots":
        size = chance.uniform(0.4, 0.62, n)[:, None, None]
        far = sum(((one / size) % 1 - 0.5) ** 2 for one in (x, y, z + size / 2))
        return np.clip(0.5 + 7 * (0.34 - np.sqrt(far)), 0, 1)
    return None
