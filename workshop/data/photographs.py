"""Real photos are a folder of class folders, read as they come and cut to one size.

A folder with `train` and `valid` (or `test`) inside keeps its split; otherwise the
SHA-256 of a file's content decides, so that copies of one photo are never on both
sides. What cannot be read is left out, and said.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from workshop import fetch
from workshop.data import fruit, pets, store
from workshop.data.kinds import Arrays
from workshop.data.origin import Unusable

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 224
MOST = 250  # photos of one class in one part
LARGEST = 80_000_000  # pixels; a larger picture is left out
PICTURES = {".jpg", ".jpeg", ".png"}
VALID = ("valid", "test", "validation", "val")
TRAIN_SHARE = 0.8
Named = Callable[[str], int | None]
Photo = npt.NDArray[np.uint8]


def pets_from_mirror(place: str) -> tuple[Arrays, str]:
    """Return the photos in `pets/` of a mirror that is a folder; raises Unusable."""
    return _from_mirror(place, "pets", pets_from_folder)


def fruit_from_mirror(place: str) -> tuple[Arrays, str]:
    """Return the photos in `fruit/` of a mirror that is a folder; raises Unusable."""
    return _from_mirror(place, "fruit", fruit_from_folder)


def pets_from_files(paths: list[Path]) -> Arrays:
    """Return the photos of the one folder that a person gives; raises ValueError."""
    return pets_from_folder(_one(paths))


def fruit_from_files(paths: list[Path]) -> Arrays:
    """Return the photos of the one folder that a person gives; raises ValueError."""
    return fruit_from_folder(_one(paths))


def pets_from_folder(folder: Path) -> Arrays:
    """Return photos of `ours` and of at least one other class; raises ValueError."""
    arrays = from_folders(folder, _pet, pets.CLASSES)
    for part in ("y_train", "y_test"):
        here = set(arrays[part].tolist())
        if 0 not in here or len(here) < 2:
            raise ValueError(
                f"{folder} needs photos of ours and of one other class, "
                "to train and to validate"
            )
    return arrays


def fruit_from_folder(folder: Path) -> Arrays:
    """Return photos of all six classes, however they are spelt; raises ValueError."""
    arrays = from_folders(folder, _fruit, fruit.CLASSES)
    for part in ("y_train", "y_test"):
        here = set(arrays[part].tolist())
        missing = [name for i, name in enumerate(fruit.CLASSES) if i not in here]
        if missing:
            raise ValueError(f"{folder} has too few photos of {', '.join(missing)}")
    return arrays


def from_folders(folder: Path, named: Named, classes: tuple[str, ...]) -> Arrays:
    """Return the photos of class folders: uint8 (n, 224, 224, 3) and labels (n,).

    `named` returns the label that the name of a folder stands for, or None. ValueError
    says what is empty or unknown.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder} is not a folder")
    valid = next((folder / name for name in VALID if (folder / name).is_dir()), None)
    if (folder / "train").is_dir() and valid:
        train = _part(folder / "train", named, classes)
        test = _part(valid, named, classes)
    else:
        train = _part(folder, named, classes)
        test = [
            (photo, label, mark) for photo, label, mark in train if not _trains(mark)
        ]
        train = [item for item in train if _trains(item[2])]
    if not train or not test:
        raise ValueError(f"{folder} has too few photos to train and to validate")
    return _arrays("train", train) | _arrays("test", test)


Item = tuple[Photo, int, bytes]


def _arrays(part: str, items: list[Item]) -> Arrays:
    images = np.stack([photo for photo, _, _ in items])
    labels = np.array([label for _, label, _ in items], np.uint8)
    return {f"x_{part}": images, f"y_{part}": labels}


def _part(folder: Path, named: Named, classes: tuple[str, ...]) -> list[Item]:
    """Return the photos below one folder, in an order that mixes their classes."""
    found: list[Item] = []
    unread = 0
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        if place.name.startswith("."):
            continue
        label = named(place.name)
        if label is None:
            raise ValueError(
                f"{place} is no class; there is: {', '.join(dict.fromkeys(classes))}"
            )
        items, bad = _class(place, label)
        found += items
        unread += bad
    if not found:
        raise ValueError(f"{folder} has no class folders with JPEG or PNG pictures")
    if unread:
        store.say(f"{folder}: {unread} pictures cannot be read and are left out.")
    return sorted(found, key=lambda item: item[2])


def _class(place: Path, label: int) -> tuple[list[Item], int]:
    """Return the photos of one class, evenly out of too many, and how many failed."""
    paths = sorted(p for p in place.rglob("*") if p.suffix.lower() in PICTURES)
    if len(paths) > MOST:
        paths = [paths[i * len(paths) // MOST] for i in range(MOST)]
    items, unread = [], 0
    for path in paths:
        try:
            content = path.read_bytes()
            items.append((_photo(content), label, hashlib.sha256(content).digest()))
        except (OSError, ValueError, SyntaxError):
            unread += 1
    return items, unread


def _photo(content: bytes) -> Photo:
    return square(upright(content))


def upright(content: bytes) -> Image:
    """Return a JPEG or PNG picture in colour, as the camera was held.

    Raises OSError, ValueError or SyntaxError for anything else, and what is too large.
    """
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
        if opened.width * opened.height > LARGEST:
            raise ValueError("the picture is too large")
        return ImageOps.exif_transpose(opened).convert("RGB")


def square(picture: Image) -> Photo:
    """Return the middle square of a picture in the size of VGG16's input."""
    from PIL import Image, ImageOps

    cut = ImageOps.fit(picture, (SIDE, SIDE), Image.Resampling.BILINEAR)
    return np.asarray(cut, np.uint8)


def _trains(mark: bytes) -> bool:
    return int.from_bytes(mark[:4], "big") < TRAIN_SHARE * 2**32


def _pet(name: str) -> int | None:
    plain = name.strip().lower()
    for form in (plain, plain.removesuffix("s")):
        if form in pets.CLASSES:
            return pets.CLASSES.index(form)
    return None


def _fruit(name: str) -> int | None:
    """Return the class of "freshapples", "Rotten_Banana" and the like."""
    plain = "".join(letter for letter in name.lower() if letter.isalpha())
    for label, wanted in enumerate(fruit.CLASSES):
        state, kind = wanted.split()
        if plain in {state + kind, f"{state}{kind}s", kind + state, f"{kind}s{state}"}:
            return label
    return None


def _one(paths: list[Path]) -> Path:
    if len(paths) != 1 or not paths[0].is_dir():
        raise ValueError("give one folder that holds a folder for each class")
    return paths[0]


def _from_mirror(
    place: str, name: str, read: Callable[[Path], Arrays]
) -> tuple[Arrays, str]:
    title = f"the mirror {fetch.shown(place)}"
    if fetch.is_url(place):
        raise Unusable(f"{title} is an address, and photos are read from a folder")
    folder = Path(place).expanduser() / name
    if not folder.is_dir():
        raise Unusable(f"{title} has no {name}/")
    try:
        return read(folder), f"photos of {name}, from {title}"
    except ValueError as error:
        raise Unusable(f"what {title} has cannot be read: {error}") from None
