"""Headlines: drawn from a grammar that knows every chance, or read from a file."""

from __future__ import annotations

import numpy as np
import pytest

from workshop.data import grammar, headlines, inflect, names, topics

FRESH = headlines.sealed_drawn(b"a test")[0].texts[:60]


def csv(lines: list[str], head: str = "publish_date,headline_text") -> bytes:
    return "\n".join([head, *(f"20030219,{line}" for line in lines)]).encode()


TRAIN, TEST = headlines.texts(headlines.drawn())
MANY = [f"Mayor {n}  opens Bridge" for n in range(2_000)]


def test_drawn_headlines_are_the_same_on_every_call() -> None:
    assert headlines.texts(headlines.drawn()) == (TRAIN, TEST)


def test_drawn_headlines_are_lower_case_words_with_single_spaces() -> None:
    assert (len(TRAIN), len(TEST)) == (headlines.TRAIN, headlines.TEST)
    for line in TRAIN + TEST:
        assert line == " ".join(line.lower().split())
        assert 2 <= len(line.split()) <= 12


def test_there_are_several_thousand_words_and_hardly_a_headline_twice() -> None:
    assert len({word for line in TRAIN for word in line.split()}) > 3_000
    assert len(set(TRAIN)) > 0.95 * len(TRAIN)


def test_the_chances_of_what_may_come_next_add_up_to_one() -> None:
    for line in FRESH[:5]:
        words = line.split()
        for count in range(1, len(words) + 1):
            assert grammar.next_words(" ".join(words[:count])).sum() == pytest.approx(1)


def test_the_bits_of_a_headline_follow_from_the_chances_of_its_words() -> None:
    words, column = FRESH[0].split(), grammar.grammar().words.index
    expected = []
    for count in range(1, len(words)):
        chances = grammar.next_words(" ".join(words[:count]))
        going = chances[column(words[count])] / (1 - chances[-1])
        expected.append(-np.log2(going))
    assert grammar.bits(FRESH[:1]) == pytest.approx(expected)


def test_drawn_words_come_as_often_as_their_chances_say() -> None:
    lines = grammar.draw(5, 4_000)
    after = [line.split()[1] for line in lines if line.split()[0] == "police"]
    column = grammar.grammar().words.index("hunt")
    chance = grammar.next_words("police")[column]
    spread = np.sqrt(chance * (1 - chance) / len(after))
    assert abs(after.count("hunt") / len(after) - chance) < 4 * spread


def test_half_a_bit_a_word_lies_further_back_than_two_words() -> None:
    lines = headlines.sealed_drawn(b"memory")[0].texts[:150]
    near, all_of_it = grammar.bits(lines, memory=2), grammar.bits(lines)
    assert near.mean() - all_of_it.mean() > 0.5


def test_a_memory_of_everything_is_no_limit() -> None:
    line = [min(FRESH, key=lambda one: len(one.split()))]
    longest = grammar.grammar().slots.shape[1]
    assert grammar.bits(line, memory=longest) == pytest.approx(grammar.bits(line))


@pytest.mark.parametrize("line", ["", "man bites unicorn", "police police police"])
def test_what_the_grammar_cannot_say_has_no_bits(line: str) -> None:
    with pytest.raises(ValueError, match="drawn headline"):
        grammar.bits([line])


def test_a_beginning_that_no_headline_has_is_named() -> None:
    with pytest.raises(ValueError, match="begins with 'police police'"):
        grammar.next_words("police police")


def test_every_word_of_every_pattern_has_a_list() -> None:
    for topic in topics.TOPICS.values():
        for story in topic["stories"].values():
            assert set(topics.SHARED | topic | story) >= {"WHO", "MATTER", "THING"}


def test_regions_share_no_town_and_sports_no_surname() -> None:
    towns = [town for region in names.regions() for town in region["PLACE"]]
    people = [name for group in names.surnames(6) for name in group]
    assert len(set(towns)) == len(towns) == 8 * names.TOWNS
    assert len(set(people)) == len(people) == 6 * names.SURNAMES


@pytest.mark.parametrize(
    ("word", "form", "expected"),
    [
        ("city", "p", "cities"),
        ("child", "p", "children"),
        ("bus", "p", "buses"),
        ("deny", "3", "denies"),
        ("attack", "3", "attacks"),
        ("raid", "d", "raided"),
        ("damage", "d", "damaged"),
        ("rob", "d", "robbed"),
        ("storm", "", "storm"),
    ],
)
def test_words_are_inflected(word: str, form: str, expected: str) -> None:
    assert inflect.inflected(word, form) == expected


def test_sealed_headlines_depend_on_the_secret_and_cannot_be_changed() -> None:
    shown, graded = headlines.sealed_drawn(b"one")
    again, _ = headlines.sealed_drawn(b"one")
    other, _ = headlines.sealed_drawn(b"two")
    assert shown.texts == again.texts != other.texts
    assert len(shown.texts or ()) == len(graded.texts or ()) == headlines.SEALED
    with pytest.raises(ValueError, match="read-only"):
        shown.labels[0] = 1


def test_a_file_is_split_by_hash_and_no_headline_is_on_both_sides() -> None:
    train, test = headlines.texts(headlines.from_csv(csv(MANY + MANY[:500])))
    assert len(train) + len(test) == len(MANY)
    assert not set(train) & set(test)
    assert 0.15 < len(test) / len(MANY) < 0.25
    assert "mayor 7 opens bridge" in train + test


def test_only_the_first_headlines_of_a_long_file_are_used() -> None:
    lines = [f"headline number {n}" for n in range(headlines.MOST + 500)]
    train, test = headlines.texts(headlines.from_csv(csv(lines)))
    assert len(train) + len(test) == headlines.MOST


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "UTF-8"),
        (b"", "publish_date"),
        (csv(MANY, head="date,text"), "publish_date"),
        (csv(["too few here"]), "at least 1,000"),
        (csv(["alone"] * 2_000), "at least 1,000"),
    ],
)
def test_another_file_is_refused_with_a_reason(content: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        headlines.from_csv(content)


def test_withheld_headlines_are_sealed_and_given_to_nobody() -> None:
    raw = headlines.from_csv(csv(MANY))
    kept = headlines.withhold(raw)
    _, test = headlines.texts(kept)
    shown, graded = headlines.sealed_real(b"one", kept)
    sealed = set(shown.texts or ()) | set(graded.texts or ())
    assert sealed
    assert not sealed & set(test)
    assert sealed | set(test) <= set(headlines.texts(raw)[1])
    assert shown.texts != headlines.sealed_real(b"two", kept)[0].texts
