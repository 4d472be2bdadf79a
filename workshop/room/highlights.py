"""What an instructor should know first fits into three sentences with a number each.

Time comes first, then where most people struggled, then how long people waited; what
a session lacks leaves its place to what comes next.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from workshop.room import history, struggle, timing
from workshop.room.agenda import MINUTE
from workshop.room.history import History
from workshop.room.timing import Row

MOST = 3
WORTH = 1.5
"""Minutes that are worth a word."""


@dataclass(frozen=True)
class Highlight:
    """A short number, and a sentence that says what it is."""

    figure: str
    text: str


def of(found: History) -> list[Highlight]:
    """Return the facts of a session that matter most, at most three."""
    return [*islice(_all(found), MOST)]


def _all(found: History) -> Iterator[Highlight]:
    if rows := timing.rows(found):
        yield _time(found, rows)
    hurdles = struggle.hurdles(found)
    if hurdles:
        yield _hurdle(found, hurdles[0])
    if waits := [hand.waited / MINUTE for hand in history.hands(found)]:
        yield _waits(waits)
    if rounds := history.rounds(found):
        hardest = min(rounds, key=lambda one: one.right)
        text = f"were right at the quiz's hardest question, of {hardest.lesson}."
        yield Highlight(f"{hardest.right:.0%}".replace("%", " %"), text)
    people = len(found.session.people)
    reached = sum(bool(one.reached) for one in found.session.people.values())
    if reached:
        text = "reached a lesson's goal on data that nobody had seen."
        yield Highlight(f"{reached} of {people}", text)
    yield Highlight(str(people), "person came." if people == 1 else "people came.")


def _time(found: History, rows: list[Row]) -> Highlight:
    """Say how the session stands against its plan, and what made most of it."""
    behind = timing.behind(found)
    if abs(behind) < WORTH:
        figure, text = "0 min", "as planned"
    else:
        figure = f"{behind:+.0f} min".replace("-", "−")
        text = f"{minutes(abs(behind))} {'late' if behind > 0 else 'early'}"
    ended = found.session.agenda.state == "ended"
    verb = "It ended" if ended else "It is" if found.running else "When left, it was"
    *first, last = ["", *_reasons(found, rows)]
    before = ", ".join(filter(None, first))
    reasons = f"{before} and {last}" if before else last
    return Highlight(figure, f"{verb} {text}. {_begun(reasons)}".strip())


def _begun(reasons: str) -> str:
    """Return reasons as a sentence; a title at its beginning stays as it is."""
    return f"{reasons[0].upper()}{reasons[1:]}." if reasons else ""


def _reasons(found: History, rows: list[Row]) -> Iterator[str]:
    late, paused = timing.late(found), timing.paused(rows)
    if late >= WORTH:
        yield f"it began {minutes(late)} late"
    longest = max(rows, key=lambda row: row.over)
    if longest.over >= WORTH:
        yield f"“{longest.part.title}” took {minutes(longest.over)} longer"
    if paused >= WORTH:
        yield f"the clock was paused for {minutes(paused)}"
    for row in rows:
        if row.place == "skipped":
            yield f"“{row.part.title}” was left out"


def _hurdle(found: History, one: struggle.Hurdle) -> Highlight:
    title = struggle.title(found.session, one.lesson, one.check)
    then = "all of them passed it later" if one.passed == one.failed else ""
    then = then or f"{one.passed or 'none'} of them passed it later"
    text = f"failed “{title}” ({one.lesson}) at least once; {then}."
    return Highlight(f"{one.failed} of {one.judged}", text)


def _waits(waits: list[float]) -> Highlight:
    if len(waits) == 1:
        return Highlight(short(waits[0]), "passed until the one raised hand was down.")
    longest, count = short(max(waits)), len(waits)
    text = f"was the median wait of {count} raised hands; {longest} the longest."
    return Highlight(short(statistics.median(waits)), text)


def minutes(value: float) -> str:
    """Return minutes in words: "1 minute", "12 minutes"."""
    count = round(value)
    return f"{count} minute{'' if count == 1 else 's'}"


def short(value: float) -> str:
    """Return minutes as a figure: "under 1 min", "12 min"."""
    return "under 1 min" if value < 1 else f"{value:.0f} min"
