"""Whatever a room sends in place of an exam, an attendee's machine does not do it."""

import pytest
from conftest import make_course
from exams import SEALED, hello

from workshop import answering
from workshop.evidence import wire


@pytest.fixture
def lesson(tmp_path):
    return make_course(tmp_path / "course", checks=SEALED).lessons[0]


@pytest.mark.parametrize(
    "told", [{"wait": "1"}, {"wait": None}, {"question": {"do": "get"}, "number": 1}]
)
def test_a_reply_that_lacks_a_number_is_refused(told):
    with pytest.raises(answering.Refused, match="no message"):
        answering.answer(lambda message: wire.encode(told), None, hello())


@pytest.mark.parametrize("report", [None, [], {"schema": 2}, {1: 2}, {"schema": 1}])
def test_what_is_no_report_is_refused(report):
    reply = wire.encode({"number": 1, "report": report})
    with pytest.raises(answering.Refused, match="no report"):
        answering.answer(lambda message: reply, None, hello())


def test_the_place_in_a_queue_is_told():
    told = [{"wait": -1.0, "place": 2}, {"wait": float("nan"), "place": "x"}]
    replies = iter([*told, {"number": 1, "report": hello()["report"]}])
    places = []
    answering.answer(
        lambda message: wire.encode(next(replies)), None, hello(), places.append
    )
    assert places == [2]


def test_only_what_checks_look_at_is_lent(lesson):
    asked = []
    reply = {"is": "file", "path": "kept.keras"}
    ask = answering.checked_only(lambda q: asked.append(q) or reply, lesson)
    for question in (
        {"do": "get", "name": "os"},
        {"do": "call", "name": ["add"], "arguments": []},
        {"do": "file", "path": "kept.keras"},
        {"do": "cells"},
    ):
        with pytest.raises(answering.Refused, match="no check asks"):
            ask(question)
    ask({"do": "get", "name": "add"})
    ask({"do": "file", "path": "kept.keras"})
    assert [one["do"] for one in asked] == ["get", "file"]
