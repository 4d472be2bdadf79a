"""Real data lie in a mirror under the names that the readers look for, as they came.

They are taken from the mirror that WORKSHOP_MIRROR names, or else from where each is
public, and must satisfy the same hashes as everywhere. Drawn data need no files: a
laptop draws a set in seconds, and a room would wait longer for it over its Wi-Fi.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from workshop import fetch
from workshop.backbones import imagenet
from workshop.data import mnist, origin, photographs, tables
from workshop.data.origin import Item, Origin, Unusable
from workshop.mirror import DATA

SECONDS = 3600.0  # for one data set, on whatever line an instructor has at home

Take = Callable[[Origin], None]


def bring(name: str, folder: Path) -> None:
    """Put what `DATA` names into a mirror, unless it is there; raises Unusable."""
    ways = (_digits, _signs, _headlines, _photos, _photos, _weights)
    dict(zip(DATA, ways, strict=True))[name](name, folder)


def _digits(name: str, folder: Path) -> None:
    items = [(item,) for item in mnist.FILES.values()]
    _tables(name, folder, mnist.FOLDER, items, mnist.UPSTREAM)


def _signs(name: str, folder: Path) -> None:
    items = [(item._replace(file=f"{item.file}.gz"), item) for item in tables.SIGNS]
    try:
        _tables(name, folder, tables.SIGNS_FOLDER, items)
    except Unusable as missed:
        _unpack(name, folder / tables.SIGNS_FOLDER, missed)


def _headlines(name: str, folder: Path) -> None:
    _tables(name, folder, tables.HEADLINES_FOLDER, [tables.HEADLINES])


def _tables(
    name: str,
    folder: Path,
    part: str,
    files: Sequence[Sequence[Item]],
    upstream: Iterable[str] = (),
) -> None:
    """Bring files, each in the first of its forms that there is, from one place."""
    if all(_is_here(name, folder, part, forms) for forms in files):
        return

    def take(source: Origin) -> None:
        for forms in files:
            _first(source, forms, folder / part)

    reasons = []
    for find in _places(name, part, upstream):
        try:
            take(find())
            return
        except Unusable as error:
            reasons.append(str(error))
    if not upstream:
        names = " or ".join(item.file for item in files[0])
        reasons.append(f"if you have {names}, put it into {folder / part}")
    raise Unusable("; ".join(reasons))


def _places(
    name: str, part: str, upstream: Iterable[str]
) -> Iterator[Callable[[], Origin]]:
    """Yield what finds each place that may have the files, near before far."""
    deadline = time.monotonic() + SECONDS
    if place := origin.mirror():
        yield lambda: replace(origin.in_mirror(name, place, part), deadline=deadline)
    for address in upstream:
        host = fetch.shown(address).split("/")[0]
        yield partial(Origin, name, address, host, deadline, part)


def _is_here(name: str, folder: Path, part: str, forms: Iterable[Item]) -> bool:
    """Tell whether the mirror itself has a file, as its own lists vouch for it."""
    here = origin.in_mirror(name, str(folder), part)
    for item in forms:
        try:
            origin.content(here, item)
            return True
        except Unusable:
            continue
    return False


def _first(source: Origin, forms: Iterable[Item], target: Path) -> None:
    """Bring the first form of a file that the source has; raises Unusable."""
    missing: Unusable | None = None
    for item in forms:
        try:
            origin.bring(source, item, target / item.file)
            return
        except origin.Spoilt:
            raise
        except Unusable as error:
            missing = error
    raise missing or Unusable(f"{source.title} has no file")


def _unpack(name: str, target: Path, missed: Unusable) -> None:
    """Make the packed tables of signs from the public archive."""
    host = fetch.shown(tables.KAGGLE).split("/")[0]
    deadline = time.monotonic() + SECONDS
    source = Origin(name, tables.KAGGLE, host, deadline, archive=tables.ARCHIVE)
    try:
        for item in tables.SIGNS:
            content, _ = origin.content(source, item)
            target.mkdir(parents=True, exist_ok=True)
            _settle(target / f"{item.file}.gz", gzip.compress(content, 6, mtime=0))
    except Unusable as error:
        raise Unusable(f"{missed}; {error}") from None
    origin.forget(tables.ARCHIVE)


def _settle(target: Path, content: bytes) -> None:
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(content)
    fetch.settle(part, target)


def _photos(name: str, folder: Path) -> None:
    place = origin.mirror()
    target = folder / name
    if place and not fetch.is_url(place):
        source = Path(place).expanduser() / name
        for picture in _pictures(source):
            origin.copy(picture, target / picture.relative_to(source))
    if not any(_pictures(target)):
        raise Unusable(
            f"there is no public copy; put class folders with photos into {target}"
        )


def _pictures(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in photographs.PICTURES and path.is_file():
            yield path


def _weights(name: str, folder: Path) -> None:
    missed = []
    for file in (imagenet.NAMES, imagenet.BASE, imagenet.WHOLE):
        target = folder / name / file.name
        if target.is_file() and imagenet.is_whole(target, file):
            continue
        path, why = imagenet.find(file)
        if path:
            origin.copy(path, target)
        else:
            missed.append(why)
    if missed:
        raise Unusable(missed[0])
