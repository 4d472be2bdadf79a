"""Marks are places on the animal, not on the picture: they turn as its head turns.

A point of a head is known by its own axes (x, y, z), so a patch around an eye stays
there in every pose, and stripes bend around the brow.
"""

from __future__ import annotations

import numpy as np

from workshop.data import brush, heads, paint
from workshop.data.breeds import Look
from workshop.data.brush import mix
from workshop.data.heads import BODY, EAR, EYE, HEAD, INNER, MANE, NOSE
from workshop.data.paint import Array, Camera

Point = list[Array]


def colours(look: Look, part: Array, head: Point, body: Point, wobble: Array) -> Array:
    """Return the colours (3, n, SIDE, SIDE) of fur, nose and eyes under white light.

    `head` and `body` are the points seen, in the axes of each; `wobble` (n, SIDE,
    SIDE) frays the edges of marks.
    """
    table, start = _table(look), np.arange(len(part))[:, None, None] * (MANE + 1)
    paint = np.stack([table[..., i].ravel()[start + part] for i in range(3)])
    x, y, z = head[0] + 0.04 * wobble, head[1] + 0.04 * wobble, head[2]
    on_head = (part == HEAD).astype(np.float32)
    fur = on_head + (part == EAR) + (part == BODY)
    light, dark = look["light"], look["dark"]
    if look["stripes"].max() > 0:
        mix(paint, _stripes(look, x, y, body[1], wobble) * fur, dark)
    if look["patches"].max() > 0:
        mix(paint, _patches(look, head, body, part == BODY) * fur, dark)
    if look["blaze"].max() > 0:
        mix(paint, _blaze(look, x, y, z) * on_head, light)
    if look["muzzle"].max() > 0:
        mix(paint, _snout(look, x, y, z) * on_head, light)
    if look["brows"].max() > 0:
        mix(paint, _brows(look, x, y) * on_head, light)
    if look["mask"].max() > 0:
        mix(paint, _mask(look, x, y, z) * on_head, dark)
    if look["rings"].max() > 0:
        mix(paint, _rings(look, x, y, z) * on_head, dark)
    if look["bib"].max() > 0:
        mix(paint, _bib(look, body) * (part == BODY), light)
    if "patch" in look:
        mix(paint, _patch(look, x, y, z) * on_head, look["patch"])
    mix(paint, _mouth(look, head) * on_head * 0.75, look["snout"] * 0.6)
    if "collar" in look:
        _collar(look, paint, part, body)
    return paint


def _table(look: Look) -> Array:
    """Return the colour of each part (n, parts, 3) before any marks."""
    table = np.zeros((len(look["wide"]), MANE + 1, 3), np.float32)
    base, dark, dip = look["coat"], look["dark"], look["dip"][:, None]
    table[:, HEAD] = table[:, BODY] = base
    table[:, EAR] = look.get("ears", base + dip * (dark - base))
    table[:, INNER] = look["inner"] * (1 - 0.35 * dip)
    table[:, NOSE], table[:, MANE] = look["snout"], dark
    table[:, EYE] = 0.5 * look["iris"]
    return table


def _of(look: Look, name: str) -> Array:
    return look[name][:, None, None]


def _within(inside: Array, sharp: float = 8.0) -> Array:
    """Return 1 where positive, 0 where negative, with a soft edge."""
    return np.clip(0.5 + sharp * inside, 0, 1)


def _blaze(look: Look, x: Array, y: Array, z: Array) -> Array:
    wide = 0.10 + 0.14 * _of(look, "blaze") - 0.12 * y
    shown = np.minimum(1, 3 * _of(look, "blaze"))
    return shown * _within(wide - np.abs(x)) * _within(z - 0.1)


def _snout(look: Look, x: Array, y: Array, z: Array) -> Array:
    below = -0.06 - y - 0.25 * np.abs(x) + 0.16 * (z - 0.8)
    near = z - 0.42 + 0.1 * _of(look, "muzzle")
    return _of(look, "muzzle") * _within(np.minimum(below, near))


def _brows(look: Look, x: Array, y: Array) -> Array:
    high = y - _of(look, "above") - 0.2
    spots = 0.16 - np.hypot(np.abs(x) - 0.85 * _of(look, "apart"), high)
    cheeks = -0.12 - y + 0.75 * (np.abs(x) - 0.45)
    return _of(look, "brows") * _within(np.maximum(spots, cheeks))


def _mask(look: Look, x: Array, y: Array, z: Array) -> Array:
    reach = 0.62 - np.hypot(x * 0.9, y + 0.25) + 0.35 * (z - 0.85)
    return _of(look, "mask") * _within(reach, 3.0)


def _rings(look: Look, x: Array, y: Array, z: Array) -> Array:
    across = np.abs(x) - _of(look, "apart") - 0.03
    down = y - _of(look, "above") + 0.06
    turned = across * 0.8 + down * 0.6, down * 0.8 - across * 0.6
    far = np.hypot(turned[0] * 1.25, turned[1] * 0.9)
    return _of(look, "rings") * _within(0.27 - far) * (z > 0)


def _stripes(look: Look, x: Array, y: Array, low: Array, wobble: Array) -> Array:
    brow = np.sin(15 * x * (1 + 0.25 * y) + 0.5 * wobble) * _within(y - 0.28, 4.0)
    sides = np.sin(13 * y + 3 * np.abs(x) + 0.5 * wobble)
    sides = sides * _within(np.abs(x) - 0.52, 5.0)
    bands = np.maximum(brow, sides)
    bands += (low < -1.1) * (np.sin(8 * low + wobble) - bands)
    return 0.8 * _of(look, "stripes") * _within(bands - 0.25, 1.5)


def _patches(look: Look, head: Point, body: Point, low: Array) -> Array:
    """Return patches that lie elsewhere on every animal."""
    seed = 7 * look["seed"][:, None, None]
    x, y = (head[i] + low * (body[i] - head[i]) for i in range(2))
    cos, sin = np.cos(seed), np.sin(seed)
    waves = np.sin(2.2 * (cos * x + sin * y) + 5 * seed)
    waves = 0.65 * waves + 0.65 * np.sin(2.8 * (cos * y - sin * x) + 3 * seed)
    return _within(waves + 0.9 * _of(look, "patches") - 0.6, 4.0)


def _bib(look: Look, body: Point) -> Array:
    x, y, z = body
    wide = 0.28 + 0.25 * np.clip(-1.0 - y, 0, 1)
    return _of(look, "bib") * _within(wide - np.abs(x), 5.0) * (z > -0.4)


def _patch(look: Look, x: Array, y: Array, z: Array) -> Array:
    """Return a dark patch around one eye (`patched`: -1 left, 1 right, 0 none)."""
    side = _of(look, "patched")
    far = np.hypot(x - side * 1.12 * _of(look, "apart"), 0.85 * (y - 0.2))
    return np.abs(side) * _within(_of(look, "patch_size") - far) * (z > -0.2)


def _mouth(look: Look, head: Point) -> Array:
    """Return the line under the nose and the two that part the lips."""
    x, y, z = head
    tip, drop = _of(look, "tip"), _of(look, "drop")
    y, x = y + drop, np.abs(x)
    front = _within(z - (_of(look, "long") - 1.5 * tip), 4.0)
    middle = _within(0.03 - x, 14.0) * _within(0.55 * tip - np.abs(y), 10.0)
    curve = y + 0.62 * tip - 0.5 * (x - 0.45 * tip) ** 2 / tip
    lips = _within(0.035 - np.abs(curve), 12.0) * _within(0.9 * tip - x, 6.0)
    return np.maximum(middle, lips) * front


def _collar(look: Look, paint: Array, part: Array, body: Point) -> None:
    """Put a band around the neck, where `collared` is 1, with a tag of brass."""
    x, y, z = body
    sag = y + 1.28 - 0.18 * np.abs(x)
    band = _of(look, "collared") * _within(0.10 - np.abs(sag), 9.0) * (part == BODY)
    mix(paint, band, look["collar"])
    tag = _within(0.11 - np.hypot(x, y + 1.47), 10.0) * (z > -0.4) * (part == BODY)
    brass = np.array([[0.85, 0.70, 0.30]], np.float32)
    mix(paint, tag * _of(look, "collared"), np.repeat(brass, len(x), 0))


def eyes(look: Look, camera: Camera, image: Array, part: Array, gaze: Array) -> None:
    """Paint iris, pupil and a gleam on each eye that is seen."""
    seen = (part == EYE).astype(np.float32)
    for side in heads.SIDES:
        place = camera.place(heads.eye_places(look, side))
        size = look["eye"] * camera.scale
        x, y = place[:, 0] + gaze[:, 0] * size, place[:, 1] + gaze[:, 1] * size
        iris = paint.stack(0.80 * size, 0.80 * size)
        brush.spot(image, x, y, iris, look["iris"], seen)
        wide = np.where(look["slit"] > 0.5, 0.22, 0.5) * size
        pupil = paint.stack(wide, np.where(look["slit"] > 0.5, 0.66, 0.5) * size)
        black = np.full_like(look["iris"], 0.03)
        brush.spot(image, x, y, pupil, black, seen)
        gleam = paint.stack(0.28 * size, 0.28 * size)
        white = np.full_like(black, 0.97)
        brush.spot(image, x - 0.28 * size, y - 0.35 * size, gleam, white, seen)
