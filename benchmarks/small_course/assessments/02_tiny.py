"""Checks for lesson 2, train a tiny network."""

import numpy as np

CORNERS = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])


def has_a_hidden_layer(model):
    """TODO 1. The network has a hidden layer"""
    assert len(model.layers) == 2, f"It has {len(model.layers)} layers, not 2."
    found = model.layers[0].settings["activation"]
    assert found == "tanh", f"The activation of its hidden layer is {found}."


def training_went_well(history):
    """TODO 2. The loss falls"""
    first, last = history.metrics["loss"][0], history.metrics["loss"][-1]
    assert last < first, f"It was {first:.2f} in the first epoch, {last:.2f} at last."


def knows_the_rule(lit):
    """Where the switches differ, the lamp is on"""
    found = lit(CORNERS).tolist()
    assert found == [False, True, True, False], f"The four corners gave {found}."
