"""The small VGG16 has the layers and names of the real one at an eighth of its width.

So a lesson can freeze `block5_conv3` in either. Its weights lie in the package in half
precision, with a record of how they were made; `workshop dev pretrain` makes both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SIDE = 96
SPREAD = 64.0  # of pixels around their mean, roughly
BLOCKS = ((8, 2), (16, 2), (32, 3), (64, 3), (64, 3))  # filters, convolutions
WEIGHTS = Path(__file__).parents[1] / "weights" / "vgg16_small.npz"


def network(classes: int | None) -> Any:
    """Return the untrained network: pictures (n, 96, 96, 3) to probabilities.

    With `classes=None` it ends at block5_pool (n, 3, 3, 64). Pictures come from
    `preprocess`. Weights begin after He et al. (2015),
    https://arxiv.org/abs/1502.01852: with Keras's default (Glorot) thirteen ReLU layers
    on end do not start to learn. The first layer allows for the spread of pixels.
    """
    import keras

    inputs = keras.Input((SIDE, SIDE, 3), name="input")
    outputs = _convolutions(inputs)
    if classes is not None:
        outputs = keras.layers.GlobalAveragePooling2D(name="average")(outputs)
        outputs = keras.layers.Dense(classes, "softmax", name="predictions")(outputs)
    return keras.Model(inputs, outputs, name="vgg16_small")


def _convolutions(tensor: Any) -> Any:
    from keras import initializers, layers

    spread = SPREAD  # what comes in; ReLU halves, He et al. double, so it stays 1
    for block, (filters, depth) in enumerate(BLOCKS, 1):
        for number in range(1, depth + 1):
            tensor = layers.Conv2D(
                filters,
                3,
                padding="same",
                activation="relu",
                kernel_initializer=initializers.VarianceScaling(2 / spread**2),
                name=f"block{block}_conv{number}",
            )(tensor)
            spread = 1.0
        tensor = layers.MaxPooling2D(2, name=f"block{block}_pool")(tensor)
    return tensor


def record_path(weights: Path = WEIGHTS) -> Path:
    """Return where the record of a file of weights lies: beside it, as .json."""
    return weights.with_suffix(".json")


def record(weights: Path = WEIGHTS) -> dict[str, Any]:
    """Return how weights were made, with their `classes` and `kinds` of classes."""
    text = record_path(weights).read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def read(model: Any, weights: Path = WEIGHTS) -> None:
    """Give a network of `network` its trained weights."""
    import numpy as np

    with np.load(weights, allow_pickle=False) as kept:
        for name, variable in _variables(model):
            variable.assign(kept[name].astype(np.float32))


def write(model: Any, weights: Path) -> None:
    """Keep the weights of a network in half precision (2 bytes each)."""
    import numpy as np

    kept: dict[str, Any] = {n: np.float16(v) for n, v in _variables(model)}
    with weights.open("wb") as file:
        np.savez(file, **kept)


def _variables(model: Any) -> Iterator[tuple[str, Any]]:
    for layer in model.layers:
        for variable in layer.weights:
            yield f"{layer.name}.{variable.name}", variable
