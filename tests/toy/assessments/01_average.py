"""Checks for lesson 1, guess with an average."""

import numpy as np


def the_usual_number_is_the_average(usual, loaves):
    """TODO 1. The usual number is the average of all days"""
    expected = np.mean(loaves)
    assert abs(usual - expected) < 0.01, (
        f"The usual number is {usual:g}; all days together make {expected:g}."
    )


def every_day_gets_the_usual_number(guess, usual):
    """TODO 2. Every day gets the usual number"""
    answers = guess(["Monday", "Tuesday", "Friday"])
    assert np.shape(answers) == (3,), "Three days need three numbers."
    assert np.allclose(answers, usual), f"Friday got {answers[2]:g}."


def is_wrong_by_few_loaves(guess, loaves):
    """The guess is wrong by fewer than 4 loaves a day"""
    away = np.abs(guess(list(range(len(loaves)))) - loaves).max()
    assert away < 4, f"It was wrong by {away:g} loaves."
