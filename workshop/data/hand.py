"""A drawn digit is what one hand makes of a shape, and a pure function of a seed.

A *writer* has habits (slant, width, pen, which way of writing a 7); each picture adds
the wobble of the moment. Ink is a line integral: a soft pen tip is dragged along the
curve and the paper saturates. A Gaussian tip separates into rows and columns, so a
picture is one small matrix product and thousands are drawn in a second.

The spreads below were chosen beside MNIST: the same share of ink and of grey, and
about as hard for a nearest neighbour, a mean picture and a dense network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workshop.data.dice import Dice
from workshop.data.strokes import Array, Way, ways

SIDE = 28
BOX = 20.0  # the digit's longer side in pixels, as in MNIST
BATCH = 500

Labels = npt.NDArray[np.uint8]
Pictures = npt.NDArray[np.uint8]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Writers:
    """Habits of `n` writers: arrays of length n, but `taste` is (10, n)."""

    slant: Array
    turn: Array
    width: Array
    pen: Array
    tremble: Array
    taste: Array


def draw(seed: int, labels: Labels, writers: int) -> Pictures:
    """Return pictures (n, 28, 28) of the digits `labels` (n,): 0 paper to 255 ink.

    The same seed, labels and number of writers give the same pictures. Picture i is
    by writer i modulo `writers`.
    """
    dice = Dice(seed)
    habits = _writers(dice, writers)
    who = np.arange(len(labels)) % writers
    chosen = _choose(dice, labels, who, habits)
    pictures = np.zeros((len(labels), SIDE, SIDE), np.uint8)
    for digit in range(10):
        for number, way in enumerate(ways(digit)):
            mine = np.flatnonzero((labels == digit) & (chosen == number))
            for part in np.split(mine, range(BATCH, len(mine), BATCH)):
                path = _lean(
                    dice, _write(dice, way, who[part], habits), who[part], habits
                )
                pictures[part] = _ink(dice, way, path, habits.pen[who[part]])
    return pictures


def _writers(dice: Dice, n: int) -> Writers:
    return Writers(
        slant=0.16 + dice.normal(0.22, n),
        turn=dice.normal(0.08, n),
        width=np.exp(dice.normal(0.2, n)),
        pen=np.clip(np.exp(0.24 + dice.normal(0.24, n)), 0.7, 2.1),
        tremble=np.exp(dice.normal(0.3, n)),
        taste=dice.uniform(0, 1, 10, n),
    )


def _choose(dice: Dice, labels: Labels, who: Index, habits: Writers) -> Index:
    """Return the way of writing per picture: the writer's own, nine times in ten."""
    n = len(labels)
    whim = dice.uniform(0, 1, n)
    taste = np.where(dice.uniform(0, 1, n) < 0.9, habits.taste[labels, who], whim)
    chosen = np.zeros(n, np.intp)
    for digit in range(10):
        weights = np.cumsum([way.weight for way in ways(digit)])
        mine = labels == digit
        chosen[mine] = np.searchsorted(weights[:-1] / weights[-1], taste[mine])
    return chosen


def _write(dice: Dice, way: Way, who: Index, habits: Writers) -> Array:
    """Return paths of the pen (n, samples, 2), upright, in the units of the shape."""
    n, k = len(who), len(way.points)
    wobble = habits.tremble[who, None, None]
    points = way.points + wobble * _smooth(dice.normal(0.07, n, k, 2))
    points += dice.normal(0.02, n, k, 2) * way.ends[:, None]
    points += dice.normal(0.03, n, way.owner[-1] + 1, 2)[:, way.owner]
    path = way.curve @ _bend(points, dice.normal(0.15, n, 4))
    turns = dice.uniform(0, 1, n, 2, 2, 1) + way.along * dice.normal(2.5, n, 2, 2, 1)
    tremor = np.sin(2 * np.pi * turns).sum(axis=1).swapaxes(1, 2)
    return np.asarray(path + wobble * 0.006 * tremor, np.float32)


def _smooth(noise: Array) -> Array:
    """Return noise (n, k, 2) in which neighbouring points move together."""
    ahead, behind = np.roll(noise, 1, axis=1), np.roll(noise, -1, axis=1)
    return np.asarray(noise / 2 + (ahead + behind) / 4, np.float32)


def _bend(points: Array, amount: Array) -> Array:
    """Return points after a smooth warp: halves of a digit differ in size and lean."""
    x, y = points[..., 0] - 0.4, points[..., 1] - 0.5
    a, b, c, d = amount.T[..., None]
    bent = x * (1 + 2 * a * y) + b * y**2, y + c * (y**2 - 0.25) + d * x * y
    return np.stack(bent, axis=-1)


def _lean(dice: Dice, path: Array, who: Index, habits: Writers) -> Array:
    """Return paths as this writer leans, turns and stretches them."""
    n = len(who)
    slant = habits.slant[who] + dice.normal(0.07, n)
    turn = habits.turn[who] + dice.normal(0.05, n)
    width = habits.width[who] * np.exp(dice.normal(0.09, n))
    cos, sin = np.cos(turn), np.sin(turn)
    rows = [[cos * width, -cos * slant - sin], [sin * width, cos - sin * slant]]
    return path @ np.array(rows, np.float32).transpose(2, 1, 0)


def _ink(dice: Dice, way: Way, path: Array, pen: Array) -> Pictures:
    """Return pictures (n, 28, 28) of paths drawn with pens of radius `pen` pixels."""
    n = len(path)
    pen = pen * np.exp(dice.normal(0.1, n))
    path, steps = _place(dice, way, path, pen)
    turns = dice.uniform(0, 1, n, 1) + way.along * dice.uniform(0.3, 1.2, n, 1)
    pressure = 1 + dice.uniform(0, 0.22, n, 1) * np.sin(2 * np.pi * turns)
    soak = dice.uniform(8, 24, n, 1)
    tip = pen[:, None] * pressure / np.sqrt(2 * np.log(soak / np.log(2)))
    dose = soak * steps / (tip * np.sqrt(2 * np.pi))
    rows = _tip(path[..., 1], tip) * dose[..., None]
    wet = rows.swapaxes(1, 2) @ _tip(path[..., 0], tip)
    ink = np.minimum((1 - np.exp(-wet)) * dice.uniform(0.86, 1.04, n, 1, 1), 1)
    return np.rint(ink * 255).astype(np.uint8)


def _tip(places: Array, tip: Array) -> Array:
    """Return how strongly the tip at each place (n, m) touches each of 28 lines."""
    grid = np.arange(SIDE, dtype=np.float32)
    far = (grid - places[..., None]) / tip[..., None]
    return np.asarray(np.exp(-0.5 * far**2), np.float32)


def _place(dice: Dice, way: Way, path: Array, pen: Array) -> tuple[Array, Array]:
    """Return paths in pixels, and the length that each sample stands for.

    As in MNIST the digit is centred by mass, but never so that it leaves the paper.
    """
    size = (path.max(axis=1) - path.min(axis=1)).max(axis=1)
    scale = (BOX - 2 * pen) / size * np.exp(dice.normal(0.035, len(path)))
    path = path * scale[:, None, None]
    lengths = np.linalg.norm(np.diff(path, axis=1), axis=-1)
    lengths *= way.stroke[1:] == way.stroke[:-1]
    steps = (np.pad(lengths, ((0, 0), (1, 0))) + np.pad(lengths, ((0, 0), (0, 1)))) / 2
    mass = (path * steps[..., None]).sum(axis=1) / steps.sum(axis=1)[:, None]
    move = (SIDE - 1) / 2 + dice.normal(0.45, len(path), 2) - mass
    margin = pen[:, None] + 0.5
    lowest, highest = margin - path.min(axis=1), SIDE - 1 - margin - path.max(axis=1)
    return path + np.clip(move, lowest, highest)[:, None], steps
