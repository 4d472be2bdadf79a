"""Checks for lesson 1, read handwritten digits.

Each function is one check. Its parameters are the learner's variables, by name (one
with a default may be missing); its docstring is the line the learner reads; a failed
assert is advice. A model may reshape and scale by itself, so `prepare` is judged
together with the model once there is one.
"""

from workshop import classifying

DIGITS = classifying.Task(10, "ten", "digits")
MORE = "more epochs, or more units"


def each_image_becomes_one_row(prepare, model=None):
    """TODO 1. Each image becomes one row of 784 pixels"""
    classifying.rows_of_pixels(prepare, model)


def pixels_are_small_numbers(prepare, model=None):
    """TODO 2. Pixels are small numbers, from 0 to 1"""
    classifying.small_numbers(prepare, model)


def a_hidden_layer_combines_pixels(model):
    """TODO 3. A hidden layer between input and outputs combines the pixels"""
    classifying.hidden_layers(model)


def one_output_for_each_digit(model, prepare):
    """TODO 3. The network still ends in ten outputs, one for each digit"""
    classifying.outputs(model, prepare, DIGITS)


def the_loss_fits_labels_and_outputs(model, prepare, y_train, history=None):
    """TODO 4. The loss fits the labels and the outputs"""
    classifying.loss_fits(model, prepare, y_train, DIGITS, history)


def training_lowers_the_loss(history, report, model=None):
    """TODO 5. Training lowers the loss, watched on images it does not learn from"""
    report.curves(history)
    loss, validation = classifying.losses(history, model)
    classifying.learned(history, model, DIGITS, least=0.6)
    classifying.validated(loss[-1], validation[-1], most=max(3, 5 * loss[-1]))


def read_takes_raw_images(read, prepare, model):
    """`read` takes raw images and gives ten probabilities for each"""
    classifying.reads_raw_images(read, prepare, model, DIGITS)


def reads_digits_it_has_never_seen(read, sealed, goal, report, history=None):
    """The network reads {goal:.0%} of digits it has never seen"""
    answers = read(sealed.images)
    accuracy = report.answers(sealed, answers)
    classifying.reaches(goal, accuracy, answers, history, MORE)
