"""What a session was is counted from its facts when somebody asks, and kept nowhere.

The fold of `live` keeps what pages show at the moment; every hand, every vote and every
failed check of the day are still in the facts. Whoever was removed counts nowhere. A
session that nobody ended was over when nothing more happened in it.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from workshop.course import Course, Question
from workshop.room.agenda import MINUTE
from workshop.room.journal import Fact
from workshop.room.live import Session
from workshop.room.room import SEEN_SECONDS

QUIET_SECONDS = 900.0
"""After so long without a fact a session that was not ended is over."""
AWAY_SECONDS = 1_200.0
"""Between two signs of somebody that are no further apart they were there."""
SIGNS = {
    *("joined", "device", "seen", "reported", "hand", "done", "voted", "nickname"),
    *("examined", "handed_in"),
}
LATER = {"made", "renewed", "graded"}
"""What may be told before or long after a session."""
SAMPLES = 160


@dataclass(frozen=True)
class History:
    """A session's facts, and the session that they make; `until` is when it was over.

    `running` says that it goes on, and that `until` is the moment of asking.
    """

    session: Session
    facts: tuple[Fact, ...]
    until: float
    running: bool

    @property
    def began(self) -> float | None:
        return self.session.agenda.started


@dataclass(frozen=True)
class Hand:
    """A raised hand: `waited` seconds; `lesson` is what was on, "" for none.

    `helped` says that the instructor took it down; None that it stayed up.
    """

    at: float
    waited: float
    lesson: str
    helped: bool | None


@dataclass(frozen=True)
class Round:
    """One time that a question was asked: how many chose each choice."""

    at: float
    lesson: str
    number: int
    question: Question
    counts: tuple[int, ...]

    @property
    def votes(self) -> int:
        return sum(self.counts)

    @property
    def right(self) -> float:
        """The share of right answers, 0 to 1."""
        return self.counts[self.question.answer] / self.votes if self.votes else 0.0


def of(facts: Iterable[Fact], course: Course, now: float) -> History:
    """Return the history that facts tell at a moment, which is now or later."""
    known, session = tuple(facts), Session(course)
    for fact in known:
        session.apply(fact)
    kept = tuple(fact for fact in known if _whose(fact) not in session.removed)
    ended = session.agenda.ended
    last = max((fact.at for fact in kept if fact.kind not in LATER), default=now)
    running = ended is None and now - last < QUIET_SECONDS
    return History(session, kept, now if running else ended or last, running)


def _whose(fact: Fact) -> int | None:
    return fact.id if fact.kind == "joined" else fact.person


def hands(history: History) -> list[Hand]:
    """Return every hand that was raised, in their order."""
    up: dict[int, float] = {}
    made = []
    for fact in history.facts:
        person = fact.person or 0
        if fact.kind == "hand" and fact.body["up"]:
            up.setdefault(person, fact.at)
        elif fact.kind in ("hand", "helped") and person in up:
            made.append(_hand(history, up.pop(person), fact.at, fact.kind == "helped"))
    made += [_hand(history, at, history.until, None) for at in up.values()]
    return sorted(made, key=lambda hand: hand.at)


def _hand(history: History, at: float, end: float, helped: bool | None) -> Hand:
    return Hand(at, max(0.0, end - at), lesson_at(history.session, at), helped)


def lesson_at(session: Session, at: float) -> str:
    """Return the lesson that was on at a moment, or an empty text."""
    for part in session.agenda.parts:
        for begin, end in part.spans:
            if begin <= at and (end is None or at < end):
                return part.lesson or ""
    return ""


def rounds(history: History) -> list[Round]:
    """Return every question that was asked and answered by anybody, in their order."""
    asked: dict[str, Fact] = {}
    votes: dict[str, dict[int, int]] = defaultdict(dict)
    open_one = ""
    for fact in history.facts:
        if fact.kind == "asked":
            open_one = str(fact.id)
            asked[open_one] = fact
        elif fact.kind in ("answered", "cleared"):
            open_one = ""
        elif fact.kind == "voted" and fact.body["question"] == open_one:
            votes[open_one][fact.person or 0] = fact.body["choice"]
    made = [_round(history, asked[key], found) for key, found in votes.items()]
    return sorted(filter(None, made), key=lambda one: one.at)


def _round(history: History, asked: Fact, votes: dict[int, int]) -> Round | None:
    """Return how a question was answered; None where the course has it no more."""
    stem, number = asked.body["lesson"], asked.body["number"]
    lesson = history.session.lesson(stem)
    if lesson is None or number >= len(lesson.quiz):
        return None
    question, found = lesson.quiz[number], Counter(votes.values())
    counts = tuple(found[i] for i in range(len(question.choices)))
    return Round(asked.at, stem, number, question, counts)


def presence(history: History) -> list[tuple[float, int]]:
    """Return how many people were there, at moments evenly spread over the session."""
    spans = list(_spans(history))
    if not spans:
        return []
    begin, end = min(a for a, _ in spans), max(b for _, b in spans)
    step = (end - begin) / SAMPLES
    moments = [begin + step * (i + 0.5) for i in range(SAMPLES)]
    return [(at, sum(a <= at < b for a, b in spans)) for at in moments]


def _spans(history: History) -> Iterable[tuple[float, float]]:
    """Yield from when to when anybody was there."""
    signs: dict[int, list[float]] = defaultdict(list)
    for fact in history.facts:
        if fact.kind in SIGNS:
            signs[_whose(fact) or 0].append(fact.at)
    for moments in map(sorted, signs.values()):
        begin = moments[0]
        for one, following in itertools.pairwise(moments):
            if following - one > AWAY_SECONDS:
                yield begin, one + SEEN_SECONDS
                begin = following
        last = moments[-1]
        yield begin, max(last + MINUTE, min(last + SEEN_SECONDS, history.until))
