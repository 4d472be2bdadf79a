"""What a lesson costs is measured as a learner pays it: through the grader, in a child.

Authors read the table; `seconds` and `memory_mb` in course.toml are copied from it.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from workshop import grader
from workshop.course import Lesson

LIMIT = 60.0  # seconds that a solution should take on drawn data, on two cores
ROW = "{:<18}{:>8}{:>10}{:>12}  {}"
HEAD = ROW.format("lesson", "data", "seconds", "peak", "result")


@dataclass(frozen=True)
class Cost:
    """One solution, checked whole: wall-clock seconds, peak memory, and the outcome."""

    stem: str
    variant: str
    seconds: float
    peak_mb: float | None
    outcome: str

    @property
    def slow(self) -> bool:
        """Whether it took too long; a note and no failure, as machines differ."""
        return self.variant == "drawn" and self.seconds > LIMIT


def measure(lesson: Lesson) -> Cost:
    """Check the solution of a lesson, its checks included."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(shutil.copy(lesson.solution, name))
        options = grader.Options(figures=Path(name), keep=True)
        with grader.Grader(lesson, options) as teacher:
            report = teacher.check(copy)
            reply = teacher.runner.ask({"do": "cost"}) if teacher.runner else {}
    peak = reply.get("peak_mb")
    variant = report.variant or "-"
    return Cost(lesson.stem, variant, report.seconds, peak, report.outcome)


def row(cost: Cost) -> str:
    """Return a line of the table below `HEAD`."""
    peak = f"{cost.peak_mb:,.0f} MB" if cost.peak_mb else "unknown"
    slow = f", over {LIMIT:g} s" if cost.slow else ""
    spent = f"{cost.seconds:.1f}"
    return ROW.format(cost.stem, cost.variant, spent, peak, cost.outcome + slow)
