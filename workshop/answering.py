"""Whoever answers an exam shows their own values, and runs nothing that a room sends.

The attendee's machine checks the script as always, keeps its process, and lends it to
the room for as long as questions come. It passes on questions that this lesson's checks
ask and no others: about their variables, and about files that these variables name. A
message that found no answer is sent again: its number makes that safe.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workshop import script as scripts
from workshop.evidence import wire
from workshop.evidence.describe import SHOWN_ROWS
from workshop.grader import Grader, Options
from workshop.results import Report, from_json, to_json
from workshop.runner import Gone

if TYPE_CHECKING:
    from workshop.course import Lesson

Send = Callable[[bytes], bytes]
"""Carries a message to the room and returns its reply; OSError where it did not."""
Ask = Callable[[dict[str, Any]], Any]
Waiting = Callable[[int], None]
"""Hears the place in the queue, from 1, each time that the room asks for patience."""

QUESTIONS = {"get", "predict", "call", "map", "take", "file", "cells"}
TRIES = 6
FIRST_PAUSE = 0.5
LONGEST_WAIT = 900.0
LONGEST_PAUSE = 60.0
FRAME = 1_000
"""More bytes than a message has beside an array."""
UNASKED = "The room asked for something that no check asks for."
UNKNOWN = "What came back is no message of an exam."
NEEDED = {"question": ("number", "largest"), "wait": ("wait",)}
"""Numbers that come with a message of a kind."""


class Refused(Exception):
    """The room does not go on with this exam; the message is a sentence."""


def sit(
    lesson: Lesson,
    path: Path,
    send: Send,
    options: Options | None = None,
    waiting: Waiting = lambda place: None,
) -> Report:
    """Check a script here, answer the room's exam with it, and return its report.

    Raises Refused, OSError where the room cannot be reached, and
    `script.Unreadable` where there is no script to send.
    """
    text = scripts.read(path).text
    with Grader(lesson, replace(options or Options(), keep=True)) as grader:
        report = grader.check(path)
        ask = checked_only(grader.runner.ask, lesson) if grader.runner else _nobody
        return answer(send, ask, hello(report, text), waiting)


def hello(report: Report, text: str | None) -> dict[str, Any]:
    """Return how to begin: a script (None: an open notebook), and its own report."""
    return {"script": text, "report": to_json(replace(report, answers=None))}


def checked_only(ask: Ask, lesson: Lesson) -> Ask:
    """Return `ask` for what a lesson's checks look at; Refused for anything else."""
    names = {name for check in lesson.checks for name in check.variables}
    files: set[str] = set()

    def asked(question: dict[str, Any]) -> Any:
        runs_file = question["do"] == "file"
        about = question.get("path" if runs_file else "name")
        if type(about) is not str or about not in (files if runs_file else names):
            raise Refused(UNASKED)
        reply = ask(question)
        if question["do"] == "get" and reply.get("is") == "file":
            files.add(reply["path"])
        return reply

    return asked


def answer(
    send: Send,
    ask: Ask,
    greeting: dict[str, Any],
    waiting: Waiting = lambda place: None,
) -> Report:
    """Answer an exam's questions through `ask` until its report comes."""
    begin = time.monotonic()
    message: dict[str, Any] = {"number": 0, "hello": greeting}
    while True:
        told = _exchange(send, wire.encode(message))
        if "report" in told:
            return _report(told["report"])
        if "question" in told:
            message = {"number": told["number"], **_said(ask, told)}
        elif "wait" in told and time.monotonic() - begin < LONGEST_WAIT:
            if type(place := told.get("place")) is int:
                waiting(place)
            time.sleep(min(max(0.0, told["wait"]), LONGEST_PAUSE))
        else:
            raise Refused(str(told.get("refused", "The room does not answer.")))


def _exchange(send: Send, message: bytes) -> dict[str, Any]:
    """Send a message until it is replied to; the last OSError where it never is."""
    for attempt in range(TRIES):
        try:
            told = wire.decode(send(message))
            break
        except OSError:
            if attempt == TRIES - 1:
                raise
            time.sleep(FIRST_PAUSE * 2**attempt)
        except wire.WireError as error:
            raise Refused(f"What came back is no message of an exam: {error}") from None
    if not isinstance(told, dict):
        raise Refused(UNKNOWN)
    needed = [name for kind in NEEDED if kind in told for name in NEEDED[kind]]
    if any(type(told.get(name)) not in (int, float) for name in needed):
        raise Refused(UNKNOWN)
    return told


def _report(told: Any) -> Report:
    try:
        return from_json(told)
    except (ValueError, TypeError) as error:
        raise Refused(f"What came back is no report: {error}"[:300]) from None


def _said(ask: Ask, told: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a question, in a size that the room takes."""
    question = told["question"]
    if not isinstance(question, dict) or question.get("do") not in QUESTIONS:
        raise Refused(UNASKED)
    try:
        reply = ask(question)
        fits = len(wire.encode(reply)) <= told["largest"] - FRAME
    except (Gone, wire.WireError) as error:
        return {"gone": str(error)}
    return {"answer": reply if fits else _smaller(reply, told["largest"])}


def _smaller(reply: Any, largest: int) -> dict[str, Any]:
    """Return a reply that is too large as an array's first rows, or as an error."""
    found = reply.get("value")
    if reply.get("is") == "array" and found.dtype.kind in "biuf":
        fit = (largest - FRAME) * len(found) // found.nbytes
        return {
            "is": "large",
            "shape": list(found.shape),
            "range": [found.min().item(), found.max().item()],
            "rows": found[: min(SHOWN_ROWS, fit)],
        }
    said = "this is too large to be sent to the room"
    return {"error": {"type": "", "message": said, "line": None}}


def _nobody(question: dict[str, Any]) -> Any:
    raise Gone("The script did not run.")
