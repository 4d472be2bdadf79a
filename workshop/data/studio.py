"""One drawing serves two sizes: a sign is a photo in grey, shrunk by averaging.

So a network that learned from signs can read photos. Pictures are drawn in batches of
one letter, because hands of one letter lie in about the same place, and a capsule is
looked for only where some hand of the batch may have it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from workshop.data import shading
from workshop.data.dice import Array
from workshop.data.signers import Room, Takes
from workshop.data.skeleton import HAND, Capsules

GREY = np.array([0.299, 0.587, 0.114], np.float32)  # luma of ITU-R BT.601


def some(takes: Takes, part: npt.NDArray[np.intp]) -> Takes:
    """Return the pictures `part` of many."""
    return _cut(takes, part)


def _cut(value: object, part: npt.NDArray[np.intp]):  # type: ignore[no-untyped-def]
    if isinstance(value, np.ndarray):
        return value[part]
    fields = dataclasses.fields(value)  # type: ignore[arg-type]
    cut = {field.name: _cut(getattr(value, field.name), part) for field in fields}
    return type(value)(**cut)


def scenes(takes: Takes, height: int, width: int, colour: bool) -> Array:
    """Return pictures (n, height, width, 3 or 1), 0 to 1, as light without noise."""
    hands, unit = _framed(takes, height, width)
    buffer, cloth = shading.depth(hands, height, width)
    light = shading.lit(buffer, takes.light, unit)[..., None]
    skin, sleeve = _paint(takes.skin, colour), _paint(takes.cloth, colour)
    hand = light * np.where(cloth[..., None], sleeve, skin)
    behind = _behind(takes.room, takes.light, height, width, colour)
    return np.where((buffer > shading.FAR)[..., None], hand, behind)


def _paint(colours: Array, colour: bool) -> Array:
    """Return colours (n, …, 3) for pictures, (n, 1, 1, …, 3), or as grey (…, 1)."""
    paint = colours if colour else (colours @ GREY)[..., None]
    return paint[:, None, None]


def _framed(takes: Takes, height: int, width: int) -> tuple[Capsules, Array]:
    """Return hands in pixels, and the length of a palm (n,) in pixels."""
    hands, side = takes.hands, min(height, width)
    places, radius = hands.ends[:, :HAND, :, :2], hands.radius[:, :HAND, :, None]
    low = (places - radius).min(axis=(1, 2))
    high = (places + radius).max(axis=(1, 2))
    unit = takes.box * side / (high - low).max(axis=1)
    middle = np.pad((low + high) / 2, ((0, 0), (0, 1)))[:, None, None]
    ends = (hands.ends - middle) * unit[:, None, None, None] * (1, -1, 1)
    ends[..., 0] += width / 2 + takes.centre[:, :1, None] * side
    ends[..., 1] += height / 2 + takes.centre[:, 1:, None] * side
    radius = hands.radius * unit[:, None, None]
    return Capsules(ends.astype(np.float32), radius.astype(np.float32)), unit


def _behind(
    room: Room, light: shading.Light, height: int, width: int, colour: bool
) -> Array:
    """Return what is behind the hands: a wall, and two things with soft edges."""
    side = min(height, width)
    x = ((np.arange(width, dtype=np.float32) + 0.5) * 2 - width) / side
    y = ((np.arange(height, dtype=np.float32) + 0.5) * 2 - height) / side
    side_light = light.direction[:, 0, None, None] * x
    above = light.direction[:, 1, None, None] * y[:, None]
    bright = 1 + np.float32(0.15) * (side_light + above)
    shares = [bright]  # of the wall, then of each thing before it
    for number in range(2):
        angle, far, soft = (room.edges[:, number, i, None, None] for i in range(3))
        along = x * np.cos(angle) + y[:, None] * np.sin(angle) - far
        cover = np.clip(0.5 + along / (2 * soft), 0, 1)
        shares = [*(share * (1 - cover) for share in shares), bright * cover]
    flat = np.stack(shares, axis=-1).reshape(len(room.colours), -1, 3)
    paint = _paint(room.colours, colour)[:, 0, 0]
    return np.asarray((flat @ paint).reshape(len(flat), height, width, -1), np.float32)


def averaged(images: Array, factor: int) -> Array:
    """Return images (n, h, w, c) shrunk by averaging squares of `factor` pixels."""
    n, height, width, channels = images.shape
    cut = (n, height // factor, factor, width // factor, factor, channels)
    return np.asarray(images.reshape(cut).mean(axis=(2, 4)), np.float32)


def softened(images: Array, share: Array) -> Array:
    """Return images (n, h, w, c) as a lens blurs them, a share (n,) of 0 to 1."""
    share = share[:, None, None, None]
    return np.asarray((1 - share) * images + share * shading.blurred(images, 1))


def exposed(images: Array, noise: Array) -> npt.NDArray[np.uint8]:
    """Return light 0 to 1 as grey levels 0 to 255, with noise in grey levels."""
    return np.rint(np.clip(images * 255 + noise, 0, 255)).astype(np.uint8)
