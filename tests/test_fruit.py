"""Fruit: fresh or rotten, and no pixel tells."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from workshop.data import fruit, photographs, produce
from workshop.data.dice import Dice

DRAWN = fruit.drawn()


def test_there_are_six_classes_each_as_often_and_with_a_folder() -> None:
    assert fruit.CLASSES[0] == "fresh apple"
    assert fruit.CLASSES[-1] == "rotten orange"
    assert fruit.FOLDERS[0] == "fresh_apple"
    assert set(np.bincount(DRAWN["y_train"])) == {160}
    assert set(np.bincount(DRAWN["y_test"])) == {50}


def test_raw_pixels_do_not_tell_the_class() -> None:
    train, test = (
        DRAWN[name].reshape(len(DRAWN[name]), -1).astype(np.float32)
        for name in ("x_train", "x_test")
    )
    far = (train**2).sum(axis=1) - 2 * test @ train.T
    nearest = DRAWN["y_train"][far.argmin(axis=1)]
    assert 0.25 < (nearest == DRAWN["y_test"]).mean() < 0.6


def test_fresh_fruit_may_have_a_bruise_but_neither_rot_nor_mould() -> None:
    look = produce.fresh(Dice(1), 200)
    assert look["bruise"].max() > 0.8
    assert look["rot"].max() == look["mould"].max() == 0


def test_rotten_fruit_is_rotten_where_it_can_be_seen() -> None:
    look = produce.rotten(Dice(1), 200)
    assert (look["rot"] * look["reach"][:, 0]).min() > 0.3
    assert 0.2 < (look["mould"] > 0).mean() < 0.8


def test_sealed_fruit_is_drawn_fresh_from_the_secret(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fruit, "SEALED", 30)
    shown, graded = fruit.sealed_drawn(b"a test")
    assert shown.images.shape == graded.images.shape == (30, 96, 96, 3)  # type: ignore[union-attr]
    assert shown.classes == fruit.CLASSES
    together = np.concatenate([shown.labels, graded.labels])
    assert set(np.bincount(together)) == {10}


def test_public_names_of_folders_are_understood(tmp_path) -> None:  # type: ignore[no-untyped-def]
    names = ("freshapples", "fresh_banana", "Fresh Oranges")
    names += ("rottenapples", "rotten-banana", "orange rotten")
    for part in ("train", "test"):
        for number, name in enumerate(names):
            (tmp_path / "fruit" / part / name).mkdir(parents=True)
            image = Image.new("RGB", (60, 40), (40 * number, 0, 0))
            image.save(tmp_path / "fruit" / part / name / "1.png")
    arrays, words = photographs.fruit_from_mirror(str(tmp_path))
    assert sorted(arrays["y_train"]) == [0, 1, 2, 3, 4, 5]
    assert [image[0, 0, 0] for image in arrays["x_test"]] == [
        40 * label for label in arrays["y_test"]
    ]
    assert "fruit" in words


def test_a_missing_class_is_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for part in ("train", "test"):
        (tmp_path / part / "freshapples").mkdir(parents=True)
        Image.new("RGB", (9, 9)).save(tmp_path / part / "freshapples" / "1.png")
    with pytest.raises(
        ValueError, match="too few photos of fresh banana, fresh orange"
    ):
        photographs.fruit_from_files([tmp_path])


def test_most_photos_of_a_class_are_taken_evenly(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(photographs, "MOST", 3)
    for number in range(9):
        Image.new("RGB", (9, 9), (number, 0, 0)).save(tmp_path / f"{number}.png")
    items, unread = photographs._class(tmp_path, 0)
    assert [photo[0, 0, 0] for photo, _, _ in items] == [0, 3, 6]
    assert unread == 0
