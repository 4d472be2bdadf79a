"""What every lesson that tells classes apart must hold is asserted in one place.

An assessment names its task (how many classes, and what they are called) and asks one
question after the other; each function is one question, and raises AssertionError with
advice: what was seen, then what to try. Evidence comes in as in `checks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workshop import checks
from workshop.evidence.values import Function, Model
from workshop.results import percent

NOT_FOR_CLASSES = (
    "mean_",
    "mse",
    "mae",
    "huber",
    "log_cosh",
    "binary_",
    "bce",
    "hinge",
)


MOST = 12  # times its standard deviation may a rare pixel be off its mean


@dataclass(frozen=True)
class Task:
    """`count` classes to tell apart, in words: "ten" (`number`) "digits" (`things`)."""

    count: int
    number: str
    things: str


def rows_of_pixels(prepare: Function, model: Model | None = None) -> None:
    """Assert that images (n, 28, 28) become (n, 784), or what the model takes."""
    images = checks.pictures()
    rows = checks.array(prepare(images), "prepare(images)")
    shapes = {(784,), tuple(model.input_shape or ())[1:] if model else ()}
    one_each = len(rows) == len(images) and rows.shape[1:] in shapes - {()}
    assert one_each, (
        f"{len(images)} images of 28×28 came back with shape {rows.shape}, not "
        f"({len(images)}, 784). In reshape, -1 stands for “as many as it takes”."
    )
    one_image_each(prepare, images, rows)


def one_image_each(prepare: Function, images: Any, prepared: Any) -> None:
    """Assert that item 7 of what was prepared depends on image 7 alone."""
    alone = checks.array(prepare(images[7:8]), "prepare(images)")
    assert np.corrcoef(prepared[7].ravel(), alone[0].ravel())[0, 1] > 0.99, (
        "One row holds pixels of several images. Keep the images in the first "
        "dimension and their pixels in the second; nothing needs to be transposed."
    )


def small_numbers(prepare: Function, model: Model | None = None) -> None:
    """Assert that pixels are scaled, by `prepare` or by the model."""
    pixels = checks.array(prepare(checks.pictures()), "prepare(images)")
    if model and checks.scales_by_itself(model):
        return
    low, high = pixels.min(), pixels.max()
    assert max(-low, high) <= MOST, (
        f"The pixels go from {low:g} to {high:g}. Divide them by the largest value "
        "that a pixel can have."
    )
    assert high - low > 0.5, (
        f"The pixels go only from {low:g} to {high:.2g}. Were they divided twice?"
    )
    assert len(np.unique(pixels)) > 2, (
        "Only two different values are left, and all the grey between them is gone. "
        "Divide with / and keep the decimals; // throws them away."
    )


def hidden_layers(model: Model) -> None:
    """Assert that something with an activation stands before the outputs."""
    hidden = checks.before_the_outputs(model)
    assert any(layer.kind not in checks.STRAIGHT for layer in hidden), (
        "The outputs look at the pixels directly. Put a hidden layer before them."
    )
    assert any(checks.bends(layer) for layer in hidden), (
        "The hidden layer has no activation, and without one two layers can do no "
        "more than a single layer. Give it the ReLU activation."
    )
    units = min((layer.settings.get("units", 784) for layer in hidden), default=0)
    assert units >= 10, (
        f"The narrowest hidden layer has units={units}. All that the outputs know of "
        "an image passes through it, so give it more units than there are outputs."
    )


def outputs(model: Model, prepare: Function, task: Task) -> Any:
    """Return what the model answers for random pictures: one column for each class."""
    made = model.predict(prepare(checks.pictures()))
    made = checks.array(made, "model.predict")
    assert made.shape[1:] == (task.count,), (
        f"For {made.shape[0]} images the network answered with shape {made.shape}, not "
        f"({made.shape[0]}, {task.count}). The last layer needs one unit for each of "
        f"the {task.number} {task.things}."
    )
    return made


def loss_fits(
    model: Model, prepare: Function, labels: Any, task: Task, history: Any = None
) -> None:
    """Assert that loss, labels and outputs belong together.

    A training that has run shows that labels were changed on the way, if they had to
    be; so the form of the labels is asked only before.
    """
    rows = are_one_hot(labels, task)
    loss = model.loss or ""
    assert model.loss, "The model has no loss. Name one in `model.compile`."
    assert not loss.startswith(NOT_FOR_CLASSES), (
        f"The loss is {loss}: it measures quantities, or questions with two answers. "
        f"{task.number.capitalize()} {task.things} are categories, so look for a loss "
        "with “categorical” in its name."
    )
    if not checks.metrics(history):
        assert rows or not loss.startswith("categorical_"), (
            f"The loss is {loss}, which takes each label as a row of {task.number} "
            "numbers. Yours are single whole numbers: look for the sparse form of this "
            "loss."
        )
        assert not (rows and loss.startswith("sparse_")), (
            f"The loss is {loss}, which takes whole numbers, but each of your labels "
            f"is a row of {task.number}. Leave the labels as they came."
        )
    _outputs_fit(model, prepare)


def are_one_hot(labels: Any, task: Task) -> bool:
    """Return whether labels are rows with a 1 in them; else they must name classes."""
    labels = checks.array(labels, "y_train")
    if labels.ndim == 2 and labels.shape[1] == task.count:
        return True
    named = np.isin(labels, np.arange(task.count)).all() and labels.max() > 1
    assert named, (
        f"The labels go from {labels.min():g} to {labels.max():.3g}, but they name the "
        f"{task.things}, 0 to {task.count - 1}. Scale the images only, and leave the "
        "labels."
    )
    return False


def _outputs_fit(model: Model, prepare: Function) -> None:
    outputs = checks.array(model.predict(prepare(checks.pictures())), "model.predict")
    if model.from_logits:
        assert not checks.are_probabilities(outputs), (
            "The outputs are probabilities, but from_logits=True tells the loss that "
            "they are not. Leave it out where the last layer has softmax."
        )
    else:
        assert checks.are_probabilities(outputs), (
            f"The loss takes probabilities, but the outputs for one image add up to "
            f"{outputs[0].sum():.3g}, not to 1. The last layer needs softmax."
        )


def losses(
    history: Any, model: Model | None = None
) -> tuple[Sequence[float], Sequence[float]]:
    """Return loss per epoch in training and validation; both must be numbers."""
    metrics = checks.metrics(history)
    loss, validation = metrics.get("loss", ()), metrics.get("val_loss", ())
    assert len(loss), "The training ran for 0 epochs. Let `model.fit` run for some."
    assert len(validation), (
        "The history knows only the training images. Give `model.fit` the prepared "
        "test images and their labels as its validation data."
    )
    finite = bool(np.isfinite([*loss, *validation]).all())
    assert finite, f"The loss is no longer a number. {checks.about_the_steps(model)}"
    return loss, validation


def learned(history: Any, model: Model | None, task: Task, least: float) -> None:
    """Assert that training accuracy ended above `least`; one epoch may end lower."""
    metrics = checks.metrics(history)
    accuracy, loss = checks.last(metrics, "acc"), metrics["loss"]
    assert accuracy is not None, (
        "The history knows no accuracy. Let `model.compile` have it as a metric: "
        'metrics=["accuracy"].'
    )
    if accuracy > least or len(loss) == 1:
        return
    seen = (
        f"After training, the accuracy is {percent(accuracy)}; guessing gives "
        f"{percent(1 / task.count)}."
    )
    if about := checks.about_the_steps(model):
        said = f"{about} Try the optimizer as it comes."
    elif loss[-1] < 0.1:
        said = f"Yet the loss is {loss[-1]:.2g}: were the labels divided or changed?"
    elif model and any(map(checks.competes, checks.before_the_outputs(model))):
        said = "A hidden layer has softmax. That is for the outputs; give it ReLU."
    elif accuracy > 3 / task.count:
        said = f"Above {percent(least)} is usual. Give it more epochs, or more units."
    else:
        said = "Does each image still stand beside its own label?"
    raise AssertionError(f"{seen} {said}")


def validated(training: float, validation: float, most: float) -> None:
    """Assert that the last loss in validation is below `most`."""
    assert validation < most, (
        f"The loss ends at {training:.2g} in training but at {validation:.2g} in "
        "validation. Do both kinds of images go through `prepare`, and only that?"
    )


def loss_of(model: Model, images: Any, labels: Any) -> float:
    """Return the mean loss of a model for prepared images (n, …).

    `labels` are class numbers (n,) or one-hot rows (n, k). Logarithms are natural; no
    probability counts as smaller than 1e-30, as in a loss that works with scores.
    """
    numbers = checks.array(labels, "the labels")
    numbers = numbers.argmax(axis=1) if numbers.ndim == 2 else numbers.astype(int)
    shares = checks.probabilities(checks.array(model.predict(images), "model.predict"))
    of_truth = np.asarray(shares, float)[np.arange(len(numbers)), numbers]
    return float(-np.log(np.maximum(of_truth, 1e-30)).mean())


def reads_raw_images(
    read: Function, prepare: Function, model: Model, task: Task
) -> None:
    """Assert that `read` gives probabilities for raw images, as the model does."""
    images = checks.pictures()
    trouble = (
        f"`read` could not take raw images of shape {images.shape}. Let them go "
        "through `prepare` before the model."
    )
    answers = checks.array(checks.answered(read, images, trouble), "read(images)")
    assert answers.shape == (len(images), task.count), (
        f"For {len(images)} raw images `read` answered with shape {answers.shape}, not "
        f"({len(images)}, {task.count}). Return all {task.number} probabilities of "
        "each image."
    )
    assert checks.are_probabilities(answers), (
        f"The {task.number} numbers for one image add up to {answers[0].sum():.3g}; "
        f"{task.number} probabilities add up to 1. Softmax makes them so."
    )
    expected = checks.probabilities(model.predict(prepare(images)))
    assert np.abs(answers - expected).max() < 0.1, (
        "`read` answers otherwise than the model does for prepared images. Let the "
        "images go through `prepare`, once, and then to the model."
    )


def reaches(
    goal: float, accuracy: float, answers: Any, history: Any, more: str
) -> None:
    """Assert that unseen items were read; `more` is what a small network should try."""
    seen = f"It read {percent(accuracy)} of them; the goal is {percent(goal)}."
    choices = np.unique(np.argmax(answers, axis=1))
    assert len(choices) > 1, (
        f"{seen} It answered {choices[0]} every time: does `read` use the images and "
        "the trained model, and did it train with the labels as they came?"
    )
    advice = what_to_try(checks.metrics(history), accuracy, more)
    assert accuracy >= goal, f"{seen} {advice}"


def what_to_try(
    metrics: Mapping[str, Sequence[float]], accuracy: float, more: str
) -> str:
    """Return advice that follows from the gaps between training and unseen items."""
    training, validation = (
        checks.last(metrics, "acc"),
        checks.last(metrics, "acc", "val_"),
    )
    if training is None:
        return f"Try {more}."
    if training - accuracy < 0.03:
        return (
            f"On its training images it reached {percent(training)}, so it can still "
            f"learn more. Try {more}."
        )
    if validation is not None and validation - accuracy > 0.03:
        return (
            f"On its validation images it reached {percent(validation)}. Either `read` "
            "prepares images otherwise than training did, or it learned from them too."
        )
    return (
        f"On its training images it reached {percent(training)}: it remembers them. "
        "Does it train on all of them? The more there are, the less it can remember."
    )
