"""Three tools grade the same class, each by the command that its instructors type.

What a tool needs is made before its clock starts. Scores come from what it wrote itself
(a gradebook, a results.json), never from what it printed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks import _class, _clock, _peers
from benchmarks._class import Work
from benchmarks._clock import Timing
from workshop.gradebook import Gradebook

Scores = Mapping[str, tuple[float, float]]


class Unexpected(Exception):
    """A tool judged otherwise than it must, so its time means nothing."""


@dataclass(frozen=True)
class Stage:
    """A lesson, and what is made once for all of its runs."""

    work: Work
    scratch: Path

    @cached_property
    def zipped(self) -> Path:
        """The peers' tests, as otter's zip."""
        return _peers.autograder(
            self.scratch / "otter-tests", self.work.tests(), self.scratch
        )

    @cached_property
    def kept(self) -> Path:
        """The kept training of a learner."""
        return _class.kept_training(self.work, self.scratch / "learner")


def full(score: tuple[float, float] | None) -> bool:
    """Return whether a score and the highest possible one are full marks."""
    return score is not None and score[0] == score[1] > 0


def _workshop(
    stage: Stage, folder: Path, count: int, started: Callable[[int], None]
) -> tuple[Timing, Scores]:
    handed_in = _class.scripts(stage.work, folder / "handed-in", count)
    return _ours(stage, folder, [str(handed_in), "--retrain"], "trained", started)


def _kept(
    stage: Stage, folder: Path, count: int, started: Callable[[int], None]
) -> tuple[Timing, Scores]:
    handed_in = _class.scripts(stage.work, folder / "handed-in", count, stage.kept)
    return _ours(stage, folder, [str(handed_in)], "kept", started)


def _ours(
    stage: Stage,
    folder: Path,
    words: list[str],
    training: str,
    started: Callable[[int], None],
) -> tuple[Timing, Scores]:
    kit = [sys.executable, "-m", "workshop", "--plain", "--course", stage.work.course]
    command = [*kit, "grade", *words, "--in", folder / "grading"]
    awaited = r"person-\d+"
    timing = _clock.run(command, folder=folder, awaited=awaited, started=started)
    if timing.code:
        raise Unexpected(f"status {timing.code}\n{timing.output[-4000:]}")
    with Gradebook(folder / "grading" / "gradebook.sqlite") as book:
        grades = book.latest()
    for grade in grades:
        if (
            not grade.verified
            or grade.log
            or grade.report.training not in ("", training)
        ):
            raise Unexpected(f"{grade.person}: {grade.report.training}, {grade.log}")
    return timing, {one.person: (one.earned, one.possible) for one in grades}


def _nbgrader(
    stage: Stage, folder: Path, count: int, started: Callable[[int], None]
) -> tuple[Timing, Scores]:
    course = _class.nbgrader_course(stage.work, folder, count)
    timing = _clock.run(
        [_peers.commands() / "nbgrader", "autograde", "ps"],
        folder=course,
        variables=_peers.variables(stage.scratch),
        awaited=r"INFO\] Autograding ",
        started=started,
    )
    return timing, _class.nbgrader_scores(course)


def _otter(
    stage: Stage, folder: Path, count: int, started: Callable[[int], None]
) -> tuple[Timing, Scores]:
    books = _class.otter_notebooks(stage.work, folder, count)
    total, moments, scores = 0.0, [], {}
    for person in _class.people(count):
        out = folder / f"{person}-graded"
        out.mkdir()
        timing = _clock.run(
            _peers.otter(books / f"{person}.ipynb", stage.zipped, out),
            folder=folder,
            variables=_peers.variables(stage.scratch),
            started=started,
        )
        total += timing.total
        moments.append(total)
        scores[person] = (float(_peers.otter_passed(out)), 1.0)
    return Timing(tuple(moments), total, 0, timing.output), scores


RUNNERS: dict[str, Callable[..., tuple[Timing, Scores]]] = {
    "workshop": _workshop,
    "kept": _kept,
    "nbgrader": _nbgrader,
    "otter": _otter,
}
