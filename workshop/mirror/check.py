"""A mirror is checked as if nobody had built it: every byte against its lists."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workshop.mirror import lists
from workshop.mirror.lists import About
from workshop.mirror.meter import meter


def problems(folder: Path) -> list[str]:
    """Return a line for each thing that is wrong; raises MirrorError for no mirror."""
    sums, about = lists.sums(folder), lists.about(folder)
    here = lists.files(folder)
    missing = sorted(set(sums) - set(here))
    said = [f"{path} is missing." for path in missing]
    said += [f"{path} is not in {lists.SUMS}." for path in here if path not in sums]
    said += [f"{path} is damaged." for path in _damaged(folder, sums, here)]
    return said + list(_incomplete(sums, about, set(missing)))


def _damaged(folder: Path, sums: dict[str, str], here: list[str]) -> list[str]:
    paths = [path for path in here if path in sums]
    done: list[int] = []
    total = sum((folder / path).stat().st_size for path in paths)
    with meter("Reading it all", total, lambda: sum(done)):
        found = lists.hashed(folder, paths, done.append)
    return [path for path in paths if found[path] != sums[path]]


def _incomplete(sums: dict[str, str], about: About, missing: set[str]) -> Iterator[str]:
    for platform, python, names in about.pairs():
        for name in names:
            path = f"{lists.WHEELS}/{name}"
            if path not in sums or path in missing:
                yield f"Python {python} on {platform} lacks {name}."


def sizes(folder: Path) -> list[tuple[str, int, int]]:
    """Return what there is: words, number of files, bytes."""
    about = lists.about(folder)
    found = [
        (f"Python {python} on {platform}", len(names), sum(names.values()))
        for platform, python, names in about.pairs()
    ]
    paths = [path for path in lists.sums(folder) if path != lists.ABOUT]
    for part in sorted({path.partition("/")[0] for path in paths}):
        inside = [path for path in paths if path.partition("/")[0] == part]
        total = sum((folder / path).stat().st_size for path in inside)
        found.append((f"{part}/ in all", len(inside), total))
    return found
