"""The checks of lesson 1, on evidence made by hand: no TensorFlow, no training."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import asking
import numpy as np
import pytest

from workshop.evidence.values import History, Layer, LearnerError, Model
from workshop.recorder import Recorder

WEIGHTS = np.random.default_rng(0).normal(0, 0.05, (784, 10))
LABELS = np.arange(60, dtype=np.uint8) % 10
GOOD = {"loss": (0.5, 0.1), "accuracy": (0.8, 0.98), "val_loss": (0.3, 0.2)}


advice = asking.lesson("01")


def prepare(images: Any) -> Any:
    return images.reshape(-1, 784) / 255


def scores(rows: Any) -> Any:
    return np.asarray(rows).reshape(len(rows), -1) @ WEIGHTS


def softmax(table: Any) -> Any:
    powers = np.exp(table - table.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def dense(units: int, activation: str = "relu", name: str = "dense") -> Layer:
    settings = {"units": units, "activation": activation}
    return Layer("Dense", name, settings, True, 1, 1, (None, units), ())


def layer(kind: str) -> Layer:
    return Layer(kind, kind.lower(), {}, True, 0, 0, None, ())


def model(*hidden: Layer, answer: Any = lambda rows: softmax(scores(rows))) -> Model:
    """Return the stand-in of a compiled model with these hidden layers."""
    layers = (*(hidden or (dense(512),)), dense(10, "softmax", "outputs"))
    return Model(
        *("Sequential", "sequential", {}, True, 1, 1, (None, 10), layers),
        compiled=True,
        loss="sparse_categorical_crossentropy",
        from_logits=False,
        optimizer="adam",
        learning_rate=0.001,
        metrics=("accuracy",),
        input_shape=(None, 784),
        _ask=lambda request: {"value": answer(request["array"])},
    )


def watched(**changes: Any) -> History:
    metrics = {**GOOD, "val_accuracy": (0.9, 0.97), **changes}
    kept = {name: values for name, values in metrics.items() if values is not None}
    return History(kept, len(kept.get("loss", ())))


def trained(history: Any, of: Model | None = None) -> str:
    given = {"history": history, "model": of or model(), "report": Recorder()}
    return advice("training_lowers_the_loss", **given)


def unseen(read: Any, **given: Any) -> str:
    sealed = SimpleNamespace(
        private=False,
        images=np.zeros((60, 28, 28), np.uint8),
        labels=LABELS,
        classes=tuple("0123456789"),
        groups=np.arange(60),
    )
    given = {"goal": 0.97, "report": Recorder(), **given}
    return advice("reads_digits_it_has_never_seen", read=read, sealed=sealed, **given)


def right(share: float) -> Any:
    """Return a `read` that is right for a share of the sealed images."""
    picked = np.where(np.arange(60) < share * 60, LABELS, (LABELS + 1) % 10)
    return lambda images: np.eye(10)[picked]


def test_rows_of_784_pixels_are_right() -> None:
    assert advice("each_image_becomes_one_row", prepare=prepare) == ""


@pytest.mark.parametrize("shape", [(-1,), (-1, 392), (-1, 28, 28), (784, -1)])
def test_other_shapes_are_named(shape: tuple[int, ...]) -> None:
    said = advice("each_image_becomes_one_row", prepare=lambda x: x.reshape(shape))
    assert "came back with shape" in said


@pytest.mark.parametrize(
    "mix", [lambda x: x.reshape(784, -1).T, lambda x: x.T.reshape(-1, 784)]
)
def test_rows_that_mix_images_are_told_from_right_ones(mix: Any) -> None:
    assert "several images" in advice("each_image_becomes_one_row", prepare=mix)


def test_turning_every_image_in_the_same_way_is_no_mixing() -> None:
    turned = {"prepare": lambda x: x.transpose(0, 2, 1).reshape(-1, 784)}
    assert advice("each_image_becomes_one_row", **turned) == ""


def test_a_model_may_flatten_images_by_itself() -> None:
    flattening = replace(model(layer("Flatten"), dense(64)), input_shape=(None, 28, 28))
    given = {"prepare": lambda images: images / 255, "model": flattening}
    assert advice("each_image_becomes_one_row", **given) == ""


def test_prepare_without_return_is_told_apart() -> None:
    said = advice("each_image_becomes_one_row", prepare=lambda images: None)
    assert "return" in said


@pytest.mark.parametrize(
    "scale",
    [
        lambda x: x / 255,
        lambda x: np.float32(x) / np.float32(255),
        lambda x: x / 127.5 - 1,
        lambda x: x / x.max(),
        lambda x: (x - x.mean()) / x.std(),
    ],
)
def test_every_usual_scale_is_right(scale: Any) -> None:
    assert advice("pixels_are_small_numbers", prepare=scale) == ""


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        (lambda x: x, "largest value"),
        (lambda x: x / 255 / 255, "divided twice"),
        (lambda x: x // 255, "decimals"),
        (lambda x: (x / 255).astype(np.uint8), "decimals"),
        (lambda x: x * np.nan, "NaN"),
        (lambda x: None, "None"),
        (lambda x: "0.5", "str"),
    ],
)
def test_a_wrong_scale_is_explained(scale: Any, says: str) -> None:
    assert says in advice("pixels_are_small_numbers", prepare=scale)


def test_a_model_may_scale_by_itself() -> None:
    scaling = model(layer("Rescaling"), dense(512))
    given = {"prepare": lambda images: images, "model": scaling}
    assert advice("pixels_are_small_numbers", **given) == ""


@pytest.mark.parametrize(
    "hidden",
    [
        (dense(512),),
        (dense(64, "tanh"), dense(32, name="second")),
        (dense(512, "linear"), layer("ReLU")),
        (layer("Rescaling"), dense(512, "gelu"), layer("Dropout")),
        (replace(layer("Sequential"), layers=(dense(128),)),),
        (layer("Conv2D"), layer("Flatten")),
    ],
)
def test_every_hidden_layer_that_bends_is_right(hidden: tuple[Layer, ...]) -> None:
    assert advice("a_hidden_layer_combines_pixels", model=model(*hidden)) == ""


@pytest.mark.parametrize(
    ("hidden", "says"),
    [
        (layer("Flatten"), "Put a hidden layer"),
        (dense(512, "linear"), "no activation"),
        (dense(1), "units=1"),
    ],
)
def test_a_hidden_layer_that_cannot_help_is_explained(hidden: Layer, says: str) -> None:
    assert says in advice("a_hidden_layer_combines_pixels", model=model(hidden))


def test_a_model_without_layers_lacks_a_hidden_one() -> None:
    empty = replace(model(), layers=())
    assert "hidden" in advice("a_hidden_layer_combines_pixels", model=empty)


def test_one_output_is_not_enough_for_ten_digits() -> None:
    single = model(answer=lambda rows: np.ones((len(rows), 1)))
    given = {"model": single, "prepare": prepare}
    assert "each of the ten digits" in advice("one_output_for_each_digit", **given)


def fits(labels: Any = LABELS, history: Any = None, **changes: Any) -> str:
    """Return what the check of the loss says of a model with changes."""
    answer = changes.pop("answer", lambda rows: softmax(scores(rows)))
    compiled = replace(model(answer=answer), **changes)
    given = {"model": compiled, "prepare": prepare, "y_train": labels}
    return advice("the_loss_fits_labels_and_outputs", history=history, **given)


def test_the_sparse_loss_fits_whole_numbers() -> None:
    assert fits() == ""
    assert fits(labels=LABELS[:, None].astype(float)) == ""


def test_the_other_form_fits_rows_of_ten() -> None:
    assert fits(labels=np.eye(10)[LABELS], loss="categorical_crossentropy") == ""


def test_a_training_that_worked_shows_that_labels_were_changed_on_the_way() -> None:
    assert fits(loss="categorical_crossentropy", history=watched()) == ""
    assert fits(loss="categorical_crossentropy", history=GOOD) == ""


def test_scores_fit_a_loss_that_expects_them() -> None:
    assert fits(answer=scores, from_logits=True) == ""


def test_a_loss_of_ones_own_is_left_to_the_goal() -> None:
    assert fits(loss="label_smoothing_of_mine") == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"loss": None}, "no loss"),
        ({"loss": "mean_squared_error"}, "categories"),
        ({"loss": "mse"}, "categories"),
        ({"loss": "binary_crossentropy"}, "categories"),
        ({"loss": "categorical_crossentropy"}, "sparse form"),
        ({"labels": np.eye(10)[LABELS]}, "row of ten"),
        ({"labels": LABELS / 255}, "Scale the images only"),
        ({"labels": LABELS + 1}, "0 to 9"),
        ({"answer": scores}, "needs softmax"),
        ({"from_logits": True}, "from_logits"),
    ],
)
def test_what_does_not_fit_the_loss_is_explained(changes: Any, says: str) -> None:
    assert says in fits(**changes)


def test_a_usual_training_is_right_and_its_curves_are_kept() -> None:
    report = Recorder()
    given = {"history": watched(), "model": model(), "report": report}
    assert advice("training_lowers_the_loss", **given) == ""
    assert report.metrics["val_accuracy"] == (0.9, 0.97)


def test_a_history_may_be_its_plain_dict() -> None:
    assert trained({name: list(values) for name, values in GOOD.items()}) == ""


def test_one_short_epoch_is_enough_for_a_rehearsal() -> None:
    short = {"loss": (2.2,), "accuracy": (0.2,), "val_loss": (2.1,)}
    assert trained(watched(**short)) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"loss": None, "accuracy": None, "val_loss": None}, "0 epochs"),
        ({"val_loss": None, "val_accuracy": None}, "validation data"),
        ({"loss": (1.0, float("nan"))}, "no longer a number"),
        ({"accuracy": (0.1, 0.11)}, "its own label"),
        ({"accuracy": (0.1, 0.11), "loss": (0.5, 0.001)}, "labels divided"),
        ({"val_loss": (12.0, 14.0)}, "`prepare`"),
    ],
)
def test_a_training_that_failed_is_explained(changes: Any, says: str) -> None:
    assert says in trained(watched(**changes))


@pytest.mark.parametrize(("rate", "says"), [(10.0, "is 10:"), (1e-7, "is 1e-07:")])
def test_an_absurd_learning_rate_is_named(rate: float, says: str) -> None:
    lost = watched(accuracy=(0.1, 0.11))
    assert says in trained(lost, replace(model(), learning_rate=rate))


def read_check(read: Any, of: Model | None = None) -> str:
    given = {"read": read, "prepare": prepare, "model": of or model()}
    return advice("read_takes_raw_images", **given)


def test_read_may_prepare_and_predict() -> None:
    assert read_check(lambda images: softmax(scores(prepare(images)))) == ""


def test_read_may_turn_scores_into_probabilities() -> None:
    linear = model(answer=scores)
    assert read_check(lambda images: softmax(scores(prepare(images))), linear) == ""


def stops(images: Any) -> Any:
    raise LearnerError("read()", {"type": "ValueError", "message": "shape"})


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda images: None, "return"),
        (lambda images: scores(prepare(images)).argmax(axis=1), "all ten"),
        (lambda images: scores(prepare(images)), "add up to"),
        (lambda images: softmax(scores(images)), "`prepare`, once"),
        (lambda images: softmax(scores(255 - prepare(images))), "`prepare`, once"),
        (stops, "raw images"),
    ],
)
def test_a_read_that_answers_otherwise_is_explained(read: Any, says: str) -> None:
    assert says in read_check(read)


def test_reaching_the_goal_is_enough() -> None:
    assert unseen(right(1.0)) == ""
    assert unseen(right(1.0), history=watched()) == ""


def test_a_constant_answer_is_named() -> None:
    assert "answered 3 every time" in unseen(lambda images: np.eye(10)[[3] * 60])


@pytest.mark.parametrize(
    ("training", "validation", "says"),
    [(0.9, 0.9, "more epochs"), (1.0, 0.9, "remembers"), (1.0, 1.0, "from them too")],
)
def test_the_gap_decides_what_to_try(
    training: float, validation: float, says: str
) -> None:
    past = watched(accuracy=(0.5, training), val_accuracy=(0.5, validation))
    assert says in unseen(right(0.9), history=past)


def test_without_a_history_there_is_still_advice() -> None:
    assert "more epochs" in unseen(right(0.9))
