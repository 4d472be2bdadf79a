"""A hand is bones with flesh: capsules that taper, put in place by the joints.

Twelve bones of fingers, three of the thumb, eight of the palm and two of the arm are
enough; where the arm ends a sleeve may begin. Lengths are in palms, as in `poses`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from workshop.data.dice import Array

KNUCKLES = np.array(
    [(0.3, 0.95, 0.0), (0.1, 1.0, -0.03), (-0.1, 0.95, -0.02), (-0.29, 0.83, 0.02)],
    np.float32,
)
ROOTS = np.array(
    [(0.16, 0.1, 0.0), (0.06, 0.08, -0.02), (-0.05, 0.08, -0.02), (-0.15, 0.1, 0.0)],
    np.float32,
)
BONES = np.array(
    [(0.47, 0.28, 0.22), (0.52, 0.32, 0.23), (0.48, 0.29, 0.22), (0.37, 0.21, 0.19)],
    np.float32,
)
FLESH = np.array(
    [
        (0.132, 0.118, 0.106, 0.086),
        (0.134, 0.12, 0.108, 0.088),
        (0.128, 0.115, 0.103, 0.084),
        (0.114, 0.1, 0.09, 0.074),
    ],
    np.float32,
)
THUMB_ROOT = np.array((0.17, 0.13, 0.06), np.float32)
THUMB_BONES = (0.44, 0.35, 0.29)
THUMB_FLESH = (0.19, 0.145, 0.122, 0.095)
ARM = 1.9
SLEEVES = 2  # the last capsules
HAND = 23  # the first capsules, which framing looks at


@dataclass(frozen=True)
class Build:
    """Proportions of n hands: factors (n,), about 1."""

    length: Array
    thickness: Array
    width: Array
    thumb: Array
    fingers: Array  # (n, 4), each finger's own


@dataclass(frozen=True)
class Joints:
    """Joints of n hands in radians, as a pose has them in degrees.

    `bend` (n, 4, 3), `spread` (n, 4), `wrist` (n, 2); `thumb` (n, 3, 3) are places.
    `sleeve` (n,) is how far from the wrist a sleeve begins, in palms.
    """

    bend: Array
    spread: Array
    thumb: Array
    wrist: Array
    sleeve: Array


@dataclass(frozen=True)
class Capsules:
    """Cones with round ends: `ends` (n, k, 2, 3) and their `radius` (n, k, 2)."""

    ends: Array
    radius: Array


def capsules(build: Build, joints: Joints) -> Capsules:
    """Return the capsules of n hands; the last two are the sleeve."""
    parts = [_fingers(build, joints), _thumb(build, joints), _palm(build)]
    parts.append(_arm(build, joints))
    ends = np.concatenate([ends for ends, _ in parts], axis=1)
    radius = np.concatenate([radius for _, radius in parts], axis=1)
    return Capsules(ends, radius * build.thickness[:, None, None])


def turned(hands: Capsules, rotation: Array) -> Capsules:
    """Return hands after a rotation (n, 3, 3) about the wrist."""
    ends = hands.ends @ rotation.swapaxes(1, 2)[:, None]
    return Capsules(ends, hands.radius)


def rotation(angles: Array) -> Array:
    """Return matrices (n, 3, 3) that turn about y, then x, then z by (n, 3) radians."""
    y, x, z = (_about(axis, angles[:, i]) for i, axis in enumerate((1, 0, 2)))
    return np.asarray(z @ x @ y, np.float32)


def _about(axis: int, angle: Array) -> Array:
    """Return matrices (n, 3, 3) of a turn about one axis."""
    i, j = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.zeros((len(angle), 3, 3), np.float32)
    matrix[:, axis, axis] = 1
    matrix[:, i, i] = matrix[:, j, j] = np.cos(angle)
    matrix[:, i, j], matrix[:, j, i] = -np.sin(angle), np.sin(angle)
    return matrix


def _widened(points: Array, build: Build) -> Array:
    """Return places on a palm (m, 3) for palms of several widths (n, m, 3)."""
    factors = np.ones((len(build.width), 1, 3), np.float32)
    factors[:, 0, 0] = build.width
    return np.asarray(points * factors, np.float32)


def _fingers(build: Build, joints: Joints) -> tuple[Array, Array]:
    n = len(build.length)
    flexed = np.cumsum(joints.bend, axis=2)
    lean = joints.spread[..., None]
    along = np.cos(flexed)
    steps = np.stack([np.sin(lean) * along, np.cos(lean) * along, np.sin(flexed)], -1)
    length = BONES * (build.length[:, None] * build.fingers)[..., None]
    start = _widened(KNUCKLES, build)[:, :, None]
    chain = np.concatenate([start, start + np.cumsum(steps * length[..., None], 2)], 2)
    ends = np.stack([chain[:, :, :-1], chain[:, :, 1:]], axis=3).reshape(n, 12, 2, 3)
    flesh = np.stack([FLESH[:, :-1], FLESH[:, 1:]], axis=2).reshape(12, 2)
    return ends, np.broadcast_to(flesh, (n, 12, 2))


def _thumb(build: Build, joints: Joints) -> tuple[Array, Array]:
    n = len(build.length)
    places = [_widened(THUMB_ROOT[None], build)[:, 0]]
    for bone, length in enumerate(THUMB_BONES):
        aim = joints.thumb[:, bone] - places[-1]
        aim /= np.linalg.norm(aim, axis=1, keepdims=True)
        places.append(places[-1] + aim * (length * build.thumb)[:, None])
    ends = np.stack([np.stack(places[:-1], 1), np.stack(places[1:], 1)], axis=2)
    flesh = np.stack([THUMB_FLESH[:-1], THUMB_FLESH[1:]], axis=1)
    web = np.stack([ends[:, 0].mean(axis=1), _widened(KNUCKLES[:1], build)[:, 0]], 1)
    web[:, 1] -= (0.02, 0.3, 0)
    both = np.concatenate([ends, web[:, None]], axis=1)
    flesh = np.concatenate([flesh, [(0.13, 0.115)]]).astype(np.float32)
    return both, np.broadcast_to(flesh, (n, 4, 2))


def _palm(build: Build) -> tuple[Array, Array]:
    n = len(build.length)
    rows = np.stack([ROOTS, KNUCKLES - (0, 0.03, 0)], axis=1)
    more = np.array(
        [
            [(0.24, 0.84, 0), (-0.24, 0.74, 0)],
            [(-0.15, 0.2, 0.01), (-0.23, 0.6, 0.0)],
            [(0.04, 0.3, 0.01), (-0.02, 0.72, -0.02)],
        ],
        np.float32,
    )
    places = np.concatenate([rows, more]).astype(np.float32)
    ends = _widened(places.reshape(-1, 3), build).reshape(n, 7, 2, 3)
    flesh = np.array(
        [(0.19, 0.155)] * 4 + [(0.16, 0.15), (0.18, 0.165), (0.2, 0.18)], np.float32
    )
    return ends, np.broadcast_to(flesh, (n, 7, 2))


def _arm(build: Build, joints: Joints) -> tuple[Array, Array]:
    """Return two capsules of skin side by side, and two of the sleeve over them."""
    n = len(build.length)
    flexed, aside = joints.wrist.T
    along = np.stack(
        [np.sin(aside), -np.cos(aside) * np.cos(flexed), np.sin(flexed)], axis=1
    )[:, None]
    beside = np.array([(0.07, 0.04, 0), (-0.07, 0.04, 0)], np.float32)
    wrist = _widened(beside, build)
    cuff = wrist * (1.15, 1, 1) + along * joints.sleeve[:, None, None]
    elbow = wrist * (1.6, 1, 1) + along * ARM
    skin = np.stack([wrist, elbow], axis=2)
    cloth = np.stack([cuff, elbow], axis=2)
    flesh = np.array([(0.22, 0.27)] * 2 + [(0.27, 0.34)] * 2, np.float32)
    ends = np.concatenate([skin, cloth], axis=1).astype(np.float32)
    return ends, np.broadcast_to(flesh, (n, 4, 2))
