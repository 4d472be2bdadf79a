"""A room learns what holds and what does not, and never what somebody wrote.

Outcomes and advice go; the script, its output and its lines stay. Advice may quote an
error of the learner's own code. Such a message can carry the lines that led to it
(TensorFlow writes them into it), so they are taken out here.
"""

from __future__ import annotations

import math
import re
from typing import Any

from workshop.report import words
from workshop.results import Report

LONGEST = 300
_FRAME = re.compile(r'(\s*)File "')
_ANNOUNCED = re.compile(r"in user code:|[\w ]+\(most recent call last\):")


def report_of(report: Report) -> dict[str, Any]:
    """Return what a room is told of a report; `id` and `age` come when it is sent."""
    told = (one for one in report.checks if one.outcome in ("failed", "broken"))
    advice = {one.check: shortened(one.advice) for one in told}
    return {
        "lesson": report.lesson,
        "outcome": report.outcome,
        "checks": [[one.check, one.outcome] for one in report.checks],
        "advice": {check: text for check, text in advice.items() if text},
        "stop": report.stop.kind if report.stop else "",
        "seconds": report.seconds if math.isfinite(report.seconds) else 0.0,
    }


def shortened(advice: str) -> str:
    """Return advice as one line of at most 300 characters, without lines of code."""
    text = words.one_line(without_code(words.gist(advice)))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def without_code(message: str) -> str:
    """Return an error's message without the frames of the way to it.

    Where they do not stand in lines of their own, the message ends before them.
    """
    kept: list[str] = []
    depth: int | None = None
    for line in _ANNOUNCED.sub("", message).split("\n"):
        indent = len(line) - len(line.lstrip())
        if frame := _FRAME.match(line):
            depth = len(frame[1])
        elif depth is not None and line.strip() and indent > depth:
            continue
        else:
            depth = depth if not line.strip() else None
            kept.append(line)
    return "\n".join(kept).partition('File "')[0]
