"""What somebody handed in is bytes with names beside them, and never a path.

A submission crosses to another process or machine in the form of `evidence.wire`; the
names in it are shown to people and used for nothing else. Its digest says what was
handed in, whoever handed it in.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

from workshop.evidence import wire

SUFFIXES = (".py", ".ipynb")
LARGEST = 200 * 2**20
"""Bytes of a whole submission, files and models included."""


@dataclass(frozen=True)
class Submission:
    """One person's work on one lesson.

    `person` and `name` (of the file) are as they came and only shown; `lesson` is a
    stem of the course. `script` is the text of the `.py` or `.ipynb`, by `suffix`.
    `files` are others beside it by relative POSIX path, `kept` their kept trainings by
    plain name, `model` the bytes of a `model.keras`.
    """

    person: str
    lesson: str
    name: str
    suffix: str
    script: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    model: bytes | None = None

    def __post_init__(self) -> None:
        if self.suffix not in SUFFIXES:
            raise ValueError(f"a submission ends in {self.suffix!r}")
        for path in (*self.files, *self.kept):
            if not is_inside(path):
                raise ValueError(f"{path!r} does not stay inside its folder")
        if self.size > LARGEST:
            raise ValueError(f"a submission of {self.size:,} bytes is too large")

    @property
    def size(self) -> int:
        """Bytes of everything in it."""
        parts = (self.script, self.model or b"", *self.files.values())
        return sum(map(len, (*parts, *self.kept.values())))

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of what was handed in, as 64 hexadecimal digits."""
        content = self._content() | {"person": "", "name": ""}
        return hashlib.sha256(wire.encode(_sorted(content))).hexdigest()

    def to_bytes(self) -> bytes:
        """Return the submission as one message of `evidence.wire`."""
        return wire.encode(self._content())

    def _content(self) -> dict[str, Any]:
        import numpy as np

        def packed(value: Any) -> Any:
            if isinstance(value, bytes):
                return np.frombuffer(value, np.uint8)
            if isinstance(value, dict):
                return {name: packed(item) for name, item in value.items()}
            return value

        return {name: packed(value) for name, value in asdict(self).items()}


def from_bytes(message: bytes) -> Submission:
    """Return the submission in a message; WireError where it holds none."""
    found = wire.decode(message)
    names = {one.name for one in fields(Submission)}
    if not isinstance(found, dict) or set(found) != names:
        raise wire.WireError("a message holds no submission")
    parts = {name: _unpacked(item) for name, item in found.items()}
    if not all(_fits(name, part) for name, part in parts.items()):
        raise wire.WireError("a message holds no submission")
    try:
        return Submission(**parts)
    except ValueError as error:
        raise wire.WireError(f"a message holds no submission ({error})") from None


def _fits(name: str, part: Any) -> bool:
    if name in ("files", "kept"):
        pairs = part.items() if isinstance(part, dict) else [(None, None)]
        return all(type(n) is str and type(data) is bytes for n, data in pairs)
    if name == "model":
        return part is None or type(part) is bytes
    return type(part) is (bytes if name == "script" else str)


def is_inside(path: str) -> bool:
    """Tell whether a relative POSIX path stays below the folder it is put into."""
    parts = PurePosixPath(path).parts
    plain = path == "/".join(parts) and "\\" not in path and "\0" not in path
    return plain and bool(parts) and ".." not in parts and parts[0] != "/"


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return value


def _unpacked(value: Any) -> Any:
    if hasattr(value, "tobytes"):
        return value.tobytes()
    if isinstance(value, dict):
        return {name: _unpacked(item) for name, item in value.items()}
    return value
