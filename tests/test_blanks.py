"""The rule that derives an exercise, and what is left of it in a learner's file."""

import ast
import difflib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.blanks import Blank, MarkerError, answers, blank, blanks

NAMES = st.sampled_from(["x", "images", "größe", "é_1", "π"])
STRINGS = st.sampled_from(
    ["'a'", '"# TODO 9"', "'''\n# TODO 8\n'''", "'…ü'", "f'{x} ü'", "b'\\n'", "r'\\d'"]
)


def _calls(inner):
    return st.one_of(
        st.builds("f({})".format, inner),
        st.builds("f({}, key={})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("[{}]".format, inner),
        st.builds("{{{}}}".format, inner),
        st.builds("({},)".format, inner),
        st.builds("(({}))".format, inner),
        st.builds("{{'ü': {}}}".format, inner),
        st.builds("x[{}, ...]".format, inner),
        st.builds("({}\n    + {})".format, inner, inner),
        st.builds("sum(x for x in {})".format, inner),
        st.builds("({}).map({})".format, inner, inner),
        st.builds("(lambda a=1: {})".format, inner),
    )


VALUES = st.recursive(
    st.one_of(NAMES, STRINGS, st.sampled_from(["1", "2.5", "None", "-3"])),
    _calls,
    max_leaves=6,
)
PARTS = st.one_of(
    VALUES,
    st.builds("*{}".format, VALUES),
    st.builds("name={}".format, VALUES),
    st.builds("**{}".format, VALUES),
)


def _legal(parts):
    """Put positional parts first, then keywords, then double stars."""

    def rank(part):
        return 2 if part.startswith("**") else int(part.startswith("name="))

    named = [p for p in parts if rank(p) == 1][:1]
    return (
        [p for p in parts if rank(p) == 0] + named + [p for p in parts if rank(p) == 2]
    )


@st.composite
def lines_of_parts(draw, opening, closing, parts, number):
    """A call or display with one part a line, some of them marked."""
    lines = [opening]
    for part in parts:
        mark = f"  # TODO {draw(st.integers(1, 3))}" if draw(st.booleans()) else ""
        lines.append(f"    {part},{mark}")
    return "\n".join([*lines, closing + number])


@st.composite
def statements(draw):
    mark = draw(st.one_of(st.just(""), st.integers(1, 4).map("  # TODO {}".format)))
    value = draw(VALUES)
    kind = draw(st.sampled_from(["simple", "call", "list", "dict", "block"]))
    if kind == "simple":
        forms = ["{}", "a = {}", "a = b = {}", "a += {}", "a: int = {}", "a = 1, {}"]
        forms += ["assert {}", "del a", "import os", "pass", "a = (\n    {}\n)"]
        forms += ["a = 1; b = {}", "if a: b = {}", "a = \\\n    {}"]
        return draw(st.sampled_from(forms)).format(value) + mark
    if kind == "call":
        parts = _legal(draw(st.lists(PARTS, max_size=4)))
        return draw(lines_of_parts("f(", ")", parts, ""))
    if kind == "list":
        parts = draw(st.lists(VALUES, max_size=4))
        return draw(lines_of_parts("a = [", "]", parts, ""))
    if kind == "dict":
        parts = [f"{n}: {v}" for n, v in enumerate(draw(st.lists(VALUES, max_size=3)))]
        return draw(lines_of_parts("a = {", "}", parts, ""))
    return f"def g(x, *y):\n    return {value}{mark}"


SOLUTIONS = st.lists(statements(), min_size=1, max_size=5).map(
    lambda parts: "\n\n".join(parts) + "\n"
)


@given(SOLUTIONS)
def test_blanking_twice_is_blanking_once(solution):
    exercise = blank(solution)
    assert blank(exercise) == exercise


@given(SOLUTIONS)
def test_an_exercise_parses(solution):
    ast.parse(blank(solution))


@given(SOLUTIONS)
def test_the_line_count_changes_only_where_lines_merge(solution):
    longer = sum(one.last_line - one.first_line for one in answers(solution))
    merged = len(answers(solution)) - len(answers(blank(solution)))
    exercise = blank(solution)
    assert solution.count("\n") - exercise.count("\n") == longer + merged


@given(SOLUTIONS)
def test_a_diff_shows_only_lines_of_answers(solution):
    marked = {
        line
        for one in answers(solution)
        for line in range(one.first_line, one.last_line + 1)
    }
    kept, left = solution.split("\n"), blank(solution).split("\n")
    matcher = difflib.SequenceMatcher(None, kept, left, autojunk=False)
    outside = [line for n, line in enumerate(kept, 1) if n not in marked]
    same = [line for line in left if not re.search(r"\.\.\.,?  # TODO [1-4]$", line)]
    assert [line for line in outside if line not in same] == []
    assert sum(block.size for block in matcher.get_matching_blocks()) >= len(outside)


@given(SOLUTIONS)
def test_the_blanks_of_an_exercise_are_the_answers_of_its_solution(solution):
    exercise = blank(solution)
    expected = [one.todo for one in answers(exercise)]
    assert [one.todo for one in blanks(exercise)] == expected
    assert {one.todo for one in answers(solution)} == set(expected)


@given(SOLUTIONS)
def test_windows_line_ends_survive(solution):
    windows = solution.replace("\n", "\r\n")
    assert blank(windows) == blank(solution).replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("solution", "exercise"),
    [
        ("x = x / 255  # TODO 2", "x = ...  # TODO 2"),
        ("x += 1  # TODO 2", "x += ...  # TODO 2"),
        ("x: int = 1  # TODO 2", "x: int = ...  # TODO 2"),
        ("x = 1, 2  # TODO 2", "x = ...  # TODO 2"),
        ("x = y = 2  # TODO 2", "x = y = ...  # TODO 2"),
        ("f(1)  # TODO 2", "...  # TODO 2"),
        ("a = 1; b = 2  # TODO 2", "a = 1; b = ...  # TODO 2"),
        ("x = 'ü'; y = 'ü'  # TODO 2", "x = 'ü'; y = ...  # TODO 2"),
        ("def f():\n    return 1  # TODO 2", "def f():\n    return ...  # TODO 2"),
        ("def f():\n    return  # TODO 2", "def f():\n    ...  # TODO 2"),
        ("x = (\n    a\n    + b\n)  # TODO 1", "x = ...  # TODO 1"),
        ("f(\n    1,  # TODO 1\n    2)", "f(\n    ...,  # TODO 1\n    2)"),
        ("f(\n    units=1,  # TODO 1\n)", "f(\n    units=...,  # TODO 1\n)"),
        ("f(\n    *a,  # TODO 1\n)", "f(\n    *...,  # TODO 1\n)"),
        ("f(\n    **a,  # TODO 1\n)", "f(\n    **...,  # TODO 1\n)"),
        ("f(\n    (a)  # TODO 1\n)", "f(\n    ...  # TODO 1\n)"),
        ("f(\n    i for i in a  # TODO 1\n)", "f(\n    ...  # TODO 1\n)"),
        ("s = sum(i for i in a)  # TODO 1", "s = ...  # TODO 1"),
        ("[\n    (1, 2),  # TODO 1\n]", "[\n    ...,  # TODO 1\n]"),
        ("{\n    'a': 1,  # TODO 1\n}", "{\n    'a': ...,  # TODO 1\n}"),
        ("{\n    **a,  # TODO 1\n}", "{\n    **...,  # TODO 1\n}"),
        ("x[\n    f(1)\n] = 3  # TODO 1", "x[\n    f(1)\n] = ...  # TODO 1"),
        ("f(\n    g(\n        1\n    ),  # TODO 1\n)", "f(\n    ...,  # TODO 1\n)"),
        ("a = b + [c]  # TODO 1", "a = ...  # TODO 1"),
        ("a = b + {c}  # TODO 1", "a = ...  # TODO 1"),
        ("s = '# TODO 1'", "s = '# TODO 1'"),
    ],
)
def test_what_ends_on_a_marked_line_becomes_an_ellipsis(solution, exercise):
    assert blank(solution) == exercise
    assert blank(exercise) == exercise


def test_adjacent_elements_under_one_number_become_one_blank():
    solution = "[\n    1,\n    f(2),  # TODO 3\n    (\n3),  # TODO 3\n    4,\n]"
    assert blank(solution) == "[\n    1,\n    ...,  # TODO 3\n    4,\n]"


def test_adjacent_statements_under_one_number_become_one_blank():
    solution = "def f():\n    g()  # TODO 1\n    h()  # TODO 1\n"
    assert blank(solution) == "def f():\n    ...  # TODO 1\n"


def test_adjacent_assignments_keep_their_left_sides():
    solution = "a = 1  # TODO 1\nb = 2  # TODO 1\n"
    assert blank(solution) == "a = ...  # TODO 1\nb = ...  # TODO 1\n"


@pytest.mark.parametrize(
    ("solution", "line", "words"),
    [
        ("x = (\n    a\n    .b()  # TODO 1\n    .c()\n)", 3, "whole answer ends"),
        ("for i in x:  # TODO 1\n    pass", 1, "Mark a line of its body"),
        ("with f() as g:  # TODO 1\n    pass", 1, "Mark a line of its body"),
        ("def f():  # TODO 1\n    pass", 1, "Mark a line of its body"),
        ("@f(1)  # TODO 1\ndef g():\n    pass", 1, "decorator"),
        ("x = 1\n# TODO 1\n", 2, "stands alone"),
        ("x[\n    1,  # TODO 1\n]", 2, "whole answer ends"),
        ("(\n    a,  # TODO 1\n    b) = 1, 2", 2, "whole answer ends"),
        ("f(\n    a\n    ,  # TODO 1\n)", 3, "whole answer ends"),
        ("x = [\n    1,  # TODO 1\n]  # TODO 2", 2, "inside the answer of TODO 2"),
    ],
)
def test_a_marker_that_closes_nothing_is_refused(solution, line, words):
    with pytest.raises(MarkerError, match=words) as caught:
        blank(solution)
    assert caught.value.line == line


def test_an_answer_knows_its_lines_and_its_code():
    (found,) = answers("y = 1\nx = (\n    a\n    + b\n)  # TODO 1\n")
    assert (found.first_line, found.last_line) == (2, 5)
    assert found.code == "(\n    a\n    + b\n)"


def test_an_ellipsis_in_a_subscript_is_no_blank():
    assert blanks("x = images[..., None]  # TODO 1\n", [1]) == []


def test_a_blank_inside_a_longer_answer_belongs_to_its_marker():
    assert blanks("x = f(\n    ...\n)  # TODO 2\n", [1, 2]) == [Blank(2, 2)]


def test_blanks_without_markers_are_numbered_by_order():
    text = "a = 1  # TODO 1\nb = ...\nc = ...  # TODO 3\nd = ...\n"
    assert blanks(text, [1, 2, 3, 4]) == [Blank(2, 2), Blank(3, 3), Blank(4, 4)]


def test_an_ellipsis_of_the_learner_is_no_blank():
    text = "a = 1  # TODO 1\n\n\nclass E(Exception): ...\n"
    assert blanks(text, [1]) == []
    assert blanks("def f(): ...\n") == []


def test_markers_in_half_a_file_do_no_harm():
    with pytest.raises(SyntaxError):
        blanks("x = (  # TODO 1\n")
