"""What crosses to a worker and back is weighed in its own form, before Dask has it."""

from __future__ import annotations

import os
from pathlib import Path

from benchmarks import _class
from benchmarks._class import Work
from benchmarks._record import ROOT
from workshop.batch import cluster, orders
from workshop.batch.desk import Desk, shelf_for
from workshop.batch.terms import Terms, choose
from workshop.box.boxes import Boxes
from workshop.course import load
from workshop.intake import collect
from workshop.vault import Vault

LESSON = "01_mnist"
TITLES = {
    "orders": "what each worker gets once, for lesson 1",
    "all orders": "the same, for all lessons of the course",
    "script": "a script of lesson 1",
    "kept": "the same, with its kept training",
    "result": "its result",
}


def measure(scratch: Path) -> dict[str, int]:
    """Return bytes by what travels, as in TITLES, on drawn data."""
    os.environ["WORKSHOP_DATA"] = "drawn"
    course, vault = load(ROOT), Vault(scratch / "grading")
    terms = Terms(course, vault, choose([course.find(LESSON)], "drawn"))
    every = Terms(course, vault, choose(course.lessons, "drawn"))
    work = Work(LESSON, ROOT)
    kept = _class.kept_training(work, scratch / "learner")
    _class.scripts(work, scratch / "plain", 1)
    _class.scripts(work, scratch / "kept", 1, kept)
    plain, bringing = (
        collect([scratch / name], course)[0][0] for name in ("plain", "kept")
    )
    with shelf_for(terms, scratch) as shelf, Boxes((shelf,)) as boxes:
        result = cluster.packed(Desk(terms, boxes, shelf).mark(bringing))
    return {
        "orders": len(orders.pack(terms)),
        "all orders": len(orders.pack(every)),
        "script": len(plain.to_bytes()),
        "kept": len(bringing.to_bytes()),
        "result": len(result),
    }
