"""All who predict words are measured by one rule, over a word list that is not theirs.

Perplexity is 2 to the mean of -log2 p, where p is the probability given to each word
that came: guessing among 100 equally likely words has perplexity 100. The rule takes
probabilities over anybody's own vocabulary, leaves out what is no word of the list
(padding, an end mark), spreads the part of [UNK] evenly over the words that the
vocabulary lacks, and makes the rest add up to 1. So a small vocabulary gains nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

UNKNOWN = "[UNK]"
LEAST = 1e-9  # the probability that counts where less was given, 0 for example
BLOCK = 500  # contexts asked for in one call
DISCOUNT = 0.75  # what absolute discounting takes from every count

Table = npt.NDArray[np.float64]
NextWord = Callable[[list[str]], Any]
"""Takes n contexts, the first words of headlines; returns (n, vocabulary)."""


def word_list(*texts: Iterable[str]) -> tuple[str, ...]:
    """Return the different words of all these headlines, sorted."""
    return tuple(
        sorted({word for part in texts for line in part for word in line.split()})
    )


def perplexity(
    next_word: NextWord,
    vocabulary: Sequence[str],
    headlines: Sequence[str],
    words: Sequence[str],
) -> float:
    """Return the perplexity of every word after the first, given all before it.

    `words` is the list that counts; it holds all words of the headlines. ValueError
    says what is wrong with the answers of `next_word`.
    """
    contexts, pairs = _questions(headlines)
    rule = Rule.over(vocabulary, words)
    bits = np.zeros(len(pairs))
    for start in range(0, len(contexts), BLOCK):
        asked = contexts[start : start + BLOCK]
        chances = rule.chances(next_word(asked), asked)
        here = [i for i, (c, _) in enumerate(pairs) if start <= c < start + BLOCK]
        for i in here:
            row, word = pairs[i]
            bits[i] = -np.log2(max(LEAST, chances[row - start, rule.column[word]]))
    return float(2 ** bits.mean())


@dataclass(frozen=True)
class Rule:
    """How probabilities over a vocabulary become probabilities over the word list.

    `places` has, for each word of the vocabulary, its column in the list, or -1.
    """

    vocabulary: tuple[str, ...]
    column: dict[str, int]
    places: npt.NDArray[np.int64]

    @classmethod
    def over(cls, vocabulary: Sequence[str], words: Sequence[str]) -> Rule:
        """Return the rule for a vocabulary; ValueError where it is no list of words."""
        listed = isinstance(vocabulary, list | tuple | np.ndarray) and len(vocabulary)
        if not listed or not all(isinstance(word, str) for word in vocabulary):
            raise ValueError("`vocabulary` is not a list of words.")
        column = {word: index for index, word in enumerate(words)}
        places = [column.get(str(word), -1) for word in vocabulary]
        if max(places) < 0:
            raise ValueError("`vocabulary` holds none of the words of the headlines.")
        return cls(tuple(map(str, vocabulary)), column, np.array(places))

    def chances(self, answer: Any, contexts: Sequence[str]) -> Table:
        """Return (contexts, words), each row adding up to 1; ValueError otherwise."""
        given = self.checked(answer, len(contexts))
        table = np.zeros((len(given), len(self.column)))
        known = np.flatnonzero(self.places >= 0)
        places, first = np.unique(self.places[known], return_index=True)
        table[:, places] = given[:, known[first]]
        for twice in np.setdiff1d(known, known[first]):
            table[:, self.places[twice]] += given[:, twice]
        absent = np.setdiff1d(np.arange(len(self.column)), self.places)
        if UNKNOWN in self.vocabulary and len(absent):
            unknown = given[:, self.vocabulary.index(UNKNOWN)]
            table[:, absent] = unknown[:, None] / len(absent)
        whole = table.sum(axis=1, keepdims=True)
        if (whole <= 0).any():
            context = contexts[int(np.argmin(whole))]
            raise ValueError(f"After “{context}” no word has any probability.")
        return table / whole

    def checked(self, answer: Any, count: int) -> Table:
        """Return answers to `count` contexts as they are; ValueError otherwise."""
        given = np.asarray(answer)
        expected = (count, len(self.vocabulary))
        if given.dtype.kind not in "fiu" or given.shape != expected:
            raise ValueError(
                f"For {count} contexts `next_word` answered with shape {given.shape}, "
                f"not {expected}: one row for each context, one column for each entry "
                "of `vocabulary`."
            )
        if not np.isfinite(given).all():
            raise ValueError("`next_word` holds values that are not numbers (NaN).")
        if given.min() < -1e-6:
            raise ValueError(
                f"`next_word` answered {given.min():.3g}, and no probability is below "
                "0. Scores become probabilities by softmax."
            )
        return np.maximum(given, 0).astype(np.float64)


@dataclass(frozen=True)
class Bigram:
    """Predicts a word from the one before it, by counting pairs of words.

    Interpolated Kneser-Ney: what discounting takes from the counted pairs goes to
    each word by the number of words it was seen after. Source: S. F. Chen and
    J. Goodman, "An empirical study of smoothing techniques for language modeling",
    Computer Speech and Language 13 (1999), 359-394.
    """

    vocabulary: tuple[str, ...]
    counts: dict[str, Counter[int]]
    anywhere: Table

    def next_word(self, contexts: Sequence[str]) -> Table:
        """Return the probability of every word of the vocabulary (n, vocabulary)."""
        return np.stack([self._after(context.split()[-1]) for context in contexts])

    def _after(self, word: str) -> Table:
        seen = self.counts.get(word)
        if not seen:
            return self.anywhere
        total = seen.total()
        chances = self.anywhere * (DISCOUNT * len(seen) / total)
        places = np.fromiter(seen, int)
        chances[places] += (np.fromiter(seen.values(), float) - DISCOUNT) / total
        return chances


def bigram(headlines: Iterable[str]) -> Bigram:
    """Return the model of word pairs that these headlines teach."""
    lines = [line.split() for line in headlines]
    vocabulary = (UNKNOWN, *sorted({word for line in lines for word in line}))
    number = {word: index for index, word in enumerate(vocabulary)}
    counts: dict[str, Counter[int]] = {}
    for line in lines:
        for before, after in pairwise(line):
            counts.setdefault(before, Counter())[number[after]] += 1
    followed = np.zeros(len(vocabulary))
    for seen in counts.values():
        followed[list(seen)] += 1
    anywhere = np.maximum(followed - DISCOUNT, 0) / followed.sum()
    anywhere[0] = 1 - anywhere.sum()
    return Bigram(vocabulary, counts, anywhere)


def _questions(headlines: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return the different contexts, and (context number, next word) for each word."""
    numbers: dict[str, int] = {}
    pairs = []
    for headline in headlines:
        words = headline.split()
        for place in range(1, len(words)):
            context = " ".join(words[:place])
            pairs.append((numbers.setdefault(context, len(numbers)), words[place]))
    return list(numbers), pairs


def limit(headlines: Sequence[str]) -> float | None:
    """Return the perplexity below which nobody can come, or None where none is known.

    It is known for drawn headlines: their grammar gives every word its true chance.
    """
    from workshop.data import grammar

    try:
        return float(2 ** grammar.bits(headlines).mean())
    except ValueError:
        return None


def compare(
    next_word: NextWord,
    vocabulary: Sequence[str],
    train: Sequence[str],
    test: Sequence[str],
) -> dict[str, float]:
    """Print and return the perplexities of word pairs, of `next_word`, and the limit.

    All are measured on the headlines of `test`, over the words of `train` and `test`.
    ValueError says what is wrong with the answers of `next_word`.
    """
    words, pairs = word_list(train, test), bigram(train)
    found = {
        "word pairs, counted": perplexity(
            pairs.next_word, pairs.vocabulary, test, words
        ),
        "your network": perplexity(next_word, vocabulary, test, words),
    }
    least = limit(test)
    if least is not None:
        found["the least possible"] = least
    print(f"Perplexity on {len(test):,} test headlines:")
    for name, value in found.items():
        print(f"  {name:<20} {value:8.1f}")
    return found
