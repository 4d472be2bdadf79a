"""Every file from elsewhere answers for its bytes before anything is made of them.

A mirror answers by its own SHA256SUMS, public copies by the hashes pinned here and in
the readers. Pinned is the *content*, not the packing: gzip headers differ between
honest copies, and an archive is repacked without notice.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import secrets
import shutil
import sys
import time
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple, cast

from workshop import fetch
from workshop.data import store

MEGABYTE = 1 << 20
MIRROR_SECONDS = 60.0  # for everything, over the room's own network
BROKEN = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)


class Unusable(Exception):
    """A source does not give the data: a few words say why."""


class Spoilt(Unusable):
    """A file arrived and is not what it should be; another copy may be."""


class Item(NamedTuple):
    """A file: its name, size and SHA-256 of its content (unpacked).

    An item without a hash is taken from a mirror or a person only, and never named as
    the public file; its size is the most that is read.
    """

    file: str
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Origin:
    """A place that may hold the files of one data set.

    `place` is a folder or an address, or with `archive` the address of one zip file
    that holds them all. `vouched` maps files of a mirror to their SHA-256; `deadline`
    is the monotonic time by which everything must have come.
    """

    name: str
    place: str
    title: str
    deadline: float
    folder: str = ""
    vouched: dict[str, str] = field(default_factory=dict)
    archive: str = ""


def mirror() -> str | None:
    """Return the mirror that WORKSHOP_MIRROR names, a folder or an address."""
    return os.environ.get("WORKSHOP_MIRROR") or None


def in_mirror(name: str, place: str, folder: str) -> Origin:
    """Return the part of a mirror that holds one data set; raises Unusable."""
    title = f"the mirror {fetch.shown(place)}"
    if fetch.is_url(place):
        base, vouched = fetch.join(place, folder), _address_sums(place)
    else:
        path = Path(place).expanduser()
        base, vouched = str(path / folder), _folder_sums(path)
    deadline = time.monotonic() + MIRROR_SECONDS
    return Origin(name, base, title, deadline, folder, vouched)


def content(origin: Origin, item: Item) -> tuple[bytes, bool]:
    """Return what a file holds and whether it is the pinned content; raises Unusable.

    One that was fetched and is damaged is removed and fetched once more.
    """
    if not fetch.is_url(origin.place):
        return _checked(origin, item, Path(origin.place) / item.file)
    target = store.home() / "downloads" / (origin.archive or item.file)
    return _fetched(origin, item, target)


def bring(origin: Origin, item: Item, target: Path) -> None:
    """Put a file, packed as it is, at `target`; raises Unusable.

    One that is whole there already is left as it is, and no half of one is ever there.
    """
    if fetch.is_url(origin.place):
        _fetched(origin, item, target)
        return
    path = Path(origin.place) / item.file
    _checked(origin, item, path)
    try:
        copy(path, target)
    except OSError as error:
        raise Unusable(_unwritten(target, error)) from None


def copy(path: Path, target: Path) -> None:
    """Copy a file, unless the same is there already; raises OSError."""
    if target.is_file() and fetch.sha256(target) == fetch.sha256(path):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    try:
        shutil.copyfile(path, part)
        fetch.settle(part, target)
    finally:
        store.remove(part)


def forget(*files: str) -> None:
    """Remove packed files whose content is kept elsewhere now."""
    for file in files:
        store.remove(store.home() / "downloads" / file)


def _fetched(origin: Origin, item: Item, target: Path) -> tuple[bytes, bool]:
    try:
        return _brought(origin, item, target)
    except Spoilt as error:
        store.say(f"{origin.name}: {error}; it was removed and is fetched again.")
        return _brought(origin, item, target)


def _brought(origin: Origin, item: Item, target: Path) -> tuple[bytes, bool]:
    if not target.exists():
        _download(origin, item, target)
    try:
        return _checked(origin, item, target)
    except Unusable:
        store.remove(target)
        raise


def _download(origin: Origin, item: Item, target: Path) -> None:
    address = origin.place if origin.archive else fetch.join(origin.place, item.file)
    try:
        fetch.download(
            address,
            target,
            limit=item.size + MEGABYTE,
            seconds=origin.deadline - time.monotonic(),
            progress=_meter(target.name) if item.size > MEGABYTE else None,
        )
    except fetch.FetchError as error:
        raise Unusable(str(error).rstrip(".")) from None
    except OSError as error:
        raise Unusable(_unwritten(target, error)) from None


def _unwritten(target: Path, error: OSError) -> str:
    return f"{target} could not be written ({error.strerror or type(error).__name__})"


def _meter(what: str) -> fetch.Progress | None:
    """Return a progress that shows per cent on a terminal, or None elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(have: int, total: int | None) -> None:
        share = f"{have * 100 // total} %" if total else f"{have // 1_000_000} MB"
        end = "\n" if have == total else ""
        print(f"\r  {what}: {share}", end=end, file=sys.stderr, flush=True)

    return show


def _checked(origin: Origin, item: Item, path: Path) -> tuple[bytes, bool]:
    """Return a file's content and whether it is the pinned one; raises Unusable.

    Where the origin vouches for the file, that decides; otherwise it must be pinned.
    """
    vouched = origin.vouched.get(f"{origin.folder}/{item.file}")
    name = f"{item.file} from {origin.title}"
    try:
        if vouched and fetch.sha256(path) != vouched:
            raise Spoilt(f"{name} is damaged (its SHA-256 is not the one listed)")
        with _opened(path, item) as packed:
            found = packed.read(item.size + MEGABYTE)
            if packed.read(1):
                raise Spoilt(f"{name} is larger than it may be")
    except FileNotFoundError:
        file = "/".join(filter(None, (origin.folder, item.file)))
        raise Unusable(f"{origin.title} has no {file}") from None
    except KeyError:
        raise Spoilt(f"{path.name} from {origin.title} has no {item.file}") from None
    except BROKEN as error:
        raise Spoilt(f"{name} is damaged ({error})") from None
    same = hashlib.sha256(found).hexdigest() == item.sha256
    if not same and not vouched and item.sha256:
        raise Spoilt(f"{name} is damaged (its content is not the public one)")
    return found, same


def _opened(path: Path, item: Item) -> IO[bytes]:
    """Open a file's content: of a member of an archive, packed, or plain."""
    if path.suffix == ".zip":
        return zipfile.ZipFile(path).open(item.file)
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path))
    return path.open("rb")


def _folder_sums(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise Unusable(f"the mirror {folder} is not a folder")
    try:
        return sums((folder / "SHA256SUMS").read_text("utf-8", errors="replace"))
    except OSError:
        return {}


def _address_sums(address: str) -> dict[str, str]:
    try:
        return sums(fetch.text(fetch.join(address, "SHA256SUMS")))
    except fetch.Missing:
        return {}
    except fetch.FetchError as error:
        raise Unusable(f"the mirror did not answer: {str(error).rstrip('.')}") from None


def sums(text: str) -> dict[str, str]:
    """Return path -> SHA-256 of the lines in the form of sha256sum."""
    found = {}
    for line in text.splitlines():
        digest, _, path = line.strip().partition(" ")
        if len(digest) == 64:
            found[path.strip().lstrip("*").removeprefix("./")] = digest.lower()
    return found
