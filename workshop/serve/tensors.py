"""What a model takes and gives is said in NumPy's types, whatever file it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

STRING = "string"


@dataclass(frozen=True)
class Tensor:
    """One named input or output: NumPy's name of its type (or "string") and its shape.

    The first axis counts the items; -1 stands for any length.
    """

    name: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Signature:
    """All that a model takes and gives."""

    inputs: tuple[Tensor, ...]
    outputs: tuple[Tensor, ...]


class Served(Protocol):
    """A model with a name, whichever file it came from."""

    name: str

    @property
    def signature(self) -> Signature: ...

    def answer(self, inputs: Mapping[str, np.ndarray[Any, Any]]) -> dict[str, Any]:
        """Return an array for each output, by name."""
        ...
