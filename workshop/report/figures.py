"""Figures of a page are drawn by hand, as SVG and tables, without matplotlib.

Three lines on a grid need no plotting library: by hand they take the page's colours
in light and dark, hold real text for screen readers, and cost no import. Colours are
those of Okabe and Ito (https://jfly.uni-koeln.de/color/); each line also has its own
dashes and its own label, and every number stands in a table as well.
"""

from __future__ import annotations

import base64
import binascii
import math
from collections.abc import Sequence
from html import escape

from workshop.report import words
from workshop.results import Answers, Mistake, Score, percent

_WIDTH, _HEIGHT = 420, 242
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 288, 14, 196
_LABEL_GAP = 15
_LARGEST = 1e100
_MANY_CLASSES = 14
_PNG = b"\x89PNG\r\n\x1a\n"

Curve = tuple[float, ...]


def quote(text: str) -> str:
    """Return any text as HTML: visible characters only, nothing that acts."""
    return escape(words.visible(text))


def score(score: Score) -> str:
    """Return a score as a bar from 0 to 100 % with its interval, and in words."""
    low, high, value = (100 * _share(x) for x in (score.low, score.high, score.value))
    text = words.score(score)
    return f"""<p class="score"><svg viewBox="0 0 100 10" preserveAspectRatio="none"
aria-hidden="true"><rect y="2" width="100" height="6" fill="var(--line)"/>
<rect y="2" width="{value:.1f}" height="6" fill="var(--training)"/>
<rect x="{low:.1f}" y="4.5" width="{max(high - low, 0.5):.1f}" height="1"
fill="var(--ink)"/><rect x="{low:.1f}" width="1" height="10" fill="var(--ink)"/>
<rect x="{max(high - 1, low):.1f}" width="1" height="10" fill="var(--ink)"/></svg>
<span>{quote(text)}</span></p>"""


def curves(history: dict[str, Curve]) -> str:
    """Return a panel for each metric, training and validation, and their numbers."""
    metrics = [name for name in history if not _validates(name, history)]
    metrics.sort(key=lambda name: name != "loss")
    panels = [
        _panel(name, history[name], history.get(f"val_{name}", ()))
        for name in metrics
        if history[name]
    ]
    if not panels:
        return ""
    drawn = "\n".join(panels)
    return (
        f'<div class="panels">\n{drawn}\n</div>\n{_numbers(_paired(metrics, history))}'
    )


def confusion(answers: Answers) -> str:
    """Return the confusion matrix as a table shaded by each row's shares."""
    rows = answers.confusion
    if not rows:
        return ""
    names = [_class_name(answers.classes, index) for index in range(len(rows))]
    heads = "".join(f'<th scope="col">{_head(name)}</th>' for name in names)
    body = "\n".join(_confusion_row(names[i], i, row) for i, row in enumerate(rows))
    many = " many" if len(rows) > _MANY_CLASSES else ""
    return f"""{_scroll("Confusion matrix")}<table class="confusion{many}">
<caption><span>A row for each true class, a column for each answer. Right answers lie
on the diagonal, in blue; mistakes are orange; a stronger colour is a larger share of
its row.</span></caption>
<thead><tr><th scope="col">truth</th>{heads}<th scope="col" class="share">right</th>
</tr></thead>
<tbody>
{body}
</tbody>
</table></div>"""


def mistakes(mistakes: Sequence[Mistake]) -> str:
    """Return the wrong answers as pictures, with truth, answer and confidence."""
    rows = "\n".join(f"<li>{_mistake(mistake)}</li>" for mistake in mistakes)
    return rows and f'<ul class="mistakes">\n{rows}\n</ul>'


def ticks(low: float, high: float, count: int = 4) -> list[float]:
    """Return about `count` round numbers that enclose the range from low to high."""
    if high <= low:
        pad = abs(low) / 10 or 0.5
        low, high = low - pad, high + pad
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * k for k in (1, 2, 5, 10) if power * k >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * i for i in range(first, last + 1)]


def _paired(metrics: list[str], history: dict[str, Curve]) -> dict[str, Curve]:
    """Return the curves with each validation beside its metric."""
    names = [name for metric in metrics for name in (metric, f"val_{metric}")]
    return {name: history[name] for name in names if name in history}


def _validates(name: str, history: dict[str, Curve]) -> bool:
    return name.startswith("val_") and name[4:] in history


def _panel(name: str, training: Curve, validation: Curve) -> str:
    lines = {"training": training, "validation": validation}
    values = [v for line in lines.values() for v in line if _drawable(v)]
    marks = ticks(min(values), max(values)) if values else [0.0, 1.0]
    epochs = max(len(training), len(validation))
    drawn = [_line(kind, line, marks, epochs) for kind, line in lines.items() if line]
    label = f"{name} over {epochs} epochs. " + " ".join(
        f"{kind}: {_number(line[-1])} at the end."
        for kind, line in lines.items()
        if line
    )
    return f"""<figure>
<figcaption>{quote(name)}</figcaption>
<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{quote(label)}">
{_grid(marks, epochs)}
{"".join(drawn)}{_labels(lines, marks, epochs)}
</svg>
</figure>"""


def _grid(marks: list[float], epochs: int) -> str:
    parts = []
    for mark in marks:
        y = _y(mark, marks)
        parts.append(
            f'<line class="rule" x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}"/>'
        )
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{mark:g}</text>'
        )
    step = max(1, math.ceil(epochs / 6))
    for epoch in range(1, epochs + 1, step):
        x = _x(epoch, epochs)
        parts.append(
            f'<text x="{x}" y="{_BOTTOM + 18}" text-anchor="middle">{epoch}</text>'
        )
    middle = (_LEFT + _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 2}" text-anchor="middle">epoch</text>'
    )
    return "\n".join(parts)


def _line(kind: str, line: Curve, marks: list[float], epochs: int) -> str:
    """Return a line with a dot at each end; what is not a number leaves a gap."""
    path, pen_down = [], False
    for epoch, value in enumerate(line, start=1):
        if _drawable(value):
            point = f"{_x(epoch, epochs)} {_y(value, marks)}"
            path.append(f"{'L' if pen_down else 'M'}{point}")
        pen_down = _drawable(value)
    dots = "".join(
        f'<circle class="{kind}" cx="{_x(i, epochs)}" cy="{_y(v, marks)}" r="3"/>'
        for i, v in enumerate(line, start=1)
        if _drawable(v) and (epochs <= 12 or i == len(line))
    )
    return f'<path class="{kind}" d="{" ".join(path)}"/>{dots}' if path else ""


def _labels(lines: dict[str, Curve], marks: list[float], epochs: int) -> str:
    """Return each line's name and last value at its end, kept apart from the other."""
    ends = [(_end(line, marks), kind, line[-1]) for kind, line in lines.items() if line]
    placed, last = [], -math.inf
    for y, kind, value in sorted(ends, key=lambda end: end[0]):
        last = max(y, last + _LABEL_GAP)
        placed.append((last, kind, value))
    over = max(0.0, last - _BOTTOM)
    return "".join(
        f'<text class="{kind}" x="{_RIGHT + 9}" y="{y - over + 4:.1f}">'
        f"{kind} {_number(value)}</text>"
        for y, kind, value in placed
    )


def _end(line: Curve, marks: list[float]) -> float:
    drawn = [value for value in line if _drawable(value)]
    return _y(drawn[-1], marks) if drawn else _TOP


def _x(epoch: int, epochs: int) -> float:
    share = 0.5 if epochs == 1 else (epoch - 1) / (epochs - 1)
    return round(_LEFT + 8 + share * (_RIGHT - _LEFT - 12), 1)


def _y(value: float, marks: list[float]) -> float:
    share = (value - marks[0]) / (marks[-1] - marks[0])
    return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)


def _numbers(history: dict[str, Curve]) -> str:
    heads = "".join(f'<th scope="col">{quote(name)}</th>' for name in history)
    epochs = range(max(map(len, history.values())))
    rows = "\n".join(_number_row(history, epoch) for epoch in epochs)
    return f"""{_scroll("Numbers of the learning curves", "")}<table class="numbers">
<caption><span>The same in numbers; val_ is validation.</span></caption>
<thead><tr><th scope="col" class="first">epoch</th>{heads}</tr></thead>
<tbody>
{rows}
</tbody>
</table></div>"""


def _number_row(history: dict[str, Curve], epoch: int) -> str:
    values = [line[epoch : epoch + 1] for line in history.values()]
    cells = "".join(f"<td>{_number(v[0]) if v else ''}</td>" for v in values)
    return f'<tr><th scope="row" class="first">{epoch + 1}</th>{cells}</tr>'


def _confusion_row(name: str, truth: int, row: tuple[int, ...]) -> str:
    total = sum(row)
    cells = "".join(_cell(count, total, truth == i) for i, count in enumerate(row))
    right = percent(row[truth] / total) if total and truth < len(row) else "–"
    head, share = (
        f'<th scope="row">{quote(name)}</th>',
        f'<td class="share">{right}</td>',
    )
    return f"<tr>{head}{cells}{share}</tr>"


def _cell(count: int, total: int, hit: bool) -> str:
    if not count:
        return '<td class="none">0</td>'
    shade = math.sqrt(_share(count / total)) if total else 0
    kind = "hit" if hit else "miss"
    return f'<td class="{kind}" style="--shade:{shade:.2f}">{count}</td>'


def _class_name(classes: tuple[str, ...], index: int) -> str:
    return words.one_line(classes[index]) if index < len(classes) else str(index)


def _head(name: str) -> str:
    return f'<span class="tall">{quote(name)}</span>' if len(name) > 3 else quote(name)


def _scroll(label: str, kind: str = " whole") -> str:
    return f'<div class="scroll{kind}" role="region" aria-label="{label}" tabindex="0">'


def _mistake(mistake: Mistake) -> str:
    truth, answer = quote(mistake.truth), quote(mistake.answer)
    picture = '<span class="blank">no picture</span>'
    if _is_png(mistake.picture):
        alt = f"Shows {truth}, was taken for {answer}"
        picture = f'<img alt="{alt}" src="data:image/png;base64,{mistake.picture}">'
    sure = percent(mistake.confidence) if math.isfinite(mistake.confidence) else "NaN"
    return (
        f"<figure>{picture}<figcaption><strong>{truth}</strong>, taken for "
        f"<strong>{answer}</strong><br>{sure} sure</figcaption></figure>"
    )


def _is_png(picture: str) -> bool:
    try:
        return base64.b64decode(picture, validate=True).startswith(_PNG)
    except (binascii.Error, ValueError):
        return False


def _drawable(value: float) -> bool:
    return math.isfinite(value) and abs(value) < _LARGEST


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return (
        f"{value:.3f}" if abs(value) < 1000 and abs(value) >= 0.0005 else f"{value:.3g}"
    )
