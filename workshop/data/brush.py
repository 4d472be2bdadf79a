"""Paint is mixed into pictures by shares, and noise is cut from a pool made once.

Pictures are planes, (3, n, SIDE, SIDE): NumPy is slow where the last axis is short.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from workshop.data.paint import SIDE, Array, Index, window

POOL = 256  # side of the pool of noise


@cache
def pool(fine: float, stretch: float = 1.0) -> Array:
    """Return tiles of noise (POOL, POOL), mean 0, deviation 1, the same on every call.

    Its blots measure about `fine` pixels, down the picture `stretch` times as many.
    """
    random = np.random.default_rng([int(fine * 100), int(stretch * 100)])
    waves = np.fft.rfft2(random.normal(size=(POOL, POOL)))
    across, down = np.fft.rfftfreq(POOL) * fine, np.fft.fftfreq(POOL) * fine * stretch
    passed = np.exp(-8 * (across[None] ** 2 + down[:, None] ** 2))
    noise = np.fft.irfft2(waves * passed, (POOL, POOL))
    return np.asarray((noise - noise.mean()) / noise.std(), np.float32)


def noise(places: Index, fine: float, stretch: float = 1.0) -> Array:
    """Return noise (n, SIDE, SIDE), cut from the pool at `places` (n, 2)."""
    rows = (places[:, :1] + np.arange(SIDE)) % POOL
    columns = (places[:, 1:] + np.arange(SIDE)) % POOL
    return pool(fine, stretch)[rows[:, :, None], columns[:, None, :]]


def spot(
    image: Array,
    x: Array,
    y: Array,
    radii: Array,
    colour: Array,
    strength: Array | None = None,
    angle: Array | None = None,
    soft: float = 1.0,
) -> None:
    """Paint ellipses with `radii` (n, 2), in pixels, on images (3, n, SIDE, SIDE).

    `strength` (n, SIDE, SIDE) says where paint holds, `soft` how many pixels wide the
    edge is; a radius of nearly 0 paints nothing.
    """
    reach = radii.max(axis=1) + soft
    index, dx, dy = window(x, y, reach, reach)
    if angle is not None:
        cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
        dx, dy = dx * cos + dy * sin, dy * cos - dx * sin
    wide, high = (np.maximum(radii[:, i, None, None], 1e-3) for i in range(2))
    inside = 1 - np.sqrt((dx / wide) ** 2 + (dy / high) ** 2)
    share = np.clip(0.5 + inside * np.minimum(wide, high) / soft, 0, 1)
    share = share * np.minimum(1, np.minimum(wide, high) * 2)
    if strength is not None:
        share = share * strength.ravel()[index]
    lay(image, index, share, colour)


def lay(image: Array, index: Index, share: Array, colour: Array) -> None:
    """Mix colours (n, 3) into pixels `index` of images by their `share`."""
    for plane, paint in zip(image, colour.T, strict=True):
        pixels = plane.reshape(-1)
        before = pixels[index]
        pixels[index] = before + share * (paint[:, None, None] - before)


def mix(image: Array, share: Array, colour: Array) -> None:
    """Mix colours (n, 3) into images (3, n, SIDE, SIDE) by `share` (n, SIDE, SIDE)."""
    for plane, paint in zip(image, colour.T, strict=True):
        plane += share * (paint[:, None, None] - plane)
