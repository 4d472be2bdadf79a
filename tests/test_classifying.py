"""What lessons share is tested with them; here stands what only one number shows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from workshop import classifying

LABELS = np.array([0, 1, 2, 2])
SHARES = np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.5, 0.5, 0.0]])


def loss(answers: Any, labels: Any = LABELS) -> float:
    model: Any = SimpleNamespace(predict=lambda images: answers)
    return classifying.loss_of(model, np.zeros((4, 2)), labels)


def test_the_loss_is_that_of_the_true_class() -> None:
    expected = -np.log([0.8, 0.8, 0.8, 1e-30]).mean()
    assert loss(SHARES) == pytest.approx(expected)


def test_one_hot_labels_and_scores_give_the_same_loss() -> None:
    shares = SHARES[[0, 1, 2, 2]]
    assert loss(shares, np.eye(3)[LABELS]) == pytest.approx(loss(shares))
    assert loss(np.log(shares) + 7) == pytest.approx(loss(shares))


def test_a_longer_training_is_advised_where_it_has_begun_to_learn() -> None:
    history = {"loss": [2.0, 1.5], "accuracy": [0.3, 0.5]}
    letters = classifying.Task(24, "24", "letters")
    with pytest.raises(AssertionError, match="more epochs"):
        classifying.learned(history, None, letters, least=0.8)
