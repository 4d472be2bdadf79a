"""Checks of a lesson that reads digits with averages."""

import numpy as np


def pixels_are_small_numbers(prepare, sealed):
    """TODO 1. Pixels are numbers from 0 to 1"""
    brightest = np.max(prepare(sealed.images[:50]))
    assert brightest <= 1, (
        f"The brightest pixel is {brightest:g}. Divide by the largest value."
    )


def each_digit_has_an_average(averages):
    """TODO 2. Each digit has an average picture"""
    assert np.shape(averages) == (10, 28, 28), (
        f"The averages have the shape {np.shape(averages)}; ten pictures have "
        "(10, 28, 28). Average over the pictures alone."
    )


def reads_digits_it_has_never_seen(read, sealed, goal, report):
    """It reads {goal:.0%} of digits it has never seen"""
    right = report.answers(sealed, read(sealed.images))
    assert right >= goal, f"The goal is {goal:.0%}."
