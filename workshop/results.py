"""What a check found out is data: frozen, plain, and free of any rendering.

A report can be written to JSON and read back without loss, so that a terminal, a
page, a gradebook and a room all show the same facts. `to_json` and `from_json` are
the only two ways in and out; the form is versioned by `SCHEMA`.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any, Literal

SCHEMA = 2

Outcome = Literal["passed", "failed", "waiting", "broken", "rehearsed"]
StopKind = Literal[
    "unreadable", "syntax", "name", "error", "exit", "died", "time", "memory", "ended"
]
Training = Literal[
    "", "trained", "kept", "partly", "model", "refused kept", "refused model"
]
Place = Literal["", "attendee"]


@dataclass(frozen=True)
class Stop:
    """Why a script did not run to its end (or could not start).

    `message` is one sentence for the learner, `line` (1-based) and `source` are their
    own line, `trace` holds the frames that lie in the learner's file, as text.
    """

    kind: StopKind
    message: str
    line: int | None = None
    source: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Score:
    """A share of right answers on the shown half of a sealed set.

    `value` is rounded down to whole per cent, `low` and `high` are the 95 % Wilson
    interval, `n` is the number of independent groups behind it.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Result:
    """The verdict of one check.

    `title` is the line a learner reads, `todo` the blank it belongs to (None for a
    goal of the whole lesson), `advice` says what was seen and what to try (failed),
    or what is being waited for (waiting), or what broke (broken).
    """

    check: str
    title: str
    outcome: Outcome
    todo: int | None = None
    advice: str = ""
    score: Score | None = None


@dataclass(frozen=True)
class Stage:
    """A part of the work that begins now, in words for the learner."""

    text: str


@dataclass(frozen=True)
class Line:
    """A line that the learner's script printed."""

    text: str


@dataclass(frozen=True)
class Epoch:
    """The learner's training has finished this many epochs."""

    number: int


Event = Stage | Line | Epoch | Result


@dataclass(frozen=True)
class Mistake:
    """One wrong answer: `picture` is a PNG as base64 text, or empty."""

    picture: str
    truth: str
    answer: str
    confidence: float


@dataclass(frozen=True)
class Answers:
    """How a sealed half was answered: rows of `confusion` are truths."""

    classes: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything one check of one script found out.

    `findings` are sentences of diagnosis, `curves` maps a metric to its value per
    epoch, `output` is what the script printed where it was captured, `seconds` is
    wall-clock time, `training` says where the weights come from, `place` where the
    script ran ("attendee": on a machine that the grader does not hold), `versions`
    names what ran, `created` is ISO 8601 in UTC.
    """

    lesson: str
    title: str
    script: str
    outcome: Outcome
    checks: tuple[Result, ...] = ()
    stop: Stop | None = None
    variant: str | None = None
    findings: tuple[str, ...] = ()
    curves: dict[str, tuple[float, ...]] = field(default_factory=dict)
    answers: Answers | None = None
    output: str = ""
    seconds: float = 0.0
    limit_seconds: float = 0.0
    training: Training = ""
    place: Place = ""
    versions: dict[str, str] = field(default_factory=dict)
    created: str = ""
    schema: int = SCHEMA


def overall(checks: tuple[Result, ...], stop: Stop | None) -> Outcome:
    """Return the outcome of a report: the gravest of its parts.

    Broken before failed before rehearsed before waiting; passed only when there is
    at least one check, every one passed and nothing stopped the script.
    """
    found = {check.outcome for check in checks}
    if "broken" in found:
        return "broken"
    if stop or "failed" in found:
        return "failed"
    for outcome in ("rehearsed", "waiting"):
        if outcome in found:
            return outcome
    return "passed" if found else "waiting"


def training(fits: Set[str]) -> Training:
    """Return what to report of trainings that ended in these ways.

    Each way is "trained", "kept", "model", "refused kept" or "refused model". The
    weights of a model that was handed in are named first; what was refused is named
    only where nothing that came along was used.
    """
    if "model" in fits:
        return "model"
    if "kept" in fits:
        return "kept" if fits == {"kept"} else "partly"
    if "refused kept" in fits:
        return "refused kept"
    if "refused model" in fits:
        return "refused model"
    return "trained" if fits else ""


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as plain JSON values.

    JSON knows no NaN and no infinity, and a diverging loss is both: such a number is
    written as one of the strings "NaN", "Infinity" and "-Infinity".
    """
    return typing.cast(dict[str, Any], _plain(dataclasses.asdict(report)))


def from_json(data: dict[str, Any]) -> Report:
    """Return the report that `to_json` wrote; ValueError names what does not fit."""
    _expect(isinstance(data, dict), data, "report")
    if data.get("schema") != SCHEMA:
        raise ValueError(f"report schema {data.get('schema')!r}, expected {SCHEMA}")
    return typing.cast(Report, _build(Report, data, "report"))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "-Infinity" if value < 0 else "Infinity"
    return value


def _build(kind: Any, value: Any, where: str) -> Any:
    """Return `value` as the annotated type `kind`, checking all the way down."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        if value is None and type(None) in inner:
            return None
        return _build(next(k for k in inner if k is not type(None)), value, where)
    if origin is Literal:
        return _expect(value in inner, value, where)
    if origin is tuple:
        _expect(isinstance(value, list), value, where)
        return tuple(_build(inner[0], item, where) for item in value)
    if origin is dict:
        _expect(isinstance(value, dict), value, where)
        return {str(key): _build(inner[1], item, where) for key, item in value.items()}
    if dataclasses.is_dataclass(kind):
        _expect(isinstance(value, dict), value, where)
        hints = typing.get_type_hints(kind)
        _expect(set(value) <= set(hints), sorted(set(value) - set(hints)), where)
        made = {k: _build(hints[k], v, f"{where}.{k}") for k, v in value.items()}
        try:
            return typing.cast(Any, kind)(**made)
        except TypeError as error:
            raise ValueError(f"{where}: {error}") from None
    if kind is float:
        return _number(value, where)
    return _expect(type(value) is kind, value, where)


def _number(value: Any, where: str) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        fits = number or value in ("NaN", "Infinity", "-Infinity")
        return float(_expect(fits, value, where))
    except OverflowError:
        raise ValueError(f"{where}: the number is too large") from None


def _expect(holds: bool, value: Any, where: str) -> Any:
    if not holds:
        raise ValueError(f"{where}: {value!r} does not fit")
    return value


def percent(share: float) -> str:
    """Return a share from 0 to 1 as whole per cent, rounded down: 0.978 is "97 %"."""
    return f"{math.floor(share * 100 + 1e-9)} %"
