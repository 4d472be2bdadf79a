"""What a mirror holds is written down twice: for any tool, and for ours.

`SHA256SUMS` covers every file, in the form of sha256sum; `mirror.json` says which
wheels make which kind of machine complete. Whatever hands out or fetches files trusts
these lists and hashes nothing again.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from workshop import fetch
from workshop.data import origin

SUMS = "SHA256SUMS"
ABOUT = "mirror.json"
WHEELS = "wheels"
UNFINISHED = ".part"
LITTER = {".ds_store", "thumbs.db", "desktop.ini"}  # what file managers leave

Lists = dict[str, dict[str, dict[str, int]]]


class MirrorError(Exception):
    """A mirror cannot be made, read or served: one sentence says why."""


@dataclass(frozen=True)
class About:
    """What a mirror is for.

    `kit` is the version of the kit and `wheel` the name of its file; `made` is the
    time in UTC, ISO 8601; `wheels` maps platform, then Python, then the names of the
    wheels that are needed there, to their size in bytes.
    """

    kit: str = ""
    wheel: str = ""
    made: str = ""
    wheels: Lists = field(default_factory=dict)

    def pairs(self) -> Iterator[tuple[str, str, dict[str, int]]]:
        """Yield each platform and Python with its wheels."""
        for platform, pythons in self.wheels.items():
            for python, names in pythons.items():
                yield platform, python, names


def sums(folder: Path) -> dict[str, str]:
    """Return what `SHA256SUMS` lists, path -> SHA-256; raises MirrorError.

    Paths are relative, with / between their parts, and never lead out of the folder.
    """
    try:
        text = (folder / SUMS).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise MirrorError(f"{folder} is no mirror: it has no {SUMS}.") from None
    found = origin.sums(text)
    for path in found:
        if not _inside(path):
            raise MirrorError(f"{folder / SUMS} names {path}, which is not inside it.")
    return found


def _inside(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not (path.startswith("/") or ".." in parts or "\\" in path or ":" in path)


def about(folder: Path) -> About:
    """Return what `mirror.json` says, or nothing where there is none.

    Raises MirrorError for one that is not in our form.
    """
    try:
        return parsed((folder / ABOUT).read_text("utf-8"))
    except FileNotFoundError:
        return About()
    except (OSError, ValueError):
        problem = f"{folder / ABOUT} cannot be read. Build the mirror again."
        raise MirrorError(problem) from None


def parsed(text: str) -> About:
    """Return what the text of a `mirror.json` says; raises ValueError."""
    try:
        said = json.loads(text)
        made = About(**{name: said[name] for name in asdict(About())})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it is not in our form") from None
    texts = all(isinstance(one, str) for one in (made.kit, made.wheel, made.made))
    if not (texts and _mapped(made.wheels, 3)):
        raise ValueError("it is not in our form")
    return made


def _mapped(value: Any, depth: int) -> bool:
    """Tell whether a value is names in names in names, and sizes at the bottom."""
    if depth == 0:
        return type(value) is int
    if not isinstance(value, dict):
        return False
    return all(
        isinstance(name, str) and _mapped(one, depth - 1) for name, one in value.items()
    )


def written(made: About) -> str:
    """Return the text of `mirror.json`."""
    return json.dumps({"version": 1, **asdict(made)}, indent=1) + "\n"


def files(folder: Path) -> list[str]:
    """Return the paths of all files that belong in `SHA256SUMS`, sorted.

    What was cut while it came (`.part`) and what file managers leave is not counted.
    """
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.as_posix() for path in paths if not _left(path))


def _left(path: Path) -> bool:
    name = path.name.lower()
    unfinished = any(part.endswith(UNFINISHED) for part in path.parts)
    return (
        unfinished or name in LITTER or name.startswith("._") or path.as_posix() == SUMS
    )


def hashed(
    folder: Path, paths: Iterable[str], done: Callable[[int], None] = lambda size: None
) -> dict[str, str]:
    """Return path -> SHA-256, read by several threads; one that is missing has "".

    `done` hears of the bytes of each file that is through.
    """

    def one(path: str) -> tuple[str, str]:
        try:
            digest = fetch.sha256(folder / path)
            done((folder / path).stat().st_size)
        except OSError:
            return path, ""
        return path, digest

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(pool.map(one, paths))


def text(found: dict[str, str]) -> str:
    """Return the text of `SHA256SUMS`."""
    return "".join(f"{found[path]}  {path}\n" for path in sorted(found))


def project(wheel: str) -> str:
    """Return the project of a wheel by its file name, in the form of `plain`."""
    return plain(wheel.partition("-")[0])


def plain(name: str) -> str:
    """Return the name of a project in the one form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()
