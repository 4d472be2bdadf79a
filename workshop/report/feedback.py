"""Everybody gets one page of their own work, and nothing of anybody else's.

It holds every lesson as `workshop check` would have shown it, with the points, and
opens anywhere. What a grader notes for the instructor is not on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workshop.gradebook import Grade
from workshop.report import html, words
from workshop.report.figures import quote
from workshop.report.frame import (
    bar,
    document,
    facts,
    header,
    moment,
    person_name,
    shortened,
    symbol,
)
from workshop.report.standings import UNVERIFIED, Person, Topic

_HEADING = re.compile(r"(</?h)([2-5])(?=>)")


def page(
    person: Person, topics: Sequence[Topic], title: str, why: Mapping[str, str]
) -> str:
    """Return the HTML document for one person.

    `topics` are the lessons of the class, `title` is the course's, and `why` maps a
    lesson to Markdown for those who passed it.
    """
    known = {topic.lesson: topic.title for topic in topics}
    articles = [
        _lesson(number, known[lesson], grade, why.get(lesson, ""))
        for number, (lesson, grade) in enumerate(person.grades.items(), start=1)
    ]
    newest = max(person.grades.values(), key=lambda grade: grade.created)
    rows = {"Newest grade": moment(newest.created), "Kit": newest.grader}
    parts = [_header(person, title), _summary(person, topics), *articles]
    body = "\n".join([*parts, facts(rows)])
    return document(
        quote(f"{shortened(person.name)}: {words.one_line(title)}"), body, "class.css"
    )


def _header(person: Person, title: str) -> str:
    count = len(person.grades)
    lessons = f"{count} {'lesson' if count == 1 else 'lessons'}"
    points = f"{person.earned:g} of {person.possible:g} points"
    about = f"{quote(words.one_line(title))} · {lessons} · {points}"
    return header(person_name(person.name), about)


def _summary(person: Person, topics: Sequence[Topic]) -> str:
    places = {lesson: n for n, lesson in enumerate(person.grades, start=1)}
    rows = []
    for topic in topics:
        grade = person.grades.get(topic.lesson)
        if grade is None:
            name, cells = quote(topic.title), '<td colspan="2">not handed in</td>'
        else:
            name = f'<a href="#lesson-{places[topic.lesson]}">{quote(topic.title)}</a>'
            cells = _cells(grade)
        rows.append(f'<tr><th scope="row">{name}</th>{cells}</tr>')
    made = "\n".join(rows)
    return f"""<section>
<h2>All lessons</h2>
<table class="sheet">
<thead><tr><th scope="col">lesson</th><th scope="col">outcome</th>
<th scope="col">points</th></tr></thead>
<tbody>
{made}
</tbody>
</table>
</section>"""


def _cells(grade: Grade) -> str:
    outcome = grade.report.outcome
    mark = " *" if not grade.verified else ""
    points = bar(grade.share, f"{grade.earned:g} of {grade.possible:g}")
    return (
        f'<td><span class="outcome {outcome}">{symbol(outcome)}{outcome}{mark}</span>'
        f"</td><td>{points}</td>"
    )


def _lesson(number: int, title: str, grade: Grade, why: str) -> str:
    report = grade.report
    about = [f"<code>{quote(words.one_line(grade.name))}</code>"]
    about.append(f"{grade.earned:g} of {grade.possible:g} points")
    about += [quote(moment(grade.created))] if grade.created else []
    note = "" if grade.verified else f'<p class="note">* {UNVERIFIED}</p>\n'
    found = lowered(html.found(report, why, marks=_marks(grade)))
    return f"""<article class="lesson" id="lesson-{number}">
<h2>{quote(title)}</h2>
<p class="about">{" · ".join(about)}</p>
{note}{found}
</article>"""


def _marks(grade: Grade) -> dict[str, str]:
    """Return what is said of points, where not every check is worth one."""
    if all(worth == 1 for worth in grade.worth.values()):
        return {}
    return {
        name: f"Points: {grade.points.get(name, 0):g} of {worth:g}"
        for name, worth in grade.worth.items()
    }


def lowered(markup: str) -> str:
    """Return markup of ours with every heading one level lower.

    Texts of learners are quoted, so whatever looks like a heading is one.
    """
    return _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + 1}", markup)
