"""Cells, files and notebooks: the text of a lesson."""

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import notebooks, script

LESSON = """\
# %% [markdown]
# # 1. Read handwritten digits
#
# A post office sorts letters.

# %%
import numpy as np

# %% [markdown]
# ## Prepare
#
# **TODO 1.** Reshape them.
#
# **TODO 2.** Scale them.


# %%
def prepare(images):
    rows = images.reshape(-1, 784)  # TODO 1
    return rows / 255


# %% a title
text = '''
# %% not a cell  # TODO 7
'''
"""


def test_a_script_has_cells_and_a_title():
    lesson = script.parse(LESSON)
    kinds = [cell.kind for cell in lesson.cells]
    assert kinds == ["markdown", "code", "markdown", "code", "code"]
    assert lesson.title == "Read handwritten digits"


def test_a_cell_knows_its_first_line():
    for cell in script.parse(LESSON).cells:
        shown = LESSON.split("\n")[cell.line - 1].removeprefix("# ")
        assert cell.text.split("\n")[0] == shown


def test_prose_comes_without_comment_signs():
    cell = script.parse(LESSON).cells[2]
    assert cell.text.startswith("## Prepare\n\n**TODO 1.** Reshape them.\n")


def test_text_before_the_first_marker_is_a_cell():
    lesson = script.parse("x = 1\n\n# %%\ny = 2\n")
    assert lesson.cells[0] == script.Cell("code", "x = 1", 1)
    assert lesson.cells[1] == script.Cell("code", "y = 2", 4)


def test_text_without_any_marker_is_one_cell():
    assert script.parse("x = 1\n").cells == (script.Cell("code", "x = 1", 1),)


def test_windows_line_ends_make_the_same_cells():
    assert script.parse(LESSON.replace("\n", "\r\n")) == script.parse(LESSON)


@pytest.mark.parametrize(
    ("marker", "kind"),
    [
        ("# %%", "code"),
        ("#%%", "code"),
        ("# %% some title", "code"),
        ('# %% tags=["hide"]', "code"),
        ("# %% [markdown]", "markdown"),
        ("# %% [md]", "markdown"),
        ("# %% a title [markdown]", "markdown"),
    ],
)
def test_every_form_of_cell_marker_is_known(marker, kind):
    assert script.parse(f"{marker}\n# text\n").cells[0].kind == kind


def test_a_commented_cell_magic_is_no_cell_marker():
    assert len(script.parse("# %%\n# %%time\nx = 1\n").cells) == 1


def test_a_heading_keeps_a_number_that_belongs_to_it():
    assert script.parse("# %% [markdown]\n# # 3 dogs\n").title == "3 dogs"
    assert script.parse("# %% [markdown]\n# # 4a. Turn\n").title == "Turn"
    assert script.parse("x = 1\n").title == ""


def test_a_todo_belongs_to_the_cell_with_its_marker():
    assert script.todo_cells(script.parse(LESSON))[1] == 3


def test_a_todo_without_marker_belongs_to_the_code_after_its_prose():
    assert script.todo_cells(script.parse(LESSON)) == {1: 3, 2: 3}


def test_tasks_are_found_in_the_prose():
    assert script.prose_todos(script.parse(LESSON)) == [1, 2]


def test_a_file_is_read_without_its_byte_order_mark(tmp_path):
    (tmp_path / "ä b.py").write_bytes(b"\xef\xbb\xbfx = 1\r\ny = 2\r\n")
    assert script.read(tmp_path / "ä b.py").text == "x = 1\ny = 2\n"


def test_a_declared_encoding_is_honoured(tmp_path):
    text = "# -*- coding: latin-1 -*-\nx = 'ü'\n"
    (tmp_path / "a.py").write_bytes(text.encode("latin-1"))
    assert script.read(tmp_path / "a.py").text == text


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("x = 1\ny = 'ü'\n".encode("latin-1"), 2, "line 2 holds the byte 0xFC"),
        ("x = 1\n".encode("utf-16"), 1, "UTF-16"),
        (b"x = 1\n\0", 2, "not a text file"),
        (b"# coding: klingon\n", 1, "klingon"),
        (b"# coding: hex\n00", 1, "hex"),
        (b" \n\n", None, "empty"),
        (b"#" * (2 * 2**20 + 1), None, "larger than 2 MiB"),
    ],
)
def test_a_file_that_is_no_script_is_named_and_explained(
    tmp_path, content, line, words
):
    (tmp_path / "a.py").write_bytes(content)
    with pytest.raises(script.Unreadable, match=words) as caught:
        script.read(tmp_path / "a.py")
    assert caught.value.line == line
    assert caught.value.sentence.startswith("a.py ")


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(script.Unreadable, match="There is no file a"):
        script.read(tmp_path / "a.py")
    with pytest.raises(script.Unreadable, match="is a folder"):
        script.read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no mkfifo")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.py")
    with pytest.raises(script.Unreadable, match="not a plain file"):
        script.read(tmp_path / "a.py")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = 1", encoding="utf-8")
    monkeypatch.setattr("pathlib.Path.open", _refuse)
    with pytest.raises(script.Unreadable, match=r"a\.py may not be read"):
        script.read(tmp_path / "a.py")


def _refuse(*_, **__):
    raise PermissionError(13, "Permission denied")


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"cells": 3}', "x = 1"])
def test_a_broken_notebook_is_named(tmp_path, content):
    (tmp_path / "a.ipynb").write_text(content, encoding="utf-8")
    with pytest.raises(script.Unreadable, match=r"a\.ipynb is not a notebook"):
        script.read(tmp_path / "a.ipynb")


def test_a_notebook_is_read_as_its_script(tmp_path):
    made = json.dumps(notebooks.write(LESSON))
    (tmp_path / "a.ipynb").write_text(made, encoding="utf-8")
    assert script.read(tmp_path / "a.ipynb").text == LESSON


def test_magics_of_a_notebook_come_out_as_comments():
    notebook = notebooks.write("# %%\nx = 1\n")
    notebook["cells"][0]["source"] = "%matplotlib inline\n!pip install x\nx = 1"
    text = notebooks.read(notebook)
    assert text == "# %%\n# %matplotlib inline\n# !pip install x\nx = 1\n"


def test_outputs_and_metadata_of_a_notebook_are_ignored():
    notebook = notebooks.write(LESSON)
    notebook["cells"][1] |= {"outputs": [], "execution_count": 3}
    notebook["cells"][1]["metadata"] = {"tags": ["x"], "collapsed": True}
    assert notebooks.read(notebook) == LESSON


def test_a_notebook_is_the_same_at_every_call():
    assert notebooks.write(LESSON) == notebooks.write(LESSON)


WORDS = st.sampled_from(["Read", "größe", "**TODO 1.**", "28×28", "`x`", "- a", "# b"])
PROSE = st.lists(st.lists(WORDS, max_size=5).map(" ".join), min_size=1, max_size=4)
CODE = st.sampled_from(
    [
        "import numpy as np",
        "x = np.zeros(3)  # TODO 1",
        "def f(x):\n    return x",
        "f(\n    ...,  # TODO 2\n)",
        "print(f'{x.shape=}')",
        "s = '''\n# %% quoted\n'''",
        "# %matplotlib inline",
    ]
)
GAPS = st.sampled_from(["\n", "\n\n"])


def _prose_cell(lines):
    body = [f"# {line}".rstrip() for line in lines]
    return "\n".join(["# %% [markdown]", "# a", *body, "# z"]) + "\n"


def _code_cell(parts):
    gap = "\n\n" if any("def" in part for part in parts) else "\n"
    return "# %%\n" + gap.join(parts) + "\n"


CELLS = st.one_of(
    PROSE.map(_prose_cell),
    st.lists(CODE, min_size=1, max_size=3).map(_code_cell),
)


@given(st.lists(st.tuples(CELLS, GAPS), min_size=1, max_size=5))
def test_a_script_comes_back_from_a_notebook_unchanged(cells):
    text = "".join(cell + gap for cell, gap in cells).rstrip("\n") + "\n"
    assert notebooks.read(notebooks.write(text)) == text


def test_reading_a_script_imports_nothing_heavy():
    code = (
        "import sys, workshop.script as s; s.blank('x = 1  # TODO 1'); "
        "print({'numpy', 'jupytext', 'pyflakes', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
