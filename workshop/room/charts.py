"""A chart of a session is rows of a table whose cells hold bars: text stays text.

Places on a time axis are shares of the width in per cent, so that a chart is as wide as
its page, on a phone and on paper, without its dots becoming ovals or its words small.
Shapes differ as well as colours, and each number stands beside in words.
"""

from __future__ import annotations

import datetime
import math
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from workshop.room.agenda import MINUTE
from workshop.room.timing import Row

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440)
MOST_TICKS = 9
LANES = 5
"""Heights between which dots alternate, so that equal ones are seen as several."""

PATTERNS = """<svg class="patterns" width="0" height="0" aria-hidden="true">
<pattern id="over" width="6" height="6" patternUnits="userSpaceOnUse"
patternTransform="rotate(45)"><rect width="6" height="6" class="over"/>
<rect width="2" height="6" class="stripe"/></pattern>
<pattern id="paused" width="5" height="5" patternUnits="userSpaceOnUse">
<circle cx="2.5" cy="2.5" r="1.1" class="dots"/></pattern></svg>"""


@dataclass(frozen=True)
class Axis:
    """A stretch of time in seconds since 1970, with round times of the day on it."""

    begin: float
    end: float

    def share(self, at: float) -> float:
        """Return where a moment lies, in per cent of the width."""
        whole = max(self.end - self.begin, 1.0)
        return min(max(100 * (at - self.begin) / whole, 0.0), 100.0)

    @property
    def ticks(self) -> list[float]:
        minutes = (self.end - self.begin) / MINUTE
        fitting = (step for step in STEPS if minutes / step <= MOST_TICKS)
        step = next(fitting, STEPS[-1]) * MINUTE
        day = datetime.datetime.fromtimestamp(self.begin)
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        first = math.ceil((self.begin - midnight) / step)
        last = math.floor((self.end - midnight) / step)
        return [midnight + step * i for i in range(first, last + 1)]


def clock(at: float) -> str:
    """Return a moment by the clock of this machine: "09:05"."""
    return f"{datetime.datetime.fromtimestamp(at):%H:%M}"


def times(axis: Axis) -> str:
    """Return the times of an axis, each over its line; for the eye only."""
    return _marks((axis.share(at), clock(at)) for at in axis.ticks)


def scale(most: float) -> str:
    """Return the numbers from 0 to `most` over a row of dots; for the eye only."""
    step = next((one for one in STEPS if most / one <= 6), STEPS[-1])
    values = range(0, math.floor(most) + 1, step)
    return _marks((_within(value / most), str(value)) for value in values)


def _marks(texts: Iterable[tuple[float, str]]) -> str:
    """Return texts at shares of the width in per cent, none beyond its ends."""
    marks = "".join(
        f'<span class="{_edge(share)}" style="left:{share:.2f}%">{text}</span>'
        for share, text in texts
    )
    return f'<div class="times" aria-hidden="true">{marks}</div>'


def _edge(share: float) -> str:
    return "first" if share < 4 else "last" if share > 96 else ""


def entry(row: Row, axis: Axis) -> str:
    """Return an entry of the agenda: planned above, as it was below."""
    plan_end = row.begins + row.planned * MINUTE
    bars = [_bar("plan", axis, (row.begins, plan_end), 20, 18)]
    left = row.planned * MINUTE
    for begin, end in row.spans:
        turn = min(end, begin + max(left, 0.0))
        left -= end - begin
        bars.append(_bar("took", axis, (begin, turn), 46, 36))
        bars.append(_bar("over", axis, (turn, end), 46, 36))
    bars += [_bar("paused", axis, pause, 46, 36) for pause in row.pauses]
    return (
        f'<svg class="lines" aria-hidden="true">{_lines(axis)}</svg>'
        f'<svg class="track" aria-hidden="true">{"".join(bars)}</svg>'
    )


def _bar(
    kind: str, axis: Axis, span: tuple[float, float], top: int, height: int
) -> str:
    begin, end = (axis.share(at) for at in span)
    if end <= begin:
        return ""
    return (
        f'<rect class="{kind}" x="{begin:.2f}%" width="{end - begin:.2f}%" '
        f'y="{top}%" height="{height}%"/>'
    )


def _lines(axis: Axis) -> str:
    return "".join(
        f'<line class="rule" x1="{x}%" x2="{x}%" y1="0" y2="100%"/>'
        for x in (f"{axis.share(at):.2f}" for at in axis.ticks)
    )


def dots(values: Sequence[float], most: float, plan: float | None = None) -> str:
    """Return values from 0 to `most` as dots, with their median and what was planned.

    For the eye only.
    """
    parts = ['<line class="rule" x1="0" x2="100%" y1="50%" y2="50%"/>']
    for number, value in enumerate(sorted(values)):
        y = 26 + 48 * (number % LANES) / (LANES - 1) if len(values) > 1 else 50
        parts.append(
            f'<circle class="one" cx="{_within(value / most):.2f}%" cy="{y:g}%" r="4"/>'
        )
    if plan is not None:
        parts.append(_upright("plan", plan / most))
    if values:
        parts.append(_upright("median", statistics.median(values) / most))
    return f'<svg class="track strip" aria-hidden="true">{"".join(parts)}</svg>'


def _upright(kind: str, share: float) -> str:
    x = f"{_within(share):.2f}%"
    return f'<line class="{kind}" x1="{x}" x2="{x}" y1="8%" y2="92%"/>'


def _within(share: float) -> float:
    """Return a share of the width in per cent that leaves a dot inside."""
    return 1 + 98 * min(max(share, 0.0), 1.0)


def presence(counts: Sequence[tuple[float, int]], axis: Axis) -> str:
    """Return how many people were there over time as an area, with times and most."""
    most = max(count for _, count in counts)
    top = _rounded(most)
    heights = [(axis.share(at) * 10, 200 - 190 * count / top) for at, count in counts]
    line = " ".join(_steps(heights))
    first, last = heights[0][0], heights[-1][0]
    marks = "".join(
        f'<span style="inset-block-end:{95 * share:.1f}%">{top * share:g}</span>'
        for share in (0.5, 1)
    )
    return f"""<div class="chart"><div class="levels" aria-hidden="true">{marks}</div>
<div class="area"><svg viewBox="0 0 1000 200" preserveAspectRatio="none" role="img"
aria-label="At most {most} people were there at once.">{_grid(axis)}
<path class="fill" d="M{first:.1f} 200 L{line} L{last:.1f} 200 Z"/>
<path class="edge" d="M{line}"/></svg>
{times(axis)}</div></div>"""


def _steps(heights: Sequence[tuple[float, float]]) -> Iterator[str]:
    """Yield the corners of a line that keeps its height until the next moment."""
    yield f"{heights[0][0]:.1f} {heights[0][1]:.1f}"
    for (_, before), (x, y) in pairwise(heights):
        yield f"{x:.1f} {before:.1f}"
        if y != before:
            yield f"{x:.1f} {y:.1f}"


def _grid(axis: Axis) -> str:
    upright = (f"M{axis.share(at) * 10:.1f} 0 V200" for at in axis.ticks)
    return f'<path class="rule" d="{" ".join(upright)} M0 10 H1000 M0 105 H1000"/>'


def _rounded(most: int) -> int:
    """Return a number from `most` upwards whose half is whole as well."""
    step = 2 if most < 20 else 20
    return step * math.ceil(most / step)
