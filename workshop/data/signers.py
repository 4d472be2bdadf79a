"""Who signs matters: habits belong to a signer, wobble to a picture.

A signer keeps proportions, skin, sleeve, room, light, camera and a way of holding each
letter. Pictures of one signer differ little, signers differ much: that is why a
picture of a new signer is harder than a new picture of a known one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workshop.data import poses, skeleton
from workshop.data.dice import Array, Dice
from workshop.data.shading import Light

Index = npt.NDArray[np.intp]

SKINS = np.array(
    [
        (0.9, 0.74, 0.64),
        (0.84, 0.64, 0.52),
        (0.74, 0.53, 0.4),
        (0.58, 0.41, 0.3),
        (0.45, 0.31, 0.23),
    ],
    np.float32,
)
BEND = 4.0  # degrees; spreads of habits, of signers and of their letters
TURN = (8.0, 5.0, 8.0)
WOBBLE = 0.3  # spread of a picture as a share of its signer's
BOX = 0.76  # the hand's longer side as a share of the picture
HAND_LIGHT, CONTRAST = 0.86, 0.22  # a hand's usual light; least distance to the wall
ZOOM, SHIFT = 0.1, 0.045


@dataclass(frozen=True)
class Room:
    """What is behind n hands: three colours (n, 3, 3) and where they meet.

    `edges` (n, 2, 3) are two soft half-planes: direction, distance, softness.
    """

    colours: Array
    edges: Array


@dataclass(frozen=True)
class Takes:
    """Everything that n pictures show; all arrays are (n, …)."""

    hands: skeleton.Capsules
    box: Array
    centre: Array
    skin: Array
    cloth: Array
    light: Light
    room: Room
    soft: Array


def takes(dice: Dice, labels: npt.NDArray[np.uint8], who: Index) -> Takes:
    """Return pictures to draw: letter `labels[i]` by signer `who[i]`."""
    signers = int(who.max()) + 1
    skin = _skin(dice, signers)
    return Takes(
        hands=_hands(dice, labels, who, signers),
        box=np.float32(BOX) * np.exp(_both(dice, ZOOM, who, signers)),
        centre=_both(dice, SHIFT, who, signers, 2),
        skin=skin[who],
        cloth=_colours(dice, 0.15, dice.uniform(0.15, 0.9, signers))[who],
        light=_light(dice, who, signers),
        room=_room(dice, skin, who),
        soft=dice.uniform(0.4, 0.9, signers)[who],
    )


def _both(dice: Dice, spread: float, who: Index, signers: int, *shape: int) -> Array:
    """Return a signer's habit and a picture's wobble added: (n, *shape)."""
    habit = dice.normal(spread, signers, *shape)[who]
    return np.asarray(habit + dice.normal(WOBBLE * spread, len(who), *shape))


def _hands(
    dice: Dice, labels: npt.NDArray[np.uint8], who: Index, signers: int
) -> skeleton.Capsules:
    def factor(spread: float, *shape: int) -> Array:
        return np.asarray(np.exp(dice.normal(spread, signers, *shape))[who])

    build = skeleton.Build(
        length=factor(0.08),
        thickness=factor(0.09),
        width=factor(0.06),
        thumb=factor(0.06),
        fingers=factor(0.03, 4),
    )
    joints = _joints(dice, labels, who, signers)
    hands = skeleton.capsules(build, joints)
    turn = np.radians(poses.table("turn"))[labels]
    own = np.stack([_both(dice, np.radians(t), who, signers) for t in TURN], axis=1)
    own += _per_letter(dice, np.radians(3), labels, who, signers, 3)
    hands = skeleton.turned(hands, skeleton.rotation(turn))
    return skeleton.turned(hands, skeleton.rotation(own))


def _per_letter(
    dice: Dice,
    spread: float,
    labels: npt.NDArray[np.uint8],
    who: Index,
    signers: int,
    *shape: int,
) -> Array:
    """Return a signer's habit for a letter, with a picture's wobble: (n, *shape)."""
    habit = dice.normal(spread, len(poses.LETTERS), signers, *shape)[labels, who]
    return np.asarray(habit + dice.normal(WOBBLE * spread, len(who), *shape))


def _joints(
    dice: Dice, labels: npt.NDArray[np.uint8], who: Index, signers: int
) -> skeleton.Joints:
    def own(part: str, spread: float, *shape: int) -> Array:
        wanted = poses.table(part)[labels]
        return np.asarray(
            wanted + _per_letter(dice, spread, labels, who, signers, *shape)
        )

    bend = own("fingers", BEND, 4, 3)
    return skeleton.Joints(
        bend=np.radians(np.maximum(bend, -8)),
        spread=np.radians(own("spread", 2.0, 4)),
        thumb=own("thumb", 0.025, 3, 3),
        wrist=np.radians(own("wrist", 8.0, 2)),
        sleeve=(dice.uniform(0.1, 1.6, signers)[who] + dice.normal(0.05, len(who))),
    )


def _skin(dice: Dice, n: int) -> Array:
    place = dice.uniform(0, len(SKINS) - 1, n)
    low = np.minimum(place.astype(int), len(SKINS) - 2)
    share = (place - low)[:, None]
    tone = SKINS[low] * (1 - share) + SKINS[low + 1] * share
    return np.asarray(tone * np.exp(dice.normal(0.03, n, 3)), np.float32)


def _colours(dice: Dice, tint: float, grey: Array) -> Array:
    """Return colours (n, 3) about as bright as `grey` (n,)."""
    return np.clip(grey[:, None] * (1 + dice.normal(tint, len(grey), 3)), 0, 1)


def _light(dice: Dice, who: Index, signers: int) -> Light:
    side = _both(dice, 0.5, who, signers)
    above = -0.45 + _both(dice, 0.25, who, signers)
    direction = np.stack([side, above, np.full_like(side, 0.8)], axis=1)
    return Light(
        direction / np.linalg.norm(direction, axis=1, keepdims=True),
        ambient=dice.uniform(0.25, 0.4, signers)[who],
        strength=np.exp(_both(dice, 0.06, who, signers)),
        crease=dice.uniform(1.5, 3.5, signers)[who],
    )


def _room(dice: Dice, skin: Array, who: Index) -> Room:
    """Return rooms whose walls are brighter than the hands in front of them."""
    signers = len(skin)
    low = skin.mean(axis=1) * HAND_LIGHT + CONTRAST
    wall = _colours(dice, 0.05, low + dice.uniform(0, 1, signers) * (0.98 - low))
    things = [_colours(dice, 0.2, dice.uniform(0.1, 0.9, signers)) for _ in range(2)]
    colours = np.stack([wall, *things], axis=1)
    angle = dice.uniform(-0.4, 0.4, signers, 2) + np.array([np.pi / 2, 0], np.float32)
    edges = np.stack(
        [
            angle,
            dice.uniform(0.75, 1.8, signers, 2),
            np.exp(dice.uniform(-3.5, -1, signers, 2)),
        ],
        axis=-1,
    )
    edges = edges[who] + dice.normal(0.03, len(who), 2, 3) * (1, 1, 0)
    return Room(colours[who], np.asarray(edges, np.float32))
