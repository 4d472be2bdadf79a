"""A headline is drawn from a frame, so the chance of every next word is known exactly.

A frame is a pattern of a story in a region and a number: given the frame, the words
are independent. So the chance of a beginning is a sum over frames of products, and
whoever computes it (`bits`) knows the perplexity below which nobody can come. All that
links distant words is that they share a frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from workshop.data import names, topics
from workshop.data.inflect import inflected
from workshop.data.topics import Topic

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

STEEP = 0.8  # the n-th word of a list has weight 1 / n ** STEEP
SHARED_PART = 0.35  # of headlines follow a pattern that all topics share
SINGULAR = 0.45  # of the headlines that have a number
BLOCK = 200  # headlines looked at together
_OF_REGION = {"PLACE", "REGION", "RIVER", "TEAM"}
_FORMS = {"n": ("", "p"), "v": ("3", ""), "v3": ("3", "3")}  # singular, plural

Slot = tuple[str, ...]
"""The words that may stand at one place, the most frequent first."""


@dataclass(frozen=True)
class Grammar:
    """Frames by number: `weights` (f,), and `slots` (f, longest), -1 after the end.

    A slot is a row of `chances` (slots + 1, words); the last row is zeros, so that
    slot -1 emits nothing. `words` names the columns.
    """

    words: tuple[str, ...]
    weights: Floats
    slots: Numbers
    chances: Floats

    @property
    def lengths(self) -> Numbers:
        return np.asarray((self.slots >= 0).sum(axis=1))


@cache
def grammar() -> Grammar:
    """Return the one grammar of drawn headlines."""
    numbers: dict[Slot, int] = {}
    weights, rows = [], []
    for weight, slots in _frames():
        weights.append(weight)
        rows.append([numbers.setdefault(slot, len(numbers)) for slot in slots])
    words = tuple(sorted({word for slot in numbers for word in slot}))
    table = np.full((len(rows), max(map(len, rows))), -1)
    for index, row in enumerate(rows):
        table[index, : len(row)] = row
    share = np.array(weights) / sum(weights)
    return Grammar(words, share, table, _chances(list(numbers), words))


def draw(seed: int, count: int) -> list[str]:
    """Return `count` headlines, each drawn by itself; the same for the same seed."""
    made, random = grammar(), np.random.default_rng(seed)
    frames = random.choice(len(made.weights), size=count, p=made.weights)
    sums = [np.cumsum(row) for row in made.chances]
    points = random.random((count, made.slots.shape[1]))
    return [
        " ".join(
            made.words[
                min(int(np.searchsorted(sums[slot], point)), len(made.words) - 1)
            ]
            for slot, point in zip(made.slots[frame], line, strict=True)
            if slot >= 0
        )
        for frame, line in zip(frames, points, strict=True)
    ]


def bits(headlines: Sequence[str], memory: int | None = None) -> Floats:
    """Return -log2 of the chance of every word after the first, given all before it.

    The values of all headlines follow one another. That a word comes is taken as
    given: where a headline ends is not asked for. With a `memory` of n only the n
    words before are known, wherever they stand. ValueError where the grammar cannot
    say a headline.
    """
    table = _numbers(headlines)
    blocks = [table[start : start + BLOCK] for start in range(0, len(table), BLOCK)]
    seen = [
        _known(block) if memory is None else _near(block, memory) for block in blocks
    ]
    return -np.log2(np.concatenate([np.zeros(0), *seen]))


def next_words(context: str) -> Floats:
    """Return the chance of every word of `words` to follow, and of the end (w + 1,).

    ValueError where no headline of the grammar begins like this.
    """
    made, row = grammar(), _numbers([context])
    place = int((row >= 0).sum())
    frames = list(_beginnings(row))[-1][0][0]
    going = frames * (made.lengths > place)
    by_slot = np.bincount(
        made.slots[:, min(place, made.slots.shape[1] - 1)] % len(made.chances),
        weights=going,
        minlength=len(made.chances),
    )
    if not frames.sum():
        raise ValueError(f"No drawn headline begins with {context!r}.")
    chances = np.append(by_slot @ made.chances, frames.sum() - going.sum())
    return np.asarray(chances / frames.sum())


def _frames() -> Iterator[tuple[float, list[Slot]]]:
    """Yield the weight and the slots of every frame."""
    everywhere = names.regions()
    for topic in topics.TOPICS.values():
        stories = list(topic["stories"].values())
        shares = topic["weight"] * _falling(len(stories))
        for share, story in zip(shares, _with_people(stories), strict=True):
            lists = topics.SHARED | topic | story
            for part, pattern in _patterns(topic):
                yield from _variants(share * part, pattern.split(), lists, everywhere)


def _patterns(topic: Topic) -> Iterator[tuple[float, str]]:
    """Yield each pattern with its share of a topic's headlines."""
    own, shared = topic["patterns"].split("\n"), topics.PATTERNS.split("\n")
    for part, lines in ((1 - SHARED_PART, own), (SHARED_PART, shared)):
        kept = [line for line in lines if line]
        yield from ((part / len(kept), line) for line in kept)


def _with_people(stories: list[Topic]) -> list[Topic]:
    """Return stories with surnames of their own."""
    people = names.surnames(len(stories))
    return [{**one, "NAME": list_} for one, list_ in zip(stories, people, strict=True)]


def _variants(
    weight: float,
    pattern: list[str],
    lists: dict[str, Any],
    everywhere: list[dict[str, list[str]]],
) -> Iterator[tuple[float, list[Slot]]]:
    """Yield a pattern in every region and both numbers, where it has any."""
    heads = {token.partition(".")[0] for token in pattern}
    regions = everywhere if heads & _OF_REGION else everywhere[:1]
    agrees = any(token.endswith((".n", ".v")) for token in pattern)
    numbers = ((0, SINGULAR), (1, 1 - SINGULAR)) if agrees else ((0, 1.0),)
    for share, region in zip(_falling(len(regions)), regions, strict=True):
        for number, part in numbers:
            slots = [_slot(token, lists | region, number) for token in pattern]
            yield weight * share * part, slots


def _slot(token: str, lists: dict[str, Any], number: int) -> Slot:
    """Return the words of one place of a pattern."""
    name, _, form = token.partition(".")
    if not name.isupper():
        return (token,)
    listed = lists[name]
    words = listed.split() if isinstance(listed, str) else listed
    form = _FORMS[form][number] if form in _FORMS else form
    return tuple(dict.fromkeys(inflected(word, form) for word in words))


def _falling(count: int) -> Floats:
    weights = 1 / np.arange(1, count + 1) ** STEEP
    return np.asarray(weights / weights.sum())


def _chances(slots: list[Slot], words: tuple[str, ...]) -> Floats:
    column = {word: index for index, word in enumerate(words)}
    table = np.zeros((len(slots) + 1, len(words)))
    for row, slot in zip(table, slots, strict=False):
        row[[column[word] for word in slot]] = _falling(len(slot))
    return table


def _numbers(headlines: Sequence[str]) -> Numbers:
    """Return headlines as rows of word numbers, -1 after their end."""
    made = grammar()
    column = {word: index for index, word in enumerate(made.words)}
    table = np.full((len(headlines), made.slots.shape[1]), -1)
    for row, headline in zip(table, headlines, strict=True):
        found = [column.get(word, -1) for word in headline.split()]
        if not 0 < len(found) <= len(row) or -1 in found:
            raise ValueError(f"This is no drawn headline: {headline!r}.")
        row[: len(found)] = found
    return table


def _beginnings(table: Numbers) -> Iterator[tuple[Floats, Floats, Numbers]]:
    """Yield, word by word, the chance of each frame with the words so far.

    With it: the same before this word, and which headlines have this word.
    """
    made = grammar()
    now = np.tile(made.weights, (len(table), 1))
    for place in range(table.shape[1]):
        rows = np.flatnonzero(table[:, place] >= 0)
        if not len(rows):
            return
        before = now[rows]
        emitted = made.chances[:, table[rows, place]].T
        now[rows] = before * emitted[:, made.slots[:, place]]
        yield now, before, rows


def _known(table: Numbers) -> Floats:
    """Return the chance of each word after the first, in the order of the text."""
    made = grammar()
    chances = np.full(table.shape, np.nan)
    for place, (now, before, rows) in enumerate(_beginnings(table)):
        going = before[:, made.lengths > place].sum(axis=1)
        chances[rows, place] = _share(now[rows].sum(axis=1), going)
    return _in_order(chances)


def _near(table: Numbers, memory: int) -> Floats:
    """Return the same for one who knows only the last words, but not their place."""
    made = grammar()
    chances = np.full(table.shape, np.nan)
    for place in range(1, table.shape[1]):
        rows = np.flatnonzero(table[:, place] >= 0)
        window = table[rows, max(0, place - memory) : place + 1]
        both, before = np.zeros(len(rows)), np.zeros(len(rows))
        starts = range(made.slots.shape[1] - window.shape[1] + 1)
        for start in starts if place >= memory + 1 or memory < 2 else (0,):
            frames = np.tile(made.weights, (len(rows), 1))
            for offset in range(window.shape[1]):
                slots = made.slots[:, start + offset]
                if offset == window.shape[1] - 1:
                    before += frames[:, slots >= 0].sum(axis=1)
                frames *= made.chances[:, window[:, offset]].T[:, slots]
            both += frames.sum(axis=1)
        chances[rows, place] = _share(both, before)
    return _in_order(chances)


def _share(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, 0 where the whole is 0."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _in_order(chances: Floats) -> Floats:
    found = chances[:, 1:].ravel()
    found = found[~np.isnan(found)]
    if (found <= 0).any():
        raise ValueError("Some of these are no drawn headlines.")
    return found
