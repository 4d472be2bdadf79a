"""Kills at random moments, and the gradebook of an undisturbed run.

A class of six with two lessons each is graded by `workshop grade --cold`, as often as
it takes. At a random moment of each run one part is killed (`kill -9`): the grader, the
server of boxes, the outer box around it, or a box. The same command is typed again
until it ends by itself, and the gradebook is compared with that of an undisturbed run:
the same people, lessons, checks and outcomes, nothing twice. It is the first test of
`tests/test_faults.py`, told how many kills. Workers of a cluster are killed by
`benchmarks.cluster`.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
from typing import Any

from benchmarks import _record, _tables
from benchmarks._record import ROOT, Target

KILLS = 100
TEST = "tests/test_faults.py::test_the_same_gradebook_after_kills_at_random_moments"
NAMES = {
    "grader": "grader",
    "zygote": "server of boxes",
    "bwrap": "outer box",
    "child": "box",
}


def measure(kills: int) -> dict[str, Any]:
    """Return `{"kills": {target: n}, "same": whether it is the same}`."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-s", TEST],
        cwd=ROOT,
        env={**os.environ, "WORKSHOP_FAULTS": str(kills)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    print(done.stdout, file=sys.stderr)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and not lines:
        sys.exit("Nothing was killed, so nothing is recorded; pytest said why.")
    found = ast.literal_eval(lines[-1]) if lines else {}
    return {"kills": found, "same": done.returncode == 0}


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the one target: the same gradebook, whatever was killed."""
    found = record["measured"]
    kills = sum(found["kills"].values())
    claim = "after every kill the gradebook of an undisturbed run"
    said = f"{kills} kills, {'the same' if found['same'] else 'another'}"
    return [Target("same", claim, said, bool(kills) and found["same"])]


def page(record: dict[str, Any]) -> str:
    """Return what was killed how often, and the target, as Markdown."""
    kills = record["measured"]["kills"]
    rows = [(name, str(kills.get(target, 0))) for target, name in NAMES.items()]
    judged = _tables.targets(targets(record), _record.reasons("faults"))
    return f"{_tables.table(('killed', 'times'), rows)}\n\n{judged}"


def main() -> None:
    """Kill, write results/faults.json, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.faults", description=__doc__
    )
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    found = measure(options.kills)
    record = _record.record("faults", before, {"kills": options.kills}, found)
    _record.finish(record, "faults", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
