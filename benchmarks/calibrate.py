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
from benchmarks._lesson import LESSON
from benchmarks._record import ROOT, Target
from benchmarks._tables import percent

DEMAND = 0.995


def measure(trainings: int, variant: str) -> dict[str, Any]:
    """Train the reference solution and return the right answers of every training."""
    script = ROOT / "solutions" / f"{LESSON}.py"
    seeds = list(range(1, trainings + 1))
    _, found = _train.start(script, variant, seeds, plots=False, epochs=False)
    return {
        "sealed": found[0].graded_n,
        "right": [training.graded for training in found],
        "seconds": [round(training.moments[-1], 2) for training in found],
    }


def goal(variant: str) -> float:
    """Return the goal that course.toml sets for this variant."""
    text = (ROOT / "course.toml").read_text(encoding="utf-8")
    return float(tomllib.loads(text)["lessons"][LESSON]["goal"][variant])


def table(record: dict[str, Any]) -> str:
    """Return one row of what was seen and what the fit says."""
    right, n = record["measured"]["right"], record["measured"]["sealed"]
    wanted = record["settings"]["goal"]
    fitted = _fit.fit(right, n)
    shares = [count / n for count in right]
    row = (
        record["settings"]["variant"],
        str(len(right)),
        str(n),
        percent(statistics.mean(shares), 2),
        f"{statistics.stdev(shares) * 100:.2f}",
        percent(min(shares), 2),
        percent(wanted),
        percent(fitted.at_least(_fit.needed(wanted, n)), 2),
        percent(_fit.normal_chance(right, n, wanted), 2),
        percent(_fit.highest_goal(fitted, DEMAND)),
    )
    head = (
        "digits",
        "trainings",
        "sealed digits each",
        "mean",
        "sd (points)",
        "lowest",
        "goal",
        "passes (beta-binomial fit)",
        "(normal fit)",
        "highest goal that would do",
    )
    return _tables.table(head, [row])


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the one target: the goal in course.toml is passed often enough."""
    right, n = record["measured"]["right"], record["measured"]["sealed"]
    variant, wanted = record["settings"]["variant"], record["settings"]["goal"]
    chance = _fit.fit(right, n).at_least(_fit.needed(wanted, n))
    claim = (
        f"on {variant} digits the reference solution reaches {percent(wanted)} "
        f"in {percent(DEMAND, 1)} of trainings"
    )
    return [Target(variant, claim, percent(chance, 2), chance >= DEMAND)]


def page(record: dict[str, Any]) -> str:
    """Return table and targets as Markdown."""
    reasons = _record.reasons("calibrate")
    return f"{table(record)}\n\n{_tables.targets(targets(record), reasons)}"


def main() -> None:
    """Measure, write results/calibrate-VARIANT.json, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.calibrate", description=__doc__
    )
    parser.add_argument("--trainings", type=int, default=20)
    parser.add_argument("--data", choices=("real", "drawn"), default="drawn")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    found = measure(options.trainings, options.data)
    settings = {"variant": options.data, "goal": goal(options.data)}
    record = _record.record("calibrate", before, settings, found)
    name = f"calibrate-{options.data}"
    _record.finish(record, name, page(record), dry=options.dry)


if __name__ == "__main__":
    main()
