"""The grader owns the goal: it asks, it scores, and it never holds a learner's object.

Feedback comes in stages, cheapest first: what the text alone shows (blanks, syntax,
undefined names), then the cells before the first blank, then the checks, each as soon
as its own cell has run. Nothing of TensorFlow is imported here.
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import readiness, versions
from workshop import script as scripts
from workshop.course import Check, Lesson
from workshop.diagnosis import findings
from workshop.recorder import Recorder
from workshop.results import (
    Epoch,
    Event,
    Line,
    Report,
    Result,
    Stage,
    Stop,
    overall,
    training,
)
from workshop.script import NO_END, Script

if TYPE_CHECKING:
    from concurrent.futures import Future

    from workshop.data import Sealed
    from workshop.runner import Peer, Runner

ALLOWANCE = 10
LEAST_SECONDS = 60.0
LEAST_MEMORY_MB = 6_000


@dataclass
class Options:
    """How to check: all that is not the lesson and not the script.

    `secret` decides the sealed set, `figures` is the folder for plots, `quick`
    rehearses on a few rows and one epoch, `inherit` gives the script this process's
    terminal, `keep` leaves its process alive for the next check (as `watch` does).
    `start` starts a child (in a box, for other people's work), `halves` gives the two
    halves of the sealed set of a variant in place of those of `secret`, `choice` is the
    variant and the reason for it where that is decided already. `kept` is the folder of
    kept trainings; with `retrain` they are made anew.
    """

    secret: bytes = b"practice"
    figures: Path | None = None
    quick: bool = False
    inherit: bool = False
    keep: bool = False
    tell: Callable[[Event], None] = lambda event: None
    start: Callable[..., Any] | None = None
    halves: Callable[[str], tuple[Sealed, Sealed]] | None = None
    choice: tuple[str | None, str] | None = None
    kept: Path | None = None
    retrain: bool = False


@dataclass
class Grader:
    """Checks one lesson, once or again and again; close it, or use it in `with`."""

    lesson: Lesson
    options: Options = field(default_factory=Options)
    runner: Runner | None = None

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the learner's process and everything it started."""
        if self.runner:
            self.runner.close()
            self.runner = None

    def interrupt(self) -> None:
        """End a check that runs in another thread: it reports that the script died."""
        if runner := self.runner:
            runner.sandbox.cut()

    def check(self, path: Path) -> Report:
        """Return the report on the script or notebook at `path`."""
        begin = time.monotonic()
        self.options.tell(Stage("Looking for blanks and slips of the pen"))
        report, script, until = self._read(path)
        if script is None or until <= readiness.first_line(script, self.lesson):
            return _finish(report, begin)
        try:
            report = self._run(report, script, path, until)
        finally:
            if not self.options.keep:
                self.close()
        return _finish(report, begin)

    def live(self, peer: Peer, variant: str | None = None) -> Report:
        """Return the report on the variables of an open notebook behind `peer`."""
        begin = time.monotonic()
        report = self._start(Path("notebook"), variant or self._variant()[0])
        report = replace(report, versions=versions.found())
        waiting = readiness.waiting_in_notebook(peer)
        recorder = Recorder()
        report = self._judge(report, peer, recorder, waiting)
        return _finish(report, begin)

    def _start(self, path: Path, variant: str | None = None) -> Report:
        lesson = self.lesson
        return Report(lesson.stem, lesson.title, path.name, "waiting", variant=variant)

    def _read(self, path: Path) -> tuple[Report, Script | None, int]:
        """Return what the text alone tells, and the line up to which it can run."""
        report = self._start(path)
        try:
            script = scripts.read(path)
        except scripts.Unreadable as error:
            stop = Stop("unreadable", error.sentence, error.line)
            return self._stopped(report, stop), None, 0
        if slip := readiness.slip(script, path.name):
            return self._stopped(report, readiness.placed(slip, script, path)), None, 0
        waiting, until = readiness.waiting(script, self.lesson)
        results = tuple(self._wait(check, waiting) for check in self.lesson.checks)
        return replace(report, checks=results), script, until

    def _run(self, report: Report, script: Script, path: Path, until: int) -> Report:
        """Run the script up to line `until`, then judge what is ready."""
        from concurrent.futures import ThreadPoolExecutor

        variant, reason = self._variant()
        report = replace(report, variant=variant, versions=versions.found())
        runner = self._runner(script, path.parent, variant, reason)
        again = " again" if runner.done else ""
        part = "your script" if until >= NO_END else "the cells before the first blank"
        self.options.tell(Stage(f"Running {part}{again}"))
        with ThreadPoolExecutor(1) as pool:
            due = readiness.meets_unseen(self.lesson, report.checks)
            halves = pool.submit(self._halves, variant) if due else None
            stop = runner.run(script, path, until, self.options.quick)
            recorder = Recorder()
            waiting = readiness.waiting(script, self.lesson, stop)[0]
            report = self._judge(report, runner, recorder, waiting, halves)
        if stop:
            report = replace(report, stop=readiness.placed(stop, script, path))
        if not self.options.keep:
            self.close()
        return replace(
            report,
            output=runner.output,
            limit_seconds=round(runner.seconds, 1),
            training=training(runner.fits),
        )

    def _judge(
        self,
        report: Report,
        peer: Peer,
        recorder: Recorder,
        waiting: Callable[[Check], str],
        halves: Future[tuple[Sealed, Sealed]] | None = None,
    ) -> Report:
        from workshop.judge import Court, judge

        self.options.tell(Stage("Checking what it does"))
        _ = self.lesson.module  # an assessment that cannot be run is nobody's failure
        variant = report.variant or "drawn"
        goal = self.lesson.goal.get(variant, 0.0)
        made = halves.result if halves else lambda: self._halves(variant)
        waiting = readiness.while_there(waiting, peer)
        court = Court(peer.ask, goal, made, recorder)
        results = []
        for check in self.lesson.checks:
            result = self._wait(check, waiting, goal)
            if not result.advice:
                result = self._rehearse(judge(check, court))
            self.options.tell(result)
            results.append(result)
        return replace(
            report,
            checks=tuple(results),
            findings=() if self.options.quick else findings(recorder, peer.ask),
            curves=recorder.metrics,
            answers=recorder.shown,
        )

    def _rehearse(self, result: Result) -> Result:
        rehearsed = self.options.quick and result.outcome == "passed"
        return replace(result, outcome="rehearsed") if rehearsed else result

    def _wait(
        self, check: Check, waiting: Callable[[Check], str], goal: float | None = None
    ) -> Result:
        """Return a waiting result; its advice is empty where nothing is waited for."""
        why = waiting(check)
        if not why and self.options.quick and check.sealed:
            why = "A rehearsal does not look at unseen data. Run a whole check."
        if goal is None:
            goals = self.lesson.goal
            asked = os.environ.get("WORKSHOP_DATA", "")
            goal = goals.get(asked, max(goals.values(), default=0))
        return Result(check.name, check.title(goal), "waiting", check.todo, why)

    def _stopped(self, report: Report, stop: Stop) -> Report:
        def waiting(check: Check) -> str:
            return "Waits until the script can be read."

        results = tuple(self._wait(check, waiting) for check in self.lesson.checks)
        return replace(report, stop=stop, checks=results)

    def _variant(self) -> tuple[str | None, str]:
        if self.options.choice:
            return self.options.choice
        if self.lesson.data is None:
            return None, ""
        from workshop import data

        choice = data.choose(self.lesson.data)
        return choice.variant, choice.reason

    def _halves(self, variant: str | None) -> tuple[Sealed, Sealed]:
        from workshop import data

        if self.options.halves:
            return self.options.halves(variant or "drawn")
        name = self.lesson.data or "nothing"
        return data.sealed(name, self.options.secret, variant or "drawn")

    def _runner(
        self, script: Script, folder: Path, variant: str | None, reason: str
    ) -> Runner:
        """Return the process of the last check where it can go on, else a new one."""
        if self.runner and self.runner.continues(script):
            return self.runner
        self.close()
        from workshop import pace
        from workshop.runner import Runner
        from workshop.sandbox import Sandbox

        usual = self.lesson.seconds.get(variant or "drawn", 0.0)
        tell = self.options.tell
        self.runner = Runner(
            folder=folder.resolve(),
            environment=self._environment(variant, reason),
            memory_mb=memory_mb(self.lesson),
            seconds=max(LEAST_SECONDS, usual * ALLOWANCE) * pace.scale(),
            inherit=self.options.inherit,
            on_line=lambda line: tell(Line(line)),
            on_epoch=lambda epoch: tell(Epoch(epoch)),
            start=self.options.start or Sandbox,
        )
        return self.runner

    def _environment(self, variant: str | None, reason: str) -> dict[str, str]:
        options = self.options
        made = {
            "LESSON": self.lesson.stem,
            "DATASET": self.lesson.data,
            "DATA": variant,
            "REASON": reason,
            "FIGURES": options.figures and str(options.figures.resolve()),
            "QUICK": "1" if options.quick else "",
            "KEPT": options.kept and str(options.kept.resolve()),
            "RETRAIN": "1" if options.retrain else "",
        }
        return {f"WORKSHOP_{name}": value for name, value in made.items() if value}


def memory_mb(lesson: Lesson) -> int:
    """Return the MB that a script of this lesson may take."""
    return int(max(LEAST_MEMORY_MB, 3 * lesson.memory_mb))


def check(lesson: Lesson, path: Path, options: Options | None = None) -> Report:
    """Return the report on one script, checked once."""
    with Grader(lesson, options or Options()) as grader:
        return grader.check(path)


def _finish(report: Report, begin: float) -> Report:
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return replace(
        report,
        outcome=overall(report.checks, report.stop),
        seconds=round(time.monotonic() - begin, 2),
        created=now,
    )
