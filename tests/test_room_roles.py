"""Each route answers those it is for and nobody else, whatever they show."""

import http.client
import json
import sys

import pytest
from hostile_room import LESSON, assert_works, following, hosting, read_until

from workshop.room import keys


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    with hosting(tmp_path_factory.mktemp("room")) as made:
        yield made
        assert_works(made)


@pytest.fixture(autouse=True)
def nobody_was_wrong(host):
    host.room.wrong = keys.Limit(keys.WRONG, keys.WRONG_SECONDS)
    host.room.strange = keys.Limit(1000, 1.0)


@pytest.fixture(scope="module")
def tokens(host):
    """What people show, by who they are; the last ones are nobody."""
    gone = host.join("Gone")
    host.act("remove", person=host.person("Gone")["id"])
    attendee = host.join("Ann")
    return {
        **{"attendee": attendee, "instructor": host.instructor},
        **{"projector": host.projector, "removed": gone, "nobody": ""},
        **{"wrong": "0" * 40, "endless": "x" * 5000, "cut": host.instructor[:-1]},
        "older": keys.of_role(
            host.room.secret, host.room.session.room, "instructor", 7
        ),
    }


PLACES = {"name": "x", "lesson": LESSON.stem, "action": "clear", "path": "x"}


def places(app):
    """Yield method, path and roles of everything that is routed."""
    for route in app.routes:
        path = route.path.replace(":path", "").format(**PLACES)
        for method in sorted(route.methods - {"HEAD"}):
            yield method, path, route.endpoint.roles


def status(host, method, path, token):
    shown = f"Authorization: Bearer {token}\r\n" if token else ""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{shown}"
    return host.status(f"{head}Content-Length: 2\r\n\r\n{{}}".encode())


def test_every_route_is_for_exactly_the_roles_that_it_names(host, tokens):
    for method, path, roles in places(host.held.app()):
        for who, token in tokens.items():
            found = status(host, method, path, token)
            known = who in ("attendee", "instructor", "projector")
            if not roles or who in roles:
                assert found not in (401, 403) or path == "/api/join", (path, who)
                assert found < 500, (method, path, who)
            else:
                assert found == (403 if known else 401), (method, path, who)


def test_something_is_routed_for_each_role(host):
    found = {role for _, _, roles in places(host.held.app()) for role in roles}
    assert found == {"attendee", "instructor", "projector"}


def test_nobody_reaches_the_exam_of_somebody_else(host, tokens):
    asked = {"lesson": LESSON.stem}
    name = host.ask("POST", "/api/me/exams", tokens["attendee"], asked).json["exam"]
    path, other = f"/api/me/exams/{name}", host.join("Bob")
    assert host.ask("POST", path, other, b"{}").status == 404
    assert host.ask("POST", path, tokens["attendee"], b"{}").status == 200


def test_two_devices_that_begin_share_one_exam(host, tokens):
    asked = {"lesson": LESSON.stem}
    names = {
        host.ask("POST", "/api/me/exams", tokens["attendee"], asked).json["exam"]
        for _ in range(3)
    }
    assert len(names) == 1


def test_a_cookie_opens_this_room_and_no_other(host, tokens):
    name = f"workshop_{host.room.session.room[:8]}"
    own = host.ask("GET", "/api/me", Cookie=f"{name}={tokens['attendee']}")
    other = host.ask("GET", "/api/me", Cookie=f"workshop_ffffffff={tokens['attendee']}")
    broken = host.ask("GET", "/api/me", Cookie=f'{name}="\\"; {name}; =; \x01')
    assert (own.status, other.status, broken.status) == (200, 401, 401)


def test_a_cookie_is_kept_from_scripts_and_other_sites(host, tokens):
    reply = host.ask("POST", "/api/enter", "", {"token": tokens["projector"]})
    assert reply.json == {"role": "projector"}
    assert "HttpOnly" in reply.headers["set-cookie"]
    assert "SameSite=strict" in reply.headers["set-cookie"]


def test_a_token_that_is_no_text_lets_nobody_in(host):
    sent = json.dumps({"token": "\ud800"}).encode()
    assert host.ask("POST", "/api/enter", "", sent).status == 401


def test_tokens_are_tried_a_few_times_and_the_right_ones_still_work(host, tokens):
    host.room.strange = keys.Limit(keys.WRONG, keys.WRONG_SECONDS)
    found = [host.ask("GET", "/api/me", f"wrong{n}").status for n in range(12)]
    assert found == [401] * 10 + [429] * 2
    assert host.ask("GET", "/api/me", tokens["attendee"]).status == 200
    host.join("Not kept from joining")


def test_codes_are_tried_a_few_times_and_nothing_is_learned_after(host):
    code = host.room.session.code
    tried = [{"code": f"AAA-{n:03}", "name": "Eve"} for n in range(10)]
    found = [host.ask("POST", "/api/join", "", one).status for one in tried]
    late = host.ask("POST", "/api/join", "", {"code": code, "name": "Eve"})
    assert found == [403] * 10
    assert late.status == 429
    assert 0 < int(late.headers["retry-after"]) <= 60


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second loopback address")
def test_others_join_while_one_guesses(host, monkeypatch):
    for n in range(11):
        host.ask("POST", "/api/join", "", {"code": f"AAA-{n:03}", "name": "Eve"})
    elsewhere = ("127.0.0.2", 0)
    line = http.client.HTTPConnection("127.0.0.1", host.port, source_address=elsewhere)
    asked = {"code": host.room.session.code, "name": "Kim"}
    line.request("POST", "/api/join", json.dumps(asked))
    assert line.getresponse().status == 200
    line.close()


@pytest.mark.parametrize(
    "change", [str.lower, lambda code: f" {code.replace('-', '')}"]
)
def test_a_code_may_be_typed_as_people_type(host, change):
    asked = {"code": change(host.room.session.code), "name": "Typist"}
    assert host.ask("POST", "/api/join", "", asked).status == 200


def personal(host, token):
    return host.ask("POST", "/api/me/code", token).json["code"]


def come_in(host, code):
    return host.ask("POST", "/api/join", "", {"code": code, "name": ""})


def test_a_personal_code_lets_one_device_in_once(host):
    code = personal(host, host.join("Pat"))
    first, again = come_in(host, code), come_in(host, code)
    assert (first.status, first.json["name"], again.status) == (200, "Pat", 403)


def test_a_newer_personal_code_ends_the_older_one(host):
    token = host.join("Quin")
    older, newer = personal(host, token), personal(host, token)
    assert [come_in(host, code).status for code in (older, newer)] == [403, 200]


def test_a_personal_code_is_too_old_after_ten_minutes(host, monkeypatch):
    code = personal(host, host.join("Rita"))
    monkeypatch.setattr(keys, "PERSONAL_SECONDS", -1)
    late = personal(host, host.join("Sam"))
    assert [come_in(host, one).status for one in (code, late)] == [200, 403]


def test_a_personal_code_of_somebody_removed_lets_nobody_in(host):
    code = personal(host, host.join("Tess"))
    host.act("remove", person=host.person("Tess")["id"])
    assert come_in(host, code).status == 403


def test_nobody_has_devices_without_end(host):
    token = host.join("Many")
    codes = [come_in(host, personal(host, token)).status for _ in range(13)]
    assert codes == [200] * 11 + [409] * 2


def test_whoever_is_removed_sees_nothing_more(host):
    token = host.join("Ute")
    with following(host, "/api/me/events", token) as (sock, head):
        assert head.startswith(b"HTTP/1.1 200")
        host.act("remove", person=host.person("Ute")["id"])
        read_until(sock, b"0\r\n\r\n")
    assert host.ask("GET", "/api/me", token).status == 401


def test_renewed_keys_end_the_old_ones_and_keep_attendees(tmp_path):
    with hosting(tmp_path) as first:
        code, token, attendee = first.room.session.code, first.instructor, first.join()
    with hosting(tmp_path, renew=True) as second:
        joined = second.ask("POST", "/api/join", "", {"code": code, "name": "Eve"})
        assert second.ask("GET", "/api/board", token).status == 401
        assert second.ask("GET", "/api/me", attendee).status == 200
        assert joined.status == 403
