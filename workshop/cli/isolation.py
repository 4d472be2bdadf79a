"""Whether other people's work can be graded here is tried, with a program of ours."""

from __future__ import annotations

import time
from collections.abc import Iterator

from workshop.cli.machine import Finding

COLD = (
    "Grading works, and takes some seconds more for each submission. Is the kit "
    "installed as its requirements say? Try: workshop doctor"
)
HOLE = "Do not grade other people's work on this machine."


def grading() -> Iterator[Finding]:
    """Yield whether boxes can be made, whether one is warm, and whether it holds."""
    from workshop.box import canary, outer
    from workshop.box.boxes import Boxes, Unavailable

    if why := outer.problem():
        yield Finding("Boxes", "bad", "there are none on this machine", why)
        return
    begin = time.monotonic()
    try:
        with Boxes() as boxes:
            boxes.start()
            took = f"ready in {time.monotonic() - begin:.0f} s"
            if boxes.why_cold:
                yield Finding("Boxes", "note", f"cold: {boxes.why_cold}", COLD)
            else:
                yield Finding("Boxes", "ok", f"warm, {took}")
            for sign in canary.watch(boxes):
                found = ": ".join(filter(None, (sign.claim, sign.found)))
                if sign.holds:
                    yield Finding("Attempt", "ok", found)
                else:
                    yield Finding("Attempt", "bad", found, HOLE)
    except Unavailable as error:
        yield Finding("Boxes", "bad", str(error), HOLE)
