"""Checks for lesson 2, fit a line."""

import numpy as np

SOME_WEEKS = np.array([2.0, 4.0, 8.0])


def ones_stand_beside_the_weeks(prepare):
    """TODO 1. A column of ones stands beside the weeks"""
    columns = prepare(SOME_WEEKS)
    assert columns.shape == (3, 2), f"Three weeks came back as {columns.shape}."
    assert np.allclose(columns[:, 1], 1), f"The second column is {columns[:, 1]}."


def the_line_is_near_all_heights(weights):
    """TODO 2. The line is near all heights"""
    slope, beginning = weights
    assert 1.9 < slope < 2.1, f"The plant grows {slope:g} cm a week, not about 2."
    assert 0.5 < beginning < 1.5, f"The plant begins at {beginning:g} cm."


def heights_are_foretold(foretell):
    """TODO 3. Heights are foretold"""
    heights = foretell(SOME_WEEKS)
    assert np.shape(heights) == (3,), "Three weeks need three heights."


def is_wrong_by_little(foretell):
    """The height is wrong by less than 1 cm"""
    away = np.abs(foretell(SOME_WEEKS) - (2 * SOME_WEEKS + 1)).max()
    assert away < 1, f"It was wrong by {away:g} cm."
