"""A portrait is an individual, a pose, a place and a light; each is drawn by chance."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import numpy.typing as npt

from workshop.data import (
    animals,
    breeds,
    brush,
    coats,
    dice,
    dogs,
    heads,
    paint,
    scenery,
)
from workshop.data.breeds import Breed, Look
from workshop.data.dice import Dice
from workshop.data.paint import SIDE, Array, Camera, rotation, stack

MODULES: tuple[ModuleType, ...] = (
    dice,
    paint,
    brush,
    scenery,
    breeds,
    dogs,
    animals,
    heads,
    coats,
    sys.modules[__name__],
)
BATCH = 16
NOISE = 2.5  # of the camera, in grey levels
Pictures = npt.NDArray[np.uint8]


def portraits(chance: Dice, look: Look, breed: Breed) -> Pictures:
    """Return a picture (n, SIDE, SIDE, 3) of each animal in `look`.

    Of `breed` only the form counts: its ears, and whether it has a mane.
    """
    n = len(look["wide"])
    made = np.empty((n, SIDE, SIDE, 3), np.uint8)
    for start in range(0, n, BATCH):
        part = {name: one[start : start + BATCH] for name, one in look.items()}
        made[start : start + BATCH] = _batch(chance, part, breed)
    return made


def _batch(chance: Dice, look: Look, breed: Breed) -> Pictures:
    n = len(look["wide"])
    camera, body = _cameras(chance, look, n)
    starts = chance.uniform(0, brush.POOL, n, 2).astype(np.intp)
    fine, curly = brush.noise(starts, 2.0, 2.0), brush.noise(starts[:, ::-1], 7.0)
    curl = look["curl"][:, None, None]
    fur = (1 - curl) * fine + curl * curly
    relief = heads.build(look, camera, body, breed, fur)
    relief.depth += fur * (look["rough"] * (0.12 + 0.8 * look["curl"]))[:, None, None]
    head, chest = (paint.unturned(c, relief.depth) for c in (camera, body))
    skin = coats.colours(look, relief.part, head, chest, fine)
    skin *= 1 + 0.07 * (fine * (relief.part != heads.EYE))
    skin *= shading(chance, relief.depth, sunlight(chance, n))[0]
    gaze = chance.normal(0.08, n, 2)
    coats.eyes(look, camera, skin, relief.part, gaze)
    _gleam(look, camera, skin, relief)
    place = scenery.scenes(chance, n, scenery.OUTSIDE)
    image = place + relief.cover * (skin - place)
    _whiskers(look, camera, image)
    return developed(chance, image)


def _cameras(chance: Dice, look: Look, n: int) -> tuple[Camera, Camera]:
    """Return how heads and bodies are seen: turned, nodding, tilted, near or far."""
    tall = np.maximum(look["ear"] - 1.0, 0)
    scale = chance.uniform(21, 30, n) / (1 + 0.22 * tall)
    middle = stack(
        SIDE / 2 + chance.normal(5, n), SIDE / 2 - 2 + chance.normal(4, n) + 10 * tall
    )
    yaw = chance.uniform(-0.75, 0.75, n)
    pitch, roll = chance.normal(0.12, n), chance.normal(0.16, n)
    head = Camera(middle, scale, rotation(yaw, pitch, roll))
    body = rotation(0.5 * yaw, 0 * pitch, 0.25 * roll)
    return head, Camera(middle, scale, body)


def sunlight(chance: Dice, n: int) -> Array:
    """Return from where light comes (n, 3): right, up, to the viewer."""
    across, above = chance.uniform(-0.65, 0.65, n), chance.uniform(0.25, 0.75, n)
    return stack(across, above, np.sqrt(np.maximum(1 - across**2 - above**2, 0.15)))


def shading(chance: Dice, depth: Array, sun: Array) -> tuple[Array, Array]:
    """Return light of one colour (3, n, SIDE, SIDE) on reliefs, and where they shine
    (n, SIDE, SIDE).
    """
    n = len(depth)
    normal = paint.normals(depth)
    lit = sum(sun[:, i, None, None] * normal[i] for i in range(3))
    ambient = chance.uniform(0.45, 0.65, n)[:, None, None]
    shade = ambient + (1.18 - ambient) * np.maximum(0.15 + 0.85 * lit, 0)
    shade *= 0.85 + 0.15 * normal[2]
    warm = chance.normal(0.05, n)
    tint = stack(1 + warm, 1, 1 - warm)
    half = sun + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half, axis=1, keepdims=True)
    shine = sum(half[:, i, None, None] * normal[i] for i in range(3))
    shine = np.clip(shine, 0, 1) ** 2
    shine = shine * shine
    shine = shine * shine * shine * shine
    return np.asarray(shade * tint.T[:, :, None, None], np.float32), shine


def _gleam(look: Look, camera: Camera, image: Array, relief: paint.Relief) -> None:
    place = camera.place(heads.nose_place(look))
    size = look["nose"] * camera.scale
    shape = stack(0.35 * size, 0.18 * size)
    on = (relief.part == heads.NOSE).astype(np.float32) * 0.55
    shine = np.full((len(size), 3), 0.9, np.float32)
    brush.spot(
        image, place[:, 0] - 0.2 * size, place[:, 1] - 0.3 * size, shape, shine, on
    )


def _whiskers(look: Look, camera: Camera, image: Array) -> None:
    if look["whiskers"].max() == 0:
        return
    n = len(camera.scale)
    strength = np.broadcast_to(
        0.55 * look["whiskers"][:, None, None], (n, SIDE, SIDE)
    ).astype(np.float32)
    pale = np.full((n, 3), 0.93, np.float32)
    for side in heads.SIDES:
        for rise in (-0.18, 0.0, 0.18):
            root = stack(side * look["tip"], -look["drop"], look["long"] - 0.3)
            end = root + stack(side * 0.75 + 0 * look["tip"], rise, -0.35)
            first, last = camera.place(root), camera.place(end)
            dx, dy = (last - first)[:, 0], (last - first)[:, 1]
            half = np.hypot(dx, dy) / 2
            middle = (first + last) / 2
            brush.spot(
                image,
                middle[:, 0],
                middle[:, 1],
                stack(half, 0.45),
                pale,
                strength,
                angle=np.arctan2(dy, dx),
            )


def developed(chance: Dice, image: Array) -> Pictures:
    """Return pictures as a camera gives them: a little soft, exposed, with noise."""
    n = image.shape[1]
    soft = chance.uniform(0.0, 0.25, n)[:, None, None]
    for one, other in (
        ((..., slice(1, None)), (..., slice(-1))),
        ((..., slice(1, None), slice(None)), (..., slice(-1), slice(None))),
    ):
        share = (image[one] - image[other]) * soft
        image[one] -= share
        image[other] += share
    starts = chance.uniform(0, brush.POOL, n, 2).astype(np.intp)
    image *= 255 * (1 + chance.normal(0.07, n)[:, None, None])
    image += NOISE * brush.noise(starts, 0.0)
    levels = np.clip(image, 0, 255, out=image).astype(np.uint8)
    return np.ascontiguousarray(levels.transpose(1, 2, 3, 0))
