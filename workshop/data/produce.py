"""Fruit is a few ellipsoids with a skin; rot is a change of the skin in places.

Ripeness, spots, bruises, rot, mould and wrinkles are amounts between 0 and 1, so that
fresh and rotten differ by degree and share all their colours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workshop.data.breeds import Colour, Look
from workshop.data.dice import Dice
from workshop.data.paint import Array

Blob = tuple[tuple[float, float, float], tuple[float, float, float], float]
SKIN, STALK, GREEN = 1, 2, 3
PATCHES = 4  # places where a fruit may go bad

LEAF, WOOD = (0.36, 0.56, 0.22), (0.36, 0.25, 0.14)


def _arc(bend: float = 0.95, thick: float = 0.29) -> tuple[Blob, ...]:
    """Return a banana: ellipsoids along an arc, thinner at both ends."""
    blobs = []
    for angle in np.linspace(-bend, bend, 9):
        wide = thick * (1 - 0.55 * (abs(angle) / bend) ** 4)
        place = (1.15 * np.sin(angle), 0.72 - 1.15 * np.cos(angle), 0.0)
        long = 0.5 - 0.28 * (abs(angle) / bend) ** 2
        blobs.append((place, (long, wide, wide), float(angle)))
    return tuple(blobs)


@dataclass(frozen=True)
class Fruit:
    """A name, its blobs (centre, radii, roll), skins (main, blush), and habits:
    how rough and glossy the skin is, how deep the dimple, and what is green on it.
    """

    name: str
    blobs: tuple[Blob, ...]
    skins: tuple[tuple[Colour, Colour], ...]
    rough: float = 0.1
    gloss: float = 0.35
    dimple: float = 0.0
    stalk: float = 0.0
    leaf: float = 0.0
    star: float = 0.0
    seeds: float = 0.0
    spin: float = 0.5  # how far it may lie on its side, in radians
    unripe: float = 1.0
    bent: bool = False


BALL: tuple[Blob, ...] = (((0, 0, 0), (0.95, 0.92, 0.95), 0.0),)
APPLE_FORM: tuple[Blob, ...] = (
    ((0, 0.08, 0), (0.98, 0.80, 0.98), 0.0),
    ((0, -0.18, 0), (0.80, 0.74, 0.80), 0.0),
)
RED, DARK_RED, LIME, YELLOW = (
    (0.78, 0.14, 0.13),
    (0.55, 0.07, 0.10),
    (0.58, 0.74, 0.24),
    (0.90, 0.78, 0.30),
)
APPLE_SKINS = ((RED, DARK_RED), (RED, YELLOW), (YELLOW, RED), (LIME, LIME))


def _apple(name: str, skins: tuple[tuple[Colour, Colour], ...]) -> Fruit:
    return Fruit(name, APPLE_FORM, skins, dimple=0.8, stalk=0.9, leaf=0.3, gloss=0.5)


APPLE = _apple("apple", (*APPLE_SKINS, (LIME, YELLOW), (DARK_RED, RED)))
RED_APPLE = _apple("red apple", ((RED, DARK_RED), (DARK_RED, RED), (RED, YELLOW)))
GREEN_APPLE = _apple("green apple", ((LIME, LIME), (LIME, YELLOW)))
BANANA = Fruit(
    "banana",
    _arc(),
    (((0.92, 0.77, 0.22), (0.86, 0.74, 0.25)), ((0.94, 0.82, 0.34), (0.7, 0.74, 0.3))),
    gloss=0.15,
    spin=3.1,
    bent=True,
)
ORANGE = Fruit(
    "orange",
    BALL,
    (((0.94, 0.52, 0.10), (0.90, 0.45, 0.08)), ((0.92, 0.58, 0.16), (0.8, 0.62, 0.2))),
    rough=0.16,
    gloss=0.35,
    unripe=0.3,
    dimple=0.12,
    star=0.6,
)
LEMON = Fruit(
    "lemon",
    (
        ((0, 0, 0), (0.80, 0.95, 0.80), 0.0),
        ((0, -0.9, 0), (0.24, 0.28, 0.24), 0.0),
        ((0, 0.88, 0), (0.26, 0.22, 0.26), 0.0),
    ),
    (((0.95, 0.85, 0.24), (0.90, 0.82, 0.20)), ((0.94, 0.88, 0.36), (0.7, 0.8, 0.3))),
    rough=0.15,
    unripe=0.5,
    spin=1.4,
)
PEAR = Fruit(
    "pear",
    (
        ((0, -0.30, 0), (0.80, 0.72, 0.80), 0.0),
        ((0, 0.10, 0), (0.58, 0.62, 0.58), 0.0),
        ((0, 0.52, 0), (0.38, 0.46, 0.38), 0.0),
    ),
    ((LIME, (0.75, 0.72, 0.30)), ((0.78, 0.72, 0.30), (0.70, 0.40, 0.20))),
    stalk=1.0,
    leaf=0.4,
    seeds=0.2,
    spin=0.8,
)
PLUM = Fruit(
    "plum",
    (((0, 0, 0), (0.80, 0.92, 0.80), 0.0),),
    (((0.32, 0.16, 0.36), (0.45, 0.18, 0.32)), ((0.25, 0.18, 0.42), (0.4, 0.3, 0.5))),
    dimple=0.5,
    stalk=0.6,
)
TOMATO = Fruit(
    "tomato",
    (((0, 0, 0), (1.0, 0.80, 1.0), 0.0),),
    (((0.86, 0.18, 0.10), (0.84, 0.24, 0.10)), ((0.88, 0.30, 0.12), (0.8, 0.5, 0.2))),
    gloss=0.8,
    unripe=0.6,
    dimple=0.3,
    star=1.0,
)
STRAWBERRY = Fruit(
    "strawberry",
    (
        ((0, 0.25, 0), (0.80, 0.55, 0.80), 0.0),
        ((0, -0.2, 0), (0.60, 0.60, 0.60), 0.0),
        ((0, -0.62, 0), (0.34, 0.42, 0.34), 0.0),
    ),
    (((0.84, 0.13, 0.14), (0.80, 0.20, 0.16)), ((0.78, 0.10, 0.12), (0.9, 0.4, 0.3))),
    star=1.0,
    seeds=1.0,
    gloss=0.6,
)
LESSON = (APPLE, BANANA, ORANGE)
LIKE_LESSON = (RED_APPLE, GREEN_APPLE, BANANA, ORANGE)
OTHERS = (LEMON, PEAR, PLUM, TOMATO, STRAWBERRY)


def fresh(chance: Dice, n: int) -> Look:
    """Return how fresh fruit look: ripe or not, a few spots, at most a small bruise."""
    look = _skins(chance, n)
    look["green"] = chance.uniform(0, 1, n) ** 3
    look["spots"] = chance.uniform(0, 1, n) ** 2 * 0.8
    look["bruise"] = np.maximum(chance.uniform(-1, 1, n), 0)
    look["wrinkles"] = chance.uniform(0, 0.2, n)
    look["rot"], look["mould"] = np.zeros(n, np.float32), np.zeros(n, np.float32)
    return look


def rotten(chance: Dice, n: int) -> Look:
    """Return how bad fruit look: soft brown places, mould, wrinkles, or all of it."""
    look = _skins(chance, n)
    look["green"] = chance.uniform(0, 0.8, n) ** 3
    look["spots"] = chance.uniform(0, 1, n)
    look["bruise"] = chance.uniform(0, 1, n)
    look["wrinkles"] = chance.uniform(0, 1, n)
    look["rot"] = chance.uniform(0.45, 1, n)
    look["reach"][:, 0] = chance.uniform(0.7, 1, n)
    look["mould"] = np.maximum(chance.uniform(-0.8, 1, n), 0)
    return look


def some_bad(chance: Dice, n: int, share: float = 0.3) -> Look:
    """Return how fruit look of which a share is bad."""
    bad = int(n * share)
    looks = (fresh(chance, n - bad), rotten(chance, bad))
    return {name: np.concatenate([one[name] for one in looks]) for name in looks[0]}


def _skins(chance: Dice, n: int) -> Look:
    """Return what fruit have whatever their state: where they may go bad, and how far
    each place spreads; chance for their skin, leaf and stalk.
    """
    places = chance.normal(1, n, PATCHES, 3)
    places[:, 0, 2] = np.abs(places[:, 0, 2]) + 1.2
    places[:, :, 1] *= 0.7
    size = np.linalg.norm(places, axis=2, keepdims=True)
    return {
        "places": places / size,
        "reach": chance.uniform(0.4, 1, n, PATCHES),
        "skin": chance.uniform(0, 1, n),
        "tone": chance.normal(1, n, 3),
        "leafy": chance.uniform(0, 1, n),
        "blush": chance.uniform(0, 1, n),
        "brown": chance.uniform(0, 1, n),
    }


def colours_of(fruit: Fruit, look: Look) -> tuple[Array, Array]:
    """Return the main colours and the blush (n, 3) of fruit."""
    skins = np.array(fruit.skins, np.float32)
    which = (look["skin"] * len(skins)).astype(np.intp) % len(skins)
    tone = 1 + 0.05 * look["tone"] + 0.06 * look["tone"][:, :1]
    return skins[which, 0] * tone, skins[which, 1] * tone
