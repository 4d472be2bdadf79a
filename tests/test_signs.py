"""Signs are drawn by a pure function, by signers who differ, and read with care."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from conftest import MIRROR, needs_mirror

from workshop.data import pixelrows, poses, shading, signers, signs, skeleton
from workshop.data.dice import Dice


@pytest.fixture(scope="module")
def drawn():
    return signs.drawn()


@pytest.fixture(scope="module")
def few():
    return signs._draw(b"few", 480, 480)


def csv(labels, pixel=7, header=pixelrows.HEADER):
    rows = [f"{label}," + ",".join([str(pixel)] * 784) for label in labels]
    return "\n".join([header, *rows, ""]).encode()


def test_eight_signers_train_and_every_picture_of_a_test_has_its_own(drawn):
    assert drawn["x_train"].shape == (signs.SIGNERS * signs.EACH * 24, 28, 28)
    assert drawn["x_test"].shape == (signs.TEST, 28, 28)
    assert signs.SIGNERS >= 8
    assert {array.dtype for array in drawn.values()} == {np.dtype(np.uint8)}


def test_every_letter_is_signed_equally_often(drawn):
    assert set(np.bincount(drawn["y_train"])) == {signs.SIGNERS * signs.EACH}
    assert set(np.bincount(drawn["y_test"])) == {signs.TEST // 24}


def test_training_pictures_come_in_random_order(drawn):
    counts = np.bincount(drawn["y_train"][:480], minlength=24)
    assert counts.min() > 5


def test_the_same_purpose_draws_the_same_pictures(few):
    again, labels = signs._draw(b"few", 480, 480)
    assert np.array_equal(again, few[0])
    assert np.array_equal(labels, few[1])


def test_another_purpose_draws_other_pictures(few):
    assert not np.array_equal(signs._draw(b"other", 480, 480)[0], few[0])


def test_no_picture_is_drawn_twice(drawn):
    both = np.concatenate([drawn["x_train"], drawn["x_test"]])
    assert len({picture.tobytes() for picture in both}) == len(both)


def test_drawing_leaves_numpys_own_random_numbers_alone():
    np.random.seed(3)
    expected = np.random.get_state()[1].copy()  # type: ignore[index]
    signs._draw(b"state", 48, 48)
    assert np.array_equal(np.random.get_state()[1], expected)  # type: ignore[index]


def test_pictures_use_the_range_of_grey(few):
    images = few[0]
    assert 90 < images.mean() < 190
    assert images.std(axis=(1, 2)).min() > 10


def test_pictures_of_one_signer_are_alike_and_signers_differ(drawn):
    images, labels = signs._draw(b"alike", 960, 8)
    rows = images[labels == 0].reshape(-1, 784).astype(float)
    far = ((rows[:, None] - rows[None]) ** 2).mean(axis=2) + 1e9 * np.eye(len(rows))
    nearest, usual = np.sqrt(far.min(axis=1)), np.sqrt(np.median(far))
    assert nearest.mean() < 0.6 * usual


def test_known_signers_flatter_and_new_ones_tell_the_truth(drawn):
    rows = drawn["x_train"].reshape(-1, 784).astype(np.float32)
    rows -= rows.mean(axis=1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    new = drawn["x_test"].reshape(-1, 784).astype(np.float32)
    new -= new.mean(axis=1, keepdims=True)
    known, unknown = rows[7000:] @ rows[:7000].T, new @ rows[:7000].T
    answers = drawn["y_train"][:7000]
    flattering = (answers[known.argmax(axis=1)] == drawn["y_train"][7000:]).mean()
    true = (answers[unknown.argmax(axis=1)] == drawn["y_test"]).mean()
    assert flattering > 0.95
    assert 0.35 < true < 0.7


@pytest.mark.parametrize("letter", poses.LETTERS)
def test_a_letter_shows_a_whole_hand(letter, few):
    label = np.full(24, poses.LETTERS.index(letter), np.uint8)
    takes = signers.takes(Dice(5), label, np.arange(24))
    assert np.isfinite(takes.hands.ends).all()
    assert (takes.hands.radius > 0).all()


def test_a_capsule_along_the_view_is_a_ball():
    ends = np.array([[[[8, 8, 0], [8, 8, 0]]]], np.float32)
    ball = skeleton.Capsules(ends, np.full((1, 1, 2), 4, np.float32))
    depth, _ = shading.depth(ball, 16, 16)
    y, x = np.mgrid[:16, :16] + 0.5
    inside = 16 - (x - 8) ** 2 - (y - 8) ** 2
    hit = inside > 0
    assert np.array_equal(depth[0] > shading.FAR, hit)
    assert np.allclose(depth[0][hit], np.sqrt(inside[hit]), atol=0.05)


def test_a_tapered_capsule_is_the_union_of_the_balls_along_it():
    first, last = np.array((5.0, 6.0, -3.0)), np.array((15.0, 12.0, 6.0))
    ends = np.stack([first, last])[None, None].astype(np.float32)
    radius = np.array([[[4.0, 2.0]]], np.float32)
    depth, _ = shading.depth(skeleton.Capsules(ends, radius), 20, 24)
    y, x = np.mgrid[:20, :24] + 0.5
    expected = np.full((20, 24), -np.inf)
    for t in np.linspace(0, 1, 2001):
        middle, size = first + t * (last - first), 4 - 2 * t
        inside = size**2 - (x - middle[0]) ** 2 - (y - middle[1]) ** 2
        front = np.where(inside > 0, middle[2] + np.sqrt(np.maximum(inside, 0)), -99)
        expected = np.maximum(expected, front)
    hit = depth[0] > shading.FAR
    assert (hit == (expected > -99)).mean() > 0.995
    assert np.abs(depth[0] - expected)[hit & (expected > -99)].max() < 0.1


def test_a_turn_keeps_lengths():
    angles = np.random.default_rng(1).uniform(-3, 3, (9, 3)).astype(np.float32)
    turn = skeleton.rotation(angles)
    assert np.allclose(turn @ turn.transpose(0, 2, 1), np.eye(3), atol=1e-5)
    assert np.allclose(np.linalg.det(turn), 1, atol=1e-5)


def test_sealed_halves_are_fresh_for_each_secret_and_frozen(drawn, monkeypatch):
    monkeypatch.setattr(signs, "SEALED", 240)
    shown, graded = signs.sealed_drawn(b"one")
    other, _ = signs.sealed_drawn(b"two")
    assert shown.images.shape == graded.images.shape == (240, 28, 28)
    assert shown.variant == "drawn"
    assert len(set(graded.groups)) == len(graded.labels)
    assert not np.array_equal(shown.images, other.images)
    with pytest.raises(ValueError, match="read-only"):
        shown.images[0] = 0


def test_real_signs_are_withheld_and_disturbed(few):
    images, labels = few
    arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    kept = signs.withhold(arrays)
    assert len(kept["x_test"]) + len(kept["x_withheld"]) == len(images)
    assert 150 < len(kept["x_withheld"]) < 330
    shown, graded = signs.sealed_real(b"secret", kept)
    assert shown.variant == "real"
    public = {image.tobytes() for image in images}
    assert not any(image.tobytes() in public for image in shown.images)
    both = np.concatenate([shown.images, graded.images]).astype(float)
    assert np.sort(both.mean(axis=(1, 2))) == pytest.approx(
        np.sort(kept["x_withheld"].mean(axis=(1, 2))), abs=3
    )


def test_labels_of_kaggle_lose_their_gap_at_j():
    arrays = signs.from_csv(csv([0, 8, 10, 24]), csv([24]))
    assert arrays["y_train"].tolist() == [0, 8, 9, 23]
    assert signs.CLASSES[23] == "Y"
    assert arrays["x_test"].shape == (1, 28, 28)
    assert (arrays["x_train"] == 7).all()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "its first line begins ''"),
        (b"<html>not here</html>", "expected label,pixel1"),
        (csv([], header="a,b"), "has 2 columns"),
        (csv([]), "a header and no pictures"),
        (csv([9]), r"picture 1 has the label 9; labels are 0 to 24 without 9 \(J\)"),
        (csv([0, 25]), "picture 2 has the label 25"),
        (csv([0, 1], pixel=256), "picture 1 has 256 in column 2"),
        (csv([0], pixel=-1), "picture 1 has -1 in column 2"),
        (csv([0], pixel="x"), "could not convert"),
        (csv([0], pixel="1.5"), "could not convert"),
        (csv([0])[:-3], "columns"),
        (csv([0, 1])[:-10], "columns"),
    ],
)
def test_a_file_that_is_off_in_any_way_is_refused(content, says):
    with pytest.raises(ValueError, match=r"the file to test: .*" + says):
        signs.from_csv(csv([1]), content)


def test_which_of_two_files_is_wrong_is_said():
    with pytest.raises(ValueError, match="the file to train: "):
        signs.from_csv(b"", csv([1]))


@needs_mirror
def test_the_mirror_has_24_letters_in_kaggles_layout():
    folder = Path(MIRROR) / "sign-language-mnist"
    train, test = (
        gzip.decompress((folder / f"sign_mnist_{part}.csv.gz").read_bytes())
        for part in ("train", "test")
    )
    arrays = signs.from_csv(train, test)
    assert set(arrays["y_test"]) == set(range(24))
    assert arrays["x_train"].shape[1:] == (28, 28)
    assert arrays["x_train"].std() > 20
