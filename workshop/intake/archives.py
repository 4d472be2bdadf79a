"""An archive is a folder that is never unpacked: its files are streamed and counted.

What it says of itself is checked before it is believed (how many, how large, where),
and its sizes are counted again while its bytes come. Of the many ways to pack a file
two are read, stored and deflated: others can ask for gigabytes of memory.
"""

from __future__ import annotations

import contextlib
import re
import stat
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Container, Iterator
from typing import IO, Any

from workshop.intake import naming
from workshop.intake.found import Entry, Refused, Unplaced, check_folders

MOST_ENTRIES = 20_000
MOST_RATIO = 200
SMALL = 8 * 2**20
"""Bytes below which a file may swell as it likes."""
DEEPEST = 20
LONGEST_PATH = 4_096
_AT_ONCE = 4 * 2**20
"""Bytes read in one go at most, and so of the archive's directory."""
_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_UTF8 = 0x800
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, IndexError, struct.error),
    *(NotImplementedError, RuntimeError, MemoryError, OverflowError, AttributeError),
    *(zipfile.BadZipFile, zlib.error),
)
_DAMAGED = "It is damaged, and cannot be read. Ask for it again."
OTHERS = {
    *(".rar", ".7z", ".tar", ".tgz", ".tbz2", ".txz"),
    *(".gz", ".bz2", ".xz", ".zst"),
}
"""Suffixes of archives that are not read."""


def entries(
    file: IO[bytes], above: tuple[str, ...], shown: str, *, unwrap: bool = False
) -> Iterator[Entry | Unplaced]:
    """Yield what lies in a zip file; Refused where all of it is not taken.

    `above` goes before the parts of every path. With `unwrap` a folder that holds all
    scripts and archives is left out of them, unless a platform named it.
    """
    packed, infos = _opened(file)
    named = [(info, _name(info)) for info in infos]
    named = [(info, name) for info, name in named if not name.endswith("/")]
    files = Counter(_parts(name) for _, name in named)
    outer = _wrapper([*files]) if unwrap else ()
    for info, name in named:
        parts = _parts(name)
        if _is_junk(parts):
            continue
        there = naming.shown(f"{shown}/{name}")
        try:
            _check_name(name, parts, files)
            if files[parts] > 1:
                raise Refused(
                    "The archive has several files of this name. Ask which one counts."
                )
            _check(info)
        except Refused as error:
            yield Unplaced(there, str(error))
            continue
        parts = parts[1:] if outer and parts[:1] == outer else parts
        yield Entry((*above, *parts), there, info.file_size, _opener(packed, info))


def check_model(file: IO[bytes]) -> None:
    """Refuse anything but a `.keras` file: three parts and assets, none too large.

    Every part is read, so that lying sizes and damage show; HDF5 is not parsed here.
    """
    packed, infos = _opened(file)
    names = [info.orig_filename for info in infos if not info.is_dir()]
    own = [name for name in names if not name.startswith("assets/")]
    if sorted(own) != sorted(MODEL_PARTS) or len(set(names)) != len(names):
        raise Refused(
            "It is no model as Keras 3 saves it (config, metadata and weights, nothing "
            'else). Save it with model.save("model.keras").'
        )
    for info in infos:
        _check(info)
        if info.file_size > MODEL_PART:
            raise Refused(
                f"A part of this model has more than {MODEL_PART // 2**20} MiB. "
                "Hand in a smaller model."
            )
    for info in infos:
        with _opener(packed, info)() as part:
            while part.read(_AT_ONCE):
                pass


MODEL_PARTS = ("config.json", "metadata.json", "model.weights.h5")
MODEL_PART = 256 * 2**20


class _Bounded:
    """A file that refuses to be read in one go beyond a bound, as a directory is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell
        self.seekable = file.seekable

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(_AT_ONCE + 1 if size < 0 else min(size, _AT_ONCE + 1))
        if len(data) > _AT_ONCE:
            raise zipfile.BadZipFile("the directory is too large")
        return data


def _opened(file: IO[bytes]) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    try:
        bounded: Any = _Bounded(file)
        packed = zipfile.ZipFile(bounded)
        infos = packed.infolist()
    except _BROKEN:
        raise Refused(
            "It is not a whole zip file. Download it again, or ask for it again."
        ) from None
    if any(len(info.orig_filename) > LONGEST_PATH for info in infos):
        raise Refused("A path in it is too long. Unpack it and grade the parts.")
    if len(infos) > MOST_ENTRIES:
        raise Refused(
            f"It holds more than {MOST_ENTRIES:,} files. Unpack it and grade the parts."
        )
    _check_places(packed, infos)
    return packed, infos


def _check_places(packed: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive in which two files share bytes, as in bombs."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            break
        name = len(info.orig_filename.encode("utf-8", "surrogatepass"))
        if not info.flag_bits & _UTF8:
            name = len(info.orig_filename)
        end = info.header_offset + _LOCAL_HEADER + name + info.compress_size
    else:
        if end <= packed.start_dir:
            return
    raise Refused("Files in it overlap, which no honest archive does. Ask for another.")


def _opener(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> Any:
    @contextlib.contextmanager
    def opened() -> Iterator[IO[bytes]]:
        try:
            with packed.open(info) as file:
                yield file
        except _BROKEN:
            raise Refused(_DAMAGED) from None

    return opened


def _name(info: zipfile.ZipInfo) -> str:
    """Return a name as it was meant: UTF-8 also where the archive does not say so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _parts(name: str) -> tuple[str, ...]:
    return tuple(part for part in name.split("/") if part not in ("", "."))


def _is_junk(parts: tuple[str, ...]) -> bool:
    return any(naming.is_junk(parts[:number]) for number in range(1, len(parts) + 1))


def _wrapper(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the folder that holds all scripts and archives, if there is one."""
    kinds = (".py", ".ipynb", ".zip")
    plain = [one for one in paths if one and not _is_junk(one)]
    work = [one for one in plain if one[-1].lower().endswith(kinds)]
    tops = {one[:1] for one in work}
    if len(tops) != 1 or any(len(one) == 1 for one in work):
        return ()
    (top,) = tops
    return () if naming.label(top[0]) else top


def _check_name(name: str, parts: tuple[str, ...], files: Container[Any]) -> None:
    outside = name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in parts
    if outside or not parts or "\0" in name:
        raise Refused(
            "Its name leads out of the archive. Ask for it under another name."
        )
    if len(parts) > DEEPEST or max(map(naming.length, parts)) > naming.LONGEST_NAME:
        raise Refused("Its path is too long or too deep. Ask for it by itself.")
    if any(parts[:number] in files for number in range(1, len(parts))):
        raise Refused("A folder above it is also a file. Ask for another archive.")
    check_folders(parts)


def _check(info: zipfile.ZipInfo) -> None:
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Refused("It is a link or no plain file. Ask for the file itself.")
    if info.flag_bits & _ENCRYPTED:
        raise Refused("It is encrypted. Ask for it without a password.")
    if info.compress_type not in _READ:
        raise Refused("It is packed in a way that is not read. Unpack it first.")
    if info.file_size > max(SMALL, MOST_RATIO * info.compress_size):
        raise Refused(
            "It swells when it is unpacked, as bombs do. Ask for another file."
        )
