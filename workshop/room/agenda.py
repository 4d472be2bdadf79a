"""The room's clock is arithmetic on what the instructor did: nothing ticks or drifts.

An entry of the agenda was on in spans of time; pauses are spans as well. How long it
took, when the rest will come and how far behind the plan that is follow from these and
from one moment, which is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from workshop.plan import Entry, Plan

MINUTE = 60.0
State = Literal["before", "running", "paused", "ended"]
Place = Literal["past", "now", "coming", "skipped"]
Span = tuple[float, float | None]


@dataclass
class Part:
    """An entry of the agenda: `minutes` as planned now, `planned` as at first."""

    title: str
    lesson: str | None
    planned: float
    teaching: float
    minutes: float
    spans: list[Span] = field(default_factory=list)


@dataclass(frozen=True)
class Clock:
    """What the clock shows at one moment; times are seconds since 1970, `left` seconds.

    `behind` counts minutes: the expected end of the session against the planned one.
    """

    now: float
    state: State
    entry: int | None = None
    ends: float | None = None
    left: float = 0.0
    behind: float = 0.0
    finish: float | None = None


class Agenda:
    """The parts of a session and what became of them so far.

    `begins` is when it should begin, if anybody said so; until `start` there are no
    parts but those of the plan that is proposed.
    """

    def __init__(self, parts: list[Part], begins: float | None = None) -> None:
        self.parts = parts
        self.begins = begins
        self.started: float | None = None
        self.ended: float | None = None
        self.pauses: list[Span] = []
        self.current: int | None = None

    @property
    def state(self) -> State:
        if self.ended is not None:
            return "ended"
        if self.started is None:
            return "before"
        return "paused" if self.pauses and self.pauses[-1][1] is None else "running"

    @property
    def lessons(self) -> list[str]:
        """The lessons of the agenda, each once, in their order."""
        return list(dict.fromkeys(part.lesson for part in self.parts if part.lesson))

    def start(self, at: float) -> None:
        self.started = at
        self.go(0, at)

    def go(self, index: int, at: float) -> None:
        """End what is on, and begin the entry of this index."""
        self._close(at)
        self.current = index
        self.parts[index].spans.append((at, None))

    def following(self) -> int | None:
        """Return the next entry that is still to come, or None at the end."""
        begin = 0 if self.current is None else self.current + 1
        coming = (i for i in range(begin, len(self.parts)) if self._is_coming(i))
        return next(coming, None)

    def pause(self, at: float) -> None:
        if self.state == "running":
            self.pauses.append((at, None))

    def resume(self, at: float) -> None:
        if self.state == "paused":
            self.pauses[-1] = (self.pauses[-1][0], at)

    def end(self, at: float) -> None:
        self._close(at)
        self.resume(at)
        self.current, self.ended = None, at

    def _close(self, at: float) -> None:
        if self.current is not None:
            spans = self.parts[self.current].spans
            spans[-1] = (spans[-1][0], at)

    def worked(self, begin: float, end: float) -> float:
        """Return the seconds between two moments that were no pause."""
        pauses = (
            (max(a, begin), min(end if b is None else b, end)) for a, b in self.pauses
        )
        return max(0.0, end - begin - sum(max(0.0, b - a) for a, b in pauses))

    def took(self, index: int, now: float) -> float:
        """Return the seconds for which an entry has been on, without pauses."""
        spans = self.parts[index].spans
        return sum(self.worked(a, now if b is None else b) for a, b in spans)

    def begun(self, lesson: str) -> float | None:
        """Return when a lesson was on first, or None."""
        spans = [
            part.spans[0][0]
            for part in self.parts
            if part.lesson == lesson and part.spans
        ]
        return min(spans, default=None)

    def place(self, index: int) -> Place:
        """Return where an entry stands: what was passed over is skipped."""
        if index == self.current:
            return "now"
        if self.parts[index].spans:
            return "past"
        return "coming" if self._is_coming(index) else "skipped"

    def _is_coming(self, index: int) -> bool:
        part = self.parts[index]
        passed = self.current is not None and index < self.current
        over = self.ended is not None or passed
        return not (part.spans or over) and part.minutes > 0

    def clock(self, now: float) -> Clock:
        """Return what the clock shows at a moment."""
        state, index = self.state, self.current
        if state == "ended":
            return Clock(now, state, behind=self._behind(self.ended), finish=self.ended)
        if index is None:
            finish = self._begin(now) + self._minutes_ahead() * MINUTE
            return Clock(now, state, behind=self._behind(finish), finish=finish)
        left = self.parts[index].minutes * MINUTE - self.took(index, now)
        finish = now + max(left, 0.0) + self._minutes_ahead() * MINUTE
        ends = now + left if state == "running" else None
        return Clock(now, state, index, ends, left, self._behind(finish), finish)

    def times(self, now: float) -> Iterator[tuple[float | None, float | None]]:
        """Yield when each entry began or will begin, and ended or will end."""
        clock = self.clock(now)
        ahead = self._begin(now) if self.current is None else now + max(clock.left, 0.0)
        for index, part in enumerate(self.parts):
            place = self.place(index)
            if place == "coming":
                yield ahead, ahead + part.minutes * MINUTE
                ahead += part.minutes * MINUTE
            elif place == "now":
                yield part.spans[0][0], now + max(clock.left, 0.0)
            else:
                yield (
                    (part.spans[0][0], part.spans[-1][1])
                    if part.spans
                    else (None, None)
                )

    def _begin(self, now: float) -> float:
        """Return when a session that has not started will begin."""
        return max(now, self.begins or now)

    def _minutes_ahead(self) -> float:
        coming = range(len(self.parts))
        return sum(self.parts[i].minutes for i in coming if self.place(i) == "coming")

    def _behind(self, finish: float | None) -> float:
        """Return by how many minutes a session ends later than was planned."""
        begin = self.begins or self.started
        if begin is None or finish is None:
            return 0.0
        planned = begin + sum(part.planned for part in self.parts) * MINUTE
        return (finish - planned) / MINUTE


def parts(plan: Plan, measured: dict[str, float] | None = None) -> list[Part]:
    """Return the parts of a plan; measured minutes of lessons take its place."""
    return [
        _part(entry, (measured or {}).get(entry.lesson or "")) for entry in plan.entries
    ]


def _part(entry: Entry, measured: float | None) -> Part:
    minutes = measured or entry.minutes
    return Part(entry.title, entry.lesson, minutes, entry.teaching, minutes)
