"""What lessons on transfer ask of photos, base and steps, on evidence made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from photos_by_hand import (
    BASE,
    PREPARED,
    SIDE,
    TRAIN,
    VALID,
    dataset,
    ever_new,
    history,
    layer,
    model,
    said,
    score,
)

from workshop import likeness, transfer

TURNED = TRAIN.transpose(0, 2, 1, 3)


def fitted(photos: Any) -> Any:
    """Return photos cut to the size that the stand-in of a base takes."""
    return photos[:, :SIDE, :SIDE]


AROUND = model(score)
INSIDE = model(score, layer("Subtract"), BASE, layer("Dense"))


def test_undoing_the_preparation_gives_the_photos_back() -> None:
    np.testing.assert_allclose(transfer.raw(PREPARED), VALID, atol=1e-3)


def test_photos_that_were_not_prepared_are_left_alone() -> None:
    np.testing.assert_array_equal(transfer.raw(VALID), VALID)


@pytest.mark.parametrize(
    ("prepare", "says"),
    [
        (lambda photos: transfer.vgg_input(fitted(photos)), ""),
        (fitted, "`vgg.preprocess`"),
        (lambda photos: fitted(photos) / 255, "otherwise"),
        (lambda photos: transfer.vgg_input(transfer.vgg_input(photos)), "twice"),
        (lambda photos: transfer.vgg_input(photos)[..., ::-1], "`vgg.preprocess`"),
        (lambda photos: photos.mean(axis=-1), "all three colours"),
        (lambda photos: None, "return"),
        (transfer.vgg_input, "Resize"),
        (lambda photos: transfer.vgg_input(fitted(photos)) % 256, "floats first"),
    ],
)
def test_only_what_vgg16_was_trained_with_is_right(prepare: Any, says: str) -> None:
    found = said(transfer.prepared, prepare, AROUND)
    assert says in found
    assert bool(says) == bool(found)


def test_a_network_may_prepare_by_itself() -> None:
    assert said(transfer.prepared, lambda photos: photos, AROUND, INSIDE) == ""


def test_varied_photos_are_told_from_those_as_they_were() -> None:
    same = dataset(transfer.vgg_input(TRAIN))
    assert "training=True" in said(transfer.varied, same, TRAIN)
    assert said(transfer.varied, ever_new(TRAIN), TRAIN) == ""


def test_photos_that_were_varied_once_and_kept_are_told() -> None:
    kept = dataset(transfer.vgg_input(TURNED))
    assert "next epoch" in said(transfer.varied, kept, TRAIN)


def test_a_network_may_vary_by_itself_but_not_once_more() -> None:
    chance = model(score, layer("RandomFlip"), BASE, layer("Dense"))
    assert said(transfer.varied, dataset(TRAIN), TRAIN, chance) == ""
    assert "one place" in said(transfer.varied, dataset(TURNED), TRAIN, chance)


def test_validation_is_never_varied() -> None:
    assert said(transfer.not_varied, dataset(PREPARED), VALID) == ""
    varied = dataset(PREPARED.transpose(0, 2, 1, 3))
    assert "only prepare" in said(transfer.not_varied, varied, VALID)


def test_training_and_validation_do_not_share_photos() -> None:
    own = dataset(transfer.vgg_input(TRAIN))
    assert said(transfer.apart, own, TRAIN, VALID) == ""
    assert "folder of its own" in said(transfer.apart, own, TRAIN, TRAIN)
    assert "there for validation" in said(
        transfer.apart, dataset(PREPARED), TRAIN, VALID
    )


def test_pairs_are_needed_for_training() -> None:
    lone = dataset(TRAIN)
    object.__setattr__(lone, "_ask", lambda request: {"value": [TRAIN]})
    assert "pairs of photos" in said(transfer.batches, lone, "train")


def test_thumbnails_of_all_photos_show_what_they_are_of() -> None:
    found = transfer.thumbnails(transfer.whole(dataset(PREPARED), "photos"))
    np.testing.assert_allclose(found, transfer.thumbnails([(VALID, None)]), atol=1e-3)


def test_photos_of_all_sizes_become_thumbnails_that_can_be_compared() -> None:
    large = np.kron(VALID, np.ones((1, 4, 4, 1)))
    found = transfer.thumbnails([(large, None)])
    assert found.shape == (len(VALID), transfer.THUMB, transfer.THUMB, 3)
    assert likeness.copies(found, transfer.thumbnails([(VALID, None)])) > 0.9


def test_single_photos_are_taken_for_batches_of_one() -> None:
    lone = dataset(TRAIN)
    single = [(photo, np.float32(1)) for photo in TRAIN]
    object.__setattr__(lone, "_ask", lambda request: {"value": single})
    photos, answers = transfer.batches(lone, "train", 3)[0]
    assert (photos.shape, answers.shape) == ((1, SIDE, SIDE, 3), (1,))


def test_photos_are_to_be_loaded_at_the_size_of_the_base() -> None:
    small, large = (model(score, input_shape=(None, s, s, 3)) for s in (SIDE, 96))
    assert said(transfer.sized, dataset(TRAIN), "train_photos", small) == ""
    assert said(transfer.sized, dataset(TRAIN), "train_photos", None) == ""
    found = said(transfer.sized, dataset(TRAIN), "train_photos", large)
    assert f"{SIDE} by {SIDE} pixels, and the base takes 96 by 96" in found


def test_data_sets_that_are_too_large_are_not_compared(monkeypatch: Any) -> None:
    monkeypatch.setattr(transfer, "MOST_BYTES", 1)
    none = transfer.thumbnails(transfer.whole(dataset(PREPARED), "photos"))
    assert said(transfer.not_varied, dataset(TRAIN), none) == ""
    assert said(transfer.varied, dataset(TRAIN), none) == ""
    assert said(transfer.apart, dataset(TRAIN), none, none) == ""


@pytest.mark.parametrize(
    ("trainable", "says"),
    [(65, ""), (1065, "`base.trainable`"), (0, "head must learn"), ("65", "head")],
)
def test_a_frozen_base_leaves_few_parameters_to_learn(
    trainable: Any, says: str
) -> None:
    both = replace(AROUND, parameters=(AROUND.parameters or 0) + 65)
    found = said(transfer.frozen, AROUND, trainable, both)
    assert says in found
    assert bool(says) == bool(found)


@pytest.mark.parametrize(("learning", "says"), [(0, ""), (1000, "`base.trainable`")])
def test_before_there_is_a_head_nothing_of_the_base_learns(
    learning: int, says: str
) -> None:
    found = said(transfer.frozen, replace(AROUND, trainable_parameters=learning))
    assert says in found
    assert bool(says) == bool(found)


def tuned(moved: float = 0.01, losses: Any = (0.3, 0.2), **changes: Any) -> str:
    fine = history(loss=losses)
    of = model(score, **changes)
    return said(transfer.fine_tuned, of, history(), fine, moved)


def test_small_steps_that_move_the_base_are_right() -> None:
    assert tuned() == ""
    assert tuned(optimizer="sgd", learning_rate=0.01) == ""
    assert tuned(learning_rate=0.001, scheduled=True) == ""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"learning_rate": 0.005}, "is 0.005"),
        ({"learning_rate": 0.001}, "is 0.001"),
        ({"learning_rate": 0.005, "scheduled": True}, "is 0.005"),
        ({"moved": 0}, "has moved"),
        ({"losses": (2.0, 3.0)}, "after it"),
        ({"losses": ()}, "0 epochs"),
        ({"losses": (np.nan,)}, "NaN"),
    ],
)
def test_fine_tuning_that_failed_is_explained(changes: Any, says: str) -> None:
    assert says in tuned(**changes)


def taught(answer: Any) -> str:
    return said(
        transfer.answers_as_taught,
        answer,
        lambda batch: score(batch)[:, 0],
        dataset(PREPARED),
    )


def test_use_prepares_as_training_did() -> None:
    assert taught(lambda photos: score(transfer.vgg_input(photos))[:, 0]) == ""
    assert "same way" in taught(lambda photos: score(photos)[:, 0])
    assert "shape" in taught(lambda photos: score(transfer.vgg_input(photos)))


def test_use_answers_the_same_question_in_the_same_way() -> None:
    chance = np.random.default_rng(1)

    def varying(photos: Any) -> Any:
        scores = score(transfer.vgg_input(photos))[:, 0]
        return scores + chance.normal(0, 0.01, len(scores))

    assert "vary nothing" in taught(varying)
