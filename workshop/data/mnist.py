"""The real digits are the four MNIST files, wherever they are found."""

from __future__ import annotations

import time

from workshop import fetch
from workshop.data import idx, origin, store
from workshop.data.kinds import Arrays
from workshop.data.origin import Item, Origin, Spoilt, Unusable

FOLDER = "mnist"
LICENCE = "CC BY-SA 3.0"
CREDIT = "MNIST, Y. LeCun, C. Cortes, C. Burges"
SIDE = 28
UPSTREAM = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
FILES = {
    "x_train": Item(
        "train-images-idx3-ubyte.gz",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "y_train": Item(
        "train-labels-idx1-ubyte.gz",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "x_test": Item(
        "t10k-images-idx3-ubyte.gz",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "y_test": Item(
        "t10k-labels-idx1-ubyte.gz",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}


def from_mirror(place: str) -> tuple[Arrays, str]:
    """Return the arrays of a mirror and words for their source; raises Unusable."""
    return _collect(origin.in_mirror("digits", place, FOLDER))


def from_upstream(seconds: float) -> tuple[Arrays, str]:
    """Return the public arrays and words for their source; raises Unusable.

    All of it must have come within `seconds`; what came is kept for the next time.
    """
    deadline = time.monotonic() + seconds
    reasons: list[Unusable] = []
    for place in UPSTREAM:
        host = fetch.shown(place).split("/")[0]
        store.say(f"digits: asking {host} for MNIST (11 MB) …")
        try:
            return _collect(Origin("digits", place, host, deadline, FOLDER))
        except Unusable as error:
            reasons.append(error)
    kind = Spoilt if any(isinstance(r, Spoilt) for r in reasons) else Unusable
    raise kind("; ".join(map(str, reasons)))


def _collect(source: Origin) -> tuple[Arrays, str]:
    arrays, public = {}, True
    for key, item in FILES.items():
        content, pinned = origin.content(source, item)
        public = public and pinned
        try:
            arrays[key] = idx.read(content)
        except ValueError as error:
            raise Unusable(f"{item.file} from {source.title}: {error}") from None
    _agree(arrays, source)
    known = "MNIST" if public else "not the public file"
    return arrays, f"{known}, from {source.title}"


def _agree(arrays: Arrays, source: Origin) -> None:
    """Raise Unusable unless pictures and labels belong together."""
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        fits = x.shape == (len(y), SIDE, SIDE) and y.ndim == 1 and len(y) > 0
        if not fits or y.max() > 9:
            raise Unusable(
                f"pictures and labels from {source.title} do not fit together"
            )
