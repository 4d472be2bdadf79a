"""Seconds to first feedback, against two notebook graders, on one machine in one run.

Four answers to the same lesson are checked: the untouched exercise, a forgotten colon,
a wrong answer that shows only after training, and the solution. `workshop check` gets
them as scripts, `nbgrader validate` and `otter run` as notebooks of the same cells with
asserts to the same effect (`benchmarks/peer_checks/`); the solution is also run as
plain Python. Cases take turns, so that a machine that slows down slows all. Every run
starts in a fresh folder, so nothing kept from an earlier run can answer; each tool has
one warm-up, not counted. The verdict of every run is compared with the expected one
before its time counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import _clock, _lesson, _peers, _record, _tables
from benchmarks._clock import Timing
from benchmarks._lesson import CASES, LESSON
from benchmarks._record import ROOT, Target
from benchmarks._tables import seconds

TIMES_FASTER = 20
EXTRA_SECONDS = 5
FIRST_LINE = {
    "blank": r"TODO 1\b",
    "syntax": r"\bline \d+",
    "wrong": r"TODO \d+\b",
    "pass": r"TODO \d+\b",
}
TITLES = {
    "blank": "untouched exercise",
    "syntax": "syntax error",
    "wrong": "wrong answer",
    "pass": "full pass",
}
TOOLS = {
    "workshop": "`workshop check`",
    "nbgrader": "`nbgrader validate`",
    "otter": "`otter run`",
    "plain": "plain `python`",
}


class Unexpected(Exception):
    """A tool judged otherwise than its case demands, so its time means nothing."""


@dataclass(frozen=True)
class Stage:
    """Where the runs take place: a started course folder and otter's tests."""

    scratch: Path
    course: Path
    zipped: Path
    tests: list[_peers.Test]
    answers: dict[str, str]


def measure(runs: int, scratch: Path) -> dict[str, Any]:
    """Return `{tool: {case: {"first": [s, …], "total": [s, …]}}}`."""
    stage = prepare(scratch)
    for tool, case in (("workshop", "pass"), ("nbgrader", "blank"), ("otter", "blank")):
        _once(stage, tool, case, "warm-up")
    found: dict[str, Any] = {}
    for number in range(runs):
        for tool, case in _plan():
            timing = _once(stage, tool, case, str(number))
            cell = found.setdefault(tool, {}).setdefault(
                case, {"first": [], "total": []}
            )
            first = timing.total if timing.first is None else timing.first
            cell["first"].append(round(first, 3))
            cell["total"].append(round(timing.total, 3))
    return found


def prepare(scratch: Path) -> Stage:
    """Start a course folder and make what the peers need."""
    _peers.environment()
    course = scratch / "course"
    subprocess.run(
        [sys.executable, "-m", "workshop", "start", str(course)],
        cwd=scratch,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    tests = _peers.read_tests(ROOT / "benchmarks" / "peer_checks" / f"{LESSON}.py")
    zipped = _peers.autograder(scratch / "otter", tests, scratch)
    answers = _lesson.answers(_lesson.solution())
    return Stage(scratch, course, zipped, tests, answers)


def _plan() -> Iterator[tuple[str, str]]:
    for case in CASES:
        for tool in ("workshop", "nbgrader", "otter"):
            yield tool, case
    yield "plain", "pass"


def _once(stage: Stage, tool: str, case: str, run: str) -> Timing:
    """Run one tool on one case and make sure that it judged as it should."""
    folder = stage.scratch / f"{tool}-{case}-{run}"
    timing, passed = RUNNERS[tool](stage, case, folder)
    shutil.rmtree(folder)
    print(f"{tool} {case} {run}: {timing.total:.2f} s", file=sys.stderr)
    if passed != (case == "pass"):
        raise Unexpected(f"{tool} on {case}: passed={passed}\n{timing.output[-4000:]}")
    return timing


def _workshop(stage: Stage, case: str, folder: Path) -> tuple[Timing, bool]:
    shutil.copytree(stage.course, folder)
    (folder / f"{LESSON}.py").write_text(
        stage.answers[case], encoding="utf-8", newline="\n"
    )
    command = [sys.executable, "-m", "workshop", "--plain", "check", LESSON]
    timing = _clock.run(
        command,
        folder=folder,
        variables={"MPLBACKEND": "Agg"},
        awaited=FIRST_LINE[case],
    )
    if timing.code not in (0, 1):
        raise Unexpected(f"status {timing.code} on {case}\n{timing.output[-4000:]}")
    return timing, timing.code == 0


def _plain(stage: Stage, case: str, folder: Path) -> tuple[Timing, bool]:
    folder.mkdir()
    script = folder / f"{LESSON}.py"
    script.write_text(stage.answers[case], encoding="utf-8", newline="\n")
    figures = {"WORKSHOP_FIGURES": str(folder), "MPLBACKEND": "Agg"}
    variables = {**figures, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, script.name]
    timing = _clock.run(command, folder=folder, variables=variables, awaited=r"\Z.")
    return timing, timing.code == 0


def _nbgrader(stage: Stage, case: str, folder: Path) -> tuple[Timing, bool]:
    book = _peers.notebook(_lesson.code_cells(stage.answers[case]), stage.tests)
    path = _peers.write_notebook(folder / f"{LESSON}.ipynb", book)
    timing = _clock.run(
        _peers.nbgrader(path),
        folder=folder,
        variables=_peers.variables(stage.scratch),
        awaited="Success!|VALIDATION",
    )
    return timing, _peers.nbgrader_passed(timing.output)


def _otter(stage: Stage, case: str, folder: Path) -> tuple[Timing, bool]:
    book = _peers.notebook(_lesson.code_cells(stage.answers[case]))
    path = _peers.write_notebook(folder / f"{LESSON}.ipynb", book)
    timing = _clock.run(
        _peers.otter(path, stage.zipped, folder),
        folder=folder,
        variables=_peers.variables(stage.scratch),
        awaited="Total Score",
    )
    return timing, _peers.otter_passed(folder)


RUNNERS: dict[str, Callable[[Stage, str, Path], tuple[Timing, bool]]] = {
    "workshop": _workshop,
    "nbgrader": _nbgrader,
    "otter": _otter,
    "plain": _plain,
}


def middle(record: dict[str, Any], tool: str, case: str, until: str) -> float:
    """Return the median seconds of a tool on a case, `until` is "first" or "total"."""
    return _tables.median(record["measured"][tool][case][until])


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the verdicts: 20 times faster where nothing need run, 5 s more at most."""
    found = []
    for case in ("blank", "syntax"):
        for peer in ("nbgrader", "otter"):
            ratio = _ratio(record, peer, case)
            claim = f"{TITLES[case]}: at least {TIMES_FASTER} times faster than {peer}"
            holds = ratio >= TIMES_FASTER
            found.append(Target(f"{case}-{peer}", claim, f"{ratio:.0f} times", holds))
    extra = middle(record, "workshop", "pass", "total") - middle(
        record, "plain", "pass", "total"
    )
    claim = f"full check: at most {EXTRA_SECONDS} s more than plain `python`"
    return [*found, Target("pass", claim, f"{extra:+.1f} s", extra <= EXTRA_SECONDS)]


def _times(ratio: float) -> str:
    return f"{ratio:.1f}×" if ratio < 10 else f"{ratio:.0f}×"


def _ratio(record: dict[str, Any], peer: str, case: str) -> float:
    """Return how many times longer a peer takes to its first answer than we do."""
    ours = middle(record, "workshop", case, "first")
    return middle(record, peer, case, "first") / ours


def table(record: dict[str, Any]) -> str:
    """Return the median seconds to the first answer, to the end, and the ratios."""
    head = ("", *(TITLES[case] for case in CASES))
    rows = [(TOOLS[tool], *_row(record, tool, "first")) for tool in list(TOOLS)[:3]]
    rows += [
        (f"{TOOLS[peer]} ÷ ours", *(_times(_ratio(record, peer, c)) for c in CASES))
        for peer in ("nbgrader", "otter")
    ]
    ends = [(TOOLS[tool], *_row(record, tool, "total")) for tool in TOOLS]
    settings = record["settings"]
    return (
        f"Medians of {settings['runs']} runs on {settings['variant']} digits.\n\n"
        f"Until the first line of the answer:\n\n{_tables.table(head, rows)}\n\n"
        f"Until the command has ended:\n\n{_tables.table(head, ends)}"
    )


def _row(record: dict[str, Any], tool: str, until: str) -> list[str]:
    cases = record["measured"][tool]
    return [
        seconds(middle(record, tool, case, until)) if case in cases else "–"
        for case in CASES
    ]


def page(record: dict[str, Any]) -> str:
    """Return tables and targets as Markdown."""
    reasons = _record.reasons("feedback")
    return f"{table(record)}\n\n{_tables.targets(targets(record), reasons)}"


def main() -> None:
    """Measure, write results/feedback-VARIANT.json, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.feedback", description=__doc__
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--data", choices=("real", "drawn"), default="drawn")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    os.environ["WORKSHOP_DATA"] = options.data
    before = _record.machine()
    with tempfile.TemporaryDirectory() as scratch:
        found = measure(options.runs, Path(scratch).resolve())
    settings = {"runs": options.runs, "variant": options.data}
    record = _record.record("feedback", before, settings, found, **_peers.versions())
    _record.finish(record, f"feedback-{options.data}", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
