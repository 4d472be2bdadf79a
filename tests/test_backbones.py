"""A pre-trained VGG16 comes with its classes, size and preprocessing, and says so."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workshop import backbones
from workshop.backbones import Backbone, imagenet, small
from workshop.data import Choice

CLASSES = ["red setter", "poodle", "tabby cat", "brown bear"]
KINDS = {"dog": [0, 1], "cat": [2], "bear": [3]}
SMALL = Backbone(None, CLASSES, (96, 96), "made by hand", KINDS)
WIDTHS = [("block1", 8, 2), ("block2", 16, 2), ("block3", 32, 3)]
DEEP = [("block4", 64, 3), ("block5", 64, 3)]
CONVOLUTIONS = {
    f"{block}_conv{number}": filters
    for block, filters, depth in WIDTHS + DEEP
    for number in range(1, depth + 1)
}


def test_decode_names_the_most_probable_classes_first() -> None:
    rows = np.array([[0.1, 0.2, 0.6, 0.1], [0.0, 0.0, 0.0, 1.0]])
    first, second = SMALL.decode(rows, top=2)
    assert first == [("tabby cat", 0.6), ("poodle", 0.2)]
    assert second[0] == ("brown bear", 1.0)


@pytest.mark.parametrize("shape", [(4,), (1, 3), (1, 1, 4)])
def test_decode_refuses_what_are_no_rows_of_classes(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"shape \(n, 4\)"):
        SMALL.decode(np.zeros(shape))


def test_indices_are_the_numbers_of_all_classes_of_a_kind() -> None:
    assert SMALL.indices("dog") == [0, 1]
    SMALL.indices("dog").clear()
    assert SMALL.indices("dog") == [0, 1]


def test_a_kind_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="bear, cat, dog"):
        SMALL.indices("whale")


def test_the_kinds_of_imagenet_are_where_the_paper_trail_says() -> None:
    kinds = {kind: (min(rows), max(rows)) for kind, rows in imagenet.KINDS.items()}
    assert kinds == {"dog": (151, 268), "cat": (281, 285), "bear": (294, 297)}


def test_unknown_weights_are_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="imagenet, small, random"):
        backbones.vgg16(weights="resnet")


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> imagenet.File:
    """Return a small file that stands for one of Keras's, served from a folder."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    served = tmp_path / "upstream"
    served.mkdir()
    (served / "weights.h5").write_bytes(b"weights")
    digest = hashlib.md5(b"weights").hexdigest()
    return imagenet.File("weights.h5", f"{served}/", digest, 1)


def test_real_weights_are_fetched_once_and_kept_where_keras_keeps_them(
    real: imagenet.File, tmp_path: Path
) -> None:
    path, why = imagenet.find(real)
    assert (path, why) == (tmp_path / "keras" / "models" / "weights.h5", "")
    assert imagenet.find(real._replace(base="/nowhere/"))[0] == path


def test_the_mirror_comes_before_upstream(
    real: imagenet.File, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mirror" / "vgg16").mkdir(parents=True)
    (tmp_path / "mirror" / "vgg16" / "weights.h5").write_bytes(b"weights")
    monkeypatch.setenv("WORKSHOP_MIRROR", str(tmp_path / "mirror"))
    assert imagenet.find(real._replace(base="/nowhere/"))[0] is not None


def test_damaged_weights_are_never_used(real: imagenet.File, tmp_path: Path) -> None:
    models = tmp_path / "keras" / "models"
    models.mkdir(parents=True)
    (models / "weights.h5").write_bytes(b"half")
    assert imagenet.find(real)[0] is not None
    assert (models / "weights.h5").read_bytes() == b"weights"
    path, why = imagenet.find(real._replace(md5="0" * 32))
    assert path is None
    assert "checksum" in why
    assert [found.name for found in models.iterdir()] == ["weights.h5"]


def test_without_a_list_of_names_classes_are_numbered(
    real: imagenet.File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imagenet, "NAMES", real._replace(md5="", base="/nowhere/"))
    names = imagenet.classes()
    assert (len(names), names[151]) == (1000, "class 151")


def test_the_kept_weights_are_those_of_the_record_and_under_a_megabyte() -> None:
    content = small.WEIGHTS.read_bytes()
    record = small.record()
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) < 1_000_000
    assert record["seconds"] < 1_800
    assert len(record["classes"]) >= 20


def test_every_kind_of_the_record_has_classes_of_its_own() -> None:
    record = small.record()
    found = [name for names in record["kinds"].values() for name in names]
    assert len(found) == len(set(found))
    assert set(found) <= set(record["classes"])
    assert {"dog", "cat", "bear"} <= set(record["kinds"])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_DATA", "drawn")


@pytest.mark.slow
def test_the_small_network_has_the_layers_of_the_real_one(drawn: None) -> None:
    import keras

    real = keras.applications.VGG16(weights=None, input_shape=(96, 96, 3))
    ours = backbones.vgg16()
    names = [layer.name for layer in real.layers if layer.name.startswith("block")]
    assert names == [one.name for one in ours.model.layers if "block" in one.name]
    for name, filters in CONVOLUTIONS.items():
        assert ours.model.get_layer(name).filters == filters
        assert real.get_layer(name).filters == 8 * filters


@pytest.mark.slow
def test_the_line_says_which_network_it_is(
    drawn: None, capsys: pytest.CaptureFixture[str]
) -> None:
    backbones.vgg16()
    assert "the small one of this kit, pre-trained" in capsys.readouterr().out


@pytest.mark.slow
def test_the_base_ends_at_the_last_pooling(drawn: None) -> None:
    base = backbones.vgg16(include_top=False).model
    assert base.output_shape == (None, 3, 3, 64)
    assert base.layers[-1].name == "block5_pool"


@pytest.mark.slow
def test_preprocess_is_that_of_keras_and_leaves_the_images(drawn: None) -> None:
    import keras

    images = np.random.default_rng(0).uniform(0, 255, (2, 96, 96, 3))
    kept = images.copy()
    expected = keras.applications.vgg16.preprocess_input(images.copy())
    found = SMALL.preprocess(images)
    np.testing.assert_allclose(found, expected, atol=1e-3)
    np.testing.assert_array_equal(images, kept)
    assert found.dtype == np.float32


@pytest.mark.slow
def test_untrained_weights_know_nothing_and_trained_ones_much(drawn: None) -> None:
    from workshop.data import world

    images, labels = world.draw(b"test_backbones", 480)
    trained, untrained = backbones.vgg16(), backbones.vgg16(weights="random")
    assert _accuracy(trained, images, labels) > small.record()["accuracy"] - 0.06
    assert _accuracy(untrained, images, labels) < 0.2


def _accuracy(network: Backbone, images: Any, labels: Any) -> float:
    rows = network.model.predict(network.preprocess(images), verbose=0)
    return float((rows.argmax(axis=1) == labels).mean())


@pytest.mark.slow
def test_real_photos_get_the_real_network_where_its_weights_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("workshop.data.choose", lambda name: Choice("real", "given"))
    monkeypatch.setattr(imagenet, "find", lambda file: (tmp_path / file.name, ""))
    monkeypatch.setattr(imagenet, "classes", lambda: ["class"] * 1000)
    monkeypatch.setattr(imagenet, "network", lambda path, top: (path.name, top))
    found = backbones.vgg16(include_top=False)
    assert found.model == (imagenet.BASE.name, False)
    assert found.image_size == (224, 224)


@pytest.mark.slow
def test_real_photos_get_the_small_network_where_they_are_not(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workshop.data.choose", lambda name: Choice("real", "given"))
    monkeypatch.setattr(imagenet, "find", lambda file: (None, "no network"))
    assert backbones.vgg16().image_size == (96, 96)
    assert "cannot be had: no network" in capsys.readouterr().out
    with pytest.raises(FileNotFoundError, match="no network"):
        backbones.vgg16(weights="imagenet")
