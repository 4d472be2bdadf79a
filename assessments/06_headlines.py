"""Checks for lesson 6, continue a headline.

Words are checked by what the learner's functions say about headlines of theirs; what
the network is worth is the perplexity of `next_word` on sealed headlines, by the rule
of `workshop.perplexity`, against word pairs counted in the same training headlines.
Perplexities are told as whole numbers: exact ones could be climbed by trying.
"""

from itertools import pairwise

import numpy as np

from workshop import checks, classifying, predicting
from workshop.perplexity import limit, word_list
from workshop.results import percent

MARKS = ("", "[UNK]")


def words_are_numbered_from_training_headlines(vocabulary, train, test):
    """TODO 1. Words are numbered as the training headlines have them"""
    listed = predicting.words_of(vocabulary)
    known = set(word_list(predicting.lines_of(train, "train")))
    assert len(known.intersection(listed)) >= 20, (
        f"`vocabulary` holds {len(listed)} entries, and hardly a word of the training "
        "headlines. Let the layer `adapt` to them before you ask for its vocabulary."
    )
    others = [word for word in listed if word not in known and word not in MARKS]
    unseen = sorted(
        set(others).intersection(word_list(predicting.lines_of(test, "test")))
    )
    assert not unseen, (
        f"`vocabulary` knows “{unseen[0]}”, which stands in test headlines only. Let "
        "the layer `adapt` to the training headlines; the test stays unseen."
    )
    assert others, (
        "`vocabulary` holds no full stop, so the network cannot say where a headline "
        "ends. Let the layer `adapt` to the headlines as `closed` returns them."
    )


def each_answer_is_the_word_that_follows(questions, vocabulary, train):
    """TODO 2. The answer to each word is the word that follows it"""
    listed = predicting.words_of(vocabulary)
    known = predicting.lines_of(train, "train")
    lines = sorted((f"{line} ." for line in known[:50]), key=len)[-5:]
    asked, answers = predicting.pair(questions(lines), "questions(headlines)")
    first = listed[int(asked[0, 0])]
    assert first in (lines[0].split()[0], "[UNK]"), (
        f"The first question to “{lines[0]}” is “{first}”. Begin with the first word."
    )
    assert not np.array_equal(asked, answers), (
        "Each answer is the word that was asked. A network would learn to copy. The "
        "answers begin one word later than the questions."
    )
    follows = asked.shape[1] > 2 and np.array_equal(answers[:, :-1], asked[:, 1:])
    assert follows, _misplaced(lines[0], asked[0], answers[0], listed)


def the_pipeline_serves_all_training_headlines(training, train):
    """TODO 3. The pipeline serves all training headlines, in batches"""
    assert "string" not in training.spec, (
        "The data set still holds texts. Map each batch to its `questions`."
    )
    batches = [
        predicting.pair(one, "A batch of `training`") for one in training.take(3)
    ]
    size = max(len(asked) for asked, _ in batches)
    assert 2 <= size <= 2_048, (
        f"A batch holds {size} headlines. With very few, training takes ages; with "
        "very many, it takes few steps. Use 64."
    )
    many, known = training.cardinality, predicting.lines_of(train, "train")
    assert many is None or many < 0 or many * size >= 0.9 * len(known), (
        f"`training` has {many} batches of at most {size} headlines, and there are "
        f"{len(known):,} headlines to train on. Build it from all of them."
    )


def every_word_has_its_place(model, vocabulary):
    """TODO 4. An embedding gives every word of the vocabulary its place"""
    found = [one for one in checks.flat(model.layers) if one.kind == "Embedding"]
    assert found, "There is no embedding. Put one before the LSTM."
    words, places = (found[0].settings[n] for n in ("input_dim", "output_dim"))
    assert words >= len(predicting.words_of(vocabulary)), (
        f"The embedding has places for {words} words, and the vocabulary has "
        f"{len(vocabulary)}. The first argument counts the words."
    )
    assert places >= 8, (
        f"Each word gets a place in {places} dimensions, which is crowded. The second "
        "argument counts the dimensions."
    )


def the_network_answers_after_every_word(model, vocabulary):
    """TODO 5. The network reads in order and answers after every word"""
    rows = np.random.default_rng(2).integers(
        2, len(predicting.words_of(vocabulary)), (4, 6)
    )
    answers = checks.array(model.predict(rows), "model.predict")
    expected = (*rows.shape, len(vocabulary))
    assert answers.shape == expected, (
        f"To 4 headlines of 6 words the network answers with shape {answers.shape}, "
        f"not {expected}. Let the LSTM return its sequences."
    )
    later, earlier = rows.copy(), rows.copy()
    later[:, -1], earlier[:, 0] = rows[::-1, -1], rows[::-1, 0]
    peeked = np.abs(model.predict(later) - answers)[:, :-1].max()
    assert peeked < 1e-3 * np.abs(answers).max(), (
        "An answer changes when a later word does: the network looks ahead, at the "
        "very word it should guess. Let it read forwards only."
    )
    remembered = np.abs(model.predict(earlier) - answers)[:, -1].max()
    assert remembered > 1e-9, (
        "The last answer stays the same whatever the first word was. Only a layer "
        "with a memory, such as an LSTM, carries it through the headline."
    )


def training_lowers_the_loss(model, vocabulary, report, history=None):
    """Training lowers the loss, also on headlines that it does not learn from"""
    loss = str(model.loss)
    misfits = (*classifying.NOT_FOR_CLASSES, *(() if history else ("categorical_",)))
    assert not loss.startswith(misfits), (
        f"The loss is {loss}. Words are categories, and the answers are whole numbers: "
        "the sparse form of categorical crossentropy fits."
    )
    assert history, "The network has not been trained. Did `model.fit` stop?"
    report.curves(history)
    metrics = checks.metrics(history)
    validated = metrics.get("val_loss") or not metrics.get("loss")
    assert validated, "Give `model.fit` the pipeline `validation` as validation data."
    loss, validation = classifying.losses(history, model)
    clueless = np.log(len(predicting.words_of(vocabulary)))
    assert loss[-1] < clueless, (
        f"The loss ends at {loss[-1]:.2f}. A network that gives every word the same "
        f"probability has {clueless:.2f}. {checks.about_the_steps(model)}"
    )
    assert validation[-1] < clueless, (
        f"The validation loss ends at {validation[-1]:.2f}. A network that gives every "
        f"word the same probability has {clueless:.2f}. Is `validation` made as "
        "`training` is?"
    )
    assert loss[-1] > 0.3, (
        f"The loss ends at {loss[-1]:.2g}, and no headline can be guessed so well. "
        "Can the network see the answers, or is the loss not that of categories?"
    )


def filled_places_are_not_counted(model, history, validation):
    """TODO 4. The loss counts words, and not the places that were filled up"""
    seen = checks.metrics(history).get("val_loss", ())
    assert len(seen), "The history has no validation loss."
    found = predicting.losses(model, validation.take(8))
    if found.filled < 0.1:
        return
    away = min(abs(seen[-1] - loss) for loss in found.of_words)
    assert away <= abs(seen[-1] - found.of_all), (
        f"The validation loss is {seen[-1]:.2f}, but for words alone it is "
        f"{found.of_words[1]:.2f}: {percent(found.filled)} of all places are filled "
        "up, cost nothing and flatter the mean. Give the embedding `mask_zero=True`."
    )


def next_word_answers_for_each_beginning(next_word, vocabulary, train):
    """TODO 6. For each beginning, the probabilities of the word after its last one"""
    lines = _long_lines(train)
    contexts = [" ".join(line[:count]) for line in lines for count in (1, 2, 4)]
    table = predicting.chances(next_word, contexts, vocabulary)
    for context, row in list(zip(contexts, table, strict=True))[:3]:
        alone = predicting.chances(next_word, [context], vocabulary)[0]
        assert np.abs(alone - row).max() < 0.01 * alone.max(), (
            f"“{context}” gets other answers alone than beside longer beginnings. Take "
            "the answer at the place of its last word, not at the end of the row."
        )
    changed = [[*line[:3], other[3]] for line, other in pairwise(lines)]
    _differ(next_word, lines, changed, vocabulary, "the last word of a beginning")
    changed = [[other[0], *line[1:4]] for line, other in pairwise(lines)]
    _differ(next_word, lines, changed, vocabulary, "the first word of a beginning")


def temperature_is_the_dial(heated):
    """TODO 7. A low temperature sharpens probabilities, a high one levels them"""
    given = np.array([0.6, 0.3, 0.1])
    for temperature in (1.0, 0.5, 2.0):
        found = checks.array(heated(given.copy(), temperature), "heated")
        assert found.shape == (3,), (
            f"For three probabilities `heated` returned shape {found.shape}."
        )
        assert np.isclose(found.sum(), 1, atol=1e-3), (
            f"At temperature {temperature:g} the probabilities add up to "
            f"{found.sum():.2f}. Divide them by their sum."
        )
        expected = given ** (1 / temperature)
        expected /= expected.sum()
        assert np.allclose(found, expected, atol=1e-3), _off(found, temperature)


def continues_a_headline(continue_headline, train):
    """`continue_headline` takes the first words and returns them with more"""
    beginnings = [" ".join(line[:2]) for line in _long_lines(train)[:3]]
    made = [continue_headline(beginning, 0.7) for beginning in beginnings]
    for beginning, line in zip(beginnings, made, strict=True):
        assert str(line).startswith(beginning), (
            f"“{beginning}” was continued as {str(line)[:80]!r}. Return a text that "
            "begins with the words that were given."
        )
        strange = set(line.split(" ")[2:]).intersection(MARKS)
        assert not strange, (
            f"“{line}” holds an entry that is no word. Give the first two entries of "
            "the vocabulary no chance to be drawn."
        )
    assert any(line != start for line, start in zip(made, beginnings, strict=True)), (
        "No beginning was continued. Add words until the full stop is drawn."
    )


def is_less_perplexed_than_counted_pairs(
    next_word, vocabulary, sealed, goal, model=None
):
    """Its perplexity on unseen headlines is at most {goal:.0%} of counted pairs'"""
    own, old = predicting.perplexities(
        next_word, vocabulary, sealed.texts, sealed.variant
    )
    assert own <= goal * old, (
        f"Its perplexity is {own:.0f}. Counted pairs have {old:.0f}"
        f"{_at_least(sealed.texts)}; the goal is {goal * old:.0f}. "
        f"{_what_to_try(vocabulary, sealed, model)}"
    )


def _at_least(headlines):
    least = limit(headlines)
    return f", and nobody can have less than {least:.0f}" if least else ""


def _misplaced(line, asked, answers, listed):
    said = " ".join(listed[int(number)] for number in answers)
    given = " ".join(listed[int(number)] for number in asked)
    return (
        f"Asked “{given}”, the answers are “{said}”. Place by place, each answer must "
        f"be the next word of “{line}”."
    )


def _long_lines(train):
    known = predicting.lines_of(train, "train")
    lines = [line.split() for line in known[:400]]
    return [line for line in lines if len(line) > 4][:8]


def _differ(next_word, lines, changed, vocabulary, what):
    """Assert that the answers depend on what was changed."""
    pairs = zip(lines, changed, strict=False)
    pairs = [(line[:4], other) for line, other in pairs if line[:4] != other]
    before, after = (
        [" ".join(line) for line in side] for side in zip(*pairs, strict=True)
    )
    answers = predicting.chances(next_word, before, vocabulary)
    others = predicting.chances(next_word, after, vocabulary)
    assert np.abs(others - answers).max() > 1e-5 * answers.max(), (
        f"The answers stay the same whatever {what} is. Let the model read all words "
        "of each beginning, and take its answer at the last of them."
    )


def _off(found, temperature):
    seen = f"At temperature {temperature:g}, 60 % became {percent(found[0])}."
    if temperature == 1:
        return f"{seen} At 1 nothing changes."
    wanted = "more" if temperature < 1 else "less"
    wrong_way = (found[0] > 0.6) != (temperature < 1)
    if wrong_way:
        return f"{seen} It should become {wanted}: the power is 1 / temperature."
    return f"{seen} Raise to the power of 1 / temperature, then divide by the sum."


def _what_to_try(vocabulary, sealed, model):
    known = set(vocabulary)
    words = [word for line in sealed.texts for word in line.split()]
    share = sum(word in known for word in words) / len(words)
    if share < 0.6:
        return (
            f"Its vocabulary knows {percent(share)} of the words that came. What it "
            "gives to [UNK] is shared by all words that it lacks. Let it know more."
        )
    about = checks.about_the_steps(model)
    return about or "Try more epochs, or more units. Does it train on all headlines?"
