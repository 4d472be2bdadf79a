"""How unseen items were answered: one score, and what a person can learn from it.

A check hands the answers to its `report`; accuracy, interval, confusion and the worst
mistakes follow from the same numbers. What the graded half shows is never recorded.
"""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workshop.results import Answers, Mistake, Score

if TYPE_CHECKING:
    from workshop.data import Sealed

MISTAKES = 12
Z = 1.959964  # 97.5 % point of the normal distribution
MOST_CURVES, LONGEST_CURVE, LONGEST_NAME = 32, 2_000, 100


@dataclass
class Recorder:
    """The parameter `report` of a check: `answers` and `curves` are what it records."""

    score: Score | None = None
    shown: Answers | None = None
    metrics: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def answers(self, sealed: Sealed, probabilities: Any, weights: Any = None) -> float:
        """Return the share of right answers, from 0 to 1.

        `probabilities` has one row for each sealed item and one column for each
        class; the largest value of a row is the answer. `weights` (n,) say how much
        each item counts. AssertionError says what else was found.
        """
        import numpy as np

        table = _table(probabilities, len(sealed.labels), len(sealed.classes))
        picked = table.argmax(axis=1)
        right = picked == sealed.labels
        accuracy = float(np.average(right, weights=weights))
        self.score = wilson(accuracy, len(np.unique(sealed.groups)))
        self.shown = _answers(sealed, table, picked)
        return accuracy

    def curves(self, history: Any) -> None:
        """Record the metrics per epoch of a training history (or a dict of lists).

        What is longer than any training makes it is cut: a page shows it.
        """
        metrics = getattr(history, "metrics", history)
        if isinstance(metrics, dict):
            for name, values in [*metrics.items()][:MOST_CURVES]:
                if isinstance(values, list | tuple):
                    kept = values[:LONGEST_CURVE]
                    if all(map(_number, kept)):
                        self.metrics[str(name)[:LONGEST_NAME]] = tuple(map(float, kept))


def wilson(share: float, n: int) -> Score:
    """Return a score, rounded down to whole per cent, with its 95 % interval.

    The interval is that of the rounded score: an exact one would tell more than what
    is shown, and a score shown exactly can be climbed by trying.
    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
    inference", JASA 22 (1927), 209-212.
    """
    share = math.floor(share * 100 + 1e-9) / 100
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    spread = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    half = spread / (1 + Z * Z / n)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return Score(share, round(low, 4), round(high, 4), n)


def _table(values: Any, rows: int, columns: int) -> Any:
    import numpy as np

    expected = f"one row of {columns} numbers for each of the {rows:,} items"
    kind = type(values).__name__ if not hasattr(values, "kind") else values.kind
    try:
        table = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise AssertionError(f"Expected {expected}; found {kind}.") from None
    found = f"an array of shape {table.shape}" if table.ndim else kind
    assert table.shape == (rows, columns), f"Expected {expected}; found {found}."
    assert np.isfinite(table).all(), (
        "Some of the answers are not numbers (NaN or infinity). Did the loss become "
        "NaN in training? A smaller learning rate often helps."
    )
    return table


def _answers(sealed: Sealed, table: Any, picked: Any) -> Answers:
    import numpy as np

    k, pictures = len(sealed.classes), None if sealed.private else sealed.images
    counts = np.zeros((k, k), int)
    np.add.at(counts, (sealed.labels, picked), 1)
    confidence = _shares(table).max(axis=1)
    wrong = np.flatnonzero(picked != sealed.labels)
    worst = wrong[np.argsort(-confidence[wrong], kind="stable")][:MISTAKES]
    return Answers(
        sealed.classes,
        tuple(tuple(map(int, row)) for row in counts),
        tuple(
            Mistake(
                "" if pictures is None else png(pictures[i]),
                sealed.classes[int(sealed.labels[i])],
                sealed.classes[int(picked[i])],
                round(float(confidence[i]), 4),
            )
            for i in worst
        ),
    )


def _shares(table: Any) -> Any:
    """Return rows that sum to one: other scores than probabilities by softmax."""
    import numpy as np

    if table.min() >= 0 and np.allclose(table.sum(axis=1), 1, atol=0.01):
        return table
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def png(image: Any) -> str:
    """Return a uint8 picture, (h, w) or (h, w, channels), as PNG in base64."""
    from PIL import Image

    picture = Image.fromarray(image.squeeze())
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return base64.b64encode(stream.getvalue()).decode()


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
