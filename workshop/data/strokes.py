"""A digit is a few strokes through points, and people write it in several ways.

The table below is the only place where the shapes of digits are written down. A stroke
is a text of points `x,y` in hundredths of the digit's height (y grows downwards) that
the pen passes through smoothly; `!` marks a corner. Because the smooth curve
(Catmull-Rom) is linear in its points, one matrix turns the points of any number of
hands into their curves at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# Digit -> ways to write it: (how often, strokes).
WAYS: dict[int, tuple[tuple[float, tuple[str, ...]], ...]] = {
    0: (
        (5, ("50,2 20,20 12,58 32,94 62,88 78,48 68,12 46,4",)),
        (2, ("64,10 34,8 12,44 20,88 50,94 74,58 70,18 46,3 30,10",)),
        (2, ("42,3 24,24 20,66 34,96 54,76 60,34 50,6 36,8",)),
    ),
    1: (
        (6, ("50,2 49,35 48,68 47,98",)),
        (2, ("32,24 44,14 54,2! 53,40 52,70 51,98",)),
        (1, ("30,26 52,3! 51,50 50,97", "26,97 50,96 76,97")),
    ),
    2: (
        (4, ("16,24 28,7 50,3 68,16 64,40 44,66 14,95! 46,92 82,94",)),
        (4, ("18,20 38,4 62,8 68,30 54,58 28,86 12,90 14,78 32,80 56,92 84,90",)),
        (2, ("14,10 40,3 66,12 70,34 54,60 16,94! 50,95 78,88",)),
    ),
    3: (
        (5, ("18,14 40,3 64,10 66,30 38,46! 62,52 72,72 54,94 30,97 12,86",)),
        (2, ("16,6 44,6 72,5! 56,24 38,42! 62,50 72,72 54,94 30,96 12,86",)),
        (3, ("20,12 44,3 66,14 60,34 40,46 34,48 44,47 66,56 68,80 44,97 14,90",)),
    ),
    4: (
        (4, ("22,4 16,30 12,52! 40,54 78,48", "66,10 62,40 58,70 54,98")),
        (3, ("60,3 38,30 10,62! 44,64 82,60", "62,4 60,36 58,66 57,98")),
        (3, ("18,6 14,34 22,50 44,50 62,36 70,8! 64,40 58,70 54,98",)),
    ),
    5: (
        (4, ("28,6 26,22 22,42! 46,38 68,54 66,80 42,97 14,88", "28,6 52,7 80,4")),
        (3, ("76,5 52,7 30,6! 26,24 20,44! 46,40 66,56 62,82 38,97 12,88",)),
        (2, ("80,4 50,6 36,14 28,40 48,46 66,64 56,88 32,97 10,86",)),
    ),
    6: (
        (4, ("62,3 38,22 20,50 16,78 34,97 60,88 64,64 46,54 24,66 18,80",)),
        (3, ("48,3 30,30 18,66 28,94 52,96 68,76 56,58 34,62 20,82",)),
        (2, ("70,10 50,4 26,30 14,66 28,94 56,92 66,70 48,58 26,66 20,76",)),
    ),
    7: (
        (5, ("12,10 44,9 76,6! 60,36 46,68 38,98",)),
        (3, ("14,8 44,8 76,6! 58,40 46,70 40,98", "28,52 50,50 74,48")),
        (2, ("14,24 16,8! 46,8 78,5! 66,28 50,54 46,98",)),
        (2, ("10,18 24,8 48,12 72,6 62,34 48,64 42,98",)),
    ),
    8: (
        (4, ("66,14 44,3 24,16 32,38 58,56 66,80 44,97 20,84 30,58 58,36 70,16 60,8",)),
        (2, ("46,3 26,14 28,36 46,46 64,34 64,12 46,3",
             "46,46 20,64 22,90 46,98 68,88 68,62 46,46")),
        (2, ("72,8 46,4 26,18 36,40 58,58 60,84 38,97 22,80 36,54 60,34 76,14",)),
    ),
    9: (
        (4, ("66,16 44,4 20,18 18,42 38,52 60,38 68,12! 64,44 60,72 56,98",)),
        (3, ("68,18 46,3 22,18 20,42 42,50 62,36 70,14! 68,52 56,86 34,97 14,88",)),
        (3, ("64,26 54,6 30,6 18,28 30,48 54,42 66,20 62,52 52,78 40,98",)),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One way to write a digit: its points, and how they become a curve.

    `points` (k, 2) in units of the digit's height, `ends` (k,) marks where the pen
    lands or lifts; `curve` (m, k) turns points into samples along all strokes;
    `along` (m,) is 0 at a stroke's beginning and 1 at its end; `stroke` (m,) and
    `owner` (k,) number the stroke of a sample and of a point.
    """

    weight: float
    points: Array
    ends: npt.NDArray[np.bool_]
    curve: Array
    along: Array
    stroke: npt.NDArray[np.intp]
    owner: npt.NDArray[np.intp]


@cache
def ways(digit: int) -> tuple[Way, ...]:
    """Return every way to write `digit` (0 to 9)."""
    return tuple(_way(weight, strokes) for weight, strokes in WAYS[digit])


def _way(weight: float, strokes: tuple[str, ...]) -> Way:
    parsed = [_parse(text) for text in strokes]
    curves = [_curve(len(points), corners) for points, corners in parsed]
    samples = [len(curve) for curve in curves]
    owner = np.repeat(np.arange(len(parsed)), [len(points) for points, _ in parsed])
    change = owner[1:] != owner[:-1]
    return Way(
        weight,
        points=np.concatenate([points for points, _ in parsed]).astype(np.float32),
        ends=np.r_[True, change] | np.r_[change, True],
        curve=_block_diagonal(curves),
        along=np.concatenate([np.linspace(0, 1, n) for n in samples], dtype=np.float32),
        stroke=np.repeat(np.arange(len(parsed)), samples),
        owner=owner,
    )


def _parse(text: str) -> tuple[npt.NDArray[np.float64], list[int]]:
    """Return the points of a stroke, and which of them are corners or ends."""
    words = text.split()
    places = [[float(v) / 100 for v in word.rstrip("!").split(",")] for word in words]
    marks = [i for i, word in enumerate(words) if word.endswith("!")]
    return np.array(places), [0, *marks, len(words) - 1]


def _curve(count: int, corners: list[int], steps: int = 7) -> npt.NDArray[np.float64]:
    """Return the matrix (samples, count) of a Catmull-Rom curve with corners.

    Each piece between corners is smooth in itself: beyond its ends the last point is
    mirrored. Formula: E. Catmull and R. Rom, "A class of local interpolating
    splines", 1974.
    """
    rows = []
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    weights = np.hstack(
        [
            -t + 2 * t**2 - t**3,
            2 - 5 * t**2 + 3 * t**3,
            t + 4 * t**2 - 3 * t**3,
            -(t**2) + t**3,
        ]
    )
    unit = np.eye(count)
    for first, last in pairwise(corners):
        piece = unit[first : last + 1]
        before, after = 2 * piece[0] - piece[1], 2 * piece[-1] - piece[-2]
        piece = np.vstack([before, piece, after])
        rows += [weights @ piece[i : i + 4] / 2 for i in range(len(piece) - 3)]
    return np.vstack([*rows, unit[-1:]])


def _block_diagonal(blocks: list[npt.NDArray[np.float64]]) -> Array:
    shape = np.sum([block.shape for block in blocks], axis=0)
    whole = np.zeros(shape, np.float32)
    row = column = 0
    for block in blocks:
        height, width = block.shape
        whole[row : row + height, column : column + width] = block
        row, column = row + height, column + width
    return whole
