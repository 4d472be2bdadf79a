"""The checks of lesson 2, on evidence made by hand: no TensorFlow, no training."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import asking
import numpy as np
import pytest

from workshop.evidence.values import History, Layer, Model
from workshop.recorder import Recorder

WEIGHTS = np.random.default_rng(0).normal(0, 0.05, (784, 24))
LABELS = np.arange(240) % 24
IMAGES = np.zeros((240, 28, 28), np.uint8)
GOOD = {
    "loss": (2.0, 1.0, 0.3),
    "accuracy": (0.4, 0.7, 0.9),
    "val_loss": (2.1, 1.7, 2.0),
    "val_accuracy": (0.4, 0.5, 0.6),
}


advice = asking.lesson("02")


def prepare(images: Any) -> Any:
    return images.reshape(-1, 784) / 255


def softmax(table: Any) -> Any:
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def answer(rows: Any) -> Any:
    return softmax(np.asarray(rows).reshape(len(rows), -1) @ WEIGHTS)


def dense(units: int, activation: str = "relu") -> Layer:
    settings = {"units": units, "activation": activation}
    return Layer("Dense", "dense", settings, True, 1, 1, (None, units), ())


def model(*hidden: Layer, loss: str = "sparse_categorical_crossentropy") -> Model:
    """Return the stand-in of a compiled model with these hidden layers."""
    return Model(
        *("Sequential", "sequential", {}, True, 1, 1, (None, 24)),
        layers=(*(hidden or (dense(512), dense(512))), dense(24, "softmax")),
        compiled=True,
        loss=loss,
        from_logits=False,
        optimizer="adam",
        learning_rate=0.001,
        metrics=("accuracy",),
        input_shape=(None, 784),
        _ask=lambda request: {"value": answer(request["array"])},
    )


def trained(*hidden: Layer, **changes: Any) -> str:
    """Return what the check of the training says of a history with changes."""
    metrics = {**GOOD, **changes}
    given = {"prepare": prepare, "x_test": IMAGES, "y_test": LABELS}
    history = History(metrics, len(metrics["loss"]))
    return advice(
        "training_lowers_the_loss",
        **{"history": history, "report": Recorder(), "model": model(*hidden), **given},
    )


def right(share: float) -> Any:
    """Return a `read` that is right for a share of any 240 pictures."""
    sure = np.arange(240) < share * 240
    return lambda images: np.eye(24)[np.where(sure, LABELS, (LABELS + 1) % 24)]


def surer(images: Any) -> Any:
    """Answer as `right(0.6)`, but nearly right where that is wrong."""
    return 0.51 * right(0.6)(images) + 0.49 * np.eye(24)[LABELS]


def promised(promise: Any, read: Any = None, **given: Any) -> str:
    """Return what is said of a promise where 60 % of unseen pictures are read.

    `read` answers for the test pictures, as for the unseen ones where it is not given.
    """
    groups = np.arange(240)
    x_test = IMAGES.copy()
    sealed = SimpleNamespace(
        **{"private": False, "variant": "drawn"} | given,
        images=IMAGES,
        labels=LABELS,
        classes=tuple(map(str, range(24))),
        groups=groups,
    )
    for_test = read or right(0.6)
    return advice(
        "the_promise_is_kept",
        honest_accuracy=promise,
        read=lambda images: (for_test if images is x_test else right(0.6))(images),
        sealed=sealed,
        report=Recorder(),
        x_test=x_test,
        y_test=LABELS,
    )


def measured(honest: Any, flattering: Any) -> str:
    """Return what is said of two numbers where 60 % and 90 % would be measured."""
    aside = np.where(np.arange(240) < 216, right(0.6)(IMAGES).argmax(axis=1), 99)
    return advice(
        "both_numbers_were_measured",
        honest_accuracy=honest,
        flattering_accuracy=flattering,
        read=right(0.6),
        x_aside=IMAGES,
        y_aside=aside,
        x_test=IMAGES,
        y_test=LABELS,
    )


def test_rows_with_a_single_one_are_right() -> None:
    given = {"one_hot": np.eye(24)[LABELS], "y_kept": LABELS}
    assert advice("each_label_is_written_as_a_row", **given) == ""


@pytest.mark.parametrize(
    ("rows", "labels", "says"),
    [
        (np.eye(24)[LABELS][:10], LABELS, "one row for each label"),
        (np.eye(25)[LABELS], LABELS, "one column for each letter"),
        (np.eye(24)[LABELS] * 255, LABELS, "Each row needs one 1"),
        (1 - np.eye(24)[LABELS], LABELS, "Each row needs one 1"),
        (np.eye(24)[(LABELS + 1) % 24], LABELS, "counted from 0"),
        (np.eye(24)[LABELS], LABELS / 255, "Scale the images only"),
        (LABELS, LABELS, "shape (240,)"),
    ],
)
def test_rows_that_are_not_the_labels_are_explained(
    rows: Any, labels: Any, says: str
) -> None:
    given = {"one_hot": rows, "y_kept": labels}
    assert says in advice("each_label_is_written_as_a_row", **given)


@pytest.mark.parametrize(
    "hidden",
    [(dense(512), dense(512)), (dense(256, "tanh"), dense(64), dense(32, "gelu"))],
)
def test_two_or_more_hidden_layers_are_right(hidden: tuple[Layer, ...]) -> None:
    assert advice("two_hidden_layers_combine_pixels", model=model(*hidden)) == ""


def test_one_hidden_layer_is_not_enough() -> None:
    alone = model(dense(512))
    assert "second" in advice("two_hidden_layers_combine_pixels", model=alone)


@pytest.mark.parametrize("activations", [("relu", "linear"), ("linear", "relu")])
def test_each_hidden_layer_needs_its_activation(activations: tuple[str, str]) -> None:
    half = model(*(dense(512, activation) for activation in activations))
    assert "no activation" in advice("two_hidden_layers_combine_pixels", model=half)


@pytest.mark.parametrize(
    ("loss", "says"),
    [
        ("sparse_categorical_crossentropy", ""),
        ("categorical_crossentropy", ""),
        ("binary_crossentropy", "categories"),
    ],
)
def test_the_loss_may_be_for_rows_or_for_numbers(loss: str, says: str) -> None:
    given = {"y_kept": LABELS, "one_hot": np.eye(24)[LABELS], "prepare": prepare}
    said = advice("the_loss_fits_labels_and_outputs", model=model(loss=loss), **given)
    assert says in said
    assert bool(said) == bool(says)


def test_an_overfitted_training_is_right() -> None:
    assert trained() == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"accuracy": (0.1, 0.2, 0.5)}, "more epochs"),
        ({"accuracy": (0.04, 0.04, 0.05)}, "its own label"),
        ({"accuracy": ()}, "knows no accuracy"),
        ({"val_loss": ()}, "validation data"),
        ({"val_loss": (2.1, 90.0, 170.0)}, "go through `prepare`"),
    ],
)
def test_a_training_that_failed_is_explained(changes: Any, says: str) -> None:
    assert says in trained(**changes)


def test_softmax_in_a_hidden_layer_is_named() -> None:
    few = (0.1, 0.2, 0.5)
    assert "give it ReLU" in trained(dense(9), dense(9, "softmax"), accuracy=few)


def best(epoch: Any) -> str:
    history = History(GOOD, 3)
    return advice(
        "the_best_epoch_was_read_from_the_curves", best_epoch=epoch, history=history
    )


def test_the_epoch_of_the_lowest_validation_loss_is_right() -> None:
    assert best(2) == ""
    assert best(2.0) == ""


@pytest.mark.parametrize(
    ("epoch", "says"), [(0, "counts from 0"), (4, "1 to 3"), (3, "lower in another")]
)
def test_another_epoch_is_explained(epoch: int, says: str) -> None:
    assert says in best(epoch)


def test_two_measured_numbers_are_right_whichever_is_promised() -> None:
    assert measured(0.6, 0.9) == ""
    assert measured(0.9, 0.6) == ""


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        ((0.6, 0.99), "set aside"),
        ((0.99, 0.9), "test pictures"),
        ((60, 90), "between 0 and 1"),
        ((None, 0.9), "None"),
    ],
)
def test_a_number_that_was_not_measured_is_told(numbers: Any, says: str) -> None:
    assert says in measured(*numbers)


def test_a_promise_within_five_points_is_kept() -> None:
    assert promised(0.64) == ""
    assert promised(0.56) == ""


def test_a_promise_that_flatters_is_broken() -> None:
    assert "hands that the network knows" in promised(0.9)


def test_a_promise_that_is_too_low_is_no_measure_either() -> None:
    assert "their own labels" in promised(0.4)


def test_test_pictures_that_a_network_is_surer_of_were_learned_from() -> None:
    assert "pictures that it learned from" in promised(0.6, surer)


def test_real_pictures_are_noisier_than_those_of_the_test() -> None:
    assert promised(0.6, surer, variant="real") == ""


@pytest.mark.parametrize("promise", [0.9, 0.4])
def test_no_promise_was_given_for_pictures_of_an_instructor(promise: float) -> None:
    assert promised(promise, surer, private=True) == ""
