"""A goal is set where the reference solution passes 995 times in 1,000, not by feel.

The reference solution is trained again and again, each time with a new training seed
and a new sealed secret, and judged on the half that counts, as a grader would. The
chance to pass comes from a beta-binomial fit to the counts of right answers, for which
`benchmarks/_fit.py` gives the reason; a normal fit stands beside it. All trainings
share one process, figures are not drawn, the training itself is untouched.
"""

from __future__ import annotations

import argparse
import statistics
import tomllib
from typing import Any

from benchmarks import _fit, _record, _tables, _train
from benchmarks._record import ROOT, Target
from benchmarks._tables import percent
from workshop import course

DEMAND = 0.995


def measure(lesson: str, trainings: int, variant: str) -> dict[str, Any]:
    """Train the reference solution and return the right answers of every training."""
    script = ROOT / "solutions" / f"{lesson}.py"
    seeds = list(range(1, trainings + 1))
    _, found = _train.start(script, variant, seeds, plots=False, epochs=False)
    return {
        "sealed": found[0].graded_n,
        "right": [training.graded for training in found],
        "values": [training.value for training in found],
        "failed": [training.failed for training in found],
        "seconds": [round(max(training.moments, default=0), 2) for training in found],
    }


def goal(lesson: str, variant: str) -> float:
    """Return the goal that course.toml sets for this variant."""
    text = (ROOT / "course.toml").read_text(encoding="utf-8")
    return float(tomllib.loads(text)["lessons"][lesson]["goal"][variant])


def _wanted(record: dict[str, Any]) -> float:
    """Return the goal as it is set now: trainings are kept, goals follow from them."""
    return goal(record["settings"]["lesson"], record["settings"]["variant"])


def row(record: dict[str, Any]) -> tuple[str, ...]:
    """Return a row of what was seen and what the fit says, as `HEAD` names it."""
    found, settings = record["measured"], record["settings"]
    shares = _shares(found)
    worst = max(shares) if _falls(found) else min(shares)
    sealed = str(found["sealed"]) if not _falls(found) else ""
    return (
        f"`{settings['lesson']}`",
        settings["variant"],
        str(len(shares)),
        sealed,
        percent(statistics.mean(shares), 2),
        f"{statistics.stdev(shares) * 100:.2f}",
        percent(worst, 2),
        ("at most " if _falls(found) else "") + percent(_wanted(record)),
        percent(chance(record), 2),
        _highest(found),
        _other_checks(record),
    )


HEAD = (
    "lesson",
    "data",
    "trainings",
    "sealed items each",
    "mean",
    "sd (points)",
    "worst",
    "goal",
    "passes (fit)",
    "highest goal that would do",
    "every other check passed",
)


def chance(record: dict[str, Any]) -> float:
    """Return the probability of reaching the goal, by the fit that decides.

    Counts of right answers: beta-binomial. A measure that should be small (perplexity
    against a baseline): normal.
    """
    found, wanted = record["measured"], _wanted(record)
    if _falls(found):
        return _fit.normal_chance_below(found["values"], wanted)
    right, n = found["right"], found["sealed"]
    return _fit.fit(right, n).at_least(_fit.needed(wanted, n))


def _falls(found: dict[str, Any]) -> bool:
    return any(value is not None for value in found.get("values", ()))


def _shares(found: dict[str, Any]) -> list[float]:
    if _falls(found):
        return list(found["values"])
    return [count / found["sealed"] for count in found["right"]]


def _highest(found: dict[str, Any]) -> str:
    if _falls(found):
        return ""
    fitted = _fit.fit(found["right"], found["sealed"])
    return percent(_fit.highest_goal(fitted, DEMAND))


def _other_checks(record: dict[str, Any]) -> str:
    """Return in how many trainings all checks passed that do not ask for the goal."""
    if "failed" not in record["measured"]:
        return ""
    lesson = course.load().find(record["settings"]["lesson"])
    asking = {check.name for check in lesson.checks if "goal" in check.parameters}
    failed = [set(names) - asking for names in record["measured"]["failed"]]
    return f"{sum(not names for names in failed)} of {len(failed)}"


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the one target: the goal in course.toml is passed often enough."""
    settings, found = record["settings"], chance(record)
    claim = (
        f"{settings['lesson']} on {settings['variant']} data: the solution reaches "
        f"{percent(_wanted(record))} in {percent(DEMAND, 1)} of trainings"
    )
    name = f"{settings['lesson']}-{settings['variant']}"
    return [Target(name, claim, percent(found, 2), found >= DEMAND)]


def page(*records: dict[str, Any]) -> str:
    """Return one table of all calibrations, and their targets, as Markdown."""
    reasons = _record.reasons("calibrate")
    judged = [target for record in records for target in targets(record)]
    rows = [row(record) for record in records]
    return f"{_tables.table(HEAD, rows)}\n\n{_tables.targets(judged, reasons)}"


def main() -> None:
    """Measure, write results/calibrate-LESSON-VARIANT.json, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibrate", description=__doc__
    )
    parser.add_argument("lesson", help="its stem: 01_mnist")
    parser.add_argument("--trainings", type=int, default=20)
    parser.add_argument("--data", choices=("real", "drawn"), default="drawn")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    found = measure(options.lesson, options.trainings, options.data)
    settings = {"lesson": options.lesson, "variant": options.data}
    record = _record.record("calibrate", before, settings, found)
    name = f"calibrate-{options.lesson}-{options.data}"
    _record.finish(record, name, page(record), dry=options.dry)


if __name__ == "__main__":
    main()
