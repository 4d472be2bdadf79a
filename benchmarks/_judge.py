"""A finished script is judged on the half that counts, and here the exact numbers stay.

The lesson's own checks do it, as a grader would; what a report rounds or leaves out is
what a benchmark wants to know.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workshop import course, data, predicting
from workshop.evidence.server import Server
from workshop.judge import Court, judge
from workshop.perplexity import limit
from workshop.recorder import Recorder


@dataclass
class Exact(Recorder):
    """A recorder that keeps what a report must not tell: the exact numbers."""

    right: int = 0
    n: int = 0
    value: float | None = None
    measured: dict[str, float] = field(default_factory=dict)

    def answers(self, sealed: Any, probabilities: Any, weights: Any = None) -> float:
        """Record as ever, and count."""
        accuracy = super().answers(sealed, probabilities, weights)
        self.n = len(sealed.labels)
        self.right = round(accuracy * self.n)
        return accuracy


def at_the_end(
    lesson: course.Lesson, names: dict[str, Any], file: str, graded: data.Sealed
) -> dict[str, Any]:
    """Return what the lesson's checks say of a finished script's variables.

    `graded` and `graded_n` are right answers and sealed items, `failed` names the
    checks that it does not pass, `value` is a measure that counts no answers,
    `measured` the numbers behind it.
    """
    exact = Exact()
    goal = lesson.goal.get(graded.variant, 0.0)
    court = Court(Server(names, file).answer, goal, lambda: (graded, graded), exact)
    with _overheard(exact):
        results = [judge(check, court) for check in lesson.checks]
    failed = [one.check for one in results if one.outcome != "passed"]
    found = {"graded": exact.right, "graded_n": exact.n, "measured": exact.measured}
    return {"failed": failed, "value": exact.value, **found}


def every_epoch(read: Any, clock: Any, halves: tuple[Any, Any]) -> dict[str, Any]:
    """Return right answers of both halves per epoch, and those at the end.

    `right` are among `n`; `graded`, the finished script's, among `graded_n`.
    """
    shown, graded = halves
    sizes = len(shown.labels), len(graded.labels)
    found = {"graded": _right(read, graded), "graded_n": sizes[1], "n": sum(sizes)}
    right = []
    for weights in clock.weights:
        clock.model.set_weights(weights)
        right.append(_right(read, shown) + _right(read, graded))
    return {"right": right, **found}


@contextlib.contextmanager
def _overheard(exact: Exact) -> Iterator[None]:
    """Note what the check of a language model measures, against counted pairs."""
    asked = predicting.perplexities

    def noting(*given: Any) -> tuple[float, float]:
        own, counted = asked(*given)
        exact.value = own / counted
        least = limit(given[2]) or 0.0
        exact.measured = {"own": own, "counted": counted, "least": least}
        return own, counted

    predicting.perplexities = noting
    try:
        yield
    finally:
        predicting.perplexities = asked


def _right(read: Any, sealed: Any) -> int:
    """Return how many of a sealed half the script's own function reads right."""
    import numpy as np

    answers = np.asarray(read(sealed.images)).argmax(axis=1)
    return int((answers == sealed.labels).sum())
