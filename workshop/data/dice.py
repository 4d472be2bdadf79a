"""Chance comes from one seed, and a seed is what a purpose in words comes to."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


def seed(purpose: bytes) -> int:
    """Return the SHA-256 of a purpose as a number."""
    return int.from_bytes(hashlib.sha256(purpose).digest(), "big")


class Dice:
    """Random numbers as float32 arrays, from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def normal(self, spread: float, *shape: int) -> Array:
        return self._random.normal(0, spread, shape).astype(np.float32)

    def uniform(self, low: float, high: float, *shape: int) -> Array:
        return self._random.uniform(low, high, shape).astype(np.float32)
