"""A certificate's page carries its own proof, and says what it does not prove.

The signed file lies in the page as data that no browser runs, so whoever gets the page
can verify it. Each lesson says where its work ran, because that decides what a score is
worth; a print says that it can no longer be verified.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from workshop.certificate import Certificate, Reached, Signed, packed
from workshop.certificate.signing import BLOCK, BLOCK_END
from workshop.report import words
from workshop.report.figures import quote
from workshop.report.frame import document, shortened
from workshop.report.rosette import rosette

_LONGEST_NAME = 120
_LINE, _ROOMY, _FULL = 34, 9, 14
_NOTES = {
    "attendee": "Answered on the attendee's machine: the room kept the labels and "
    "scored the answers; which model, script or person gave them, it could not see.",
    "box": "Run in a box by the instructor: the code that was handed in earned the "
    "score itself; who wrote it, the grader could not see.",
}
_SIZES = ((26, "short"), (48, "middling"), (_LONGEST_NAME + 1, "long"))


def page(signed: Signed) -> str:
    """Return the HTML page of a certificate, for the screen, and for one A4 sheet."""
    made = signed.certificate
    name = shortened(made.name, _LONGEST_NAME)
    body = f"""<main class="certificate {_density(made)}">
{_head(made, name, signed.fingerprint)}
<div class="halves">
{_table(made)}
<aside>
{_meaning(made)}
{_verifying(signed.fingerprint)}
</aside>
</div>
{_foot(made)}
</main>
{BLOCK}
{packed(signed).decode()}{BLOCK_END}"""
    title = f"{quote(name)}: {quote(shortened(made.course))}"
    return document(title, body, "certificate.css")


def _head(made: Certificate, name: str, fingerprint: str) -> str:
    size = next(word for longest, word in _SIZES if len(name) <= longest)
    goals = "the goal of one lesson"
    if len(made.lessons) > 1:
        goals = f"the goals of {len(made.lessons)} lessons"
    return f"""<header>
<div>
<p class="kicker">Certificate</p>
<h1 class="{size}"><bdi>{quote(name)}</bdi></h1>
<p class="lead">reached {goals} of<br>
<strong>{quote(shortened(made.course))}</strong><br>
on <time datetime="{made.date}">{_day(made.date)}</time></p>
</div>
{rosette(fingerprint)}
</header>"""


def _table(made: Certificate) -> str:
    rows = "\n".join(_row(reached) for reached in made.lessons)
    return f"""<table>
<thead><tr><th scope="col">lesson</th><th scope="col">right on unseen data</th>
<th scope="col">how it was graded</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>"""


def _row(reached: Reached) -> str:
    data = {"real": "real data", "drawn": "drawn data"}.get(reached.variant, "")
    score = f"<strong>{reached.score}</strong> " if reached.score else ""
    return (
        f'<tr><th scope="row">{quote(shortened(reached.title))}</th>'
        f'<td>{score}<span class="data">{data}</span></td>'
        f'<td><span class="place {reached.place}">{words.PLACES[reached.place]}</span>'
        "</td></tr>"
    )


def _meaning(made: Certificate) -> str:
    """Return what can be said for certain, and what cannot."""
    said = " ".join(_sentences(made))
    places = {reached.place for reached in made.lessons}
    notes = "".join(
        f'\n<p class="place {place}">{text}</p>'
        for place, text in _NOTES.items()
        if place in places
    )
    return f"<h2>What it proves</h2>\n<p>{said}</p>{notes}"


def _sentences(made: Certificate) -> Iterator[str]:
    yield (
        "Whoever holds the key below signed that the grader of that room found these "
        "goals reached on unseen data."
    )
    if any(reached.variant == "real" for reached in made.lessons):
        yield "The labels of real data are public."
    yield "The name is the one given in the room."


def _verifying(fingerprint: str) -> str:
    groups = fingerprint.split(" ")
    lines = "<br>".join(" ".join(groups[i : i + 4]) for i in (0, 4))
    return f"""<h2>How to verify it</h2>
<p>Keep this file: it holds the signature, and a print does not. Run
<code>workshop certificate verify</code> with the file's name, then compare the
fingerprint with the one that the instructor published. Anybody can make a key.</p>
<p class="key"><span>signed with the key</span><code>{lines}</code></p>"""


def _foot(made: Certificate) -> str:
    rows = {
        "room": shortened(made.room),
        "graded by": f"keras-workshop {words.one_line(made.kit)}",
    }
    pairs = "".join(
        f"<div><dt>{name}</dt><dd>{quote(value)}</dd></div>"
        for name, value in rows.items()
    )
    return f"<footer><dl>{pairs}</dl></footer>"


def _density(made: Certificate) -> str:
    """Return how tightly the rows are set, so that they fit one printed sheet."""
    titles = (shortened(reached.title) for reached in made.lessons)
    lines = sum(1 + len(title) // _LINE for title in titles)
    if lines <= _ROOMY:
        return "roomy"
    return "tight" if lines <= _FULL else "tightest"


def _day(date: str) -> str:
    day = datetime.date.fromisoformat(date)
    return f"{day.day} {day:%B %Y}"
