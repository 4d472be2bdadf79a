"""What a session was fits on one page that needs nothing else and shames nobody.

It is a function of facts: first what matters most, then time, work, help, quiz and
grades as counts, and at the end what to plan next time. Names stand in one table only,
which can be left out.
"""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Mapping, Sequence
from importlib import metadata

from workshop.report import words
from workshop.report.figures import quote
from workshop.report.frame import (
    document,
    facts,
    header,
    person_name,
    prose,
    section,
)
from workshop.report.overview import table
from workshop.room import chapters, charts, highlights, history, struggle, timing
from workshop.room.agenda import MINUTE
from workshop.room.attendance import moment
from workshop.room.charts import Axis, clock
from workshop.room.highlights import minutes
from workshop.room.history import History
from workshop.room.timing import Row

Took = Mapping[str, Sequence[float]]
"""The minutes that each lesson took, of every session that was learned."""
LEGEND = (
    ("plan", "planned"),
    ("took", "as it was"),
    ("over", "longer than planned"),
    ("paused", "clock paused"),
)


def page(found: History, took: Took, *, names: bool = True) -> str:
    """Return the HTML document of a session; `names` also tells who was there."""
    rows = timing.rows(found)
    course = quote(words.one_line(found.session.course.title))
    parts = [
        charts.PATTERNS,
        header(course, _about(found)),
        _highlights(found),
        section("Planned and actual", _timetable(found, rows)),
        section("Minutes until solved", chapters.solving(found)),
        section("Where people struggled", chapters.hurdles(found)),
        section("What they read most often", chapters.advice(found)),
        section("Raised hands", chapters.hands(found)),
        section("Quiz", chapters.quiz(found)),
        section("Goals on unseen data", chapters.graded(found)),
        section("Who was there, and when", _presence(found)),
        section("For the next plan", _next(found, rows, took)),
        section("Names", _names(found)) if names else "",
        facts(_foot(found)),
    ]
    body = "\n".join(filter(None, parts))
    return document(f"{course}: the session", body, "class.css", "room.css")


def _about(found: History) -> str:
    session, first = found.session, found.began or found.facts[0].at
    day, people = datetime.datetime.fromtimestamp(first), len(session.people)
    plan = timing.plan_of(session)
    until = "until now" if found.running else f"to {clock(found.until)}"
    told = (
        f"{day:%A}, {day.day} {day:%B %Y}",
        f"{clock(found.began)} {until}" if found.began else "has not begun",
        f"{people} {'person' if people == 1 else 'people'}",
        plan.title if plan and found.began else "",
    )
    return quote(" · ".join(filter(None, told)))


def _highlights(found: History) -> str:
    rows = "\n".join(
        f"<li><strong>{quote(one.figure)}</strong> <span>{prose(one.text)}</span></li>"
        for one in highlights.of(found)
    )
    return f'<ul class="highlights">\n{rows}\n</ul>'


def _timetable(found: History, rows: list[Row]) -> str:
    """Return the agenda as it was planned and as it was, on one axis of time."""
    if not rows:
        return ""
    plan_end = rows[-1].begins + rows[-1].planned * MINUTE
    begin = min(rows[0].begins, found.began or rows[0].begins)
    axis = Axis(begin, max(plan_end, found.until if rows else plan_end))
    body = "\n".join(_entry(row, axis) for row in rows)
    marks = "".join(
        f'<span><svg class="mark" aria-hidden="true"><rect class="{kind}" width="100%" '
        f'height="100%"/></svg>{text}</span>'
        for kind, text in LEGEND
    )
    return f"""<p class="legend">{marks}</p>
<table class="sheet timetable"><thead><tr><th scope="col">entry</th>
<td>{charts.times(axis)}</td><th scope="col">began</th><th scope="col">planned</th>
<th scope="col">took</th><th scope="col">±</th></tr></thead>
<tbody>
{body}
</tbody>
<tfoot>
{_sums(found, rows)}
</tfoot></table>"""


def _entry(row: Row, axis: Axis) -> str:
    began = clock(row.part.spans[0][0]) if row.part.spans else "–"
    took = {"skipped": "left out", "coming": "to come"}.get(row.place)
    over = {"now": "so far", "coming": "–"}.get(row.place, _signed(row.over))
    lesson = f'<span class="soft">{quote(row.part.lesson or "")}</span>'
    return (
        f'<tr><th scope="row">{quote(words.one_line(row.part.title))}{lesson}</th>'
        f'<td class="bars">{charts.entry(row, axis)}</td><td>{began}</td>'
        f"<td>{row.planned:g}</td><td>{took or f'{row.took:.0f}'}</td>"
        f"<td>{over}</td></tr>"
    )


def _sums(found: History, rows: list[Row]) -> str:
    """Return what the entries' differences and the rest add up to."""
    begun = found.began or found.until
    lines = [
        ("Begun late", "", "", _signed(timing.late(found))),
        ("Clock paused", "", "", _signed(timing.paused(rows))),
        (
            "The whole session",
            f"{sum(row.planned for row in rows):g}",
            f"{(found.until - begun) / MINUTE:.0f}",
            _signed(timing.behind(found)),
        ),
    ]
    return "\n".join(
        f'<tr><th scope="row">{name}</th><td class="bars"></td><td></td>'
        f"<td>{planned}</td><td>{took}</td><td>{over}</td></tr>"
        for name, planned, took, over in lines
        if planned or over != "0"
    )


def _signed(value: float) -> str:
    """Return minutes with their sign: "+12", "−3", "0"."""
    rounded = round(value)
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"


def _presence(found: History) -> str:
    counts = history.presence(found)
    if not counts:
        return ""
    joined = sorted(person.joined for person in found.session.people.values())
    most = max(count for _, count in counts)
    said = f"{_joined(joined, found)} At most {most} were there at once."
    axis = Axis(counts[0][0], counts[-1][0])
    return f"<p>{said}</p>\n{charts.presence(counts, axis)}"


def _joined(joined: list[float], found: History) -> str:
    """Say when people came, against the session's begin."""
    if found.began is None:
        return f"{len(joined)} joined."
    before = sum(at <= found.began for at in joined)
    last = (joined[-1] - found.began) / MINUTE
    text = f"{before} of {len(joined)} had joined when the session began"
    return f"{text}, the last {minutes(last)} later." if last >= 1 else f"{text}."


def _next(found: History, rows: list[Row], took: Took) -> str:
    """Return what lessons took beside the syllabus, and a plan to paste."""
    now, session = timing.lessons(found), found.session
    lines = []
    solved = {one.lesson: one.median for one in struggle.solving(found)}
    for lesson in session.course.lessons:
        known = took.get(lesson.stem, ())
        if not known and lesson.stem not in now:
            continue
        lines.append(
            (
                f'{quote(lesson.title)}<span class="soft">{quote(lesson.stem)}</span>',
                f"{sum(lesson.minutes.values()):g}",
                _minutes(now.get(lesson.stem)),
                f"{_minutes(statistics.median(known) if known else None)}"
                f'<span class="soft">{_sessions(len(known))}</span>',
                _minutes(solved.get(lesson.stem)),
            )
        )
    if not lines:
        return ""
    medians = {stem: statistics.median(found) for stem, found in took.items()}
    heads = ("lesson", "syllabus", "this time", "all sessions", "solved after")
    return f"""<p>Minutes; “all sessions” and “solved after” are medians. The kit
proposes what was measured by itself when you start the next session in this folder.</p>
<div class="wide">{table(heads, lines)}</div>
<details><summary>A plan to paste</summary>
<p>For <code>course.toml</code>; the plan alone is also a file for
<code>workshop room --agenda</code>.</p>
<pre>{quote(timing.table(found, medians))}</pre></details>"""


def _minutes(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _sessions(count: int) -> str:
    return f"{count} session{'' if count == 1 else 's'}"


def _names(found: History) -> str:
    people = sorted(found.session.people.values(), key=lambda one: one.name.casefold())
    day = moment(found.began or found.facts[0].at)[:10]
    rows = [
        (person_name(one.name), *(_on(day, at) for at in (one.joined, one.seen)))
        for one in people
    ]
    return table(("name", "joined", "last seen"), rows)


def _on(day: str, at: float) -> str:
    """Return a moment of a day as its time, another one with its date."""
    text = moment(at)
    return text.removeprefix(f"{day} ")


def _foot(found: History) -> dict[str, str]:
    return {
        "Room": found.session.room,
        "Times": "by the clock of the machine that wrote this page",
        "Last entry": moment(found.facts[-1].at),
        "Kit": metadata.version("keras-workshop"),
    }
