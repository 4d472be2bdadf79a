"""The checks of lesson 5b, on evidence made by hand: no TensorFlow, no training."""

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
    ever_new,
    history,
    layer,
    model,
    score,
)

from workshop import transfer
from workshop.data import Sealed
from workshop.recorder import Recorder

VALIDATION = dataset(PREPARED)
SIGMOID = (BASE, layer("Dense", activation="sigmoid"))
TWO = (BASE, layer("Dense", activation="softmax"))
BY_NAME = ({"kind": "accuracy", "settings": {}},)
CLASSES = {"loss": "sparse_categorical_crossentropy", "from_logits": False}


def sigmoid(values: Any) -> Any:
    return 1 / (1 + np.exp(-values))


def chances(batch: Any) -> Any:
    return sigmoid(score(batch))


def both(batch: Any) -> Any:
    return np.concatenate([1 - chances(batch), chances(batch)], axis=1)


def asked(name: str, of: Any = None, **evidence: Any) -> str:
    given = {"model": of or model(score), "validation": VALIDATION, **evidence}
    return advice("05b", name, **given)


def head(of: Any) -> str:
    return asked("one_score_says_whether_it_is_ours", of)


def loss(of: Any) -> str:
    return asked("the_loss_fits_the_score", of)


def metric(of: Any) -> str:
    return asked("the_metric_counts_from_the_right_score_on", of)


def test_training_and_validation_are_looked_at_in_the_lesson_s_own_sets() -> None:
    known = {"train_photos": dataset(TRAIN), "valid_photos": dataset(VALID)}
    train = ever_new(TRAIN)
    assert advice("05b", "training_varies_its_photos", train=train, **known) == ""
    given = {"validation": VALIDATION, "valid_photos": known["valid_photos"]}
    assert advice("05b", "validation_varies_nothing", **given) == ""


@pytest.mark.parametrize("answer", [score, chances, both])
def test_one_score_or_two_outputs_are_right(answer: Any) -> None:
    assert head(model(answer)) == ""


def test_softmax_of_one_number_is_always_one() -> None:
    assert "always 1" in head(model(lambda batch: np.ones((len(batch), 1))))


def test_a_head_of_many_outputs_is_no_yes_or_no() -> None:
    assert "one number" in head(model(lambda batch: np.ones((len(batch), 6))))


def test_scores_and_probabilities_each_have_their_loss_and_metric() -> None:
    shares = model(chances, *SIGMOID, from_logits=False, measures=BY_NAME)
    two = model(both, *TWO, measures=BY_NAME, **CLASSES)
    for right in (model(score), shares, two):
        assert loss(right) == ""
        assert metric(right) == ""


@pytest.mark.parametrize(
    ("of", "says"),
    [
        (model(score, loss=None), "missing"),
        (model(score, loss="mean_squared_error"), "binary crossentropy"),
        (model(score, from_logits=False), "that they are logits"),
        (model(chances, *SIGMOID), "says that it does not"),
        (model(both, *TWO), "does not fit two"),
        (model(both, BASE, layer("Dense"), **CLASSES), "that they are logits"),
    ],
)
def test_a_loss_that_does_not_fit_is_explained(of: Any, says: str) -> None:
    assert says in loss(of)


@pytest.mark.parametrize(
    ("of", "says"),
    [
        (model(score, measures=()), "no metric"),
        (model(score, measures=BY_NAME), "from 0.5 on"),
        (model(chances, *SIGMOID), "from 0 on"),
    ],
)
def test_a_threshold_at_the_wrong_place_is_explained(of: Any, says: str) -> None:
    assert says in metric(of)


def test_a_metric_of_another_kind_is_left_alone() -> None:
    area = {"kind": "AUC", "settings": {}}
    assert metric(model(score, measures=(area,))) == ""


def use(is_ours: Any) -> str:
    name = "is_ours_answers_raw_photos_as_taught"
    return asked(name, is_ours=is_ours, train=VALIDATION)


def test_use_gives_a_probability_for_each_raw_photo() -> None:
    assert use(lambda photos: chances(transfer.vgg_input(photos))) == ""
    assert use(lambda photos: chances(transfer.vgg_input(photos))[:, 0]) == ""


@pytest.mark.parametrize(
    ("is_ours", "says"),
    [
        (lambda photos: None, "return"),
        (lambda photos: score(transfer.vgg_input(photos)), "sigmoid"),
        (lambda photos: chances(photos), "in the same way"),
        (lambda photos: 1 - chances(transfer.vgg_input(photos)), "otherwise"),
        (lambda photos: both(transfer.vgg_input(photos)), "one number"),
    ],
)
def test_use_that_differs_from_training_is_explained(is_ours: Any, says: str) -> None:
    assert says in use(is_ours)


def compared(own: float, other: float) -> str:
    return advice(
        "05b",
        "the_head_learns_from_few_photos",
        history=history(val_accuracy=(0.5, own)),
        scratch_history=history(val_accuracy=(0.5, other)),
        report=Recorder(),
    )


def test_transfer_is_well_ahead_of_scratch() -> None:
    assert compared(0.95, 0.75) == ""
    assert "beside its photo" in compared(0.6, 0.5)
    assert "ahead" in compared(0.9, 0.9)


def unseen(is_ours: Any, **given: Any) -> str:
    labels = np.arange(60) % 3
    images, classes = np.zeros((60, 8, 8, 3), np.uint8), ("ours", "dog", "cat")
    sealed = Sealed(images, None, labels, classes, np.arange(60), "drawn")
    return advice(
        "05b",
        "tells_our_dog_from_all_others",
        is_ours=lambda photos: is_ours(labels),
        sealed=sealed,
        goal=0.9,
        report=Recorder(),
        **given,
    )


def test_every_other_animal_counts_as_not_ours() -> None:
    assert unseen(lambda labels: np.where(labels == 0, 0.9, 0.1)) == ""


def test_letting_nobody_in_is_not_enough() -> None:
    said = unseen(lambda labels: np.zeros(60))
    assert "66 %" in said
    assert "0% of all photos" in said
