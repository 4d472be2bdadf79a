"""A kept training is one `.npz` file, and the model that takes it says how large it is.

Nothing is unpickled. What is read is asked for by name, with the form that it must
have, before a byte of it is read; the file's own word on sizes counts for nothing. A
SHA-256 over all of it finds damage. A file gets its name when it is whole, so two
processes may keep and read at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import re
import secrets
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workshop.fetch import settle

FORM = 1
LARGEST = 2**29
"""Bytes of one file: the real VGG16 with everything that Adam knows of it is 180 MB."""
MOST_FILES = 100 * 2**20
MOST_KEPT = 8
_NOTE_BYTES = 2**22
_DIRECTORY_BYTES = 2**22
_HEADER_BYTES = 1_024
_DAY = 86_400.0
_END = struct.Struct("<4s4H2LH")
_BROKEN = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, struct.error),
    *(NotImplementedError, RuntimeError, MemoryError, OverflowError, AttributeError),
    *(zipfile.BadZipFile, zlib.error),
)

Number = bool | int | float | None


class Unfit(Exception):
    """A kept training cannot be used: one sentence says why."""


@dataclass(frozen=True)
class Note:
    """What a kept training says of itself, in numbers and words.

    `key` and `versions` as in `kept.key`; `history` maps a metric to its value for each
    of `epochs`; `params` are those of the history; `stopped` tells whether a callback
    ended it; `callbacks` holds the numbers of each callback; `files` are the relative
    POSIX paths of what it wrote, with their sizes in bytes.
    """

    key: str
    versions: dict[str, str]
    history: dict[str, list[float]]
    epochs: list[int]
    params: dict[str, Number | str]
    stopped: bool
    callbacks: list[dict[str, Number]]
    files: dict[str, int] = field(default_factory=dict)


def place(folder: Path, stem: str, key: str) -> Path:
    """Return where the training with this key is kept."""
    return folder / f"{stem}-{key[:16]}.npz"


def kept(folder: Path, stem: str) -> list[Path]:
    """Return the trainings kept for a lesson, the one used last first."""
    form = re.compile(re.escape(stem) + r"-[0-9a-f]{16}\.npz")
    with contextlib.suppress(OSError):
        found = [path for path in folder.iterdir() if form.fullmatch(path.name)]
        return sorted(found, key=lambda path: (-_used(path), path.name))
    return []


def write(
    path: Path, note: Note, arrays: Mapping[str, Any], files: Mapping[str, bytes]
) -> None:
    """Keep a training; the oldest of its lesson go. OSError, or Unfit where too large.

    The arrays are named `model_0`, …, `optimizer_0`, …
    """
    import numpy as np

    written = [np.frombuffer(data, np.uint8) for data in files.values()]
    members = {**arrays, **{f"file_{n}": data for n, data in enumerate(written)}}
    if sum(array.nbytes for array in members.values()) > LARGEST - _NOTE_BYTES:
        raise Unfit(f"More than {LARGEST // 2**20} MB are not kept.")
    said = vars(note) | {"form": FORM}
    digest = _digest(said)
    for name, array in members.items():
        _add(digest, name, array)
    text = json.dumps(said | {"sha256": digest.hexdigest()}).encode()
    members = {"note": np.frombuffer(text, np.uint8), **members}
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(part, "x") as packed:
            for name, array in members.items():
                with packed.open(f"{name}.npy", "w") as file:
                    np.lib.format.write_array(file, array, (1, 0), allow_pickle=False)
        settle(part, path)
    finally:
        remove(part)


def tidy(folder: Path, stem: str) -> None:
    """Remove what is more than may be kept of a lesson, and what was never finished."""
    for path in kept(folder, stem)[MOST_KEPT:]:
        remove(path)
    for part in folder.glob(".*.npz.*.part"):
        if time.time() - _used(part) > _DAY:
            remove(part)


def remove(path: Path) -> None:
    """Remove a file of ours, if it is there and can be removed."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def use(path: Path) -> None:
    """Note that a training was used now."""
    with contextlib.suppress(OSError):
        os.utime(path)


class Reader:
    """An open file: `note`, then arrays of known form, then `finish`."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        said = json.loads(bytes(self._bytes("note", _NOTE_BYTES)))
        self._sha256 = said.pop("sha256")
        self._digest = _digest(said)
        if said.pop("form") != FORM:
            raise Unfit("It has another form.")
        self.note = _checked(Note(**said))

    def array(self, name: str, shape: tuple[int, ...], dtype: Any) -> Any:
        """Return an array that has this shape and dtype; Unfit where it has not."""
        import numpy as np

        size = math.prod(shape) * dtype.itemsize
        with self._member(name, size) as file:
            found = np.lib.format.read_array_header_1_0(file, _HEADER_BYTES)
            if found != (shape, False, dtype):
                raise Unfit(f"It is of another model ({name} is {found[0]}).")
            data = file.read(size)
        array = np.frombuffer(data, dtype).reshape(shape)
        _add(self._digest, name, array)
        return array

    def files(self) -> dict[str, bytes]:
        """Return what the training wrote, by relative POSIX path."""
        import numpy as np

        sizes = self.note.files
        if sum(sizes.values()) > MOST_FILES:
            raise Unfit("The files with it are too large.")
        form = np.dtype(np.uint8)
        read = [
            self.array(f"file_{n}", (m,), form) for n, m in enumerate(sizes.values())
        ]
        return {name: data.tobytes() for name, data in zip(sizes, read, strict=True)}

    def finish(self) -> None:
        """Raise Unfit unless all that was read is what was written."""
        if self._digest.hexdigest() != self._sha256:
            raise Unfit("It is damaged (it has another SHA-256).")

    def _bytes(self, name: str, most: int) -> Any:
        import numpy as np

        with self._member(name, most, least=0) as file:
            shape, _, dtype = np.lib.format.read_array_header_1_0(file, _HEADER_BYTES)
            if len(shape) != 1 or dtype != np.uint8:
                raise Unfit("It is damaged.")
            return file.read(most)

    @contextlib.contextmanager
    def _member(self, name: str, size: int, least: int | None = None) -> Iterator[Any]:
        """Give an opened member that holds `least` (else `size`) to `size` bytes."""
        import numpy as np

        info = self._packed.getinfo(f"{name}.npy")
        least = size if least is None else least
        plain = info.compress_type == zipfile.ZIP_STORED
        if not plain or not least <= info.file_size <= size + _HEADER_BYTES:
            raise Unfit(f"It is of another model ({name} has another size).")
        with self._packed.open(info) as file:
            if np.lib.format.read_magic(file) != (1, 0):
                raise Unfit("It is damaged.")
            yield file


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Reader]:
    """Open a kept training; do nothing but read in this context. Unfit is raised."""
    try:
        with path.open("rb") as file:
            _bound(file)
            with zipfile.ZipFile(file) as packed:
                yield Reader(packed)
    except _BROKEN as error:
        raise Unfit(f"It is damaged ({type(error).__name__}).") from None


def _bound(file: Any) -> None:
    """Raise Unfit unless the file is a small enough archive with a small directory."""
    size = file.seek(0, os.SEEK_END)
    if not _END.size < size <= LARGEST:
        raise Unfit("It is damaged.")
    file.seek(-min(size, _END.size + 20), os.SEEK_END)
    tail = file.read()
    signature, *_, directory, _, comment = _END.unpack(tail[-_END.size :])
    large = directory > _DIRECTORY_BYTES or tail.startswith(b"PK\6\7")
    if signature != b"PK\5\6" or comment or large:
        raise Unfit("It is damaged.")


def _checked(note: Note) -> Note:
    """Return a note whose parts have the types that they should have; or TypeError."""
    number = (bool, int, float, type(None))
    fits = (
        isinstance(note.key, str)
        and _maps(note.versions, str)
        and _maps(note.history, list)
        and all(_lists(row, (int, float)) for row in note.history.values())
        and _lists(note.epochs, int)
        and _maps(note.params, (*number, str))
        and isinstance(note.stopped, bool)
        and _lists(note.callbacks, dict)
        and all(_maps(one, number) for one in note.callbacks)
        and _maps(note.files, int)
        and all(size >= 0 for size in note.files.values())
    )
    if not fits:
        raise TypeError
    return note


def _maps(value: Any, kind: Any) -> bool:
    return isinstance(value, dict) and _lists([*value.values()], kind)


def _lists(value: Any, kind: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _digest(said: Mapping[str, Any]) -> Any:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode())


def _add(digest: Any, name: str, array: Any) -> None:
    import numpy as np

    digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
    if array.size:
        digest.update(np.ascontiguousarray(array).view(np.uint8).data)


def _used(path: Path) -> float:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime
    return 0.0
