"""A grader is as good as the wrong answers it refuses and the right ones it accepts.

Every file of `tests/wrong` and `tests/right` is judged once more on drawn data, in as
many processes as there are cores. A wrong answer is caught by the first check that it
fails; its row shows what the learner is told. It is run as if the TODOs after its own
were still blank, and trained for a short time, where it gets so far; right ones are
trained to the end.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks import _record, _tables
from benchmarks._record import ROOT, Target

JUDGE = ROOT / "tests" / "answers.py"
FAILED = "failed"
KINDS = ("wrong", "right")


def cases() -> list[Path]:
    """Return the files of all answers, wrong ones first."""
    wrong, right = (sorted((ROOT / "tests" / kind).rglob("*.toml")) for kind in KINDS)
    return [path for path in (*wrong, *right) if path.name != "shorter.toml"]


def measure(paths: list[Path]) -> dict[str, Any]:
    """Return for each kind of answer a list of: lesson, name, why, failed checks."""
    processes = os.cpu_count() or 1
    with ThreadPoolExecutor(processes) as pool:
        parts = pool.map(_judged, (paths[n::processes] for n in range(processes)))
        results = {path: found for part in parts for path, found in part.items()}
    found: dict[str, Any] = {kind: [] for kind in KINDS}
    for path in paths:
        failed = [[c, advice] for c, how, advice in results[path] if how == FAILED]
        entry = {
            "lesson": path.parent.name,
            "name": path.stem,
            "why": tomllib.loads(path.read_text(encoding="utf-8"))["why"],
            FAILED: failed,
        }
        found[path.parent.parent.name].append(entry)
    return found


def _judged(paths: list[Path]) -> dict[Path, list[list[str]]]:
    done = subprocess.run(
        [sys.executable, str(JUDGE)],
        input="".join(f"{path}\n" for path in paths),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(line["case"]): line["results"] for line in lines}


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the two targets: no false pass, no false failure."""
    wrong, right = (record["measured"][kind] for kind in KINDS)
    passes = sum(not one[FAILED] for one in wrong)
    failures = sum(bool(one[FAILED]) for one in right)
    return [
        Target(
            "passes", "no wrong answer passes", f"{passes} of {len(wrong)}", not passes
        ),
        Target(
            "failures",
            "no right answer fails",
            f"{failures} of {len(right)}",
            not failures,
        ),
    ]


def page(record: dict[str, Any]) -> str:
    """Return tables and targets as Markdown."""
    wrong, right = (record["measured"][kind] for kind in KINDS)
    rows = [[_words(one["why"]), *_caught(one)] for one in wrong]
    caught = _left(["wrong answer", "caught by", "what the learner is told"], rows)
    fine = _left(["unusual right answer"], [[_words(one["why"])] for one in right])
    judged = _tables.targets(targets(record), _record.reasons("answers"))
    return f"{caught}\n\n{fine}\n\n{judged}"


def _caught(one: dict[str, Any]) -> list[str]:
    if not one[FAILED]:
        return ["**nothing**", ""]
    check, advice = one[FAILED][0]
    return [f"`{check}`", _words(advice)]


def _words(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _left(head: list[str], rows: list[list[str]]) -> str:
    return _tables.table(head, rows).replace("---:", "---")


def main() -> None:
    """Judge all answers, write results/answers.json, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.answers", description=__doc__
    )
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    record = _record.record("answers", before, {}, measure(cases()))
    _record.finish(record, "answers", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
