"""How a class is spread: a bar for every tenth of the points, its number on top.

One colour and no scale to read: the numbers stand on the bars, and in a table beside.
"""

from __future__ import annotations

from collections.abc import Sequence

_BINS = 10
_WIDTH, _HEIGHT = 480, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 468, 26, 206
_STEP = (_RIGHT - _LEFT) / _BINS


def histogram(shares: Sequence[float]) -> str:
    """Return shares from 0 to 1 as bars and as a table; 1 belongs to the last bar."""
    counts = count(shares)
    label = f"Shares of the points of {len(shares)} people, in tenths."
    bars = "\n".join(_bar(i, n, max(counts)) for i, n in enumerate(counts))
    marks = "\n".join(_mark(i) for i in range(0, _BINS + 1, 2))
    return f"""<div class="beside"><figure class="histogram">
<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{label}">
<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{_BOTTOM}" y2="{_BOTTOM}"/>
{bars}
{marks}
<text x="{_WIDTH / 2:g}" y="{_HEIGHT - 4}" text-anchor="middle">share of points</text>
</svg></figure>
{_table(counts)}</div>"""


def count(shares: Sequence[float]) -> list[int]:
    """Return how many shares lie in each tenth from 0 to 1, its upper end left out."""
    counts = [0] * _BINS
    for share in shares:
        counts[min(int(share * _BINS + 1e-9), _BINS - 1)] += 1
    return counts


def _bar(number: int, people: int, most: int) -> str:
    height = (_BOTTOM - _TOP) * people / max(most, 1)
    x, y = _LEFT + _STEP * number, _BOTTOM - height
    middle = f'x="{x + _STEP / 2:.1f}" text-anchor="middle"'
    kind = "count" if people else "none"
    return (
        f'<rect x="{x + 3:.1f}" y="{y:.1f}" width="{_STEP - 6:.1f}" '
        f'height="{height:.1f}"/><text class="{kind}" {middle} y="{y - 7:.1f}">'
        f"{people}</text>"
    )


def _mark(number: int) -> str:
    x = _LEFT + _STEP * number
    anchor = {0: "start", _BINS: "end"}.get(number, "middle")
    y = _BOTTOM + 20
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}">{10 * number} %</text>'


def _table(counts: list[int]) -> str:
    rows = "\n".join(
        f'<tr><th scope="row" class="first">{10 * i} to {10 * i + 10} %</th>'
        f"<td>{people}</td></tr>"
        for i, people in enumerate(counts)
    )
    return f"""<table class="numbers">
<caption><span>The same in numbers</span></caption>
<thead><tr><th scope="col" class="first">share</th><th scope="col">people</th></tr>
</thead>
<tbody>
{rows}
</tbody>
</table>"""
