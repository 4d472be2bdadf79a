"""A sealed set is unseen, deterministic per secret, and cannot be changed."""

import dataclasses

import numpy as np
import pytest
from conftest import needs_mirror

from workshop import data
from workshop.data import digits, sealing

VARIANTS = ["drawn", pytest.param("real", marks=needs_mirror)]


@pytest.fixture(scope="module", autouse=True)
def kept(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WORKSHOP_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setattr("workshop.data.mnist.UPSTREAM", ())
        yield


def pictures(images):
    return {image.tobytes() for image in images}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_same_secret_gives_the_same_halves(variant):
    for one, other in zip(
        data.sealed("digits", b"room", variant),
        data.sealed("digits", b"room", variant),
        strict=True,
    ):
        assert np.array_equal(one.images, other.images)
        assert np.array_equal(one.labels, other.labels)


@pytest.mark.parametrize("variant", VARIANTS)
def test_another_secret_gives_other_pictures(variant):
    one = data.sealed("digits", b"room", variant)[0]
    other = data.sealed("digits", b"hall", variant)[0]
    assert len(pictures(one.images) & pictures(other.images)) < 10


@pytest.mark.parametrize("variant", VARIANTS)
def test_shown_and_graded_have_no_picture_in_common(variant):
    shown, graded = data.sealed("digits", b"room", variant)
    assert not pictures(shown.images) & pictures(graded.images)


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_sealed_picture_is_among_those_that_a_learner_has(variant):
    arrays = data.arrays("digits", variant)
    seen = pictures(arrays["x_train"]) | pictures(arrays["x_test"])
    for half in data.sealed("digits", b"room", variant):
        assert not pictures(half.images) & seen


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_half_is_large_balanced_and_of_the_form_that_lessons_know(variant):
    for half in data.sealed("digits", b"room", variant):
        assert len(half.labels) >= 2000
        assert half.images.shape == (len(half.labels), 28, 28)
        assert (half.images.dtype, half.labels.dtype) == (np.uint8, np.uint8)
        assert np.bincount(half.labels).min() > 0.07 * len(half.labels)
        assert (half.classes, half.variant) == (tuple("0123456789"), variant)


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_picture_is_a_group_of_its_own(variant):
    shown, _ = data.sealed("digits", b"room", variant)
    assert len(set(shown.groups)) == len(shown.labels)


@pytest.mark.parametrize("field", ["images", "labels", "groups"])
def test_arrays_of_a_sealed_set_cannot_be_written_to(field):
    shown, _ = data.sealed("digits", b"room", "drawn")
    with pytest.raises(ValueError, match="read-only"):
        getattr(shown, field)[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(shown, field, None)


def test_a_sealed_array_does_not_hold_the_other_half_in_memory():
    shown, _ = data.sealed("digits", b"room", "drawn")
    assert shown.images.base is None
    assert shown.labels.base is None


@pytest.mark.parametrize("secret", [b"", b"train", b"test", b"\xff" * 1000])
def test_no_secret_draws_the_training_or_test_digits(secret):
    shown, _ = data.sealed("digits", secret, "drawn")
    arrays = data.arrays("digits", "drawn")
    seen = pictures(arrays["x_train"]) | pictures(arrays["x_test"])
    assert not pictures(shown.images) & seen


def test_half_of_the_test_pictures_are_withheld_by_their_own_hash():
    random = np.random.default_rng(0)
    x = random.integers(0, 256, (400, 28, 28), np.uint8)
    whole = {"x_test": x, "y_test": np.arange(400, dtype=np.uint8)}
    split = digits.withhold(whole)
    assert 150 < len(split["x_withheld"]) < 250
    assert not pictures(split["x_test"]) & pictures(split["x_withheld"])
    assert sorted([*split["y_test"], *split["y_withheld"]]) == sorted(whole["y_test"])


def test_whether_a_picture_is_withheld_does_not_depend_on_the_others():
    x = np.random.default_rng(0).integers(0, 256, (50, 28, 28), np.uint8)
    y = np.arange(50, dtype=np.uint8)
    forth = digits.withhold({"x_test": x, "y_test": y})
    back = digits.withhold({"x_test": x[::-1], "y_test": y[::-1]})
    assert set(forth["y_withheld"]) == set(back["y_withheld"])


@needs_mirror
def test_about_half_of_the_real_test_split_is_withheld():
    assert 4500 < len(data.arrays("digits", "real")["x_test"]) < 5500


@needs_mirror
def test_real_sealed_pictures_are_moved_by_less_than_a_pixel():
    source = data.sources.find("digits")
    arrays = data.shelf.real(source, source.withheld, determined=True).arrays
    moved = digits.sealed_real(b"room", arrays)[0].images
    mean = arrays["x_withheld"].mean(axis=0)
    assert np.abs(moved.mean(axis=0) - mean).max() < 20


def test_an_unknown_variant_is_named():
    with pytest.raises(data.DataError, match="no variant 'raw'"):
        data.sealed("digits", b"room", "raw")


def test_real_sealed_data_that_cannot_be_had_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path))
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    with pytest.raises(data.DataError, match=r"^The real digits cannot be had: "):
        data.sealed("digits", b"room", "real")


def own(kind, count=40):
    """Return a sealed set in which each item can be told from its label and group."""
    labels = np.arange(count, dtype=np.uint8)
    stack = np.stack([np.full((2, 2), label, np.uint8) for label in labels])
    images = {"stack": stack, "list": list(stack), "texts": None}[kind]
    texts = [str(label) for label in labels] if kind == "texts" else None
    return data.Sealed(images, texts, labels, ("a", "b"), labels + 100, "drawn")


@pytest.mark.parametrize("kind", ["stack", "list", "texts"])
def test_in_another_order_items_keep_their_labels_and_groups(kind):
    made = sealing.reordered(own(kind), np.random.default_rng(0))
    items = made.texts or [image[0, 0] for image in made.images]
    assert [int(item) for item in items] == list(made.labels)
    assert list(made.groups - 100) == list(made.labels)
    assert sorted(made.labels) == list(range(40))
    assert list(made.labels) != list(range(40))


def test_the_same_seed_gives_the_same_order_and_another_one_another():
    orders = [
        sealing.reordered(own("list"), np.random.default_rng(s)) for s in (1, 1, 2)
    ]
    assert list(orders[0].labels) == list(orders[1].labels)
    assert list(orders[0].labels) != list(orders[2].labels)


def test_a_set_in_another_order_cannot_be_written_to():
    made = sealing.reordered(own("stack"), np.random.default_rng(0))
    for array in (made.images, made.labels, made.groups):
        assert not array.flags.writeable


def test_as_many_items_as_asked_for_are_kept_whatever_they_were():
    made = sealing.reordered(own("stack"), np.random.default_rng(0), 7)
    assert [image[0, 0] for image in made.images] == list(made.labels)
    assert len(set(made.labels)) == 7
