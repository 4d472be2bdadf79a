"""What is said about data is data: plain frozen records and one kind of error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

Variant = Literal["real", "drawn"]
VARIANTS: tuple[Variant, ...] = ("real", "drawn")
Arrays = dict[str, npt.NDArray[Any]]


class DataError(Exception):
    """Data cannot be had: one sentence says what, why, and what to do."""


@dataclass(frozen=True)
class Choice:
    """Which variant of a data set is in use, and why, in a few words.

    As text it is what a learner reads: "real (MNIST, from …)".
    """

    variant: Variant
    reason: str

    def __str__(self) -> str:
        by = " by this kit" if self.variant == "drawn" else ""
        return f"{self.variant}{by} ({self.reason})"


@dataclass(frozen=True)
class Entry:
    """One variant of a data set on this machine, for `workshop data`.

    `present` says whether it can be used without a network, `size` counts the bytes it
    takes here, `source` says where it comes from, `path` where it lies (or would lie).
    """

    name: str
    variant: Variant
    present: bool
    size: int
    licence: str
    source: str
    path: Path


@dataclass(frozen=True)
class Sealed:
    """Unseen inputs and their labels: n items that only a grader holds.

    `images` is (n, …) or a list where sizes differ, `labels` (n,) are indices into
    `classes`, `groups` (n,) numbers what is independent (a picture, a signer), so
    that an interval can count groups. Arrays cannot be written to. Pictures that are
    `private` are in no report.
    """

    images: npt.NDArray[np.uint8] | list[npt.NDArray[np.uint8]] | None
    texts: list[str] | None
    labels: npt.NDArray[Any]
    classes: tuple[str, ...]
    groups: npt.NDArray[Any]
    variant: str
    private: bool = False


Halves = tuple[Sealed, Sealed]
"""The shown and the graded half of a sealed set."""


@dataclass(frozen=True)
class Source:
    """All that the shelf must know of one data set.

    `modules` are those whose text makes the drawn data what it is. Where there is real
    data: `from_mirror` (a folder or address) and `from_upstream` (within some seconds)
    return its arrays with words for their source, `read` makes arrays of files that a
    person has given; `withhold` sets sealed items apart. `parts` are the arrays that a
    learner gets, `withheld` those that only a grader does, `downloads` the files that
    are not needed once the arrays are kept. `folders` are the names of class folders,
    one for each of `classes`.
    """

    name: str
    classes: tuple[str, ...]
    modules: tuple[ModuleType, ...]
    drawn: Callable[[], Arrays]
    sealed_drawn: Callable[[bytes], Halves]
    credit: str = ""
    licence: str = ""
    from_mirror: Callable[[str], tuple[Arrays, str]] | None = None
    from_upstream: Callable[[float], tuple[Arrays, str]] | None = None
    upstream_asked: bool = True
    read: Callable[[list[Path]], Arrays] | None = None
    withhold: Callable[[Arrays], Arrays] | None = None
    sealed_real: Callable[[bytes, Arrays], Halves] | None = None
    downloads: tuple[str, ...] = ()
    parts: tuple[str, ...] = ("x_train", "y_train", "x_test", "y_test")
    withheld: tuple[str, ...] = ("x_withheld", "y_withheld")
    folders: tuple[str, ...] = ()

    @property
    def real(self) -> bool:
        """Whether there is real data at all."""
        return self.sealed_real is not None
