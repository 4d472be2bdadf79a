"""The animals of the drawn world: cats, bears and others, by their measures."""

from __future__ import annotations

from workshop.data.breeds import (
    BLACK,
    BROWN,
    CHOCOLATE,
    CREAM,
    FAWN,
    GINGER,
    GREY,
    PINK,
    TAN,
    WHITE,
    Breed,
)
from workshop.data.dogs import AMBER, BLUE, FULL, MAYBE

GREEN, YELLOW = (0.50, 0.68, 0.28), (0.85, 0.70, 0.22)

_CAT = {
    "wide": (0.98, 1.06),
    "high": (0.8, 0.86),
    "long": (1.08, 1.16),
    "base": (0.36, 0.42),
    "tip": (0.30, 0.34),
    "drop": (0.34, 0.4),
    "cheek": (0.45, 0.55),
    "apart": (0.42, 0.48),
    "above": (0.06, 0.12),
    "eye": (0.23, 0.27),
    "slit": FULL,
    "nose": (0.09, 0.11),
    "ear": (0.68, 0.85),
    "lap": (0.36, 0.44),
    "side": (0.56, 0.62),
    "lean": (0.22, 0.36),
    "neck": (0.6, 0.7),
    "whiskers": FULL,
}


def _cat(name, coats, eyes, nose=(0.70, 0.42, 0.42), **ranges):  # type: ignore[no-untyped-def]
    return Breed(name, "plate", coats, eyes, nose, PINK, _CAT | ranges)


CATS = (
    _cat(
        "tabby cat",
        ((GREY, WHITE, BLACK), (BROWN, CREAM, BLACK), (TAN, WHITE, CHOCOLATE)),
        (GREEN, YELLOW),
        stripes=FULL,
        muzzle=(0.5, 1.0),
        bib=MAYBE,
    ),
    _cat(
        "black cat",
        ((BLACK, BLACK, BLACK),),
        (GREEN, YELLOW, YELLOW),
        nose=(0.12, 0.10, 0.11),
    ),
    _cat(
        "siamese cat",
        ((CREAM, CREAM, CHOCOLATE), (WHITE, WHITE, BLACK)),
        (BLUE,),
        nose=(0.25, 0.17, 0.16),
        mask=FULL,
        dip=FULL,
        wide=(0.88, 0.95),
        ear=(0.85, 1.0),
    ),
    _cat(
        "ginger cat",
        ((GINGER, CREAM, TAN), (GINGER, WHITE, BROWN)),
        (YELLOW, GREEN),
        stripes=(0.5, 0.8),
        muzzle=FULL,
        bib=MAYBE,
        fluff=(0.2, 0.5),
    ),
    _cat(
        "white cat",
        ((WHITE, WHITE, WHITE),),
        (BLUE, GREEN, YELLOW),
        fluff=(0.2, 0.5),
        fuzz=(0.12, 0.25),
    ),
)

_BEAR = {
    "wide": (1.0, 1.06),
    "long": (1.45, 1.6),
    "base": (0.46, 0.52),
    "tip": (0.34, 0.4),
    "drop": (0.38, 0.46),
    "cheek": (0.55, 0.62),
    "apart": (0.36, 0.42),
    "above": (0.10, 0.16),
    "eye": (0.10, 0.12),
    "nose": (0.19, 0.22),
    "ear": (0.30, 0.36),
    "lap": (0.30, 0.36),
    "side": (0.72, 0.8),
    "fuzz": (0.15, 0.25),
    "neck": (1.1, 1.25),
    "rough": (0.8, 1.1),
}
BROWN_BEAR = Breed(
    "brown bear",
    "round",
    ((BROWN, TAN, CHOCOLATE), (CHOCOLATE, BROWN, BLACK), (TAN, FAWN, BROWN)),
    ranges=_BEAR | {"muzzle": (0.5, 1.0), "fluff": (0.2, 0.4)},
)
POLAR_BEAR = Breed(
    "polar bear",
    "round",
    ((WHITE, WHITE, CREAM), (CREAM, WHITE, CREAM)),
    inner=(0.55, 0.50, 0.46),
    ranges=_BEAR
    | {"ear": (0.24, 0.3), "lap": (0.24, 0.3), "long": (1.6, 1.75), "wide": (0.9, 1)},
)
PANDA = Breed(
    "panda",
    "round",
    ((WHITE, WHITE, BLACK),),
    inner=BLACK,
    ranges=_BEAR
    | {
        "wide": (1.06, 1.14),
        "long": (1.3, 1.4),
        "rings": FULL,
        "dip": FULL,
        "ear": (0.34, 0.4),
        "fluff": (0.3, 0.5),
    },
)
BEARS = (BROWN_BEAR, POLAR_BEAR, PANDA)

FOX = Breed(
    "fox",
    "plate",
    ((GINGER, WHITE, BLACK), (TAN, WHITE, BLACK), ((0.84, 0.42, 0.14), WHITE, BLACK)),
    eyes=(AMBER, YELLOW),
    inner=(0.85, 0.78, 0.70),
    ranges={
        "long": (1.75, 1.95),
        "base": (0.38, 0.42),
        "tip": (0.17, 0.21),
        "drop": (0.38, 0.44),
        "nose": (0.12, 0.14),
        "eye": (0.13, 0.15),
        "ear": (0.95, 1.1),
        "lap": (0.42, 0.48),
        "side": (0.58, 0.64),
        "lean": (0.25, 0.4),
        "muzzle": FULL,
        "bib": FULL,
        "fluff": (0.7, 0.9),
        "dip": (0.2, 0.5),
        "fuzz": (0.15, 0.25),
        "whiskers": (0.0, 0.4),
    },
)
RABBIT = Breed(
    "rabbit",
    "tall",
    ((FAWN, WHITE, BROWN), (GREY, WHITE, BLACK), (WHITE, WHITE, GREY)),
    nose=(0.78, 0.52, 0.50),
    inner=PINK,
    ranges={
        "wide": (0.82, 0.88),
        "high": (0.86, 0.94),
        "long": (1.12, 1.22),
        "base": (0.46, 0.52),
        "tip": (0.38, 0.44),
        "drop": (0.36, 0.44),
        "apart": (0.52, 0.58),
        "above": (0.14, 0.22),
        "eye": (0.19, 0.22),
        "nose": (0.09, 0.11),
        "ear": (1.5, 1.8),
        "lap": (0.24, 0.30),
        "side": (0.30, 0.38),
        "lean": (0.08, 0.30),
        "muzzle": (0.3, 0.8),
        "whiskers": (0.5, 1.0),
        "bib": MAYBE,
    },
)
MOUSE = Breed(
    "mouse",
    "round",
    ((GREY, WHITE, GREY), (BROWN, CREAM, BROWN), (WHITE, WHITE, WHITE)),
    nose=(0.85, 0.55, 0.55),
    inner=PINK,
    ranges={
        "wide": (0.74, 0.8),
        "long": (1.7, 1.85),
        "base": (0.42, 0.46),
        "tip": (0.14, 0.17),
        "drop": (0.34, 0.4),
        "cheek": (0.36, 0.42),
        "nose": (0.10, 0.12),
        "apart": (0.42, 0.46),
        "eye": (0.15, 0.18),
        "ear": (0.55, 0.65),
        "lap": (0.52, 0.6),
        "side": (0.78, 0.84),
        "whiskers": FULL,
        "neck": (0.6, 0.7),
    },
)
PIG = Breed(
    "pig",
    "plate",
    (((0.90, 0.68, 0.64), PINK, GREY), (PINK, PINK, BROWN), (PINK, PINK, PINK)),
    nose=(0.88, 0.58, 0.58),
    inner=(0.82, 0.52, 0.50),
    ranges={
        "wide": (1.0, 1.08),
        "long": (1.4, 1.5),
        "base": (0.46, 0.5),
        "tip": (0.4, 0.44),
        "drop": (0.26, 0.32),
        "nose": (0.40, 0.44),
        "eye": (0.10, 0.13),
        "apart": (0.46, 0.52),
        "ear": (0.65, 0.8),
        "lap": (0.36, 0.42),
        "lean": (0.4, 0.6),
        "fold": FULL,
        "fuzz": (0.0, 0.02),
        "rough": (0.1, 0.2),
        "patches": (0.0, 0.7),
        "neck": (0.95, 1.05),
    },
)
LION = Breed(
    "lion",
    "round",
    ((FAWN, CREAM, CHOCOLATE), (TAN, CREAM, BROWN)),
    eyes=(YELLOW, AMBER),
    nose=(0.36, 0.22, 0.20),
    ranges={
        "long": (1.35, 1.5),
        "base": (0.46, 0.52),
        "tip": (0.40, 0.46),
        "nose": (0.19, 0.22),
        "eye": (0.13, 0.15),
        "ear": (0.30, 0.36),
        "lap": (0.30, 0.36),
        "side": (0.74, 0.8),
        "muzzle": FULL,
        "whiskers": (0.2, 0.6),
        "neck": (0.9, 1.0),
    },
    mane=True,
)
OTHERS = (FOX, RABBIT, MOUSE, PIG, LION)
