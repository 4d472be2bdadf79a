"""An exam asks, scores and ends by itself, whatever the other side sends."""

import sys

import numpy as np
import pytest
from conftest import make_course
from exams import (
    BLANKS,
    CLAIMS,
    CRASH,
    NAMES,
    SEALED,
    TEXT,
    WAIT_SECONDS,
    begin,
    ended,
    held,
    hello,
    outcomes,
    read,
    sat,
    say,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks import exams
from workshop import answering, exam
from workshop.evidence import wire
from workshop.evidence.server import Server
from workshop.report import html, text
from workshop.results import from_json

HASTY = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=8,
)
KINDS = st.sampled_from(["array", "plain", "model", "history", "function", "file"])
ANSWERS = st.dictionaries(st.sampled_from(["is", "value", "error"]), VALUES | KINDS)


@pytest.fixture
def lesson(tmp_path):
    return make_course(tmp_path / "course", checks=SEALED).lessons[0]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return make_course(tmp_path_factory.mktemp("course"), checks=SEALED).lessons[0]


def test_an_honest_attendee_passes(lesson):
    made = sat(held(lesson))
    assert outcomes(made) == ["passed"] * 4
    assert (made.outcome, made.place, made.checks[3].score.value) == (
        "passed",
        "attendee",
        1.0,
    )


def test_raw_predictions_are_scored_here(lesson):
    made = sat(held(lesson), {**NAMES, "read": lambda x: np.eye(3)[x[:, 0, 0] * 0]})
    assert outcomes(made) == ["passed"] * 3 + ["failed"]
    assert made.checks[3].score.value == 0.33


def test_a_half_that_counts_and_is_missed_fails(lesson):

    def knows_the_shown_half(images):
        return np.eye(3)[np.where(images[:, 0, 0] < 100, images[:, 0, 0] % 3, 0)]

    made = sat(held(lesson), {**NAMES, "read": knows_the_shown_half})
    assert made.outcome == "failed"
    assert "On the part that counts: below the goal." in made.checks[3].advice


@pytest.mark.parametrize("answers", [np.eye(3)[:5], np.full((60, 3), np.nan), None, 7])
def test_predictions_of_another_size_or_kind_score_nothing(lesson, answers):
    made = sat(held(lesson), {**NAMES, "read": lambda images: answers})
    assert made.checks[3].outcome == "failed"
    assert made.checks[3].score is None


def test_blanks_wait_and_nobody_is_asked(lesson):
    told = begin(held(lesson), BLANKS)
    made = from_json(told["report"])
    assert outcomes(made) == ["waiting"] * 4
    assert made.checks[0].advice == "Fill in the blank."


def test_blanks_wait_whatever_the_hello_claims(lesson):
    told = begin(held(lesson, sealed_only=True), BLANKS, checks=CLAIMS)
    assert outcomes(from_json(told["report"])) == ["waiting"] * 4


def test_a_crash_is_told_with_the_line_of_the_script_that_was_sent(lesson):
    room = held(lesson)
    made = sat(room, {}, hello(TEXT, stop=CRASH))
    assert made.stop.message == CRASH.message
    assert made.stop.source == TEXT.split("\n")[12]
    assert made.outcome == "failed"


@pytest.mark.parametrize("line", [-1, 0, 10**9])
def test_a_crash_at_a_line_that_is_not_there_names_none(lesson, line):
    stop = type(CRASH)("error", "no", line)
    assert sat(held(lesson), {}, hello(TEXT, stop=stop)).stop.line is None


def test_a_slip_of_the_pen_is_found_here(lesson):
    made = from_json(begin(held(lesson), "def f(:")["report"])
    assert made.stop.kind == "syntax"
    assert made.checks[0].advice == "Waits until the script can be read."


def test_a_notebook_says_which_cells_were_run(lesson):
    def ask(request):
        cells = {"value": [BLANKS]}
        return cells if request["do"] == "cells" else Server(NAMES).answer(request)

    made = answering.answer(held(lesson).reply, ask, hello(None))
    assert outcomes(made) == ["waiting", "waiting", "passed", "passed"]


def test_an_exam_that_nobody_goes_on_with_ends_by_itself(lesson):
    room, end = ended(lesson, answer_seconds=0.05)
    begin(room)
    assert end.wait(WAIT_SECONDS)
    assert outcomes(room.report) == ["failed"] + ["waiting"] * 3
    assert "No answer came" in room.report.checks[0].advice


def test_the_whole_exam_has_a_limit_too(lesson):
    room, end = ended(lesson, seconds=0.05)
    begin(room)
    assert end.wait(WAIT_SECONDS)
    assert room.report.checks[0].advice == exam.OVER


def test_a_late_answer_gets_the_report_and_changes_nothing(lesson):
    room, end = ended(lesson, answer_seconds=0.05)
    number = begin(room)["number"]
    end.wait(WAIT_SECONDS)
    told = say(room, number, answer={"is": "plain", "value": 4})
    assert from_json(told["report"]).outcome == "failed"


def test_a_hello_that_comes_too_late_is_refused(lesson):
    room = held(lesson, seconds=0)
    assert begin(room) == {"refused": exam.OVER}
    assert room.over


def test_an_attendee_whose_process_has_ended_says_so(lesson):
    told = say(room := held(lesson), 1, gone="It has ended.")
    assert "refused" in told
    number = begin(room)["number"]
    made = from_json(say(room, number, gone="It has ended.")["report"])
    assert [c.outcome for c in made.checks] == ["failed"] + ["waiting"] * 3
    assert made.checks[0].advice == "It has ended."


def test_a_message_sent_twice_gets_the_same_question_twice(lesson):
    room = held(lesson)
    first = begin(room)
    assert begin(room) == first
    answer = {"is": "missing"}
    second = say(room, first["number"], answer=answer)
    assert say(room, first["number"], answer=answer) == second
    assert begin(room) == second


def test_of_two_answers_to_one_question_the_first_counts(lesson):
    room = held(lesson)
    number = begin(room)["number"]
    say(room, number, answer={"is": "missing"})
    say(room, number, answer=Server(NAMES).answer({"do": "get", "name": "add"}))
    assert sat(room).checks[0].outcome == "failed"


def test_a_number_that_was_not_asked_is_refused(lesson):
    room = held(lesson)
    assert "refused" in say(room, 1, answer={})
    begin(room)
    assert "refused" in say(room, 2, answer={})
    assert sat(room).outcome == "passed"


def test_too_many_bytes_are_refused_unread(lesson, monkeypatch):
    room = held(lesson, largest=1_000_000)
    monkeypatch.setattr(wire, "decode", None)
    refused = room.reply(bytes(1_000_001))
    monkeypatch.undo()
    assert "1,000,000 bytes" in wire.decode(refused)["refused"]
    assert sat(room).outcome == "passed"


@HASTY
@given(st.binary(max_size=200))
def test_noise_is_refused_and_the_exam_goes_on(shared, noise):
    room = held(shared)
    assert wire.decode(room.reply(noise)).keys() == {"refused"}
    begin(room)
    assert wire.decode(room.reply(noise)).keys() == {"refused"}
    assert sat(room).outcome == "passed"


@HASTY
@given(VALUES)
def test_what_is_no_message_of_an_exam_is_refused(shared, value):
    room = held(shared)
    for message in (value, {"number": 0, "hello": value}, {"number": value}):
        assert wire.decode(room.reply(wire.encode(message))).keys() == {"refused"}
    assert not room.begun


@HASTY
@given(st.sampled_from(list(hello()["report"])), VALUES)
def test_a_hello_with_a_damaged_report_is_refused_or_begins(shared, name, value):
    greeting = hello()
    greeting["report"][name] = value
    told = say(held(shared), 0, hello=greeting)
    assert told.keys() & {"refused", "question", "report"}


@HASTY
@given(st.lists(ANSWERS, min_size=1, max_size=5))
def test_whatever_is_answered_there_is_a_report_and_no_pass(shared, answers):
    room = held(shared)
    told = begin(room)
    while "question" in told:
        answers = answers[1:] + answers[:1]
        told = say(room, told["number"], answer=answers[0])
    made = from_json(told["report"])
    assert made.outcome in ("failed", "waiting")
    assert "broken" not in outcomes(made)


def test_a_report_for_the_attendee_tells_no_labels(lesson):
    room = held(lesson)
    assert sat(room, {**NAMES, "read": lambda x: read(x)[::-1]}).answers is None
    assert room.report.answers.mistakes


def asked(room):
    """Return the first pixels of the batches of sealed pictures in one exam."""
    batches = []

    def noted(images):
        batches.append([int(image[0, 0]) for image in images])
        return read(images)

    sat(room, {**NAMES, "read": noted})
    return batches


def test_the_half_that_counts_comes_first_or_second_and_has_the_same_size(lesson):
    exams = [asked(held(lesson, seed=seed)) for seed in range(12)]
    assert {len(batch) for batches in exams for batch in batches} == {60}
    assert {max(batches[0]) < 120 for batches in exams} == {True, False}


def test_each_exam_has_an_order_of_its_own_which_a_repetition_meets_again(lesson):
    one, again, other = (asked(held(lesson, seed=seed)) for seed in (5, 5, 6))
    assert one == again
    assert sorted(one) != sorted(other)
    assert one[0] != sorted(one[0])


def test_only_sealed_checks_are_asked_about_where_the_room_wants_it_so(lesson):
    room = held(lesson, sealed_only=True)
    made = sat(room, {"read": read}, hello(checks=CLAIMS[:2]))
    assert outcomes(made) == ["passed", "passed", "waiting", "passed"]
    assert made.checks[0].title == "Adds two numbers"
    assert "says nothing" in made.checks[2].advice


def test_data_of_a_variant_that_the_exam_does_not_hold_are_refused(lesson):
    object.__setattr__(lesson, "data", "digits")
    told = begin(held(lesson), variant="real")
    assert "held on drawn data, not real" in told["refused"]


def test_another_lesson_is_refused(lesson):
    assert "another lesson" in begin(held(lesson), lesson="02_asl")["refused"]


def test_what_an_attendee_says_is_cut_to_the_length_of_a_report(lesson):
    made = sat(
        held(lesson),
        greeting=hello(
            output="x" * 10**6,
            script="../" + "n" * 300,
            versions={str(n): "v" * 1_000 for n in range(100)},
            curves={"acc": (1.0,)},
            training="kept",
        ),
    )
    assert len(made.output) < 10**5
    assert made.script == "n" * 100
    assert (len(made.versions), made.curves, made.training) == (20, {}, "kept")


def test_a_record_that_cannot_be_made_is_no_pass(lesson):
    def fail(report):
        raise OSError("disk full")

    room = held(lesson, done=fail)
    made = sat(room)
    assert (made.outcome, room.over) == ("broken", True)
    assert "disk full" in made.checks[0].advice


def test_the_record_comes_before_the_attendee_is_told(lesson):
    order = []
    room = held(lesson, done=lambda report: order.append(report.outcome))
    order.append(sat(room).place)
    assert order == ["passed", "attendee"]


def test_the_report_says_where_it_was_answered(lesson):
    made = sat(held(lesson))
    for shown in (text.render(made), html.page(made)):
        assert "Answered on the attendee" in shown


def test_a_hall_knows_its_exams_only(lesson):
    hall = exam.Hall()
    assert "no such exam" in wire.decode(hall.reply("x", b""))["refused"]
    names = {hall.open(held(lesson)) for _ in range(3)}
    assert len(names) == 3


def test_a_full_hall_lets_the_next_one_in_when_somebody_has_finished(lesson):
    hall, rooms = exam.Hall(at_once=1), [held(lesson), held(lesson)]
    first, second = map(hall.open, rooms)
    greeting = wire.encode({"number": 0, "hello": hello()})
    assert "question" in wire.decode(hall.reply(first, greeting))
    told = wire.decode(hall.reply(second, greeting))
    assert told == {"wait": exam.AGAIN_SECONDS, "place": 1}
    sat(rooms[0])
    assert "question" in wire.decode(hall.reply(second, greeting))


def test_who_waits_longest_enters_first(lesson):
    hall, rooms = exam.Hall(at_once=1), [held(lesson) for _ in range(3)]
    names = [hall.open(room) for room in rooms]
    greeting = wire.encode({"number": 0, "hello": hello()})
    told = [wire.decode(hall.reply(name, greeting)) for name in names]
    assert [one.get("place") for one in told] == [None, 1, 2]
    sat(rooms[0])
    assert wire.decode(hall.reply(names[2], greeting))["place"] == 2
    assert "question" in wire.decode(hall.reply(names[1], greeting))


def test_who_stops_asking_holds_up_nobody(lesson, monkeypatch):
    hall, rooms = exam.Hall(at_once=1), [held(lesson) for _ in range(3)]
    names = [hall.open(room) for room in rooms]
    greeting = wire.encode({"number": 0, "hello": hello()})
    for name in names:
        hall.reply(name, greeting)
    monkeypatch.setattr(exam, "GONE_SECONDS", 0.0)
    sat(rooms[0])
    assert "question" in wire.decode(hall.reply(names[2], greeting))


def test_a_hall_forgets_an_exam_some_time_after_its_end(lesson):
    hall = exam.Hall()
    name = hall.open(held(lesson, seconds=0))
    hall.open(held(lesson))
    assert "no such exam" in wire.decode(hall.reply(name, b""))["refused"]


def test_the_benchmark_brings_every_exam_to_its_end():
    crowd = exams.Crowd("01_mnist", 2)
    while crowd.step():
        pass
    assert [room.report.outcome for room in crowd.rooms] == ["failed"] * 2
    assert crowd.sent > 2 * 2 * crowd.halves[0].images.nbytes > crowd.received


def test_the_room_imports_no_tensorflow(lesson):
    sat(held(lesson))
    assert "tensorflow" not in sys.modules
