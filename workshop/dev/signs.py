"""The network of lesson 4b is a solution of lesson 4a, trained once on drawn hands.

It comes with the kit, so that 4b can be begun without 4a. The solution is run as it
stands, in a process of its own, with one seed, and the state of the optimizer is left
out, which only training needs. A record beside the file says what it was made with.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

from workshop import models
from workshop.course import Course
from workshop.data import shelf

SEED = 4
RUN = """
import runpy, sys, keras, tensorflow
keras.utils.set_random_seed(int(sys.argv[2]))
tensorflow.config.experimental.enable_op_determinism()
found = runpy.run_path(sys.argv[1])
keras.models.load_model("signs.keras", compile=False).save("bare.keras")
print(max(found["history"].history["val_accuracy"]))
"""


def train(course: Course) -> dict[str, Any]:
    """Train the network, put it into the package, and return its record.

    RuntimeError where the solution does not run or leaves no signs.keras.
    """
    solution = course.find("04a").solution
    with tempfile.TemporaryDirectory() as folder:
        reached = _run(solution, folder)
        models.WEIGHTS.mkdir(exist_ok=True)
        shutil.copyfile(Path(folder, "bare.keras"), models.signs())
    record = _record(solution, reached)
    text = json.dumps(record, indent=2) + "\n"
    models.signs().with_suffix(".json").write_text(text, encoding="utf-8")
    return record


def _run(solution: Path, folder: str) -> float:
    """Run a solution on drawn data and return its best validation accuracy."""
    own = {"WORKSHOP_DATA": "drawn", "WORKSHOP_FIGURES": folder}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(solution), str(SEED)],
        cwd=folder,
        env={**os.environ, **own, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        encoding="utf-8",
    )
    if done.returncode:
        raise RuntimeError(f"{solution.name} left no network: {done.stderr[-500:]}")
    return float(done.stdout.split()[-1])


def _record(solution: Path, reached: float) -> dict[str, Any]:
    """Return how the file was made, and the SHA-256 by which it is known."""
    return {
        "made by": "workshop dev signs",
        "lesson": solution.stem,
        "data": f"signs, drawn by this kit ({shelf.drawing('signs')})",
        "seed": SEED,
        "best validation accuracy": round(reached, 4),
        "keras": metadata.version("keras"),
        "tensorflow": metadata.version("tensorflow"),
        "sha256": hashlib.sha256(models.signs().read_bytes()).hexdigest(),
    }
