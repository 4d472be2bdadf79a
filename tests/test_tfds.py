"""The TFDS builder gives what the NumPy source gives."""

import numpy as np
import pytest

from workshop import data
from workshop.data import sources

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def digits(tmp_path_factory):
    import tensorflow_datasets as tfds

    import workshop.tfds  # noqa: F401

    folder = tmp_path_factory.mktemp("tfds")
    return tfds.load("digits/drawn", data_dir=folder, with_info=True)


def test_the_builder_has_both_variants_with_the_same_features():
    from workshop.tfds import Digits

    assert {config.name for config in Digits.BUILDER_CONFIGS} == {"real", "drawn"}


def test_the_drawn_digits_have_both_splits_of_known_shape(digits):
    splits, info = digits
    assert {name: split.num_examples for name, split in info.splits.items()} == {
        "train": 12_000,
        "test": 2_000,
    }
    assert splits["train"].element_spec["image"].shape == (28, 28, 1)


def test_the_pictures_are_those_of_the_source(digits):
    import tensorflow_datasets as tfds

    theirs = [item["image"].tobytes() for item in tfds.as_numpy(digits[0]["test"])]
    ours = [image.tobytes() for image in data.arrays("digits", "drawn")["x_test"]]
    assert sorted(theirs) == sorted(ours)


def test_labels_name_the_digits(digits):
    assert digits[1].features["label"].names == list("0123456789")
    assert np.unique(digits[1].features["label"].num_classes) == 10


@pytest.mark.parametrize("name", [name for name in sources.NAMES if name != "digits"])
def test_every_data_set_can_be_loaded_with_what_the_source_gives(name, tmp_path):
    import tensorflow_datasets as tfds

    import workshop.tfds  # noqa: F401

    made = tfds.load(f"{name}/drawn", data_dir=tmp_path)
    arrays = data.arrays(name, "drawn")
    for part, split in made.items():
        if f"y_{part}" in arrays:
            labels = [int(item["label"]) for item in tfds.as_numpy(split)]
            assert sorted(labels) == sorted(arrays[f"y_{part}"].tolist())
        else:
            found = {item["text"].decode() for item in tfds.as_numpy(split)}
            assert found == set(data.lines(arrays[part]))
