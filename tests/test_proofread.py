"""What is said about a script before it runs."""

import pytest

from workshop.proofread import syntax_problem, undefined_names


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\nf(2\n", 2, "never closed"),
        ("x = 1)\n", 1, "nothing opens it"),
        ("x = (1]\n", 1, "is open here"),
        ("s = 'a\n", 1, "no closing quote"),
        ('s = """a\n', 1, "three quotes"),
        ("if x\n    pass\n", 1, "colon"),
        ("if x:\npass\n", 2, "Indent this line by four spaces: it belongs to line 1"),
        ("x = 1\n  y = 2\n", 2, "further right"),
        ("if x:\n        y = 1\n    z = 2\n", 3, "Line up"),
        ("if x:\n\ty = 1\n        z = 2\n", 3, "spaces only"),
        ("x = “a”\n", 1, "curly quote"),
        ("x = [1 2]\n", 1, "comma"),
        ("if x = 1:\n    pass\n", 1, "=="),
        ("f() = 1\n", 1, "==|left of ="),
        ("return 1\n", 1, "inside a function"),
        ("%matplotlib inline\n", 1, "only in a notebook"),
        ("x = = 1\n", 1, "cannot read this line"),
        ("def f(a, a):\n    pass\n", 1, "cannot read this line: dupl"),
        ("x = 1\0", 1, "zero byte"),
        ("(" * 300 + ")" * 300, 1, "cannot read|too deeply"),
        ("x = " + "-" * 90_000 + "1", 1, "cannot read|too deeply"),
    ],
)
def test_what_python_cannot_read_is_said_in_plain_words(text, line, words):
    problem = syntax_problem(text)
    assert problem is not None
    assert problem[0] == line
    assert any(word in problem[1] for word in words.split("|"))


def test_a_script_that_compiles_has_no_problem():
    assert syntax_problem("x = '\\d'\n") is None


def test_an_undefined_name_comes_with_the_nearest_known_one():
    text = "x_train = 1\nprint(x_tran)\nprnt(1)\nqqq\n"
    assert undefined_names(text) == [
        (2, "x_tran", "x_train"),
        (3, "prnt", "print"),
        (4, "qqq", None),
    ]


def test_names_of_a_notebook_are_known():
    assert undefined_names("display(1)\nget_ipython()\n__file__\n") == []


def test_names_bound_in_any_way_are_known():
    text = "import a.b as c, d.e\ndef f(g):\n    return h\nprint(c, d, f)\nhh = 1\n"
    assert undefined_names(text) == [(3, "h", None)]


def test_a_type_in_quotes_is_a_note_to_oneself():
    text = 'def f(p: "Prices", *q: "list of names") -> "Euro": pass\nx: "Tax" = 1\n'
    assert undefined_names(text) == []
    assert undefined_names("def f(p: Prices): pass\n") == [(1, "Prices", None)]


def test_text_that_is_not_python_has_no_undefined_names():
    assert undefined_names("x = (\n") == []


@pytest.mark.parametrize("maker", ["exec('x = 1')", "globals()['x'] = 1"])
def test_names_that_a_script_makes_by_itself_are_left_to_the_run(maker):
    assert undefined_names(f"{maker}\nprint(x)\n") == []
