"""A check is judged on evidence, whatever that evidence is."""

import ast
import inspect

import numpy as np
import pytest

from workshop import classifying, course
from workshop.course import Check
from workshop.data import Sealed
from workshop.judge import Court, judge
from workshop.recorder import Recorder, wilson
from workshop.runner import Gone


def half(labels):
    labels = np.array(labels)
    images = np.zeros((len(labels), 2, 2), np.uint8)
    groups = np.arange(len(labels))
    return Sealed(images, None, labels, ("a", "b", "c"), groups, "drawn")


def court(namespace, shown=(0, 1, 2, 0), graded=(0, 1, 2, 0), goal=0.75):
    def ask(request):
        if request["do"] == "get":
            return namespace.get(request["name"], {"is": "missing"})
        return namespace["answer"]

    return Court(ask, goal, lambda: (half(shown), half(graded)), Recorder())


def check(function, *parameters, **more):
    return Check(function.__name__, function, None, "It holds", parameters, **more)


def plain(value):
    return {"is": "plain", "value": value}


def is_four(x):
    assert x == 4, f"x is {x}."


@pytest.mark.parametrize(
    ("reply", "outcome", "says"),
    [
        (plain(4), "passed", ""),
        (plain(5), "failed", "x is 5."),
        ({"is": "missing"}, "failed", "called x"),
        ({"is": "blank"}, "waiting", "blank"),
        ({"is": "other", "kind": "Thing"}, "failed", "x is"),
        ({"is": "nonsense"}, "failed", "could not be looked at"),
        ({"is": "model"}, "failed", "could not be looked at"),
        ({"is": "array", "value": np.ones(3)}, "failed", "array of shape (3,)"),
        (
            {"error": {"type": "OSError", "message": "no", "line": 3}},
            "failed",
            "line 3",
        ),
        (None, "failed", "could not be looked at"),
        ([], "failed", "could not be looked at"),
    ],
)
def test_every_reply_has_its_outcome(reply, outcome, says):
    result = judge(check(is_four, "x"), court({"x": reply}))
    assert result.outcome == outcome
    assert says in result.advice


def test_an_optional_variable_may_be_missing():
    one = check(lambda x=4: is_four(x), "x", optional=frozenset({"x"}))
    assert judge(one, court({})).outcome == "passed"
    assert judge(one, court({"x": plain(5)})).outcome == "failed"


def test_a_learner_whose_process_is_gone_fails():
    def ask(request):
        raise Gone("It has ended.")

    gone = Court(ask, 0.5, lambda: (half([0]), half([0])), Recorder())
    assert judge(check(is_four, "x"), gone).advice == "It has ended."


def test_a_check_that_needs_nothing_of_the_learner_is_broken_by_its_own_error():
    assert judge(check(lambda: 1 / 0), court({})).outcome == "broken"


def test_a_sealed_set_that_cannot_be_drawn_is_the_kits_fault():
    def fail():
        raise OSError("disk full")

    seen = Court(lambda request: plain(4), 0.5, fail, Recorder())
    result = judge(check(lambda x, sealed: None, "x", "sealed"), seen)
    assert (result.outcome, "disk full" in result.advice) == ("broken", True)


def reads(read, sealed, goal, report):
    accuracy = report.answers(sealed, read(sealed.images))
    assert accuracy >= goal, f"It read {accuracy:.0%}."


def sealed_result(answers, shown, graded):
    table = np.eye(3)[list(answers)]
    function = {"is": "function", "name": "read", "parameters": ["images"]}
    room = court({"read": function, "answer": {"value": table}}, shown, graded)
    parameters = ("read", "sealed", "goal", "report")
    return judge(check(reads, *parameters), room), room


@pytest.mark.parametrize(
    ("shown", "graded", "outcome", "says"),
    [
        ((0, 1, 2, 0), (0, 1, 2, 0), "passed", ""),
        ((0, 0, 0, 0), (0, 0, 0, 0), "failed", "It read 50%."),
        (
            (0, 1, 2, 0),
            (0, 0, 0, 0),
            "failed",
            "On the part that counts: below the goal.",
        ),
        ((0, 0, 0, 0), (0, 1, 2, 0), "passed", "the goal is reached"),
    ],
)
def test_the_graded_half_decides_and_the_shown_half_speaks(
    shown, graded, outcome, says
):
    result, _ = sealed_result((0, 1, 2, 0), shown, graded)
    assert result.outcome == outcome
    assert says in result.advice


def counts(answer, sealed):
    assert answer >= len(sealed.labels), "Too few."


@pytest.mark.parametrize(
    ("shown", "graded", "outcome", "says"),
    [
        ((0, 1), (0, 1, 2, 0), "failed", "shown: the goal is reached. On the part "),
        ((0, 1, 2, 0), (0, 1), "passed", "shown: it is missed. On the part "),
    ],
)
def test_halves_that_differ_are_told_apart_without_a_score_too(
    shown, graded, outcome, says
):
    room = court({"answer": plain(3)}, shown, graded)
    result = judge(check(counts, "answer", "sealed"), room)
    assert result.outcome == outcome
    assert says.replace("shown", "On the part we show") in result.advice


def test_what_is_recorded_comes_from_the_shown_half_alone():
    result, room = sealed_result((0, 1, 2, 0), (0, 0, 0, 0), (0, 1, 2, 0))
    assert result.score.value == 0.5
    assert room.recorder.shown.confusion == ((2, 1, 1), (0, 0, 0), (0, 0, 0))
    assert [m.answer for m in room.recorder.shown.mistakes] == ["b", "c"]


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (None, "found"),
        ("text", "found"),
        (np.ones(4), "shape (4,)"),
        (np.ones((4, 2)), "shape (4, 2)"),
        (np.full((4, 3), np.nan), "NaN"),
        ([[1, 2], [3]], "found"),
        (np.full((4, 3), "x"), "found"),
    ],
)
def test_answers_of_another_form_are_described(answers, says):
    with pytest.raises(
        AssertionError, match=says.replace("(", r"\(").replace(")", r"\)")
    ):
        Recorder().answers(half([0, 1, 2, 0]), answers)


def test_the_interval_is_wilsons():
    score = wilson(0.5, 100)
    assert (score.low, score.high) == (0.4038, 0.5962)
    assert wilson(1.0, 10).high == 1.0
    assert wilson(0.979, 1000).value == 0.97


def test_the_interval_counts_groups_and_not_pictures():
    recorder, data = Recorder(), half([0, 1, 2, 0])
    same = Sealed(data.images, None, data.labels, data.classes, np.zeros(4), "drawn")
    recorder.answers(same, np.eye(3)[[0, 1, 2, 0]])
    assert recorder.score.n == 1


@pytest.mark.parametrize(("graded_first", "order"), [(False, [0, 1]), (True, [1, 0])])
def test_either_half_can_be_asked_about_first_and_the_shown_one_is_told(
    graded_first, order
):
    seen = []

    def looks(x, sealed, report):
        seen.append(int(sealed.labels[0]))
        report.answers(sealed, np.eye(3)[[0, 0]])

    halves = (half([0, 0]), half([1, 1]))
    room = Court(lambda q: plain(4), 0.5, lambda: halves, Recorder(), graded_first)
    result = judge(check(looks, "x", "sealed", "report"), room)
    assert seen == order
    assert result.score.value == 1


FUNCTIONS = {
    f"{lesson.stem} {check.name}": getattr(lesson.module, check.name)
    for lesson in course.load().lessons
    for check in lesson.checks
    if check.sealed
} | {"reaches": classifying.reaches}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_advice_on_unseen_items_is_finer_than_a_whole_number(name):
    tree = ast.parse(inspect.getsource(FUNCTIONS[name]))
    values = [one for one in ast.walk(tree) if isinstance(one, ast.FormattedValue)]
    forms = {ast.unparse(one.format_spec)[2:-1] for one in values if one.format_spec}
    assert forms <= {".0f", ".0%"}
