"""Evidence made by hand for lessons that start from a pre-trained base."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import Any

import numpy as np

from workshop import checks, course, transfer
from workshop.evidence.values import Dataset, History, Layer, Model

SIDE = 24
PHOTOS = checks.pictures(60, side=SIDE, channels=3)
TRAIN, VALID = PHOTOS[:40].astype(np.float32), PHOTOS[40:].astype(np.float32)
HISTORY = {"loss": (0.7, 0.3), "accuracy": (0.6, 0.9), "val_accuracy": (0.6, 0.92)}


@cache
def _checks(stem: str) -> dict[str, Any]:
    return {check.name: check.function for check in course.load().find(stem).checks}


def advice(stem: str, name: str, **evidence: Any) -> str:
    """Return what a check of a lesson says; nothing where it is content."""
    return said(_checks(stem)[name], **evidence)


def said(check: Any, *evidence: Any, **named: Any) -> str:
    """Return what a check says; nothing where it is content."""
    try:
        check(*evidence, **named)
    except AssertionError as error:
        return str(error)
    return ""


def dataset(photos: Any, labels: Any = None, size: int = 20) -> Dataset:
    """Return the stand-in of a data set in batches."""
    labels = np.zeros(len(photos)) if labels is None else labels
    starts = range(0, len(photos), size)
    pairs = [(photos[i : i + size], labels[i : i + size]) for i in starts]
    answer = lambda request: {"value": pairs[: request["count"]]}  # noqa: E731
    return Dataset("spec", len(pairs), None, answer, "photos")


def ever_new(photos: Any, size: int = 20) -> Dataset:
    """Return the stand-in of a data set that turns photos otherwise at each reading."""
    turns = count()

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        turned = np.roll(photos.transpose(0, 2, 1, 3), next(turns), axis=1)
        return dataset(turned, size=size)._ask(request)

    return Dataset("spec", -(-len(photos) // size), None, answer, "photos")


def layer(kind: str, **settings: Any) -> Layer:
    return Layer(kind, kind.lower(), settings, True, 1, 1, None, ())


BASE = layer("Conv2D", activation="relu")


def model(answer: Any, *layers: Layer, **changes: Any) -> Model:
    """Return the stand-in of a compiled model: base, layers, what it answers."""
    facts: dict[str, Any] = {
        "compiled": True,
        "loss": "binary_crossentropy",
        "from_logits": True,
        "optimizer": "adam",
        "learning_rate": 0.0001,
        "metrics": (),
        "measures": ({"kind": "BinaryAccuracy", "settings": {"threshold": 0}},),
        "input_shape": (None, SIDE, SIDE, 3),
    }
    return Model(
        *("Functional", "model", {}, True, 1000, 10, (None, 1)),
        layers or (BASE, layer("Dense", activation="linear")),
        **(facts | changes),
        _ask=lambda request: {"value": answer(request["array"])},
    )


def score(batch: Any) -> Any:
    """Return a score (n, 1) for what `vgg_input` made."""
    return batch.mean(axis=(1, 2))[:, :1] / 20


def history(**changes: Any) -> History:
    metrics = {**HISTORY, **changes}
    return History({name: v for name, v in metrics.items() if v is not None}, 2)


PREPARED = transfer.vgg_input(VALID)
