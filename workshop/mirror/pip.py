"""pip runs as this machine has set it up: its index, its certificates, its cache."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SHOWN = 600  # characters of what it says, in an error of ours


def run(*words: str, temporary: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run pip; its temporary files are where there is room for them."""
    names = ("TMPDIR", "TEMP", "TMP") if temporary else ()
    return subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *words],
        env={**os.environ, **dict.fromkeys(names, str(temporary))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def configured(name: str) -> str:
    """Return what pip's configuration says, or nothing."""
    return run("config", "get", name).stdout.strip()
