"""Seconds on real digits until 97 % of unseen ones are read, against another course.

Both scripts are executed as they stand: our solution, and the facts of the course we
follow as a script, `benchmarks/followed/01_mnist.py`. The clock starts when the model
is made and stops at the end of the first epoch after which the script's `read` reaches
the goal on both sealed halves; judging happens afterwards and costs the clock nothing.
An epoch's validation is part of both scripts and so of both times. Needs the real
digits.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from benchmarks import _record, _tables, _train
from benchmarks._record import ROOT, Target

GOAL = 0.97
THIRD = 1 / 3
SCRIPTS = {
    "ours": Path("solutions/01_mnist.py"),
    "followed": Path("benchmarks/followed/01_mnist.py"),
}
NAMES = {"ours": "our solution", "followed": "the course we follow"}


def measure(repeats: int, variant: str) -> dict[str, Any]:
    """Train both scripts in turn, each time with a new seed and a new sealed set."""
    found: dict[str, list[dict[str, Any]]] = {who: [] for who in SCRIPTS}
    for seed in range(1, repeats + 1):
        for who, script in SCRIPTS.items():
            began, [training] = _train.start(
                ROOT / script, variant, [seed], plots=True, epochs=True
            )
            found[who].append(_facts(training, began))
    return dict(found)


def _facts(training: _train.Training, began: float) -> dict[str, Any]:
    """Return what is kept of a training: seconds rounded to hundredths."""
    return {
        "seed": training.seed,
        "epoch_seconds": [round(moment, 2) for moment in training.moments],
        "accuracy": [round(right / training.n, 4) for right in training.right],
        "sealed": training.n,
        "script_seconds": round(training.finished - began, 2),
        "peak_mb": training.peak_mb and round(training.peak_mb),
    }


def reached(training: dict[str, Any], goal: float = GOAL) -> tuple[int, float] | None:
    """Return the first epoch (from 1) that reached the goal and its second, or None."""
    epochs = zip(training["epoch_seconds"], training["accuracy"], strict=True)
    for epoch, (second, accuracy) in enumerate(epochs, 1):
        if accuracy >= goal:
            return epoch, second
    return None


def seconds_to_goal(trainings: list[dict[str, Any]]) -> tuple[float, bool]:
    """Return the median seconds, and whether every training reached the goal.

    One that did not counts with its whole length, which flatters it.
    """
    ends = [reached(training) for training in trainings]
    spent = [
        end[1] if end else training["epoch_seconds"][-1]
        for end, training in zip(ends, trainings, strict=True)
    ]
    return _tables.median(spent), all(ends)


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the one target: a third of the time, and never short of the goal."""
    ours, ours_all = seconds_to_goal(record["measured"]["ours"])
    theirs, theirs_all = seconds_to_goal(record["measured"]["followed"])
    bound = "" if theirs_all else "at most "
    found = f"{bound}{ours / theirs:.2f} of it ({theirs / ours:.1f} times faster)"
    if not ours_all:
        found = "our solution did not reach the goal in every training"
    claim = "97 % in a third of the course's time, or less"
    return [Target("third", claim, found, ours_all and ours / theirs <= THIRD)]


def table(record: dict[str, Any]) -> str:
    """Return the table of both scripts: medians over the repeats."""
    head = (
        f"{record['settings']['variant']} digits",
        "epochs to 97 %",
        "training to 97 %",
        "whole script",
        "accuracy at the end",
        "peak memory",
    )
    rows = [(NAMES[who], *_row(record["measured"][who])) for who in SCRIPTS]
    return _tables.table(head, rows)


def _row(trainings: list[dict[str, Any]]) -> tuple[str, ...]:
    ends = [reached(training) for training in trainings]
    epochs = ", ".join(str(end[0]) if end else "never" for end in ends)
    spent, everyone = seconds_to_goal(trainings)
    script = _tables.median(training["script_seconds"] for training in trainings)
    accuracy = _tables.median(training["accuracy"][-1] for training in trainings)
    peaks = [training["peak_mb"] for training in trainings if training["peak_mb"]]
    return (
        epochs,
        ("" if everyone else "over ") + _tables.seconds(spent),
        _tables.seconds(script),
        _tables.percent(accuracy, 1),
        f"{max(peaks)} MB" if peaks else "",
    )


def page(record: dict[str, Any]) -> str:
    """Return table and targets as Markdown."""
    reasons = _record.reasons("time_to_goal")
    return f"{table(record)}\n\n{_tables.targets(targets(record), reasons)}"


def main() -> None:
    """Measure, write results/time_to_goal.json, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.time_to_goal", description=__doc__
    )
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", choices=("real", "drawn"), default="real")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    found = measure(options.repeats, options.data)
    settings = {"repeats": options.repeats, "variant": options.data}
    record = _record.record("time_to_goal", before, settings, found)
    _record.finish(record, "time_to_goal", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
