"""One rule measures all who predict words, whatever their vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from workshop import perplexity as rule
from workshop.data import grammar, headlines

LINES = ["red cat sits", "red dog sits", "blue cat runs", "blue dog runs fast"]
WORDS = rule.word_list(LINES)

Answer = Callable[[Sequence[str]], Any]


def always(**chances: float) -> Answer:
    """Return a `next_word` with the same answer to every context."""
    return lambda contexts: np.array([list(chances.values())] * len(contexts))


def measured(next_word: Answer, vocabulary: Sequence[str]) -> float:
    return rule.perplexity(next_word, vocabulary, LINES, WORDS)


def even(vocabulary: Sequence[str]) -> Answer:
    return lambda contexts: np.ones((len(contexts), len(vocabulary)))


def test_knowing_nothing_is_as_perplexing_as_there_are_words() -> None:
    assert measured(even(WORDS), WORDS) == pytest.approx(len(WORDS))


def test_knowing_every_word_has_perplexity_one() -> None:
    follows = {"red": "cat", "red cat": "sits"}

    def know(contexts: Sequence[str]) -> Any:
        return np.array([[float(w == follows[c]) for w in WORDS] for c in contexts])

    assert rule.perplexity(know, WORDS, LINES[:1], WORDS) == pytest.approx(1)


def test_a_tiny_vocabulary_gains_nothing() -> None:
    tiny = measured(always(unk=1.0, blue=0.0), [rule.UNKNOWN, "blue"])
    assert tiny == pytest.approx(len(WORDS) - 1)


def test_the_part_of_the_unknown_is_shared_by_absent_words_alone() -> None:
    vocabulary = [rule.UNKNOWN, "cat", "dog"]
    found = rule.Rule.over(vocabulary, WORDS)
    row = found.chances([[0.4, 0.3, 0.3]], ["red"])[0]
    assert row[WORDS.index("cat")] == pytest.approx(0.3)
    assert row[WORDS.index("fast")] == pytest.approx(0.4 / (len(WORDS) - 2))
    assert row.sum() == pytest.approx(1)


def test_padding_and_marks_of_the_end_are_left_out() -> None:
    vocabulary = ["", ".", *WORDS]
    row = [[5.0, 3.0, *[0.1] * len(WORDS)]]
    table = rule.Rule.over(vocabulary, WORDS).chances(row, ["red"])
    assert table[0] == pytest.approx(1 / len(WORDS))


def test_a_word_listed_twice_has_both_its_parts() -> None:
    found = rule.Rule.over(["cat", "cat", "dog"], WORDS)
    row = found.chances([[0.25, 0.25, 0.5]], ["red"])[0]
    assert row[WORDS.index("cat")] == pytest.approx(0.5)


def test_a_word_held_impossible_costs_much_and_not_everything() -> None:
    assert np.isfinite(measured(always(cat=1.0), ["cat"]))


def test_many_contexts_are_asked_for_in_parts() -> None:
    sizes = []

    def count(contexts: Sequence[str]) -> Any:
        sizes.append(len(contexts))
        return np.ones((len(contexts), len(WORDS)))

    lines = [f"red {n} cat" for n in range(rule.BLOCK)]
    words = rule.word_list(lines, LINES)
    rule.perplexity(count, WORDS, lines, words)
    assert max(sizes) == rule.BLOCK
    assert sum(sizes) == rule.BLOCK + 1


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (np.ones((1, 3)), "one row for each context"),
        (np.ones((2, len(WORDS), 2)), "one column for each entry"),
        (np.array(["a", "b"]), "answered with shape"),
        (None, "answered with shape"),
        (np.full((2, len(WORDS)), np.nan), "not numbers"),
        (np.full((2, len(WORDS)), -1.0), "softmax"),
        (np.zeros((2, len(WORDS))), "no word has any probability"),
    ],
)
def test_what_is_no_table_of_probabilities_is_explained(answer: Any, says: str) -> None:
    found = rule.Rule.over(WORDS, WORDS)
    with pytest.raises(ValueError, match=says):
        found.chances(answer, ["red", "blue"])


@pytest.mark.parametrize("vocabulary", [None, "text", [], [1, 2], ["unicorn"]])
def test_what_is_no_vocabulary_is_explained(vocabulary: Any) -> None:
    with pytest.raises(ValueError, match="`vocabulary`"):
        rule.Rule.over(vocabulary, WORDS)


def test_pairs_are_probabilities_and_leave_something_for_new_words() -> None:
    pairs = rule.bigram(LINES)
    table = pairs.next_word(["red", "blue cat", "a unicorn"])
    assert table.sum(axis=1) == pytest.approx(1)
    assert (table[:, 0] > 0).all()
    sits, runs = pairs.vocabulary.index("sits"), pairs.vocabulary.index("runs")
    assert table[1, sits] == pytest.approx(table[1, runs])


def test_pairs_are_less_perplexed_than_guessing_and_more_than_the_grammar() -> None:
    train, test = headlines.texts(headlines.drawn())
    sample, words = test[:100], rule.word_list(train, test)
    pairs = rule.bigram(train)
    found = rule.perplexity(pairs.next_word, pairs.vocabulary, sample, words)
    least = rule.limit(sample)
    assert least is not None
    assert 5 < least < 10
    assert 60 < found < 110


def test_the_limit_is_only_known_for_what_the_grammar_says() -> None:
    assert rule.limit(["man bites dog"]) is None


def test_comparing_prints_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    found = rule.compare(even(WORDS), WORDS, LINES, LINES)
    assert list(found) == ["word pairs, counted", "your network"]
    assert "your network              7.0" in capsys.readouterr().out
    drawn = grammar.draw(1, 3)
    words = rule.word_list(drawn)
    assert "the least possible" in rule.compare(even(words), words, drawn, drawn)
