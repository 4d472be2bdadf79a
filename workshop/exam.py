"""An exam is a grading whose learner's process is far away: bytes in, bytes out.

The attendee's machine says hello with its script and what became of it, then answers
one question after another, and what it gets for the last answer is the report. Every
reply is made here and comes in bounded time, whatever was sent. The number of a message
makes it safe to send twice. No transport is chosen: see docs/exam.md for the protocol.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workshop.evidence import wire
from workshop.examining import Hello, broken, examine, hello
from workshop.results import Report, to_json
from workshop.runner import Gone, Peer

if TYPE_CHECKING:
    from workshop.course import Lesson
    from workshop.data import Sealed

PATIENCE = 60.0
LARGEST = 64 * 2**20
AGAIN_SECONDS = 1.0
GONE_SECONDS = 15.0
"""Whoever waits and has not asked for so long has lost their place."""
LATE = "No answer came from the attendee's machine within {:.0f} seconds."
OVER = "The time of this exam is over."

_reading = threading.Lock()
"""Held while a message is read: one of 4 MiB can take forty times that for a moment."""


class Exam:
    """One exam of one lesson, by one attendee; several threads may carry its messages.

    `halves` returns the two halves of the sealed set of a variant, one of `variants`;
    `seed` decides the order in which this exam asks about them. With `sealed_only`
    other checks are not asked about, but taken from the report that comes with the
    hello. `seconds` is the time until the hello, and from there the time for the whole
    exam, `answer_seconds` that for one answer; `largest` counts the bytes of a message.
    `done` hears of the report before the attendee does, in whatever way the exam ends.
    """

    def __init__(
        self,
        lesson: Lesson,
        halves: Callable[[str], tuple[Sealed, Sealed]],
        *,
        seed: int,
        variants: Collection[str] = ("drawn",),
        sealed_only: bool = False,
        answer_seconds: float = 120.0,
        seconds: float = 900.0,
        largest: int = LARGEST,
        done: Callable[[Report], None] = lambda report: None,
    ) -> None:
        _ = lesson.module  # an assessment that cannot be run is told now, to the room
        self.lesson = lesson
        self.halves = halves
        self.seed = seed
        self.variants = variants
        self.sealed_only = sealed_only
        self.answer_seconds = answer_seconds
        self.seconds = seconds
        self.largest = largest
        self.done = done
        self.report: Report | None = None
        self._end = time.monotonic() + seconds
        self._turn = threading.Condition()
        self._number = 0
        self._open = True
        self._message = b""
        self._said: dict[str, Any] | None = None
        self._begun = False
        self._left = False

    @property
    def begun(self) -> bool:
        """Whether the hello has come."""
        return self._begun

    @property
    def forgettable(self) -> bool:
        """Whether its report has waited long enough for whoever asks for it again."""
        return time.monotonic() > self._end + self.seconds

    @property
    def over(self) -> bool:
        """Whether nothing more will happen: there is a report, or no hello in time."""
        late = not self._begun and time.monotonic() > self._end
        return late or self.report is not None

    def reply(self, message: bytes) -> bytes:
        """Return what the attendee's machine gets for a message: never an exception."""
        try:
            number, said = self._read(message)
        except wire.WireError as error:
            return refusal(f"This message cannot be read: {error}.")
        with self._turn:
            if number > self._number:
                return refusal(f"{number} is no message that is waited for.")
            if number == self._number and self._open:
                if self.over:
                    return refusal(OVER)
                try:
                    self._take(said)
                except RuntimeError:  # the system has no thread to spare
                    return wait()
            self._turn.wait_for(
                lambda: self._left or self._goes_on_from(number), PATIENCE
            )
            return self._message if self._goes_on_from(number) else wait()

    def leave(self) -> None:
        """Let nobody wait for a reply any longer: they are asked to come again."""
        with self._turn:
            self._left = True
            self._turn.notify_all()

    def _read(self, message: bytes) -> tuple[int, Any]:
        """Return the number of a message and a hello, or what was said."""
        if len(message) > self.largest:
            raise wire.WireError(f"it has more than {self.largest:,} bytes")
        with _reading:
            said = wire.decode(message)
        number = said.pop("number", None) if isinstance(said, dict) else None
        if type(number) is not int or number < 0:
            raise wire.WireError("it has no number")
        if number == 0 and said.keys() == {"hello"}:
            return number, hello(said["hello"], self.lesson, self.variants)
        answer, gone = said.get("answer"), said.get("gone")
        if number and len(said) == 1 and (type(answer) is dict or type(gone) is str):
            return number, said
        raise wire.WireError("it holds neither a hello nor an answer")

    def _take(self, said: Any) -> None:
        """Close what is open with what was said; a hello begins the exam."""
        if isinstance(said, Hello):
            self._end = time.monotonic() + self.seconds
            threading.Thread(target=self._hold, args=[said], daemon=True).start()
            self._begun = True
        else:
            self._said = said
        self._open, self._message = False, b""
        self._turn.notify_all()

    def _goes_on_from(self, number: int) -> bool:
        return bool(self._message) and (self._number > number or self.over)

    def _hold(self, said: Hello) -> None:
        """Ask until there is a report, tell it, and end."""
        far = _Far(self._ask)
        try:
            report = examine(
                said, far, self.lesson, self.halves, self.seed, self.sealed_only
            )
            message = self._final(report)
            self.done(report)
        except Exception as error:
            report = broken(said, self.lesson, error)
            message = self._final(report)
        with self._turn:
            self.report, self._open = report, False
            self._tell(message)

    def _final(self, report: Report) -> bytes:
        """Return the last message: the report without what would tell labels."""
        told = {"report": to_json(replace(report, answers=None))}
        return wire.encode({**told, "number": self._number + 1})

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Put a question and return what was said; TimeoutError names the limit."""
        left = self._end - time.monotonic()
        seconds = max(0.0, min(left, self.answer_seconds))
        question = {"question": request, "seconds": seconds, "largest": self.largest}
        message = wire.encode({**question, "number": self._number + 1})
        with self._turn:
            self._open = True
            self._tell(message)
            self._turn.wait_for(lambda: not self._open, seconds)
            self._open, self._message = False, b""
            said, self._said = self._said, None
        if said is None:
            late = left > self.answer_seconds
            raise TimeoutError(LATE.format(seconds) if late else OVER)
        return said

    def _tell(self, message: bytes) -> None:
        self._number, self._message = self._number + 1, message
        self._turn.notify_all()


class _Far(Peer):
    """Somebody who is asked by messages: `put` carries a question and what is said."""

    def __init__(self, put: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self.put = put
        self.gone = ""

    def ask(self, request: dict[str, Any]) -> Any:
        """Return the reply to a question; Gone where none comes in time."""
        if not self.gone:
            try:
                said = self.put(request)
            except TimeoutError as error:
                self.gone = str(error)
            else:
                if "answer" in said:
                    return said["answer"]
                self.gone = said["gone"][:500] or "The process of the script has ended."
        raise Gone(self.gone)


class Hall:
    """The exams that are held, by names that nobody guesses; not more than fit at once.

    While `at_once` exams go on, whoever says hello is told to come again, and their
    place: who waits longest enters first, unless they stopped asking. An exam is
    forgotten some time after its end.
    """

    def __init__(self, at_once: int = 30) -> None:
        self.at_once = at_once
        self._exams: dict[str, Exam] = {}
        self._inside: set[Exam] = set()
        self._asked: dict[Exam, float] = {}
        self._lock = threading.Lock()

    def open(self, exam: Exam) -> str:
        """Return the name under which an exam is held from now on."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            held = self._exams.items()
            self._exams = {n: one for n, one in held if not one.forgettable}
            self._exams[name] = exam
        return name

    def close(self) -> None:
        """Let nobody wait for a reply any longer."""
        for exam in list(self._exams.values()):
            exam.leave()

    def reply(self, name: str, message: bytes) -> bytes:
        """Return the reply of the exam `name`; never an exception."""
        exam = self._exams.get(name)
        if exam is None:
            return refusal("There is no such exam here.")
        place = self._place(exam)
        return wait(place) if place else exam.reply(message)

    def _place(self, exam: Exam) -> int:
        """Return an exam's place among those that wait; 0 where it may go on."""
        with self._lock:
            self._inside = {one for one in self._inside if not one.over}
            if exam in self._inside or exam.over or exam.begun:
                return 0
            now = time.monotonic()
            asked = self._asked.items()
            self._asked = {e: at for e, at in asked if now - at < GONE_SECONDS}
            self._asked[exam] = now
            place = list(self._asked).index(exam) + 1
            if place > self.at_once - len(self._inside):
                return place
            del self._asked[exam]
            self._inside.add(exam)
        return 0


def refusal(sentence: str) -> bytes:
    """Return the message that says why another one was refused; it changed nothing."""
    return wire.encode({"refused": sentence[:500]})


def wait(place: int = 0) -> bytes:
    """Return the message that asks to send the last one again in some seconds.

    `place` is the one in the queue, where there is a queue.
    """
    return wire.encode({"wait": AGAIN_SECONDS} | ({"place": place} if place else {}))
