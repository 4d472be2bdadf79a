"""pip fetches what was chosen, each file by its SHA-256, and what is whole stays.

A file comes under another name and is moved when it is there, so the work can be
stopped at any point and taken up again. What its authors publish as source only is made
into a wheel here, once, if it is pure Python.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workshop.mirror import lists, pip
from workshop.mirror.lists import MirrorError
from workshop.mirror.meter import meter
from workshop.mirror.platforms import Platform
from workshop.mirror.wheels import Wheel

AT_ONCE = 4
LARGE = 20_000_000  # bytes; smaller files come several at a time
SEVERAL = 10


def fetch(
    wanted: Iterable[Wheel], folder: Path, platform: Platform, python: str
) -> None:
    """Put those wheels into a folder that are not there whole; raises MirrorError.

    Each comes under another name and is moved when it is whole, so that the work can
    be stopped at any point and taken up again.
    """
    missing = _missing(wanted, folder)
    if not missing:
        return
    with tempfile.TemporaryDirectory(dir=folder, suffix=lists.UNFINISHED) as place:
        part = Path(place)
        total = sum(one.size for one in missing)
        moved: list[int] = []

        def some(chosen: list[Wheel]) -> None:
            for path in _fetched(chosen, part, platform, python):
                size = path.stat().st_size
                path.replace(folder / path.name)
                moved.append(size)

        with (
            meter(platform.title, total, lambda: sum(moved) + _size(part)),
            ThreadPoolExecutor(AT_ONCE) as pool,
        ):
            _all(pool, some, _shared_out(missing))


def _shared_out(wheels: list[Wheel]) -> list[list[Wheel]]:
    """Return what comes by one call of pip each, the largest files first."""
    ordered = sorted(wheels, key=lambda wheel: -wheel.size)
    alone = [one for one in ordered if one.source or one.size >= LARGE]
    small = [one for one in ordered if one not in alone]
    return [[one] for one in alone] + [
        small[at : at + SEVERAL] for at in range(0, len(small), SEVERAL)
    ]


def _all(
    pool: ThreadPoolExecutor,
    work: Callable[[list[Wheel]], None],
    parts: list[list[Wheel]],
) -> None:
    """Do all, and begin nothing more after the first that fails."""
    waiting = [pool.submit(work, part) for part in parts]
    try:
        for each in waiting:
            each.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise


def _missing(wanted: Iterable[Wheel], folder: Path) -> list[Wheel]:
    wheels = list(wanted)
    here = [one.file for one in wheels if (folder / one.file).is_file()]
    found = lists.hashed(folder, here)
    return [one for one in wheels if not _is_whole(one, folder, found)]


def _is_whole(wheel: Wheel, folder: Path, found: dict[str, str]) -> bool:
    if wheel.file not in found:
        return False
    if not wheel.source:
        return found[wheel.file] == wheel.sha256
    try:
        return zipfile.ZipFile(folder / wheel.file).testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _size(folder: Path) -> int:
    found = 0
    for path in folder.rglob("*"):
        try:
            found += path.stat().st_size
        except OSError:  # moved meanwhile
            continue
    return found


def _fetched(
    wheels: list[Wheel], part: Path, platform: Platform, python: str
) -> list[Path]:
    """Return where pip put some wheels, or one that it made; raises MirrorError."""
    place = Path(tempfile.mkdtemp(dir=part))
    lines = [
        f"{one.project}=={one.version} --hash=sha256:{one.sha256}" for one in wheels
    ]
    (place / "wanted.txt").write_text("\n".join(lines), "utf-8")
    words = ["--no-deps", "--require-hashes", "-r", str(place / "wanted.txt")]
    if wheels[0].source:
        words = ["wheel", *words, "--no-binary", wheels[0].project, "-w", str(place)]
    else:
        words = ["download", *words, "-d", str(place), *_for(platform, python)]
    made = pip.run(*words, temporary=place)
    for one in wheels:
        if made.returncode or not (place / one.file).is_file():
            said = made.stderr.strip()[: pip.SHOWN]
            raise MirrorError(f"{one.file} did not come. {said}")
    return [place / one.file for one in wheels]


def _for(platform: Platform, python: str) -> list[str]:
    words = ["--only-binary", ":all:", "--implementation", "cp"]
    words += ["--python-version", python]
    for tag in platform.tags:
        words += ["--platform", tag]
    return words
