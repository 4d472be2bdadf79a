"""Pictures are compared by correlation: scale, brightness and place are free.

So a check can tell what an augmentation did, however a learner scales pictures and
whichever layers were used. NumPy alone; pictures are (n, height, width, 1).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

SAME = 0.9999


def copies(shown: Any, known: Any) -> float:
    """Return the share of pictures that are among the known ones, in any contrast."""
    wanted = _standard(known).T
    parts = np.array_split(_standard(shown), 8)
    best = [(part @ wanted).max(axis=1) for part in parts if len(part)]
    return float(np.mean(np.concatenate(best) > SAME))


def nearness(shown: Any, known: Any) -> Any:
    """Return how near each picture comes to one of the known ones or its mirror, (n,).

    Nearness is correlation: 1 for the same picture in any contrast.
    """
    both = np.concatenate([known, known[:, :, ::-1]])
    return (_standard(shown) @ _standard(both).T).max(axis=1)


def differ(one: Any, other: Any) -> float:
    """Return the share of pictures that differ visibly from their partners."""
    apart = np.abs(np.subtract(one, other, dtype=np.float64))
    return float(np.mean(apart.max(axis=(1, 2, 3)) > 0.01 * np.ptp(one)))


def letter() -> Any:
    """Return one picture (1, 28, 28, 1), 0 to 255: an F looks different each way."""
    picture = np.full((28, 28), 40.0)
    picture[6:22, 9:12] = picture[6:9, 9:20] = picture[12:15, 9:17] = 220
    near = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    soft = sum(np.roll(picture, shift, (0, 1)) for shift in near) / 9
    return np.asarray(soft, np.float32)[None, ..., None]


def pose(picture: Any) -> tuple[float, bool]:
    """Return how a varied `letter` (28, 28, 1) stands: degrees, and whether mirrored.

    Degrees count from -180 to 180 in steps of 15. A letter that is upside down is a
    mirrored one that is turned.
    """
    poses, seen = _poses()
    best = _alike(seen, picture).argmax()
    return poses[best]


def owner(known: Any, picture: Any) -> int:
    """Return which of the known pictures (n, h, w, 1) a varied one was, or mirrored."""
    both = np.concatenate([known, known[:, :, ::-1]])[..., 0]
    return int(_alike(both, picture).argmax()) % len(known)


def _alike(known: Any, picture: Any) -> Any:
    """Return the highest correlation over all shifts with each known one, (n,)."""
    square = picture[..., 0] - picture.mean()
    wanted = np.conj(np.fft.fft2(square / max(np.linalg.norm(square), 1e-6)))
    known = known - known.mean(axis=(-2, -1), keepdims=True)
    known /= np.maximum(np.linalg.norm(known, axis=(-2, -1), keepdims=True), 1e-6)
    return np.fft.ifft2(np.fft.fft2(known) * wanted).real.max(axis=(-2, -1))


@cache
def _poses() -> tuple[list[tuple[float, bool]], Any]:
    """Return poses and the letter in each of them, at three sizes."""
    asked = [
        (angle, mirrored, size)
        for angle in range(-180, 180, 15)
        for mirrored in (False, True)
        for size in (0.8, 1.0, 1.25)
    ]
    seen = np.array([_posed(*one) for one in asked])
    return [(float(angle), mirrored) for angle, mirrored, _ in asked], seen


def _posed(angle: float, mirrored: bool, size: float) -> Any:
    """Return the letter turned, mirrored and sized, sampled at the nearest pixel."""
    y, x = (np.indices((28, 28)) - 13.5) / size
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    across, down = cos * x - sin * y, sin * x + cos * y
    across = -across if mirrored else across
    places = [np.clip(np.rint(one + 13.5), 0, 27).astype(int) for one in (down, across)]
    return letter()[0, ..., 0][tuple(places)]


def _standard(pictures: Any) -> Any:
    rows = np.reshape(pictures, (len(pictures), -1)).astype(np.float32)
    rows = rows - rows.mean(axis=1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
