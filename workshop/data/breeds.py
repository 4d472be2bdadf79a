"""A breed is a range for each measure of a head; an individual lies somewhere within.

Lengths are in units of half a head's width. A mongrel lies between two breeds, so
shape, coat and colour must be seen together to tell one from the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from workshop.data.dice import Dice
from workshop.data.paint import Array

Look = dict[str, Array]
Colour = tuple[float, float, float]
Coat = tuple[Colour, Colour, Colour]  # base, second (light marks), third (dark marks)

WHITE, CREAM, BLACK = (0.90, 0.88, 0.84), (0.86, 0.75, 0.58), (0.13, 0.12, 0.13)
GREY, BROWN, CHOCOLATE = (0.50, 0.49, 0.48), (0.50, 0.32, 0.19), (0.31, 0.19, 0.13)
TAN, GINGER, FAWN = (0.68, 0.45, 0.24), (0.80, 0.46, 0.20), (0.80, 0.66, 0.47)
PINK = (0.86, 0.62, 0.58)

MEASURES: dict[str, tuple[float, float]] = {
    "wide": (0.92, 1.0),  # of the skull: half width, height, depth
    "high": (0.86, 0.94),
    "deep": (0.88, 0.96),
    "long": (1.45, 1.65),  # of the muzzle: how far it reaches, and its half widths
    "base": (0.50, 0.56),
    "tip": (0.32, 0.38),
    "drop": (0.36, 0.46),  # how far it lies below the eyes
    "cheek": (0.42, 0.50),
    "fluff": (0.0, 0.0),  # hair on the cheeks, and on the forehead
    "top": (0.0, 0.0),
    "apart": (0.38, 0.44),  # of the eyes: half distance, height, size, and iris
    "above": (0.14, 0.20),
    "eye": (0.15, 0.17),
    "slit": (0.0, 0.0),
    "nose": (0.17, 0.20),
    "ear": (0.80, 0.95),  # length, half width, where it begins, which way it goes
    "lap": (0.34, 0.40),
    "side": (0.60, 0.68),
    "lean": (0.25, 0.40),
    "fold": (0.0, 0.0),  # of each ear: 0 pricked, 1 folded over
    "neck": (0.66, 0.76),
    "fuzz": (0.05, 0.10),  # how frayed the outline is, how rough the coat
    "rough": (0.5, 0.8),
    "curl": (0.0, 0.0),
    "blaze": (0.0, 0.0),  # marks, 0 none to 1 full: second colour on muzzle and brow
    "muzzle": (0.0, 0.0),
    "bib": (0.0, 0.0),
    "brows": (0.0, 0.0),
    "mask": (0.0, 0.0),  # third colour on the muzzle, ears, in stripes, in patches
    "dip": (0.0, 0.0),
    "stripes": (0.0, 0.0),
    "patches": (0.0, 0.0),
    "rings": (0.0, 0.0),  # around the eyes
    "whiskers": (0.0, 0.0),
}


@dataclass(frozen=True)
class Breed:
    """A name, its ears (`plate` pricked or folded, `lobe` hanging, `round` or `tall`),
    coats, iris colours, and measures that are not those of MEASURES.
    """

    name: str
    ears: str
    coats: tuple[Coat, ...]
    eyes: tuple[Colour, ...] = ((0.22, 0.12, 0.06),)
    nose: Colour = (0.10, 0.09, 0.10)
    inner: Colour = (0.70, 0.50, 0.45)
    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    mane: bool = False


def individuals(chance: Dice, breed: Breed, n: int) -> Look:
    """Return the measures (n,) and colours (n, 3) of n animals of one breed."""
    look: Look = {}
    for name, usual in MEASURES.items():
        look[name] = chance.uniform(*breed.ranges.get(name, usual), n)
    coats = np.array(breed.coats, np.float32)
    coat = coats[_which(chance, n, len(coats))]
    coat = coat * (1 + chance.normal(0.08, n, 3, 1)) + chance.normal(0.015, n, 3, 3)
    look["coat"], look["light"], look["dark"] = np.clip(coat, 0.03, 0.97).swapaxes(0, 1)
    eyes = np.array(breed.eyes, np.float32)
    look["iris"] = eyes[_which(chance, n, len(eyes))]
    look["seed"] = chance.uniform(0, 1, n)
    for name, colour in (("snout", breed.nose), ("inner", breed.inner)):
        look[name] = np.broadcast_to(np.array(colour, np.float32), (n, 3)).copy()
    return look


def between(first: Look, second: Look, share: Array) -> Look:
    """Return animals that take after two parents, by `share` (n,) after the second."""
    mixed = {}
    for name, one in first.items():
        part = share if one.ndim == 1 else share[:, None]
        mixed[name] = one + part * (second[name] - one)
    return mixed


def _which(chance: Dice, n: int, choices: int):  # type: ignore[no-untyped-def]
    return chance.uniform(0, choices, n).astype(np.intp) % choices
