"""A problem is one line: where it is, what is wrong, and what the author can do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """What does not hold in a file, at a line (1-based), in full sentences."""

    file: Path
    line: int
    text: str

    def shown(self, folder: Path) -> str:
        """Return the one line to print, with the file as seen from `folder`."""
        inside = self.file.is_relative_to(folder)
        file = self.file.relative_to(folder) if inside else self.file
        return f"{file.as_posix()}:{self.line}: {' '.join(self.text.split())}"


def line_of(text: str, pattern: str) -> int:
    """Return the first line on which a regular expression is found, or 1."""
    found = re.search(pattern, text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1
