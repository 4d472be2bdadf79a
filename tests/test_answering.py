"""An attendee's machine answers over any transport; for a room it does nothing else."""

import io
import json
import math
import struct
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import make_course
from exams import (
    BLANKS,
    NAMES,
    SEALED,
    TEXT,
    by_http,
    halves,
    held,
    hello,
    outcomes,
    read,
    sat,
    served,
)

from workshop import answering, course, data, exam, grader
from workshop import script as scripts
from workshop.evidence import wire
from workshop.evidence.server import Server

OPTIONS = grader.Options(halves=halves)


@pytest.fixture
def lesson(tmp_path):
    return make_course(tmp_path / "course", checks=SEALED).lessons[0]


@pytest.fixture
def hall():
    return exam.Hall()


@pytest.fixture(autouse=True)
def hasty(monkeypatch):
    monkeypatch.setattr(answering, "FIRST_PAUSE", 0)
    monkeypatch.setattr(exam, "AGAIN_SECONDS", 0)


def test_a_script_is_run_here_and_judged_there_over_http(lesson, hall, work):
    name = hall.open(held(lesson))
    with served(hall) as port:
        made = answering.sit(lesson, work(TEXT), by_http(port, name), OPTIONS)
    assert outcomes(made) == ["passed"] * 4
    assert (made.place, made.script) == ("attendee", "01_add.py")


def test_a_wrong_script_fails_there_as_it_does_here(lesson, work):
    path = work(TEXT.replace("a + b", "a - b"))
    made = answering.sit(lesson, path, held(lesson).reply, OPTIONS)
    near = grader.check(lesson, path, OPTIONS)
    assert outcomes(made) == outcomes(near)
    assert [c.advice for c in made.checks] == [c.advice for c in near.checks]


def test_a_script_that_crashes_is_told_with_its_line(lesson, work):
    path = work(TEXT.replace("total = add(2, 3)", "total = 1 / 0"))
    made = answering.sit(lesson, path, held(lesson).reply, OPTIONS)
    assert made.stop.source == "total = 1 / 0  # TODO 2"
    assert outcomes(made) == ["passed"] + ["waiting"] * 3


def test_blanks_and_slips_start_nothing(lesson, work, monkeypatch):
    monkeypatch.setattr("workshop.runner.Runner", None)
    for text, waits in ((BLANKS, "Fill in"), ("def f(:", "Waits until")):
        made = answering.sit(lesson, work(text), held(lesson).reply, OPTIONS)
        assert made.checks[0].advice.startswith(waits)


def test_an_unreadable_file_is_not_sent(lesson, work):
    with pytest.raises(scripts.Unreadable):
        answering.sit(lesson, work(b""), None, OPTIONS)


def test_a_process_that_dies_while_it_answers_fails_and_the_rest_waits(lesson, work):
    text = TEXT.replace("    return a + b", "    import os; os._exit(3)")
    text = text.replace("total = add(2, 3)", "total = 5")
    made = answering.sit(lesson, work(text), held(lesson).reply, OPTIONS)
    assert outcomes(made) == ["failed"] + ["waiting"] * 3


@pytest.mark.parametrize("lost", ["request", "response"])
def test_a_message_that_is_lost_is_sent_again(lesson, lost):
    room, calls, seen = held(lesson), [], set()

    def send(message):
        if lost == "response":
            reply = room.reply(message)
        if message not in seen:
            seen.add(message)
            raise ConnectionResetError
        return reply if lost == "response" else room.reply(message)

    names = {**NAMES, "read": lambda images: calls.append(1) or read(images)}
    made = answering.answer(send, Server(names).answer, hello())
    assert (made.outcome, len(calls)) == ("passed", 2)


def test_a_room_that_is_never_reached_is_an_error_of_the_network(lesson):
    def send(message):
        raise ConnectionRefusedError("nobody there")

    with pytest.raises(OSError, match="nobody there"):
        answering.answer(send, None, hello())


def test_two_exams_go_on_side_by_side(lesson, hall):
    together = threading.Barrier(2, timeout=60)
    wrong = {**NAMES, "read": lambda images: np.eye(3)[images[:, 0, 0] * 0]}

    def one(port, names):
        def reads(images):
            together.wait()
            return names["read"](images)

        asked = Server({**names, "read": reads}).answer
        send = by_http(port, hall.open(held(lesson)))
        return answering.answer(send, asked, hello()).outcome

    with served(hall) as port, ThreadPoolExecutor(2) as pool:
        made = list(pool.map(one, [port] * 2, [NAMES, wrong]))
    assert made == ["passed", "failed"]


def test_whoever_finds_the_hall_full_comes_again(lesson):
    hall, first = exam.Hall(at_once=1), held(lesson)
    names = [hall.open(first), hall.open(held(lesson))]
    greeting = wire.encode({"number": 0, "hello": hello()})
    hall.reply(names[0], greeting)

    def send(message):
        reply = hall.reply(names[1], message)
        if "wait" in wire.decode(reply):
            sat(first)
        return reply

    assert answering.answer(send, Server(NAMES).answer, hello()).outcome == "passed"


@pytest.mark.parametrize(
    "question", [{"do": "run", "text": "x = 1"}, {"do": "cost"}, {}, None, [1]]
)
def test_a_room_cannot_have_anything_else_done(question):
    told = {"number": 1, "question": question, "seconds": 9.0, "largest": 10**6}
    with pytest.raises(answering.Refused, match="no check asks"):
        answering.answer(lambda message: wire.encode(told), None, hello())


@pytest.mark.parametrize("reply", [b"<html>", wire.encode([1]), wire.encode({})])
def test_what_is_no_room_is_refused(reply):
    with pytest.raises(answering.Refused):
        answering.answer(lambda message: reply, None, hello())


def given_and_taken(value, largest=20_000):
    """Return what a room hears of a variable where it takes so many bytes."""
    told = [
        {"report": hello()["report"]},
        {
            "number": 1,
            "question": {"do": "get", "name": "x"},
            "seconds": 9.0,
            "largest": largest,
        },
    ]
    heard = []

    def send(message):
        assert len(message) <= largest
        heard.append(wire.decode(message))
        return wire.encode(told.pop())

    answering.answer(send, Server({"x": value}).answer, hello())
    return heard[-1]["answer"]


def test_an_array_too_large_for_a_room_is_sent_as_its_first_rows():
    heard = given_and_taken(np.arange(80_000.0).reshape(-1, 8))
    assert (heard["is"], heard["shape"]) == ("large", [10_000, 8])
    assert heard["range"] == [0, 79_999]
    assert 0 < len(heard["rows"]) <= 1_000


@pytest.mark.parametrize("value", ["x" * 30_000, np.full(3, "y" * 9_000)])
def test_anything_else_too_large_is_said_to_be_so(value):
    assert "too large" in given_and_taken(value)["error"]["message"]


def packed(value):
    """Return plain values in the form of docs/exam.md, by nothing of the kit."""
    if isinstance(value, list):
        return {"l": [packed(item) for item in value]}
    if isinstance(value, dict):
        return {"d": [[key, packed(item)] for key, item in value.items()]}
    return value


def unpacked(tree, raw):
    if not isinstance(tree, dict):
        return tree
    ((tag, body),) = tree.items()
    if tag == "d":
        return {key: unpacked(item, raw) for key, item in body}
    if tag == "l":
        return [unpacked(item, raw) for item in body]
    assert (tag, body[0]) == ("a", "|u1")
    size = math.prod(body[1][1:])
    return [list(raw.read(size)) for _ in range(body[1][0])]


def told(send, message, block=b""):
    header = json.dumps(message).encode()
    reply = io.BytesIO(send(struct.pack(">I", len(header)) + header + block))
    (length,) = struct.unpack(">I", reply.read(4))
    return unpacked(json.loads(reply.read(length)), reply)


def stranger(send, number, asked):
    """Answer one question as a program that has the page on the protocol only."""
    if asked["do"] == "get" and asked["name"] == "total":
        answer = packed({"is": "plain", "value": 5})
    elif asked["do"] == "get":
        answer = packed({"is": "function", "name": "f", "parameters": []})
    elif asked["name"] == "add":
        first, second = asked["arguments"]
        answer = packed({"value": first + second})
    else:
        rows = asked["arguments"][0]
        numbers = [float(row[0] % 3 == k) for row in rows for k in range(3)]
        answer = {"d": [["value", {"a": ["<f8", [len(rows), 3]]}]]}
        block = struct.pack(f"<{len(numbers)}d", *numbers)
        return told(send, {"d": [["number", number], ["answer", answer]]}, block)
    return told(send, {"d": [["number", number], ["answer", answer]]})


def test_a_program_that_knows_the_page_on_the_protocol_alone_can_answer(lesson, hall):
    own = {"schema": 2, "lesson": "01_add", "title": "", "script": "a.py"}
    hello = {"script": TEXT, "report": {**own, "outcome": "passed"}}
    with served(hall) as port:
        send = by_http(port, hall.open(held(lesson)))
        said = told(send, packed({"number": 0, "hello": hello}))
        while "question" in said:
            said = stranger(send, said["number"], said["question"])
    assert said["report"]["outcome"] == "passed"


@pytest.mark.slow
def test_lesson_one_is_answered_from_a_child_that_has_trained(tmp_path):
    lesson = course.load(course.bundled()).find("01_mnist")
    path = tmp_path / "01_mnist.py"
    text = lesson.solution.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    room = exam.Exam(
        lesson, lambda variant: data.sealed("digits", b"room", variant), seed=3
    )
    options = grader.Options(choice=("drawn", "asked for"))
    made = answering.sit(lesson, path, room.reply, options)
    assert (made.outcome, made.variant) == ("passed", "drawn")
    assert made.training == "trained"
