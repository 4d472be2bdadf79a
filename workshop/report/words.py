"""The words of a report are chosen once, so the terminal and the page agree.

Whatever a learner wrote or printed passes through `visible` first: escape sequences
vanish, other control characters are shown as what they are. So no terminal and no
page acts on it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from typing import NamedTuple

from workshop.results import Outcome, Report, Result, Score, Stop, percent

SYMBOLS: dict[Outcome, str] = {
    "passed": "✓",
    "failed": "✗",
    "waiting": "…",
    "broken": "!",
    "rehearsed": "~",
}

PLACES = {
    "attendee": "answered on the attendee's machine",
    "box": "run in a box by the instructor",
}
"""Where work was graded, as a certificate says it."""

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor movements
    r"|\x1b[\]PX^_].*?(?:\x07|\x1b\\|$)"  # OSC and other strings: titles, links
    r"|\x1b[ -/]*[0-~]",  # the two-character sequences
    re.DOTALL,
)
_TODO = re.compile(r"^TODO\s+\d+\s*[.:]\s*")
_FOLDERS = re.compile(r'File "[^"\n]*[/\\]([^"/\\\n]+)"')
_KERAS_FRAME = re.compile(
    r"Exception encountered when calling [\w.]+\(\)\.\s+"
    r"|\s+Arguments received by [\w.]+\(\):.*",
    re.DOTALL,
)
_TRACE_LINES = 8
_LONG_ADVICE = 100
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_JOINERS = "\n\u200c\u200d"


class Tally(NamedTuple):
    """How many checks of a report passed, of how many."""

    passed: int
    total: int


def visible(text: str) -> str:
    """Return `text` without escape sequences and with control characters spelt out."""
    if text.isprintable():
        return text
    text = _ESCAPES.sub("", text.replace("\r\n", "\n"))
    return "".join(_shown(character) for character in text.expandtabs(4))


def one_line(text: str) -> str:
    """Return `text`, made visible, with all white space as single blanks."""
    return " ".join(visible(text).split())


def redrawn(output: str) -> str:
    r"""Return printed output as a terminal leaves it: `\r` starts a line afresh.

    A progress bar redraws its line hundreds of times; only the last state stays.
    """
    lines = _ESCAPES.sub("", output.replace("\r\n", "\n")).split("\n")
    return visible("\n".join(_last_state(line) for line in lines))


def title(result: Result) -> str:
    """Return the line of a check without its "TODO n.", which has its own place."""
    return _TODO.sub("", one_line(result.title)) or one_line(result.check)


def label(result: Result) -> str:
    """Return what a check belongs to: "TODO 3", or "Goal" for the whole lesson."""
    return "Goal" if result.todo is None else f"TODO {result.todo}"


def gist(message: str) -> str:
    """Return an error or advice without the frame that Keras puts around its own."""
    return _KERAS_FRAME.sub("", visible(message)).strip()


def advices(checks: tuple[Result, ...]) -> list[str]:
    """Return the advice of each check; what was said above is not said again."""
    said: set[str] = set()
    found = []
    for check in checks:
        advice = gist(check.advice)
        if advice in said and check.outcome == "waiting":
            found.append("")
        elif advice in said and len(advice) > _LONG_ADVICE:
            found.append("The same as above.")
        else:
            found.append(advice)
        said.add(advice)
    return found


def tally(report: Report) -> Tally:
    """Return how many checks passed, of how many."""
    passed = sum(check.outcome == "passed" for check in report.checks)
    return Tally(passed, len(report.checks))


def score(score: Score) -> str:
    """Return a score with its interval (rounded outwards) and its n, in one line."""
    high = f"{math.ceil(score.high * 100 - 1e-9)} %"
    between = f"95 % interval {percent(score.low)} to {high}"
    return f"{percent(score.value)} right ({between}, n = {score.n:,})"


def verdict(report: Report) -> str:
    """Return one sentence that says where the lesson stands."""
    if report.outcome == "broken":
        return "A check of the kit broke. The fault is ours, not yours."
    if report.stop:
        begun = report.stop.kind not in ("unreadable", "syntax", "name")
        return f"The script {'stopped before its end' if begun else 'was not started'}."
    if report.outcome == "passed":
        return "Every check passed."
    if report.outcome == "rehearsed":
        return "A rehearsal on a few hundred rows: it ran, and nothing is graded."
    return _counts(report) if report.checks else "Nothing was checked yet."


def where(report: Report) -> str:
    """Return where a script stopped: "Stopped at line 12", or less where unknown."""
    if report.stop is None:
        return ""
    never_ran = report.stop.kind in ("unreadable", "syntax", "name")
    verb = "Not started" if never_ran else "Stopped"
    if report.stop.line is None:
        return verb
    return (
        f"{verb}: line {report.stop.line}"
        if never_ran
        else (f"{verb} at line {report.stop.line}")
    )


def trace(stop: Stop) -> list[str]:
    """Return the way to a stop, files without their folders; empty if one step long."""
    text = _FOLDERS.sub(r'File "\1"', visible(stop.trace)).rstrip()
    lines = [line[2:] if line.startswith("  ") else line for line in text.split("\n")]
    steps = sum(line.startswith("File ") for line in lines)
    return lines[-_TRACE_LINES:] if steps > 1 else []


def data(report: Report) -> str:
    """Return one sentence on the data that graded, or nothing where none did."""
    return {
        "real": "Real data. Its labels are public: this is practice, not an exam.",
        "drawn": "Drawn data: the pictures were generated for this check.",
    }.get(report.variant or "", one_line(report.variant or ""))


def training(report: Report) -> str:
    """Return one sentence on where the weights come from, or nothing."""
    return {
        "trained": "Trained in this check.",
        "kept": "With the training kept from an earlier check; "
        "the same cells, data and seed.",
        "partly": "Part of the training was kept from an earlier check; "
        "the rest was done in this one.",
        "model": "With the weights of the model that was handed in, "
        "in place of training.",
        "refused kept": "The kept training that came along does not fit this script, "
        "so it was trained afresh.",
        "refused model": "The model that came along does not fit this script, "
        "so it was trained afresh.",
    }.get(report.training, "")


def place(report: Report) -> str:
    """Return one sentence on where the script ran, or nothing where we ran it."""
    return {"attendee": "Answered on the attendee's machine."}.get(report.place, "")


def seconds(value: float) -> str:
    """Return a duration for people: "0.4 s", "12 s", "3 min 05 s"."""
    if not math.isfinite(value):
        return "unknown"
    if value < 9.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _counts(report: Report) -> str:
    count = Counter(check.outcome for check in report.checks)
    failed, waiting = count["failed"], count["waiting"]
    rehearsed = count["rehearsed"]
    passed, total = tally(report)
    parts = [f"{passed} of {total} checks passed" if passed or not rehearsed else ""]
    if failed:
        parts.append(f"{failed} {'asks' if failed == 1 else 'ask'} for another look")
    parts.append(f"{rehearsed} rehearsed" if rehearsed else "")
    if waiting:
        parts.append(f"{waiting} {'waits' if waiting == 1 else 'wait'}")
    return ", ".join(filter(None, parts)) + "."


def _last_state(line: str) -> str:
    states = [state for state in line.split("\r") if state]
    return states[-1] if states else ""


def _shown(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN and character not in _JOINERS
    if not hidden:
        return character
    return character.encode("unicode_escape").decode("ascii")
