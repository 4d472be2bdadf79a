"""Checks for lesson 3, look for shapes, not at pixels.

The kernel made by hand is judged by what it answers to edges and even areas, of either
sign and of any size. Predicted shapes and counts are compared with the learner's own
network, whatever its layers are.
"""

import numpy as np

from workshop import checks, classifying
from workshop.results import percent

LETTERS = classifying.Task(24, "24", "letters")
DENSE = 784 * 512 + 512 + 512 * 512 + 512 + 512 * 24 + 24
MOST_FEATURES = 8_000
TOLERANCE = 0.06
CONVOLUTIONS = {"Conv2D", "SeparableConv2D"}


def the_kernel_finds_vertical_edges(kernel):
    """TODO 1. The kernel finds vertical edges, and nothing else"""
    table = checks.array(kernel, "kernel").astype(float)
    table = table[(..., *[0] * (table.ndim - 2))] if table.ndim > 2 else table
    assert table.ndim == 2, (
        f"`kernel` has shape {np.shape(kernel)}. Three rows of three numbers each, in "
        "brackets within brackets, make a kernel of shape (3, 3)."
    )
    total = np.abs(table).sum()
    assert total > 0, "All of the kernel's numbers are 0, and so are all its answers."
    even, upright, level = (_strongest(table, image) / total for image in _cards())
    assert even < 0.02, (
        f"The numbers add up to {table.sum():g}, so the kernel answers to an even "
        "area, where there is no edge. Let them add up to 0."
    )
    assert upright > 0.15 or level <= upright, (
        "The kernel finds horizontal edges. Turn it by a quarter, so that its left "
        "and its right column differ."
    )
    assert upright > 0.15, (
        "Along a vertical edge the kernel hardly answers. Let one of its sides weigh "
        "the bright pixels, and the other side take away the dark ones."
    )
    assert level < 0.2 * upright, (
        "The kernel also answers along a horizontal edge. There, bright and dark "
        "lie above each other: let the numbers of each row add up to 0."
    )


def images_keep_their_rows_and_get_a_channel(prepare):
    """TODO 2. Images keep rows and columns, and get a channel of small numbers"""
    images = checks.pictures()
    made = checks.array(prepare(images), "prepare(images)")
    assert made.shape == (*images.shape, 1), (
        f"{len(images)} images of 28×28 came back with shape {made.shape}, not "
        f"({len(images)}, 28, 28, 1). The channel is a new last dimension of size 1."
    )
    classifying.one_image_each(prepare, images, made)


def pixels_are_small_numbers(prepare, model=None):
    """TODO 2. Pixels are small numbers, from 0 to 1"""
    classifying.small_numbers(prepare, model)


def convolutions_and_pooling_take_turns(convolutions):
    """TODO 3. Convolutions with an activation and pooling take turns"""
    found = checks.flat(convolutions.layers)
    layers = [one for one in found if one.kind in CONVOLUTIONS]
    assert len(layers) > 1, (
        f"There {_so_many(len(layers))} in `convolutions`. A single one finds edges; "
        "it takes others behind it to see what the edges make together."
    )
    bent = [one for one in found if checks.bends(one) and "ool" not in one.kind]
    straight = [one for one in layers if not checks.bends(one)]
    assert len(bent) >= len(layers), (
        f"Convolution layers without an activation: {len(straight)} of {len(layers)}. "
        "Two such layers can do no more than one. Give each of them ReLU."
    )
    numbers = int(np.prod(_leaving(convolutions)))
    assert numbers <= MOST_FEATURES, (
        f"{numbers:,} numbers of each picture leave the convolutions. Put a max "
        "pooling after each convolution: it halves both sides."
    )


def normalisation_and_dropout_have_their_places(model):
    """TODO 4. Batch normalisation and dropout stand where they help"""
    kinds = [layer.kind for layer in checks.flat(model.layers)]
    assert checks.NORMALISATIONS & set(kinds), (
        "There is no normalisation. Put a `layers.BatchNormalization` after the "
        "convolutions."
    )
    dropouts = [i for i, kind in enumerate(kinds) if kind in checks.DROPOUTS]
    assert dropouts, "There is no dropout. Put a `layers.Dropout` before the outputs."
    last = max((i for i, kind in enumerate(kinds) if kind == "Dense"), default=-1)
    assert max(dropouts) < last, (
        "The dropout comes after the outputs, where it would silence the answers. Put "
        "it before the last dense layer."
    )
    rates = [checks.flat(model.layers)[i].settings.get("rate", 0.5) for i in dropouts]
    assert 0.01 < max(rates) < 0.95, (
        f"The dropout has the rate {max(rates):g}: the share of units that it silences "
        "in every step. Give it about a half."
    )


def the_shape_was_predicted(predicted_shape, convolutions):
    """TODO 5. The shape that leaves the convolutions is predicted"""
    shape = _leaving(convolutions)
    told = tuple(int(size) for size in np.ravel(predicted_shape) if size is not None)
    assert told == shape, (
        f"You predicted {told}, and your convolutions make {shape}. "
        f"{_about_the_shape(told, shape)}"
    )


def the_parameters_were_predicted(predicted_parameters, convolutions):
    """TODO 5. The parameters of the second convolution layer are predicted"""
    layers = checks.flat(convolutions.layers)
    counts = [layer.parameters for layer in layers if layer.kind in CONVOLUTIONS]
    assert len(counts) > 1, "`convolutions` has no second convolution layer."
    _leaving(convolutions)
    told = int(predicted_parameters)
    assert told == counts[1], (
        f"You predicted {told:,} parameters. "
        f"{_about_the_count(told, [one for one in layers if one.kind in CONVOLUTIONS])}"
    )


def one_output_for_each_letter(model, prepare):
    """TODO 6. The network ends in 24 outputs, one for each letter"""
    classifying.outputs(model, prepare, LETTERS)


def the_loss_fits_labels_and_outputs(model, prepare, y_train, history=None):
    """TODO 6. The loss fits the labels and the outputs"""
    classifying.loss_fits(model, prepare, y_train, LETTERS, history)


def training_lowers_the_loss(history, report, model, prepare, x_test, y_test):
    """TODO 6. Training accuracy passes 80 %, validated on prepared pictures"""
    report.curves(history)
    loss, validation = classifying.losses(history, model)
    classifying.learned(history, model, LETTERS, least=0.8)
    most = 1 + 2 * classifying.loss_of(model, prepare(x_test), y_test)
    classifying.validated(loss[-1], validation[-1], most)


def read_takes_raw_images(read, prepare, model):
    """`read` takes raw images and gives 24 probabilities for each"""
    classifying.reads_raw_images(read, prepare, model, LETTERS)


def it_has_fewer_parameters_than_the_dense_network(model):
    """The network has fewer parameters than that of lesson 2"""
    assert model.parameters, "The network has no parameters yet. Give it an input."
    assert model.parameters < DENSE, (
        f"The network has {model.parameters:,} parameters, that of lesson 2 "
        f"{DENSE:,}. Most of them stand behind Flatten: pool once more before it, or "
        "give the dense layer fewer units."
    )


def validation_promises_what_comes_true(history, read, sealed, report):
    """TODO 6. Validation accuracy comes true, to 6 points, on unseen pictures"""
    promised = checks.last(checks.metrics(history), "acc", "val_")
    assert promised is not None, (
        "The history has no validation accuracy. Name the metric in `model.compile`, "
        "and give `model.fit` its validation data."
    )
    accuracy = report.answers(sealed, read(sealed.images))
    if sealed.private:  # an instructor's: nobody promised anything of such
        return
    possible = [promised, *checks.worth_keeping(checks.metrics(history))]
    promised = min(possible, key=lambda one: abs(one - accuracy))
    assert promised - accuracy <= TOLERANCE, (
        f"Validation promised {percent(promised)}, and of our pictures it read "
        f"{percent(accuracy)}. Has it learned from its validation pictures, or from "
        "others of the same hands?"
    )
    assert accuracy - promised <= TOLERANCE, (
        f"Validation promised {percent(promised)}, and of our pictures it read "
        f"{percent(accuracy)}. Are the validation pictures prepared, and do they "
        "stand beside their own labels?"
    )


def reads_signs_it_has_never_seen(read, sealed, goal, report, history=None):
    """The network reads {goal:.0%} of the signs it has never seen"""
    answers = read(sealed.images)
    accuracy = report.answers(sealed, answers)
    more = "more epochs, or more kernels"
    classifying.reaches(goal, accuracy, answers, history, more)


def _cards():
    """Yield even areas, vertical edges and horizontal edges, each (n, 15, 15)."""
    side = np.arange(15)
    yield np.array([np.full((15, 15), shade) for shade in (0.3, 1.0)])
    bright_on_the_right = np.tile(side > 7, (15, 1)).astype(float)
    edges = np.array([bright_on_the_right, 1 - bright_on_the_right])
    yield edges
    yield edges.transpose(0, 2, 1)


def _strongest(kernel, images):
    """Return the strongest answer of either sign while a kernel slides."""
    rows, columns = kernel.shape
    images = np.pad(images, ((0, 0), (rows, rows), (columns, columns)), mode="edge")
    under = np.lib.stride_tricks.sliding_window_view(images, kernel.shape, (1, 2))
    return np.abs((under * kernel).sum(axis=(-2, -1))).max()


def _leaving(convolutions):
    """Return the shape that leaves the convolutions, without the batch."""
    shape = convolutions.output_shape
    assert shape, (
        "`convolutions` has no shapes yet, as nothing says what comes in. Begin it "
        "with `keras.Input(shape=(28, 28, 1))`."
    )
    return tuple(shape)[1:]


def _so_many(count):
    return "is 1 convolution layer" if count == 1 else f"are {count} convolution layers"


def _about_the_shape(told, shape):
    if len(told) != len(shape):
        return "Name rows, columns and channels, in this order."
    if told[-1] != shape[-1]:
        return "There are as many channels as the last convolution has kernels."
    return "Halve the sides at every pooling, and drop what is left over."


def _about_the_count(told, layers):
    first, second = layers[:2]
    filters = second.settings.get("filters") or 1
    if told == second.parameters - filters:
        return "Nearly: every kernel has one parameter more, its bias."
    if told == first.parameters:
        return "That many has the first convolution layer. Count those of the second."
    rows, columns = second.settings.get("kernel_size") or (3, 3)
    if told == filters * (rows * columns + 1):
        return (
            "That holds for one channel. A kernel has numbers for every channel that "
            "comes in: one for each kernel of the layer before."
        )
    return (
        "Count the numbers of one kernel: its pixels, times the channels that come "
        "in, and 1 for the bias. Then multiply by the number of kernels."
    )
