"""The checks of lesson 3, on evidence made by hand: no TensorFlow, no training."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import asking
import numpy as np
import pytest

from workshop.evidence.values import History, Layer, Model
from workshop.recorder import Recorder

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])


advice = asking.lesson("03")


def layer(
    kind: str, *shape: int, parameters: int = 0, layers: Any = (), **settings: Any
) -> Layer:
    sizes = (None, *shape) if shape else None
    counts = (parameters, parameters)
    return Layer(kind, kind.lower(), settings, True, *counts, sizes, tuple(layers))


def convolution(
    side: int, filters: int, channels: int, activation: str = "relu"
) -> Layer:
    settings = {"filters": filters, "kernel_size": [3, 3], "activation": activation}
    count = filters * (9 * channels + 1)
    return layer("Conv2D", side, side, filters, parameters=count, **settings)


def pooled(side: int, filters: int) -> Layer:
    return layer("MaxPooling2D", side, side, filters)


STACK = (
    *(convolution(28, 16, 1), pooled(14, 16)),
    *(convolution(14, 32, 16), pooled(7, 32)),
)
HEAD = (
    layer("BatchNormalization"),
    layer("Flatten"),
    layer("Dense", units=128, activation="relu"),
    layer("Dropout", rate=0.5),
    layer("Dense", units=24, activation="softmax"),
)


def model(*layers: Layer, parameters: int = 100_000) -> Model:
    """Return the stand-in of a model with these layers."""
    counts = (parameters, parameters)
    return Model(
        *("Sequential", "sequential", {}, True, *counts, layers[-1].output_shape),
        layers=layers,
        compiled=True,
        loss="sparse_categorical_crossentropy",
        from_logits=False,
        optimizer="adam",
        learning_rate=0.001,
        metrics=("accuracy",),
        input_shape=(None, 28, 28, 1),
        _ask=lambda request: {"value": None},
    )


@pytest.mark.parametrize(
    "kernel",
    [
        SOBEL,
        -SOBEL,
        SOBEL / 100,
        [[-1, 0, 1]] * 3,
        [[-1.0, 1.0]],
        [[1, 1, 0, -1, -1]] * 5,
        [[-1, 2, -1]] * 3,
        SOBEL[:, :, None, None],
    ],
)
def test_a_kernel_for_vertical_edges_may_have_any_size_and_sign(kernel: Any) -> None:
    assert advice("the_kernel_finds_vertical_edges", kernel=np.array(kernel)) == ""


@pytest.mark.parametrize(
    ("kernel", "says"),
    [
        (SOBEL.T, "horizontal edges. Turn it"),
        ([[0, 0, 1]] * 3, "add up to 3"),
        ([[1, 1, 1]] * 3, "add up to 9"),
        ([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]], "also answers along a horizontal"),
        ([[0, 1, 1], [-1, 0, 1], [-1, -1, 0]], "also answers along a horizontal"),
        ([[0, 0, 0]] * 3, "all its answers"),
        ([[1, -1, 1], [-1, 0, -1], [1, -1, 1]], "hardly answers"),
        ([-1, 0, 1], "shape (3,)"),
        (None, "None"),
    ],
)
def test_another_kernel_is_explained(kernel: Any, says: str) -> None:
    given = None if kernel is None else np.array(kernel)
    assert says in advice("the_kernel_finds_vertical_edges", kernel=given)


def test_a_channel_at_the_end_is_right() -> None:
    given = {"prepare": lambda images: images[..., None] / 255}
    assert advice("images_keep_their_rows_and_get_a_channel", **given) == ""


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda x: x / 255, "new last dimension"),
        (lambda x: x[:, None] / 255, "new last dimension"),
        (lambda x: x.reshape(-1, 784) / 255, "new last dimension"),
        (lambda x: x.T.reshape(-1, 28, 28, 1) / 255, "several images"),
    ],
)
def test_images_of_another_shape_are_explained(prepare: Any, says: str) -> None:
    name = "images_keep_their_rows_and_get_a_channel"
    assert says in advice(name, prepare=prepare)


@pytest.mark.parametrize(
    "layers",
    [
        STACK,
        (convolution(14, 16, 1), convolution(7, 32, 16)),
        (
            *(convolution(28, 16, 1, "linear"), layer("ReLU"), pooled(14, 16)),
            *(convolution(14, 32, 16), layer("GlobalAveragePooling2D", 32)),
        ),
    ],
)
def test_convolutions_may_shrink_pictures_in_their_own_way(layers: Any) -> None:
    given = {"convolutions": model(*layers)}
    assert advice("convolutions_and_pooling_take_turns", **given) == ""


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        (STACK[:2], "There is 1 convolution layer"),
        ((convolution(28, 16, 1), convolution(28, 64, 16)), "max pooling after each"),
        (
            (convolution(28, 16, 1, "linear"), pooled(14, 16), *STACK[2:]),
            "without an activation: 1 of",
        ),
    ],
)
def test_a_stack_that_lacks_something_is_explained(layers: Any, says: str) -> None:
    given = {"convolutions": model(*layers)}
    assert says in advice("convolutions_and_pooling_take_turns", **given)


def places(*layers: Layer) -> str:
    given = {"model": model(layer("Sequential", layers=STACK), *layers)}
    return advice("normalisation_and_dropout_have_their_places", **given)


def test_normalisation_and_dropout_before_the_outputs_are_right() -> None:
    assert places(*HEAD) == ""


@pytest.mark.parametrize(
    ("layers", "says"),
    [
        (HEAD[1:], "no normalisation"),
        ((*HEAD[:3], HEAD[4]), "no dropout"),
        ((*HEAD[:3], HEAD[4], HEAD[3]), "after the outputs"),
        ((*HEAD[:3], layer("Dropout", rate=0.0), HEAD[4]), "the rate 0"),
    ],
)
def test_a_layer_that_is_missing_or_misplaced_is_named(layers: Any, says: str) -> None:
    assert says in places(*layers)


def shape(told: Any) -> str:
    return advice(
        "the_shape_was_predicted", predicted_shape=told, convolutions=model(*STACK)
    )


def test_the_predicted_shape_is_compared_with_the_network() -> None:
    assert shape((7, 7, 32)) == shape([7, 7, 32]) == shape(np.array([7, 7, 32])) == ""


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ((14, 14, 32), "Halve the sides"),
        ((7, 7, 16), "as many channels"),
        ((7, 7), "in this order"),
    ],
)
def test_another_shape_is_explained(told: Any, says: str) -> None:
    assert says in shape(told)


def count(told: Any) -> str:
    return advice(
        "the_parameters_were_predicted",
        predicted_parameters=told,
        convolutions=model(*STACK),
    )


def test_the_predicted_parameters_are_compared_with_the_network() -> None:
    assert count(32 * (9 * 16 + 1)) == ""


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (32 * 9 * 16, "bias"),
        (32 * (9 + 1), "every channel"),
        (16 * (9 + 1), "Count those of the second"),
        (123, "Count the numbers of one kernel"),
    ],
)
def test_another_count_is_explained(told: int, says: str) -> None:
    assert says in count(told)


def came_true(promised: float, private: bool = False, **metrics: Any) -> str:
    """Return what is said where half of the unseen pictures were read."""
    labels = np.arange(48) % 24
    sealed = SimpleNamespace(
        private=private,
        images=np.zeros((48, 28, 28), np.uint8),
        labels=labels,
        classes=tuple(map(str, range(24))),
        groups=np.arange(48),
    )
    picked = np.where(np.arange(48) < 24, labels, (labels + 1) % 24)
    return advice(
        "validation_promises_what_comes_true",
        history=History({"val_accuracy": (0.3, promised), **metrics}, 2),
        read=lambda images: np.eye(24)[picked],
        sealed=sealed,
        report=Recorder(),
    )


def test_validation_may_promise_what_comes_true() -> None:
    assert came_true(0.55) == came_true(0.45) == ""


@pytest.mark.parametrize("promised", [0.9, 0.1])
def test_no_promise_was_given_for_pictures_of_an_instructor(promised: float) -> None:
    assert came_true(promised, private=True) == ""


def test_a_callback_may_have_kept_the_weights_of_a_better_epoch() -> None:
    assert came_true(0.0, val_accuracy=(0.3, 0.52, 0.4)) == ""
    lowest = {"val_accuracy": (0.3, 0.48, 0.6), "val_loss": (2.0, 1.0, 1.5)}
    assert came_true(0.0, **lowest) == ""


def test_convolutions_that_know_no_input_have_no_shape() -> None:
    blind = replace(model(*STACK), output_shape=None)
    shape = {"predicted_shape": (3, 3, 64), "convolutions": blind}
    assert "keras.Input" in advice("the_shape_was_predicted", **shape)
    turns = advice("convolutions_and_pooling_take_turns", convolutions=blind)
    assert "keras.Input" in turns


@pytest.mark.parametrize(
    ("promised", "says"), [(0.99, "the same hands"), (0.2, "their own labels")]
)
def test_a_validation_that_does_not_come_true_is_explained(
    promised: float, says: str
) -> None:
    assert says in came_true(promised)


def test_fewer_parameters_than_the_dense_network_are_asked_for() -> None:
    name = "it_has_fewer_parameters_than_the_dense_network"
    assert advice(name, model=model(*STACK)) == ""
    assert "676,888" in advice(name, model=model(*STACK, parameters=700_000))
