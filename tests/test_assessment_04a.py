"""The checks of lesson 4a, on evidence made by hand: no TensorFlow, no training."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import asking
import numpy as np
import pytest

from workshop import checks
from workshop.evidence.values import Dataset, File, Function, History, Layer, Model
from workshop.recorder import Recorder

KNOWN = checks.pictures(300, channels=1).astype(np.float32)
TEST = KNOWN[200:]
LABELS = np.arange(100) % 24
METRICS = {
    "loss": (2.0, 1.0, 0.5),
    "val_loss": (1.5, 0.6, 0.8),
    "accuracy": (0.4, 0.7, 0.8),
    "val_accuracy": (0.5, 0.88, 0.8),
}


advice = asking.lesson("04a")


def function(answer: Any) -> Function:
    return Function("f", (), lambda asked: {"value": answer(*asked["arguments"])})


def batches(make: Any) -> Dataset:
    """Return a data set; `make(number)` gives the pictures and labels of one pass."""
    passes = iter(range(100))

    def ask(request: dict[str, Any]) -> Any:
        images, labels = make(next(passes))
        cut = range(0, len(images), 50)
        pairs = [(images[i : i + 50], labels[i : i + 50]) for i in cut]
        return {"value": pairs[: request["count"]]}

    return Dataset("", None, None, ask)


def layer(kind: str) -> Layer:
    return Layer(kind, kind.lower(), {}, True, 0, 0, None, ())


def answering(share: float) -> Any:
    """Return a function that is right for a share of the test pictures."""
    picked = np.where(np.arange(100) < share * 100, LABELS, (LABELS + 1) % 24)
    return lambda images: np.eye(24)[picked]


def model(*layers: Layer, share: float = 0.88) -> Model:
    return Model(
        *("Sequential", "sequential", {}, True, 1, 1, (None, 24), layers),
        compiled=True,
        loss="sparse_categorical_crossentropy",
        from_logits=False,
        optimizer="adam",
        learning_rate=0.001,
        metrics=("accuracy",),
        input_shape=(None, 28, 28, 1),
        _ask=lambda request: {"value": answering(share)(request["array"])},
    )


def file(share: float) -> File:
    return File("signs.keras", 9, lambda asked: {"value": answering(share)(asked)})


def shifted(images: Any) -> Any:
    """Return each picture moved by chance, as an augmentation would."""
    random = np.random.default_rng()
    moves = random.integers(-3, 4, (len(images), 2))
    moves[moves[:, 0] == 0, 0] = 2
    pairs = zip(images, moves, strict=True)
    return np.array([np.roll(one, move, (0, 1)) for one, move in pairs])


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"moved": "seldom in the middle"}, ""),
        ({}, "no dict"),
        (["moved"], "no dict"),
        ({"moved": ""}, "few words"),
        ({"moved": "yes"}, "few words"),
        ({"moved": None}, "few words"),
    ],
)
def test_reasons_are_asked_for(chosen: Any, says: str) -> None:
    said = advice("every_choice_has_a_reason", chosen=chosen)
    assert says in said
    assert bool(says) == bool(said)


def test_layers_may_stand_in_a_sequential_or_a_function() -> None:
    name = "the_layers_follow_one_another"
    given = Model(
        **{**vars(model(layer("RandomZoom"))), "_ask": lambda r: {"value": r["array"]}}
    )
    assert advice(name, augmentation=given) == ""
    assert advice(name, augmentation=function(lambda images: images)) == ""
    assert "no layer" in advice(name, augmentation=model())
    assert "changes their size" in advice(
        name, augmentation=function(lambda images: images[:, :20])
    )


def varied(change: Any, labels: Any = lambda x: x) -> str:
    vary = function(lambda images, numbers: (change(images), labels(numbers)))
    return advice("pictures_vary_and_labels_stay", vary=vary)


def test_moved_pictures_beside_their_labels_are_right() -> None:
    assert varied(shifted) == ""


def test_what_vary_may_not_do_is_explained() -> None:
    assert "as they were" in varied(lambda images: images)
    assert "labels came back" in varied(shifted, lambda numbers: numbers[::-1])
    assert "changed places" in varied(lambda images: shifted(images)[::-1])
    assert "no pair" in advice(
        "pictures_vary_and_labels_stay", vary=function(lambda images, labels: images)
    )


def letter(change: Any) -> str:
    vary = function(lambda images, labels: (change(images), labels))
    return advice("the_letter_stays_the_same", vary=vary)


def test_moved_brighter_and_mirrored_letters_are_the_same_letters() -> None:
    assert letter(shifted) == ""
    assert letter(lambda images: shifted(images) / 255) == ""
    assert letter(lambda images: images * 0.8 + 20) == ""
    assert letter(lambda images: images[:, :, ::-1]) == ""


def some(change: Any) -> Any:
    return lambda images: np.concatenate([change(images[:48]), images[48:]])


def test_letters_that_become_others_are_explained() -> None:
    assert "is an H" in letter(some(lambda x: np.rot90(x, axes=(1, 2))))
    assert "upside down" in letter(some(lambda x: x[:, ::-1]))
    assert "next to nothing" in letter(some(np.zeros_like))


def training(make: Any, of: Model | None = None) -> str:
    given = {"train": batches(make), "x_train": KNOWN[..., 0], "model": of or model()}
    return advice("training_never_shows_a_picture_twice", **given)


def test_training_may_vary_in_the_set_or_in_the_network() -> None:
    assert training(lambda _: (shifted(KNOWN), KNOWN)) == ""
    inside = model(layer("RandomZoom"))
    assert training(lambda _: (KNOWN / 255, KNOWN), inside) == ""


def test_training_that_repeats_pictures_is_explained() -> None:
    once = shifted(KNOWN)
    assert "as they were taken" in training(lambda _: (KNOWN, KNOWN))
    assert "next epoch" in training(lambda _: (once, KNOWN))
    inside = model(layer("RandomZoom"))
    assert "one place" in training(lambda _: (shifted(KNOWN), KNOWN), inside)


def validating(make: Any) -> str:
    given = {"validation": batches(make), "x_test": TEST[..., 0]}
    return advice("validation_stays_as_it_is", **given)


def test_validation_may_be_scaled_and_shuffled_but_not_varied() -> None:
    assert validating(lambda _: (TEST, LABELS)) == ""
    assert validating(lambda _: (TEST[::-1] / 255, LABELS)) == ""
    assert "leave `vary` out" in validating(lambda _: (shifted(TEST), LABELS))
    assert "leave `vary` out" in validating(lambda _: (KNOWN[:100], LABELS))


def watched(**changes: Any) -> History:
    return History({**METRICS, **changes}, 3)


def seen(**changes: Any) -> str:
    given = {"history": watched(**changes), "report": Recorder()}
    return advice("validation_shows_what_was_learned", **given)


def test_a_training_that_learned_is_right() -> None:
    assert seen() == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"val_accuracy": ()}, "no accuracy"),
        ({"val_accuracy": (0.1, 0.2, 0.1)}, "own label"),
        ({"accuracy": (0.5, 0.9, 1.0), "val_accuracy": (0.5, 0.7, 0.7)}, "remembers"),
    ],
)
def test_a_training_that_did_not_is_explained(changes: Any, says: str) -> None:
    assert says in seen(**changes)


def kept(own: float, saved: float | None = None) -> str:
    given: dict[str, Any] = {"model": model(share=own), "history": watched()}
    given["validation"] = batches(lambda _: (TEST, LABELS))
    if saved is not None:
        given["file"] = file(saved)
    return advice("the_best_weights_are_kept", **given)


def test_the_best_epoch_is_kept_in_the_model_or_in_its_file() -> None:
    assert kept(0.88) == ""
    assert kept(0.80, 0.88) == ""
    assert "epoch 2 was right for 88.0%" in kept(0.80)


def saved(share: float, own: float = 0.88) -> str:
    return advice(
        "the_file_holds_the_best_model",
        file=file(share),
        validation=batches(lambda _: (TEST, LABELS)),
        model=model(share=own),
    )


def test_the_file_answers_as_well_as_the_model() -> None:
    assert saved(0.88) == ""
    assert saved(0.88, own=0.8) == ""
    assert "after its training" in saved(0.1)


def test_a_path_without_a_file_is_named() -> None:
    from workshop.evidence.values import Other

    said = advice(
        "the_file_holds_the_best_model",
        **{"file": Other("PosixPath"), "validation": None, "model": None},
    )
    assert "write to this path" in said


def test_read_answers_the_same_when_asked_twice() -> None:
    rows = np.eye(24)[np.arange(20)]
    random = np.random.default_rng(0)
    assert advice("read_takes_raw_images", read=function(lambda images: rows)) == ""
    varying = function(lambda images: random.permutation(rows))
    assert "Asked twice" in advice("read_takes_raw_images", read=varying)
    few = function(lambda images: rows.argmax(axis=1))
    assert "(20, 24)" in advice("read_takes_raw_images", read=few)


@pytest.mark.parametrize(("share", "says"), [(0.95, ""), (0.5, "the goal is 90 %")])
def test_the_goal_decides(share: float, says: str) -> None:
    sealed = SimpleNamespace(
        private=False,
        images=np.zeros((100, 28, 28), np.uint8),
        labels=LABELS,
        classes=tuple("ABCDEFGHIKLMNOPQRSTUVWXY"),
        groups=np.arange(100),
    )
    given = {"sealed": sealed, "goal": 0.9, "report": Recorder()}
    said = advice(
        "reads_hands_it_has_never_seen", read=function(answering(share)), **given
    )
    assert says in said
    assert bool(says) == bool(said)
