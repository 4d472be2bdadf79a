"""An instructor's own pictures or lines can be what a class has never seen.

They are read into the form in which the data set of a lesson comes: grey squares for
digits and signs, colour photos for the others, lines for headlines. A folder inside a
class folder is one person (one signer, one fruit), and what is one person's stays
together: its pictures say less than as many of different ones.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop.data import headlines, sources
from workshop.data.kinds import Arrays, DataError, Halves, Sealed
from workshop.data.photographs import LARGEST, PICTURES
from workshop.data.pictures import pack, unpack

Photo = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]

GREY = {"digits", "signs"}
SIDE, LONGEST = 28, 640
EACH, LEAST, LINES = 2, 20, 40
"""The least of one class, of all pictures, of lines: half of them are shown."""


def pictures(name: str, folder: Path) -> Arrays:
    """Return pictures (packed), labels (n,) and groups (n,) of a folder of classes.

    DataError names what is missing, unknown, too few, or no picture.
    """
    source = sources.find(name)
    if not source.classes or name == "headlines":
        raise DataError(f"The data set {name!r} has no pictures: seal texts for it.")
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder. Give one that has class folders.")
    labels = _labels(folder, source.classes)
    found = [
        (_read(path, name), label, group)
        for label, place in sorted(labels.items())
        for path, group in _members(place)
    ]
    counts = np.bincount([label for _, label, _ in found], minlength=len(labels))
    few = [source.classes[n] for n in np.flatnonzero(counts < EACH)]
    if few or len(found) < LEAST:
        raise DataError(
            f"{folder} has too few pictures: at least {EACH} of each class and {LEAST} "
            f"in all{', more of ' + ', '.join(few) if few else ''}."
        )
    return {
        "images": pack([image for image, _, _ in found]),
        "labels": np.array([label for _, label, _ in found], np.uint8),
        "groups": np.unique([group for _, _, group in found], return_inverse=True)[1],
    }


def lines(file: Path) -> Arrays:
    """Return the lines of a text file, as headlines are read. DataError."""
    try:
        found = headlines.tidy(file.read_text(encoding="utf-8-sig").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read as UTF-8 text ({error}).") from None
    if len(found) < LINES:
        raise DataError(
            f"{file} has {len(found)} different lines of two words or more; at least "
            f"{LINES} are needed."
        )
    return {"texts": np.frombuffer("\n".join(found).encode(), np.uint8)}


def halves(arrays: Arrays, name: str, variant: str, seed: int) -> Halves:
    """Return the shown and the graded half of `pictures` or `lines`, split by a seed.

    All of a person's pictures are in one half; classes are spread over both. DataError
    where that leaves a half with too few.
    """
    random = np.random.default_rng(seed)
    if "texts" in arrays:
        found = arrays["texts"].tobytes().decode().splitlines()
        order = random.permutation(len(found))
        return headlines.halves([found[i] for i in order], variant)
    images, labels, groups = (
        unpack(arrays["images"]),
        arrays["labels"],
        arrays["groups"],
    )
    sides = _sides(labels, groups, random)
    if min(np.bincount(sides, minlength=2)) < LEAST // 2:
        raise DataError(
            "These pictures are of too few people to make two halves. Put more people "
            "in, or all pictures directly into the class folders."
        )
    made = []
    for side in (0, 1):
        at = random.permutation(np.flatnonzero(sides == side))
        chosen = _form([images[i] for i in at], name)
        made.append(_sealed(chosen, labels[at], groups[at], name, variant))
    return made[0], made[1]


def _sides(
    labels: Numbers, groups: Numbers, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """Return for each picture its half: a group goes where its class is rarer."""
    sides = np.zeros(len(labels), np.int64)
    counts = np.zeros((2, labels.max() + 1), np.int64)
    for group in random.permutation(np.unique(groups)):
        members = groups == group
        main = np.bincount(labels[members]).argmax()
        side = int(np.lexsort((counts.sum(axis=1), counts[:, main]))[0])
        sides[members] = side
        counts[side] += np.bincount(labels[members], minlength=counts.shape[1])
    return sides


def _form(images: list[Photo], name: str) -> Photo | list[Photo]:
    if name not in GREY:
        return images
    made = np.stack([image[..., 0] for image in images])
    made.flags.writeable = False
    return made


def _sealed(
    images: Photo | list[Photo],
    labels: Numbers,
    groups: Numbers,
    name: str,
    variant: str,
) -> Sealed:
    for array in (labels, groups):
        array.flags.writeable = False
    return Sealed(images, None, labels, sources.classes(name), groups, variant)


def _labels(folder: Path, classes: tuple[str, ...]) -> dict[int, Path]:
    """Return the folder of each class, however it is spelt."""
    known = {_plain(name): label for label, name in enumerate(classes)}
    found: dict[int, Path] = {}
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        if place.name.startswith("."):
            continue
        label = known.get(_plain(place.name))
        if label is None:
            raise DataError(f"{place} is no class; there is: {', '.join(classes)}.")
        found[label] = place
    missing = [name for label, name in enumerate(classes) if label not in found]
    if missing:
        raise DataError(f"{folder} has no folder for {', '.join(missing)}.")
    return found


def _plain(name: str) -> str:
    letters = "".join(one for one in name.lower() if one.isalnum())
    return letters if len(letters) == 1 else letters.rstrip("s")


def _members(place: Path) -> Iterator[tuple[Path, str]]:
    """Yield the pictures of a class, each with the group that it belongs to."""
    for path in sorted(place.rglob("*")):
        if path.suffix.lower() in PICTURES and path.is_file():
            parts = path.relative_to(place).parts
            yield path, parts[0] if len(parts) > 1 else str(path)


def _read(path: Path, name: str) -> Photo:
    """Return one picture: (28, 28, 3) of three equal greys, or a photo as it is.

    Digits are bright on black, so one on white paper is turned round.
    """
    from PIL import Image, ImageOps

    try:
        content = io.BytesIO(path.read_bytes())
        with Image.open(content, formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > LARGEST:
                raise ValueError("it is too large")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} is no picture that can be read: {error}.") from None
    upright.thumbnail((LONGEST, LONGEST))
    if name not in GREY:
        return np.asarray(upright, np.uint8)
    grey = ImageOps.fit(upright.convert("L"), (SIDE, SIDE))
    if name == "digits" and np.asarray(grey)[[0, -1]].mean() > 127:
        grey = ImageOps.invert(grey)
    return np.asarray(grey.convert("RGB"), np.uint8)
