"""What a network considers is drawn as bars, the likeliest first, with numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshop import display


def bars(
    probabilities: Any, names: Sequence[str], title: str | None = None, count: int = 10
) -> None:
    """Show the `count` largest probabilities as bars with their names.

    `probabilities` has one number for each of the `names`. ValueError where their
    numbers differ.
    """
    import numpy as np

    values = np.asarray(probabilities, dtype=float).ravel()
    if len(values) != len(names):
        raise ValueError(
            f"bars needs one name for each number; it got {len(values):,} numbers and "
            f"{len(names):,} names."
        )
    best = np.argsort(-np.nan_to_num(values), kind="stable")[:count]
    if not len(best):
        display.say("There is nothing to show.")
        return
    _draw([values[i] for i in best], [names[i] or "(empty)" for i in best], title)


def _draw(values: list[float], names: list[str], title: str | None) -> None:
    with display.style():
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 0.5 + 0.28 * len(values)), layout="constrained")
        axes = figure.subplots()
        places = range(len(values))
        axes.barh(places, values, color=display.BLUE, height=0.7)
        for place, value in zip(places, values, strict=True):
            axes.annotate(
                f"{value:.1%}".replace("%", " %"),
                (value, place),
                (4, 0),
                textcoords="offset points",
                va="center",
            )
        axes.set_yticks(list(places), names)
        axes.tick_params(length=0)
        axes.invert_yaxis()
        axes.set_xticks([])
        axes.set_xlim(0, 1.15 * max(*values, 1e-9))
        axes.spines["bottom"].set_visible(False)
        axes.set_title(title or "")
        display.show(figure, "bars", f"{title or 'Probabilities'}: {', '.join(names)}")
