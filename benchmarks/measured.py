"""docs/measured.md is derived from benchmarks/results, so no number is typed by hand.

`python -m benchmarks.measured` writes the page; with `--check` it only says whether the
page is as it would be written, and whether every missed target has a reason.
"""

from __future__ import annotations

import argparse
import sys
from types import ModuleType
from typing import Any

from benchmarks import (
    _record,
    _tables,
    answers,
    calibrate,
    cluster,
    complete,
    faults,
    feedback,
    grading,
    room,
    stories,
    time_to_goal,
)
from benchmarks._record import ROOT

PAGE = ROOT / "docs" / "measured.md"
TIMED = tuple(f"time_to_goal-{lesson}" for lesson in time_to_goal.LESSONS)
TOLD = tuple(f"stories-{story}" for story in stories.STORIES)
GRADED = tuple(f"grading-{case}" for case in grading.CASES)
SECTIONS: tuple[tuple[str, ModuleType, tuple[str, ...]], ...] = (
    ("Seconds to first feedback", feedback, ("feedback-drawn", "feedback-real")),
    ("Seconds to the goal", time_to_goal, TIMED),
    ("What the lessons claim", stories, TOLD),
    ("How goals are set", calibrate, ("calibrate-*",)),
    ("Wrong answers and right ones", answers, ("answers",)),
    ("All answers through the complete path", complete, ("complete-*",)),
    ("Seconds to grade a class", grading, GRADED),
    ("More than one worker", cluster, ("cluster",)),
    ("Kills at random moments", faults, ("faults",)),
    ("What a room bears", room, ("room",)),
)
HEAD = """\
# What was measured

Made by `python -m benchmarks.measured` from `benchmarks/results/`; do not edit. Each
table names the command that measures it again. A target that is missed is shown as
missed.
"""


def page() -> str:
    """Return the text of docs/measured.md for the results at hand."""
    return "\n".join([HEAD, *(_section(*section) for section in SECTIONS)])


def unexplained() -> list[str]:
    """Return a line for every missed target that has no reason in reasons.toml."""
    return [
        f"{record['benchmark']}: {target.name}"
        for _, module, names in SECTIONS
        for record in _records(names)
        for target in module.targets(record)
        if not target.holds and target.name not in _reasons(record)
    ]


def _section(title: str, module: ModuleType, names: tuple[str, ...]) -> str:
    """Return a heading, the module's own words on its method, and its tables."""
    parts = [f"## {title}", (module.__doc__ or "").strip()]
    records = _records(names)
    together = any("*" in name for name in names)
    for group in [records] if together and records else [[one] for one in records]:
        parts += [module.page(*group), *_origins(group)]
    if not records:
        parts.append("Not measured yet.")
    return "\n\n".join(parts) + "\n"


def _origins(records: list[dict[str, Any]]) -> list[str]:
    """Return where records come from; those of one table as a list."""
    said = [_tables.provenance(record) for record in records]
    return said if len(said) == 1 else ["\n".join(f"- {one}" for one in said)]


def _records(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the records of these names; a name may hold a `*`."""
    files = (sorted(_record.RESULTS.glob(f"{name}.json")) for name in names)
    found = [path.stem for group in files for path in group]
    return [record for name in found if (record := _record.load(name))]


def _reasons(record: dict[str, Any]) -> dict[str, str]:
    return _record.reasons(record["benchmark"])


def main() -> None:
    """Write docs/measured.md, or with --check say what is out of date."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.measured", description=__doc__
    )
    parser.add_argument("--check", action="store_true")
    if not parser.parse_args().check:
        PAGE.write_text(page(), encoding="utf-8", newline="\n")
        return
    problems = [f"A missed target without a reason: {key}." for key in unexplained()]
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page():
        problems.append("docs/measured.md is stale: run python -m benchmarks.measured.")
    sys.exit("\n".join(problems) or None)


if __name__ == "__main__":
    main()
