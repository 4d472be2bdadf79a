"""A training that was kept leaves a model exactly where the training itself did."""

import ast
import random

import numpy as np
import pytest
from conftest import make_course

from workshop import grader, kept
from workshop.progress import Folder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:__array__ implementation"),  # Keras, NumPy 2.4
]

DATA = """
import keras, tensorflow as tf
import numpy as np
from keras import layers
x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
y = (x.sum(axis=1) > 0).astype("float32")
"""
MODEL = """
model = keras.Sequential([
    keras.Input((4,)), layers.Dense(8, "relu"), layers.BatchNormalization(),
    layers.Dropout(0.5), layers.Dense(1, "sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
"""
FIT = """
history = fit(model, x=x, y=y, epochs=2, verbose=0)
"""
SCRIPT = DATA + MODEL + FIT
MORE = "\nmodel.fit(x, y, epochs=2, verbose=0)\nafter = model.get_weights()\n"


class Desk:
    """A learner's folder, and one script in it that is checked again and again."""

    def __init__(self, folder):
        self.environment = {"WORKSHOP_KEPT": str(folder), "WORKSHOP_LESSON": "01_x"}
        self.folder = folder
        self.told = []

    def check(self, script, **environment):
        """Run a script in which `fit` stands for `model.fit`; return its variables."""
        told = []
        fits = kept.Fits(told.append, self.environment | environment)
        names = {"fit": lambda m, **a: fits.run(m, a, lambda: m.fit(**a))}
        for statement in ast.parse(script).body:
            fits.begin(statement)
            exec(compile(ast.Module([statement], []), "script", "exec"), names)
        self.told = [message["fit"] for message in told]
        return names

    def twice(self, script):
        """Return the variables of two checks: one that trains, one that need not."""
        first = self.check(script)
        assert set(self.told) == {"trained"}
        second = self.check(script)
        assert set(self.told) == {"kept"}
        return first, second


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path / "kept")


def same(one, other):
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def held(model):
    return [np.asarray(v) for v in (*model.variables, *model.optimizer.variables)]


# What comes back


def test_weights_optimizer_and_history_come_back(desk):
    first, second = desk.twice(SCRIPT)
    assert same(held(first["model"]), held(second["model"]))
    assert first["model"].optimizer.iterations == 4
    for name in ("history", "epoch", "params"):
        values = [getattr(names["history"], name) for names in (first, second)]
        assert values[0] == values[1]


def test_the_history_is_one_of_keras_and_the_model_has_it(desk):
    import keras

    history = desk.twice(SCRIPT)[1]["history"]
    assert type(history) is keras.callbacks.History
    assert history.model.history is history
    assert len(history.history["accuracy"]) == 2


def test_evaluation_and_prediction_are_the_same(desk):
    measured, answered = [], []
    for names in desk.twice(SCRIPT):
        model, x, y = (names[name] for name in ("model", "x", "y"))
        measured.append(model.evaluate(x, y, verbose=0))
        answered.append(model.predict(x, verbose=0))
    assert measured[0] == measured[1]
    assert same(*answered)


def test_training_goes_on_alike(desk):
    first, second = desk.twice(SCRIPT + MORE)
    assert same(first["after"], second["after"])


def test_training_goes_on_otherwise_without_what_the_optimizer_knew(desk, monkeypatch):
    first = desk.check(SCRIPT + MORE)
    restore = kept.state.restore

    def forgetful(model, given, note, arrays):
        blank = {name: value * 0 for name, value in arrays.items() if "opt" in name}
        return restore(model, given, note, arrays | blank)

    monkeypatch.setattr(kept.state, "restore", forgetful)
    second = desk.check(SCRIPT + MORE)
    assert desk.told == ["kept"]
    assert not same(first["after"], second["after"])


def test_chance_goes_on_alike(desk):
    draws = """
import random
drawn = [random.random(), np.random.rand(), float(keras.random.uniform(()))]
shuffled = [int(n) for n in tf.data.Dataset.range(50).shuffle(50)]
"""
    first, second = desk.twice(SCRIPT + draws)
    assert first["drawn"] == second["drawn"]
    assert first["shuffled"] == second["shuffled"]


MODELS = {
    "functional": """
inputs = keras.Input((4,))
model = keras.Model(inputs, layers.Dense(1)(layers.Dropout(0.5)(inputs)))
""",
    "sequential, not built": """
model = keras.Sequential([layers.Dense(8), layers.Dropout(0.5), layers.Dense(1)])
""",
    "subclassed": """
class Model(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = layers.Dense(8)
        self.outer = layers.Dense(1)

    def call(self, inputs):
        return self.outer(self.inner(inputs))

model = Model()
""",
    "with preparation inside": """
normal = layers.Normalization()
normal.adapt(x)
noise = layers.GaussianNoise(0.1)
model = keras.Sequential([keras.Input((4,)), normal, noise, layers.Dense(1)])
""",
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
@pytest.mark.parametrize("optimizer", ["sgd", "rmsprop"])
def test_every_kind_of_model_goes_on_alike(desk, model, optimizer):
    compiled = f"model.compile('{optimizer}', 'mse', jit_compile=False)"
    first, second = desk.twice(DATA + model + compiled + FIT + MORE)
    assert same(first["after"], second["after"])
    assert same(held(first["model"]), held(second["model"]))


def test_a_second_training_after_thawing_is_kept_too(desk):
    script = DATA + """
inner = [layers.Dense(8), layers.BatchNormalization()]
base = keras.Sequential([keras.Input((4,)), *inner])
base.trainable = False
model = keras.Sequential([base, layers.Dense(1)])
model.compile("adam", "mse", jit_compile=False)
fit(model, x=x, y=y, epochs=1, verbose=0)
base.trainable = True
model.compile(keras.optimizers.Adam(1e-3), "mse", jit_compile=False)
fit(model, x=x, y=y, epochs=1, verbose=0)
"""  # fmt: skip
    first, second = desk.twice(script + MORE)
    assert len([*desk.folder.iterdir()]) == 2
    assert same(first["after"], second["after"])


def test_data_sets_and_models_that_they_build_are_kept(desk):
    script = DATA + """
rows = tf.data.Dataset.from_tensor_slices((x, y)).batch(16)
model = keras.Sequential([layers.Dense(8), layers.Dense(1)])
model.compile("adam", "mse", jit_compile=False)
history = fit(model, x=rows, validation_data=rows, epochs=2, shuffle=False, verbose=0)
"""  # fmt: skip
    first, second = desk.twice(script + MORE)
    assert same(first["after"], second["after"])
    assert "val_loss" in second["history"].history


def test_texts_and_several_inputs_are_kept(desk):
    script = DATA + """
words = np.array([["red"], ["green"]] * 32, dtype=object)
index = layers.TextVectorization(output_mode="multi_hot")
index.adapt(words)
text = keras.Input((1,), dtype="string", name="text")
numbers = keras.Input((4,), name="numbers")
joined = layers.Concatenate()([layers.Flatten()(index(text)), numbers])
model = keras.Model({"text": text, "numbers": numbers}, layers.Dense(1)(joined))
model.compile("adam", "mse", jit_compile=False)
rows = {"text": tf.constant(words), "numbers": x}
fit(model, x=rows, y=y, epochs=1, verbose=0)
"""  # fmt: skip
    first, second = desk.twice(script)
    assert same(held(first["model"]), held(second["model"]))


def test_every_training_of_a_loop_and_of_a_function_is_kept(desk):
    script = DATA + """
def trained(units):
    model = keras.Sequential([keras.Input((4,)), layers.Dense(units), layers.Dense(1)])
    model.compile("sgd", "mse", jit_compile=False)
    fit(model, x=x, y=y, epochs=1, verbose=0)
    return model.get_weights()
found = [trained(units) for units in (1, 2, 3)]
"""  # fmt: skip
    first, second = desk.twice(script)
    assert len(desk.told) == 3
    assert all(map(same, first["found"], second["found"]))


# Callbacks


def test_stopping_early_comes_back_with_the_best_weights(desk):
    script = DATA + MODEL + """
best = keras.callbacks.EarlyStopping(
    "loss", patience=1, min_delta=9, restore_best_weights=True
)
history = fit(model, x=x, y=y, epochs=9, callbacks=[best], verbose=0)
"""  # fmt: skip
    first, second = desk.twice(script)
    assert second["history"].epoch == [0, 1]
    assert second["best"].stopped_epoch == first["best"].stopped_epoch == 1
    assert second["best"].best == first["best"].best
    assert second["model"].stop_training
    assert same(held(first["model"]), held(second["model"]))


def test_a_lowered_learning_rate_stays_low(desk):
    script = DATA + MODEL + """
slower = keras.callbacks.ReduceLROnPlateau("loss", patience=1, min_delta=9)
history = fit(model, x=x, y=y, epochs=4, callbacks=slower, verbose=0)
"""  # fmt: skip
    first, second = desk.twice(script + MORE)
    assert float(second["model"].optimizer.learning_rate) < 1e-4
    assert same(first["after"], second["after"])


def test_files_of_checkpoints_come_back(desk, tmp_path):
    script = DATA + MODEL + """
place = "best/{epoch:02d}.weights.h5"
saved = keras.callbacks.ModelCheckpoint(place, save_weights_only=True)
fit(model, x=x, y=y, epochs=2, callbacks=[saved], verbose=0)
"""  # fmt: skip
    desk.check(script)
    files = sorted(tmp_path.glob("best/*"))
    before = [path.read_bytes() for path in files]
    for path in files:
        path.unlink()
    desk.check(script)
    assert desk.told == ["kept"]
    assert [path.name for path in files] == ["01.weights.h5", "02.weights.h5"]
    assert [path.read_bytes() for path in files] == before


OTHER = {
    "a callback of its own": """
class Own(keras.callbacks.EarlyStopping):
    pass
fit(model, x=x, y=y, callbacks=[Own("loss")], verbose=0)
""",
    "a callback that may do anything": """
fit(model, x=x, y=y, callbacks=keras.callbacks.LambdaCallback(), verbose=0)
""",
    "a model with steps of its own": """
class Own(keras.Sequential):
    def train_step(self, data):
        return super().train_step(data)
model = Own([keras.Input((4,)), layers.Dense(1)])
model.compile("sgd", "mse")
fit(model, x=x, y=y, verbose=0)
""",
    "a generator": """
rows = ((x, y) for _ in range(9))
fit(model, x=rows, steps_per_epoch=1, shuffle=False, verbose=0)
""",
}


@pytest.mark.parametrize("training", OTHER.values(), ids=OTHER.keys())
def test_what_may_do_anything_trains_again(desk, training):
    for _ in range(2):
        desk.check(DATA + MODEL + training)
        assert desk.told == ["trained"]


# When it is not the same, or not whole


def test_a_changed_cell_trains_again_and_a_changed_comment_does_not(desk):
    desk.check(SCRIPT)
    desk.check(SCRIPT.replace("\nmodel", "\n# a comment\nmodel"))
    assert desk.told == ["kept"]
    desk.check(SCRIPT.replace("Dense(8", "Dense(9"))
    assert desk.told == ["trained"]


def test_arrays_that_chance_has_made_train_again(desk):
    script = SCRIPT.replace("default_rng(0)", "default_rng()")
    for _ in range(2):
        desk.check(script)
        assert desk.told == ["trained"]


def test_a_damaged_training_is_said_and_made_anew(desk, capsys):
    desk.check(SCRIPT)
    [path] = desk.folder.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    desk.check(SCRIPT)
    assert desk.told == ["trained"]
    assert f"{path.name} is not used. It is damaged" in capsys.readouterr().err
    desk.check(SCRIPT)
    assert desk.told == ["kept"]


def test_another_version_is_named_and_trains_again(desk, monkeypatch, capsys):
    desk.check(SCRIPT)
    newer = kept.made_with() | {"tensorflow": "9.0"}
    monkeypatch.setattr(kept, "made_with", lambda: newer)
    desk.check(SCRIPT)
    assert desk.told == ["trained"]
    assert "was made with tensorflow" in capsys.readouterr().err


def test_a_training_under_another_name_is_refused(desk, capsys):
    desk.check(SCRIPT)
    [path] = desk.folder.iterdir()
    data = path.read_bytes()
    path.unlink()
    desk.check(SCRIPT.replace("Dense(8", "Dense(9"))
    [path] = desk.folder.iterdir()
    path.write_bytes(data)
    desk.check(SCRIPT.replace("Dense(8", "Dense(9"))
    assert desk.told == ["trained"]
    assert "It is another training." in capsys.readouterr().err


def test_retrain_trains_and_keeps_the_new_one(desk):
    first = desk.check(SCRIPT)
    second = desk.check(SCRIPT, WORKSHOP_RETRAIN="1")
    assert desk.told == ["trained"]
    third = desk.check(SCRIPT)
    assert same(held(second["model"]), held(third["model"]))
    assert not same(held(first["model"]), held(third["model"]))


def test_without_a_folder_nothing_is_kept_and_chance_is_left_alone(desk):
    wanted = random.Random(1).random()
    script = DATA + MODEL + "import random; random.seed(1)" + FIT
    desk.check(script, WORKSHOP_KEPT="")
    assert desk.told == ["trained"]
    assert not desk.folder.exists()
    assert random.random() == wanted


def test_a_folder_that_cannot_be_written_to_costs_one_line(desk, tmp_path, capsys):
    (tmp_path / "kept").write_text("in the way")
    desk.check(SCRIPT)
    assert desk.told == ["trained"]
    assert capsys.readouterr().err.count("This training is not kept.") == 1


def test_one_line_says_that_it_was_not_trained_again(desk, capsys):
    script = SCRIPT.replace("verbose=0", "verbose=2")
    desk.check(script)
    capsys.readouterr()
    desk.check(script)
    said = "Kept from an earlier check: 2 epochs, not trained again.\n"
    assert capsys.readouterr().out == said


# What came along


ONLY_READ = {"WORKSHOP_KEPT_ONLY_READ": "1"}


def test_what_came_along_is_used_and_nothing_is_written(desk):
    first = desk.check(SCRIPT)
    second = desk.check(SCRIPT + FIT, **ONLY_READ)
    assert desk.told == ["kept", "refused kept"]
    assert len([*desk.folder.iterdir()]) == 1
    assert same(first["history"].model.get_weights(), first["model"].get_weights())
    assert second["model"].optimizer.iterations == 8


def test_what_came_along_and_does_not_fit_is_refused(desk):
    desk.check(SCRIPT)
    desk.check(SCRIPT.replace("Dense(8", "Dense(9"), **ONLY_READ)
    assert desk.told == ["refused kept"]


def test_where_nothing_came_along_it_trains(desk):
    desk.check(SCRIPT, **ONLY_READ)
    assert desk.told == ["trained"]
    assert not desk.folder.exists()


@pytest.fixture
def handed(desk, tmp_path):
    model = desk.check(SCRIPT, WORKSHOP_KEPT="")["model"]
    model.save(tmp_path / "model.keras")
    return {"WORKSHOP_MODEL": str(tmp_path / "model.keras"), "WORKSHOP_KEPT": ""}


@pytest.mark.parametrize("given", ["validation_data=(x, y)", "validation_split=0.25"])
def test_a_model_takes_the_place_of_one_training_and_is_measured(desk, handed, given):
    fit = FIT.replace("verbose=0", given) * 2
    names = desk.check(DATA + MODEL + fit.replace("history", "first", 1), **handed)
    assert desk.told == ["model", "trained"]
    history = names["first"].history
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    assert {len(row) for row in history.values()} == {2}


def test_a_model_gives_its_weights_and_the_files_of_checkpoints(desk, handed, tmp_path):
    import keras

    script = DATA + MODEL + """
saved = keras.callbacks.ModelCheckpoint("best.keras")
history = fit(model, x=x, y=y, callbacks=[saved])
"""  # fmt: skip
    names = desk.check(script, **handed)
    wanted = keras.models.load_model(tmp_path / "model.keras").get_weights()
    assert same(names["model"].get_weights(), wanted)
    assert same(keras.models.load_model("best.keras").get_weights(), wanted)
    measured = names["model"].evaluate(names["x"], names["y"], verbose=0)[0]
    assert names["history"].history["loss"][1] == pytest.approx(measured)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("model.keras", "shapes"),
        ("missing.keras", "cannot be loaded"),
        ("notes.keras", "cannot be loaded"),
        ("notes.h5", "comes as a .keras file"),
    ],
)
def test_a_model_that_does_not_fit_is_refused_in_a_sentence(
    desk, handed, tmp_path, capsys, file, said
):
    for name in ("notes.keras", "notes.h5"):
        (tmp_path / name).write_text("not a model")
    handed["WORKSHOP_MODEL"] = str(tmp_path / file)
    desk.check(SCRIPT.replace("Dense(8", "Dense(9"), **handed)
    assert desk.told == ["refused model", "trained"]
    assert said in capsys.readouterr().err


# In a learner's folder


LESSON = """# %% [markdown]
# # 1. Draw a line
#
# **TODO 1.** Train.

# %%
import keras
import numpy as np

x = np.arange(8.0).reshape(8, 1)

# %%
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
history = model.fit(x, 2 * x, 4, 3)  # TODO 1
"""
CHECKS = '''"""Checks of a line."""


def is_trained(history):
    """TODO 1. Three epochs were trained"""
    assert len(history.metrics["loss"]) == 3
'''


def test_the_report_of_a_check_says_where_the_weights_come_from(tmp_path):
    lesson = make_course(tmp_path / "course", LESSON, CHECKS).find("01_add")
    (tmp_path / "mine").mkdir()
    path = tmp_path / "mine" / "01_add.py"
    path.write_text(LESSON)
    folder = Folder(tmp_path / "mine").kept
    for changes, training in (
        ({"quick": True}, ""),
        ({}, "trained"),
        ({}, "kept"),
        ({"retrain": True}, "trained"),
    ):
        report = grader.check(lesson, path, grader.Options(kept=folder, **changes))
        assert report.checks[0].outcome in ("passed", "failed", "rehearsed")
        assert (report.stop, report.training) == (None, training)
