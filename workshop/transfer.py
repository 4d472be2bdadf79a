"""What every lesson that starts from a pre-trained base must hold is asserted here.

Photos are looked at where training, validation and use see them. VGG16's preprocessing
can be undone, so that a batch says which photos it was made of: compared with the
photos that were loaded it shows what was varied, and taken as a raw photo it shows
whether use prepares as training did. Each function raises AssertionError with advice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workshop import checks, likeness
from workshop.evidence.values import Dataset, Function, Layer, Model

MEANS = np.array([103.939, 116.779, 123.68], np.float32)
"""Of blue, green and red over ImageNet, as in keras.applications.vgg16."""

MOST_BYTES = 200 * 2**20
"""What is looked at whole; of larger data sets no two photos are compared."""
NONE = np.empty((0, 1, 1, 3), np.float32)
THUMB = 24  # pixels: enough to tell whether two photos are the same
SMALL_STEPS = {"sgd": 2e-2}
SMALL_STEP = 5e-4
SCHEDULED = 2  # times as wide may be a schedule's first steps, as the others are less


def vgg_input(photos: Any) -> Any:
    """Return what VGG16 takes, (n, h, w, 3), for photos from 0 to 255."""
    return np.asarray(photos, np.float32)[..., ::-1] - MEANS


def raw(batch: Any) -> Any:
    """Return the photos, 0 to 255, of which `vgg_input` made a batch; others as is."""
    return (batch + MEANS)[..., ::-1] if batch.min() < -1 else batch


def batches(dataset: Dataset, where: str, count: int = 1) -> list[tuple[Any, Any]]:
    """Return the first batches of a data set as pairs of photos and labels.

    A data set that hands out single photos is taken for batches of one.
    """
    found = dataset.take(count)
    assert found, f"`{where}` is empty."
    for pair in found:
        fine = isinstance(pair, tuple | list) and len(pair) == 2
        fine = fine and getattr(pair[0], "ndim", 0) in (3, 4)
        assert fine, (
            f"`{where}` does not hand out pairs of photos and answers. A function for "
            "`map` takes both and returns both, the photos first."
        )
    pairs = [(np.asarray(photos), np.asarray(answers)) for photos, answers in found]
    return [
        pair if pair[0].ndim == 4 else (pair[0][None], pair[1][None]) for pair in pairs
    ]


def whole(dataset: Dataset, where: str) -> list[tuple[Any, Any]]:
    """Return all batches of a data set; none where that would be too much.

    One more is asked for, so that a data set that caches has seen its end.
    """
    size = batches(dataset, where)[0][0].nbytes
    count = dataset.cardinality
    few = count is not None and 0 < count * size <= MOST_BYTES
    return batches(dataset, where, count + 1) if few and count else []


def thumbnails(pairs: list[tuple[Any, Any]]) -> Any:
    """Return the photos of batches, small: (n, 24, 24, 3), 0 to 255."""
    return np.concatenate([_small(raw(photos)) for photos, _ in pairs] or [NONE])


def _small(photos: Any) -> Any:
    for axis in (1, 2):
        size = photos.shape[axis]
        edges = np.arange(THUMB + 1) * size // THUMB
        sums = np.add.reduceat(photos, edges[:-1], axis=axis, dtype=np.float32)
        counts = np.maximum(np.diff(edges), 1).reshape(-1, *[1] * (3 - axis))
        photos = sums / counts
    return photos


def before_the_base(model: Model) -> list[Layer]:
    """Return the layers before the first convolution or nested model with one."""
    found = []
    for layer in model.layers:
        inner = checks.flat([layer])
        if any(one.kind == "Conv2D" for one in inner):
            break
        found += [one for one in inner if one.kind != "InputLayer"]
    return found


def varies_by_itself(model: Model | None) -> bool:
    """Tell whether random layers stand in front of the base."""
    layers = before_the_base(model) if model else []
    return any(layer.kind.startswith("Random") for layer in layers)


def prepares_by_itself(model: Model | None) -> bool:
    """Tell whether anything else than chance stands in front of the base."""
    layers = before_the_base(model) if model else []
    return any(not layer.kind.startswith("Random") for layer in layers)


def sized(dataset: Dataset, where: str, base: Any) -> None:
    """Assert that photos are loaded at the size that the base takes, if it has one."""
    found, side = batches(dataset, where)[0][0].shape[1:3], _side(base)
    assert found == (side, side) or not side, (
        f"The photos of `{where}` have {found[0]} by {found[1]} pixels, and the base "
        f"takes {side} by {side}. Say so where they are loaded, by `image_size`."
    )


def _side(base: Any) -> int:
    return int((getattr(base, "input_shape", None) or (None, None))[1] or 0)


def prepared(prepare: Function, base: Any, model: Model | None = None) -> None:
    """Assert that photos become what VGG16 takes, here or inside the model."""
    side = _side(base) or 96
    given = checks.pictures(8, side=side, channels=3)
    trouble = "`prepare` could not take raw photos."
    found = checks.array(checks.answered(prepare, given, trouble), "prepare(photos)")
    assert found.shape == given.shape, (
        f"Photos of shape {given.shape} came back with shape {found.shape}. VGG16 "
        "takes all three colours of every pixel."
    )
    wanted = vgg_input(given)
    if prepares_by_itself(model):
        return
    if _near(found, wanted):
        _resized(prepare, side)
        return
    assert not _near(found, vgg_input(wanted)), "The photos were preprocessed twice."
    around = np.abs(found - wanted) % 256
    assert np.minimum(around, 256 - around).max() > 2, (
        "Whole numbers from 0 to 255 cannot go below 0: where the mean was taken off, "
        "they began again at 255. `vgg.preprocess` makes them floats first."
    )
    low, high = found.min(), found.max()
    assert high - low > 10, (
        f"The numbers go from {low:.3g} to {high:.3g}. Small numbers were right for "
        "networks of your own; VGG16 was trained otherwise: use `vgg.preprocess`."
    )
    raise AssertionError(
        f"Some numbers go from {low:.4g} to {high:.4g}, but they are not what VGG16 "
        "was trained with. Return what `vgg.preprocess` makes of the photos, once."
    )


def _resized(prepare: Function, side: int) -> None:
    other = checks.pictures(2, side=side + 31, channels=3)
    trouble = f"`prepare` could not take photos of {side + 31} by {side + 31} pixels."
    found = checks.array(checks.answered(prepare, other, trouble), "prepare(photos)")
    assert found.shape == (2, side, side, 3), (
        f"Photos of {side + 31} by {side + 31} pixels came back with shape "
        f"{found.shape}. Resize them to what the base takes, {side} by {side}."
    )


def _near(one: Any, other: Any) -> bool:
    return bool(np.abs(one - other).max() < 1)


def varied(train: Dataset, known: Any, model: Model | None = None) -> None:
    """Assert that training varies the thumbnails `known`, by data set or by model."""
    if not len(known):
        return
    shown = thumbnails(batches(train, "train", 4))
    copies = likeness.copies(shown, known)
    if varies_by_itself(model):
        assert copies > 0.5, (
            "The training set varies its photos, and the network varies them again. "
            "Do it in one place."
        )
        return
    assert copies < 0.9, (
        "The training photos are as they were taken. Vary them for training: call "
        "`augmentation` with training=True; random layers rest where it is False."
    )
    epoch = thumbnails(whole(train, "train"))
    again = thumbnails(batches(train, "train", 4))
    assert not len(epoch) or likeness.copies(again, epoch) < 0.9, (
        "The same varied photos come back in the next epoch. Vary them after any "
        "`cache`, so that every epoch varies anew."
    )


def not_varied(validation: Dataset, known: Any) -> None:
    """Assert that validation shows the thumbnails `known` as they were taken."""
    if not len(known):
        return
    copies = likeness.copies(thumbnails(batches(validation, "validation", 4)), known)
    assert copies > 0.99, (
        "The validation photos are not as they were taken. Validation stands for "
        "photos to come, and nobody varies those: only prepare them."
    )


def apart(train: Dataset, known: Any, others: Any) -> None:
    """Assert that training shows thumbnails `known`, and none of the `others`."""
    if not (len(known) and len(others)):
        return
    no_copies(others, known)
    shown = thumbnails(batches(train, "train", 4))
    own, foreign = (likeness.nearness(shown, two) for two in (known, others))
    assert np.mean(own > foreign) > 0.5, (
        "The training set shows the photos that are there for validation. Make it of "
        "those in the folder for training."
    )


def no_copies(others: Any, known: Any) -> None:
    """Assert that no thumbnail to validate with is among those to train on."""
    assert not (len(others) and len(known)) or likeness.copies(others, known) < 0.01, (
        "The photos to train on and those to validate with are the same. Each set has "
        "a folder of its own."
    )


def frozen(base: Model, trainable: Any = None, model: Model | None = None) -> None:
    """Assert that no more parameters learn than those of the head, `trainable`.

    Before there is a model with a head, nothing of the base may be left to learn.
    """
    if model is None:
        learning = base.trainable_parameters
        assert not learning, (
            f"{learning:,} parameters of the base learn. Set `base.trainable` to False."
        )
        return
    some = isinstance(trainable, int | float) and trainable > 0
    assert some, (
        "No parameter is left to learn. Freeze the base only: the head must learn."
    )
    assert trainable + (base.parameters or 0) <= (model.parameters or 0), (
        f"{int(trainable):,} parameters learn, so those of the base do. Set "
        "`base.trainable` to False before the model is built and compiled."
    )


def fine_tuned(model: Model, history: Any, fine_history: Any, moved: Any) -> None:
    """Assert that the base followed, by small steps, from where the head stood."""
    rate = model.learning_rate or 0
    most = SMALL_STEPS.get(model.optimizer or "", SMALL_STEP)
    most *= SCHEDULED if model.scheduled else 1
    assert rate < 1.001 * most, (  # rates are kept in single precision
        f"The learning rate is {rate:g}. Steps as wide as that destroy what the "
        "base knows: set the model up anew, at a much smaller rate."
    )
    losses = checks.metrics(fine_history).get("loss", ())
    assert len(losses), "Fine-tuning ran for 0 epochs. Let `model.fit` run for some."
    assert np.isfinite(losses).all(), "The loss is no longer a number (NaN)."
    assert moved > 0, (
        "No weight of the base has moved. Make the base trainable *before* the model "
        "is compiled anew: what learns is decided by `compile`."
    )
    before = checks.metrics(history).get("loss", ())
    assert len(before), "`history` knows no loss. Let it be what the first `fit` gave."
    first, last = before[-1], losses[-1]
    assert last < max(1.5 * first, 0.2), (
        f"The loss was {first:.2g} before fine-tuning and is {last:.2g} after "
        "it. Continue with the model that you have trained, by smaller steps."
    )


def answers_as_taught(
    answer: Callable[[Any], Any], shares: Callable[[Any], Any], dataset: Dataset
) -> None:
    """Assert that raw photos are answered as the model answers its own batches.

    `answer` takes raw photos and returns probabilities, `shares` returns those of the
    model for a batch of `dataset`.
    """
    batch = batches(dataset, "the data set")[0][0]
    wanted = shares(batch)
    photos = np.clip(np.rint(raw(batch)), 0, 255).astype(np.uint8)
    found = answer(photos)
    assert found.shape == wanted.shape, (
        f"For {len(batch)} photos the answers have shape {found.shape}, not "
        f"{wanted.shape}."
    )
    assert np.abs(answer(photos) - found).max() < 1e-3, (
        "Asked twice about the same photos, the answers differ. In use, vary nothing: "
        "only prepare the photos."
    )
    assert np.abs(found - wanted).mean() < 0.03, (
        "Raw photos are answered otherwise than the same photos in training and "
        "validation. Prepare them in the same way, once, vary nothing, and ask the "
        "model that you have trained."
    )
