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

    def each(values: Array) -> Array:
        return np.asarray(values, np.float32)[:, None, None]

    a = np.maximum((along[:, :2] ** 2).sum(axis=1) - grows**2, 0.05)
    rise = along[:, 2]
    x = (columns.astype(np.float32) - start[:, :1])[:, None, :]
    y = (rows.astype(np.float32) - start[:, 1:2])[:, :, None]
    u = x * each(along[:, 0] / a) + (
        y * each(along[:, 1] / a) + each(first * grows / a)
    )
    d = u * u
    d *= each(a)
    d -= x * x
    d -= y * y - each(first**2)
    t = np.sqrt(np.maximum(d, 0))
    t *= each(rise / np.sqrt(a * (a + rise**2)))
    t += u
    np.clip(t, 0, 1, out=t)
    u -= t
    u *= u
    u *= each(a)
    d -= u
    t *= each(rise)
    t += each(start[:, 2])
    t += np.sqrt(np.maximum(d, 0))
    return np.where(d > 0, t, np.float32(FAR))


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
    deep = _sunken(solid, float(np.mean(unit)) * 0.2)
    shade = np.exp(-light.crease[:, None, None] * deep / unit[:, None, None])
    ambient = light.ambient[:, None, None]
    bright = (ambient + (1 - ambient) * facing) * shade
    return np.asarray(bright * light.strength[:, None, None], np.float32)


def _slope(solid: Array, axis: int) -> Array:
    """Return how depth changes from pixel to pixel, the gentler of both sides."""
    step = np.diff(solid, axis=axis)
    first, last = np.take(step, [0], axis), np.take(step, [-1], axis)
    before = np.concatenate([first, step], axis)
    after = np.concatenate([step, last], axis)
    both = np.where(np.abs(before) < np.abs(after), before, after)
    return np.clip(both, -STEEPEST, STEEPEST, out=both)


def _sunken(solid: Array, reach: float) -> Array:
    """Return how deep each place lies below its surroundings, in pixels.

    Surroundings are averages over about `reach` and three times as far, of a picture
    of half the size: they are smooth, so that is enough.
    """
    height, width = solid.shape[1:]
    small = solid[:, ::2, ::2]
    near = blurred(small, max(1, round(reach / 4)))
    far = blurred(near, max(1, round(reach / 2)))
    deep = np.zeros_like(solid)
    for level, share in ((near, 1.0), (far, 0.6)):
        whole = level.repeat(2, axis=1).repeat(2, axis=2)[:, :height, :width]
        deep += np.float32(share) * np.maximum(whole - solid, 0)
    return deep


def blurred(images: Array, reach: int) -> Array:
    """Return images (n, height, width, …) averaged over 2 reach + 1 pixels square."""
    share = np.float32(1 / (2 * reach + 1))
    for axis in (1, 2):
        size = images.shape[axis]
        edge = np.clip(np.arange(-reach, size + reach), 0, size - 1)
        wide = np.moveaxis(np.take(images, edge, axis), axis, -1)
        total = np.zeros_like(wide[..., :size])
        for start in range(2 * reach + 1):
            total += wide[..., start : start + size]
        images = np.moveaxis(total * share, -1, axis)
    return images
