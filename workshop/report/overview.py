"""The instructor's page says where a class stands, and what to teach again.

First what needs a person: open and unverified grades. Then how the points are spread,
which lessons and checks were hard, what people were told most often, and everybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from workshop.course import Course
from workshop.gradebook import Grade
from workshop.report import standings, words
from workshop.report.figures import quote
from workshop.report.frame import (
    bar,
    document,
    facts,
    header,
    moment,
    person_name,
    prose,
    section,
)
from workshop.report.histogram import histogram
from workshop.report.standings import Advice, Hurdle, Person, Topic
from workshop.results import percent

_MOST = 10
"""Rows of the tables of checks and of advice."""


def page(grades: list[Grade], course: Course, pages: Mapping[str, str]) -> str:
    """Return the HTML document of a class.

    `pages` maps a person to the address of their own page.
    """
    people = standings.people(grades, course)
    topics = standings.topics(grades, course)
    hurdles = [one for one in standings.hurdles(grades) if one.share < 1][:_MOST]
    repeated = [one for one in standings.advice(grades) if one.people > 1][:_MOST]
    title = quote(words.one_line(course.title))
    newest = max((grade.created for grade in grades), default="")
    kits = ", ".join(sorted({grade.grader for grade in grades}))
    parts = [
        _header(title, people, topics, grades),
        _attention(grades),
        _spread(people),
        section("Lessons", _lessons(topics)),
        section("The hardest checks", _hurdles(hurdles)),
        section("What people were told most often", _advice(repeated)),
        section("Everybody", _everybody(people, topics, pages)),
        facts({"Newest grade": moment(newest), "Kit": kits}),
    ]
    return document(f"{title}: grades", "\n".join(filter(None, parts)), "class.css")


def _header(
    title: str, people: list[Person], topics: list[Topic], grades: list[Grade]
) -> str:
    about = " · ".join(
        f"{len(found)} {one if len(found) == 1 else many}"
        for found, one, many in (
            (people, "person", "people"),
            (topics, "lesson", "lessons"),
            (grades, "grade", "grades"),
        )
    )
    return header(title, about)


def _attention(grades: list[Grade]) -> str:
    """Return what a person has to see to: grades that are open or unverified."""
    left = [grade for grade in grades if grade.open]
    trusted = [grade for grade in grades if not grade.verified]
    parts = [
        _list(left, "open", "The fault is the kit's. Grade them again."),
        _list(trusted, "unverified", "This work ran without a box."),
    ]
    body = "\n".join(filter(None, parts))
    return body and f'<section class="attention broken">\n{body}\n</section>'


def _list(grades: list[Grade], kind: str, said: str) -> str:
    rows = "\n".join(
        f"<li>{person_name(grade.person)}, {quote(grade.lesson)}{_log(grade)}</li>"
        for grade in grades
    )
    about = f"<summary><strong>{len(grades)} {kind}.</strong> {said}</summary>"
    return rows and f"<details>{about}<ul>\n{rows}\n</ul></details>"


def _log(grade: Grade) -> str:
    log = words.visible(grade.log).strip()
    return f"<pre>{quote(log)}</pre>" if grade.open and log else ""


def _spread(people: list[Person]) -> str:
    shares = [person.share for person in people]
    said = (
        f"Half of the people have {percent(median(shares))} of all points or more; "
        f"the least is {percent(min(shares))}, the most {percent(max(shares))}. "
        "A lesson that was not handed in counts as 0."
    )
    return section("How the points are spread", f"<p>{said}</p>{histogram(shares)}")


def _lessons(topics: list[Topic]) -> str:
    rows = [
        (
            f'{quote(topic.title)}<span class="soft">{quote(topic.lesson)}</span>',
            bar(topic.passed / topic.graded, f"{topic.passed} of {topic.graded}"),
            "–" if topic.median is None else percent(topic.median),
            str(topic.open) if topic.open else "–",
        )
        for topic in topics
    ]
    return table(("lesson", "passed, of graded", "median share", "open"), rows)


def _hurdles(hurdles: list[Hurdle]) -> str:
    rows = [
        (
            f'{prose(one.title)}<span class="soft">{quote(one.lesson)}, '
            f"{quote(one.label)}</span>",
            bar(one.share, f"{one.passed} of {one.judged}"),
        )
        for one in hurdles
    ]
    return table(("check", "passed"), rows)


def _advice(repeated: list[Advice]) -> str:
    rows = [
        (
            f'{prose(one.text)}<span class="soft">{quote(one.lesson)}, '
            f"{prose(one.title)}</span>",
            str(one.people),
        )
        for one in repeated
    ]
    note = '<p class="note"># stands for a number that differs.</p>'
    return f"{table(('advice', 'people'), rows)}{note}" if rows else ""


def _everybody(
    people: list[Person], topics: list[Topic], pages: Mapping[str, str]
) -> str:
    heads = "".join(
        f'<th scope="col"><span class="tall">{quote(topic.lesson)}</span></th>'
        for topic in topics
    )
    rows = "\n".join(_row(person, topics, pages[person.name]) for person in people)
    return f"""<div class="scroll whole" role="region" aria-label="Everybody"
tabindex="0"><table class="sheet everybody">
<caption><span>Points of possible points. Bold: every check passed. ! is open, * is
unverified, – was not handed in.</span></caption>
<thead><tr><th scope="col">person</th>{heads}<th scope="col">total</th>
<th scope="col">share</th></tr></thead>
<tbody>
{rows}
</tbody>
</table></div>"""


def _row(person: Person, topics: list[Topic], address: str) -> str:
    cells = "".join(_points(person.grades.get(topic.lesson)) for topic in topics)
    name = f'<a href="{quote(address)}">{person_name(person.name)}</a>'
    return (
        f'<tr><th scope="row">{name}</th>{cells}<td>{person.earned:g}/'
        f"{person.possible:g}</td><td>{percent(person.share)}</td></tr>"
    )


def _points(grade: Grade | None) -> str:
    if grade is None:
        return '<td class="none">–</td>'
    marks = ("!" if grade.open else "") + ("" if grade.verified else "*")
    outcome = grade.report.outcome
    return f'<td class="{outcome}">{grade.earned:g}/{grade.possible:g}{marks}</td>'


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already; no rows make none."""
    if not rows:
        return ""
    head = "".join(f'<th scope="col">{one}</th>' for one in heads)
    body = "\n".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{one}</td>" for one in rest)}'
        "</tr>"
        for first, *rest in rows
    )
    return f"""<table class="sheet">
<thead><tr>{head}</tr></thead>
<tbody>
{body}
</tbody>
</table>"""
