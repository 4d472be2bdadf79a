"""A thousand submissions as a course gets them, and some as it should not.

The mixture is drawn from one seed, so that every run grades the same. Most are right;
what each must end as is known, and compared.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks._class import SMALL, Work
from workshop.batch.desk import Marked
from workshop.submission import Submission

TRIVIAL, TINY = Work("01_trivial", SMALL), Work("02_tiny", SMALL)
SEED = 1


def _added(line: str) -> Callable[[str], str]:
    return lambda text: f"{text}\n{line}\n"


def _wrong(text: str) -> str:
    return text.replace("return sum(prices)", "return max(prices)")


def _unfinished(text: str) -> str:
    return text.replace("def total(prices):", "def total(prices)")


KINDS: dict[str, tuple[float, Work, Callable[[str], str], tuple[str, str]]] = {
    "right": (0.80, TRIVIAL, lambda text: text, ("passed", "")),
    "wrong": (0.06, TRIVIAL, _wrong, ("failed", "")),
    "syntax error": (0.04, TRIVIAL, _unfinished, ("failed", "syntax")),
    "crash": (0.03, TRIVIAL, _added("1 / 0"), ("failed", "error")),
    "loop": (0.01, TRIVIAL, _added("while True: pass"), ("failed", "time")),
    "tiny training": (0.04, TINY, lambda text: text, ("passed", "")),
    "leaves by force": (
        *(0.01, TRIVIAL, _added("import os; os._exit(0)")),
        ("failed", "died"),
    ),
    "takes memory": (
        *(0.01, TRIVIAL, _added("x = bytearray(10**11)")),
        ("failed", "memory"),
    ),
}
"""Each kind: its share, its lesson, what is done to the solution, how it ends (outcome,
and kind of stop)."""


def drawn(count: int) -> list[tuple[str, Submission]]:
    """Return kind and submission of `count` people, in random order."""
    dice = random.Random(SEED)
    shares = [share for share, *_ in KINDS.values()]
    kinds = dice.choices(list(KINDS), shares, k=count)
    return [(kind, _submission(kind, n)) for n, kind in enumerate(kinds)]


def ending(marked: Marked) -> tuple[str, str, tuple[str, ...]]:
    """Return what became of a submission: outcome, kind of stop, and each check's."""
    report = marked.report
    stop = report.stop.kind if report.stop else ""
    return report.outcome, stop, tuple(check.outcome for check in report.checks)


def _submission(kind: str, number: int) -> Submission:
    _, work, change, _ = KINDS[kind]
    person = f"person-{number:04d}"
    script = change(work.text(person)).encode()
    return Submission(person, work.stem, f"{work.stem}.py", ".py", script)
