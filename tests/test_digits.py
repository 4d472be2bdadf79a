"""Digits are drawn by a pure function, and real ones are read with care."""

import struct

import numpy as np
import pytest

from workshop.data import digits, hand, idx, strokes


@pytest.fixture(scope="module")
def drawn():
    return digits.drawn()


def some(seed=1, n=200, writers=20):
    labels = (np.arange(n) % 10).astype(np.uint8)
    return hand.draw(seed, labels, writers)


def test_there_are_12000_to_train_and_2000_to_test(drawn):
    assert drawn["x_train"].shape == (12_000, 28, 28)
    assert drawn["x_test"].shape == (2_000, 28, 28)
    assert {array.dtype for array in drawn.values()} == {np.dtype(np.uint8)}


def test_every_digit_is_drawn_equally_often(drawn):
    assert set(np.bincount(drawn["y_train"])) == {1200}
    assert set(np.bincount(drawn["y_test"])) == {200}


def test_the_same_seed_draws_the_same_pictures():
    assert np.array_equal(some(1), some(1))


def test_another_seed_draws_other_pictures():
    assert not np.array_equal(some(1), some(2))


def test_drawing_leaves_numpys_own_random_numbers_alone():
    np.random.seed(3)
    expected = np.random.get_state()[1].copy()  # type: ignore[index]
    some()
    assert np.array_equal(np.random.get_state()[1], expected)  # type: ignore[index]


def test_no_picture_is_drawn_twice_in_training_and_test(drawn):
    both = np.concatenate([drawn["x_train"], drawn["x_test"]])
    assert len({picture.tobytes() for picture in both}) == len(both)


def test_ink_lies_on_paper_as_in_mnist(drawn):
    pictures = drawn["x_train"] / 255
    assert 0.11 < pictures.mean() < 0.15  # MNIST: 0.13
    assert (pictures == 0).mean() > 0.7  # MNIST: 0.81
    assert pictures.max(axis=(1, 2)).min() > 0.6


def test_digits_are_centred_by_mass_within_a_margin(drawn):
    pictures = drawn["x_train"] / 255.0
    weight = pictures.sum(axis=(1, 2))
    for axis in (1, 2):
        middle = (pictures.sum(axis=axis) * np.arange(28)).sum(axis=1) / weight
        assert abs(middle.mean() - 13.5) < 0.1
        assert np.abs(middle - 13.5).max() < 3


def test_nothing_is_cut_off_at_the_edge(drawn):
    edge = np.ones((28, 28), bool)
    edge[1:-1, 1:-1] = False
    touched = (drawn["x_train"][:, edge] > 128).any(axis=1)
    assert touched.mean() < 0.005


def test_a_mean_picture_tells_most_digits_and_not_all(drawn):
    x, y = drawn["x_train"].reshape(-1, 784) / 255.0, drawn["y_train"]
    means = np.stack([x[y == digit].mean(axis=0) for digit in range(10)])
    test = drawn["x_test"].reshape(-1, 784) / 255.0
    far = (means**2).sum(axis=1) - 2 * test @ means.T
    accuracy = (far.argmin(axis=1) == drawn["y_test"]).mean()
    assert 0.70 < accuracy < 0.90  # MNIST: 0.82


def test_writers_differ_more_than_the_pictures_of_one_writer():
    ones = np.full(400, 4, np.uint8)
    pictures = hand.draw(5, ones, 20).reshape(20, 20, -1) / 255.0  # (turn, writer)
    within = pictures.std(axis=0).mean()
    between = pictures.mean(axis=0).std(axis=0).mean()
    assert between > 0.3 * within


@pytest.mark.parametrize("digit", range(10))
def test_a_curve_begins_and_ends_where_its_points_do(digit):
    for way in strokes.ways(digit):
        curve = way.curve @ way.points
        assert np.allclose(curve[[0, -1]], way.points[[0, -1]], atol=1e-5)
        assert np.allclose(way.curve.sum(axis=1), 1, atol=1e-5)


def packed(array, kind=8):
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, kind, array.ndim, *array.shape)
    return header + array.tobytes()


PICTURES = np.arange(2 * 28 * 28, dtype=np.uint32).astype(np.uint8).reshape(2, 28, 28)


def test_an_idx_file_gives_back_its_array():
    assert np.array_equal(idx.read(packed(PICTURES)), PICTURES)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\0",
        b"<html>not here</html>",
        packed(PICTURES, kind=13),
        packed(PICTURES)[:-1],
        packed(PICTURES) + b"\0",
        packed(PICTURES)[:10],
        b"\0\0\x08\0",
        b"\0\0\x08\xff" + b"\xff" * 1020,
    ],
)
def test_an_idx_file_that_is_off_in_any_way_is_refused(content):
    with pytest.raises(ValueError, match=r"it begins|its header|it has"):
        idx.read(content)
