"""Pre-training draws, trains, folds and keeps; another run gives the same weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workshop.backbones import small
from workshop.dev import pretrain
from workshop.dev.pretrain import Plan, World

pytestmark = pytest.mark.slow
SHORT = Plan(epochs=2, pictures=64, batch=32, test=32)
LINES: list[str] = []


def draw(purpose: bytes, n: int) -> tuple[Any, Any]:
    """Return pictures of two classes: dark ones and bright ones."""
    random = np.random.default_rng(list(purpose))
    labels = (np.arange(n) % 2).astype(np.uint8)
    noise = random.integers(0, 60, (n, 96, 96, 3))
    return (noise + 150 * labels[:, None, None, None]).astype(np.uint8), labels


WORLD = World(draw, ("dark", "bright"), {"dog": ("dark",), "cat": ("bright",)}, "v1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the weights of a short training."""
    path = tmp_path_factory.mktemp("pretrain") / "w.npz"
    pretrain.pretrain(WORLD, SHORT, path, LINES.append)
    return path


def test_the_same_seed_gives_the_same_weights(made: Path, tmp_path: Path) -> None:
    again = pretrain.pretrain(WORLD, SHORT, tmp_path / "w.npz", LINES.append)
    assert again["sha256"] == small.record(made)["sha256"]
    assert "Epoch 2 of 2" in LINES[1]


def test_the_record_says_how_the_weights_were_made(made: Path) -> None:
    kept = json.loads((made.parent / "w.json").read_text(encoding="utf-8"))
    assert (kept["world"], kept["classes"]) == ("v1", ["dark", "bright"])
    assert kept["kinds"] == {"dog": ["dark"], "cat": ["bright"]}
    assert sorted(path.name for path in made.parent.iterdir()) == ["w.json", "w.npz"]


def test_kept_weights_come_back_in_a_new_network(made: Path) -> None:
    one, two = small.network(2), small.network(2)
    for model in (one, two):
        small.read(model, made)
    images = np.random.default_rng(0).normal(0, 60, (4, 96, 96, 3))
    np.testing.assert_allclose(one(images), two(images))


def test_folding_leaves_the_answers_as_they_were() -> None:
    model = small.network(3)
    trained = pretrain._with_normalisation(model)
    random = np.random.default_rng(0)
    for layer in trained.layers:
        if layer.name.endswith("_norm"):
            shapes = [weight.shape for weight in layer.get_weights()]
            layer.set_weights([random.uniform(0.5, 1.5, shape) for shape in shapes])
    pretrain._fold(trained, model)
    images = random.normal(0, 60, (4, 96, 96, 3)).astype(np.float32)
    np.testing.assert_allclose(model(images), trained(images), atol=1e-5)


def test_the_world_shares_no_picture_with_the_lessons_data() -> None:
    from workshop.data import fruit, pets, world

    seen = {picture.tobytes() for picture in world.draw(b"pretrain 1", 600)[0]}
    for source in (pets, fruit):
        halves = source.sealed_drawn(b"test")
        pictures = [one for half in halves for one in half.images]
        assert not seen & {picture.tobytes() for picture in pictures}
