"""Pets: one dog is ours in every light, and every other animal is drawn once."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from workshop.data import pets, photographs, store
from workshop.data.origin import Unusable

DRAWN = pets.drawn()


@pytest.fixture(scope="module")
def halves():  # type: ignore[no-untyped-def]
    """Return sealed halves a tenth as large as they are, to be quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pets, "SEALED", (20, 20, 20))
        yield pets.sealed_drawn(b"a test")


def test_drawn_pets_are_the_same_on_every_call() -> None:
    again = pets.drawn()
    assert all((again[name] == DRAWN[name]).all() for name in DRAWN)


def test_half_of_the_photos_show_ours_and_half_any_other() -> None:
    assert DRAWN["x_train"].shape == (140, 96, 96, 3)
    assert DRAWN["x_test"].shape == (60, 96, 96, 3)
    for part in ("y_train", "y_test"):
        assert (DRAWN[part] == 0).mean() == 0.5
    assert set(DRAWN["y_train"]) == set(range(len(pets.CLASSES)))


def test_of_sealed_pets_a_third_is_ours_and_a_third_other_dogs(halves) -> None:  # type: ignore[no-untyped-def]
    labels = np.concatenate([half.labels for half in halves])
    assert sum(pets.SEALED) == 60
    assert [len(half.labels) for half in halves] == [60, 60]
    assert ((labels == 0).sum(), (labels == 1).sum()) == (40, 40)
    assert set(labels) == set(range(len(pets.CLASSES)))


def test_sealed_pets_are_frozen_and_each_is_a_group(halves) -> None:  # type: ignore[no-untyped-def]
    assert not halves[0].images.flags.writeable
    assert len(set(halves[0].groups)) == 60


def test_sealed_pictures_are_no_training_pictures(halves) -> None:  # type: ignore[no-untyped-def]
    train = {image.tobytes() for image in DRAWN["x_train"]}
    shown, graded = ({one.tobytes() for one in half.images} for half in halves)
    assert len(train | shown | graded) == 140 + 120


def test_ours_alone_has_all_its_marks() -> None:
    look = pets._alike(pets.Dice(3), 300)
    black = (look["patch"] == np.array(pets.BLACK, np.float32)).all(axis=1)
    ours = (look["patched"] == -1) & black & (look["fold0"] == 0) & (look["fold1"] == 1)
    assert not ours.any()
    assert (look["patched"] == -1).any()


def test_there_is_a_class_folder_for_each_class() -> None:
    assert len(pets.FOLDERS) == len(pets.CLASSES)
    assert pets.FOLDERS[:2] == ("ours", "not_ours")


def photos(folder, count, colour, suffix="png"):  # type: ignore[no-untyped-def]
    folder.mkdir(parents=True)
    for number in range(count):
        image = Image.new("RGB", (50 + number, 40), colour)
        image.save(folder / f"{number}.{suffix}")


def test_a_folder_of_class_folders_is_split_by_what_its_files_hold(tmp_path) -> None:  # type: ignore[no-untyped-def]
    photos(tmp_path / "pets" / "ours", 40, "black")
    photos(tmp_path / "pets" / "Cats", 40, "red", "jpg")
    arrays, words = photographs.pets_from_mirror(str(tmp_path))
    assert len(arrays["y_train"]) + len(arrays["y_test"]) == 80
    assert 4 <= len(arrays["y_test"]) <= 30
    assert arrays["x_train"].shape[1:] == (224, 224, 3)
    assert set(arrays["y_train"]) == {0, 2}
    assert words.startswith("photos of pets, from the mirror")
    again = photographs.pets_from_files([tmp_path / "pets"])
    assert (again["x_test"] == arrays["x_test"]).all()


def test_real_pets_are_withheld_and_sealed_like_any_other(tmp_path) -> None:  # type: ignore[no-untyped-def]
    photos(tmp_path / "ours", 60, "black")
    photos(tmp_path / "dog", 60, "red")
    kept = pets.withhold(photographs.pets_from_files([tmp_path]))
    shown, graded = pets.sealed_real(b"secret", kept)
    assert len(shown.labels) + len(graded.labels) == len(kept["y_withheld"])
    assert shown.images.shape[1:] == (224, 224, 3)  # type: ignore[union-attr]


def test_what_is_wrong_with_a_folder_is_said(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="give one folder"):
        photographs.pets_from_files([tmp_path / "none"])
    with pytest.raises(ValueError, match="no class folders"):
        photographs.pets_from_files([tmp_path])
    photos(tmp_path / "ours", 20, "black")
    with pytest.raises(ValueError, match="ours and of one other class"):
        photographs.pets_from_files([tmp_path])
    (tmp_path / "dragon").mkdir()
    with pytest.raises(ValueError, match="dragon is no class; there is: ours, dog"):
        photographs.pets_from_files([tmp_path])


def test_a_mirror_without_pets_is_named() -> None:
    with pytest.raises(Unusable, match="has no pets/"):
        photographs.pets_from_mirror("/nowhere")
    with pytest.raises(Unusable, match="is an address"):
        photographs.pets_from_mirror("https://example.org/mirror")


def test_pictures_that_cannot_be_read_are_left_out_and_counted(  # type: ignore[no-untyped-def]
    tmp_path, monkeypatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(store, "say", said.append)
    for part in ("train", "valid"):
        photos(tmp_path / part / "ours", 3, "black")
        photos(tmp_path / part / "fox", 3, "red")
    (tmp_path / "train" / "fox" / "bad.jpg").write_bytes(b"no picture")
    arrays = photographs.pets_from_files([tmp_path])
    assert len(arrays["y_train"]) == len(arrays["y_test"]) == 6
    assert said == [
        f"{tmp_path / 'train'}: 1 pictures cannot be read and are left out."
    ]
