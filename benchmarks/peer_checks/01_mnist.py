"""What a notebook grader asserts about lesson 1: the checks of our own, in its way.

Parameters are the learner's variables; each function becomes one test cell.
"""

import numpy as np


def images_are_rows(prepare, x_test):
    assert np.shape(prepare(x_test[:100])) == (100, 784)


def pixels_are_scaled(prepare, x_test):
    assert 0.5 < np.max(prepare(x_test[:100])) <= 1


def the_model_has_ten_probabilities(model):
    assert model.output_shape == (None, 10)
    assert model.layers[-1].activation.__name__ == "softmax"


def the_model_has_a_hidden_layer(model):
    assert len(model.layers) > 1
    assert model.layers[0].activation.__name__ == "relu"


def the_loss_fits_the_labels(model):
    assert "crossentropy" in str(model.loss).lower()


def training_went_well(history):
    assert len(history.history["loss"]) > 1
    assert history.history["loss"][-1] < history.history["loss"][0]


def unseen_digits_are_read(read, x_test, y_test):
    assert np.mean(np.argmax(read(x_test), axis=1) == y_test) > 0.9
