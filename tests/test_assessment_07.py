"""The checks of lesson 7, on evidence made by hand: no TensorFlow, no training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from photos_by_hand import (
    BASE,
    PREPARED,
    TRAIN,
    VALID,
    advice,
    dataset,
    history,
    layer,
    model,
)

from workshop import checks, transfer
from workshop.data import Sealed
from workshop.recorder import Recorder

NAMES = [
    f"{state}_{f}" for state in ("fresh", "rotten") for f in ("apple", "fig", "nut")
]
SEALED = tuple(name.replace("_", " ") for name in NAMES)
HEAD = (BASE, layer("Dense", activation="softmax"))
FITS = {"loss": "sparse_categorical_crossentropy", "from_logits": False}
VALIDATION = dataset(PREPARED)
WEIGHTS = np.random.default_rng(0).normal(0, 0.2, (3, 6))


def scores(batch: Any) -> Any:
    return batch.mean(axis=(1, 2)) @ WEIGHTS


def six(batch: Any) -> Any:
    return checks.probabilities(scores(batch))


def compiled(answer: Any = six, **changes: Any) -> Any:
    return model(answer, *HEAD, **{**FITS, **changes})


def folders(**changes: Any) -> str:
    labels = np.arange(len(TRAIN)) % 6
    given = {
        "train_photos": dataset(TRAIN, labels),
        "valid_photos": dataset(VALID),
        "class_names": NAMES,
        **changes,
    }
    return advice("07", "photos_come_from_both_folders", **given)


def test_six_classes_from_two_folders_are_right() -> None:
    assert folders() == ""
    one_hot = np.eye(6)[np.arange(len(TRAIN)) % 6]
    assert folders(train_photos=dataset(TRAIN, one_hot)) == ""
    assert folders(class_names=np.array(NAMES)) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"class_names": None}, "six names"),
        ({"class_names": list(range(6))}, "six names"),
        ({"base": model(six, input_shape=(None, 96, 96, 3))}, "takes 96 by 96"),
        ({"train_photos": dataset(TRAIN)}, "1 different labels"),
        (
            {"valid_photos": dataset(TRAIN)},
            "a folder of its own",
        ),
    ],
)
def test_photos_loaded_otherwise_are_explained(changes: Any, says: str) -> None:
    assert says in folders(**changes)


def fits(of: Any, past: Any = None) -> str:
    given = {"model": of, "validation": VALIDATION, "history": past or history()}
    return advice("07", "loss_and_metric_fit_the_labels", **given)


def test_probabilities_or_scores_with_their_loss_are_right() -> None:
    assert fits(compiled()) == ""
    assert fits(compiled(scores, from_logits=True)) == ""
    assert fits(compiled(loss="categorical_crossentropy")) == ""


@pytest.mark.parametrize(
    ("of", "says"),
    [
        (compiled(loss="binary_crossentropy"), "are categories"),
        (compiled(from_logits=True), "from_logits=True"),
        (compiled(scores), "needs softmax"),
        (compiled(lambda batch: np.ones((len(batch), 1))), "six units"),
    ],
)
def test_a_loss_that_does_not_fit_is_explained(of: Any, says: str) -> None:
    assert says in fits(of)


def test_a_metric_that_flatters_is_named() -> None:
    flattered = history(accuracy=None, binary_accuracy=(0.8, 0.9))
    assert "always says no" in fits(compiled(), flattered)


def learned(**changes: Any) -> str:
    given = {"history": history(**changes), "report": Recorder()}
    return advice("07", "the_head_learns", **given)


def test_the_head_must_have_learned() -> None:
    assert learned() == ""
    assert "after training the head" in learned(val_accuracy=(0.2, 0.3))
    assert "no accuracy" in learned(val_accuracy=None)


def use(sort_fruit: Any) -> str:
    return advice(
        "07",
        "sort_fruit_answers_raw_photos_as_taught",
        sort_fruit=sort_fruit,
        model=compiled(),
        train=VALIDATION,
        validation=VALIDATION,
    )


@pytest.mark.parametrize(
    ("sort_fruit", "says"),
    [
        (lambda photos: None, "return"),
        (lambda photos: six(transfer.vgg_input(photos)).argmax(axis=1), "all six"),
        (lambda photos: scores(transfer.vgg_input(photos)), "add up to"),
        (lambda photos: six(photos.astype(float)), "in the same way"),
    ],
)
def test_use_that_differs_from_training_is_explained(
    sort_fruit: Any, says: str
) -> None:
    assert says in use(sort_fruit)


def test_use_prepares_as_training_did() -> None:
    assert use(lambda photos: six(transfer.vgg_input(photos))) == ""


def unseen(names: Any, share: float = 1.0, **given: Any) -> str:
    labels = np.arange(60) % 6
    sealed = Sealed(
        np.zeros((60, 8, 8, 3), np.uint8), None, labels, SEALED, np.arange(60), "drawn"
    )
    order = [SEALED.index(name.replace("_", " ")) for name in names]
    picked = np.where(np.arange(60) < share * 60, labels, (labels + 1) % 6)
    return advice(
        "07",
        "sorts_fruit_it_has_never_seen",
        sort_fruit=lambda photos: np.eye(6)[picked][:, order],
        class_names=names,
        sealed=sealed,
        goal=0.92,
        report=Recorder(),
        **given,
    )


def test_the_order_is_that_of_the_learner_s_names() -> None:
    assert unseen(NAMES) == ""
    assert unseen(NAMES[::-1]) == ""


@pytest.mark.parametrize(
    ("training", "validation", "says"),
    [(0.8, 0.8, "more epochs"), (1.0, 0.8, "remembers"), (1.0, 1.0, "those photos")],
)
def test_the_gap_decides_what_to_try(
    training: float, validation: float, says: str
) -> None:
    past = history(accuracy=(0.5, training), val_accuracy=(0.5, validation))
    assert says in unseen(NAMES, 0.8, fine_history=past)


def test_other_names_are_named() -> None:
    foreign = ["pear", *NAMES[1:]]
    given = {"sort_fruit": six, "class_names": foreign, "goal": 0.9}
    sealed = Sealed(None, None, np.zeros(1), SEALED, np.zeros(1), "drawn")
    given |= {"sealed": sealed, "report": Recorder()}
    assert "pear" in advice("07", "sorts_fruit_it_has_never_seen", **given)
