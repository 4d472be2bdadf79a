"""The checks of lesson 6, on evidence made by hand: no TensorFlow, no training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import asking
import numpy as np
import pytest

from workshop import perplexity, predicting
from workshop.data import grammar
from workshop.evidence.values import Dataset, History, Layer, LearnerError, Model
from workshop.recorder import Recorder

TRAIN = grammar.draw(11, 300)
TEST = [line for line in grammar.draw(12, 60) if line.split()[0] != "zebra"]
WORDS = ["", "[UNK]", ".", *perplexity.word_list(TRAIN)]
NUMBER = {word: index for index, word in enumerate(WORDS)}
SIZE = len(WORDS)
LAST, FIRST = np.random.default_rng(3).normal(size=(2, SIZE, SIZE))
GOOD = {"loss": (5.0, 3.0), "val_loss": (4.5, 3.2)}


advice = asking.lesson("06")


def numbers(lines: list[str]) -> Any:
    longest = max(len(line.split()) for line in lines)
    rows = np.zeros((len(lines), longest), int)
    for row, line in zip(rows, lines, strict=True):
        row[: len(line.split())] = [NUMBER.get(word, 1) for word in line.split()]
    return rows


def questions(lines: list[str]) -> Any:
    rows = numbers(lines)
    return rows[:, :-1], rows[:, 1:]


def softmax(table: Any) -> Any:
    powers = np.exp(table - table.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def reads(rows: Any) -> Any:
    """Answer after every word by this word and the first one."""
    return softmax(LAST[rows] + FIRST[rows[:, :1]])


def next_word(contexts: list[str]) -> Any:
    rows = numbers(contexts)
    return reads(rows)[np.arange(len(rows)), (rows > 0).sum(axis=1) - 1]


def layer(kind: str, **settings: Any) -> Layer:
    return Layer(kind, kind.lower(), settings, True, 1, 1, None, ())


def model(answer: Callable[[Any], Any] = reads, **embedding: Any) -> Model:
    settings = {"input_dim": SIZE, "output_dim": 64, **embedding}
    layers = (layer("Embedding", **settings), layer("LSTM"), layer("Dense"))
    return Model(
        *("Sequential", "sequential", {}, True, 1, 1, (None, None, SIZE), layers),
        compiled=True,
        loss="sparse_categorical_crossentropy",
        from_logits=False,
        optimizer="adam",
        learning_rate=0.004,
        metrics=(),
        input_shape=(None, None),
        _ask=lambda request: {"value": answer(request["array"])},
    )


def dataset(batches: list[Any], many: int | None, spec: str = "int64") -> Dataset:
    return Dataset(spec, many, None, lambda request: {"value": batches})


def closed(lines: list[str]) -> list[str]:
    return [f"{line} ." for line in lines]


def vocabulary_check(vocabulary: Any) -> str:
    name = "words_are_numbered_from_training_headlines"
    return advice(name, vocabulary=vocabulary, train=TRAIN, test=TEST)


def test_the_words_of_the_training_headlines_are_right() -> None:
    assert vocabulary_check(WORDS) == ""
    assert vocabulary_check(WORDS[:100]) == ""


@pytest.mark.parametrize(
    ("vocabulary", "says"),
    [
        (["", "[UNK]"], "hardly a word"),
        (["", "[UNK]", *WORDS[3:]], "no full stop"),
        ([*WORDS, *perplexity.word_list(TEST)], "in test headlines only"),
        ("text", "not a list of words"),
        ([1, 2, 3], "not a list of words"),
    ],
)
def test_another_vocabulary_is_explained(vocabulary: Any, says: str) -> None:
    assert says in vocabulary_check(vocabulary)


def asked(answer: Callable[[list[str]], Any]) -> str:
    name = "each_answer_is_the_word_that_follows"
    return advice(name, questions=answer, vocabulary=WORDS, train=TRAIN)


def test_answers_one_word_later_are_right() -> None:
    assert asked(questions) == ""


@pytest.mark.parametrize(
    ("cut", "says"),
    [
        (lambda rows: (rows[:, :-1], rows[:, :-1]), "learn to copy"),
        (lambda rows: (rows, rows), "learn to copy"),
        (lambda rows: (rows[:, :-2], rows[:, 2:]), "Place by place"),
        (lambda rows: (rows[:, :-1], rows[:, 2:]), "Place by place"),
        (lambda rows: (rows[:, 1:], rows[:, :-1]), "Begin with the first word"),
        (lambda rows: rows[:, 1:], "not a pair"),
        (lambda rows: (rows[0, :-1], rows[0, 1:]), "two dimensions"),
    ],
)
def test_other_answers_are_explained(cut: Callable[[Any], Any], says: str) -> None:
    assert says in asked(lambda lines: cut(numbers(lines)))


def served(training: Dataset) -> str:
    name = "the_pipeline_serves_all_training_headlines"
    return advice(name, training=training, train=TRAIN)


BATCH = questions(closed(TRAIN[:32]))


def test_batches_of_all_headlines_are_right() -> None:
    assert served(dataset([BATCH], 10)) == ""
    assert served(dataset([BATCH], None)) == ""


@pytest.mark.parametrize(
    ("training", "says"),
    [
        (dataset([], 10, "TensorSpec(shape=(None,), dtype=tf.string)"), "Map"),
        (dataset([BATCH], 3), "Build it from all"),
        (dataset([questions(TRAIN[:1])], 300), "holds 1 headlines"),
        (dataset([(BATCH[0][0], BATCH[1][0])], 300), "batches first"),
    ],
)
def test_another_pipeline_is_explained(training: Dataset, says: str) -> None:
    assert says in served(training)


def test_an_embedding_has_room_for_every_word() -> None:
    name = "every_word_has_its_place"
    assert advice(name, model=model(), vocabulary=WORDS) == ""
    narrow = advice(name, model=model(output_dim=2), vocabulary=WORDS)
    assert "crowded" in narrow
    few = advice(name, model=model(input_dim=100), vocabulary=WORDS)
    assert "places for 100 words" in few
    without = replace(model(), layers=(layer("LSTM"),))
    assert "no embedding" in advice(name, model=without, vocabulary=WORDS)


def counted(val_loss: float, batch: Any) -> str:
    history = History({"val_loss": (9.0, val_loss)}, 2)
    given = {"model": model(), "history": history, "validation": dataset([batch], 1)}
    return advice("filled_places_are_not_counted", **given)


def test_the_validation_loss_shows_whether_padding_was_counted() -> None:
    asked_, answers = BATCH
    costs = -np.log(np.take_along_axis(reads(asked_), answers[..., None], -1)[..., 0])
    easy = np.where(answers > 0, costs, 0)
    assert counted(costs[answers > 0].mean(), BATCH) == ""
    assert (answers == 0).any()
    certain = model(lambda rows: _sure_of_padding(rows, answers))
    history = History({"val_loss": (float(easy.mean()),)}, 1)
    given = {"model": certain, "history": history}
    said = advice(
        "filled_places_are_not_counted", validation=dataset([BATCH], 1), **given
    )
    assert "flatter the mean" in said


def _sure_of_padding(rows: Any, answers: Any) -> Any:
    table = reads(rows)
    table[answers == 0] = np.eye(SIZE)[0]
    return table


def test_a_validation_loss_is_a_mean_of_batches_not_of_words() -> None:
    """Keras weighs batches by their rows, and a mask goes by the questions."""
    many = questions(closed([f"{line.split()[0]} x" for line in TRAIN[:30]]))
    few = questions(closed(sorted(TRAIN, key=len)[:2] + sorted(TRAIN, key=len)[-2:]))
    seen, rows = [], []
    for asked_, answers in (many, few):
        costs = -np.log(np.take_along_axis(reads(asked_), answers[..., None], -1))
        seen.append(costs[asked_ > 0].mean())
        rows.append(len(asked_))
    found = predicting.losses(model(), [many, few])
    assert found.of_words[0] == pytest.approx(np.average(seen, weights=rows))
    assert found.filled > 0


def test_without_padding_there_is_nothing_to_count() -> None:
    assert counted(0.1, questions(["a b c", "d e f"])) == ""


def after_every_word(answer: Callable[[Any], Any]) -> str:
    name = "the_network_answers_after_every_word"
    return advice(name, model=model(answer), vocabulary=WORDS)


def test_a_network_that_remembers_is_right() -> None:
    assert after_every_word(reads) == ""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda rows: reads(rows)[:, -1], "return its sequences"),
        (lambda rows: softmax(LAST[rows]), "with a memory"),
        (lambda rows: reads(rows[:, ::-1]), "looks ahead"),
    ],
)
def test_a_network_that_cannot_is_explained(
    answer: Callable[[Any], Any], says: str
) -> None:
    assert says in after_every_word(answer)


def trained(history: Any, of: Model | None = None) -> str:
    given = {"model": of or model(), "vocabulary": WORDS, "report": Recorder()}
    return advice("training_lowers_the_loss", history=history, **given)


def test_a_usual_training_is_right() -> None:
    assert trained(History(GOOD, 2)) == ""
    assert trained(GOOD) == ""


@pytest.mark.parametrize(
    ("history", "changes", "says"),
    [
        (None, {"loss": "categorical_crossentropy"}, "sparse form"),
        (GOOD, {"loss": "mean_squared_error"}, "sparse form"),
        (None, {}, "not been trained"),
        ({"loss": (3.0,)}, {}, "validation data"),
        ({"loss": (3.0, np.nan), "val_loss": (3.0, 3.0)}, {}, "no longer a number"),
        ({**GOOD, "loss": (9.0, 9.0)}, {"learning_rate": 4.0}, "jump over"),
        ({**GOOD, "loss": (1.0, 0.01)}, {}, "see the answers"),
    ],
)
def test_a_training_that_failed_is_explained(
    history: Any, changes: Any, says: str
) -> None:
    assert says in trained(history, replace(model(), **changes))


def asked_next(answer: Callable[[list[str]], Any]) -> str:
    name = "next_word_answers_for_each_beginning"
    return advice(name, next_word=answer, vocabulary=WORDS, train=TRAIN)


def test_the_answer_at_the_last_word_is_right() -> None:
    assert asked_next(next_word) == ""


def stops(contexts: list[str]) -> Any:
    raise LearnerError("next_word()", {"type": "ValueError", "message": "shape"})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda contexts: None, "return"),
        (lambda contexts: reads(numbers(contexts)), "one row for each context"),
        (lambda contexts: np.log(next_word(contexts)), "softmax"),
        (lambda contexts: next_word(contexts) * 2, "add up to 2"),
        (lambda contexts: np.full((len(contexts), SIZE), 1 / SIZE), "the last word"),
        (lambda contexts: reads(numbers(contexts))[:, 0], "the last word"),
        (lambda contexts: reads(numbers(contexts))[:, -1], "other answers alone"),
        (
            lambda contexts: next_word([one.split()[-1] for one in contexts]),
            "the first word",
        ),
        (stops, "a list of beginnings"),
    ],
)
def test_other_answers_of_next_word_are_explained(
    answer: Callable[[list[str]], Any], says: str
) -> None:
    assert says in asked_next(answer)


@pytest.mark.parametrize(
    ("power", "says"),
    [
        (lambda p, t: p ** (1 / t) / (p ** (1 / t)).sum(), ""),
        (lambda p, t: softmax(np.log(p) / t), ""),
        (lambda p, t: p**t / (p**t).sum(), "1 / temperature"),
        (lambda p, t: p ** (2 / t) / (p ** (2 / t)).sum(), "At 1 nothing changes"),
        (lambda p, t: p**t**-0.5 / (p**t**-0.5).sum(), "divide by the sum"),
        (lambda p, t: p ** (1 / t), "add up to"),
        (lambda p, t: p, "1 / temperature"),
        (lambda p, t: p[:2], "shape (2,)"),
    ],
)
def test_temperature_is_one_over_the_power(
    power: Callable[[Any, float], Any], says: str
) -> None:
    assert says in advice("temperature_is_the_dial", heated=power)
    assert says or not advice("temperature_is_the_dial", heated=power)


@pytest.mark.parametrize(
    ("write", "says"),
    [
        (lambda words, temperature: f"{words} again", ""),
        (lambda words, temperature: words, "No beginning was continued"),
        (lambda words, temperature: "again", "begins with the words"),
        (lambda words, temperature: [words], "begins with the words"),
        (lambda words, temperature: f"{words} [UNK]", "no word"),
    ],
)
def test_a_headline_is_continued(write: Callable[[str, float], Any], says: str) -> None:
    given = {"continue_headline": write, "train": TRAIN}
    assert says in advice("continues_a_headline", **given)
    assert says or not advice("continues_a_headline", **given)


def unseen(answer: Callable[[list[str]], Any], vocabulary: Any, goal: float) -> str:
    texts = grammar.draw(13, 40)
    sealed = SimpleNamespace(texts=texts, variant="drawn")
    given = {"next_word": answer, "vocabulary": vocabulary, "model": model()}
    name = "is_less_perplexed_than_counted_pairs"
    return advice(name, sealed=sealed, goal=goal, **given)


def knowing(contexts: list[str]) -> Any:
    return np.stack([grammar.next_words(context)[:-1] for context in contexts])


def test_who_knows_the_grammar_reaches_any_goal_that_can_be_reached() -> None:
    assert unseen(knowing, list(grammar.grammar().words), 0.15) == ""


def test_what_is_missed_is_told_in_whole_numbers() -> None:
    said = unseen(next_word, WORDS, 0.3)
    assert "nobody can have less than" in said
    assert "more epochs" in said
    assert not any(word.rstrip(".;,").count(".") for word in said.split()[:20])


def test_a_tiny_vocabulary_is_named() -> None:
    def little(contexts: list[str]) -> Any:
        return np.full((len(contexts), 4), 0.25)

    said = unseen(little, ["", "[UNK]", "police", "council"], 0.3)
    assert "of the words that came" in said


def test_answers_that_are_no_probabilities_are_explained() -> None:
    assert "softmax" in unseen(lambda c: np.log(next_word(c)), WORDS, 0.3)
