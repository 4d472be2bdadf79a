"""What was done to a picture is seen in the picture, in any contrast."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from workshop import checks, likeness

F = likeness.letter()[0]
KNOWN = checks.pictures(12, channels=1)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda x: x, (0, False)),
        (lambda x: x / 255 - 0.5, (0, False)),
        (lambda x: np.roll(x, (3, -2), (0, 1)), (0, False)),
        (lambda x: np.rot90(x, 2), (180, False)),
        (lambda x: x[:, ::-1], (0, True)),
        (lambda x: x[::-1], (180, True)),
    ],
)
def test_a_letter_tells_how_it_stands(change: Any, expected: Any) -> None:
    angle, mirrored = likeness.pose(change(F))
    assert (abs(angle), mirrored) == expected


def test_a_quarter_turn_is_a_quarter_turn() -> None:
    assert abs(likeness.pose(np.rot90(F))[0]) == 90


def test_a_picture_that_was_moved_is_still_its_own() -> None:
    moved = np.roll(KNOWN, (2, 1), (1, 2)) / 255
    assert [likeness.owner(KNOWN, one) for one in moved] == list(range(12))
    mirrored = moved[:, :, ::-1]
    assert [likeness.owner(KNOWN, one) for one in mirrored] == list(range(12))


def test_copies_are_found_in_another_scale_and_order() -> None:
    assert likeness.copies(KNOWN[::-2] / 255, KNOWN) == 1
    assert likeness.copies(KNOWN[:, ::-1], KNOWN) == 0


def test_pictures_that_differ_are_counted() -> None:
    varied = np.where(np.arange(12)[:, None, None, None] < 3, KNOWN + 9.0, KNOWN)
    assert likeness.differ(KNOWN, varied) == 0.25
