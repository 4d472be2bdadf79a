"""Only plain files are opened: no link is followed, no pipe or device is waited for.

What a name says is asked of the opened file again, so that a file that is exchanged
meanwhile is refused. Folders are walked to a bounded depth, and since no link is
followed there are no loops.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import IO

from workshop.intake import naming
from workshop.intake.found import Entry, Refused, Unplaced, check_folders

DEEPEST = 20
MOST_ENTRIES = 200_000
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0)
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


def kind(path: Path) -> str:
    """Return "file" or "folder"; Refused for everything else, and for nothing."""
    try:
        status = os.lstat(path)
    except OSError as error:
        raise Refused(_unread(error)) from None
    except ValueError:
        raise Refused("That is no name of a file. Check it.") from None
    return _kind(status)


def entry(path: Path, parts: tuple[str, ...], shown: str) -> Entry:
    """Return a plain file as it will be read; Refused, at once or then, for others."""
    try:
        size = os.lstat(path).st_size
    except OSError as error:
        raise Refused(_unread(error)) from None
    return Entry(parts, naming.shown(shown), size, lambda: _open(path))


Identity = tuple[int, int]


def identities(folders: Iterable[Path]) -> set[Identity]:
    """Return what tells folders from all others, whatever path leads to them."""
    found = [folder.stat() for folder in folders if folder.is_dir()]
    return {(status.st_dev, status.st_ino) for status in found}


def walk(
    folder: Path, shown: str, apart: Set[Identity] = frozenset()
) -> Iterator[Entry | Unplaced]:
    """Yield what lies below a folder, in order of names; junk is passed over.

    So is what lies `apart`: folders by their identities.
    """
    left = MOST_ENTRIES
    rest: list[tuple[str, ...]] = [()]
    while rest:
        below = rest.pop()
        there = "/".join((shown, *below))
        try:
            names = _names(folder.joinpath(*below), left)
        except Refused as error:
            yield Unplaced(naming.shown(there), str(error))
            continue
        left -= len(names)
        folders = []
        for name in names:
            parts = (*below, name)
            if naming.is_junk(parts):
                continue
            try:
                path = folder.joinpath(*parts)
                if kind(path) == "file":
                    yield entry(path, parts, f"{there}/{name}")
                elif not identities([path]) & apart:
                    folders.append(_deeper(parts))
            except Refused as error:
                yield Unplaced(naming.shown(f"{there}/{name}"), str(error))
        rest.extend(reversed(folders))


def _deeper(parts: tuple[str, ...]) -> tuple[str, ...]:
    if len(parts) > DEEPEST:
        raise Refused(f"It lies more than {DEEPEST} folders deep. Give it by itself.")
    check_folders((*parts, ""))
    return parts


def _names(folder: Path, most: int) -> list[str]:
    names = []
    try:
        with os.scandir(folder) as found:
            for one in found:
                names.append(one.name)
                if len(names) > most:
                    raise Refused(
                        f"More than {MOST_ENTRIES:,} files were given at once. "
                        "Grade this folder by itself."
                    )
    except OSError as error:
        raise Refused(_unread(error)) from None
    return sorted(names)


def _open(path: Path) -> IO[bytes]:
    try:
        number = os.open(path, _FLAGS)
    except OSError as error:
        raise Refused(_unread(error)) from None
    file = os.fdopen(number, "rb")
    if stat.S_ISREG(os.fstat(number).st_mode):
        return file
    file.close()
    raise Refused("It is not a plain file.")


def _kind(status: os.stat_result) -> str:
    tag = getattr(status, "st_reparse_tag", 0)
    junction = tag and tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)
    if stat.S_ISLNK(status.st_mode) or junction:
        raise Refused(
            "It is a link, and links are not followed. Give what it leads to."
        )
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    if stat.S_ISREG(status.st_mode):
        return "file"
    raise Refused("It is neither a file nor a folder (a pipe, a socket or a device).")


def _unread(error: OSError) -> str:
    reason = error.strerror or "the system gave no reason"
    return f"It cannot be read: {reason}. Change that, or copy it elsewhere."
