"""Tables are Markdown made by pure functions: the terminal and the page show the same.

A target that is missed says so in its row; its reason stands below the table, or the
sentence that nobody has written one yet.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from typing import Any

from benchmarks._record import Target

UNEXPLAINED = "no reason written yet"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; the first column is text, the others are numbers."""
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def targets(found: Iterable[Target], reasons: dict[str, str]) -> str:
    """Return a table of targets, with the reason for each that is missed."""
    found = list(found)
    head = "| target | measured | verdict |\n|---|---|---|\n"
    rows = (f"| {t.claim} | {t.found} | {_verdict(t)} |" for t in found)
    notes = "".join(
        f"\n\nMissed, {t.claim}: {reasons.get(t.name, UNEXPLAINED)}"
        for t in found
        if not t.holds
    )
    return head + "\n".join(rows) + notes


def provenance(record: dict[str, Any]) -> str:
    """Return one paragraph: by which command, when, on what, with which versions."""
    on = record["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in record["versions"].items())
    load = f", load before the run {on['load']}" if on["load"] else ""
    return (
        f"`{record['command']}`, {record['date'][:10]}. {on['processor']}, "
        f"{on['cores']} cores, {on['memory']}, {on['system']}{load}. {versions}."
    )


def seconds(value: float | None) -> str:
    """Return seconds with a precision that fits their size: 0.21 s, 8.4 s, 41 s."""
    if value is None:
        return "never"
    digits = 2 if value < 1 else 1 if value < 20 else 0
    return f"{value:.{digits}f} s"


def percent(share: float, digits: int = 0) -> str:
    """Return a share from 0 to 1 in per cent; what is not all is never shown as all."""
    shown = f"{share * 100:.{digits}f}"
    if share < 1 and float(shown) == 100:
        shown = f"{100 - 10**-digits:.{digits}f}"
    return f"{shown} %"


def median(values: Iterable[float]) -> float:
    """Return the median; ValueError where there is nothing to take it of."""
    values = list(values)
    if not values:
        raise ValueError("no run was measured")
    return statistics.median(values)


def _verdict(target: Target) -> str:
    return "holds" if target.holds else "**missed**"
