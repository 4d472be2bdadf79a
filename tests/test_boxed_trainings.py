"""In a box a training that came along is used where it fits, and the report says which.

One lesson with a tiny network, graded as a class is: warm and cold, with and without
what its author's machine has kept, and with the model alone.
"""

import numpy as np
import pytest
from conftest import make_course

from workshop import grader
from workshop.batch import terms
from workshop.batch.desk import Desk
from workshop.box import outer
from workshop.box.boxes import Boxes
from workshop.submission import Submission
from workshop.vault import Vault

WHY = outer.problem()
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(WHY), reason=WHY),
    pytest.mark.filterwarnings("ignore:__array__ implementation"),  # Keras, NumPy 2.4
]

SOLUTION = """# %% [markdown]
# # 1. Fit a plane
#
# **TODO 1.** Build it.
#
# **TODO 2.** Train it.

# %%
import keras
import numpy as np

x = np.random.default_rng(1).normal(size=(64, 3)).astype("float32")
y = x @ np.array([1.0, -2.0, 3.0], "float32")

# %%
units = 1  # TODO 1
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units)])
model.compile("sgd", "mse")

# %%
history = model.fit(x, y, epochs=3, verbose=0)  # TODO 2
print(f"loss {history.history['loss'][-1]:.9f}")
"""
CHECKS = '''"""Checks of a plane."""

import numpy as np


def has_one_output(model):
    """TODO 1. One number comes out"""
    assert model.output_shape == (None, 1), "It has another shape."


def learns(history):
    """TODO 2. The loss falls"""
    losses = history.metrics["loss"]
    assert losses[-1] < losses[0], "It does not fall."


def answers(model):
    """Answers with numbers"""
    assert model.predict(np.ones((1, 3))).shape == (1, 1)
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("course"), SOLUTION, CHECKS)


@pytest.fixture(scope="module")
def boxes():
    with Boxes() as made:
        made.start()
        assert made.why_cold == ""
        yield made


@pytest.fixture(scope="module")
def kept(course, tmp_path_factory):
    """What a learner's machine has kept of the solution."""
    folder = tmp_path_factory.mktemp("learner")
    path = folder / "01_add.py"
    path.write_text(SOLUTION, encoding="utf-8")
    lesson = course.lessons[0]
    report = grader.check(lesson, path, grader.Options(kept=folder / "kept"))
    assert report.training == "trained"
    return {one.name: one.read_bytes() for one in (folder / "kept").iterdir()}


@pytest.fixture
def graded(course, boxes, tmp_path):
    """Grade a submission in a box; gives its report."""
    vault, choices = Vault(tmp_path), terms.choose(course.lessons, "")

    def grade(text=SOLUTION, retrain=False, **more):
        rules = terms.Terms(course, vault, choices, retrain=retrain)
        work = Submission("ann", "01_add", "a.py", ".py", text.encode(), **more)
        return Desk(rules, boxes).mark(work).report

    return grade


def test_without_a_kept_training_it_is_trained(graded):
    report = graded()
    assert (report.outcome, report.training) == ("passed", "trained")


def test_a_repetition_gives_the_same_weights(graded):
    assert graded().output == graded().output != ""


def test_a_kept_training_is_not_repeated(graded, kept):
    report = graded(kept=kept)
    assert (report.outcome, report.training) == ("passed", "kept")


def test_a_comment_does_not_make_a_training_another(graded, kept):
    report = graded(SOLUTION + "# by Ann\n", kept=kept)
    assert report.training == "kept"


def test_a_kept_training_of_another_script_is_refused_and_said(graded, kept):
    report = graded(SOLUTION.replace("epochs=3", "epochs=4"), kept=kept)
    assert (report.outcome, report.training) == ("passed", "refused kept")


def test_a_damaged_kept_training_is_refused(graded, kept):
    damaged = {name: data[:-200] + bytes(200) for name, data in kept.items()}
    report = graded(kept=damaged)
    assert (report.outcome, report.training) == ("passed", "refused kept")


def test_a_kept_training_is_not_looked_at_where_all_is_trained_afresh(graded, kept):
    assert graded(retrain=True, kept=kept).training == "trained"


def test_a_model_is_taken_in_place_of_training(graded, tmp_path):
    import keras

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    plane = np.array([[1.0], [-2.0], [3.0]]), np.array([0.0])
    model.set_weights(plane)
    model.save(tmp_path / "model.keras")
    report = graded(model=(tmp_path / "model.keras").read_bytes())
    assert (report.outcome, report.training) == ("passed", "model")


def test_a_model_that_does_not_fit_is_refused(graded):
    report = graded(model=b"no model")
    assert (report.outcome, report.training) == ("passed", "refused model")


@pytest.mark.parametrize("along", [False, True])
def test_warm_and_cold_train_alike(course, boxes, kept, tmp_path, along):
    rules = terms.Terms(course, Vault(tmp_path), terms.choose(course.lessons, ""))
    given = kept if along else {}
    work = Submission("ann", "01_add", "a.py", ".py", SOLUTION.encode(), kept=given)
    with Boxes(warm=False) as cold:
        reports = [Desk(rules, made).mark(work).report for made in (boxes, cold)]
    assert reports[0].output == reports[1].output != ""
    assert (
        reports[0].training == reports[1].training == ("kept" if along else "trained")
    )
