"""A report survives JSON without loss, and damaged JSON is named, never believed."""

import contextlib
import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.results import (
    SCHEMA,
    Report,
    Result,
    Score,
    Stop,
    from_json,
    overall,
    percent,
    to_json,
    training,
)

CALMLY = settings(deadline=None, max_examples=50)
REPORTS = st.builds(Report, schema=st.just(SCHEMA))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from([field.name for field in dataclasses.fields(Report)])
SMALL = Report("01_mnist", "Read digits", "01_mnist.py", "passed")


def result(outcome):
    return Result("name", "A title", outcome)


@CALMLY
@given(REPORTS)
def test_a_report_written_to_json_comes_back_the_same(report):
    text = json.dumps(to_json(report), allow_nan=False)
    assert repr(from_json(json.loads(text))) == repr(report)


@CALMLY
@given(REPORTS, FIELDS, JSON)
def test_a_damaged_field_gives_a_report_or_a_value_error(report, name, value):
    damaged = {**to_json(report), name: value}
    with contextlib.suppress(ValueError):
        assert isinstance(from_json(damaged), Report)


@CALMLY
@given(JSON)
def test_what_is_no_report_is_refused(value):
    with pytest.raises(ValueError, match="report"):
        from_json(value)


def test_a_field_nobody_knows_is_named():
    with pytest.raises(ValueError, match="grade"):
        from_json({**to_json(SMALL), "grade": 1})


def test_a_missing_field_is_named():
    data = to_json(SMALL)
    del data["lesson"]
    with pytest.raises(ValueError, match="lesson"):
        from_json(data)


def test_another_version_of_the_form_is_refused():
    with pytest.raises(ValueError, match="schema 1, expected 2"):
        from_json({**to_json(SMALL), "schema": 1})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outcome", "excellent"),
        ("seconds", True),
        ("seconds", "1"),
        ("seconds", 10**400),
        ("checks", "none"),
        ("checks", [{"check": "a", "title": "b", "outcome": "passed", "todo": 1.5}]),
        ("curves", {"loss": [None]}),
        ("answers", {"classes": ["0"], "confusion": [[0.5]]}),
        ("stop", []),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_by_its_name(name, value):
    with pytest.raises(ValueError, match=f"report.{name}"):
        from_json({**to_json(SMALL), name: value})


def test_a_diverged_loss_is_written_as_text_that_json_knows():
    report = dataclasses.replace(
        SMALL, curves={"loss": (float("inf"), float("-inf"), float("nan"))}
    )
    assert to_json(report)["curves"] == {"loss": ["Infinity", "-Infinity", "NaN"]}


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], "waiting"),
        (["passed"], "passed"),
        (["passed", "rehearsed"], "rehearsed"),
        (["rehearsed", "waiting", "passed"], "rehearsed"),
        (["waiting", "failed", "rehearsed"], "failed"),
        (["failed", "broken", "waiting"], "broken"),
    ],
)
def test_the_gravest_part_decides(outcomes, expected):
    assert overall(tuple(map(result, outcomes)), None) == expected


def test_a_script_that_stopped_has_not_passed():
    assert overall((result("passed"),), Stop("error", "It stopped.")) == "failed"


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0 %"), (0.29, "29 %"), (0.979, "97 %"), (1, "100 %")]
)
def test_a_share_is_rounded_down_to_whole_per_cent(share, text):
    assert percent(share) == text


def test_results_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Score(0.9, 0.8, 1.0, 10).value = 1.0


@pytest.mark.parametrize(
    ("fits", "said"),
    [
        ((), ""),
        (("trained",), "trained"),
        (("kept",), "kept"),
        (("kept", "trained"), "partly"),
        (("kept", "refused kept"), "partly"),
        (("refused kept", "trained"), "refused kept"),
        (("refused model", "trained"), "refused model"),
        (("refused model", "kept"), "partly"),
        (("model", "trained", "kept"), "model"),
    ],
)
def test_a_report_names_what_gave_the_weights(fits, said):
    assert training(set(fits)) == said
