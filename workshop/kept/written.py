"""What `ModelCheckpoint` writes belongs to a training, and comes back with it.

Only files inside the learner's folder, and only where a checkpoint of the same `fit`
would write them: nothing that comes with a training can land anywhere else.
"""

from __future__ import annotations

import fnmatch
import glob
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop.fetch import settle
from workshop.kept.key import Incomparable
from workshop.kept.store import MOST_FILES, Unfit, remove
from workshop.submission import is_inside

Stamp = tuple[int, int, int]


class Written:
    """The files that the checkpoints of one `fit` write, from before it begins."""

    def __init__(self, callbacks: list[Any], folder: Path) -> None:
        self.folder = folder.resolve()
        paths = [one.filepath for one in callbacks if hasattr(one, "filepath")]
        self.patterns = [self._pattern(str(path)) for path in paths]
        self.before = self._stamps()

    def _pattern(self, filepath: str) -> str:
        """Return a path as a pattern that matches whatever stands for its blanks."""
        path = Path(filepath).parent.resolve() / Path(filepath).name
        if not path.is_relative_to(self.folder):
            raise Incomparable(f"{filepath} lies outside your folder.")
        return re.sub(r"\{[^{}]*\}", "*", glob.escape(str(path)))

    def _stamps(self) -> dict[Path, Stamp]:
        found = {Path(p) for pattern in self.patterns for p in glob.glob(pattern)}  # noqa: PTH207
        files = [path for path in found if path.is_file() and not path.is_symlink()]
        return {path: _stamp(path) for path in sorted(files)}

    def collect(self) -> dict[str, bytes]:
        """Return what was written since, by relative POSIX path; Unfit if too much."""
        made = [
            path
            for path, stamp in self._stamps().items()
            if self.before.get(path) != stamp
        ]
        if sum(path.stat().st_size for path in made) > MOST_FILES:
            raise Unfit(f"More than {MOST_FILES // 2**20} MB of files are not kept.")
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes() for path in made
        }

    def place(self, name: str) -> Path:
        """Return where a kept file goes; Unfit where this `fit` would not write it."""
        path = self.folder / name
        wanted = any(fnmatch.fnmatchcase(str(path), one) for one in self.patterns)
        real = path.parent.resolve().is_relative_to(self.folder)
        if not (is_inside(name) and wanted and real):
            raise Unfit("Files with it do not belong to this training.")
        return path

    def put_back(self, files: Mapping[str, bytes]) -> None:
        """Write kept files; raises Unfit before the first of them, and OSError."""
        for path, data in [(self.place(name), data) for name, data in files.items()]:
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{secrets.token_hex(4)}.part")
            try:
                part.write_bytes(data)
                settle(part, path)
            finally:
                remove(part)


def _stamp(path: Path) -> Stamp:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino
