"""Whatever answers at an address, a call ends in bounded time with a view or a word."""

import pytest
import rooms
from hypothesis import given
from hypothesis import strategies as st

from workshop.link import room as far
from workshop.link import view
from workshop.link.address import Address, NoAddress, read
from workshop.link.room import Declined, Room, Unreachable

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner)
    ),
    max_leaves=20,
)
PARTS = ("version", "clock", "agenda", "lessons", "messages")
TOKEN = "token-of-0-0123456789"


@pytest.fixture
def room():
    with rooms.opened() as made:
        made.names[TOKEN] = "Ann"
        yield made


def call(room, path="/api/me"):
    return Room(read(room.address)[0], TOKEN).get(path)


# addresses


@pytest.mark.parametrize(
    ("typed", "shown", "code"),
    [
        ("192.168.1.5", "192.168.1.5:8600", ""),
        ("192.168.1.5:80", "192.168.1.5:80", ""),
        (" http://192.168.1.5:8600/ ", "192.168.1.5:8600", ""),
        ("HTTP://Host.local", "Host.local:8600", ""),
        ("[fe80::1]:8601", "[fe80::1]:8601", ""),
        ("fe80::1", "[fe80::1]:8600", ""),
        ("http://[fe80::1%eth0]", "[fe80::1%eth0]:8600", ""),
        ("http://192.168.1.5:8600/#ABC-DEF", "192.168.1.5:8600", "ABC-DEF"),
        ("192.168.1.5/#ABC-DEF", "192.168.1.5:8600", "ABC-DEF"),
        ("http://192.168.1.5/me#secret", "192.168.1.5:8600", ""),
        ("müller.local", "xn--mller-kva.local:8600", ""),
    ],
)
def test_an_address_is_read_as_people_type_it(typed, shown, code):
    made, behind = read(typed)
    assert (made.shown, behind) == (shown, code)
    assert read(made.shown)[0] == made


@pytest.mark.parametrize(
    "typed",
    ["https://a.local", "ftp://a", "", "a b", "a:0", "a:x", "a:99999", "u@a", "a\r\nb"],
)
def test_what_is_no_address_is_refused_in_a_sentence(typed):
    with pytest.raises(NoAddress, match=r"\.$"):
        read(typed)


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_an_address_or_a_sentence(typed):
    try:
        made, _ = read(typed)
    except NoAddress:
        return
    assert made.header.isascii()
    assert made.header.isprintable()


def test_the_interface_of_an_address_is_not_sent():
    assert Address("fe80::1%eth0").header == "[fe80::1]:8600"


# calls


@pytest.mark.parametrize(
    "answer",
    [
        rooms.html,
        rooms.huge,
        rooms.redirect("http://127.0.0.1:1/"),
        rooms.status(500),
        lambda handler: handler.reply(200, b"[1]"),
        lambda handler: handler.reply(200, b"[" * 100_000),
        lambda handler: handler.reply(404, b"<html>"),
        lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"),
        lambda handler: handler.reply(200, b"{}", **{"Content-Length": 9}),
    ],
)
def test_what_is_no_room_was_not_reached(room, answer):
    room.instead["/api/me"] = answer
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1"):
        call(room)


def test_a_redirect_is_not_followed(room):
    room.instead["/api/me"] = rooms.redirect(f"http://{room.address}/api/room")
    with pytest.raises(Unreachable, match="not followed"):
        call(room)
    assert [path for _, path, *_ in room.calls] == ["/api/me"]


def test_a_reply_that_dribbles_ends_with_its_time(room):
    room.instead["/api/me"] = rooms.slow
    with pytest.raises(Unreachable, match="no answer in time"):
        Room(read(room.address)[0], TOKEN).get("/api/me", seconds=0.5)


def test_a_refusal_is_told_in_the_rooms_words_without_escapes(room):
    room.instead["/api/me"] = rooms.status(403, "No\x1b]0;gotcha\x07, \u202enever.")
    with pytest.raises(Declined) as caught:
        call(room)
    assert (caught.value.status, str(caught.value)) == (403, "No, \\u202enever.")


def test_a_body_that_is_refused_unread_is_a_refusal(room):
    def refuse(handler):
        handler.close_connection = True
        handler.reply(413, {"error": "Too large."})

    room.instead["/api/me/work/01"] = refuse
    request = far.Request("PUT", "/api/me/work/01", b"x" * 2**22, "application/zip")
    with pytest.raises(Declined, match="Too large"):
        Room(read(room.address)[0], TOKEN).send(request)


def test_no_proxy_is_asked(room, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert call(room)["version"] == 7


# views


@given(st.dictionaries(st.sampled_from(PARTS), JSON) | JSON)
def test_whatever_a_room_tells_can_be_looked_at(told):
    made = view.read(told)
    assert all(text.isprintable() for text in (made.now, made.lesson, made.version))


def test_in_a_pause_the_lesson_before_it_is_on():
    told = {
        "clock": {"state": "running", "entry": 1, "left": -61},
        "agenda": [{"title": "One", "lesson": "01"}, {"title": "Coffee"}],
    }
    made = view.read(told)
    assert (made.lesson, made.now) == ("01", "2 minutes over for Coffee")
