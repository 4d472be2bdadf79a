"""Behind every thing is a blurred place: a meadow, a wood, a room, a wall, a table.

All places are one recipe with other numbers (two colours that meet at a horizon,
blots, soft discs), so places of all kinds are painted in one go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workshop.data import brush, paint
from workshop.data.dice import Dice
from workshop.data.paint import SIDE, Array


@dataclass(frozen=True)
class Place:
    """Colours at the top, above the horizon, below it and at the bottom; where the
    horizon may be (0 top, 1 bottom) and how soft; how strong blots and discs are.
    """

    colours: tuple[tuple[float, float, float], ...]
    horizon: tuple[float, float]
    soft: float
    blots: float
    discs: float
    stretch: float = 1.0


MEADOW = Place(
    ((0.55, 0.74, 0.93), (0.78, 0.87, 0.90), (0.48, 0.66, 0.32), (0.30, 0.50, 0.20)),
    (0.25, 0.6),
    0.05,
    0.05,
    0.10,
)
WOOD = Place(
    ((0.20, 0.33, 0.18), (0.38, 0.50, 0.27), (0.33, 0.40, 0.20), (0.36, 0.29, 0.17)),
    (0.5, 0.85),
    0.15,
    0.07,
    0.22,
    3.0,
)
SKY = Place(
    ((0.36, 0.58, 0.88), (0.62, 0.78, 0.94), (0.86, 0.90, 0.94), (0.93, 0.90, 0.84)),
    (0.3, 0.7),
    0.25,
    0.06,
    0.0,
)
DUSK = Place(
    ((0.42, 0.38, 0.58), (0.90, 0.62, 0.48), (0.42, 0.34, 0.34), (0.25, 0.23, 0.25)),
    (0.4, 0.75),
    0.08,
    0.05,
    0.10,
)
ROOM = Place(
    ((0.86, 0.80, 0.70), (0.80, 0.72, 0.61), (0.60, 0.43, 0.29), (0.48, 0.33, 0.22)),
    (0.55, 0.9),
    0.02,
    0.03,
    0.12,
)
SOFA = Place(
    ((0.74, 0.78, 0.80), (0.70, 0.74, 0.77), (0.30, 0.43, 0.52), (0.24, 0.35, 0.44)),
    (0.3, 0.7),
    0.03,
    0.04,
    0.08,
)
SNOW = Place(
    ((0.68, 0.78, 0.88), (0.82, 0.88, 0.93), (0.92, 0.94, 0.97), (0.82, 0.87, 0.93)),
    (0.3, 0.6),
    0.06,
    0.04,
    0.08,
)
STUDIO = Place(
    ((0.62, 0.62, 0.64), (0.72, 0.72, 0.73), (0.70, 0.69, 0.69), (0.56, 0.55, 0.55)),
    (0.4, 0.8),
    0.30,
    0.02,
    0.0,
)
OUTSIDE = (MEADOW, WOOD, SKY, DUSK, ROOM, SOFA, SNOW, STUDIO)
OAK = Place(
    ((0.80, 0.76, 0.70), (0.72, 0.67, 0.60), (0.70, 0.50, 0.31), (0.58, 0.39, 0.22)),
    (0.15, 0.45),
    0.03,
    0.05,
    0.05,
    0.12,
)
LINEN = Place(
    ((0.50, 0.58, 0.62), (0.62, 0.68, 0.70), (0.90, 0.88, 0.84), (0.80, 0.78, 0.74)),
    (0.1, 0.4),
    0.04,
    0.02,
    0.08,
)
SLATE = Place(
    ((0.40, 0.40, 0.42), (0.52, 0.51, 0.50), (0.30, 0.31, 0.33), (0.22, 0.23, 0.25)),
    (0.15, 0.45),
    0.04,
    0.05,
    0.05,
)
GREEN = Place(
    ((0.90, 0.86, 0.74), (0.84, 0.78, 0.64), (0.42, 0.60, 0.52), (0.33, 0.50, 0.43)),
    (0.1, 0.45),
    0.03,
    0.02,
    0.08,
)
GARDEN = Place(
    ((0.52, 0.66, 0.40), (0.42, 0.58, 0.30), (0.62, 0.50, 0.36), (0.50, 0.39, 0.27)),
    (0.2, 0.5),
    0.06,
    0.06,
    0.15,
)
WHITE = Place(
    ((0.95, 0.95, 0.96), (0.96, 0.96, 0.96), (0.95, 0.95, 0.95), (0.90, 0.90, 0.91)),
    (0.2, 0.6),
    0.25,
    0.01,
    0.0,
)
TABLES = (OAK, LINEN, SLATE, GREEN, GARDEN, WHITE, STUDIO)
DISCS = 6


def scenes(chance: Dice, n: int, places: tuple[Place, ...]) -> Array:
    """Return n pictures (3, n, SIDE, SIDE), 0 to 1, of places out of some."""
    which = chance.uniform(0, len(places), n).astype(np.intp) % len(places)
    colours = np.array([place.colours for place in places], np.float32)[which]
    colours = colours + chance.normal(0.05, n, 4, 1) + chance.normal(0.03, n, 4, 3)
    numbers = [(*p.horizon, p.soft, p.blots, p.discs) for p in places]
    low, high, soft, blots, discs = np.array(numbers, np.float32)[which].T
    horizon = low + (high - low) * chance.uniform(0, 1, n)
    image = _gradient(colours, horizon, soft, chance.normal(0.06, n))
    _discs(chance, image, colours, discs)
    image += _blots(chance, places, which) * blots[:, None, None]
    return image


def _gradient(colours: Array, horizon: Array, soft: Array, slope: Array) -> Array:
    grid = (np.arange(SIDE, dtype=np.float32) + np.float32(0.5)) / SIDE
    y = grid[None, :, None] + slope[:, None, None] * (grid[None, None] - 0.5)
    horizon = horizon[:, None, None]
    above = np.clip(y / horizon, 0, 1)
    below = np.clip((y - horizon) / (1 - horizon), 0, 1)
    share = np.clip(0.5 + (y - horizon) / (2 * soft[:, None, None]), 0, 1)
    planes = np.empty((3, *y.shape), np.float32)
    for plane, paints in zip(planes, colours.transpose(2, 1, 0), strict=True):
        first, second, third, last = paints[..., None, None]
        top = first + above * (second - first)
        plane[...] = top + share * (third + below * (last - third) - top)
    return planes


def _discs(chance: Dice, image: Array, colours: Array, strength: Array) -> None:
    """Paint lights and leaves that are out of focus."""
    n = image.shape[1]
    for number in range(DISCS):
        radius = chance.uniform(4, 15, n)
        shade = chance.normal(1, n, 1) + chance.normal(0.35, n, 3)
        colour = colours[:, number % 4] + shade * strength[:, None]
        x, y = chance.uniform(0, SIDE, 2, n)
        shown = np.where(strength > 0, radius, 0)
        shape = paint.stack(shown, shown * chance.uniform(0.6, 1, n))
        brush.spot(image, x, y, shape, colour, soft=5.0)


def _blots(chance: Dice, places: tuple[Place, ...], which: paint.Index) -> Array:
    """Return blots (n, SIDE, SIDE), long ones where a place has a grain."""
    starts = chance.uniform(0, brush.POOL, len(which), 2).astype(np.intp)
    made = np.empty((len(which), SIDE, SIDE), np.float32)
    for stretch in sorted({place.stretch for place in places}):
        mine = np.array([places[i].stretch == stretch for i in which], bool)
        made[mine] = brush.noise(starts[mine], 18, stretch)
    return made
