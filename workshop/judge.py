"""A check is judged on evidence: whatever it finds there, the kit's fault is rare.

An assertion that fails is advice. Any other exception of a check that was given a
learner's evidence says that the evidence was not what the task asks for: failed, too.
Broken is left for a check that fails by itself.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workshop.course import Check
from workshop.evidence import values
from workshop.recorder import Recorder
from workshop.results import Result, percent
from workshop.runner import Gone

if TYPE_CHECKING:
    from workshop.data import Sealed

MAX_ADVICE = 2_000

Ask = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Court:
    """What one sitting has at hand: whom to ask, the goal, and the sealed halves.

    With `graded_first` the half that counts is asked about before the shown one, so
    that somebody who answers cannot tell the two by their order.
    """

    ask: Ask
    goal: float
    halves: Callable[[], tuple[Sealed, Sealed]]
    recorder: Recorder
    graded_first: bool = False


def judge(check: Check, court: Court) -> Result:
    """Return the verdict on one check."""
    try:
        blank = Result(check.name, check.title(court.goal), "passed", check.todo)
    except Exception as error:
        return Result(check.name, check.name, "broken", check.todo, _own(error))
    try:
        evidence = _gather(check, court.ask)
    except Exception as error:
        return _excuse(error, blank, {})
    if not check.sealed:
        return _try(check, blank, evidence, court, {"report": court.recorder})
    return _sealed(check, blank, evidence, court)


def _sealed(
    check: Check, blank: Result, evidence: dict[str, Any], court: Court
) -> Result:
    """Judge on the graded half; speak of the shown half."""
    try:
        halves = court.halves()
    except Exception as error:
        return replace(blank, outcome="broken", advice=_own(error))
    parts = list(zip(halves, (court.recorder, Recorder()), strict=True))
    order = -1 if court.graded_first else 1
    tried = [
        _try(check, blank, evidence, court, {"sealed": half, "report": recorder})
        for half, recorder in parts[::order]
    ]
    shown, graded = tried[::order]
    if shown.outcome in ("waiting", "broken"):
        return shown
    score = court.recorder.score
    shown = replace(shown, score=score)
    if shown.outcome == graded.outcome:
        return shown
    side, other = "the goal is reached", "below the goal" if score else "it is missed"
    seen, side = (side, other) if shown.outcome == "passed" else (other, side)
    said = f"On the part we show: {percent(score.value) if score else seen}. "
    said += f"On the part that counts: {side}."
    return replace(shown, outcome=graded.outcome, advice=said)


def _gather(check: Check, ask: Ask) -> dict[str, Any]:
    """Return the evidence for a check; what is optional may be missing."""
    evidence = {}
    for name in check.variables:
        reply = values.described(ask({"do": "get", "name": name}), name)
        if str(reply.get("is")) != "missing":
            evidence[name] = values.stand_in(reply, name, ask)
        elif name not in check.optional:
            raise AssertionError(
                f"There is no variable or function called {name}. "
                "Was it renamed, or its cell removed?"
            )
    return evidence


def _try(
    check: Check,
    blank: Result,
    evidence: dict[str, Any],
    court: Court,
    own: dict[str, Any],
) -> Result:
    given = {**evidence, **own, "goal": court.goal}
    try:
        with _quiet():
            check.function(**{n: given[n] for n in check.parameters if n in given})
    except Exception as error:
        return _excuse(error, blank, evidence)
    return blank


def _excuse(error: Exception, blank: Result, evidence: dict[str, Any]) -> Result:
    """Return the verdict that an exception stands for."""
    if isinstance(error, values.Blank):
        return replace(blank, outcome="waiting", advice="There is still a blank here.")
    if isinstance(error, AssertionError):
        said = str(error) or "This does not hold yet."
    elif isinstance(error, values.LearnerError | Gone):
        said = str(error)
    elif evidence or isinstance(error, values.Unfit):
        said = _unfit(error, evidence)
    else:
        return replace(blank, outcome="broken", advice=_own(error))
    return replace(blank, outcome="failed", advice=said[:MAX_ADVICE])


def _unfit(error: Exception, evidence: dict[str, Any]) -> str:
    found = ", ".join(f"{name} is {kind_of(item)}" for name, item in evidence.items())
    text = str(error).split("\n")[0][:200]
    return (
        f"This could not be looked at: {found or 'an answer had an unknown form'}. "
        f"Compare it with what the task asks for. ({type(error).__name__}: {text})"
    )


def kind_of(value: Any) -> str:
    """Return what a person calls a piece of evidence."""
    if value is None:
        return "None"
    if isinstance(value, values.Other):
        return f"a {value.kind}"
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"an array of shape {tuple(value.shape)}"
    if isinstance(value, str):
        return "text"
    names = {"bool": "True or False", "int": "a number", "float": "a number"}
    return names.get(type(value).__name__, f"a {type(value).__name__.lower()}")


def _own(error: Exception) -> str:
    text = f"{type(error).__name__}: {error}"[:500]
    return f"This check itself went wrong, which is not your fault. ({text})"


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Let a check compute with NaN and the like without warnings in between."""
    import numpy as np

    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
