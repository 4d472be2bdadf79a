"""The real weights are Keras's own files, looked for near before far.

On this machine (where Keras keeps them), in the mirror's folder `vgg16`, upstream. Each
must have the checksum that Keras pins (MD5), whoever it came from; one that comes from
elsewhere is kept where Keras would keep it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from workshop import fetch

SIDE = 224
CLASSES = 1000
KINDS = {
    "dog": list(range(151, 269)),
    "cat": list(range(281, 286)),
    "bear": list(range(294, 298)),
}
SECONDS = 900.0  # for a download
MEGABYTE = 1 << 20
APPLICATIONS = "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/"
INDEX = "https://storage.googleapis.com/download.tensorflow.org/data/"


class File(NamedTuple):
    """A file of Keras: its name, where it is served, its MD5, and at most its size."""

    name: str
    base: str
    md5: str
    megabytes: int


WHOLE = File(
    "vgg16_weights_tf_dim_ordering_tf_kernels.h5",
    APPLICATIONS,
    "64373286793e3c8b2b4e3219cbf3544b",
    560,
)
BASE = File(
    "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
    APPLICATIONS,
    "6d6bbae143d832006294945121d1f1fc",
    60,
)
NAMES = File("imagenet_class_index.json", INDEX, "c2c37ea517e94d9795004a39431a14cb", 1)


def weights(include_top: bool) -> File:
    """Return which file holds the weights of the whole network, or of its base."""
    return WHOLE if include_top else BASE


def network(path: Path, include_top: bool) -> Any:
    """Return keras.applications.VGG16 with the weights of a file."""
    import keras

    return keras.applications.VGG16(
        include_top=include_top,
        weights=str(path),
        input_shape=(SIDE, SIDE, 3),
    )


def classes() -> list[str]:
    """Return the thousand names, or numbers where the list of names is not at hand."""
    path, _ = find(NAMES)
    if path is None:
        return [f"class {number}" for number in range(CLASSES)]
    index = json.loads(path.read_text(encoding="utf-8"))
    return [index[str(n)][1].replace("_", " ") for n in range(CLASSES)]


def find(file: File) -> tuple[Path | None, str]:
    """Return where a whole file lies, fetched if need be, or None and why."""
    target = _home() / file.name
    if target.is_file() and is_whole(target, file):
        return target, ""
    why = []
    for place in _places(file):
        try:
            _fetch(place, target, file)
            return target, ""
        except (fetch.FetchError, OSError) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            why.append(f"{fetch.shown(place)}: {said}".rstrip("."))
    return None, "; ".join(why)


def is_whole(path: Path, file: File) -> bool:
    """Tell whether a file has the checksum that Keras pins; raises OSError."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "md5").hexdigest() == file.md5


def lend(folder: Path) -> None:
    """Copy what can be had of Keras's files below `folder`, a home of Keras."""
    models = folder / "models"
    models.mkdir(exist_ok=True)
    for file in (WHOLE, BASE, NAMES):
        path, _ = find(file)
        if path:
            shutil.copyfile(path, models / file.name)


def _home() -> Path:
    """Return the folder in which Keras keeps weights."""
    keras = os.environ.get("KERAS_HOME") or "~/.keras"
    return Path(keras).expanduser() / "models"


def _places(file: File) -> list[str]:
    """Return where else a file may be: in the mirror, then upstream."""
    upstream = file.base + file.name
    mirror = os.environ.get("WORKSHOP_MIRROR")
    if not mirror:
        return [upstream]
    if fetch.is_url(mirror):
        return [fetch.join(mirror, f"vgg16/{file.name}"), upstream]
    return [str(Path(mirror).expanduser() / "vgg16" / file.name), upstream]


def _fetch(place: str, target: Path, file: File) -> None:
    """Bring a file here under another name, and give it its own when it is whole."""
    part = target.with_name(f"{target.name}.{os.getpid()}.new")
    part.parent.mkdir(parents=True, exist_ok=True)
    try:
        if fetch.is_url(place):
            most = file.megabytes * MEGABYTE
            fetch.download(place, part, limit=most, seconds=SECONDS)
        else:
            shutil.copyfile(place, part)
        if not is_whole(part, file):
            raise fetch.FetchError("it is damaged (its checksum is not Keras's)")
        fetch.settle(part, target)
    finally:
        part.unlink(missing_ok=True)
