"""Seconds until our solution reads as well as another course's, against that course.

Both scripts are executed as they stand: our solution, and the facts of the course we
follow as a script in `benchmarks/followed/`. The clock starts when the first model is
made and stops at the end of the first epoch after which the script's `read` reaches the
goal on both sealed halves; judging happens afterwards and costs the clock nothing. An
epoch's validation is part of both scripts and so of both times. The goal is 97 % for
digits, which need to be the real ones, and for hands what the course's own network
reaches at its end (the median of its trainings), on drawn hands of unseen signers.
"""

from __future__ import annotations

import argparse
from typing import Any

from benchmarks import _record, _tables, _train
from benchmarks._record import ROOT, Target
from benchmarks._tables import percent

GOALS = {"01_mnist": 0.97}
LESSONS = ("01_mnist", "02_asl", "03_asl_cnn", "04a_augmentation")
THIRD = 1 / 3
SCRIPTS = {"ours": "solutions", "followed": "benchmarks/followed"}
NAMES = {"ours": "our solution", "followed": "the course we follow"}


def measure(lesson: str, repeats: int, variant: str) -> dict[str, Any]:
    """Train both scripts in turn, each time with a new seed and a new sealed set."""
    found: dict[str, list[dict[str, Any]]] = {who: [] for who in SCRIPTS}
    for seed in range(1, repeats + 1):
        for who, folder in SCRIPTS.items():
            began, [training] = _train.start(
                ROOT / folder / f"{lesson}.py", variant, [seed], plots=True, epochs=True
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


def goal(record: dict[str, Any]) -> float:
    """Return the accuracy to reach: a fixed one, or what the course reaches itself."""
    theirs = [one["accuracy"][-1] for one in record["measured"]["followed"]]
    return GOALS.get(record["settings"]["lesson"], _tables.median(theirs))


def reached(training: dict[str, Any], goal: float) -> tuple[int, float] | None:
    """Return the first epoch (from 1) that reached the goal and its second, or None."""
    epochs = zip(training["epoch_seconds"], training["accuracy"], strict=True)
    for epoch, (second, accuracy) in enumerate(epochs, 1):
        if accuracy >= goal:
            return epoch, second
    return None


def seconds_to_goal(trainings: list[dict[str, Any]], goal: float) -> tuple[float, bool]:
    """Return the median seconds, and whether every training reached the goal.

    One that did not counts with its whole length, which flatters it.
    """
    ends = [reached(training, goal) for training in trainings]
    spent = [
        end[1] if end else training["epoch_seconds"][-1]
        for end, training in zip(ends, trainings, strict=True)
    ]
    return _tables.median(spent), all(ends)


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the one target: a third of the time, and never short of the goal."""
    lesson, wanted = record["settings"]["lesson"], goal(record)
    ours, ours_all = seconds_to_goal(record["measured"]["ours"], wanted)
    theirs, theirs_all = seconds_to_goal(record["measured"]["followed"], wanted)
    bound = "" if theirs_all else "at most "
    found = f"{bound}{ours / theirs:.2f} of it ({theirs / ours:.1f} times faster)"
    if not ours_all:
        found = "our solution did not reach the goal in every training"
    claim = f"{lesson}: {percent(wanted)} in a third of the course's time, or less"
    return [
        Target(f"third-{lesson}", claim, found, ours_all and ours / theirs <= THIRD)
    ]


def table(record: dict[str, Any]) -> str:
    """Return the table of both scripts: medians over the repeats."""
    settings, wanted = record["settings"], goal(record)
    head = (
        f"`{settings['lesson']}`, {settings['variant']} data",
        f"epochs to {percent(wanted)}",
        f"training to {percent(wanted)}",
        "whole script",
        "accuracy at the end",
        "peak memory",
    )
    rows = [(NAMES[who], *_row(record["measured"][who], wanted)) for who in SCRIPTS]
    return _tables.table(head, rows)


def _row(trainings: list[dict[str, Any]], goal: float) -> tuple[str, ...]:
    ends = [reached(training, goal) for training in trainings]
    epochs = ", ".join(str(end[0]) if end else "never" for end in ends)
    spent, everyone = seconds_to_goal(trainings, goal)
    script = _tables.median(training["script_seconds"] for training in trainings)
    accuracy = _tables.median(training["accuracy"][-1] for training in trainings)
    peaks = [training["peak_mb"] for training in trainings if training["peak_mb"]]
    return (
        epochs,
        ("" if everyone else "over ") + _tables.seconds(spent),
        _tables.seconds(script),
        percent(accuracy, 1),
        f"{max(peaks)} MB" if peaks else "",
    )


def page(record: dict[str, Any]) -> str:
    """Return table and targets as Markdown."""
    reasons = _record.reasons("time_to_goal")
    return f"{table(record)}\n\n{_tables.targets(targets(record), reasons)}"


def main() -> None:
    """Measure, write results/time_to_goal-LESSON.json, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.time_to_goal", description=__doc__
    )
    parser.add_argument("lesson", choices=LESSONS)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--data", choices=("real", "drawn"), default="drawn")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    found = measure(options.lesson, options.repeats, options.data)
    settings = {
        "lesson": options.lesson,
        "repeats": options.repeats,
        "variant": options.data,
    }
    record = _record.record("time_to_goal", before, settings, found)
    name = f"time_to_goal-{options.lesson}"
    _record.finish(record, name, page(record), dry=options.dry)


if __name__ == "__main__":
    main()
