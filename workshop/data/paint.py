"""Things are reliefs: ellipsoids and plates in a depth buffer, many pictures at once.

A shape seen from afar has its outline and its depth in closed form, so a picture costs
a few sums per pixel, and only in a window around each shape. Edges are soft by the
share of a pixel that is covered. Lengths are in pixels; x points right, y down the
picture, z to the viewer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

SIDE = 96
FAR = np.float32(-1e3)
Array = npt.NDArray[Any]  # of float32 wherever there is one value for each pixel
Index = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Camera:
    """How n things are seen: `middle` (n, 2), `scale` (n,) pixels for one unit of
    length, and `turn` (n, 3, 3), a rotation from the thing's axes (x right, y up, z to
    the viewer) to the picture's.
    """

    middle: Array
    scale: Array
    turn: Array

    def place(self, points: Array) -> Array:
        """Return where points (n, 3) or (3,) lie: x, y in the picture, and depth."""
        points = np.broadcast_to(points, (len(self.scale), 3))
        seen = np.einsum("nij,nj->ni", self.turn, points) * self.scale[:, None]
        x, y = self.middle[:, 0] + seen[:, 0], self.middle[:, 1] - seen[:, 1]
        return np.stack([x, y, seen[:, 2]], 1)


def rotation(yaw: Array, pitch: Array, roll: Array) -> Array:
    """Return matrices (n, 3, 3) that turn to the side, nod, then tilt (radians)."""
    return _about(2, roll) @ _about(0, pitch) @ _about(1, yaw)


def _about(axis: int, angle: Array) -> Array:
    made = np.zeros((len(angle), 3, 3), np.float32)
    first, second = (axis + 1) % 3, (axis + 2) % 3
    made[:, axis, axis] = 1
    made[:, first, first] = made[:, second, second] = np.cos(angle)
    made[:, second, first] = np.sin(angle)
    made[:, first, second] = -np.sin(angle)
    return made


def stack(*values: Any) -> Array:
    """Return numbers and arrays (n,) side by side as (n, k)."""
    n = max(np.size(value) for value in values)
    made = np.empty((n, len(values)), np.float32)
    for column, value in enumerate(values):
        made[:, column] = value
    return made


def window(x: Array, y: Array, wide: Array, high: Array) -> tuple[Index, Array, Array]:
    """Return windows around places: flat indices (n, h, w), and dx, dy from x, y.

    All windows have the size of the largest, twice `wide` by twice `high` pixels.
    """
    across, down = (
        int(min(SIDE, np.ceil(2 * reach.max() + 3))) for reach in (wide, high)
    )
    left = np.clip(np.floor(x - across / 2), 0, SIDE - across).astype(np.intp)
    top = np.clip(np.floor(y - down / 2), 0, SIDE - down).astype(np.intp)
    columns = left[:, None] + np.arange(across)
    rows = top[:, None] + np.arange(down)
    first = np.arange(len(x))[:, None, None] * SIDE * SIDE
    index = first + rows[:, :, None] * SIDE + columns[:, None, :]
    dx = (columns + np.float32(0.5) - x[:, None]).astype(np.float32)[:, None, :]
    dy = (rows + np.float32(0.5) - y[:, None]).astype(np.float32)[:, :, None]
    return index, dx, dy


class Relief:
    """The depth of n pictures, the part that is seen, and the share of a pixel."""

    def __init__(self, n: int) -> None:
        self.depth = np.full((n, SIDE, SIDE), FAR, np.float32)
        self.cover = np.zeros((n, SIDE, SIDE), np.float32)
        self.part = np.zeros((n, SIDE, SIDE), np.uint8)

    def ellipsoid(
        self,
        camera: Camera,
        centre: Array,
        radii: Array,
        part: int,
        *,
        blend: float = 0.08,
        fuzz: Array | None = None,
        own: Array | None = None,
    ) -> None:
        """Add ellipsoids at `centre` (n, 3) with `radii` (n, 3), in units of things.

        `blend` is how smoothly they join what is there, `fuzz` (n, SIDE, SIDE) frays
        their outline, and `own` (n, 3, 3) turns them about themselves.
        """
        turn = camera.turn if own is None else camera.turn @ own
        axes = turn * (radii * camera.scale[:, None])[:, None, :]
        spread = axes @ axes.transpose(0, 2, 1)
        xx, yy, zz = (spread[:, i, i, None, None] for i in range(3))
        xy, xz, yz = (
            -spread[:, 0, 1, None, None],
            spread[:, 0, 2, None, None],
            -spread[:, 1, 2, None, None],
        )
        flat = np.maximum(xx * yy - xy * xy, 1e-6)
        x, y, z = camera.place(centre).T
        index, dx, dy = window(x, y, np.sqrt(xx.ravel()), np.sqrt(yy.ravel()))
        inside = 1 - (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / flat
        if fuzz is not None:
            inside += np.take(fuzz, index)
        along = (yy * xz - xy * yz) / flat
        down = (xx * yz - xy * xz) / flat
        high = np.sqrt(np.maximum(zz - along * xz - down * yz, 0))
        depth = z[:, None, None] + along * dx + down * dy
        depth = depth + high * np.sqrt(np.maximum(inside, 0))
        cover = np.clip(0.5 + inside * (0.5 * flat**0.25), 0, 1)
        self._add(index, depth, cover, np.uint8(part), blend * camera.scale)

    def plate(
        self,
        camera: Camera,
        corners: Array,
        part: int,
        *,
        round_: float = 0.08,
        bow: Array | float = 0.0,
        bulge: float = 0.5,
        inner: int = 0,
        inset: float = 0.12,
    ) -> None:
        """Add triangles with `corners` (n, 3, 3), the last of which is the tip.

        Edges are rounded by `round_` units and bowed outwards by `bow`; `inner` is the
        part that is seen further than `inset` units from an edge.
        """
        points = np.stack([camera.place(corners[:, i]) for i in range(3)], 1)
        middle, reach = _middle(points, camera.scale)
        index, dx, dy = window(middle[:, 0], middle[:, 1], reach[:, 0], reach[:, 1])
        shares, heights = _shares(points, middle, dx, dy)
        scale = camera.scale[:, None, None]
        out = np.broadcast_to(bow, camera.scale.shape)[:, None, None] * 4 * scale
        along = np.clip(shares[2], 0, 1)
        belly = out * along * (1 - along)
        edge = np.minimum(shares[0] * heights[0], shares[1] * heights[1]) + belly
        edge = np.minimum(edge, shares[2] * heights[2]) + round_ * scale
        depth = sum(points[:, i, 2, None, None] * shares[i] for i in range(3))
        depth = depth + bulge * np.sqrt(np.maximum(edge, 0) * scale) * 0.3
        seen = np.uint8(part) + np.uint8((inner or part) - part) * (
            edge > inset * scale
        )
        self._add(index, depth, np.clip(edge, 0, 1), seen, 0.02 * camera.scale)

    def _add(
        self, index: Index, depth: Array, cover: Array, part: Any, blend: Array
    ) -> None:
        """Put shapes where they are nearer than what is there, with a smooth join."""
        soft = np.maximum(blend, 1e-3)[:, None, None]
        before = np.take(self.depth, index)
        nearer = depth - before
        share = np.clip(0.5 + nearer * (0.5 / soft), 0, 1)
        share *= cover > 0.02
        before += share * (nearer + soft * (1 - share))
        np.put(self.depth, index, before)
        seen = np.take(self.part, index)
        np.put(self.part, index, seen + (part - seen) * (share > 0.5))
        np.put(self.cover, index, np.maximum(np.take(self.cover, index), cover))


def _middle(points: Array, scale: Array) -> tuple[Array, Array]:
    low, high = points[..., :2].min(axis=1), points[..., :2].max(axis=1)
    return (low + high) / 2, (high - low) / 2 + 0.25 * scale[:, None]


def _shares(
    points: Array, middle: Array, dx: Array, dy: Array
) -> tuple[list[Array], list[Array]]:
    """Return barycentric shares of a window's pixels, and heights of the triangles."""
    x = points[..., 0, None, None] - middle[:, 0, None, None, None]
    y = points[..., 1, None, None] - middle[:, 1, None, None, None]
    shares, heights = [], []
    for i in range(3):
        j, k = (i + 1) % 3, (i + 2) % 3
        ex, ey = x[:, k] - x[:, j], y[:, k] - y[:, j]
        area = ex * (y[:, i] - y[:, j]) - ey * (x[:, i] - x[:, j])
        area = np.where(area < 0, -1, 1) * np.maximum(np.abs(area), 4)
        shares.append((ex * (dy - y[:, j]) - ey * (dx - x[:, j])) / area)
        heights.append(np.abs(area) / np.maximum(np.hypot(ex, ey), 1e-3))
    return shares, heights


def normals(depth: Array) -> tuple[Array, Array, Array]:
    """Return the unit normals (right, up, to the viewer) of a relief.

    Of the slopes to both sides the smaller counts, so that an edge has no rim.
    """
    across, down = _slope(depth, 2), _slope(depth, 1)
    size = 1 / np.sqrt(across * across + down * down + 1)
    return -across * size, down * size, size


def _slope(depth: Array, axis: int) -> Array:
    step = np.diff(depth, axis=axis)
    slope = np.empty_like(depth)
    first, last, inner, before, after = (
        tuple(slice(*cut) if i == axis else slice(None) for i in range(3))
        for cut in ((0, 1), (-1, None), (1, -1), (0, -1), (1, None))
    )
    slope[first], slope[last] = step[first], step[last]
    less = np.abs(step[before]) < np.abs(step[after])
    slope[inner] = step[after] + less * (step[before] - step[after])
    return slope


def unturned(camera: Camera, depth: Array) -> list[Array]:
    """Return the points of things that pixels show: x, y, z, each (n, SIDE, SIDE)."""
    grid = np.arange(SIDE, dtype=np.float32) + np.float32(0.5)
    scale = camera.scale[:, None, None]
    x = (grid[None, None] - camera.middle[:, 0, None, None]) / scale
    y = (camera.middle[:, 1, None, None] - grid[None, :, None]) / scale
    z = depth / scale
    turn = camera.turn[..., None, None]
    return [turn[:, 0, i] * x + turn[:, 1, i] * y + turn[:, 2, i] * z for i in range(3)]
