"""A picture is a depth buffer that is lit: all shapes first, then light once.

Seen from far away, a tapered capsule is the union of balls along its axis, and the
front of that union at a pixel has a closed form. Light comes from the depth alone:
slopes give normals, and what lies deeper than its surroundings is darker.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workshop.data.dice import Array
from workshop.data.skeleton import SLEEVES, Capsules

FAR = -1e4
STEEPEST = 2.2  # slopes beyond this are edges, not surfaces


@dataclass(frozen=True)
class Light:
    """Light on n hands: its direction (n, 3), and factors (n,).

    `ambient` is the share of light from everywhere, `strength` scales all light,
    `crease` says how dark creases are.
    """

    direction: Array
    ambient: Array
    strength: Array
    crease: Array


def depth(hands: Capsules, height: int, width: int) -> tuple[Array, Array]:
    """Return the depth (n, height, width) of hands, and where it is cloth.

    The capsules are in pixels, x to the right, y down, z to the viewer. Depth is FAR
    where there is no hand.
    """
    n, k = hands.radius.shape[:2]
    buffer = np.full((n, height, width), FAR, np.float32)
    cloth = np.zeros((n, height, width), bool)
    for part in range(k):
        ends, radius = hands.ends[:, part], hands.radius[:, part]
        box = _box(ends, radius, height, width)
        rows, columns = np.arange(height)[box[0]], np.arange(width)[box[1]]
        if not (len(rows) and len(columns)):
            continue
        front = _front(ends, radius, rows + 0.5, columns + 0.5)
        here = buffer[:, box[0], box[1]]
        if part >= k - SLEEVES:
            cloth[:, box[0], box[1]] |= front > here
        np.maximum(here, front, out=here)
    return buffer, cloth


def _box(ends: Array, radius: Array, height: int, width: int) -> tuple[slice, slice]:
    """Return the rows and columns that a capsule touches in any of n pictures."""
    low = (ends[..., :2] - radius[..., None]).min(axis=(0, 1))
    high = (ends[..., :2] + radius[..., None]).max(axis=(0, 1))
    left, top = np.maximum(np.floor(low), 0).astype(int)
    right, bottom = np.ceil(high).astype(int)
    return (
        slice(top, max(min(bottom, height), top)),
        slice(left, max(min(right, width), left)),
    )


def _front(ends: Array, radius: Array, rows: Array, columns: Array) -> Array:
    """Return the nearest z (n, rows, columns) of a capsule's surface, or FAR.

    Along the axis, t from 0 to 1, the ball at t reaches z(t) + sqrt(d - a (t - u)^2);
    where that is largest follows from its slope being zero.
    """
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    first, grows = radius[:, 0], radius[:, 1] - radius[:, 0]

    def per_picture(values: Array) -> Array:
        return np.asarray(values, np.float32)[:, None, None]

    a = per_picture(np.maximum((along[:, :2] ** 2).sum(axis=1) - grows**2, 0.05))
    rise = per_picture(along[:, 2])
    x = (columns.astype(np.float32) - start[:, :1])[:, None, :]
    y = (rows.astype(np.float32) - start[:, 1:2])[:, :, None]
    across = x * per_picture(along[:, 0]) + per_picture(first * grows)
    u = (across + y * per_picture(along[:, 1])) / a
    d = a * u * u - (x * x + y * y) + per_picture(first**2)
    root = np.sqrt(np.maximum(d, 0))
    reach = root / np.sqrt(a)
    t = u + rise / np.sqrt(a + rise**2) * reach
    np.clip(t, 0, 1, out=t)
    inside = d - a * (t - u) ** 2
    front = per_picture(start[:, 2]) + t * rise + np.sqrt(np.maximum(inside, 0))
    front[(d <= 0) | (inside < -1e-3 * a)] = FAR
    return np.asarray(front, np.float32)


def lit(buffer: Array, light: Light, unit: Array) -> Array:
    """Return the light (n, height, width) that hands send to the viewer, about 0 to 1.

    `unit` (n,) is the length of a palm in pixels.
    """
    hand = buffer > FAR
    floor = np.where(hand, buffer, np.inf).min(axis=(1, 2), initial=np.inf)
    floor = np.where(np.isfinite(floor), floor, 0)[:, None, None]
    solid = np.where(hand, buffer, floor)
    down, right = (_slope(solid, axis) for axis in (1, 2))
    x, y, z = (light.direction[:, i, None, None] for i in range(3))
    facing = (z - right * x - down * y) / np.sqrt(1 + right**2 + down**2)
    facing = np.clip(facing, 0, 1)
    reach = max(1, round(float(np.mean(unit)) * 0.1))
    near = blurred(solid, reach)
    far = blurred(near, 2 * reach)
    deep = np.maximum(near - solid, 0) + 0.6 * np.maximum(far - solid, 0)
    shade = np.exp(-light.crease[:, None, None] * deep / unit[:, None, None])
    ambient = light.ambient[:, None, None]
    bright = (ambient + (1 - ambient) * facing) * shade
    return np.asarray(bright * light.strength[:, None, None], np.float32)


def _slope(solid: Array, axis: int) -> Array:
    """Return how depth changes from pixel to pixel, the gentler of both sides."""
    step = np.diff(solid, axis=axis)
    pad = [(0, 0)] * 3
    pad[axis] = (1, 1)
    step = np.pad(step, pad, mode="edge")
    count = solid.shape[axis]
    before = np.take(step, np.arange(count), axis)
    after = np.take(step, np.arange(1, count + 1), axis)
    both = np.where(np.abs(before) < np.abs(after), before, after)
    return np.asarray(np.clip(both, -STEEPEST, STEEPEST), np.float32)


def blurred(images: Array, reach: int) -> Array:
    """Return images (n, height, width) averaged over squares of 2 reach + 1 pixels."""
    for axis in (1, 2):
        pad = [(0, 0)] * images.ndim
        pad[axis] = (reach + 1, reach)
        total = np.cumsum(np.pad(images, pad, mode="edge"), axis=axis, dtype=np.float64)
        size = images.shape[axis]
        high = np.take(total, np.arange(2 * reach + 1, 2 * reach + 1 + size), axis)
        low = np.take(total, np.arange(size), axis)
        images = ((high - low) / (2 * reach + 1)).astype(np.float32)
    return images
