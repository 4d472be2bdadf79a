"""What Jupyter adds to Python becomes a comment, or the statement that it times."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import magics, script

CHANGED = [
    ("%matplotlib inline", "# %matplotlib inline"),
    ("!pip install keras", "# !pip install keras"),
    ("pip install keras", "# pip install keras"),
    ("files = !ls", "# files = !ls"),
    ("%time x = 1", "x = 1"),
    ("if x:\n    %time y = 1", "if x:\n    y = 1"),
    ("if x:\n    !ls", "if x:\n    pass  # !ls"),
    ("%timeit f(x)", "# %timeit f(x)"),
    ("%%time\nx = 1\n%time y = 2", "# %%time\nx = 1\ny = 2"),
    ("%%bash\nls\nx = 1", "# %%bash\n# ls\n# x = 1"),
    ("!ls \\\n  -l\nx = 1", "# !ls \\\n#   -l\nx = 1"),
    (
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "# get_ipython().run_line_magic('matplotlib', 'inline')",
    ),
    ("get_ipython().system('ls')", "# get_ipython().system('ls')"),
    ("get_ipython().run_line_magic('time', 'x = f(1)')", "x = f(1)"),
]


@pytest.mark.parametrize(("code", "expected"), CHANGED)
def test_a_magic_becomes_what_it_would_run(code, expected):
    assert magics.plain(code) == expected


@pytest.mark.parametrize(
    "code",
    [
        "x = 7\\\n    % 3",
        "text = '''\n%time x\n!ls\n'''",
        "pip = 1",
        "install = pip in [1]",
        "# %time x = 1",
        "get_ipython().run_line_magic(name, [[[",
        "get_ipython().run_line_magic(name, 'x')",
    ],
)
def test_what_is_no_magic_stays(code):
    assert magics.plain(code) == code


def test_only_in_a_notebook_a_question_mark_asks_for_help():
    assert magics.plain("x=5?", notebook=True) == "# x=5?"
    assert magics.plain("x=5?") == "x=5?"


@given(st.lists(st.sampled_from([code for code, _ in CHANGED] + ["x = 1", "", "'''"])))
def test_lines_keep_their_numbers(codes):
    code = "\n".join(codes)
    assert magics.plain(code).count("\n") == code.count("\n")


@pytest.mark.parametrize("name", ["a.ipynb", "a.py"])
@pytest.mark.parametrize("code", [code for code, _ in CHANGED if "%%" not in code])
def test_a_file_with_magics_is_read_as_python(tmp_path, name, code):
    cell = {"cell_type": "code", "source": code.splitlines(keepends=True)}
    made = json.dumps({"cells": [cell]}) if name.endswith(".ipynb") else code
    (tmp_path / name).write_text(made, encoding="utf-8")
    assert script.syntax_problem(script.read(tmp_path / name).text) is None
