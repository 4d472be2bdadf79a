"""What exams cost the room that holds them, by attendees who answer at once.

    python -m benchmarks.exams [--lesson 01_mnist] [--exams 1 100 500]

All exams stand at their sealed questions at the same time, which is the dearest moment:
the table tells memory at that moment, processor time of the whole, and bytes each way.
Every row is a process of its own. Attendees answer with zeros, so everybody fails.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import psutil  # type: ignore[import-untyped, unused-ignore]

from benchmarks import _tables
from workshop import answering, course, data, exam
from workshop.evidence import wire
from workshop.results import Report

HEAD = ("exams at once", "memory each", "processor each", "sent each", "received each")


class Crowd:
    """Attendees of one lesson, who take one step together after another."""

    def __init__(self, stem: str, count: int) -> None:
        lesson = course.load(course.bundled()).find(stem)
        self.halves = data.sealed(str(lesson.data), b"benchmark", "drawn")
        report = Report(stem, "", f"{stem}.py", "passed", variant="drawn")
        text = lesson.solution.read_text(encoding="utf-8")
        hello = answering.hello(report, text)
        self.messages = [wire.encode({"number": 0, "hello": hello})] * count
        self.rooms = [
            exam.Exam(lesson, lambda variant: self.halves, seed=i, sealed_only=True)
            for i in range(count)
        ]
        self.sent = self.received = 0

    def step(self) -> bool:
        """Send what each has to say and make the next answers; False at the end."""
        pairs = zip(self.rooms, self.messages, strict=True)
        self.messages = [self._exchange(room, message) for room, message in pairs]
        return not self.rooms[0].over

    def _exchange(self, room: exam.Exam, message: bytes) -> bytes:
        reply = room.reply(message)
        self.received += len(message)
        self.sent += len(reply)
        told = wire.decode(reply)
        if "question" not in told:
            return message
        answer = self._answer(told["question"])
        return wire.encode({"number": told["number"], "answer": answer})

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        import numpy as np

        if question["do"] == "get":
            return {"is": "function", "name": question["name"], "parameters": []}
        count = len(question.get("arguments", [[]])[0])
        return {"value": np.zeros((count, len(self.halves[0].classes)))}


def measure(stem: str, count: int) -> list[str]:
    """Return one row of the table."""
    crowd, process = Crowd(stem, count), psutil.Process()
    before, begin = process.memory_info().rss, time.process_time()
    most = before
    while crowd.step():
        most = max(most, process.memory_info().rss)
    spent = time.process_time() - begin
    figures = [(most - before) / 1e6, 1e3 * spent, crowd.sent / 1e6]
    units = zip(figures, ("MB", "ms", "MB"), strict=True)
    cells = [f"{figure / count:.1f} {unit}" for figure, unit in units]
    return [f"{count}", *cells, f"{crowd.received / count / 1e6:.1f} MB"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    assert __doc__
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--lesson", default="01_mnist", help="a lesson with pictures")
    parser.add_argument("--exams", type=int, nargs="+", default=[1, 100, 500])
    asked = parser.parse_args(arguments)
    spawn = get_context("spawn")
    with ProcessPoolExecutor(1, spawn, max_tasks_per_child=1) as pool:
        rows = [pool.submit(measure, asked.lesson, n).result() for n in asked.exams]
    print(_tables.table(HEAD, rows))


if __name__ == "__main__":
    main()
