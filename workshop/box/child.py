"""In a box a child also takes files and gives files: nothing else can enter or leave.

    python -P -m workshop.box.child

Only the grader asks, and whatever it asks for happens in the box. Files are bounded by
the message that carries them, and by their number.
"""

from __future__ import annotations

import os
from itertools import islice
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

from workshop import child
from workshop.box import inside
from workshop.evidence.server import Server

FD = 3
"""The descriptor of the connection in every box."""


class BoxChild(child.Child):
    """Begins from a seed of the grader, so that a repetition gives the same."""

    def run(self, request: dict[str, Any]) -> dict[str, Any] | None:
        if seed := os.environ.pop("WORKSHOP_SEED", ""):
            _sow(int(seed), request["text"])
        return super().run(request)


class Files(Server):
    """Also answers `put` (files into this box) and `fetch` (a file, or a folder's)."""

    handlers = (*Server.handlers, "put", "fetch")

    def _put(self, request: dict[str, Any]) -> dict[str, Any]:
        for name, data in request["files"].items():
            place = Path(request["folder"], name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data.tobytes())
        return {"value": len(request["files"])}

    def _fetch(self, request: dict[str, Any]) -> dict[str, Any]:
        import numpy as np

        top = Path(request["path"])
        below = (path for path in top.rglob("*") if path.is_file())
        found = [top] if top.is_file() else list(islice(below, inside.FETCHED + 1))
        files = {
            path.relative_to(top.parent).as_posix(): np.fromfile(path, np.uint8)
            for path in found
        }
        return {"files": files}


def _sow(seed: int, text: str) -> None:
    """Set every generator of random numbers that the script may use."""
    import random

    import numpy as np

    random.seed(seed)
    np.random.seed(seed)
    if "keras" in text or "tensorflow" in text:
        with child.hushed():
            import keras

        keras.utils.set_random_seed(seed)


def main() -> None:
    """Serve one grader, then end."""
    os.set_inheritable(FD, False)
    child.begin(BoxChild(mp.Connection(FD), Files))


if __name__ == "__main__":
    main()
