"""Checks for lesson 1, find the bright corner."""

import numpy as np


def corners_are_added_up(corners):
    """TODO 1. The pixels of each corner are added up"""
    sums = corners(np.ones((2, 8, 8), np.uint8))
    assert np.shape(sums) == (2, 4), f"Two pictures gave {np.shape(sums)}."
    assert np.allclose(sums, 16), f"A corner of ones gave {sums[0][0]}."


def every_picture_gets_four_numbers(find):
    """TODO 2. Every picture gets four numbers"""
    found = find(np.zeros((3, 8, 8), np.uint8))
    assert np.shape(found) == (3, 4), f"Three pictures gave {np.shape(found)}."


def finds_the_corner_in_unseen_pictures(find, sealed, goal):
    """The corner is found in {goal:.0%} of unseen pictures"""
    accuracy = np.mean(find(sealed.images).argmax(axis=1) == sealed.labels)
    assert accuracy >= goal, f"It was right in {accuracy:.0%} of them."
