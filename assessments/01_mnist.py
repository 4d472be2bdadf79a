"""Checks for lesson 1, read handwritten digits.

Each function is one check. Its parameters are the learner's variables, by name (one
with a default may be missing); its docstring is the line the learner reads; a failed
assert is advice. A model may reshape and scale by itself, so `prepare` is judged
together with the model once there is one.
"""

import numpy as np

from workshop import checks
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


def each_image_becomes_one_row(prepare, model=None):
    """TODO 1. Each image becomes one row of 784 pixels"""
    images = checks.pictures()
    rows = checks.array(prepare(images), "prepare(images)")
    shapes = {(784,), tuple(model.input_shape or ())[1:] if model else ()}
    one_each = len(rows) == len(images) and rows.shape[1:] in shapes - {()}
    assert one_each, (
        f"{len(images)} images of 28×28 came back with shape {rows.shape}, not "
        f"({len(images)}, 784). In reshape, -1 stands for “as many as it takes”."
    )
    alone = checks.array(prepare(images[7:8]), "prepare(images)")
    assert np.corrcoef(rows[7].ravel(), alone[0].ravel())[0, 1] > 0.99, (
        "One row holds pixels of several images. Keep the images in the first "
        "dimension and their pixels in the second; nothing needs to be transposed."
    )


def pixels_are_small_numbers(prepare, model=None):
    """TODO 2. Pixels are small numbers, from 0 to 1"""
    pixels = checks.array(prepare(checks.pictures()), "prepare(images)")
    if model and checks.scales_by_itself(model):
        return
    low, high = pixels.min(), pixels.max()
    assert max(-low, high) <= 4, (
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


def a_hidden_layer_combines_pixels(model):
    """TODO 3. A hidden layer between input and outputs combines the pixels"""
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


def one_output_for_each_digit(model, prepare):
    """TODO 3. The network still ends in ten outputs, one for each digit"""
    shape = checks.array(
        model.predict(prepare(checks.pictures())), "model.predict"
    ).shape
    assert shape[1:] == (10,), (
        f"For {shape[0]} images the network answered with shape {shape}, not "
        f"({shape[0]}, 10). The last layer needs one unit for each of the ten digits."
    )


def the_loss_fits_labels_and_outputs(model, prepare, y_train, history=None):
    """TODO 4. The loss fits the labels and the outputs"""
    one_hot = _are_one_hot(y_train)
    loss = model.loss or ""
    assert model.loss, "The model has no loss. Name one in `model.compile`."
    assert not loss.startswith(NOT_FOR_CLASSES), (
        f"The loss is {loss}: it measures quantities, or questions with two answers. "
        "Ten digits are categories, so look for a loss with “categorical” in its name."
    )
    if not checks.metrics(history):
        assert one_hot or not loss.startswith("categorical_"), (
            f"The loss is {loss}, which takes each label as a row of ten numbers. "
            "Yours are single whole numbers: look for the sparse form of this loss."
        )
        assert not (one_hot and loss.startswith("sparse_")), (
            f"The loss is {loss}, which takes whole numbers, but each of your labels "
            "is a row of ten. Leave the labels as they came."
        )
    _compare_outputs_with_loss(model, prepare)


def training_lowers_the_loss(history, report, model=None):
    """TODO 5. Training lowers the loss, watched on images it does not learn from"""
    report.curves(history)
    metrics = checks.metrics(history)
    loss, validation = metrics.get("loss", ()), metrics.get("val_loss", ())
    assert len(loss), "The training ran for 0 epochs. Let `model.fit` run for some."
    assert len(validation), (
        "The history knows only the training images. Give `model.fit` the prepared "
        "test images and their labels as its validation data."
    )
    finite = bool(np.isfinite([*loss, *validation]).all())
    assert finite, f"The loss is no longer a number. {checks.about_the_steps(model)}"
    accuracy = checks.last(metrics, "acc")
    learned = accuracy is None or accuracy > 0.6 or len(loss) == 1
    assert learned, _why_so_low(accuracy, loss[-1], model)
    assert validation[-1] < max(3, 5 * loss[-1]), (
        f"The loss ends at {loss[-1]:.2g} in training but at {validation[-1]:.2g} in "
        "validation. Do both kinds of images go through `prepare`, and only that?"
    )


def read_takes_raw_images(read, prepare, model):
    """`read` takes raw images and gives ten probabilities for each"""
    images = checks.pictures()
    trouble = (
        f"`read` could not take raw images of shape {images.shape}. Let them go "
        "through `prepare` before the model."
    )
    answers = checks.array(checks.answered(read, images, trouble), "read(images)")
    assert answers.shape == (len(images), 10), (
        f"For {len(images)} raw images `read` answered with shape {answers.shape}, not "
        f"({len(images)}, 10). Return all ten probabilities of each image."
    )
    assert checks.are_probabilities(answers), (
        f"The ten numbers for one image add up to {answers[0].sum():.3g}; ten "
        "probabilities add up to 1. Softmax makes them so."
    )
    expected = checks.probabilities(model.predict(prepare(images)))
    assert np.abs(answers - expected).max() < 0.1, (
        "`read` answers otherwise than the model does for prepared images. Let the "
        "images go through `prepare`, once, and then to the model."
    )


def reads_digits_it_has_never_seen(read, sealed, goal, report, history=None):
    """The network reads {goal:.0%} of digits it has never seen"""
    answers = read(sealed.images)
    accuracy = report.answers(sealed, answers)
    seen = f"It read {percent(accuracy)} of them; the goal is {percent(goal)}."
    choices = np.unique(np.argmax(answers, axis=1))
    assert len(choices) > 1, (
        f"{seen} It answered {choices[0]} every time: does `read` use the images and "
        "the trained model, and did it train with the labels as they came?"
    )
    assert accuracy >= goal, f"{seen} {_what_to_try(checks.metrics(history), accuracy)}"


def _are_one_hot(labels):
    """Return whether labels are rows of ten; they must name the digits 0 to 9."""
    labels = checks.array(labels, "y_train")
    if labels.ndim == 2 and labels.shape[1] == 10:
        return True
    digits = np.isin(labels, np.arange(10)).all() and labels.max() > 1
    assert digits, (
        f"The labels go from {labels.min():g} to {labels.max():.3g}, but they are the "
        "names of the digits 0 to 9. Scale the images only, and leave the labels."
    )
    return False


def _compare_outputs_with_loss(model, prepare):
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


def _why_so_low(accuracy, loss, model):
    seen = f"After training, the accuracy is {percent(accuracy)}; guessing gives 10 %."
    if about := checks.about_the_steps(model):
        return f"{seen} {about} Try the optimizer as it comes."
    if loss < 0.1:
        return f"{seen} Yet the loss is {loss:.2g}: were the labels divided or changed?"
    return f"{seen} Does each image still stand beside its own label?"


def _what_to_try(metrics, accuracy):
    training, validation = (
        checks.last(metrics, "acc"),
        checks.last(metrics, "acc", "val_"),
    )
    if training is None:
        return "Try more epochs, or more units."
    if training - accuracy < 0.03:
        return (
            f"On its training images it reached {percent(training)}, so it can still "
            "learn more. Try more epochs, or more units."
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
