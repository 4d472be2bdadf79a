"""Photos of many sizes cross as one array of bytes; class folders are written whole.

A folder is made beside its place and renamed, and it carries a list of its files, so
that one that was interrupted, emptied or edited is never mistaken for a whole one.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop.data import shelf, sources, store
from workshop.data.kinds import DataError

Bytes = npt.NDArray[np.uint8]
PARTS = {"train": ("x_train", "y_train"), "valid": ("x_test", "y_test")}
LIST = "files.json"


def pack(images: Iterable[Bytes]) -> Bytes:
    """Return photos (height, width, 3) of any size as one array of bytes.

    Each is its height and width, two bytes each, and its pixels row by row.
    """
    pieces = []
    for image in images:
        size = np.array(image.shape[:2], "<u2")
        pieces += [size.view(np.uint8), np.ascontiguousarray(image).ravel()]
    return np.concatenate(pieces) if pieces else np.empty(0, np.uint8)


def unpack(packed: Bytes) -> list[Bytes]:
    """Return the photos of `pack`; an array (n, height, width, 3) is a list of n."""
    if packed.ndim > 1:
        return list(packed)
    images, start = [], 0
    while start < len(packed):
        height, width = (int(n) for n in packed[start : start + 4].view("<u2"))
        end = start + 4 + height * width * 3
        images.append(packed[start + 4 : end].reshape(height, width, 3))
        start = end
    return images


def lines(packed: Bytes) -> list[str]:
    """Return the lines of an array that holds UTF-8 text."""
    return packed.tobytes().decode().splitlines()


def folders(name: str, variant: str, most: int | None = None) -> tuple[Path, Path]:
    """Return the folders `train` and `valid` of a data set, written where needed.

    `most` limits the photos in each. DataError where the data set has no classes to
    make folders of, or the disk is full.
    """
    source = sources.find(name)
    if not source.folders:
        raise DataError(f"The data set {name!r} does not come in folders.")
    arrays = shelf.arrays(name, variant)
    mark = shelf.drawing(name) if variant == "drawn" else store.mark(arrays)
    place = store.home() / f"{name}-{variant}-{mark}{f'-{most}' if most else ''}"
    if not _whole(place):
        try:
            _write(place, arrays, source.folders, most)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise DataError(f"{place} could not be written ({why}).") from None
    train, valid = (place / part for part in PARTS)
    return train, valid


def _write(
    place: Path, arrays: dict[str, Any], names: Sequence[str], most: int | None
) -> None:
    part = place.with_name(f"{place.name}.{secrets.token_hex(4)}.part")
    try:
        for folder, (images, labels) in PARTS.items():
            for name in names:
                (part / folder / name).mkdir(parents=True, exist_ok=True)
            pairs = zip(arrays[images][:most], arrays[labels][:most], strict=True)
            for number, (image, label) in enumerate(pairs):
                _save(image, part / folder / names[label] / f"{number:04}.png")
        listed = json.dumps(_sizes(part))
        (part / LIST).write_text(listed, encoding="ascii")
        shutil.rmtree(place, ignore_errors=True)
        part.rename(place)
    except OSError:
        if not _whole(place):  # else another process was faster
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _save(image: Bytes, path: Path) -> None:
    from PIL import Image

    Image.fromarray(image).save(path, compress_level=1)


def _whole(place: Path) -> bool:
    """Tell whether a folder holds exactly the files of its list."""
    try:
        listed = json.loads((place / LIST).read_text("ascii"))
    except (OSError, ValueError):
        return False
    return bool(listed == _sizes(place))


def _sizes(place: Path) -> dict[str, int]:
    found = (path for path in place.rglob("*") if path.is_file() and path.name != LIST)
    return {path.relative_to(place).as_posix(): path.stat().st_size for path in found}
