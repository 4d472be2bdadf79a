"""Checks for lesson 2, read letters from hands.

The point of the lesson is a number that the learner measures and promises, so it is
compared with what the grader measures on sealed signers. The number measured on
pictures set aside may be anything that was truly measured.
"""

import numpy as np

from workshop import checks, classifying
from workshop.results import percent

LETTERS = classifying.Task(24, "24", "letters")
TOLERANCE = 0.05
SURE = 4.0
"""Standard errors. Losses tell more than accuracies of what a network has learned from.
"""


def images_become_rows_of_small_numbers(prepare, model=None):
    """TODO 1. Images become rows of 784 small numbers, from 0 to 1"""
    classifying.rows_of_pixels(prepare, model)
    classifying.small_numbers(prepare, model)


def each_label_is_written_as_a_row(one_hot, y_kept):
    """TODO 2. Each label is written as a row with a single 1 in it"""
    rows = checks.array(one_hot, "one_hot")
    labels = _numbers(y_kept, "y_kept")
    classifying.are_one_hot(labels, LETTERS)
    assert rows.shape == (len(labels), 24), (
        f"`one_hot` has shape {rows.shape}, and ({len(labels)}, 24) was expected: one "
        "row for each label of `y_kept`, one column for each letter."
    )
    single = np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all()
    assert single, "Each row needs one 1, and 0 in all its other columns."
    wrong = np.flatnonzero(rows.argmax(axis=1) != labels)
    assert not len(wrong), (
        f"In row {wrong[0]} the 1 stands in column {rows[wrong[0]].argmax()}, and the "
        f"label is {labels[wrong[0]]:g}. Columns are counted from 0, as labels are."
    )


def two_hidden_layers_combine_pixels(model):
    """TODO 3. Two hidden layers with an activation combine the pixels"""
    classifying.hidden_layers(model)
    hidden = checks.before_the_outputs(model)
    assert sum("units" in layer.settings for layer in hidden) > 1, (
        "There is one hidden layer. Put a second one of its kind before the outputs."
    )
    assert sum(checks.bends(layer) for layer in hidden) > 1, (
        "One of the hidden layers has no activation, and without it adds nothing to "
        "the layer behind it. Give both the ReLU activation."
    )


def one_output_for_each_letter(model, prepare):
    """TODO 3. The network ends in 24 outputs, one for each letter"""
    classifying.outputs(model, prepare, LETTERS)


def the_loss_fits_labels_and_outputs(model, prepare, y_kept, one_hot, history=None):
    """TODO 4. The loss fits the labels and the outputs"""
    rows = (model.loss or "").startswith("categorical_")
    labels = one_hot if rows else y_kept
    classifying.loss_fits(model, prepare, labels, LETTERS, history)


def training_lowers_the_loss(history, report, model, prepare, x_test, y_test):
    """TODO 5. Training accuracy passes 80 %, validated on prepared pictures"""
    report.curves(history)
    loss, validation = classifying.losses(history, model)
    classifying.learned(history, model, LETTERS, least=0.8)
    most = 1 + 2 * classifying.loss_of(model, prepare(x_test), y_test)
    classifying.validated(loss[-1], validation[-1], most)


def the_best_epoch_was_read_from_the_curves(best_epoch, history):
    """TODO 6. The epoch is named in which the validation loss was lowest"""
    losses = checks.metrics(history).get("val_loss", ())
    assert len(losses), "The history has no validation loss. See TODO 5."
    lowest = int(np.argmin(losses)) + 1
    assert best_epoch in range(1, len(losses) + 1), (
        f"`best_epoch` is {best_epoch}, but the epochs are counted from 1 to "
        f"{len(losses)}. `np.argmin` counts from 0."
    )
    assert best_epoch != lowest - 1, (
        f"In epoch {best_epoch} the validation loss was not yet lowest. `np.argmin` "
        "counts from 0: add 1."
    )
    assert losses[int(best_epoch) - 1] == losses[lowest - 1], (
        f"In epoch {best_epoch} the validation loss was {losses[best_epoch - 1]:.3f}, "
        f"and it was lower in another. Is it “val_loss” that you asked for its "
        "smallest value?"
    )


def both_numbers_were_measured(
    honest_accuracy, flattering_accuracy, read, x_aside, y_aside, x_test, y_test
):
    """TODO 7. One number is measured on pictures set aside, one on the test"""
    found = {
        "pictures set aside": _share_right(read, x_aside, y_aside),
        "test pictures": _share_right(read, x_test, y_test),
    }
    numbers = {
        "honest_accuracy": _share(honest_accuracy, "honest_accuracy"),
        "flattering_accuracy": _share(flattering_accuracy, "flattering_accuracy"),
    }
    for which, measured in found.items():
        assert any(abs(number - measured) < 0.01 for number in numbers.values()), (
            f"`read` gets {percent(measured)} of the {which} right, and neither of "
            "your two numbers says so. Let `share_right` measure both, once each."
        )


def the_promise_is_kept(honest_accuracy, read, sealed, report, x_test, y_test):
    """TODO 7. `honest_accuracy` comes true, to 5 points, on pictures nobody has seen"""
    promised = _share(honest_accuracy, "honest_accuracy")
    answers = checks.array(read(sealed.images), "read(images)")
    accuracy = report.answers(sealed, answers)
    if sealed.private:  # an instructor's: nobody promised anything of such
        return
    away = promised - accuracy
    seen = (
        f"`honest_accuracy` promises {percent(promised)}, and the network read "
        f"{percent(accuracy)} of our pictures."
    )
    assert away <= TOLERANCE, (
        f"{seen} Pictures of hands that the network knows flatter it, and so do "
        "pictures that it learned from. Which of your two measures avoids both?"
    )
    assert away >= -TOLERANCE, (
        f"{seen} Are the test pictures prepared, and compared with their own labels?"
    )
    if sealed.variant != "drawn":  # real ones are shifted, and noisier than the test
        return
    known, unseen = _losses(read(x_test), y_test), _losses(answers, sealed.labels)
    assert not _surer(known, unseen) > SURE, (
        "The network has a clearly lower loss on the test pictures than on ours: those "
        "are pictures that it learned from, and flatter it. Train with `x_kept` alone."
    )


def read_takes_raw_images(read, prepare, model):
    """`read` takes raw images and gives 24 probabilities for each"""
    classifying.reads_raw_images(read, prepare, model, LETTERS)


def reads_signs_it_has_never_seen(read, sealed, goal, report, history=None):
    """The network reads {goal:.0%} of the signs it has never seen"""
    answers = read(sealed.images)
    accuracy = report.answers(sealed, answers)
    more = "more epochs, or more units"
    classifying.reaches(goal, accuracy, answers, history, more)


def _numbers(labels, where):
    """Return labels as whole numbers, also where they are one-hot rows."""
    labels = checks.array(labels, where)
    return labels.argmax(axis=1) if labels.ndim == 2 else labels


def _losses(answers, labels):
    """Return the loss of each image; no probability counts as below one in 1,000."""
    numbers = _numbers(labels, "the labels").astype(int)
    shares = checks.probabilities(checks.array(answers, "read(images)"))
    return -np.log(np.maximum(shares[np.arange(len(numbers)), numbers], 1e-3))


def _surer(known, unseen):
    """Return by how many standard errors of the difference the first mean is lower."""
    error = np.hypot(*(one.std() / len(one) ** 0.5 for one in (known, unseen)))
    return (unseen.mean() - known.mean()) / max(error, 1e-6)


def _share_right(read, images, labels):
    answers = checks.array(read(images), "read(images)")
    return float(np.mean(answers.argmax(axis=1) == _numbers(labels, "the labels")))


def _share(value, name):
    """Return a number from 0 to 1, or say what was found."""
    assert value is not None, f"`{name}` is None. Does the function end in `return`?"
    share = float(value)
    assert 0 <= share <= 1, (
        f"`{name}` is {share:g}. A share lies between 0 and 1; leave per cent to the "
        "printing."
    )
    return share
