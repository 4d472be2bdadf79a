"""The small VGG16 learns to see from a drawn world, and anybody can repeat it.

All but the last epochs look at the pictures through a window at a random place: the
same detail for less than half the work, no picture twice the same, and things are known
by their parts, too. Training has a batch normalisation after each convolution; as this
is a product and a sum, it is folded into the convolution afterwards.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from workshop.backbones import small

Tell = Callable[[str], None]
Draw = Callable[[bytes, int], tuple[Any, Any]]
WINDOW = 64  # pixels; the windows of all but the last sixth of the epochs


@dataclass(frozen=True)
class World:
    """What is drawn: a generator, the names of its classes, and kinds of names.

    `draw(purpose, n)` returns pictures (n, 96, 96, 3) and labels (n,) as uint8;
    `version` changes when the generator does.
    """

    draw: Draw
    classes: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]
    version: str


@dataclass(frozen=True)
class Plan:
    """How much is looked at, how fast, and from which beginning."""

    epochs: int = 8
    pictures: int = 8_400
    seed: int = 1
    batch: int = 64
    rate: float = 0.003
    test: int = 1_680


def the_world() -> World:
    """Return the drawn world of this kit."""
    from workshop.data import world

    digest = hashlib.sha256()
    for module in world.MODULES:
        digest.update(Path(str(module.__file__)).read_bytes().replace(b"\r", b""))
    return World(world.draw, world.CLASSES, world.KINDS, digest.hexdigest()[:8])


def pretrain(world: World, plan: Plan, output: Path, tell: Tell) -> dict[str, Any]:
    """Train on a world, write the weights and their record; return the record."""
    import keras
    import tensorflow as tf

    begin = time.monotonic()
    keras.utils.set_random_seed(plan.seed)
    tf.config.experimental.enable_op_determinism()
    model = small.network(len(world.classes))
    trained = _with_normalisation(model)
    _fit(trained, world, plan, tell)
    _fold(trained, model)
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    try:
        small.write(model, part)
        small.read(model, part)  # what is measured is what is kept
        accuracy = _accuracy(model, world, plan)
        seconds = round(time.monotonic() - begin)
        record = _record(world, plan, model.count_params(), accuracy, seconds)
        record["sha256"] = hashlib.sha256(part.read_bytes()).hexdigest()
        text = json.dumps(record, indent=1) + "\n"
        small.record_path(output).write_text(text, encoding="utf-8", newline="\n")
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
    return record


def _with_normalisation(model: Any) -> Any:
    """Return the same network for pictures of any size, with batch normalisation."""
    import keras
    from keras import layers

    inputs = tensor = keras.Input((None, None, 3))
    for layer in model.layers[1:]:
        settings = layer.get_config()
        if isinstance(layer, layers.Conv2D):
            settings |= {"activation": None, "use_bias": False}
            tensor = layers.Conv2D.from_config(settings)(tensor)
            name = f"{layer.name}_norm"
            tensor = layers.BatchNormalization(momentum=0.9, name=name)(tensor)
            tensor = layers.ReLU()(tensor)
        else:
            tensor = type(layer).from_config(settings)(tensor)
    return keras.Model(inputs, tensor)


def _fold(trained: Any, model: Any) -> None:
    """Give `model` the weights with which it answers as `trained` does in use.

    (w x - mean) gain / deviation + shift is (w gain / deviation) x + what is left.
    """
    import numpy as np
    from keras import layers

    for layer in model.layers:
        weights = trained.get_layer(layer.name).get_weights() if layer.weights else []
        if isinstance(layer, layers.Conv2D):
            norm = trained.get_layer(f"{layer.name}_norm")
            gain, shift, mean, variance = norm.get_weights()
            factor = gain / np.sqrt(variance + norm.epsilon)
            weights = [weights[0] * factor, shift - mean * factor]
        layer.set_weights(weights)


def _fit(model: Any, world: World, plan: Plan, tell: Tell) -> None:
    import keras

    steps = plan.epochs * math.ceil(plan.pictures / plan.batch)
    warm = steps // 20
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm, warmup_target=plan.rate, warmup_steps=warm
    )
    model.compile(
        keras.optimizers.Adam(rate),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    pictures = world.draw(f"pretrain {plan.seed}".encode(), plan.pictures)
    for epoch in range(plan.epochs):
        begin = time.monotonic()
        whole = epoch >= plan.epochs - max(1, plan.epochs // 6)
        batches = _batches(pictures, small.SIDE if whole else WINDOW, plan, epoch)
        seen = model.fit(batches, verbose=0).history
        tell(
            f"Epoch {epoch + 1} of {plan.epochs}: loss {seen['loss'][0]:.3f}, "
            f"accuracy {seen['accuracy'][0]:.3f}, {time.monotonic() - begin:.0f} s"
        )


def _batches(pictures: tuple[Any, Any], window: int, plan: Plan, epoch: int) -> Any:
    """Return the batches of one epoch: windows at random places, half of them mirrored.

    Nothing in the world is told by its left from its right.
    """
    import keras
    import numpy as np

    images, labels = pictures
    random = np.random.default_rng([plan.seed, epoch])
    order = random.permutation(len(images))
    places = random.integers(0, small.SIDE - window + 1, (len(images), 2))
    mirrored = random.random(len(images)) < 0.5

    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return math.ceil(len(images) / plan.batch)

        def __getitem__(self, number: int) -> tuple[Any, Any]:
            mine = order[number * plan.batch :][: plan.batch]
            made = np.empty((len(mine), window, window, 3), np.float32)
            for row, i in enumerate(mine):
                top, left = places[i]
                part = images[i, top : top + window, left : left + window]
                made[row] = part[:, ::-1] if mirrored[i] else part
            return prepare(made), labels[mine]

    prepare = keras.applications.vgg16.preprocess_input
    return Batches()


def _accuracy(model: Any, world: World, plan: Plan) -> float:
    """Return the share of pictures that were in no epoch and are named rightly."""
    import keras
    import numpy as np

    images, labels = world.draw(f"pretrain {plan.seed} test".encode(), plan.test)
    rows = keras.applications.vgg16.preprocess_input(images.astype(np.float32))
    answers = model.predict(rows, verbose=0).argmax(axis=1)
    return round(float((answers == labels).mean()), 4)


def _record(
    world: World, plan: Plan, parameters: int, accuracy: float, seconds: int
) -> dict[str, Any]:
    names = ("keras", "tensorflow", "numpy")
    return {
        "command": f"workshop dev pretrain --epochs {plan.epochs} --seed {plan.seed}",
        "world": world.version,
        "pictures": plan.pictures,
        "parameters": parameters,
        "accuracy": accuracy,
        "of_new_pictures": plan.test,
        "seconds": seconds,
        "versions": {"python": platform.python_version()}
        | {name: metadata.version(name) for name in names},
        "classes": list(world.classes),
        "kinds": {kind: list(found) for kind, found in world.kinds.items()},
    }
