"""Whoever answers an exam shows their own values, and runs nothing that a room sends.

The attendee's machine checks the script as always, keeps its process, and lends it to
the room for as long as questions come. It passes on questions that checks ask and no
others. A message that found no answer is sent again: its number makes that safe.
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

QUESTIONS = {"get", "predict", "call", "map", "take", "file", "cells"}
TRIES = 6
FIRST_PAUSE = 0.5
LONGEST_WAIT = 900.0
FRAME = 1_000
"""More bytes than a message has beside an array."""


class Refused(Exception):
    """The room does not go on with this exam; the message is a sentence."""


def sit(
    lesson: Lesson, path: Path, send: Send, options: Options | None = None
) -> Report:
    """Check a script here, answer the room's exam with it, and return its report.

    Raises Refused, OSError where the room cannot be reached, and
    `script.Unreadable` where there is no script to send.
    """
    text = scripts.read(path).text
    with Grader(lesson, replace(options or Options(), keep=True)) as grader:
        report = grader.check(path)
        ask = grader.runner.ask if grader.runner else _nobody
        return answer(send, ask, hello(report, text))


def hello(report: Report, text: str | None) -> dict[str, Any]:
    """Return how to begin: a script (None: an open notebook), and its own report."""
    return {"script": text, "report": to_json(replace(report, answers=None))}


def answer(send: Send, ask: Ask, greeting: dict[str, Any]) -> Report:
    """Answer an exam's questions through `ask` until its report comes."""
    begin = time.monotonic()
    message: dict[str, Any] = {"number": 0, "hello": greeting}
    while True:
        told = _exchange(send, wire.encode(message))
        if "report" in told:
            return from_json(told["report"])
        if "question" in told:
            message = {"number": told["number"], **_said(ask, told)}
        elif "wait" in told and time.monotonic() - begin < LONGEST_WAIT:
            time.sleep(min(float(told["wait"]), 60.0))
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
        raise Refused("What came back is no message of an exam.")
    return told


def _said(ask: Ask, told: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a question, in a size that the room takes."""
    question = told["question"]
    if not isinstance(question, dict) or question.get("do") not in QUESTIONS:
        raise Refused("The room asked for something that no check asks for.")
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
