"""Captured output is what a terminal would show in the end."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.terminal import LIMIT, Screen, settle


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("10%\r50%\r100%", "100%"),
        ("abc\rX", "Xbc"),
        ("1/9\b\b\b2/9", "2/9"),
        ("\x1b[1mbold\x1b[0m", "bold"),
        ("\x1b]0;title\x07text", "text"),
        ("bell\x07 and NUL\x00", "bell� and NUL�"),
        ("=HYPERLINK(1)", "=HYPERLINK(1)"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_rewriting_is_carried_out(line, shown):
    assert settle(line) == shown


@given(st.text().filter(lambda text: "\n" not in text))
def test_no_control_character_survives(text):
    shown = settle(text).replace("\t", "")
    assert all(unicodedata.category(character) != "Cc" for character in shown)


@given(st.lists(st.binary(max_size=50)))
def test_any_bytes_in_any_pieces_give_the_same_screen(pieces):
    whole, parts = Screen(), Screen()
    whole.feed(b"".join(pieces))
    for piece in pieces:
        parts.feed(piece)
    whole.close()
    parts.close()
    assert whole.text == parts.text


def test_what_is_kept_is_bounded_and_says_so():
    screen = Screen()
    for _ in range(1000):
        screen.feed(b"x" * 999 + b"\n")
    screen.close()
    assert len(screen.text) < LIMIT + 2_000
    assert "more, not shown" in screen.lines[-1]


def test_one_endless_line_is_bounded():
    screen = Screen()
    for _ in range(200):
        screen.feed(b"y" * 10_000)
    screen.close()
    assert len(screen.text) < 3_000
