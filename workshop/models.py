"""A finished model is a file: the kit brings one, and any file can be asked elsewhere.

What a file answers is only worth knowing from a process that has nothing but the file:
there, no variable of a lesson can help it out.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).with_name("weights")


def signs() -> Path:
    """Return the file of a network that reads signs: what lesson 4a makes.

    It takes grey pictures (n, 28, 28, 1) from 0 to 255 and gives a probability for
    each of 24 letters. `signs.json` beside it says how it was made.
    """
    return WEIGHTS / "signs.keras"


def size(file: str | Path) -> int:
    """Return how many bytes a saved model takes: a file, or all files of a folder."""
    path = Path(file)
    parts = path.rglob("*") if path.is_dir() else [path]
    return sum(part.stat().st_size for part in parts if part.is_file())


def ask(file: str | Path, inputs: Any) -> Any:
    """Return what a saved model answers, asked in a fresh process that has the file.

    `file` is a `.keras` or `.tflite` file or a SavedModel folder; the first axis of
    `inputs` counts the items. RuntimeError says why there is no answer.
    """
    import numpy as np

    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "given.npy"), Path(folder, "made.npy")
        np.save(given, np.asarray(inputs))
        names = [str(path) for path in (Path(file).resolve(), given, made)]
        command = [sys.executable, "-P", "-m", "workshop.evidence.files", *names]
        done = subprocess.run(command, cwd=folder, capture_output=True)
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().split("\n")[-1]
            raise RuntimeError(f"{Path(file).name} gave no answer: {said}")
        return np.load(made)
