"""Every page of the kit is one file: no script, no asset, no request.

The look is set inline; a content security policy forbids everything else, should an
escape ever be missed. Whatever a person wrote goes through `quote` or `prose`.
"""

from __future__ import annotations

import datetime
import re
from importlib.resources import files

from workshop.report import words
from workshop.report.figures import quote
from workshop.results import Outcome

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_LONGEST = 80


def document(title: str, body: str, *styles: str) -> str:
    """Return a whole HTML document; `styles` are files beside `page.css`."""
    sheets = (files(__package__).joinpath(name) for name in ("page.css", *styles))
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
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


def header(name: str, about: str) -> str:
    """Return the head of a page; both are HTML already."""
    return f'<header>\n<h1>{name}</h1>\n<p class="about">{about}</p>\n</header>'


def section(heading: str, body: str) -> str:
    """Return a section with its heading, or nothing where the body is empty."""
    return f"<section>\n<h2>{heading}</h2>\n{body}\n</section>" if body else ""


def symbol(outcome: Outcome) -> str:
    """Return the sign of an outcome, for the eye only."""
    sign = words.SYMBOLS[outcome].replace("…", "⋯")
    return f'<span class="symbol {outcome}" aria-hidden="true">{sign}</span>'


def prose(text: str) -> str:
    """Return a sentence as HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", quote(text))


def person_name(name: str) -> str:
    """Return a person's name as HTML, in its own direction of writing."""
    return f"<bdi>{quote(shortened(name))}</bdi>"


def shortened(name: str, longest: int = _LONGEST) -> str:
    """Return a name as one line of a bearable length, or words for an empty one."""
    text = words.one_line(name) or "(no name)"
    return text if len(text) <= longest else f"{text[:longest]}…"


def bar(share: float, text: str) -> str:
    """Return a share from 0 to 1 as a bar, for the eye only, and in words."""
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" '
        'aria-hidden="true"><rect width="100" height="10" fill="var(--line)"/>'
        f'<rect width="{100 * share:.1f}" height="10" fill="var(--training)"/></svg>'
        f'<span class="amount">{text}</span>'
    )


def facts(rows: dict[str, str]) -> str:
    """Return the foot of a page: names and values, without those that are empty."""
    pairs = [
        f"<div><dt>{quote(name)}</dt><dd>{quote(value)}</dd></div>"
        for name, value in rows.items()
        if value
    ]
    return "<footer>\n<dl>\n" + "\n".join(pairs) + "\n</dl>\n</footer>"


def moment(created: str) -> str:
    """Return an ISO moment for people, or the text itself where it is not one."""
    found = utc(created)
    return f"{found:%Y-%m-%d %H:%M} UTC" if found else created


def utc(created: str) -> datetime.datetime | None:
    """Return the moment that an ISO text names, in UTC, or None."""
    try:
        found = datetime.datetime.fromisoformat(created)
        return found.astimezone(datetime.UTC) if found.tzinfo else found
    except (ValueError, OverflowError):
        return None
