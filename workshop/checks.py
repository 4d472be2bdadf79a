"""What the checks of many lessons look at is looked at in one way.

An assessment is written by an author and judged in the grader: these are the words it
has for shapes, outputs, layers and curves. Every advice says what was seen and what to
try. NumPy alone; what a learner made is evidence (see `evidence.values`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from workshop.evidence.values import Function, Layer, LearnerError, Model

NORMALISATIONS = {"BatchNormalization", "GroupNormalization", "LayerNormalization"}
DROPOUTS = {"Dropout", "SpatialDropout2D", "AlphaDropout", "GaussianDropout"}
SCALERS = NORMALISATIONS | {"Normalization", "Rescaling"}
SCALERS |= {"Divide", "Multiply", "TrueDivide"}
SHAPERS = {"ExpandDims", "Flatten", "GetItem", "Reshape", "Squeeze", "Stack"}
STRAIGHT = SCALERS | DROPOUTS | SHAPERS
STRAIGHT |= {"Add", "Cast", "GaussianNoise", "InputLayer", "Subtract"}
"""Layers and operations that, stacked on others, can do no more than those alone."""


def pictures(count: int = 20, side: int = 28, channels: int = 0) -> Any:
    """Return soft random blots, uint8, each from 0 up to 255.

    The shape is (count, side, side), and (…, channels) where that is not 0.
    """
    shape = (count, side + 6, side + 6, max(channels, 1))
    noise = np.random.default_rng(1).random(shape)
    windows = np.lib.stride_tricks.sliding_window_view(noise, (7, 7), axis=(1, 2))
    soft = windows.mean(axis=(-2, -1))
    soft -= soft.min(axis=(1, 2), keepdims=True)
    made = np.rint(soft * 255 / soft.max(axis=(1, 2), keepdims=True)).astype(np.uint8)
    return made if channels else made[..., 0]


def answered(function: Function, given: Any, trouble: str) -> Any:
    """Return what a learner's function answers; where it raises, advise `trouble`."""
    try:
        return function(given)
    except LearnerError as error:
        said = f"({error.kind}: {error.text[:200]})"
        raise AssertionError(f"{trouble} {said}") from None


def array(value: Any, where: str) -> Any:
    """Return a result as an array of finite numbers, or say what was found."""
    assert value is not None, f"{where} gave None. Does the function end in `return`?"
    found = np.asarray(value)
    numbers = found.ndim > 0 and found.dtype.kind in "biuf"
    assert numbers, (
        f"{where} gave {getattr(value, 'kind', type(value).__name__)} where an array "
        "of numbers was expected."
    )
    assert np.isfinite(found).all(), f"{where} holds values that are not numbers (NaN)."
    return found


def flat(layers: Iterable[Layer]) -> list[Layer]:
    """Return layers with nested models opened up."""
    return [one for layer in layers for one in flat(layer.layers) or [layer]]


def before_the_outputs(model: Model) -> list[Layer]:
    """Return the layers between the input and the last dense layer."""
    layers = flat(model.layers)
    last = max((i for i, one in enumerate(layers) if one.kind == "Dense"), default=-1)
    return [layer for layer in layers[:last] if layer.kind != "InputLayer"]


def scales_by_itself(model: Model) -> bool:
    """Tell whether a layer before the first weights scales the pixels."""
    kinds = [layer.kind for layer in flat(model.layers)]
    start = next((i for i, k in enumerate(kinds) if k in ("Dense", "Conv2D")), 0)
    return not SCALERS.isdisjoint(kinds[:start])


def bends(layer: Layer) -> bool:
    """Tell whether a layer has an activation that is no straight line."""
    return layer.kind not in STRAIGHT and layer.settings.get("activation") != "linear"


def competes(layer: Layer) -> bool:
    """Tell whether the units of a layer share one sum, as probabilities do."""
    return "softmax" in (layer.kind.lower(), layer.settings.get("activation"))


def are_probabilities(answers: Any) -> bool:
    """Tell whether every row of (n, k) has no negative number and adds up to 1."""
    rows = np.asarray(answers)
    return bool(rows.min() >= -1e-6 and np.allclose(rows.sum(axis=-1), 1, atol=1e-2))


def probabilities(outputs: Any) -> Any:
    """Return rows (n, k) as probabilities: other scores go through softmax."""
    if are_probabilities(outputs):
        return outputs
    powers = np.exp(outputs - outputs.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def metrics(history: Any) -> Mapping[str, Sequence[float]]:
    """Return metric -> values per epoch, of a history or of its plain dict."""
    return getattr(history, "metrics", history) or {}


def last(
    found: Mapping[str, Sequence[float]], part: str, prefix: str = ""
) -> float | None:
    """Return the last value of the first metric whose name holds `part`, or None.

    With `prefix` "val_" a metric of validation, without it one of training.
    """
    names = [n for n in found if part in n and n.startswith("val_") == bool(prefix)]
    return found[names[0]][-1] if names and len(found[names[0]]) else None


def worth_keeping(found: Mapping[str, Sequence[float]]) -> list[float]:
    """Return validation accuracy of the epochs that callbacks take for the best.

    That is the highest, and that of the epoch with the lowest validation loss.
    """
    names = [n for n in found if "acc" in n and n.startswith("val_")]
    values = found[names[0]] if names else ()
    losses = found.get("val_loss", ())
    best = [values[int(np.argmin(losses))]] if len(losses) == len(values) > 0 else []
    return [max(values, default=0.0), *best]


def about_the_steps(model: Model | None) -> str:
    """Return a sentence on a learning rate far from usual ones, or nothing."""
    if model is None:
        return ""
    rate, wide = model.learning_rate or 0.001, 1 if model.optimizer == "sgd" else 0.02
    if 2e-5 < rate < wide:
        return ""
    steps = "jump over every valley" if rate > 1e-3 else "hardly move at all"
    return f"The learning rate is {rate:g}: steps of this size {steps}."
