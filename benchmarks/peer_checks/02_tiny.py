"""What a notebook grader asserts about the tiny training: our checks, in its way."""

import numpy as np


def has_a_hidden_layer(model):
    assert len(model.layers) == 2
    assert model.layers[0].activation.__name__ == "tanh"


def training_went_well(history):
    assert history.history["loss"][-1] < history.history["loss"][0]


def knows_the_rule(lit):
    corners = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    assert lit(corners).tolist() == [False, True, True, False]
