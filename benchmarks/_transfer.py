"""Few photos teach a network that knows more than one that knows nothing.

The networks, steps and rates are those of lesson 5b, for any number of photos: a frozen
base with a new head, then fine-tuning, against the same layers with fresh weights, with
as many steps and the same photos. No best epoch is chosen: that would take more photos.
Both are judged twice on sealed photos, half of them ours: when the head is trained, and
in the end.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

SIZES = (10, 20, 50, 100, 200)
STEPS, FINE_STEPS, BATCH = 56, 84, 10  # as 4 and 6 epochs of 140 photos
HEAD_RATE, FINE_RATE, SCRATCH_RATE = 0.01, 0.0001, 0.001


def photos(seed: int, size: int) -> tuple[Any, Any]:
    """Return `size` photos, half of them ours, and 1 for ours, 0 for others."""
    from workshop.data import pets

    other = size // 4
    counts = (size - 2 * other, other, other)
    images, labels = pets.draw(f"stories {seed}".encode(), counts)
    return images, (labels == pets.CLASSES.index("ours")).astype("float32")


def accuracies(seed: int, size: int) -> dict[str, list[float]]:
    """Return the shares right of both networks, at both times."""
    import keras

    from workshop import backbones, data

    keras.utils.set_random_seed(seed)
    vgg = backbones.vgg16(include_top=False, weights="small")
    images, answers = photos(seed, size)
    batches = _batches(vgg, images, answers)
    half = data.sealed("pets", f"stories {seed}".encode(), "drawn")[1]
    newborn = keras.models.clone_model(vgg.model)
    found = {}
    for name, base in (("transfer", vgg.model), ("scratch", newborn)):
        model = _with_head(base, vgg.image_size)
        base.trainable = name == "scratch"
        rates = (HEAD_RATE, FINE_RATE) if name == "transfer" else (SCRATCH_RATE, None)
        found[name] = []
        for rate, steps in zip(rates, (STEPS, FINE_STEPS), strict=True):
            _fit(model, batches, rate, steps)
            found[name].append(_balanced(model, vgg, half))
            base.trainable = True
    return found


def _balanced(model: Any, vgg: Any, half: Any) -> float:
    """Return the mean of the shares right among ours and among all others."""
    said = model.predict(vgg.preprocess(half.images), verbose=0)[:, 0] > 0
    ours = half.labels == half.classes.index("ours")
    return float((said[ours].mean() + (~said[~ours]).mean()) / 2)


def _with_head(base: Any, size: tuple[int, int]) -> Any:
    import keras

    inputs = keras.Input((*size, 3))
    features = keras.layers.GlobalAveragePooling2D()(base(inputs, training=False))
    return keras.Model(inputs, keras.layers.Dense(1)(features))


def _batches(vgg: Any, images: Any, answers: Any) -> Any:
    import keras
    import tensorflow as tf

    vary = keras.Sequential(
        [
            keras.layers.RandomRotation(0.05),
            keras.layers.RandomTranslation(0.05, 0.05),
            keras.layers.RandomZoom(0.1),
        ]
    )
    pairs = tf.data.Dataset.from_tensor_slices((images.astype("float32"), answers))
    pairs = pairs.shuffle(len(images)).repeat().batch(BATCH)
    return pairs.map(lambda x, y: (vgg.preprocess(vary(x, training=True)), y))


def _fit(model: Any, batches: Any, rate: float | None, steps: int) -> None:
    """Train at a rate; with None go on as before."""
    import keras

    if rate:
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        model.compile(keras.optimizers.Adam(rate), loss, jit_compile=False)
    model.fit(batches, steps_per_epoch=steps, epochs=1, verbose=0)


def main() -> None:
    """Print one line of JSON for each size: size, transfer, scratch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    seed = parser.parse_args().seed
    for size in SIZES:
        print(json.dumps({"size": size, **accuracies(seed, size)}), flush=True)


if __name__ == "__main__":
    main()
