"""Seconds to grade a class, against two notebook graders, on one machine in one run.

Three lessons: a trivial one, one that imports TensorFlow and trains a tiny network, and
lesson 1 of the course. The class hands in right solutions, each with a comment of its
own. A command is timed as an instructor types it, from its start to its end, and
divided by the number of submissions: `workshop grade` with the start of its boxes, the
attempts to break out of one, and its gradebook; `nbgrader autograde` once for the
class; `otter run` once for each person. `workshop grade` runs as many boxes at a time
as there are cores; the others grade one after another, which is what these commands do.
Only the row “kept” uses trainings that attendees bring along; everywhere else all is
trained afresh.

“Once warm” is the time between the first result and the last of the largest class,
divided by the submissions between: what one more costs. (nbgrader names each as it
begins; of otter it is the end of each command.) Memory is the peak of all processes of
a command, shared pages counted once, in a run of its own that is the warm-up of each
tool. The verdict on every submission must be full marks before a time counts.

A machine's speed may change while this runs, so what is compared is timed twice, before
the others and after them, and the mean of the two counts. The slower of the others is
left out with the largest class: it is not what ours is compared with. Each lesson is a
record of its own; all three take about an hour on two cores.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import _class, _graders, _peers, _record, _tables
from benchmarks._class import SMALL, Work
from benchmarks._clock import Timing
from benchmarks._footprint import Footprint
from benchmarks._graders import Stage, Unexpected
from benchmarks._record import ROOT, Target
from benchmarks._tables import seconds

CASES = {
    "trivial": Work("01_trivial", SMALL),
    "tiny": Work("02_tiny", SMALL),
    "01_mnist": Work("01_mnist", ROOT),
}
TITLES = {
    "trivial": "trivial lesson",
    "tiny": "tiny training",
    "01_mnist": "lesson 1",
}
KEPT = ("01_mnist",)
TOOLS = {
    "workshop": "`workshop grade`",
    "kept": "`workshop grade`, kept",
    "nbgrader": "`nbgrader autograde`",
    "otter": "`otter run`",
}
PEERS = ("nbgrader", "otter")
TIMES_FASTER = {
    "trivial": ("workshop", 20),
    "tiny": ("workshop", 8),
    "01_mnist": ("kept", 10),
}
"""By case: which of our rows is compared, and how many times faster it shall be."""
AWAITED = {
    "workshop": r"person-\d+",
    "nbgrader": r"INFO\] Autograding ",
    "otter": r"\A",
}
WARM_UP = 2


def measure(case: str, counts: list[int], scratch: Path) -> dict[str, Any]:
    """Return `{tool: {"seconds": {count: s}, "warm": s, "peak_mb": MB}}`.

    Seconds are of a whole class; “warm” is missing where the largest has one person.
    """
    _peers.environment()
    stage = Stage(CASES[case], scratch)
    found = {tool: _peak(stage, tool) for tool in tools(case)}
    for count in counts:
        left_out = _slower(found) if count == counts[-1] else ""
        timings: dict[str, list[Timing]] = {}
        for tool in (*tools(case), TIMES_FASTER[case][0]):
            if tool != left_out:
                timings.setdefault(tool, []).append(_once(stage, tool, count))
        for tool, made in timings.items():
            total = fmean(timing.total for timing in made)
            found[tool]["seconds"][str(count)] = round(total, 3)
            if count > 1:
                warm = fmean(_between(timing.moments) for timing in made)
                found[tool]["warm"] = round(warm, 4)
    return found


def _slower(found: dict[str, Any]) -> str:
    """Return the peer that was slower with the class before; "" before any."""
    timed = {peer: list(found[peer]["seconds"].values()) for peer in PEERS}
    if not all(timed.values()):
        return ""
    return max(PEERS, key=lambda peer: timed[peer][-1])


def tools(case: str) -> list[str]:
    """Return the tools that a case is measured with."""
    return [tool for tool in TOOLS if tool != "kept" or case in KEPT]


def _peak(stage: Stage, tool: str) -> dict[str, Any]:
    with Footprint() as footprint:
        _once(stage, tool, WARM_UP, footprint.watch)
    return {"seconds": {}, "peak_mb": round(footprint.peak_mb)}


def _between(moments: tuple[float, ...]) -> float:
    return (moments[-1] - moments[0]) / (len(moments) - 1)


def _once(
    stage: Stage,
    tool: str,
    count: int,
    started: Callable[[int], None] = lambda pid: None,
) -> Timing:
    """Grade a class with one tool, and make sure that everybody has full marks."""
    folder = stage.scratch / f"{tool}-{count}"
    timing, scores = _graders.RUNNERS[tool](stage, folder, count, started)
    shutil.rmtree(folder)
    print(f"{stage.work.stem} {tool} {count}: {timing.total:.2f} s", file=sys.stderr)
    missed = [p for p in _class.people(count) if not _graders.full(scores.get(p))]
    if missed:
        raise Unexpected(f"{tool}: no full marks for {missed}\n{timing.output[-4000:]}")
    return timing


def each(record: dict[str, Any], case: str, tool: str, count: int) -> float:
    """Return the seconds per submission of a whole command for a class of `count`."""
    return float(record["measured"][case][tool]["seconds"][str(count)]) / count


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the verdicts at the largest class, against the faster of the two peers.

    Each once for whole commands, and once for what one more submission costs.
    """
    found = []
    largest = max(record["settings"]["counts"])
    for case, cells in record["measured"].items():
        tool, times = TIMES_FASTER[case]
        cells = {t: one for t, one in cells.items() if str(largest) in one["seconds"]}
        costs = {one: each(record, case, one, largest) for one in cells}
        title = f"{TITLES[case]}, {largest} submissions"
        found.append(_target(case, f"{title}: the whole command", tool, times, costs))
        if largest > 1:
            costs = {one: cell["warm"] for one, cell in cells.items()}
            name = f"{case}-warm"
            found.append(_target(name, f"{title}: once warm", tool, times, costs))
    return found


def _target(
    name: str, title: str, tool: str, times: int, costs: dict[str, float]
) -> Target:
    peer = min(PEERS, key=lambda one: costs.get(one, math.inf))
    ratio = costs[peer] / costs[tool]
    how = " with kept training" if tool == "kept" else ""
    claim = f"{title}{how}, at least {times} times faster than {peer}"
    return Target(name, claim, f"{ratio:.1f} times", ratio >= times)


def table(record: dict[str, Any], case: str) -> str:
    """Return seconds per submission by size of class, once warm, and peak memory."""
    counts = record["settings"]["counts"]
    head = ("seconds per submission", *map(str, counts), "once warm", "peak memory")
    rows = []
    for tool, cell in record["measured"][case].items():
        costs = [
            seconds(each(record, case, tool, count))
            if str(count) in cell["seconds"]
            else "–"
            for count in counts
        ]
        warm = seconds(cell["warm"]) if "warm" in cell else "–"
        rows.append((TOOLS[tool], *costs, warm, f"{cell['peak_mb']:,} MB"))
    return f"{TITLES[case].capitalize()}:\n\n{_tables.table(head, rows)}"


def page(record: dict[str, Any]) -> str:
    """Return tables and targets as Markdown."""
    tables = [table(record, case) for case in record["measured"]]
    judged = _tables.targets(targets(record), _record.reasons("grading"))
    return "\n\n".join([*tables, judged])


def main() -> None:
    """Measure, write a results/grading-CASE.json for each lesson, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.grading", description=__doc__
    )
    parser.add_argument("--counts", default="1,5,30", help="sizes of the class")
    parser.add_argument("--cases", default=",".join(CASES), help="which lessons")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    counts = sorted({int(count) for count in options.counts.split(",")})
    os.environ["WORKSHOP_DATA"] = "drawn"
    for case in options.cases.split(","):
        before = _record.machine()
        with tempfile.TemporaryDirectory() as scratch:
            found = {case: measure(case, counts, Path(scratch).resolve())}
        record = _record.record(
            "grading", before, {"counts": counts}, found, **_peers.versions()
        )
        _record.finish(record, f"grading-{case}", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
