"""A session as its people see it, over HTTP on loopback."""

import json
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest
from roomed import STEM, Asking, a_course, report, running

from workshop.room.actions import ACTIONS


@pytest.fixture
def taught(tmp_path):
    return a_course(tmp_path / "course")


@pytest.fixture
def place(taught, tmp_path):
    with running(taught, tmp_path / "room") as made:
        yield made


@pytest.fixture
def begun(place):
    """A room whose first lesson is on."""
    place.instructor.do("start", plan="day", measured=False)
    place.instructor.do("next")
    return place


def test_whoever_knows_the_code_comes_in_under_a_name(place):
    ann = place.joined("  Ann \t Lee ")
    assert ann.name == "Ann Lee"
    assert ann.me()["name"] == "Ann Lee"


def test_two_of_one_name_are_told_apart(place):
    assert [place.joined().name for _ in range(3)] == ["Ann", "Ann (2)", "Ann (3)"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{lower}", "{bare}"])
def test_a_code_is_typed_as_people_type(place, typed):
    code = place.code
    text = typed.format(code, lower=code.lower(), bare=code.replace("-", ""))
    status, _, _ = place.nobody.post("/api/join", {"code": text, "name": "Ann"})
    assert status == 200


def test_a_wrong_code_is_refused_and_soon_nothing_more_is_tried(place):
    wrong = {"code": "AAA-AAA", "name": "Ann"}
    answers = [place.nobody.post("/api/join", wrong) for _ in range(12)]
    assert [status for status, _, _ in answers] == [403] * 10 + [429] * 2
    assert int(answers[-1][2]["Retry-After"]) > 0


@pytest.mark.parametrize("name", ["", "   ", "\x1b[2J"])
def test_nobody_comes_in_without_a_name(place, name):
    status, found, _ = place.nobody.post(
        "/api/join", {"code": place.code, "name": name}
    )
    assert status == 400
    assert set(found) == {"error"}


def test_a_name_cannot_act(place):
    ann = place.joined("<b>A\x1b[31mnn\n\u202e=1+1")
    assert "\x1b" not in ann.name
    assert "\u202e" not in ann.name


def test_a_page_joins_with_a_cookie(place):
    body = {"code": place.code, "name": "Ann", "browser": True}
    _, _, headers = place.nobody.post("/api/join", body)
    cookie = headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    mine = place.nobody.get("/api/me", Cookie=cookie.split(";")[0])
    assert mine[1]["name"] == "Ann"


def test_anybody_learns_which_room_it_is_and_nothing_else(place):
    told = place.nobody.get("/api/room")[1]
    assert told.keys() == {"room", "title", "kit", "mirror", "role"}
    assert (told["role"], place.joined().get("/api/room")[1]["role"]) == (
        None,
        "attendee",
    )


def test_a_personal_code_lets_one_more_device_in(place):
    ann = place.joined()
    code = ann.post("/api/me/code")[1]["code"]
    status, found, _ = place.nobody.post("/api/join", {"code": code, "name": ""})
    assert (status, found["person"]) == (200, ann.id)
    again = place.nobody.post("/api/join", {"code": code, "name": ""})
    assert again[0] == 403


def test_the_instructor_can_give_somebody_a_new_way_in(place):
    ann = place.joined()
    _, found, _ = place.instructor.post("/api/board/code", {"person": ann.id})
    _, back, _ = place.nobody.post("/api/join", {"code": found["code"]})
    assert back["person"] == ann.id


def test_who_was_removed_is_not_known_any_more(place):
    ann, bob = place.joined(), place.joined("Bob")
    place.instructor.do("remove", person=ann.id)
    assert ann.get("/api/me")[0] == 401
    assert bob.get("/api/me")[0] == 200
    assert [one["name"] for one in place.board()["people"]] == ["Bob"]


def test_a_link_becomes_a_cookie(place):
    token = place.instructor.token
    status, found, headers = place.nobody.post("/api/enter", {"token": token})
    assert (status, found) == (200, {"role": "instructor"})
    assert token in headers["Set-Cookie"]


def test_a_report_is_seen_on_the_board(begun):
    ann = begun.joined()
    status, found, _ = ann.post("/api/me/reports", {"reports": [report(1, "pfw")]})
    assert (status, found["taken"]) == (200, [f"{1:032x}"])
    cell = begun.person(ann)["lessons"][STEM]
    assert (cell["checks"], cell["outcome"], cell["tries"]) == ("pfw", "failed", 1)


def test_a_report_that_is_sent_twice_counts_once(begun):
    ann = begun.joined()
    for _ in range(3):
        ann.post("/api/me/reports", {"reports": [report(1), report(2)]})
    assert begun.person(ann)["lessons"][STEM]["tries"] == 2


def test_reports_of_two_people_may_have_one_number(begun):
    ann, bob = begun.joined(), begun.joined("Bob")
    for one in (ann, bob):
        one.post("/api/me/reports", {"reports": [report(1)]})
    assert begun.person(bob)["lessons"][STEM]["tries"] == 1


def test_a_report_that_does_not_fit_does_not_hold_up_the_others(begun):
    ann = begun.joined()
    sent = [report(1, outcome="excellent"), report(2, lesson="99_none"), report(3)]
    _, found, _ = ann.post("/api/me/reports", {"reports": sent})
    assert len(found["taken"]) == 3
    assert begun.person(ann)["lessons"][STEM]["tries"] == 1


def test_a_late_report_does_not_take_back_a_newer_one(begun):
    ann = begun.joined()
    ann.post("/api/me/reports", {"reports": [report(1, "ppp")]})
    ann.post("/api/me/reports", {"reports": [report(2, "fff", age=0.05)]})
    cell = begun.person(ann)["lessons"][STEM]
    assert (cell["checks"], cell["reached"], cell["tries"]) == ("ppp", True, 2)


def test_the_board_tells_advice_hardest_check_and_median(begun):
    for name, outcomes in (("Ann", "ppp"), ("Bob", "pff"), ("Cem", "ppf")):
        one = begun.joined(name)
        one.post("/api/me/reports", {"reports": [report(1, outcomes)]})
    board = begun.board()
    lesson = board["lessons"][0]
    assert (lesson["solved"], lesson["working"]) == (1, 2)
    assert lesson["hardest"]["check"] == "adds_lists"
    assert lesson["median"] < 1
    assert board["advice"][0] | {"title": ""} == {
        **{"lesson": STEM, "check": "adds_lists", "people": 2, "title": ""},
        "text": "Look at adds_lists.",
    }


def test_whoever_fails_the_same_check_often_is_stuck(begun):
    ann = begun.joined()
    for number in range(4):
        ann.post("/api/me/reports", {"reports": [report(number, "pfw")]})
    stuck = begun.person(ann)["stuck"]
    assert (stuck["check"], stuck["tries"]) == ("is_used", 4)
    ann.post("/api/me/reports", {"reports": [report(9, "ppf")]})
    assert begun.person(ann)["stuck"] is None


def test_a_raised_hand_is_seen_until_somebody_helped(begun):
    ann = begun.joined()
    assert ann.post("/api/me/hand", {"up": True})[1]["view"]["hand"] is True
    assert begun.person(ann)["hand"] == pytest.approx(time.time(), abs=60)
    begun.instructor.do("helped", person=ann.id)
    assert ann.me()["hand"] is False


def test_the_next_lesson_takes_done_away_and_opens(begun):
    ann = begun.joined()
    ann.post("/api/me/done", {"done": True})
    assert ann.me()["done"] is True
    begun.instructor.do("next")
    assert ann.me()["done"] is True  # tea is no lesson
    begun.instructor.do("next")
    mine = ann.me()
    assert mine["done"] is False
    assert [one["open"] for one in mine["lessons"]] == [True, True]


def test_lessons_are_opened_and_closed_beside_the_agenda(begun):
    ann = begun.joined()
    begun.instructor.do("open", lesson="02_more")
    begun.instructor.do("close", lesson=STEM)
    begun.instructor.do("release", lesson=STEM)
    first, second = ann.me()["lessons"]
    assert (first["open"], first["released"], second["open"]) == (False, True, True)


def test_a_message_reaches_everybody(begun):
    begun.instructor.do("say", text=" Coffee \n at 10:30 ")
    ann = begun.joined()
    assert ann.me()["messages"][0]["text"] == "Coffee at 10:30"
    assert begun.projector.get("/api/projector")[1]["messages"]


def test_votes_stay_hidden_until_the_answer_is_shown(begun):
    ann, bob = begun.joined(), begun.joined("Bob")
    begun.instructor.do("ask", lesson=STEM, number=0)
    asked = ann.me()["quiz"]
    assert "counts" not in asked
    assert "answer" not in asked
    for one, choice in ((ann, 0), (bob, 1), (ann, 1)):
        sent = {"question": asked["key"], "choice": choice}
        assert one.post("/api/me/vote", sent)[0] == 200
    assert begun.projector.get("/api/projector")[1]["quiz"]["counts"] == [0, 2, 0]
    begun.instructor.do("answer")
    told = ann.me()["quiz"]
    assert (told["answer"], told["mine"], told["counts"]) == (1, 1, [0, 2, 0])
    assert ann.post("/api/me/vote", {"question": asked["key"], "choice": 0})[0] == 409


def test_nicknames_are_shown_only_on_a_leaderboard_and_by_choice(begun):
    ann, bob = begun.joined(), begun.joined("Bob")
    begun.instructor.do("leaderboard", on=True)
    ann.post("/api/me/nickname", {"nickname": "Ada"})
    assert bob.me()["leaderboard"] == [{"nickname": "Ada", "reached": 0}]
    ann.post("/api/me/nickname", {"nickname": None})
    assert bob.me()["leaderboard"] == []


def test_an_attendee_sees_nothing_of_another(begun):
    ann = begun.joined("Ann")
    begun.joined("Somebody Else").post("/api/me/reports", {"reports": [report(1)]})
    assert "Somebody" not in json.dumps(ann.me())


@pytest.mark.parametrize(
    ("action", "body", "status"),
    [
        ("next", {}, 409),
        ("pause", {}, 409),
        ("add", {"minutes": 5}, 409),
        ("end", {}, 409),
        ("start", {"plan": "none"}, 404),
        ("start", {}, 400),
        ("say", {"text": " "}, 400),
        ("ask", {"lesson": STEM, "number": 5}, 404),
        ("open", {"lesson": "99_none"}, 404),
        ("helped", {"person": 99}, 404),
        ("dance", {}, 404),
    ],
)
def test_what_makes_no_sense_now_is_refused_and_changes_nothing(
    place, action, body, status
):
    before = place.board()["clock"]["state"]
    assert place.instructor.post(f"/api/board/{action}", body)[0] == status
    assert place.board()["clock"]["state"] == before


def test_a_second_click_does_nothing(begun):
    before = begun.board()["clock"]["entry"]
    clicks = [begun.instructor.post("/api/board/next", {"from": before}) for _ in "ab"]
    assert [status for status, _, _ in clicks] == [200, 409]
    assert begun.board()["clock"]["entry"] == before + 1
    assert begun.instructor.post("/api/board/start", {"plan": "day"})[0] == 409


def test_behind_a_closed_door_people_stay_and_come_back(place):
    ann = place.joined()
    place.instructor.do("door", open=False)
    status, _, _ = place.nobody.post("/api/join", {"code": place.code, "name": "Bob"})
    assert status == 409
    code = ann.post("/api/me/code")[1]["code"]
    assert place.nobody.post("/api/join", {"code": code})[0] == 200
    place.instructor.do("door", open=True)
    assert place.joined("Bob").name == "Bob"


def test_minutes_are_added_and_coming_entries_shortened(begun):
    begun.instructor.do("add", minutes=5)
    view = begun.instructor.do("shorten", entry=2, minutes=0)
    states = [entry["state"] for entry in view["agenda"]]
    assert states == ["past", "now", "skipped", "coming", "coming"]
    assert view["agenda"][1]["minutes"] == 20


def test_a_room_that_is_behind_proposes_what_regains_time(begun):
    view = begun.instructor.do("add", minutes=25)
    proposed = view["proposals"]
    assert any("Tea" in one["text"] for one in proposed)
    behind = view["clock"]["behind"]
    one = proposed[0]
    after = begun.instructor.do(one["action"], **one["body"])["clock"]["behind"]
    assert behind - after == pytest.approx(one["minutes"], abs=0.1)


def test_nothing_newer_is_no_content(begun):
    ann = begun.joined()
    version = ann.me()["version"]
    assert ann.get(f"/api/me?since={version}")[0] == 204
    begun.instructor.do("say", text="Hello")
    assert ann.get(f"/api/me?since={version}")[0] == 200
    assert ann.get("/api/me?since=1")[0] == 200


def test_the_board_sends_only_rows_that_changed(begun):
    ann, bob = begun.joined(), begun.joined("Bob")
    version = begun.board()["version"]
    bob.post("/api/me/hand", {"up": True})
    _, found, _ = begun.instructor.get(f"/api/board?since={version}")
    assert found["partial"] is True
    assert [one["id"] for one in found["people"]] == [bob.id]
    assert ann.id != bob.id


def events(port, path, token):
    """Open a stream, and yield the views that come."""
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    answer = line.getresponse()
    assert answer.status == 200
    try:
        while text := answer.readline():
            if text.startswith(b"data: "):
                yield json.loads(text[6:])
    finally:
        line.close()


def test_a_stream_tells_what_changes(begun):
    ann = begun.joined()
    stream = events(begun.port, "/api/me/events", ann.token)
    assert next(stream)["messages"] == []
    begun.instructor.do("say", text="Look here")
    assert next(stream)["messages"][0]["text"] == "Look here"
    stream.close()


def test_a_stream_ends_for_who_was_removed(begun):
    ann = begun.joined()
    stream = events(begun.port, "/api/me/events", ann.token)
    next(stream)
    begun.instructor.do("remove", person=ann.id)
    assert list(stream) == []


def test_the_way_in_is_a_picture(place):
    status, content, headers = place.projector.get("/api/projector/qr.svg")
    assert (status, headers.get_content_type()) == (200, "image/svg+xml")
    assert content.startswith(b"<svg")


def test_the_sheet_of_people_acts_on_nothing(place):
    place.joined("=HYPERLINK(1)")
    sheet = place.instructor.get("/api/board/people.csv")[1].decode("utf-8-sig")
    assert '"\'=HYPERLINK(1)"' in sheet


def test_a_room_that_starts_again_is_as_it_was(taught, tmp_path):
    with running(taught, tmp_path / "room") as place:
        ann = place.joined()
        place.instructor.do("start", plan="day", measured=False)
        place.instructor.do("next")
        ann.post("/api/me/reports", {"reports": [report(1, "pff")]})
        ann.post("/api/me/hand", {"up": True})
        before, token = place.board(), place.instructor.token
    with running(taught, tmp_path / "room") as place:
        after = place.board()
        assert Asking(place.port, ann.token).me()["name"] == "Ann"
        assert place.instructor.token == token
    for view in (before, after):
        for moving in ("version", "clock", "join", "agenda", "proposals"):
            view.pop(moving)
        for row in view["people"]:
            row.pop("seen")
    assert after == before


def test_renewed_keys_end_the_old_ones(taught, tmp_path):
    with running(taught, tmp_path / "room") as place:
        ann, old, code = place.joined(), place.instructor.token, place.code
    with running(taught, tmp_path / "room", renew=True) as place:
        assert Asking(place.port, old).get("/api/board")[0] == 401
        assert place.board()["people"]
        assert place.code != code
        assert Asking(place.port, ann.token).get("/api/me")[0] == 200


def test_another_session_knows_nobody(taught, tmp_path):
    with running(taught, tmp_path / "room") as place:
        ann = place.joined()
    with running(taught, tmp_path / "room", new=True) as place:
        assert place.board()["people"] == []
        assert Asking(place.port, ann.token).get("/api/me")[0] == 401


def test_every_route_names_who_may_use_it(place):
    app = place.held.app()
    for route in app.routes:
        assert isinstance(route.endpoint.roles, tuple), route.path


def test_the_page_about_the_protocol_names_every_route_and_action(place):
    text = (Path(__file__).parents[1] / "docs" / "room-protocol.md").read_text("utf-8")
    generic = {"{name}": "NAME", "{lesson}": "LESSON", "{action}": "ACTION"}
    for route in place.held.app().routes:
        path = route.path
        for found, shown in generic.items():
            path = path.replace(found, shown)
        path = "/page/NAME" if path.startswith("/page/") else path
        assert f"{path}`" in text or f"{path}?" in text or f"`{path} " in text, path
    assert [name for name in ACTIONS if f"`{name}`" not in text] == []
