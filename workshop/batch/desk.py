"""One submission in, one report out: a desk holds no gradebook and knows no person.

The script runs in a box (or, where the instructor trusts it, in a plain child), sealed
inputs come after it has run, and each submission meets them in an order of its own that
a repetition meets again. A box that is taken away is no result: it is tried anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import grader
from workshop.box import inside, outer
from workshop.box.boxes import Boxes
from workshop.course import Lesson
from workshop.results import Report, Result, Stop
from workshop.sandbox import Lost, Sandbox
from workshop.submission import Submission

if TYPE_CHECKING:
    from workshop.batch.orders import Orders
    from workshop.batch.terms import Halves, Terms

TRIES = 3
TAKEN = (
    "The box of this script was taken away {tries} times. Grade it again when the "
    "machine is quiet."
)


@dataclass(frozen=True)
class Marked:
    """What a desk found: the report, what it cost, and what a grader should know.

    `cost` has wall_seconds, and of a box cpu_seconds and peak_mb (the largest process).
    """

    report: Report
    cost: dict[str, float] = field(default_factory=dict)
    log: str = ""


@dataclass
class Desk:
    """Grades submissions one by one; several threads may use one desk.

    Without `boxes` scripts run as plain children. `shelf` is the folder of data lent.
    Use as a context manager: when it is left, whatever still runs is ended.
    """

    terms: Terms | Orders
    boxes: Boxes | None = None
    shelf: Path | None = None
    _running: set[Any] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _closed: bool = False

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        """End what runs in other threads, and let nothing begin any more."""
        with self._lock:
            self._closed = True
            for one in self._running:
                one.cut()

    def mark(self, work: Submission) -> Marked:
        """Return what became of a submission; its own faults are in the report."""
        begin, log = time.monotonic(), []
        lesson = self.terms.course.find(work.lesson)
        for attempt in range(1, TRIES + 1):
            try:
                made = self._once(work, lesson)
                break
            except Lost as error:
                log.append(f"attempt {attempt}: {error}")
            except Exception:
                log.append(traceback.format_exc()[-4_000:])
                made = Marked(ours(work, lesson, "The grader itself went wrong."))
                break
        else:
            made = Marked(ours(work, lesson, TAKEN.format(tries=TRIES)))
        cost = made.cost | {"wall_seconds": round(time.monotonic() - begin, 3)}
        notes = [*log, self.boxes.why_cold if self.boxes else "not in a box"]
        return replace(made, cost=cost, log="\n".join(filter(None, notes)))

    def _once(self, work: Submission, lesson: Lesson) -> Marked:
        started: list[Any] = []
        with tempfile.TemporaryDirectory(prefix="workshop-") as folder:
            path = Path(folder, f"{lesson.stem}{work.suffix}")
            path.write_bytes(work.script)
            options = grader.Options(
                halves=lambda variant: self._reordered(work, lesson),
                choice=self.terms.choices[lesson.stem],
                start=self._start(work, Path(folder), started),
            )
            try:
                report = grader.check(lesson, path, options)
            finally:
                with self._lock:
                    self._running.difference_update(started)
        return Marked(replace(report, script=work.name), _cost(started))

    def _start(
        self, work: Submission, folder: Path, started: list[Any]
    ) -> Callable[..., Any]:
        def start(**settings: Any) -> Any:
            if self._closed:
                raise Lost("the desk is closed")
            kept = Path(inside.KEPT) if self.boxes else folder / "kept"
            given = {**settings["environment"], **self._environment(work, kept)}
            if self.boxes:
                made: Any = self.boxes.open(**settings | {"environment": given})
                made.put(work.files)
                made.put(self._kept(work), inside.KEPT)
            else:
                _write(folder, work.files)
                _write(kept, self._kept(work))
                made = Sandbox(**settings | {"environment": given})
            started.append(made)
            with self._lock:
                self._running.add(made)
                if self._closed:
                    made.cut()
            return made

        return start

    def _kept(self, work: Submission) -> dict[str, bytes]:
        if self.terms.retrain:
            return {}
        return work.kept | ({"model.keras": work.model} if work.model else {})

    def _environment(self, work: Submission, kept: Path) -> dict[str, str]:
        made = {"WORKSHOP_SEED": str(_number(self.terms.salt, work, b"seed") % 2**32)}
        if self.shelf:
            lies = outer.shown_at(self.shelf) if self.boxes else str(self.shelf)
            made["WORKSHOP_HOME"] = lies
            if (self.shelf / "models").is_dir():
                made["KERAS_HOME"] = lies
        if work.kept and not self.terms.retrain:
            made |= {"WORKSHOP_KEPT": str(kept), "WORKSHOP_KEPT_ONLY_READ": "1"}
        if work.model and not self.terms.retrain:
            made["WORKSHOP_MODEL"] = str(kept / "model.keras")
        return made

    def _reordered(self, work: Submission, lesson: Lesson) -> Halves:
        import numpy as np

        from workshop.data.sealing import reordered

        random = np.random.default_rng(_number(self.terms.salt, work, b"order"))
        variant = self.terms.choices[lesson.stem][0] or "drawn"
        shown, graded = self.terms.halves(lesson, variant)
        return reordered(shown, random), reordered(graded, random)


def _number(salt: bytes, work: Submission, use: bytes) -> int:
    digest = hashlib.sha256(b"\0".join((salt, use, work.digest.encode())))
    return int.from_bytes(digest.digest()[:8], "big")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)


def _cost(started: list[Any]) -> dict[str, float]:
    endings = [one.ending for one in started if getattr(one, "ending", None)]
    if not endings:
        return {}
    return {
        "cpu_seconds": round(sum(one.cpu_seconds for one in endings), 3),
        "peak_mb": max(one.peak_mb for one in endings),
    }


def ours(work: Submission, lesson: Lesson, said: str) -> Report:
    """Return the report of a submission that could not be judged, by our own fault."""
    goal = max(lesson.goal.values(), default=0.0)
    checks = tuple(
        Result(check.name, check.title(goal), "broken", check.todo, said)
        for check in lesson.checks
    )
    stop = Stop("ended", said)
    return Report(lesson.stem, lesson.title, work.name, "broken", checks, stop)


@contextlib.contextmanager
def shelf_for(terms: Terms | Orders, within: Path | None = None) -> Iterator[Path]:
    """Give a folder with the data and weights that scripts load, for boxes to read.

    It is made `within` a folder, or among the temporary ones.
    """
    from workshop.backbones import imagenet
    from workshop.batch.terms import needed, needs_weights
    from workshop.data.lent import lend

    with tempfile.TemporaryDirectory("", "workshop-shelf-", within) as folder:
        Path(folder).chmod(0o755)
        for name, variant in needed(terms.course, terms.choices):
            lend(name, variant, Path(folder))
        if needs_weights(terms.course, terms.choices):
            imagenet.lend(Path(folder))
        yield Path(folder)
