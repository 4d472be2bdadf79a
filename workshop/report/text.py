"""A report for the terminal says first what stops the learner, last what to do next.

Colour never carries a meaning alone: each outcome has a symbol and a word. In a plain
report our own signs are ASCII, so that no console, log or screen reader stumbles over
them; letters stay letters. Text that came from the learner is never read as markup.
Rich is imported when needed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from workshop.report import words
from workshop.results import Outcome, Report, Result, Stop

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

_STYLES: dict[Outcome, str] = {
    "passed": "green",
    "failed": "red",
    "waiting": "yellow",
    "broken": "magenta",
    "rehearsed": "cyan",
}
_ASCII = str.maketrans(
    {"✓": "+", "✗": "x", "…": "...", "•": "-", "·": "-", "–": "-", "—": "-", "−": "-"}
    | {"×": "x", "“": '"', "”": '"', "‘": "'", "’": "'", "→": "->", "≥": ">="}
    | {"≤": "<=", "│": "|", "▌": "|", "━": "=", "─": "-", "\N{NO-BREAK SPACE}": " "}
)
_MARGIN = 2
_BAR = 24


def render(
    report: Report,
    *,
    why: str = "",
    stretch: str = "",
    next_step: str = "",
    width: int = 80,
    plain: bool = False,
) -> str:
    """Return the whole report as lines for a terminal of `width` columns.

    `why` and `stretch` are Markdown, shown once everything passed; `next_step` is the
    command to type next. With `plain` there is no ANSI, and typography is ASCII.
    """
    parts = [*_heading(report, plain), *_stop(report, plain)]
    if report.checks:
        parts += [_checks(report.checks, plain), ""]
    if report.variant == "real" and any(check.score for check in report.checks):
        parts += [_say(words.data(report), plain, "dim"), ""]
    for note in filter(None, [words.training(report), words.place(report)]):
        parts += [_say(note, plain, "dim"), ""]
    parts += _findings(report.findings, plain)
    if report.outcome == "passed":
        parts += _prose("Why it works", why, plain)
        parts += _prose("If there is time", stretch, plain)
    parts += _closing(report, next_step, plain)
    return "\n" + _print(parts, width, plain)


def must_be_plain(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Return whether `stream` wants plain text: NO_COLOR, no terminal, no Unicode."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return True
    try:
        "✓✗…━│•".encode(stream.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return True
    return not stream.isatty()


def plain_signs(text: str) -> str:
    """Return `text` with typography by its nearest ASCII; letters stay as they are."""
    return text.translate(_ASCII)


def _heading(report: Report, plain: bool) -> list[RenderableType]:
    from rich.rule import Rule
    from rich.table import Table

    about = [words.one_line(report.script)]
    if report.variant:
        about.append(f"{words.one_line(report.variant)} data")
    if report.seconds:
        about.append(words.seconds(report.seconds))
    line = Table.grid(expand=True, padding=(0, 2))
    line.add_column(ratio=1)
    line.add_column(justify="right", max_width=40, no_wrap=True, overflow="ellipsis")
    name = words.one_line(report.title) or words.one_line(report.lesson)
    line.add_row(_say(name, plain, "bold"), _say(" · ".join(about), plain, "dim"))
    return [line, Rule(style="dim", characters="-" if plain else "─"), ""]


def _stop(report: Report, plain: bool) -> list[RenderableType]:
    """Return the stop: where, why, the learner's own line, and how it got there."""
    stop = report.stop
    if stop is None:
        return []
    head = f"{words.SYMBOLS['failed']} {words.where(report)}"
    parts: list[RenderableType] = [_say(head, plain, "bold red")]
    parts.append(_indented(_say(words.gist(stop.message), plain)))
    parts += _code(stop, plain)
    trace = [_indented(_cropped(line, plain, "dim")) for line in words.trace(stop)]
    return [*parts, *([""] if trace else []), *trace, ""]


def _code(stop: Stop, plain: bool) -> list[RenderableType]:
    source = words.visible(stop.source).strip("\n")
    if not source.strip():
        return []
    number = "" if stop.line is None else f"{stop.line} "
    bars = [f"{number}│ ", *[" " * len(number) + "│ "] * source.count("\n")]
    lines = zip(bars, source.split("\n"), strict=True)
    code = [_cropped(bar + line, plain, "bold") for bar, line in lines]
    return ["", *(_indented(line, 4) for line in code)]


def _checks(checks: tuple[Result, ...], plain: bool) -> Table:
    """Return a row for each check: symbol, word, what it belongs to, title and more."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=1)
    grid.add_column(width=9)
    grid.add_column(width=7)
    grid.add_column(ratio=1)
    for check, advice in zip(checks, words.advices(checks), strict=True):
        style = _STYLES[check.outcome]
        symbol = words.SYMBOLS[check.outcome].replace("…", "." if plain else "…")
        grid.add_row(
            _say(symbol, plain, f"bold {style}"),
            _say(check.outcome, plain, style),
            _say(words.label(check), plain, "dim"),
            _body(check, advice, plain),
        )
    return grid


def _body(check: Result, advice: str, plain: bool) -> Text:
    """Return the title of a check, its score and its advice, one below the other."""
    from rich.text import Text

    style = "bold" if check.outcome in ("failed", "broken") else ""
    lines = [_say(words.title(check), plain, style)]
    if check.score:
        lines.append(_say(words.score(check.score), plain, "cyan"))
    if advice:
        lines.append(_say(advice, plain))
    return Text("\n").join(lines)


def _findings(findings: tuple[str, ...], plain: bool) -> list[RenderableType]:
    if not findings:
        return []
    rows = [_bullet(_say(words.visible(text), plain)) for text in findings]
    return [_say("What the figures say", plain, "bold"), *rows, ""]


def _prose(title: str, markdown: str, plain: bool) -> list[RenderableType]:
    from rich.markdown import Markdown

    text = words.visible(markdown).strip()
    if not text:
        return []
    text = plain_signs(text) if plain else text
    return [_say(title, plain, "bold"), Markdown(text, hyperlinks=False), ""]


def _closing(report: Report, next_step: str, plain: bool) -> list[RenderableType]:
    """Return the bar, the verdict, and the exact command to type next."""
    from rich.table import Table
    from rich.text import Text

    passed, total = words.tally(report)
    filled = _BAR * passed // total if total else 0
    full, empty = "#." if plain else "━─"
    style = f"bold {_STYLES[report.outcome]}"
    bar = Text.assemble((full * filled, "bold green"), (empty * (_BAR - filled), "dim"))
    line = Table.grid(padding=(0, 2, 0, 0))
    line.add_column(no_wrap=True, min_width=_BAR)
    line.add_row(bar, _say(words.verdict(report), plain, style))
    if not next_step:
        return [line]
    command = _say(words.visible(next_step), plain, "bold cyan")
    return [line, "", Text.assemble("Next: ", command)]


def _say(text: str, plain: bool, style: str = "") -> Text:
    """Return text exactly as it is, in a style: never markup, never an escape."""
    from rich.text import Text

    return Text(plain_signs(text) if plain else text, style)


def _cropped(line: str, plain: bool, style: str) -> Text:
    text = _say(line, plain, style)
    text.no_wrap, text.overflow = True, "crop" if plain else "ellipsis"
    return text


def _indented(text: Text, by: int = 2) -> Padding:
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, by))


def _bullet(text: Text) -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row("•", text)
    return grid


def _print(parts: Sequence[RenderableType], width: int, plain: bool) -> str:
    from rich.padding import Padding

    console = _console(width, plain)
    with console.capture() as capture:
        for part in parts:
            console.print(Padding(part, (0, 0, 0, _MARGIN)))
    lines = [line.rstrip() for line in capture.get().split("\n")]
    text = "\n".join(lines)
    return plain_signs(text) if plain else text


def _console(width: int, plain: bool) -> Console:
    """Return a console that asks no environment and interprets no markup."""
    from rich.console import Console
    from rich.theme import Theme

    return Console(
        width=max(width, 40),
        height=25,
        color_system=None if plain else "standard",
        force_terminal=not plain,
        force_jupyter=False,
        legacy_windows=False,
        no_color=plain,
        markup=False,
        emoji=False,
        highlight=False,
        theme=Theme({"markdown.code": "bold", "markdown.item.bullet": ""}),
    )
