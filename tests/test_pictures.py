"""Photos of many sizes cross as bytes; class folders are whole or not there."""

import hashlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from workshop import data, datasets
from workshop.data import kinds, pictures, sources

NAMES = ("left", "right")


def draw():
    random = np.random.default_rng(5)
    x = random.integers(0, 256, (12, 8, 8, 3), np.uint8)
    y = (np.arange(12) % 2).astype(np.uint8)
    return {"x_train": x[:8], "y_train": y[:8], "x_test": x[8:], "y_test": y[8:]}


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """A data set of twelve pictures in two classes, drawn only."""
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home ü"))
    monkeypatch.delenv("WORKSHOP_QUICK", raising=False)
    modules = (pictures,)
    made = kinds.Source("toy", NAMES, modules, draw, lambda _: (), folders=NAMES)
    monkeypatch.setattr(sources, "NAMES", ("toy",))
    monkeypatch.setattr(sources, "_toy", lambda: made, raising=False)
    sources.find.cache_clear()
    yield made
    sources.find.cache_clear()


def images(folder):
    return sorted(
        np.asarray(Image.open(path)).tobytes() for path in folder.rglob("*.png")
    )


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(1, 5)), max_size=5))
def test_photos_of_any_size_come_back_as_they_went(sizes):
    random = np.random.default_rng(1)
    photos = [random.integers(0, 256, (h, w, 3), np.uint8) for h, w in sizes]
    back = data.unpack(data.pack(photos))
    assert [photo.shape for photo in back] == [photo.shape for photo in photos]
    assert all(np.array_equal(a, b) for a, b in zip(photos, back, strict=True))


def test_folders_hold_the_pictures_of_both_parts_by_class(toy, capsys):
    train, valid = datasets.folders("toy")
    assert sorted(path.name for path in train.iterdir()) == list(NAMES)
    assert images(train / "left") == sorted(x.tobytes() for x in draw()["x_train"][::2])
    assert len(images(valid)) == 4
    assert capsys.readouterr().out.startswith("toy: drawn by this kit")


@pytest.mark.parametrize("harm", ["emptied", "added", "cut"])
def test_a_folder_that_was_changed_is_written_again(toy, harm):
    train, _ = data.folders("toy", "drawn")
    before = images(train)
    first = next(train.rglob("*.png"))
    if harm == "emptied":
        first.unlink()
    elif harm == "added":
        (first.parent / "mine.png").write_bytes(first.read_bytes())
    else:
        first.write_bytes(first.read_bytes()[:20])
    again, _ = data.folders("toy", "drawn")
    assert images(again) == before


def test_a_whole_folder_is_not_written_twice(toy):
    train, _ = data.folders("toy", "drawn")
    made = next(train.rglob("*.png")).stat().st_mtime_ns
    assert data.folders("toy", "drawn")[0] == train
    assert next(train.rglob("*.png")).stat().st_mtime_ns == made


def test_a_rehearsal_has_few_photos_in_folders_of_its_own(toy):
    assert len(images(data.folders("toy", "drawn", 3)[0])) == 3
    assert len(images(data.folders("toy", "drawn")[0])) == 8


def test_a_full_disk_is_one_sentence_and_leaves_nothing_behind(toy, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pictures, "_save", full)
    with pytest.raises(data.DataError, match="could not be written"):
        data.folders("toy", "drawn")
    assert not [p for p in data.store.home().iterdir() if p.is_dir()]


def test_data_of_another_kind_is_one_sentence(toy):
    with pytest.raises(data.DataError, match="not of this kind"):
        datasets.texts("toy")


def test_photos_are_pictures_with_the_names_of_their_classes(toy):
    photos, names = datasets.photos("toy")
    digests = {hashlib.sha256(photo.tobytes()).hexdigest() for photo in photos}
    assert (len(photos), len(digests), names) == (4, 4, ["left", "right"] * 2)


def test_data_that_is_only_drawn_is_drawn_whatever_is_asked_for(toy, monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    assert str(data.choose("toy")) == "drawn by this kit (there are no others)"
