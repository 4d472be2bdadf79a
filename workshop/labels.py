"""Labels and answers come in many forms; figures read them all as class numbers.

Whole numbers, one-hot rows, probabilities, a single sigmoid output: what a lesson has
at hand goes to a figure as it is. Names are cut where a caption would overflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_LONGEST_NAME = 15


def numbers(labels: Any) -> np.ndarray:
    """Return class numbers of shape (n,).

    `labels` are (n,) numbers or names, (n, k) one-hot or probabilities, or (n, 1)
    probabilities of the second of two classes.
    """
    import numpy as np

    values = np.asarray(labels)
    if values.ndim == 2 and values.shape[1] > 1:
        return np.argmax(values, axis=1)
    values = values.reshape(len(values))
    if values.dtype.kind != "f":
        return values
    whole = bool(np.all(values == np.round(values)))
    return values.astype(int) if whole else (values > 0.5).astype(int)


def names(labels: Any, classes: Sequence[str] | None = None) -> list[str]:
    """Return the name of each label, from `classes` where that is given."""
    return [_name(value, classes) for value in numbers(labels).tolist()]


def _name(value: Any, classes: Sequence[str] | None) -> str:
    known = () if classes is None else classes  # which may be an array
    named = isinstance(value, int) and 0 <= value < len(known)
    name = " ".join(str(known[value] if named else value).split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def confidence(probabilities: Any) -> np.ndarray:
    """Return the probability of each answer, shape (n,).

    Rows of (n, k) that are no probabilities go through softmax first; (n,) and (n, 1)
    are probabilities of the second of two classes.
    """
    import numpy as np

    values = np.asarray(probabilities, dtype=float)
    if values.ndim < 2 or values.shape[1] == 1:
        right = values.reshape(len(values))
        return np.clip(np.maximum(right, 1 - right), 0, 1)
    if values.min(initial=0) < 0 or values.max(initial=0) > 1.001:
        values = np.exp(values - values.max(axis=1, keepdims=True))
        values /= values.sum(axis=1, keepdims=True)
    return np.nan_to_num(np.minimum(values.max(axis=1), 1))
