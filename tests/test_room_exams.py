"""Answers of an attendee's machine become grades of the room, and a certificate."""

import json

import exams
import pytest
from roomed import STEM, a_course, report, running

from workshop import answering, certificate
from workshop.evidence.server import Server
from workshop.room.exams import Sets


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setattr(Sets, "_drawn", lambda self, *_: exams.halves("drawn"))
    taught = a_course(tmp_path / "course", exams.SEALED)
    with running(taught, tmp_path / "room") as made:
        made.instructor.do("start", plan="day", measured=False)
        made.instructor.do("next")
        yield made


def begin(someone, lesson=STEM):
    """Return what begins an exam: its status, and its name or the error."""
    status, found, _ = someone.post("/api/me/exams", {"lesson": lesson})
    return status, found.get("exam", found)


def sit(someone, names=exams.NAMES, lesson=STEM):
    """Answer an exam with these variables, and return its report."""
    status, name = begin(someone, lesson)
    assert status == 200, name

    def send(message):
        status, found, _ = someone.ask("POST", f"/api/me/exams/{name}", message)
        assert status == 200, found
        return found

    claims = exams.CLAIMS
    hello = exams.hello(lesson=lesson, checks=claims, variant="drawn")
    return answering.answer(send, Server(names).answer, hello)


def graded(someone, stem=STEM):
    lessons = {one["stem"]: one for one in someone.me()["lessons"]}
    return lessons[stem]["graded"]


def test_a_right_answer_passes_and_is_noted_with_its_place(place):
    ann = place.joined()
    assert sit(ann).outcome == "passed"
    found = graded(ann)
    assert (found["outcome"], found["score"], found["place"]) == (
        "passed",
        "100 %",
        "attendee",
    )
    assert place.person(ann)["lessons"][STEM]["graded"] == "passed"


def test_a_wrong_answer_fails_and_counts_as_an_attempt(place):
    ann = place.joined()
    wrong = {**exams.NAMES, "read": lambda images: exams.read(images + 1)}
    assert sit(ann, wrong).outcome == "failed"
    mine = ann.me()["lessons"][0]
    assert (mine["graded"]["outcome"], mine["attempts"]) == ("failed", 9)


def test_what_passed_once_stays_passed(place):
    ann = place.joined()
    sit(ann)
    wrong = {**exams.NAMES, "read": lambda images: exams.read(images + 1)}
    sit(ann, wrong)
    assert graded(ann)["outcome"] == "passed"


def test_a_lesson_that_is_not_open_is_not_examined(place):
    ann = place.joined()
    assert begin(ann, "02_more")[0] == 409
    assert begin(ann, "99_none")[0] == 404


def test_an_exam_that_goes_on_is_not_begun_anew(place):
    ann = place.joined()
    assert begin(ann) == begin(ann)
    assert ann.me()["lessons"][0]["attempts"] == 9


def test_nobody_reaches_the_exam_of_another(place):
    ann, bob = place.joined(), place.joined("Bob")
    name = begin(ann)[1]
    status, _, _ = bob.ask("POST", f"/api/me/exams/{name}", b"")
    assert status == 404


def test_many_attempts_at_once_must_wait(place):
    ann = place.joined()
    for _ in range(4):
        sit(ann)
    status, _found, headers = ann.post("/api/me/exams", {"lesson": STEM})
    assert status == 429
    assert "Retry-After" in headers


def test_who_reached_the_goals_gets_a_certificate_that_holds(place):
    ann = place.joined("Ann Lee")
    assert ann.get("/api/me/certificate")[0] == 409
    sit(ann)
    assert ann.me()["certificate"] is True
    made = json.dumps(ann.get("/api/me/certificate")[1]).encode()
    found = certificate.read(made).certificate
    assert found.name == "Ann Lee"
    assert [(one.lesson, one.place) for one in found.lessons] == [(STEM, "attendee")]


def test_a_second_lesson_that_was_on_is_asked_for_as_well(place):
    ann = place.joined()
    sit(ann)
    place.instructor.do("go", entry=3)
    assert ann.me()["certificate"] is False
    sit(ann, lesson="02_more")
    assert ann.me()["certificate"] is True


def test_a_report_alone_gives_no_certificate(place):
    ann = place.joined()
    ann.post("/api/me/reports", {"reports": [report(1, "ppp", outcome="passed")]})
    assert ann.me()["certificate"] is False


def test_what_is_handed_in_lies_whole_under_its_digest(place):
    import hashlib

    ann, sent = place.joined(), b"PK" + bytes(200_000)
    status, found, _ = ann.ask("PUT", f"/api/me/work/{STEM}", sent)
    assert (status, found["size"]) == (200, len(sent))
    path = place.held.works.folder / hashlib.sha256(sent).hexdigest()
    assert path.read_bytes() == sent
    assert ann.me()["lessons"][0]["handed_in"]


def test_nobody_hands_in_more_than_their_quota(place, monkeypatch):
    monkeypatch.setattr("workshop.room.works.QUOTA", 1_000)
    ann = place.joined()
    answers = [ann.ask("PUT", f"/api/me/work/{STEM}", bytes(600))[0] for _ in range(2)]
    assert answers == [200, 413]


def test_a_disk_that_is_nearly_full_keeps_its_last_room(place, monkeypatch):
    monkeypatch.setattr("workshop.room.works.SPARE", 2**62)
    ann = place.joined()
    assert ann.ask("PUT", f"/api/me/work/{STEM}", b"PK")[0] == 503
    monkeypatch.undo()
    assert ann.ask("PUT", f"/api/me/work/{STEM}", b"PK")[0] == 200
