"""Evidence describes a value by public facts, and stands for it in the grader."""

import enum
import threading
from multiprocessing import Pipe

import numpy as np
import pytest
from hypothesis import given
from test_wire import values as any_value

from workshop import checks, script
from workshop.evidence import describe, server, values, wire
from workshop.runner import Gone, Peer, Runner


def seen(value, name="x"):
    """Return what a check receives for `value`, by way of the wire."""
    answer = server.Server({name: value}, "x.py").answer

    def ask(request):
        return wire.decode(wire.encode(answer(wire.decode(wire.encode(request)))))

    reply = values.described(ask({"do": "get", "name": name}), name)
    return values.stand_in(reply, name, ask)


@pytest.mark.parametrize(
    "value", [1, 1.5, "text", True, None, [1, (2, "3")], {"a": [1]}]
)
def test_plain_values_are_themselves(value):
    assert seen(value) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (enum.IntEnum("Own", "first").first, 1),
    ],
)
def test_numbers_of_numpy_are_numbers(value, expected):
    found = seen(value)
    assert found == expected
    assert type(found) is type(expected)


def test_an_array_is_a_read_only_array():
    found = seen(np.arange(6).reshape(2, 3)[:, ::-1])
    np.testing.assert_array_equal(found, [[2, 1, 0], [5, 4, 3]])
    assert not found.flags.writeable


def test_a_very_large_array_is_its_range_and_first_rows(monkeypatch):
    monkeypatch.setattr(wire, "MAX_ARRAY", 8_000)
    found = seen(np.arange(10_000.0).reshape(5000, 2))
    assert (found.shape, found.range, len(found)) == ((5000, 2), (0.0, 9999.0), 5000)
    assert 1 <= len(found.rows) <= 500


def test_a_function_is_called_with_copies_it_may_change():
    def double(x):
        x *= 2
        return x

    given_array, found = np.ones(3), seen(double)
    np.testing.assert_array_equal(found(given_array), [2, 2, 2])
    assert (found.name, found.parameters) == ("double", ("x",))
    assert given_array.sum() == 3


def test_many_items_are_asked_for_in_one_message():
    assert seen(lambda x: x + 1).map([1, 2, 3]) == [2, 3, 4]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit(0), RecursionError()])
def test_a_function_that_raises_raises_a_learners_error(error):
    def fails():
        raise error

    with pytest.raises(values.LearnerError) as caught:
        seen(fails)()
    assert caught.value.kind == type(error).__name__


def test_a_function_that_gives_a_blank_is_a_blank():
    with pytest.raises(values.Blank):
        seen(lambda: ...)()


def test_an_unknown_result_keeps_its_kind():
    assert seen(lambda: object())() == values.Other("object")


@pytest.mark.parametrize("value", [object(), type, {1, 2}, b"bytes", 1j, {(1, 2): 3}])
def test_anything_else_is_its_kind(value):
    assert isinstance(seen(value), values.Other)


def test_a_value_that_fights_back_is_described_all_the_same():
    class Nasty:
        def __array__(self, *a, **k):
            raise RuntimeError("no")

        def __getattr__(self, name):
            raise RuntimeError("no")

    with pytest.raises((values.LearnerError, values.Unfit)):
        seen(Nasty())


def test_a_file_is_its_name_and_size(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"12345")
    for found in (seen(path), seen(str(path))):
        assert (found.name, found.size) == ("model.keras", 5)
    assert seen("model.keras") == "model.keras"


@given(any_value)
def test_no_reply_of_any_form_makes_more_than_an_unfit(reply):
    for kind in (*values._MAKERS, "x"):
        try:
            told = {**reply, "is": kind} if isinstance(reply, dict) else reply
            values.stand_in(values.described(told, "x"), "x", lambda request: reply)
            values.result(reply, "x")
        except (values.Unfit, values.Blank, values.LearnerError):
            pass


@given(any_value)
def test_no_question_of_any_form_makes_the_server_raise(question):
    asked = question if isinstance(question, dict) else {"do": question}
    reply = server.Server({"x": 1}).answer(asked)
    assert isinstance(reply, dict)


def test_what_is_too_large_to_cross_says_so():
    with pytest.raises(values.LearnerError, match=r"^x: this is too large"):
        seen("x" * 5_000_000)


@pytest.mark.parametrize("size", [float("inf"), float("nan"), "x", None])
def test_a_size_that_is_no_size_is_unfit(size):
    reply = {"is": "file", "name": "a", "size": size, "path": ""}
    with pytest.raises(values.Unfit):
        values.stand_in(reply, "x", lambda request: reply)


def test_silence_ends_a_question():
    ours, theirs = Pipe()
    with ours, theirs, pytest.raises(Gone, match="No answer came"):
        Peer(ours, 0.05).ask({"do": "names"})


def test_an_answer_of_unknown_form_ends_the_questions():
    ours, theirs = Pipe()
    with ours, theirs:
        theirs.send_bytes(b"nonsense")
        peer = Peer(ours, 5)
        for _ in range(2):
            with pytest.raises(Gone, match="unknown form"):
                peer.ask({"do": "names"})


def test_a_served_namespace_answers_until_the_other_side_goes():
    ours, theirs = Pipe()
    serving = threading.Thread(
        target=server.serve, args=[theirs, server.Server({"a": 1, "_b": 2})]
    )
    serving.start()
    assert Peer(ours, 5).ask({"do": "names"}) == {"names": ["a"]}
    ours.close()
    serving.join(5)
    assert not serving.is_alive()
    theirs.close()


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_model_is_described_by_public_facts():
    import keras
    from keras import layers

    dense = layers.Dense(3, activation="softmax", name="out")
    model = keras.Sequential([keras.Input((4,)), dense])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    found = seen(model, "model")
    assert (found.kind, found.parameters, found.compiled) == ("Sequential", 15, True)
    assert (found.loss, found.from_logits) == ("sparse_categorical_crossentropy", True)
    assert (found.optimizer, round(found.learning_rate, 6)) == ("adam", 0.001)
    assert not found.scheduled
    assert (found.input_shape, found.output_shape) == ((None, 4), (None, 3))
    assert found.layers[0].settings["activation"] == "softmax"
    assert found.measures == ()
    assert found.predict(np.ones((2, 4), np.float32)).shape == (2, 3)


@pytest.mark.slow
def test_operations_of_a_functional_model_are_described_as_its_layers_are():
    import keras

    inputs = keras.Input((4,))
    hidden = keras.activations.relu(keras.layers.Dense(3)(inputs / 255))
    model = keras.Model(inputs, keras.ops.sigmoid(keras.layers.Dense(1)(hidden)))
    found = seen(keras.Sequential([keras.Input((4,)), model]), "model")
    kinds = [layer.kind for layer in checks.flat(found.layers)]
    assert kinds == ["InputLayer", "TrueDivide", "Dense", "ReLU", "Dense", "Sigmoid"]
    assert checks.scales_by_itself(found)
    assert [checks.bends(one) for one in checks.before_the_outputs(found)] == [
        *(False, False, True)
    ]


@pytest.mark.slow
def test_a_model_may_stand_where_a_function_is_expected():
    import keras

    found = seen(keras.Sequential([keras.Input((4,)), keras.layers.Rescaling(2)]))
    np.testing.assert_array_equal(found(np.ones((2, 4))), 2 * np.ones((2, 4)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "rate"),
    [((0.02, 10), 0.02), ((0, 10, 0, "cosine", 0.03, 5), 0.03)],
)
def test_a_schedule_is_described_by_its_widest_step(arguments, rate):
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(*arguments)), "mse"
    )
    found = seen(model, "model")
    assert (round(found.learning_rate, 6), found.scheduled) == (rate, True)


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_metrics_are_described_as_they_were_given():
    import keras

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    yes = keras.metrics.BinaryAccuracy(threshold=0)
    model.compile(loss="mse", metrics=["accuracy", yes])
    names, settings = zip(
        *((one["kind"], one["settings"]) for one in seen(model, "model").measures),
        strict=True,
    )
    assert names == ("accuracy", "BinaryAccuracy")
    assert settings[1]["threshold"] == 0


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_history_tensors_and_datasets_are_described():
    import keras
    import tensorflow as tf

    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(loss="mse")
    history = model.fit(np.ones((4, 1)), np.ones(4), epochs=2, verbose=0)
    assert seen(history).epochs == 2
    assert len(seen(history).metrics["loss"]) == 2
    np.testing.assert_array_equal(seen(tf.constant([1, 2])), [1, 2])
    np.testing.assert_array_equal(seen(keras.Variable([1.0])), [1.0])
    dataset = seen(tf.data.Dataset.range(5).batch(2))
    assert dataset.cardinality == 3
    np.testing.assert_array_equal(dataset.take(1)[0], [0, 1])


@pytest.mark.slow
def test_a_saved_model_is_run_in_a_process_that_has_only_the_file(work):
    text = (
        "import keras, tensorflow as tf\nfrom pathlib import Path\n"
        "model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)])\n"
        "model.save('m.keras')\nmodel.export('saved', verbose=False)\n"
        "lite = tf.lite.TFLiteConverter.from_saved_model('saved').convert()\n"
        "Path('m.tflite').write_bytes(lite)\n"
        "files = ['m.keras', 'm.tflite', 'saved']\n"
        "whole, small, served = files\nother = Path('01_add.py')\n"
    )
    path, ones = work(text), np.ones((5, 4), np.float32)
    runner = Runner(folder=path.parent, environment={}, memory_mb=0, seconds=120)
    assert runner.run(script.read(path), path, 10**6) is None

    def found(name):
        reply = runner.ask({"do": "get", "name": name})
        return values.stand_in(reply, name, runner.ask)

    expected = found("model").predict(ones)
    for name in ("whole", "small", "served"):
        np.testing.assert_allclose(found(name).run(ones), expected, atol=1e-5)
    with pytest.raises(values.LearnerError, match=r"no \.keras file"):
        found("other").run(ones)
    runner.close()


def test_names_of_losses_are_in_snake_case():
    assert describe._name("mse") == "mse"
    assert describe._name(type("SparseCategorical", (), {})()) == "sparse_categorical"
    assert describe._name(test_names_of_losses_are_in_snake_case).startswith("test_")
