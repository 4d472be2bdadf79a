"""A report as one page that opens anywhere, or as a part of a longer one.

`frame` goes around it, and `page.css` is the look: it reads in light and dark, on a
phone, on paper. Every word from a learner goes through `quote` or `prose`.
"""

from __future__ import annotations

from collections.abc import Mapping

from workshop.report import figures, words
from workshop.report.figures import quote
from workshop.report.frame import (
    document,
    facts,
    header,
    moment,
    prose,
    section,
    symbol,
)
from workshop.results import Report, Result, Stop

_OUTPUT_LIMIT = 50_000


def page(
    report: Report, *, why: str = "", stretch: str = "", next_step: str = ""
) -> str:
    """Return the whole report as one HTML document.

    `why` and `stretch` are Markdown, shown once everything passed; `next_step` is the
    command to type next.
    """
    name = quote(words.one_line(report.title) or report.lesson)
    body = found(report, why, next_step, stretch=stretch)
    parts = (_header(report, name), body, _footer(report))
    return document(f"{name}: {report.outcome}", "\n".join(parts))


def found(
    report: Report,
    why: str = "",
    next_step: str = "",
    marks: Mapping[str, str] | None = None,
    stretch: str = "",
) -> str:
    """Return all that a check found out, as the sections of a page.

    `marks` holds what is said of the points of a check, by its name.
    """
    sections = [
        _verdict(report, next_step),
        _stop(report.stop, report),
        _checks(report, marks or {}),
        _findings(report.findings),
        *(_told(why, stretch) if report.outcome == "passed" else ()),
        section("Learning curves", figures.curves(report.curves)),
        _answers(report),
        _output(report.output),
    ]
    return "\n".join(filter(None, sections))


def _header(report: Report, name: str) -> str:
    about = [f"<code>{quote(words.one_line(report.script))}</code>"]
    if report.variant:
        about.append(f"{quote(words.one_line(report.variant))} data")
    if report.seconds:
        about.append(words.seconds(report.seconds))
    return header(name, " · ".join(about))


def _verdict(report: Report, next_step: str) -> str:
    step = quote(words.one_line(next_step))
    step = f'<p class="next">Next: <code>{step}</code></p>' if step else ""
    word = report.outcome.capitalize()
    return f"""<section class="verdict {report.outcome}" aria-label="Verdict">
{symbol(report.outcome)}
<div><p><strong>{word}.</strong> {quote(words.verdict(report))}</p>{step}</div>
</section>"""


def _stop(stop: Stop | None, report: Report) -> str:
    if stop is None:
        return ""
    number = "" if stop.line is None else f'<span class="number">{stop.line}</span>'
    source = words.visible(stop.source).strip("\n")
    code = f"<pre><code>{number}{quote(source)}</code></pre>" if source.strip() else ""
    trace = quote("\n".join(words.trace(stop)))
    trace = f"<pre><code>{trace}</code></pre>" if trace else ""
    return f"""<section class="stop">
<h2>{words.where(report)}</h2>
<p>{prose(words.gist(stop.message))}</p>
{code}{trace}
</section>"""


def _checks(report: Report, marks: Mapping[str, str]) -> str:
    said = words.advices(report.checks)
    rows = [
        _check(check, advice, marks.get(check.check, ""))
        for check, advice in zip(report.checks, said, strict=True)
    ]
    graded = any(check.score for check in report.checks)
    known = report.variant in ("real", "drawn") and graded
    notes = [words.data(report) if known else "", words.training(report)]
    notes.append(words.place(report))
    note = "".join(f'\n<p class="note">{one}</p>' for one in notes if one)
    body = "\n".join(rows)
    return section("Checks", body and f'<ol class="checks">\n{body}\n</ol>{note}')


def _check(check: Result, advice: str, mark: str) -> str:
    score = "" if check.score is None else figures.score(check.score)
    mark = f'<p class="note">{quote(mark)}</p>' if mark else ""
    advice = f'<p class="advice">{prose(advice)}</p>' if advice else ""
    return f"""<li class="{check.outcome}">
<span class="outcome">{symbol(check.outcome)}{check.outcome}</span>
<span class="label">{words.label(check)}</span>
<div class="body"><h3>{prose(words.title(check))}</h3>{mark}{score}{advice}</div>
</li>"""


def _findings(findings: tuple[str, ...]) -> str:
    rows = "\n".join(f"<li>{prose(text)}</li>" for text in findings)
    return section("What the figures say", rows and f"<ul>\n{rows}\n</ul>")


def _told(why: str, stretch: str) -> tuple[str, str]:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    reason, goal = (
        markdown.render(words.visible(one)).strip() for one in (why, stretch)
    )
    return section("Why it works", reason), section("If there is time", goal)


def _answers(report: Report) -> str:
    if report.answers is None:
        return ""
    confusion = section("What was taken for what", figures.confusion(report.answers))
    worst = section("The worst mistakes", figures.mistakes(report.answers.mistakes))
    return "\n".join(filter(None, (confusion, worst)))


def _output(output: str) -> str:
    text = words.redrawn(output).strip("\n")
    if not text.strip():
        return ""
    if len(text) > _OUTPUT_LIMIT:
        text = f"[the beginning is left out]\n{text[-_OUTPUT_LIMIT:]}"
    summary = "<summary>What the script printed</summary>"
    return f"<details>\n{summary}\n<pre>{quote(text)}</pre>\n</details>"


def _footer(report: Report) -> str:
    rows = {"Checked": moment(report.created), "Lesson": report.lesson}
    if report.seconds:
        rows["Took"] = words.seconds(report.seconds)
    if report.limit_seconds:
        rows["Limit"] = words.seconds(report.limit_seconds)
    return facts(rows | report.versions)
