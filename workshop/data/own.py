"""An instructor's own pictures or lines can be what a class has never seen.

They are read into the form in which the data set of a lesson comes: grey squares for
digits and signs, photos for the others, lines for headlines. A folder inside a class
folder is one person (one signer, one fruit), and what is one person's stays together:
its pictures say less than as many of different ones. Which half an item is in follows
from its own SHA-256, not from the secret: what was shown once never counts later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop.data import headlines, pets, photographs, sources
from workshop.data.kinds import Arrays, DataError, Halves, Sealed
from workshop.data.pictures import pack, unpack

Photo = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]

GREY = {"digits", "signs"}
ANY_SIZE = {"photos"}
SIDE, LONGEST = 28, 640
EACH, LEAST, LINES = 2, 20, 40
"""The least of one class, so that both halves have it; of all pictures, so that a
half is right in steps of 10 % or less; of lines, as the same goes for words."""
ANY_OF = {"pets": pets.CLASSES[3:]}
"""Of these classes one is enough: any animal that is neither a dog nor a cat."""
OF_SYSTEMS = {"thumbs.db", "desktop.ini", "__macosx"}


def pictures(name: str, folder: Path) -> Arrays:
    """Return pictures (packed), labels (n,) and groups (n,) of a folder of classes.

    DataError names what is missing, unknown, too few, twice there, or no picture.
    """
    source = sources.find(name)
    if not source.classes:
        raise DataError(f"The data set {name!r} has no pictures: seal texts for it.")
    if not folder.is_dir():
        raise DataError(f"{folder} is not a folder. Give one that has class folders.")
    places = _labels(folder, source.classes, ANY_OF.get(name, ()))
    paths, labels, groups = [], [], []
    for label, place in sorted(places.items()):
        for path, group in _members(place):
            paths.append(path)
            labels.append(label)
            groups.append(group)
    _enough(folder, {source.classes[label]: labels.count(label) for label in places})
    images = [_read(path, name) for path in paths]
    _no_copies(images, paths)
    made: Arrays = {
        "images": pack(images),
        "labels": np.array(labels, np.uint8),
        "groups": np.unique(groups, return_inverse=True)[1],
        "classes": np.array(source.classes),
    }
    halves(made, name, "drawn")
    return made


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
    return {
        "texts": np.frombuffer("\n".join(found).encode(), np.uint8),
        "classes": np.array((), str),
    }


def halves(arrays: Arrays, name: str, variant: str) -> Halves:
    """Return the shown and the graded half of what `pictures` or `lines` gave.

    All of a person's pictures are in one half, and every class is in both. DataError
    where that cannot be, or the data set has other classes by now.
    """
    if tuple(arrays["classes"]) != sources.classes(name):
        raise DataError(f"These items have other classes than {name} has. Seal anew.")
    if "texts" in arrays:
        found = arrays["texts"].tobytes().decode().split("\n")
        return headlines.halves(sorted(found, key=_mark), variant)
    images = unpack(arrays["images"])
    marks = [_mark(image.tobytes()) for image in images]
    sides = _sides(arrays["labels"], arrays["groups"], marks)
    _fair(arrays["labels"], sides, arrays["classes"])
    order = np.argsort(marks)
    parts = (order[sides[order] == side] for side in (0, 1))
    shown, graded = (_sealed(arrays, images, at, name, variant) for at in parts)
    return shown, graded


def _sealed(
    arrays: Arrays, images: list[Photo], at: Numbers, name: str, variant: str
) -> Sealed:
    """Return the pictures at some places as a frozen set that no report shows."""
    chosen: Any = [images[i][..., 0] if name in GREY else images[i] for i in at]
    if name not in ANY_SIZE:
        chosen = np.stack(chosen)
    labels, groups = arrays["labels"][at], arrays["groups"][at]
    for array in (labels, groups, *(chosen if name in ANY_SIZE else [chosen])):
        array.flags.writeable = False
    classes = sources.classes(name)
    return Sealed(chosen, None, labels, classes, groups, variant, private=True)


def _mark(item: str | bytes) -> str:
    content = item.encode() if isinstance(item, str) else item
    return hashlib.sha256(content).hexdigest()


def _sides(labels: Numbers, groups: Numbers, marks: list[str]) -> Numbers:
    """Return for each picture its half: a group goes where its classes are rarer."""
    first: dict[int, str] = {}
    for group, mark in sorted(zip(groups.tolist(), marks, strict=True)):
        first.setdefault(group, mark)
    sides = np.zeros(len(labels), np.int64)
    counts = np.zeros((2, labels.max() + 1), np.int64)
    for group in sorted(first, key=lambda one: first[one]):
        members = groups == group
        mine = np.bincount(labels[members], minlength=counts.shape[1])
        side = int(np.lexsort((counts.sum(axis=1), counts @ mine))[0])
        sides[members] = side
        counts[side] += mine
    return sides


def _fair(labels: Numbers, sides: Numbers, classes: Numbers) -> None:
    counts = [np.bincount(labels[sides == n], minlength=len(classes)) for n in (0, 1)]
    present = np.bincount(labels, minlength=len(classes)) > 0
    lone = classes[(np.min(counts, axis=0) == 0) & present]
    if len(lone) or min(count.sum() for count in counts) < LEAST // 2:
        raise DataError(
            "These pictures are of too few people to make two halves"
            f"{', those of ' + ', '.join(lone) if len(lone) else ''}. Put more people "
            "in, or all pictures directly into the class folders."
        )


def _enough(folder: Path, counts: dict[str, int]) -> None:
    few = [name for name, count in counts.items() if count < EACH]
    if few or sum(counts.values()) < LEAST:
        raise DataError(
            f"{folder} has too few pictures: at least {EACH} of each class and {LEAST} "
            f"in all{', more of ' + ', '.join(few) if few else ''}."
        )


def _no_copies(images: Iterable[Photo], paths: Iterable[Path]) -> None:
    """Assert that nothing is there twice: it could be in both halves."""
    seen: dict[str, Path] = {}
    for image, path in zip(images, paths, strict=True):
        other = seen.setdefault(_mark(image.tobytes()), path)
        if other != path:
            raise DataError(f"{other} and {path} are the same picture. Remove one.")


def _labels(
    folder: Path, classes: tuple[str, ...], any_of: tuple[str, ...]
) -> dict[int, Path]:
    """Return the folder of each class, however it is spelt.

    Of the classes `any_of` one is enough, where there are such.
    """
    known = {_plain(name): label for label, name in enumerate(classes)}
    found: dict[int, Path] = {}
    for place in sorted(path for path in folder.iterdir() if _counts(path)):
        label = known.get(_plain(place.name)) if place.is_dir() else None
        if label is None:
            raise DataError(
                f"{place} is no folder of a class; there is: {', '.join(classes)}."
            )
        if label in found:
            raise DataError(f"{found[label]} and {place} are the same class: keep one.")
        found[label] = place
    missing = [name for label, name in enumerate(classes) if label not in found]
    if not set(any_of) <= set(missing):
        missing = [name for name in missing if name not in any_of]
    if missing:
        raise DataError(f"{folder} has no folder for {', '.join(missing)}.")
    return found


def _plain(name: str) -> str:
    letters = "".join(one for one in name.lower() if one.isalnum())
    return letters if len(letters) == 1 else letters.rstrip("s")


def _counts(path: Path) -> bool:
    """Tell whether a person put it there, and not a system or a program."""
    return not path.name.startswith(".") and path.name.lower() not in OF_SYSTEMS


def _members(place: Path) -> Iterator[tuple[Path, str]]:
    """Yield the pictures of a class, each with the group that it belongs to."""
    for path in sorted(filter(Path.is_file, place.rglob("*"))):
        parts = path.relative_to(place).parts
        if all(_counts(place.joinpath(part)) for part in parts):
            yield path, parts[0] if len(parts) > 1 else str(path)


def _read(path: Path, name: str) -> Photo:
    """Return one picture in the form of its data set, with three colours."""
    from PIL import Image

    try:
        picture = photographs.upright(path.read_bytes())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(
            f"{path} is no JPEG or PNG picture that can be read ({error}). Replace or "
            "remove it."
        ) from None
    if name in GREY:
        return _grey(picture, name)
    if name not in ANY_SIZE:
        return photographs.square(picture)
    picture.thumbnail((LONGEST, LONGEST))
    return np.asarray(picture, np.uint8)


def _grey(picture: Any, name: str) -> Photo:
    """Return (28, 28, 3) of three equal greys.

    Digits are bright on black, so one on white paper is turned round.
    """
    from PIL import ImageOps

    made = ImageOps.fit(picture.convert("L"), (SIDE, SIDE))
    if name == "digits" and np.asarray(made)[[0, -1]].mean() > 127:
        made = ImageOps.invert(made)
    return np.asarray(made.convert("RGB"), np.uint8)
