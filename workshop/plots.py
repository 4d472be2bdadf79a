"""Figures that a lesson needs, each one call: a gallery, curves, the worst mistakes.

Pictures are drawn with the brightness the network sees, one inch each, captions below;
curves carry their names and last values at their ends instead of a legend. Colours are
those of Okabe and Ito (https://jfly.uni-koeln.de/color/), darkened for text; dashes,
marks and words say the same, so no colour is needed. Where a figure goes is decided in
`display`; matplotlib is imported when needed and its global state left alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workshop import display
from workshop import labels as read
from workshop.bars import bars as bars

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_PICTURES = 48
_MOST_PANELS = 4
_WIDEST = 24  # letters of a caption in one line
_LINES = {
    "training": (display.BLUE, "-", "o"),
    "validation": (display.ORANGE, "--", "s"),
}

_WRONG = display.ORANGE
_LINE, _LETTER, _WIDE_LETTER = 0.17, 0.082, 0.1  # inches
_CAPTION: Any = {"size": 9, "ha": "center", "va": "baseline", "linespacing": 1.25}

Caption = tuple[str, str]  # text, colour


def gallery(
    images: Any,
    labels: Any = None,
    predictions: Any = None,
    classes: Sequence[str] | None = None,
    title: str | None = None,
) -> None:
    """Show up to 48 images in rows, with their labels and what was predicted.

    `images` are n pictures of shape (height, width), (height, width, 1 or 3) or rows
    of a square picture, as whole numbers from 0 to 255 or as floats. `labels` are
    class numbers or names, `predictions` also probabilities of shape (n, classes).
    A wrong prediction stands in orange, with the truth beside it. ValueError where
    the lengths differ or an image has another shape.
    """
    shown = min(len(images), _MOST_PICTURES)
    _same_length("gallery", images, labels, predictions)
    blank = [""] * len(images)
    truths = blank if labels is None else read.names(labels, classes)
    answers = blank if predictions is None else read.names(predictions, classes)
    captions = [_caption(*pair) for pair in zip(truths, answers, strict=True)]
    if title is None and shown < len(images):
        title = f"The first {shown} of {len(images):,}"
    _pictures("gallery", images[:shown], captions[:shown], title)


def mistakes(
    images: Any,
    labels: Any,
    probabilities: Any,
    classes: Sequence[str] | None = None,
    count: int = 12,
) -> None:
    """Show the wrong answers given with the most confidence, the most confident first.

    `probabilities` has shape (n, classes), or (n,) for two classes. ValueError where
    the lengths differ.
    """
    import numpy as np

    _same_length("mistakes", images, labels, probabilities)
    truths, answers = read.numbers(labels), read.numbers(probabilities)
    sure = read.confidence(probabilities)
    wrong = np.flatnonzero(truths != answers)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:count]
    if not len(worst):
        display.say(f"No mistakes among {len(truths):,} pictures.")
        return
    true, said = read.names(truths, classes), read.names(answers, classes)
    captions = [
        (f"{_taken(true[i], said[i])}\n{math.floor(100 * sure[i])} % sure", _WRONG)
        for i in worst
    ]
    title = _how_many(len(worst), len(wrong), len(truths))
    _pictures("mistakes", [images[int(i)] for i in worst], captions, title)


def curves(history: Any) -> None:
    """Show how each metric went, epoch by epoch, on training and validation data.

    `history` is what `model.fit` returns, or a dict of metric to values; `val_loss`
    is drawn beside `loss`. The last value of each line is written at its end.
    """
    values: Mapping[str, Sequence[float]] = getattr(history, "history", history)
    metrics = [name for name in values if not _validates(name, values)]
    metrics = sorted(metrics, key=lambda name: name != "loss")
    metrics = [name for name in metrics if len(values[name])][:_MOST_PANELS]
    if not metrics:
        display.say("No epoch has finished, so there are no curves yet.")
        return
    with display.style():
        from matplotlib.figure import Figure
        from matplotlib.layout_engine import ConstrainedLayoutEngine

        size = (4.6 * len(metrics), 3.3)
        layout = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.12, wspace=0.04)
        figure = Figure(figsize=size, layout=layout)
        panels = figure.subplots(1, len(metrics), squeeze=False)[0]
        for name, axes in zip(metrics, panels, strict=True):
            _panel(axes, name, values[name], values.get(f"val_{name}", ()))
        display.show(figure, "curves", f"Learning curves: {', '.join(metrics)}")


# Pictures in rows


def _pictures(
    kind: str, images: Any, captions: list[Caption], title: str | None
) -> None:
    """Draw images in rows of equal squares, each above its caption."""
    pictures = [_picture(image, kind) for image in images]
    if not pictures:
        display.say("There is no picture to show.")
        return
    low, high = _limits([picture for picture in pictures if picture.ndim == 2])
    with display.style():
        figure, cells = _grid([text for text, _ in captions], title)
        for axes, picture, (text, colour) in zip(
            cells, pictures, captions, strict=True
        ):
            axes.set_axis_off()
            axes.imshow(picture, "gray", vmin=low, vmax=high, interpolation="nearest")
            below = 0.01 + _LINE * (text.count("\n") + 1)
            axes.figure.text(*_under(axes, below), text, color=colour, **_CAPTION)
        display.show(figure, kind, title or f"{len(pictures)} pictures")


def _grid(captions: list[str], title: str | None) -> tuple[Figure, list[Axes]]:
    """Return a figure with a cell of one inch for each caption; all sizes in inches."""
    from matplotlib.figure import Figure

    lines = [line for caption in captions for line in caption.split("\n")]
    deep = max(caption.count("\n") + 1 for caption in captions)
    below = 0.06 + _LINE * deep if any(captions) else 0.0
    across, down = max(1.12, 0.12 + _LETTER * max(map(len, lines))), 1.12 + below
    columns = _columns(len(captions))
    top, width = 0.45 if title else 0.12, columns * across + 0.12
    height = top + math.ceil(len(captions) / columns) * down
    figure = Figure(figsize=(max(width, _WIDE_LETTER * len(title or "")), height))
    width = figure.get_figwidth()
    left = 0.06 + (across - 1) / 2
    if title:
        figure.text(left / width, 1 - 0.14 / height, title, weight="bold", va="top")
    cells = []
    for index in range(len(captions)):
        row, column = divmod(index, columns)
        x, y = left + column * across, height - top - row * down - 1
        cells.append(figure.add_axes((x / width, y / height, 1 / width, 1 / height)))
    return figure, cells


def _under(axes: Axes, inches: float) -> tuple[float, float]:
    """Return the place below the middle of a cell, in shares of the figure."""
    box = axes.get_position(original=True)
    return (box.x0 + box.x1) / 2, box.y0 - inches * box.height


def _picture(image: Any, kind: str) -> np.ndarray:
    """Return an image as (height, width) or (height, width, 3)."""
    import numpy as np

    picture = np.asarray(image)
    side = math.isqrt(picture.size)
    if picture.ndim == 1 and side * side == picture.size > 0:
        picture = picture.reshape(side, side)
    if picture.ndim == 3 and picture.shape[-1] == 1:
        picture = picture[..., 0]
    grey = picture.ndim == 2
    if picture.size == 0 or not (grey or (picture.ndim == 3 and picture.shape[2] == 3)):
        raise ValueError(
            f"{kind} shows images of shape (height, width) or (height, width, 3); "
            f"one of these has shape {np.shape(image)}."
        )
    picture = np.nan_to_num(picture, posinf=0, neginf=0)
    if grey:
        return picture.astype(float)
    whole = picture.dtype.kind in "iu" or float(picture.max()) > 1
    return np.clip(picture / 255 if whole else picture, 0, 1)


def _limits(greys: list[np.ndarray]) -> tuple[float, float]:
    """Return which numbers are black and white: 0 to 255, 0 to 1, or what is there."""
    low = min((float(grey.min()) for grey in greys), default=0.0)
    high = max((float(grey.max()) for grey in greys), default=1.0)
    if low >= 0 and high <= 255:
        return 0.0, 1.0 if high <= 1 else 255.0
    return low, high


def _columns(count: int) -> int:
    """Return how many columns make even rows, ten at most."""
    if count <= 6:
        return count
    return next((c for c in (10, 9, 8, 7, 6) if count % c == 0), 10)


# Labels and answers


def _how_many(shown: int, wrong: int, total: int) -> str:
    if wrong == 1:
        return f"The only mistake among {total:,}"
    which = (
        f"All {wrong}" if shown == wrong else f"The {shown} most confident of {wrong:,}"
    )
    return f"{which} mistakes among {total:,}"


def _same_length(kind: str, images: Any, *others: Any) -> None:
    lengths = [len(images), *(len(other) for other in others if other is not None)]
    if len(set(lengths)) > 1:
        found = " and ".join(f"{length:,}" for length in lengths)
        raise ValueError(f"{kind} needs one label for each image; it got {found}.")


def _caption(truth: str, answer: str) -> Caption:
    if truth and answer and truth != answer:
        return _taken(truth, answer), _WRONG
    return answer + " ✓" if truth and answer else truth or answer, display.INK


def _taken(truth: str, answer: str) -> str:
    """Return what a picture was taken for, in two lines where one would be wide."""
    words = f"{truth}, taken for {answer}"
    return words if len(words) <= _WIDEST else f"{truth},\ntaken for {answer}"


# Curves


def _validates(name: str, values: Mapping[str, Sequence[float]]) -> bool:
    return name in ("learning_rate", "lr") or (
        name.startswith("val_") and name[4:] in values
    )


def _panel(
    axes: Axes, name: str, training: Sequence[float], validation: Sequence[float]
) -> None:
    """Draw one metric: both lines, light rules, whole epochs, values at the ends."""
    from matplotlib.ticker import MaxNLocator

    lines = {"training": training, "validation": validation}
    for kind, line in lines.items():
        colour, dash, mark = _LINES[kind]
        epochs = range(1, len(line) + 1)
        every = max(1, len(line) // 12)
        axes.plot(epochs, line, dash, color=colour, marker=mark, markevery=every, ms=4)
    last = max(map(len, lines.values()))
    pad = 0.04 * last
    axes.set(title=name, xlabel="epoch", xlim=(1 - pad, last + pad))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6, min_n_ticks=1))
    axes.grid(axis="y", color="#E3E7E4")
    axes.set_axisbelow(True)
    _end_labels(axes, lines)


def _end_labels(axes: Axes, lines: Mapping[str, Sequence[float]]) -> None:
    """Write each line's name and last value beside its end, kept apart."""
    low, high = axes.get_ylim()
    ends = [(float(line[-1]), kind) for kind, line in lines.items() if len(line)]
    share = [(v - low) / (high - low) if math.isfinite(v) else 0.5 for v, _ in ends]
    if len(share) == 2 and abs(share[0] - share[1]) < 0.08:
        up = 0.04 if share[0] >= share[1] else -0.04
        middle = sum(share) / 2
        share = [middle + up, middle - up]
    for (value, kind), height in zip(ends, share, strict=True):
        axes.annotate(
            f"{kind} {f'{value:.3f}' if math.isfinite(value) else 'not a number'}",
            (1.02, height),
            xycoords="axes fraction",
            color=_LINES[kind][0],
            weight="bold",
            va="center",
            annotation_clip=False,
        )
