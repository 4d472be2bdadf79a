"""The dogs of the drawn world: seven breeds, told by ears, muzzle and coat together."""

from __future__ import annotations

from workshop.data.breeds import (
    BLACK,
    BROWN,
    CHOCOLATE,
    CREAM,
    FAWN,
    GINGER,
    GREY,
    TAN,
    WHITE,
    Breed,
)

FULL, MAYBE = (0.9, 1.0), (0.0, 1.0)
BLUE, AMBER = (0.45, 0.66, 0.86), (0.55, 0.32, 0.10)

TERRIER = Breed(
    "terrier",
    "plate",
    ((WHITE, WHITE, TAN), (WHITE, WHITE, BLACK), (TAN, CREAM, BLACK)),
    ranges={
        "long": (1.5, 1.75),
        "base": (0.48, 0.55),
        "tip": (0.34, 0.42),
        "ear": (0.62, 0.75),
        "lap": (0.36, 0.42),
        "lean": (0.3, 0.5),
        "fold": FULL,
        "fuzz": (0.12, 0.22),
        "patches": (0.4, 0.9),
        "blaze": (0.5, 1.0),
        "muzzle": (0.6, 1.0),
    },
)
SHEPHERD = Breed(
    "shepherd",
    "plate",
    ((TAN, TAN, BLACK), (BROWN, TAN, BLACK), (FAWN, FAWN, BLACK)),
    ranges={
        "long": (1.7, 1.95),
        "base": (0.50, 0.55),
        "tip": (0.28, 0.34),
        "ear": (1.0, 1.2),
        "lap": (0.36, 0.42),
        "lean": (0.10, 0.25),
        "side": (0.55, 0.6),
        "mask": (0.75, 1.0),
        "dip": (0.7, 1.0),
        "neck": (0.8, 0.9),
        "fluff": (0.15, 0.3),
    },
)
HUSKY = Breed(
    "husky",
    "plate",
    ((GREY, WHITE, BLACK), (BLACK, WHITE, BLACK), (BROWN, WHITE, CHOCOLATE)),
    eyes=(BLUE, BLUE, AMBER),
    ranges={
        "long": (1.45, 1.6),
        "ear": (0.75, 0.9),
        "lap": (0.34, 0.4),
        "lean": (0.05, 0.2),
        "side": (0.55, 0.62),
        "muzzle": FULL,
        "brows": FULL,
        "blaze": (0.2, 0.5),
        "bib": FULL,
        "fluff": (0.4, 0.6),
        "fuzz": (0.15, 0.25),
        "neck": (0.85, 0.95),
    },
)
HOUND = Breed(
    "hound",
    "lobe",
    ((TAN, WHITE, BLACK), (GINGER, WHITE, CHOCOLATE), (TAN, WHITE, TAN)),
    ranges={
        "long": (1.6, 1.8),
        "base": (0.5, 0.56),
        "tip": (0.38, 0.44),
        "ear": (0.75, 0.9),
        "lap": (0.36, 0.44),
        "side": (0.80, 0.88),
        "blaze": FULL,
        "muzzle": FULL,
        "bib": FULL,
        "fuzz": (0.02, 0.05),
        "rough": (0.2, 0.4),
        "dip": (0.0, 0.3),
    },
)
SPANIEL = Breed(
    "spaniel",
    "lobe",
    ((CHOCOLATE, WHITE, CHOCOLATE), (GINGER, CREAM, GINGER), (BLACK, WHITE, BLACK)),
    ranges={
        "long": (1.4, 1.6),
        "tip": (0.38, 0.44),
        "top": (0.2, 0.35),
        "ear": (1.15, 1.4),
        "lap": (0.42, 0.52),
        "side": (0.84, 0.92),
        "curl": (0.3, 0.5),
        "fuzz": (0.15, 0.25),
        "muzzle": (0.0, 0.7),
        "blaze": (0.0, 0.8),
        "bib": MAYBE,
    },
)
POODLE = Breed(
    "poodle",
    "lobe",
    ((CREAM, CREAM, CREAM), (CHOCOLATE, BROWN, CHOCOLATE), (GREY, GREY, GREY)),
    ranges={
        "wide": (0.82, 0.9),
        "long": (1.75, 2.0),
        "base": (0.36, 0.42),
        "tip": (0.24, 0.29),
        "top": (0.8, 1.0),
        "ear": (1.0, 1.2),
        "lap": (0.5, 0.6),
        "side": (0.85, 0.95),
        "curl": FULL,
        "fuzz": (0.3, 0.45),
        "rough": (1.0, 1.4),
        "eye": (0.14, 0.16),
    },
)
PUG = Breed(
    "pug",
    "plate",
    ((FAWN, FAWN, BLACK), (CREAM, CREAM, BLACK)),
    ranges={
        "wide": (1.0, 1.08),
        "long": (1.12, 1.2),
        "base": (0.58, 0.66),
        "tip": (0.48, 0.55),
        "drop": (0.3, 0.36),
        "eye": (0.21, 0.24),
        "apart": (0.46, 0.52),
        "above": (0.12, 0.18),
        "ear": (0.5, 0.6),
        "lap": (0.3, 0.36),
        "side": (0.72, 0.8),
        "lean": (0.4, 0.6),
        "fold": FULL,
        "mask": FULL,
        "dip": FULL,
        "fuzz": (0.02, 0.05),
        "neck": (0.85, 0.95),
    },
)
DOGS = (TERRIER, SHEPHERD, HUSKY, HOUND, SPANIEL, POODLE, PUG)
