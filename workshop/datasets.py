"""A lesson loads data as Keras does, and one printed line says what it got."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt

from workshop import data

Bytes = npt.NDArray[np.uint8]
Split = tuple[Bytes, Bytes]
PARTS = ("x_train", "y_train", "x_test", "y_test")
QUICK_TRAIN, QUICK_TEST = 300, 100


def load(name: str, variant: str | None = None) -> tuple[Split, Split]:
    """Return (x_train, y_train), (x_test, y_test) of a data set, as uint8 arrays.

    `digits`: x (n, 28, 28) from 0 paper to 255 ink, y (n,) from 0 to 9. `variant` is
    "real", "drawn", or None for the one that this machine uses. With WORKSHOP_QUICK=1
    only the first few hundred rows. Raises workshop.data.DataError.
    """
    choice, found = data.resolve(name, variant, PARTS)
    print(f"{name}: {choice}", flush=True)
    quick = os.environ.get("WORKSHOP_QUICK") == "1"
    train, test = (QUICK_TRAIN, QUICK_TEST) if quick else (None, None)
    x_train, y_train, x_test, y_test = (found[part] for part in PARTS)
    return (x_train[:train], y_train[:train]), (x_test[:test], y_test[:test])
