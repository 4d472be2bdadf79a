"""What a network says of the next word is looked at through functions and batches.

For assessments, as `checks` and `classifying` are: every advice says what was seen and
what to try, and what a learner made is evidence. Training headlines, and the pairs of
words counted in them, are those of the grader's own variant of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from workshop import checks, data
from workshop.evidence.values import Function, Model
from workshop.perplexity import Rule, bigram, perplexity, word_list

TROUBLE = "`next_word` could not take a list of beginnings."


def words_of(vocabulary: Any) -> list[str]:
    """Return a vocabulary as a list of words, or say what was found."""
    assert _texts(vocabulary), (
        "`vocabulary` is not a list of words. It is what `get_vocabulary()` returns."
    )
    return [str(word) for word in vocabulary]


def lines_of(headlines: Any, name: str) -> list[str]:
    """Return headlines as a list, or say that the variable `name` holds none."""
    assert _texts(headlines), (
        f"`{name}` is not a list of headlines. Leave it as `texts` returned it."
    )
    return [str(line) for line in headlines]


def _texts(value: Any) -> bool:
    listed = isinstance(value, list | tuple | np.ndarray) and len(value) > 0
    return listed and all(isinstance(one, str) for one in value)


def pair(value: Any, where: str) -> tuple[Any, Any]:
    """Return the two tables of numbers (headlines, words) that a pair holds."""
    both = isinstance(value, list | tuple) and len(value) == 2
    assert both, f"{where} is not a pair of questions and answers."
    asked, answers = (checks.array(part, where) for part in value)
    assert asked.ndim == answers.ndim == 2, (
        f"{where} holds shapes {asked.shape} and {answers.shape}. Both need two "
        "dimensions: headlines and their words. Cut into batches first, then map."
    )
    return asked, answers


@dataclass(frozen=True)
class Losses:
    """What Keras would report: with all places counted, or only those of words.

    `of_words` has two values, as a place is a word's by its question or by its answer;
    `filled` is the share of places that hold no word.
    """

    of_words: tuple[float, float]
    of_all: float
    filled: float


def losses(model: Model, batches: Sequence[Any]) -> Losses:
    """Return the losses on batches: their means, weighted by numbers of headlines."""
    means, sizes, filled = [], [], []
    for batch in batches:
        asked, answers = pair(batch, "A batch of the data set")
        made = checks.array(model.predict(asked), "model.predict")
        table = checks.probabilities(made)
        given = np.take_along_axis(table, answers[..., None].astype(int), axis=-1)
        cost = -np.log(np.maximum(given[..., 0], 1e-9))
        places = (asked > 0, answers > 0, np.ones_like(answers, bool))
        means.append([cost[at].mean() if at.any() else 0.0 for at in places])
        sizes.append(len(asked))
        filled.append((answers == 0).mean())
    asking, answering, whole = np.average(means, axis=0, weights=sizes)
    share = float(np.average(filled, weights=sizes))
    return Losses((float(asking), float(answering)), float(whole), share)


def chances(next_word: Function, contexts: list[str], vocabulary: Any) -> Any:
    """Return probabilities (contexts, vocabulary), or say what was answered."""
    given = checks.answered(next_word, contexts, TROUBLE)
    answer = checks.array(given, "next_word(contexts)")
    try:
        rule = Rule.over(vocabulary, word_list(vocabulary))
        rule.checked(answer, len(contexts))
    except ValueError as error:
        raise AssertionError(str(error)) from None
    assert checks.are_probabilities(answer), (
        f"The numbers for “{contexts[0]}” add up to {answer[0].sum():.3g}; "
        "probabilities add up to 1."
    )
    return answer


def perplexities(
    next_word: Function, vocabulary: Any, headlines: list[str], variant: str
) -> tuple[float, float]:
    """Return those of `next_word` and of counted pairs.

    Both are measured over the words of the training headlines and of these.
    """
    words, pairs = word_list(training(variant), headlines), _pairs(variant)

    def ask(contexts: list[str]) -> Any:
        given = checks.answered(next_word, contexts, TROUBLE)
        return checks.array(given, "next_word(contexts)")

    try:
        own = perplexity(ask, vocabulary, headlines, words)
    except ValueError as error:
        raise AssertionError(str(error)) from None
    counted = perplexity(pairs.next_word, pairs.vocabulary, headlines, words)
    return own, counted


@cache
def training(variant: str) -> tuple[str, ...]:
    """Return the training headlines of a variant."""
    return tuple(data.lines(data.arrays("headlines", variant)["train"]))


@cache
def _pairs(variant: str) -> Any:
    return bigram(training(variant))
