"""A secret is a file of its owner alone, and refused once others can read it.

Both the secret behind unseen data and the key of certificates are kept so. Windows has
no such modes: there a file in one's own folder must do.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path


def exposed(path: Path, otherwise: str) -> str:
    """Return why others may know or exchange a file, and the fix; empty if neither.

    `otherwise` says what to do where it may be known already. Raises OSError.
    """
    if os.name != "posix":
        return ""
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return (
            f"Others can read {path}, so it may be known. If it is not: "
            f"chmod 600 {path}. If it may be: {otherwise}"
        )
    if path.parent.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return (
            f"Others can write to {path.parent}, so they can exchange {path.name} for "
            f"one that they know: chmod 700 {path.parent}"
        )
    return ""


def write(path: Path, content: bytes, *, replace: bool = True) -> None:
    """Write a file of the owner alone, whole; it need not `replace` another.

    Raises OSError.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.urandom(4).hex()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            part.replace(path)
        else:
            with contextlib.suppress(FileExistsError):
                os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
