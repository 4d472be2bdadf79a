"""A lesson loads data as Keras does, and one printed line says what it got."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop import data
from workshop.data import classes, sources

__all__ = ["classes", "folders", "load", "photos", "texts"]

Bytes = npt.NDArray[np.uint8]
Split = tuple[Bytes, Bytes]
PARTS = ("x_train", "y_train", "x_test", "y_test")
QUICK_TRAIN, QUICK_TEST = 300, 100
QUICK_TEXTS = 1_000
KERAS_OWN_DEFAULT = "`shuffle=True` was passed, but will be ignored"

warnings.filterwarnings("ignore", KERAS_OWN_DEFAULT)  # at each fit with a tf.data set


def load(name: str, variant: str | None = None) -> tuple[Split, Split]:
    """Return (x_train, y_train), (x_test, y_test) of a data set, as uint8 arrays.

    `digits`: x (n, 28, 28) from 0 paper to 255 ink, y (n,) from 0 to 9. `signs`: x
    (n, 28, 28) from 0 black to 255 white, y (n,) numbers of the letters that `classes`
    names. `variant` is "real", "drawn", or None for the one that this machine uses.
    With WORKSHOP_QUICK=1 only the first few hundred rows. Raises
    workshop.data.DataError.
    """
    x_train, y_train, x_test, y_test = _loaded(name, variant, PARTS)
    train, test = (QUICK_TRAIN, QUICK_TEST) if _quick() else (None, None)
    return (x_train[:train], y_train[:train]), (x_test[:test], y_test[:test])


def texts(name: str, variant: str | None = None) -> tuple[list[str], list[str]]:
    """Return the texts to train on and those to test with, each one line.

    With WORKSHOP_QUICK=1 only the first thousand of each. Raises
    workshop.data.DataError.
    """
    train, test = _loaded(name, variant, ("train", "test"))
    most = QUICK_TEXTS if _quick() else None
    return data.lines(train)[:most], data.lines(test)[:most]


def photos(name: str, variant: str | None = None) -> tuple[list[Bytes], list[str]]:
    """Return photos, each (height, width, 3) uint8 of any size, and their classes.

    They are not among those that any network of this course was trained on. Raises
    workshop.data.DataError.
    """
    parts = sources.find(name).parts[-2:]
    images, labels = _loaded(name, variant, parts)
    names = [classes(name)[label] for label in labels]
    return data.unpack(images), names


def folders(name: str, variant: str | None = None) -> tuple[Path, Path]:
    """Return two folders of photos, to train on and to validate with.

    Each holds one folder for each class with PNG files in it, as
    `keras.utils.image_dataset_from_directory` expects. They are the kit's own and are
    written once. With WORKSHOP_QUICK=1 there are a few hundred photos. Raises
    workshop.data.DataError.
    """
    choice, _ = data.resolve(name, variant, ())
    print(f"{name}: {choice}", flush=True)
    return data.folders(name, choice.variant, QUICK_TRAIN if _quick() else None)


def _loaded(name: str, variant: str | None, parts: tuple[str, ...]) -> list[Any]:
    known = sources.find(name).parts
    if not set(parts) <= set(known):
        raise data.DataError(f"The data set {name!r} is not of this kind.")
    choice, found = data.resolve(name, variant, parts)
    print(f"{name}: {choice}", flush=True)
    return [found[part] for part in parts]


def _quick() -> bool:
    return os.environ.get("WORKSHOP_QUICK") == "1"
