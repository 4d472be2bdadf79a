"""A mirror is renewed as a whole, and complete before its lists say so.

What an earlier build filled it for is worked out again together with what is asked now,
so all machines get one kit. Wheels that nobody needs any longer go at the very end, and
only when all has come; a build that was stopped, or had no network, leaves the old
lists with all that they name.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from workshop import progress
from workshop.data.origin import Unusable
from workshop.mirror import download, holdings, kit, lists, wheels
from workshop.mirror.lists import About, Lists, MirrorError
from workshop.mirror.meter import meter
from workshop.mirror.platforms import PLATFORMS

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Missed:
    """What could not be had, and why, in words; `asked` when it was named."""

    what: str
    why: str
    asked: bool


def build(
    folder: Path,
    platforms: Sequence[str],
    pythons: Sequence[str],
    data: Sequence[str],
    *,
    wheel: Path | None = None,
    asked: bool = False,
    tell: Tell = lambda line: None,
) -> list[Missed]:
    """Fill a mirror and write its lists; return what could not be had.

    `platforms` is empty where wheels are to stay as they are; `data` are of `DATA`,
    and `asked` says that a person named them. Raises MirrorError where there is no
    wheel of the kit, and OSError.
    """
    (folder / lists.WHEELS).mkdir(parents=True, exist_ok=True)
    about = lists.about(folder)
    missed: list[Missed] = []
    if platforms:
        about, missed = _wheels(folder, about, product(platforms, pythons), wheel, tell)
    spare = _spare(folder, about) if platforms and not missed else []
    for name in data:
        tell(f"Data: {name} …")
        try:
            holdings.bring(name, folder)
        except Unusable as error:
            missed.append(Missed(f"the real {name}", str(error), asked))
    _write(folder, about, spare)
    return missed


def _wheels(
    folder: Path,
    old: About,
    pairs: Iterable[tuple[str, str]],
    wheel: Path | None,
    tell: Tell,
) -> tuple[About, list[Missed]]:
    place = folder / lists.WHEELS
    for cut in place.glob(f"*{lists.UNFINISHED}"):
        shutil.rmtree(cut, ignore_errors=True)
    tell("The kit's own wheel …")
    own = kit.place(wheel, place)
    made: Lists = {}
    missed: list[Missed] = []
    before = {(one, two): names for one, two, names in old.pairs()}
    for platform, python in dict.fromkeys([*pairs, *before]):
        tell(f"{PLATFORMS[platform].title}, Python {python} …")
        try:
            names = _complete(place, own, platform, python)
        except MirrorError as error:
            missed.append(Missed(f"Python {python} on {platform}", str(error), True))
            names = _as_before(before.get((platform, python), {}), old.wheel, own)
        if names:
            made.setdefault(platform, {})[python] = names
    return About(kit.version(own), own.name, wheels=made), missed


def _as_before(names: dict[str, int], old: str, own: Path) -> dict[str, int]:
    """Return the wheels of an earlier build, with the kit as it is now, if any."""
    kept = {name: size for name, size in names.items() if name != old}
    return {own.name: own.stat().st_size, **kept} if names else {}


def _complete(place: Path, own: Path, platform: str, python: str) -> dict[str, int]:
    """Return the names and sizes of the wheels of one kind of machine, all fetched."""
    target = PLATFORMS[platform]
    wanted = wheels.resolve(own, target, python)
    download.fetch(wanted, place, target, python)
    names = sorted([own.name, *(one.file for one in wanted)], key=str.lower)
    return {name: (place / name).stat().st_size for name in names}


def _spare(folder: Path, about: About) -> list[str]:
    """Return the paths of wheels that no machine needs."""
    needed = {f"{lists.WHEELS}/{name}" for *_, names in about.pairs() for name in names}
    found = (one for one in lists.files(folder) if one.startswith(f"{lists.WHEELS}/"))
    return [one for one in found if one not in needed]


def _write(folder: Path, about: About, spare: list[str]) -> None:
    """Write both lists without what is spare, and remove that."""
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    progress.write(folder / lists.ABOUT, lists.written(replace(about, made=made)))
    kept = [one for one in lists.files(folder) if one not in spare]
    progress.write(folder / lists.SUMS, lists.text(_hashed(folder, kept)))
    for one in spare:
        (folder / one).unlink()


def _hashed(folder: Path, paths: list[str]) -> dict[str, str]:
    done: list[int] = []
    total = sum((folder / path).stat().st_size for path in paths)
    with meter("Reading it all once", total, lambda: sum(done)):
        return lists.hashed(folder, paths, done.append)
