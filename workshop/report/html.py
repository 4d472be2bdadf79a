"""A report as one page that opens anywhere: no script, no asset, no request.

Markup is assembled here and the look is `page.css`, set inline; a content security
policy forbids everything else, should an escape ever be missed. Every word from a
learner goes through `quote`. The page reads in light and dark, on a phone, on paper.
"""

from __future__ import annotations

import datetime
import re
from importlib.resources import files

from workshop.report import figures, words
from workshop.report.figures import quote
from workshop.results import Outcome, Report, Result, Stop

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_OUTPUT_LIMIT = 50_000


def page(report: Report, *, why: str = "", next_step: str = "") -> str:
    """Return the whole report as one HTML document.

    `why` is Markdown, shown once everything passed; `next_step` is the command to
    type next.
    """
    name = quote(words.one_line(report.title) or report.lesson)
    sections = [
        _header(report, name),
        _verdict(report, next_step),
        _stop(report.stop, report),
        _checks(report),
        _findings(report.findings),
        _why(why) if report.outcome == "passed" and why.strip() else "",
        _section("Learning curves", figures.curves(report.curves)),
        _answers(report),
        _output(report.output),
        _footer(report),
    ]
    return _document(f"{name}: {report.outcome}", "\n".join(filter(None, sections)))


def _document(title: str, body: str) -> str:
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _section(heading: str, body: str) -> str:
    return f"<section>\n<h2>{heading}</h2>\n{body}\n</section>" if body else ""


def _header(report: Report, name: str) -> str:
    about = [f"<code>{quote(words.one_line(report.script))}</code>"]
    if report.variant:
        about.append(f"{quote(words.one_line(report.variant))} data")
    if report.seconds:
        about.append(words.seconds(report.seconds))
    line = f'<p class="about">{" · ".join(about)}</p>'
    return f"<header>\n<h1>{name}</h1>\n{line}\n</header>"


def _symbol(outcome: Outcome) -> str:
    symbol = words.SYMBOLS[outcome].replace("…", "⋯")
    return f'<span class="symbol {outcome}" aria-hidden="true">{symbol}</span>'


def _prose(text: str) -> str:
    """Return a sentence as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", quote(text))


def _verdict(report: Report, next_step: str) -> str:
    step = quote(words.one_line(next_step))
    step = f'<p class="next">Next: <code>{step}</code></p>' if step else ""
    word = report.outcome.capitalize()
    return f"""<section class="verdict {report.outcome}" aria-label="Verdict">
{_symbol(report.outcome)}
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
<p>{_prose(words.gist(stop.message))}</p>
{code}{trace}
</section>"""


def _checks(report: Report) -> str:
    said = words.advices(report.checks)
    rows = [_check(c, advice) for c, advice in zip(report.checks, said, strict=True)]
    graded = any(check.score for check in report.checks)
    known = report.variant in ("real", "drawn") and graded
    notes = [words.data(report) if known else "", words.training(report)]
    note = "".join(f'\n<p class="note">{one}</p>' for one in notes if one)
    body = "\n".join(rows)
    return _section("Checks", body and f'<ol class="checks">\n{body}\n</ol>{note}')


def _check(check: Result, advice: str) -> str:
    score = "" if check.score is None else figures.score(check.score)
    advice = f'<p class="advice">{_prose(advice)}</p>' if advice else ""
    symbol = _symbol(check.outcome)
    return f"""<li class="{check.outcome}">
<span class="outcome">{symbol}{check.outcome}</span>
<span class="label">{words.label(check)}</span>
<div class="body"><h3>{_prose(words.title(check))}</h3>{score}{advice}</div>
</li>"""


def _findings(findings: tuple[str, ...]) -> str:
    rows = "\n".join(f"<li>{_prose(text)}</li>" for text in findings)
    return _section("What the figures say", rows and f"<ul>\n{rows}\n</ul>")


def _why(why: str) -> str:
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False}).disable("image")
    return _section("Why it works", markdown.render(words.visible(why)).strip())


def _answers(report: Report) -> str:
    if report.answers is None:
        return ""
    confusion = _section("What was taken for what", figures.confusion(report.answers))
    worst = _section("The worst mistakes", figures.mistakes(report.answers.mistakes))
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
    facts = {"Checked": _moment(report.created), "Lesson": report.lesson}
    if report.seconds:
        facts["Took"] = words.seconds(report.seconds)
    if report.limit_seconds:
        facts["Limit"] = words.seconds(report.limit_seconds)
    facts |= report.versions
    rows = [
        f"<div><dt>{quote(name)}</dt><dd>{quote(value)}</dd></div>"
        for name, value in facts.items()
        if value
    ]
    return "<footer>\n<dl>\n" + "\n".join(rows) + "\n</dl>\n</footer>"


def _moment(created: str) -> str:
    """Return an ISO moment for people, or the text itself where it is not one."""
    try:
        moment = datetime.datetime.fromisoformat(created)
    except ValueError:
        return created
    if moment.tzinfo:
        moment = moment.astimezone(datetime.UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"
