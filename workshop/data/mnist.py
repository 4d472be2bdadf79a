"""The real digits are the four MNIST files, and every one answers for its bytes.

A mirror answers by its own SHA256SUMS, the public copies by the hashes pinned here.
Pinned is the *content*, not the packing: gzip headers differ between honest copies.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import sys
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

from workshop import fetch
from workshop.data import idx, store
from workshop.data.kinds import Arrays

FOLDER = "mnist"
LICENCE = "CC BY-SA 3.0"
SIDE = 28
MEGABYTE = 1 << 20
MIRROR_SECONDS = 60.0  # for everything, over the room's own network
UPSTREAM = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)
# What it holds -> file, size and SHA-256 of its content (unpacked).
FILES = {
    "x_train": (
        "train-images-idx3-ubyte.gz",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    "y_train": (
        "train-labels-idx1-ubyte.gz",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    "x_test": (
        "t10k-images-idx3-ubyte.gz",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    "y_test": (
        "t10k-labels-idx1-ubyte.gz",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
}


class Unusable(Exception):
    """A source does not give the data: a few words say why."""


class Spoilt(Unusable):
    """A file arrived and is not what it should be; another copy may be."""


@dataclass(frozen=True)
class Origin:
    """A place that may hold the files; `vouched` maps its files to their SHA-256.

    `deadline` is the monotonic time by which everything must have come.
    """

    place: str
    title: str
    vouched: dict[str, str]
    deadline: float


def mirror() -> str | None:
    """Return the mirror that WORKSHOP_MIRROR names, a folder or an address."""
    return os.environ.get("WORKSHOP_MIRROR") or None


def from_mirror(place: str) -> tuple[Arrays, str]:
    """Return the arrays of a mirror and words for their source; raises Unusable."""
    title = f"the mirror {fetch.shown(place)}"
    if fetch.is_url(place):
        base, vouched = fetch.join(place, FOLDER), _address_sums(place)
    else:
        folder = Path(place).expanduser()
        base, vouched = str(folder / FOLDER), _folder_sums(folder)
    return _collect(Origin(base, title, vouched, time.monotonic() + MIRROR_SECONDS))


def from_upstream(seconds: float) -> tuple[Arrays, str]:
    """Return the public arrays and words for their source; raises Unusable.

    All of it must have come within `seconds`; what came is kept for the next time.
    """
    deadline = time.monotonic() + seconds
    reasons: list[Unusable] = []
    for place in UPSTREAM:
        host = fetch.shown(place).split("/")[0]
        store.say(f"digits: asking {host} for MNIST (11 MB) …")
        try:
            return _collect(Origin(place, host, {}, deadline))
        except Unusable as error:
            reasons.append(error)
    kind = Spoilt if any(isinstance(r, Spoilt) for r in reasons) else Unusable
    raise kind("; ".join(map(str, reasons)))


def _collect(origin: Origin) -> tuple[Arrays, str]:
    arrays, public = {}, True
    for key, (file, _, _) in FILES.items():
        content, pinned = _content(origin, key)
        public = public and pinned
        try:
            arrays[key] = idx.read(content)
        except ValueError as error:
            raise Unusable(f"{file} from {origin.title}: {error}") from None
    _agree(arrays, origin)
    return (
        arrays,
        f"{'MNIST' if public else 'not the public file'}, from {origin.title}",
    )


def _agree(arrays: Arrays, origin: Origin) -> None:
    """Raise Unusable unless pictures and labels belong together."""
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        fits = x.shape == (len(y), SIDE, SIDE) and y.ndim == 1 and len(y) > 0
        if not fits or y.max() > 9:
            raise Unusable(
                f"pictures and labels from {origin.title} do not fit together"
            )


def _content(origin: Origin, key: str) -> tuple[bytes, bool]:
    """Return what a file holds and whether it is the pinned content.

    One that was fetched and is damaged is removed and fetched once more.
    """
    file = FILES[key][0]
    if not fetch.is_url(origin.place):
        return _checked(origin, key, Path(origin.place) / file)
    target = store.home() / "downloads" / file
    try:
        return _fetched(origin, key, target)
    except Spoilt as error:
        store.say(f"digits: {error}; it was removed and is fetched again.")
        return _fetched(origin, key, target)


def _fetched(origin: Origin, key: str, target: Path) -> tuple[bytes, bool]:
    if not target.exists():
        _download(origin, key, target)
    try:
        return _checked(origin, key, target)
    except Unusable:
        store.remove(target)
        raise


def _download(origin: Origin, key: str, target: Path) -> None:
    file, size, _ = FILES[key]
    try:
        fetch.download(
            fetch.join(origin.place, file),
            target,
            limit=size + MEGABYTE,
            seconds=origin.deadline - time.monotonic(),
            progress=_meter(file) if size > MEGABYTE else None,
        )
    except fetch.FetchError as error:
        raise Unusable(str(error).rstrip(".")) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Unusable(f"{target} could not be written ({why})") from None


def _meter(what: str) -> fetch.Progress | None:
    """Return a progress that shows per cent on a terminal, or None elsewhere."""
    if not sys.stderr.isatty():
        return None

    def show(have: int, total: int | None) -> None:
        share = f"{have * 100 // total} %" if total else f"{have // 1_000_000} MB"
        end = "\n" if have == total else ""
        print(f"\r  {what}: {share}", end=end, file=sys.stderr, flush=True)

    return show


def _checked(origin: Origin, key: str, path: Path) -> tuple[bytes, bool]:
    """Return a file's content and whether it is the pinned one; raises Unusable.

    Where the origin vouches for the file, that decides; otherwise it must be pinned.
    """
    file, size, pinned = FILES[key]
    vouched = origin.vouched.get(f"{FOLDER}/{file}")
    name = f"{file} from {origin.title}"
    try:
        if vouched and fetch.sha256(path) != vouched:
            raise Spoilt(f"{name} is damaged (its SHA-256 is not the one listed)")
        with gzip.open(path) as packed:
            content = packed.read(size + MEGABYTE)
            if packed.read(1):
                raise Spoilt(f"{name} is larger than it may be")
    except FileNotFoundError:
        raise Unusable(f"{origin.title} has no {FOLDER}/{file}") from None
    except (OSError, EOFError, zlib.error) as error:
        raise Spoilt(f"{name} is damaged ({error})") from None
    same = hashlib.sha256(content).hexdigest() == pinned
    if not same and not vouched:
        raise Spoilt(f"{name} is damaged (its content is not the public one)")
    return content, same


def forget_downloads() -> None:
    """Remove packed files whose content is kept elsewhere now."""
    for file, _, _ in FILES.values():
        store.remove(store.home() / "downloads" / file)


def _folder_sums(folder: Path) -> dict[str, str]:
    if not folder.is_dir():
        raise Unusable(f"the mirror {folder} is not a folder")
    try:
        return _sums((folder / "SHA256SUMS").read_text("utf-8", errors="replace"))
    except OSError:
        return {}


def _address_sums(address: str) -> dict[str, str]:
    try:
        return _sums(fetch.text(fetch.join(address, "SHA256SUMS")))
    except fetch.Missing:
        return {}
    except fetch.FetchError as error:
        raise Unusable(f"the mirror did not answer: {str(error).rstrip('.')}") from None


def _sums(text: str) -> dict[str, str]:
    """Return path -> SHA-256 of the lines in the form of sha256sum."""
    sums = {}
    for line in text.splitlines():
        digest, _, path = line.strip().partition(" ")
        if len(digest) == 64:
            sums[path.strip().lstrip("*").removeprefix("./")] = digest.lower()
    return sums
