"""A letter of the manual alphabet is a pose: angles of joints, places of the thumb.

The poses follow the American manual alphabet as a person opposite the signer sees it:
a right hand, its thumb to the right of the picture. J and Z move and are left out.
Lengths are in palms (wrist to knuckle of the middle finger is 1); x points to the
thumb's side, y along the fingers, z out of the palm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LETTERS = "ABCDEFGHIKLMNOPQRSTUVWXY"

Angles = tuple[float, float, float]
Point = tuple[float, float, float]

UP = (4.0, 5.0, 3.0)
FIST = (82.0, 100.0, 60.0)
DRAPED = (66.0, 84.0, 14.0)
TIGHT = (88.0, 108.0, 62.0)
ROUND = (52.0, 62.0, 42.0)

ACROSS = ((0.45, 0.42, 0.36), (0.2, 0.68, 0.66), (-0.12, 0.72, 0.66))
BESIDE = ((0.5, 0.52, 0.2), (0.5, 0.85, 0.34), (0.47, 1.12, 0.38))
ALONG = ((0.5, 0.5, 0.2), (0.5, 0.85, 0.22), (0.46, 1.2, 0.2))
PINCER = ((0.42, 0.46, 0.46), (0.36, 0.9, 0.66), (0.3, 1.4, 0.5))
OUT = ((0.56, 0.36, 0.06), (0.9, 0.5, 0.06), (1.25, 0.62, 0.04))


@dataclass(frozen=True)
class Pose:
    """How a letter is held, in degrees.

    `fingers` bends the three joints of index, middle, ring and little finger; `spread`
    leans them to the thumb's side. Each bone of the thumb points at its place in
    `thumb`. `turn` is the turn of the whole hand (about y, then x, then z), `wrist`
    bends the arm to the palm and to the thumb's side.
    """

    fingers: tuple[Angles, Angles, Angles, Angles]
    thumb: tuple[Point, Point, Point]
    spread: tuple[float, float, float, float] = (2, 0, -2, -5)
    turn: Angles = (0, 0, 0)
    wrist: tuple[float, float] = (0, 0)


POSES = {
    "A": Pose((FIST, FIST, FIST, FIST), BESIDE, turn=(6, 0, 0)),
    "B": Pose(
        (UP, UP, UP, UP),
        ((0.42, 0.44, 0.22), (0.16, 0.62, 0.3), (-0.15, 0.62, 0.26)),
        spread=(0, 0, 0, -1),
    ),
    "C": Pose(
        ((36, 42, 24), (34, 42, 24), (34, 42, 24), (36, 42, 26)),
        ((0.34, 0.38, 0.45), (0.3, 0.45, 0.95), (0.25, 0.66, 1.3)),
        turn=(58, 0, 0),
    ),
    "D": Pose(
        (UP, ROUND, ROUND, (58, 66, 46)),
        ((0.36, 0.4, 0.42), (0.28, 0.64, 0.74), (0.12, 0.95, 0.8)),
        turn=(30, 0, 0),
    ),
    "E": Pose(
        ((38, 108, 56), (38, 108, 56), (40, 108, 56), (42, 106, 56)),
        ((0.42, 0.48, 0.26), (0.24, 0.74, 0.44), (-0.15, 0.76, 0.46)),
    ),
    "F": Pose(
        ((44, 78, 30), (6, 8, 5), (2, 5, 3), (0, 4, 2)),
        ((0.5, 0.42, 0.34), (0.66, 0.72, 0.5), (0.42, 1.02, 0.66)),
        spread=(12, 3, -9, -20),
        turn=(32, 0, 0),
    ),
    "G": Pose((UP, FIST, FIST, FIST), ALONG, turn=(205, 0, -90)),
    "H": Pose((UP, UP, FIST, FIST), ACROSS, spread=(0, 1, -2, -5), turn=(200, 0, -90)),
    "I": Pose((FIST, FIST, FIST, UP), ACROSS, spread=(2, 0, -2, -8)),
    "K": Pose(
        (UP, (36, 6, 4), FIST, FIST),
        ((0.44, 0.5, 0.26), (0.3, 0.85, 0.3), (0.2, 1.3, 0.26)),
        spread=(8, -8, -4, -6),
        turn=(18, 0, 0),
    ),
    "L": Pose((UP, FIST, FIST, FIST), OUT, spread=(4, 0, -2, -5)),
    "M": Pose(
        (DRAPED, DRAPED, DRAPED, TIGHT),
        ((0.42, 0.4, 0.34), (0.1, 0.52, 0.44), (-0.34, 0.74, 0.62)),
        spread=(1, 0, 1, -10),
        turn=(-8, 0, 0),
    ),
    "N": Pose(
        (DRAPED, DRAPED, TIGHT, TIGHT),
        ((0.42, 0.42, 0.34), (0.2, 0.6, 0.42), (-0.1, 0.92, 0.72)),
        spread=(3, 3, -7, -10),
        turn=(14, 0, 0),
    ),
    "O": Pose(
        (ROUND, ROUND, ROUND, ROUND),
        ((0.34, 0.4, 0.42), (0.28, 0.62, 0.76), (0.15, 0.95, 0.84)),
        turn=(58, 0, 0),
    ),
    "P": Pose(
        (UP, (46, 6, 4), FIST, FIST),
        ((0.44, 0.5, 0.26), (0.34, 0.8, 0.36), (0.24, 1.25, 0.36)),
        spread=(8, -8, -4, -6),
        turn=(-70, 0, 115),
        wrist=(50, 0),
    ),
    "Q": Pose(
        ((14, 12, 8), FIST, FIST, FIST), PINCER, turn=(-118, 0, 170), wrist=(55, 0)
    ),
    "R": Pose(((14, 8, 5), (2, 4, 3), FIST, FIST), ACROSS, spread=(-10, 15, -2, -5)),
    "S": Pose((FIST, FIST, FIST, FIST), ACROSS, turn=(12, 0, 0)),
    "T": Pose(
        ((76, 92, 40), FIST, FIST, FIST),
        ((0.44, 0.46, 0.3), (0.29, 0.8, 0.46), (0.19, 1.25, 0.74)),
        spread=(13, -8, -6, -7),
        turn=(-16, 0, 0),
    ),
    "U": Pose((UP, UP, FIST, FIST), ACROSS, spread=(-1, 1, -2, -5)),
    "V": Pose((UP, UP, FIST, FIST), ACROSS, spread=(11, -11, -2, -5)),
    "W": Pose(
        (UP, UP, UP, (78, 92, 50)),
        ((0.4, 0.42, 0.34), (0.06, 0.56, 0.56), (-0.3, 0.72, 0.56)),
        spread=(13, 0, -13, -5),
    ),
    "X": Pose(((22, 88, 48), FIST, FIST, FIST), ACROSS, turn=(48, 0, 0)),
    "Y": Pose((FIST, FIST, FIST, UP), OUT, spread=(2, 0, -2, -24)),
}


def table(part: str) -> np.ndarray:
    """Return one part of all poses as an array (24, …), in the order of LETTERS."""
    return np.array([getattr(POSES[letter], part) for letter in LETTERS], np.float32)
