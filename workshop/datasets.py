"""A lesson loads data as Keras does, and one printed line says what it got."""

from __future__ import annotations

import os

from workshop import data
from workshop.data.hand import Labels, Pictures

Split = tuple[Pictures, Labels]
QUICK = {"train": 300, "test": 100}


def load(name: str, variant: str | None = None) -> tuple[Split, Split]:
    """Return (x_train, y_train), (x_test, y_test) of a data set, as uint8 arrays.

    `digits`: x (n, 28, 28) from 0 paper to 255 ink, y (n,) from 0 to 9. `variant` is
    "real", "drawn", or None for the one that this machine uses. With WORKSHOP_QUICK=1
    only the first few hundred rows.
    """
    choice = data.choose(name)
    print(f"{name}: {choice.reason}", flush=True)
    whole = data.arrays(name, choice.variant)
    quick = os.environ.get("WORKSHOP_QUICK") == "1"
    train, test = (
        (whole[f"x_{part}"][:end], whole[f"y_{part}"][:end])
        for part, rows in QUICK.items()
        for end in [rows if quick else None]
    )
    return train, test
