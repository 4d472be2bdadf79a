"""Whatever people write is text or refused; it acts nowhere and breaks nothing."""

import json
import secrets

import pytest
from hostile_room import LESSON, assert_works, hosting, replayed, report
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workshop.room import keys
from workshop.room.actions import ACTIONS

WORDS = {
    "a script": "<script>alert(1)</script>",
    "a formula": '=HYPERLINK("http://evil.example","me")',
    "colours": "\x1b[31mred\x1b]0;title\x07",
    "written from the right": "Ann\u202egnp.exe",
    "nothing visible": "\u200b\u2060\ufeff",
    "a null": "An\x00n",
    "lines": "Ann\r\nBob\u2028Kim",
    "half a letter": "\ud83d",
    "a family": "👨‍👩‍👧",
    "marks upon marks": "a" + "\u0301" * 500,
    "endless": "x" * 50_000,
}
HIDDEN = set("\x00\x07\x1b\r\n\u202e\u2028\ufeff\u2060\ud83d")


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with hosting(tmp_path_factory.mktemp("room")) as made:
        yield made
        assert_works(made)


@pytest.fixture(autouse=True)
def nobody_was_wrong(host):
    host.room.wrong = keys.Limit(10**6, 1.0)
    yield
    assert_same_after_restart(host)


def assert_same_after_restart(host):
    now, after = host.room.session, replayed(host)
    assert [one.name for one in now.people.values()] == [
        one.name for one in after.people.values()
    ]
    assert [vars(one)["lessons"] for one in now.people.values()] == [
        vars(one)["lessons"] for one in after.people.values()
    ]
    assert (now.messages, now.open, now.poll) == (
        after.messages,
        after.open,
        after.poll,
    )


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_a_name_is_one_line_that_acts_on_nothing(host, words):
    asked = {"code": host.room.session.code, "name": words}
    reply = host.ask("POST", "/api/join", "", asked)
    assert reply.status == 200
    assert 1 <= len(reply.json["name"]) <= 86
    assert not HIDDEN & set(reply.json["name"])


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_what_people_write_stays_text_on_every_page(host, words):
    token = host.join(f"Writer {secrets.token_hex(4)}")
    check = LESSON.checks[0].name
    sent = report(advice={check: words, "no such check": words}, stop=words)
    host.ask("POST", "/api/me/reports", token, {"reports": [sent]})
    host.ask("POST", "/api/me/nickname", token, {"nickname": words})
    host.act("say", text=words[:1000])
    for path in ("/api/me", "/api/board", "/api/projector"):
        shown = host.ask("GET", path, token if path == "/api/me" else host.instructor)
        assert shown.headers["content-type"] == "application/json"
        assert shown.headers["x-content-type-options"] == "nosniff"
        text = json.dumps(shown.json, ensure_ascii=False)
        assert not HIDDEN & set(text)


def test_no_cell_of_the_sheet_is_a_formula(host):
    for name in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '"=1'):
        host.join(name)
    sheet = host.ask("GET", "/api/board/people.csv", host.instructor)
    assert sheet.status == 200
    lines = sheet.body.decode("utf-8-sig").splitlines()
    assert not [one for one in lines if one.lstrip('"').startswith(tuple("=+-@\t"))]


letters = st.text(st.characters(exclude_categories=()), max_size=20)
numbers = st.integers() | st.floats() | st.sampled_from([10**400, -(2**63), 1e308])
values = st.recursive(
    st.none() | st.booleans() | numbers | letters,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(letters, inner),
    max_leaves=8,
)
known = st.sampled_from(
    [LESSON.stem, "passed", "failed", "full_day", "all", "0" * 32, 0, 1, -1, True]
)
NAMES = [
    *("code", "name", "browser", "token", "up", "done", "question", "choice", "id"),
    *("nickname", "lesson", "outcome", "checks", "advice", "age", "stop", "seconds"),
    *("plan", "measured", "entry", "minutes", "text", "number", "on", "person"),
]
fields = st.dictionaries(
    st.sampled_from(NAMES) | letters, known | values, max_size=6
) | st.fixed_dictionaries(
    {"reports": st.lists(st.dictionaries(st.sampled_from(NAMES), known | values))}
)
OWN = ("reports", "hand", "done", "vote", "nickname", "code", "exams", "exams/x")
THEIRS = [f"/api/board/{action}" for action in ACTIONS if action != "remove"]
ROUTES = [*(f"/api/me/{one}" for one in OWN), *THEIRS, "/api/join", "/api/enter"]
many = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@many
@given(path=st.sampled_from(ROUTES), sent=fields | values)
def test_no_json_whatsoever_breaks_a_route(host, path, sent):
    host.room.strange = keys.Limit(10**6, 1.0)
    token = host.instructor if "board" in path else host.join("Hypo")
    reply = host.ask("POST", path, token, json.dumps(sent).encode())
    assert reply.status < 500, (path, sent, reply.body)


whole = report()


@many
@given(
    name=st.sampled_from([*whole, "checks", "advice", "age"]),
    value=values | st.lists(st.lists(known | values, max_size=3), max_size=4),
)
def test_a_report_with_something_wrong_in_it_is_taken_or_left(host, name, value):
    token, sent = host.join("Hypo"), {**report(), name: value}
    reply = host.ask("POST", "/api/me/reports", token, {"reports": [sent, report()]})
    assert reply.status == 200
    assert 1 <= len(reply.json["taken"]) <= 2


@settings(max_examples=30, deadline=None)
@given(sent=st.binary(max_size=200))
def test_no_bytes_whatsoever_break_an_exam(host, sent):
    token = host.join("Hypo")
    asked = {"lesson": LESSON.stem}
    name = host.ask("POST", "/api/me/exams", token, asked).json["exam"]
    assert host.ask("POST", f"/api/me/exams/{name}", token, sent).status == 200


@settings(max_examples=100, deadline=None)
@given(sent=st.binary(min_size=1, max_size=300))
def test_no_bytes_whatsoever_break_the_server(host, sent):
    host.raw(sent + b"\r\n\r\n", ending=False)
