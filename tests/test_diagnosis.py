"""Each sentence of a diagnosis has what triggers it, and what must not."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from workshop import course, diagnosis, grader
from workshop.data import Sealed
from workshop.diagnosis import findings
from workshop.evidence.server import Server
from workshop.recorder import Recorder, wilson
from workshop.runner import Gone
from workshop.sandbox import Lost

RANDOM = np.random.default_rng(0)
ROWS = RANDOM.random((400, 4, 4))
KINDS = {"binary_accuracy", "BinaryAccuracy"}


def half(labels):
    labels = np.array(labels)
    images = np.zeros((len(labels), 2, 2), np.uint8)
    classes = ("a", "b", "c")
    return Sealed(images, None, labels, classes, np.arange(len(labels)), "drawn")


def model(kind="accuracy", outputs=6, **more):
    """Return how a model is described on the wire."""
    layer = {"kind": "Sequential", "name": "x", "settings": {}, "trainable": True}
    settings = {"name": more.pop("name")} if "name" in more else {}
    return {
        **layer,
        **{"is": "model", "compiled": True, "optimizer": "adam", "layers": []},
        **{"parameters": 1, "trainable_parameters": 1, "learning_rate": 0.001},
        **{"from_logits": False, "scheduled": False, "metrics": ["loss"]},
        "loss": "categorical_crossentropy",
        "output_shape": [None, outputs],
        "input_shape": [None, 3, 2],
        "measures": [{"kind": kind, "settings": settings}],
        **more,
    }


def learner(described=None, predict=lambda array: array, **names) -> Any:
    """Return the `ask` of a learner with these variables, and perhaps a model."""
    known = {**names, "model": None} if described else names
    server = Server(known)

    def ask(request):
        if request.get("name") != "model":
            return server.answer(request)
        if request["do"] == "get":
            return described
        return {"value": predict(request["array"])}

    return ask


def said(ask, recorder=None):
    return " ".join(findings(recorder or Recorder(), ask))


def scored(share, **metrics):
    """Return the recorder of a training that names this share of 1,000 items right."""
    recorder = Recorder(wilson(share, 1000))
    recorder.curves(metrics)
    return recorder


# The figures


def test_constant_answers_are_told():
    recorder = Recorder()
    recorder.answers(half([0, 1, 2, 0]), np.eye(3)[[1, 1, 1, 1]])
    assert "“b” for 100%" in findings(recorder)[0]


def test_a_training_far_above_unseen_items_is_told():
    recorder = scored(0.6, accuracy=[0.5, 1.0], val_accuracy=[0.5, 0.6])
    assert "In training it was right for 100%" in findings(recorder)[0]


def test_a_good_training_is_told_nothing():
    recorder = Recorder()
    recorder.curves({"accuracy": [0.5, 0.99]})
    recorder.answers(half([0, 1, 2, 0]), np.eye(3)[[0, 1, 2, 0]])
    assert findings(recorder) == ()


@pytest.mark.parametrize("metrics", [{}, {"accuracy": []}, {"loss": [1.0]}])
def test_a_training_without_accuracy_is_told_nothing(metrics):
    assert findings(scored(0.6, **metrics)) == ()


# Training data among the unseen


@pytest.mark.parametrize(
    ("training", "unseen"),
    [
        ("x_train", "x_test"),
        ("X_train", "X_val"),
        ("train_images", "test_images"),
        ("train_photos", "valid_photos"),
        ("train", "validation"),
    ],
)
def test_unseen_rows_that_are_in_the_training_set_are_told(training, unseen):
    ask = learner(**{training: ROWS, unseen: ROWS[:100]})
    assert f"100 % of `{unseen}` is in `{training}` too." in said(ask)


@pytest.mark.parametrize(("shared", "told"), [(0, ""), (10, ""), (11, "11 % of")])
def test_a_few_duplicates_are_nobodys_fault(shared, told):
    unseen = np.concatenate([ROWS[:shared], ROWS[300 : 400 - shared]])
    assert said(learner(x_train=ROWS[:200], x_test=unseen))[: len("11 % of")] == told


def test_lists_of_texts_and_of_photos_of_any_size_are_compared():
    texts = [f"headline {number}" for number in range(100)]
    photos = [RANDOM.random((size, 4)) for size in range(1, 101)]
    assert "`test`" in said(learner(train=texts, test=texts[20:]))
    assert "`test`" in said(learner(train=photos, test=photos[20:]))


def test_texts_that_were_split_apart_are_told_nothing():
    texts = [f"headline {number}" for number in range(200)]
    assert said(learner(train=texts[:100], test=texts[100:])) == ""


@pytest.mark.parametrize(
    "labels",
    [np.arange(200) % 10, np.eye(10)[np.arange(200) % 10], ["cat", "dog"] * 99],
)
def test_labels_are_no_rows_that_could_be_told_apart(labels):
    ask = learner(train_labels=labels, test_labels=labels)
    assert said(ask) == ""


def test_a_handful_of_rows_tells_nothing():
    assert said(learner(x_train=ROWS, x_test=ROWS[: diagnosis.FEWEST - 1])) == ""
    assert said(learner(x_train=ROWS, x_test=ROWS[: diagnosis.FEWEST])) != ""


@pytest.mark.parametrize(("limit", "least"), [("LARGEST", 400 * 128), ("ROWS", 400)])
def test_what_is_too_large_is_not_compared(monkeypatch, limit, least):
    ask = learner(x_train=ROWS, x_test=ROWS)
    monkeypatch.setattr(diagnosis, limit, least)
    assert said(ask) != ""
    monkeypatch.setattr(diagnosis, limit, least - 1)
    assert said(ask) == ""


def test_a_sample_of_many_unseen_rows_is_looked_for(monkeypatch):
    monkeypatch.setattr(diagnosis, "SAMPLE", 100)
    assert "50 % of" in said(learner(x_train=ROWS[:200], x_test=ROWS))


@pytest.mark.parametrize("other", [None, 3, "text", {"a": 1}, [], [1, 2], [[1], [2]]])
def test_what_has_no_rows_is_told_nothing(other):
    assert said(learner(x_train=other, x_test=ROWS)) == ""
    assert said(learner(x_train=ROWS, x_test=other)) == ""


def test_only_names_that_exist_are_asked_for_and_not_many():
    asked, names = (
        [],
        [f"train{n}" for n in range(99)] + [f"test{n}" for n in range(99)],
    )

    def ask(request):
        asked.append(request.get("name"))
        return {"names": names} if request["do"] == "names" else {"is": "missing"}

    assert said(ask) == ""
    assert asked == [None, *(f"test{n}" for n in range(diagnosis.PAIRS))]


def test_a_name_that_fails_does_not_hide_the_next_pair():
    def ask(request):
        if request.get("name") == "a_test":
            return {"error": {"type": "OSError", "message": "no"}}
        return known(request)

    known = learner(a_train=ROWS, a_test=ROWS, x_train=ROWS, x_test=ROWS)
    assert "`x_test`" in said(ask)


def test_a_very_long_name_is_not_repeated():
    name = "x" * diagnosis.LONGEST
    assert said(learner(**{f"{name}_train": ROWS, f"{name}_test": ROWS})) == ""


# A metric that flatters


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_binary_accuracy_on_many_classes_is_told_with_both_numbers(kind):
    recorder = scored(0.76, binary_accuracy=[0.9], val_binary_accuracy=[0.9, 0.929])
    told = said(learner(model(kind)), recorder)
    assert "each of the 6 outputs" in told
    assert "reported 92 %, while 76 % of the unseen" in told


def test_a_metric_is_known_by_its_kind_under_any_name():
    recorder = scored(0.76, accuracy=[0.93], val_accuracy=[0.92])
    told = said(learner(model("BinaryAccuracy", name="accuracy")), recorder)
    assert "reported 92 %, while 76 % of the unseen" in told


def test_the_recorded_figures_alone_tell_of_binary_accuracy():
    recorder = Recorder()
    recorder.answers(half([0, 1, 2, 0]), np.eye(3)[[0, 2, 1, 2]])
    recorder.curves({"binary_accuracy": [1.0]})
    (told,) = findings(recorder)
    assert "each of the 3 outputs" in told


def test_before_anything_is_scored_the_metric_alone_is_told():
    told = said(learner(model("BinaryAccuracy")))
    assert "each of the 6 outputs" in told
    assert "unseen" not in told


@pytest.mark.parametrize(("outputs", "told"), [(1, False), (2, False), (3, True)])
def test_binary_accuracy_is_right_where_there_are_two_answers(outputs, told):
    assert bool(said(learner(model("BinaryAccuracy", outputs)))) == told


@pytest.mark.parametrize("loss", ["binary_crossentropy", None])
def test_outputs_that_do_not_exclude_each_other_are_counted_one_by_one(loss):
    assert said(learner(model("BinaryAccuracy", loss=loss))) == ""


def test_accuracy_flatters_nobody():
    recorder = scored(0.76, accuracy=[0.77], val_accuracy=[0.99])
    assert said(learner(model("accuracy")), recorder) == ""


@pytest.mark.parametrize("reported", [0.1, 0.76, wilson(0.76, 1000).high])
def test_a_metric_that_reports_no_more_than_was_found_does_not_flatter(reported):
    recorder = scored(0.76, binary_accuracy=[reported])
    assert said(learner(model("BinaryAccuracy")), recorder) == ""


def test_a_gap_that_the_metric_explains_is_not_explained_again():
    recorder = scored(0.5, binary_accuracy=[0.9])
    assert len(findings(recorder, learner(model("BinaryAccuracy")))) == 1


@pytest.mark.parametrize("described", [{"is": "model"}, None, {"error": {}}, 7])
def test_a_model_that_cannot_be_looked_at_leaves_the_other_findings(described):
    recorder = scored(0.6, accuracy=[1.0])
    (told,) = findings(recorder, learner(described, x=1))
    assert "In training it was right for 100%" in told


# Random layers in use


def stir(step):
    """Return a function that answers to each second asking by `step` more."""

    def answer(array):
        again = np.arange(len(array)) >= len(array) / 2
        return np.asarray(array, float) + step * again.reshape(
            -1, *[1] * (array.ndim - 1)
        )

    return answer


def ones(step, scale=1.0):
    """Return a model whose answers to anything are `step` apart."""
    moved = stir(step)
    return lambda array: moved(np.full((len(array), 6), scale))


@pytest.mark.parametrize(
    ("step", "scale", "told"),
    [
        *[(0.0, 1.0, False), (0.9e-4, 1.0, False), (1.1e-4, 1.0, True)],
        *[(0.09, 1e3, False), (0.11, 1e3, True), (np.nan, 1.0, False)],
        (1.0, 0.0, True),
    ],
)
def test_a_model_that_answers_by_chance_is_told(step, scale, told):
    ask = learner(model(), ones(step, scale))
    assert ("`model.predict` gave two different" in said(ask)) == told


def test_the_model_is_asked_once_for_few_items_of_its_own_shape_of_both_scales():
    given = []
    said(learner(model(), lambda array: given.append(array) or array))
    (asked,) = given
    first, second = np.split(asked, 2)
    assert np.array_equal(first, second)
    assert first.shape == (diagnosis.ASKED, 3, 2)
    assert first[1::2].max() <= 1 < first[0::2].max() <= 255


@pytest.mark.parametrize("shape", [None, [None], [None, None], [None, 9_999, 9_999]])
def test_a_model_of_unknown_or_huge_input_is_not_asked(shape):
    asked = []
    said(learner(model(input_shape=shape), lambda array: asked.append(array)))
    assert [one.shape for one in asked if one.ndim > 1] == []


@pytest.mark.parametrize("rows", [0, 1, 2 * diagnosis.ASKED - 1, 99])
def test_answers_to_another_number_of_items_are_not_compared(rows):
    assert said(learner(model(), lambda array: RANDOM.random((rows, 6)))) == ""


def test_a_function_read_that_answers_by_chance_is_told():
    ask = learner(read=stir(0.1), x_test=ROWS)
    assert "`read` gave two different answers" in said(ask)


def test_the_model_is_asked_only_where_read_does_not_answer():
    ask = learner(model(), ones(0.1), read=np.asarray, x_test=ROWS)
    assert said(ask) == ""
    ask = learner(model(), ones(0.1), read=lambda images: 1 / 0, x_test=ROWS)
    assert "`model.predict` gave" in said(ask)


def test_a_steady_learner_is_told_nothing():
    ask = learner(model(), read=np.asarray, x_train=ROWS[:200], x_test=ROWS[200:])
    assert said(ask) == ""


# Silence


@pytest.mark.parametrize("kind", ["names", "get", "predict", "call"])
@pytest.mark.parametrize("error", [Gone("It has ended."), KeyError("value"), OSError()])
def test_whatever_fails_while_looking_is_silence(kind, error):
    known = learner(model(), read=np.asarray, x_train=ROWS[:200], x_test=ROWS[200:])

    def ask(request):
        if request["do"] == kind:
            raise error
        return known(request)

    assert said(ask) == ""


@pytest.mark.parametrize("reply", [None, 7, [], {}, {"names": 3}, {"is": "blank"}])
def test_replies_of_no_known_form_are_silence(reply):
    assert said(lambda request: reply) == ""
    named = {"names": ["model", "read", "x_train", "x_test"]}
    assert said(lambda request: named if request["do"] == "names" else reply) == ""


@pytest.mark.parametrize("kind", ["names", "get", "predict", "call"])
def test_a_lost_place_is_not_silence(kind):
    known = learner(model(), x_train=ROWS, x_test=ROWS)
    if kind == "call":
        known = learner(read=np.asarray, x_test=ROWS)

    def ask(request):
        if request["do"] == kind:
            raise Lost
        return known(request)

    with pytest.raises(Lost):
        findings(Recorder(), ask)


# Whole checks of lesson 1

FEWER = [
    (
        'load("digits")\n',
        'load("digits")\nx_train, y_train = x_train[:4000], y_train[:4000]\n',
    ),
    ("epochs=10,", "epochs=3,"),
]
SHARED = [("[:4000]\n", "[:4000]\nx_test, y_test = x_train[:500], y_train[:500]\n")]
ROWS_OF_TEN = "keras.utils.to_categorical({}, 10)"
FLATTERING = [
    ("sparse_categorical", "categorical"),
    ('["accuracy"]', '["binary_accuracy"]'),
    ("    y_train,\n    batch", f"    {ROWS_OF_TEN.format('y_train')},\n    batch"),
    ("x_test), y_test),\n", f"x_test), {ROWS_OF_TEN.format('y_test')}),\n"),
]
RANDOM_READ = [
    (
        "# ## Use it\n\n\n# %%\n",
        "# %%\nlate = keras.Sequential([model, layers.Dropout(0.2)])\n\n\n",
    ),
    (
        "    return model.predict(prepare(images), verbose=0)\n",
        "    return late(prepare(images), training=True).numpy()\n",
    ),
]
RANDOM_MODEL = [
    (
        "from keras import layers\n",
        "from keras import layers\n\nclass Restless(layers.Dropout):\n"
        "    def call(self, inputs):\n"
        "        return super().call(inputs, training=True)\n",
    ),
    ("    layers.Dense(512", "    Restless(0.2),\n        layers.Dense(512"),
]
CONSTANT = [
    (
        "    return model.predict(prepare(images), verbose=0)\n",
        "    return keras.utils.to_categorical([3] * len(images), 10)\n",
    )
]
BY_HEART = [
    (
        "x_train, y_train = x_train[:4000], y_train[:4000]\n",
        "x_train, y_train = x_train[:80], y_train[:80]\n",
    ),
    ("epochs=3,", "epochs=15,"),
]
SOLUTION = course.load().find("01").solution.read_text(encoding="utf-8")
HALF = SOLUTION.partition("# ## Use it")[0]


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Return the findings of a whole check of lesson 1 with some edits."""

    def check(text, *edits):
        monkeypatch.setenv("WORKSHOP_DATA", "drawn")
        for old, new in [*FEWER, *edits]:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "01_mnist.py"
        path.write_text(text, encoding="utf-8")
        report = grader.check(course.load().find("01"), path)
        assert not report.stop
        return report.findings

    return check


@pytest.mark.slow
def test_a_check_of_the_solution_tells_nothing(told):
    assert told(SOLUTION) == ()


@pytest.mark.slow
def test_a_check_tells_of_each_habit_that_misleads(told):
    metric, shared, read = told(SOLUTION, *SHARED, *FLATTERING, *RANDOM_READ)
    assert "each of the 10 outputs alone" in metric
    assert "100 % of `x_test` is in `x_train` too." in shared
    assert "`read` gave two different answers" in read


@pytest.mark.slow
def test_a_check_tells_of_answers_that_are_always_the_same(told):
    assert (
        "The answer is “3” for 100% of the unseen items" in told(SOLUTION, *CONSTANT)[0]
    )


@pytest.mark.slow
def test_a_check_tells_of_a_few_examples_that_were_learned_by_heart(told):
    (by_heart,) = told(SOLUTION, *BY_HEART)
    assert re.match("In training it was right for (9.|100)%, on unseen items", by_heart)


@pytest.mark.slow
def test_a_check_halfway_tells_of_a_model_that_answers_by_chance(told):
    (model,) = told(HALF, *RANDOM_MODEL)
    assert "`model.predict` gave two different answers" in model


def test_curves_longer_than_any_training_are_cut():
    recorder = Recorder()
    metrics = {f"{'n' * 200}{number}": [0.5] * 10**5 for number in range(1_000)}
    recorder.curves({"loss": [1.0] * 10**6, **metrics})
    assert len(recorder.metrics) == 2
    assert {len(values) for values in recorder.metrics.values()} == {2_000}
    assert max(map(len, recorder.metrics)) == 100
