"""Bars of probabilities, drawn without a window."""

from __future__ import annotations

import numpy as np
import pytest

from workshop import display, plots


@pytest.fixture
def drawn(monkeypatch):
    figures = []
    monkeypatch.setattr(display, "show", lambda *given: figures.append(given))
    return figures


def test_the_likeliest_stand_first_with_their_numbers(drawn):
    plots.bars([0.1, 0.7, 0.2], ["a", "", "c"], title="red …", count=2)
    [(figure, kind, about)] = drawn
    axes = figure.axes[0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["(empty)", "c"]
    assert [text.get_text() for text in axes.texts] == ["70.0 %", "20.0 %"]
    assert (kind, about) == ("bars", "red …: (empty), c")


def test_numbers_and_names_must_be_as_many():
    with pytest.raises(ValueError, match="3 numbers and 2 names"):
        plots.bars(np.ones(3), ["a", "b"])


def test_nothing_is_said_to_be_nothing(capsys):
    plots.bars([], [])
    assert "nothing to show" in capsys.readouterr().out
