"""Work, help and grades of a session are told as counts, with a picture beside them.

What nobody did has no chapter. Dots in a row stand for people or hands, and belong to
nobody; what a single person read is not shown.
"""

from __future__ import annotations

import statistics
from collections import Counter
from itertools import groupby

from workshop.report import words
from workshop.report.figures import quote
from workshop.report.frame import bar, prose
from workshop.report.overview import table
from workshop.room import charts, history, struggle
from workshop.room.agenda import MINUTE
from workshop.room.highlights import short
from workshop.room.history import Hand, History, Round
from workshop.room.live import Session
from workshop.room.struggle import Solving

MOST = 8
"""Rows of the tables of checks and of advice."""


def solving(found: History) -> str:
    """Return how many solved each lesson, and after how many minutes."""
    made = struggle.solving(found)
    most = max((m for one in made for m in (one.planned, *one.minutes)), default=1.0)
    rows = [
        (
            _lesson(found.session, one.lesson),
            charts.dots(one.minutes, most, one.planned),
            _solved(one),
            "–" if one.median is None else f"{one.median:.0f}",
            f"{one.planned:g}",
        )
        for one in made
    ]
    heads = ("lesson", charts.scale(most), "solved", "median", "plan")
    note = (
        "Each dot is somebody who solved the lesson, by the minutes from its beginning "
        "or their coming, without pauses. The line is the median, the dashes the plan."
    )
    return _noted(note, table(heads, rows), "strips")


def _solved(one: Solving) -> str:
    solved = len(one.minutes)
    return bar(solved / one.begun, f"{solved} of {one.begun}") if one.begun else "–"


def hurdles(found: History) -> str:
    """Return the checks that most people failed, with the tries until they passed."""
    rows = [
        (
            f"{prose(struggle.title(found.session, one.lesson, one.check))}"
            f'<span class="soft">{quote(one.lesson)}</span>',
            bar(one.failed / one.judged, f"{one.failed} of {one.judged}"),
            "–" if one.tries is None else f"{one.tries:g}",
            f"{one.failed - one.passed or '–'}",
        )
        for one in struggle.hurdles(found)[:MOST]
    ]
    heads = ("check", "failed it at least once", "tries until passed", "never passed")
    note = "Tries are the median of those who failed first and passed later."
    return _noted(note, table(heads, rows))


def advice(found: History) -> str:
    """Return the advice that several people read when a check failed."""
    rows = [
        (
            f'{prose(one.text)}<span class="soft">{quote(one.lesson)}, '
            f"{prose(struggle.title(found.session, one.lesson, one.check))}</span>",
            str(one.people),
        )
        for one in struggle.advice(found)[:MOST]
        if one.people > 1
    ]
    note = "# stands for a number that differs."
    return _noted(note, table(("advice", "people"), rows))


def hands(found: History) -> str:
    """Return how many hands were raised in each lesson, and how long they were up."""
    raised = sorted(history.hands(found), key=lambda hand: hand.lesson)
    most = max((hand.waited / MINUTE for hand in raised), default=1.0) or 1.0
    order = {one.stem: n for n, one in enumerate(found.session.course.lessons, 1)}
    groups = [
        (stem, [*group]) for stem, group in groupby(raised, lambda hand: hand.lesson)
    ]
    rows = [
        _raised(found.session, stem, group, most)
        for stem, group in sorted(groups, key=lambda one: order.get(one[0], 0))
    ]
    heads = ("while this was on", charts.scale(most), "hands", "median", "longest")
    note = (
        "Each dot is a hand, by the minutes until the instructor or its owner took it "
        "down. The line is the median."
    )
    return _noted(note, table(heads, rows), "strips")


def _raised(
    session: Session, stem: str, raised: list[Hand], most: float
) -> tuple[str, ...]:
    waits = [hand.waited / MINUTE for hand in raised]
    return (
        _lesson(session, stem) if stem else "no lesson",
        charts.dots(waits, most),
        str(len(waits)),
        short(statistics.median(waits)),
        short(max(waits)),
    )


def quiz(found: History) -> str:
    """Return each question with how many chose what, each time it was asked."""
    rounds = sorted(history.rounds(found), key=lambda one: (one.lesson, one.number))
    groups = groupby(rounds, lambda one: (one.lesson, one.number))
    made = [_question([*group]) for _, group in groups]
    return f'<div class="questions">\n{"".join(made)}</div>' if made else ""


def _question(rounds: list[Round]) -> str:
    asked = rounds[0].question
    rows = "\n".join(
        _choice(number, text, rounds) for number, text in enumerate(asked.choices)
    )
    right = ", then ".join(
        f"{one.right:.0%}".replace("%", " %") + f" of {one.votes}" for one in rounds
    )
    return f"""<article><p class="soft">{quote(rounds[0].lesson)}</p>
<h3>{prose(asked.question)}</h3>
<p>{right} right</p>
<ol type="A">
{rows}
</ol>
<p class="soft">{prose(asked.because)}</p></article>
"""


def _choice(number: int, text: str, rounds: list[Round]) -> str:
    is_right = number == rounds[0].question.answer
    sign = '<span class="symbol passed" aria-hidden="true">✓</span>' if is_right else ""
    told = ' <span class="soft-inline">(right)</span>' if is_right else ""
    bars = "".join(
        f"<div>{bar(one.counts[number] / one.votes, str(one.counts[number]))}</div>"
        for one in rounds
    )
    kind = ' class="right"' if is_right else ""
    return f"<li{kind}><span>{sign}{prose(text)}{told}</span>{bars}</li>"


def graded(found: History) -> str:
    """Return how many reached each lesson's goal on data that they had not seen."""
    rows = []
    for lesson in found.session.course.lessons:
        standings = [
            standing
            for person in found.session.people.values()
            if (standing := person.lessons.get(lesson.stem)) and standing.graded
        ]
        grades = [one.graded for one in standings if one.graded]
        if not grades:
            continue
        passed = sum(grade.outcome == "passed" for grade in grades)
        scores = [score for grade in grades if (score := _number(grade.score))]
        places = Counter(grade.place for grade in grades)
        rows.append(
            (
                _lesson(found.session, lesson.stem),
                bar(passed / len(grades), f"{passed} of {len(grades)}"),
                f"{statistics.median(scores):.0f} %" if scores else "–",
                str(sum(one.exams for one in standings) or "–"),
                str(places["box"] or "–"),
            )
        )
    heads = ("lesson", "reached, of graded", "median score", "attempts", "in a box")
    note = (
        "What the room itself found: by answers from the attendee's machine, or in a "
        "box, which counts more."
    )
    return _noted(note, table(heads, rows), "wide")


def _number(score: str) -> float | None:
    """Return the number of a score such as "97 %", or None."""
    text = score.removesuffix("%").strip()
    return float(text) if text.isdecimal() else None


def _lesson(session: Session, stem: str) -> str:
    lesson = session.lesson(stem)
    title = words.one_line(lesson.title) if lesson else stem
    return f'{quote(title)}<span class="soft">{quote(stem)}</span>'


def _noted(note: str, made: str, kind: str = "") -> str:
    if not made:
        return ""
    told = f'<p class="note">{quote(note)}</p>\n'
    return f'{told}<div class="{kind}">{made}</div>' if kind else f"{told}{made}"
