"""A figure appears, whatever a lesson hands over, and nothing of it stops a script."""

import io
import os
import subprocess
import sys
import types

import numpy as np
import pytest

from workshop import display, labels, plots

DIGITS = np.tile(np.arange(28, dtype="uint8") * 9, (24, 28, 1))
TRUTHS = np.arange(24) % 10
CURVES = {"loss": [0.5, 0.2], "val_loss": [0.6, 0.4], "accuracy": [0.8, 0.9]}


@pytest.fixture(autouse=True)
def figures(tmp_path, monkeypatch):
    folder = tmp_path / "figures"
    monkeypatch.setenv("WORKSHOP_FIGURES", str(folder))
    monkeypatch.delenv("WORKSHOP_LESSON", raising=False)
    return folder


@pytest.fixture
def captions(monkeypatch):
    """Return the list that receives the captions of the pictures drawn."""
    seen = []
    grid = plots._grid
    monkeypatch.setattr(plots, "_grid", lambda c, t: seen.extend(c) or grid(c, t))
    return seen


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def is_png(path):
    return path.read_bytes().startswith(b"\x89PNG")


def probabilities(answers, sure=0.9):
    rows = np.full((len(answers), 10), (1 - sure) / 9)
    rows[np.arange(len(answers)), answers] = sure
    return rows


# Where a figure goes


def test_one_line_says_where_the_figure_is(figures, capsys):
    plots.gallery(DIGITS, TRUTHS)
    assert capsys.readouterr().out == f"Figure: {figures / '01-gallery.png'}\n"
    assert is_png(figures / "01-gallery.png")


def test_files_are_numbered_as_drawn_and_named_by_lesson(figures, monkeypatch):
    monkeypatch.setenv("WORKSHOP_LESSON", "01_mnist")
    plots.gallery(DIGITS)
    plots.curves(CURVES)
    assert names(figures) == ["01_mnist-01-gallery.png", "01_mnist-02-curves.png"]


def test_an_older_figure_is_replaced_and_nothing_else_is_left(figures):
    figures.mkdir()
    (figures / "01-curves.png").write_text("old")
    plots.curves(CURVES)
    assert names(figures) == ["01-curves.png"]
    assert is_png(figures / "01-curves.png")


def test_figures_go_to_the_course_folder_above(tmp_path, monkeypatch, capsys):
    (tmp_path / ".workshop").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "er")
    monkeypatch.delenv("WORKSHOP_FIGURES")
    plots.curves(CURVES)
    assert names(tmp_path / ".workshop" / "figures") == ["01-curves.png"]


def test_outside_a_course_figures_go_beside_the_script(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKSHOP_FIGURES")
    plots.curves(CURVES)
    assert (
        capsys.readouterr().out.strip() == f"Figure: {'figures'}{os.sep}01-curves.png"
    )


def test_a_folder_that_cannot_be_made_costs_one_line(figures, capsys):
    figures.write_text("in the way")
    plots.curves(CURVES)
    said = capsys.readouterr().out
    assert said.startswith("The figure (curves) could not be written: ")
    assert said.count("\n") == 1


def test_a_full_disk_costs_one_line_and_leaves_nothing(figures, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    plots.curves(CURVES)
    assert "No space left on device. The script goes on." in capsys.readouterr().out
    assert names(figures) == []


def test_a_console_without_the_characters_of_a_path_is_no_obstacle(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252", newline="")
    monkeypatch.setattr(sys, "stdout", console)
    display.say("Figure: ö日.png")
    console.seek(0)
    assert console.read() == "Figure: ö\\u65e5.png\n"


def test_a_notebook_shows_the_figure_and_writes_no_file(figures, monkeypatch, capsys):
    shell = types.SimpleNamespace(kernel=object())
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    shown = []
    screen = types.SimpleNamespace(Image=lambda **image: image, display=shown.append)
    monkeypatch.setitem(sys.modules, "IPython.display", screen)
    plots.curves(CURVES)
    assert shown[0]["data"].startswith(b"\x89PNG")
    assert shown[0]["metadata"] == {"alt": "Learning curves: loss, accuracy"}
    assert not figures.exists()


def test_a_terminal_with_ipython_gets_a_file(figures, monkeypatch):
    ipython = types.SimpleNamespace(get_ipython=lambda: types.SimpleNamespace())
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    plots.curves(CURVES)
    assert names(figures) == ["01-curves.png"]


def test_nothing_global_of_matplotlib_is_touched(figures):
    code = (
        "import sys, matplotlib\n"
        "from workshop import plots\n"
        "matplotlib.rcParams['font.size'] = 33\n"
        "plots.curves({'loss': [1.0, 0.5]})\n"
        "assert matplotlib.rcParams['font.size'] == 33\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_importing_plots_imports_nothing_heavy():
    code = (
        "import sys, workshop.plots\n"
        "assert not {'matplotlib', 'numpy', 'IPython', 'keras'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# What a figure shows


@pytest.mark.parametrize(
    "images",
    [
        DIGITS,
        DIGITS.reshape(-1, 784),
        DIGITS[..., None],
        DIGITS / 255,
        DIGITS - 128.0,
        DIGITS * np.nan,
        DIGITS > 99,
        np.zeros((3, 8, 6, 3), "uint8"),
        np.full((3, 8, 6, 3), 200.0),
        [np.zeros((4, 9)), np.zeros((9, 4))],
        np.repeat(DIGITS, 4, axis=0),
    ],
)
def test_a_gallery_takes_images_in_many_forms(images, figures):
    plots.gallery(images)
    assert names(figures) == ["01-gallery.png"]


@pytest.mark.parametrize("images", [np.zeros((3, 5)), np.zeros((2, 4, 4, 2)), [[]]])
def test_what_is_no_image_is_named_by_its_shape(images):
    with pytest.raises(ValueError, match="one of these has shape"):
        plots.gallery(images)


def test_nothing_to_show_is_said(capsys):
    plots.gallery(DIGITS[:0])
    assert capsys.readouterr().out == "There is no picture to show.\n"


def test_a_prediction_stands_beside_the_truth(captions):
    plots.gallery(DIGITS[:3], [1, 2, 3], [1, 2, 8])
    assert captions == ["1 ✓", "2 ✓", "3, taken for 8"]


@pytest.mark.parametrize("form", [list, tuple, np.array])
def test_predictions_may_be_probabilities_and_classes_have_names(captions, form):
    names = form(["cat", "dog"])
    plots.gallery(DIGITS[:2], [0, 1], [[0.9, 0.1], [0.8, 0.2]], classes=names)
    assert captions == ["cat ✓", "dog, taken for cat"]


def test_a_name_the_font_or_a_formula_cannot_show_is_no_obstacle(figures):
    plots.gallery(DIGITS[:2], ["日本", "$x_{"], title="$ ö 日")
    assert names(figures) == ["01-gallery.png"]


def test_labels_and_images_of_different_number_are_refused():
    with pytest.raises(ValueError, match="one label for each image; it got 24 and 3"):
        plots.gallery(DIGITS, [1, 2, 3])


def test_the_most_confident_mistakes_come_first(captions):
    answers = probabilities([1, 1, 2], sure=0.5)
    answers[2] = probabilities([2], sure=0.97)[0]
    plots.mistakes(DIGITS[:3], np.array([1, 3, 4]), answers)
    assert captions == ["4, taken for 2\n97 % sure", "3, taken for 1\n50 % sure"]


def test_long_names_stand_in_two_lines(captions):
    names = ["rotten_banana", "fresh_banana"]
    plots.mistakes(DIGITS[:1], [0], [[0.1, 0.9]], names)
    assert captions == ["rotten_banana,\ntaken for fresh_banana\n90 % sure"]


def test_no_mistakes_are_said_in_one_line(figures, capsys):
    plots.mistakes(DIGITS, TRUTHS, probabilities(TRUTHS))
    assert capsys.readouterr().out == "No mistakes among 24 pictures.\n"
    assert not figures.exists()


@pytest.mark.parametrize(
    ("shown", "wrong", "title"),
    [
        (1, 1, "The only mistake among 24"),
        (3, 3, "All 3 mistakes among 24"),
        (12, 20, "The 12 most confident of 20 mistakes among 24"),
    ],
)
def test_a_title_says_how_many_mistakes_there_are(shown, wrong, title):
    assert plots._how_many(shown, wrong, 24) == title


@pytest.mark.parametrize(
    "history",
    [
        CURVES,
        types.SimpleNamespace(history=CURVES),
        {"loss": [0.5], "val_loss": [0.5]},
        {"loss": [np.nan, np.nan], "val_loss": [np.inf, 1]},
        {"loss": np.linspace(1, 0, 80)},
        {"val_loss": [0.5, 0.4], "learning_rate": [1, 1]},
    ],
)
def test_curves_take_a_history_in_many_forms(history, figures):
    plots.curves(history)
    assert names(figures) == ["01-curves.png"]


def test_a_training_without_epochs_is_said(capsys):
    plots.curves({"loss": []})
    assert "no curves yet" in capsys.readouterr().out


# How labels are read


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ([3, 1], [3, 1]),
        ([3.0, 1.0], [3, 1]),
        ([[0, 1], [1, 0]], [1, 0]),
        ([[0.7], [0.2]], [1, 0]),
        (["a", "b"], ["a", "b"]),
        ([], []),
    ],
)
def test_labels_in_many_forms_are_class_numbers(given, read):
    assert labels.numbers(np.array(given)).tolist() == read


def test_a_number_without_a_class_keeps_its_number_and_a_long_name_is_cut():
    assert labels.names([0, 7], ["a very long class name"]) == ["a very long cl…", "7"]


@pytest.mark.parametrize(
    ("given", "sure"),
    [([[0.7, 0.3]], 0.7), ([[0.2]], 0.8), ([0.9], 0.9), ([[0.0, -50.0]], 1.0)],
)
def test_confidence_is_the_probability_of_the_answer(given, sure):
    assert labels.confidence(given) == pytest.approx(sure)
