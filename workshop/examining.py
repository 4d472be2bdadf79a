"""What an attendee's machine says of itself is kept apart from what the room found.

Its report gives what nobody else can know: how the script ended, what it printed, which
versions ran. The text is read again, every check is judged here on its answers, and a
claim enters a report only in the form and length that a report has.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import readiness
from workshop import script as scripts
from workshop.course import Check, Lesson
from workshop.diagnosis import findings
from workshop.evidence import wire
from workshop.judge import MAX_ADVICE, Court, judge
from workshop.recorder import Recorder
from workshop.results import Report, Result, Stop, from_json, overall
from workshop.runner import Gone, Peer
from workshop.script import Script
from workshop.terminal import LIMIT

if TYPE_CHECKING:
    from workshop.data import Sealed

MAX_TEXT = 2 * 2**20
MAX_NAMES = 20
MAX_NAME = 100
MAX_EPOCHS = 5_000
UNREAD = "Waits until the script can be read."
UNTOLD = "The attendee's machine says nothing of this check."


@dataclass(frozen=True)
class Hello:
    """How an attendee's machine begins: the script (None: an open notebook), and the
    report of its own check, cut to what it may say.
    """

    script: Script | None
    report: Report


def hello(said: Any, lesson: Lesson, variants: Collection[str]) -> Hello:
    """Return a hello that fits a lesson; WireError says what does not fit."""
    if not isinstance(said, dict) or said.keys() != {"script", "report"}:
        raise wire.WireError("a hello has a script and a report")
    text = said["script"]
    if text is not None and (type(text) is not str or len(text) > MAX_TEXT):
        raise wire.WireError("a script is text of at most 2 MiB, or None")
    try:
        report = _cut(from_json(said["report"]))
    except (ValueError, TypeError) as error:
        raise wire.WireError(f"its report does not fit: {error}"[:300]) from None
    if report.lesson != lesson.stem:
        raise wire.WireError(f"it is about another lesson than {lesson.stem}")
    if lesson.data and report.variant not in variants:
        held = " or ".join(variants)
        raise wire.WireError(f"this exam is held on {held} data, not {report.variant}")
    return Hello(None if text is None else scripts.parse(text), report)


def _cut(report: Report) -> Report:
    """Return the parts of an attendee's report that are used, not too long."""
    versions = list(report.versions.items())[:MAX_NAMES]
    stop = report.stop
    if stop:
        stop = Stop(stop.kind, stop.message[:1_000], stop.line, "", stop.trace[:4_000])
    return Report(
        report.lesson,
        report.title,
        Path(report.script).name[:MAX_NAME],
        "waiting",
        tuple(replace(one, score=None) for one in report.checks[:MAX_NAME]),
        stop,
        report.variant,
        output=report.output[:LIMIT],
        training=report.training,
        versions={name[:MAX_NAME]: text[:MAX_NAME] for name, text in versions},
    )


def examine(
    said: Hello,
    peer: Peer,
    lesson: Lesson,
    halves: Callable[[str], tuple[Sealed, Sealed]],
    seed: int,
    sealed_only: bool = False,
) -> Report:
    """Return the report on what `peer` answers; `seed` decides the order of asking.

    With `sealed_only` all other checks stand as the attendee's machine reported them.
    """
    begin, recorder, variant = time.monotonic(), Recorder(), said.report.variant
    first, made = in_order(lambda: halves(variant or "drawn"), seed)
    goal = lesson.goal.get(variant or "drawn", 0.0)
    court = Court(peer.ask, goal, made, recorder, first)
    why, stop = _waiting(said, lesson, peer)
    why = readiness.while_there(why, peer)
    claims = {one.check: one for one in said.report.checks} if sealed_only else None
    results = tuple(_result(check, court, why, claims) for check in lesson.checks)
    return replace(
        said.report,
        title=lesson.title,
        outcome=overall(results, stop),
        checks=results,
        stop=stop,
        findings=findings(recorder),
        curves=_curves(recorder),
        answers=recorder.shown,
        seconds=round(time.monotonic() - begin, 2),
        place="attendee",
        created=_now(),
    )


def _curves(recorder: Recorder) -> dict[str, tuple[float, ...]]:
    """Return metrics per epoch, not more than a report can carry."""
    curves = list(recorder.metrics.items())[:MAX_NAMES]
    return {name[:MAX_NAME]: values[:MAX_EPOCHS] for name, values in curves}


def in_order(
    halves: Callable[[], tuple[Sealed, Sealed]], seed: int
) -> tuple[bool, Callable[[], tuple[Sealed, Sealed]]]:
    """Return whether the graded half comes first, and both halves in another order.

    They are cut to the same length, so that nobody can tell them by it.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    first = bool(random.integers(2))

    @cache
    def made() -> tuple[Sealed, Sealed]:
        from workshop.data.sealing import reordered

        shown, graded = halves()
        count = min(len(shown.labels), len(graded.labels))
        return reordered(shown, random, count), reordered(graded, random, count)

    return first, made


def _waiting(
    said: Hello, lesson: Lesson, peer: Peer
) -> tuple[Callable[[Check], str], Stop | None]:
    """Return why each check must wait (or ""), and why the script stopped."""
    if said.script is None:
        try:
            return readiness.waiting_in_notebook(peer), said.report.stop
        except Gone:
            return (lambda check: ""), said.report.stop
    path = Path(said.report.script)
    stop = readiness.slip(said.script, path.name)
    if stop:
        return (lambda check: UNREAD), readiness.placed(stop, said.script, path)
    stop = _at_line(said.report.stop, said.script)
    why = readiness.waiting(said.script, lesson, stop)[0]
    return why, stop and readiness.placed(stop, said.script, path)


def _at_line(stop: Stop | None, script: Script) -> Stop | None:
    """Return a stop with the line of the script that it names, if there is one."""
    if stop is None or stop.line is None:
        return stop
    lines = script.text.split("\n")
    if not 1 <= stop.line <= len(lines):
        return replace(stop, line=None)
    return replace(stop, source=lines[stop.line - 1].strip()[:500])


def _result(
    check: Check,
    court: Court,
    why: Callable[[Check], str],
    claims: dict[str, Result] | None,
) -> Result:
    waits = why(check)
    if waits or claims is None or check.sealed:
        title = check.title(court.goal)
        waiting = Result(check.name, title, "waiting", check.todo, waits)
        return waiting if waits else judge(check, court)
    untold = Result(check.name, "", "waiting", advice=UNTOLD)
    claim = claims.get(check.name, untold)
    advice = claim.advice[:MAX_ADVICE]
    return Result(
        check.name, check.title(court.goal), claim.outcome, check.todo, advice
    )


def broken(said: Hello, lesson: Lesson, error: Exception) -> Report:
    """Return the report of an exam that went wrong by the room's own fault."""
    advice = f"The exam itself went wrong. ({type(error).__name__}: {error})"[:500]
    checks = tuple(
        Result(check.name, check.name, "broken", check.todo, advice)
        for check in lesson.checks
    )
    return replace(
        said.report, outcome="broken", checks=checks, place="attendee", created=_now()
    )


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
