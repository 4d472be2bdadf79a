"""A certificate's page shows what is signed, carries it, and prints on one sheet."""

import contextlib
import dataclasses
import hashlib
import html
import re

import pytest
from certificates import ANN, BOXED, DIGITS, NAMES
from hypothesis import given
from hypothesis import strategies as st

from workshop import course
from workshop.certificate import CertificateError, Key, Reached, packed, read, sign
from workshop.report.certificate import page
from workshop.report.rosette import rosette

LONG = (
    "Wolfeschlegelsteinhausenbergerdorff-Müller van der Longname von und zu Überlingen"
)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return Key(tmp_path_factory.mktemp("room") / "key")


@pytest.fixture(scope="module")
def made(key):
    """Return a function that makes the page of a certificate like Ann's."""

    def make(**changes):
        return page(read(sign(dataclasses.replace(ANN, **changes), key)))

    return make


def shown(text):
    """Return the words of a page, without what it carries."""
    body = re.sub("<(style|script)\\b.*?</\\1>", "", text, flags=re.S)
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", body)).split())


def test_a_page_shows_who_reached_what_and_where_it_ran(made, key):
    words = shown(made())
    assert (
        "Ann Lee reached the goals of 2 lessons of Keras & co. on 4 May 2026" in words
    )
    assert "Read digits 97 % drawn data answered on the attendee's machine" in words
    assert "Sort the fruit real data run in a box by the instructor" in words
    assert key.fingerprint in words


def test_a_page_says_what_it_does_not_prove(made):
    only = [shown(made(lessons=(one,))) for one in (DIGITS, BOXED)]
    assert "which model, script or person gave them, it could not see" in only[0]
    assert "who wrote it, the grader could not see" in only[1]
    assert ["labels of real data are public" in words for words in only] == [
        False,
        True,
    ]
    assert all("Anybody can make a key" in words for words in only)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_carries_the_signed_file(made, key, name):
    text = made(name=name)
    signed = read(text.encode())
    assert signed.certificate.name == name
    assert packed(signed).decode() in text


@pytest.mark.parametrize("name", NAMES)
def test_no_name_acts_on_a_page(made, name):
    text = made(name=name, course=name, room=name, kit=name)
    assert text.count("<script") == text.count("</script>") == 1
    assert not set("\u202e\x1b") & set(text)
    assert "<b>" not in text


@given(data=st.data())
def test_a_changed_byte_of_a_page_changes_no_meaning(made, data):
    content = made().encode()
    start = content.index(b'<script type="application/json"') - 20
    place = data.draw(st.integers(start, len(content) - 1))
    changed = bytearray(content)
    changed[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(CertificateError):
        assert read(bytes(changed)).certificate == ANN


def test_every_key_has_a_figure_of_its_own():
    keys = [hashlib.sha256(bytes([number])).hexdigest()[:32] for number in range(20)]
    assert len({rosette(key) for key in keys}) == 20
    assert rosette(keys[0]) == rosette(f"{keys[0][:16]} {keys[0][16:]}")


# In a browser


@pytest.fixture
def opened(browser, tmp_path):
    """Return a function that opens a page on which nothing may go wrong unseen."""
    problems, asked = [], []
    view = browser.new_page(viewport={"width": 1366, "height": 768})
    view.on("pageerror", lambda error: problems.append(str(error)))
    view.on("console", lambda line: problems.append(line.text))
    view.on("request", lambda request: asked.append(request.url))

    def open_page(text):
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        view.goto((tmp_path / "page.html").as_uri())
        return view

    yield open_page
    view.close()
    assert problems == []
    assert len(asked) == 1


def lessons(count, title=""):
    known = course.load().lessons * 3
    return tuple(
        Reached(one.stem, title or one.title, "97 %", "attendee", "real", BOXED.created)
        for one in known[:count]
    )


def sheets(view):
    """Return on how many sheets a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b", view.pdf(prefer_css_page_size=True)))


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 9, 14, 20])
@pytest.mark.parametrize("name", ["Ann Lee", LONG, "山田太郎" * 30, "W" * 120])
def test_a_certificate_is_printed_on_one_sheet(made, opened, count, name):
    assert sheets(opened(made(name=name, lessons=lessons(count)))) == 1


@pytest.mark.slow
def test_nine_lessons_of_long_titles_are_printed_on_one_sheet(made, opened):
    title = (
        "Teach with pictures that nobody took, and learn what they are good for at all"
    )
    text = made(name=LONG, course=LONG, lessons=lessons(9, title))
    assert sheets(opened(text)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 800, 1366, 1920])
def test_nothing_hangs_over_the_edge(made, opened, scheme, width):
    view = opened(made(name=LONG, course=LONG, lessons=lessons(9)))
    view.emulate_media(color_scheme=scheme)
    view.set_viewport_size({"width": width, "height": 800})
    assert view.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_a_page_that_a_browser_has_saved_can_still_be_verified(made, opened):
    assert read(opened(made()).content().encode()).certificate == ANN
