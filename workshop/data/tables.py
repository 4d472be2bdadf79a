"""Real signs and headlines are CSV files, from a mirror, the public copy or a person.

The hashes of Sign Language MNIST are those that copies of it are registered under in
Git LFS; nobody publishes one for the headlines, so these are read as they are found
and never fetched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from workshop import fetch
from workshop.data import headlines, origin, signs, store
from workshop.data.kinds import Arrays
from workshop.data.origin import Item, Origin, Unusable

SIGNS_FOLDER = "sign-language-mnist"
SIGNS_CREDIT = "Sign Language MNIST, Kaggle datamunge/sign-language-mnist"
HEADLINES_FOLDER = "headlines"
HEADLINES_CREDIT = "A Million News Headlines, R. Kulkarni, doi:10.7910/DVN/SYBGZL"
LICENCE = "CC0 1.0"
SIGNS = (
    Item(
        "sign_mnist_train.csv",
        83_253_609,
        "b7ff39ad5f1210fa765ce11aa5f20c2e97fe467ffc22231aac923c863eef75c4",
    ),
    Item(
        "sign_mnist_test.csv",
        21_770_312,
        "178c0dd21c4b0e86d58df12f14ea1e9efa795ad19d146802b3b28094a16d56ae",
    ),
)
HEADLINES = (
    Item("abcnews-date-text.csv", 100_000_000),
    Item("abcnews_20k.csv", 100_000_000),
)
ARCHIVE = "sign-language-mnist.zip"
KAGGLE = "https://www.kaggle.com/api/v1/datasets/download/datamunge/sign-language-mnist"


def signs_from_mirror(place: str) -> tuple[Arrays, str]:
    """Return the signs of a mirror and words for their source; raises Unusable."""
    return _signs(origin.in_mirror("signs", place, SIGNS_FOLDER))


def signs_from_upstream(seconds: float) -> tuple[Arrays, str]:
    """Return the public signs and words for their source; raises Unusable."""
    host = fetch.shown(KAGGLE).split("/")[0]
    store.say(f"signs: asking {host} for Sign Language MNIST (63 MB) …")
    deadline = time.monotonic() + seconds
    return _signs(Origin("signs", KAGGLE, host, deadline, archive=ARCHIVE))


def signs_from_files(paths: list[Path]) -> Arrays:
    """Return the signs of two CSV files, the larger of which is to train on."""
    if len(paths) != 2:
        raise ValueError("give two files, sign_mnist_train.csv and sign_mnist_test.csv")
    test, train = sorted((_given(path) for path in paths), key=len)
    return signs.from_csv(train, test)


def headlines_from_mirror(place: str) -> tuple[Arrays, str]:
    """Return the headlines of a mirror and words for their source."""
    source = origin.in_mirror("headlines", place, HEADLINES_FOLDER)
    content, _ = _first(source, HEADLINES)
    arrays = _read(source, lambda: headlines.from_csv(content))
    return arrays, f"A Million News Headlines, from {source.title}"


def headlines_from_files(paths: list[Path]) -> Arrays:
    """Return the headlines of one CSV file."""
    if len(paths) != 1:
        raise ValueError("give one file, abcnews-date-text.csv")
    return headlines.from_csv(_given(paths[0]))


def _signs(source: Origin) -> tuple[Arrays, str]:
    (train, known), (test, too) = (_packed_or_not(source, item) for item in SIGNS)
    arrays = _read(source, lambda: signs.from_csv(train, test))
    title = "Sign Language MNIST" if known and too else "not the public file"
    return arrays, f"{title}, from {source.title}"


def _packed_or_not(source: Origin, item: Item) -> tuple[bytes, bool]:
    if source.archive:
        return origin.content(source, item)
    return _first(source, (item._replace(file=f"{item.file}.gz"), item))


def _first(source: Origin, items: Sequence[Item]) -> tuple[bytes, bool]:
    """Return the content of the first file that is there; raises Unusable."""
    missing: Unusable | None = None
    for item in items:
        try:
            return origin.content(source, item)
        except origin.Spoilt:
            raise
        except Unusable as error:
            missing = error
    raise missing or Unusable(f"{source.title} has no file")


def _read(source: Origin, make: Callable[[], Arrays]) -> Arrays:
    try:
        return make()
    except ValueError as error:
        raise Unusable(f"what {source.title} has cannot be read: {error}") from None


def _given(path: Path) -> bytes:
    """Return the content of a person's file, packed or not."""
    size = max(item.size for item in (*SIGNS, *HEADLINES))
    place = Origin("given", str(path.parent), str(path.parent), time.monotonic())
    return origin.content(place, Item(path.name, size))[0]
