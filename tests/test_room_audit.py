"""Axe audits every page in every state, light and dark, on a laptop and a phone."""

import pytest
import room_views as views
from fake_room import Room, Served

audit = pytest.importorskip(
    "axe_playwright_python.sync_playwright",
    reason="pip install axe-playwright-python, for the audit of the pages",
)
pytestmark = pytest.mark.slow
SIZES = {"laptop": (1366, 768), "phone": (390, 844), "zoomed": (683, 384)}
QUIZ = ({"quiz": "open"}, {"quiz": "answered", "leaders": True})
STATES = [{"state": state} for state in views.STATES]
EMPTY = {"state": "before", "people": [], "messages": 0}
MINE = {
    "hand": True,
    "done": True,
    "certificate": True,
    "nickname": "Σ",
    "leaders": True,
}
CASES = [
    *[("/", {"known": False}), ("/about", {}), ("/me", {"known": False})],
    *[(page, state) for page in ("/me", "/board", "/projector") for state in STATES],
    *[(page, quiz) for page in ("/me", "/board", "/projector") for quiz in QUIZ],
    *[("/me", MINE), ("/board", EMPTY)],
    *[("/projector", {"install": views.INSTALL, **more}) for more in ({}, EMPTY)],
]
DIALOGS = {
    "#start": {"state": "before"},
    "#say": {},
    "#ask": {},
    "#more": {},
    "#grid tbody button": {},
    "#agenda button:enabled": {},
}


@pytest.fixture(scope="module")
def served():
    with Served(Room()) as running:
        yield running


@pytest.fixture(params=["light", "dark"])
def page(request, browser, served):
    opened = browser.new_page(
        color_scheme=request.param, reduced_motion="reduce", base_url=served.address
    )
    yield opened
    opened.close()


def go(page, served, path, values, size=SIZES["laptop"]):
    """Open a page of a room in which `values` hold."""
    room = {"people": [views.person(i) for i in range(1, 17)], **values}
    for name, value in {**Room().__dict__, **room}.items():
        setattr(served.room, name, value)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(path)
    shown = "main:visible, #page:visible, #refused:visible"
    page.locator(shown).first.wait_for()


def wrong(page):
    """Return what axe finds wrong, and where."""
    found = audit.Axe().run(page).response["violations"]
    return [
        (rule["id"], rule["impact"], node["html"], node["failureSummary"])
        for rule in found
        for node in rule["nodes"][:3]
    ]


@pytest.mark.parametrize(("path", "values"), CASES)
def test_nothing_is_wrong_and_nothing_hangs_over_the_edge(page, served, path, values):
    for name, size in SIZES.items():
        go(page, served, path, values, size)
        if name != "zoomed":
            assert wrong(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize("button", DIALOGS)
def test_nothing_is_wrong_in_a_dialog(page, served, button):
    go(page, served, "/board", DIALOGS[button])
    page.locator(button).first.click()
    page.locator("dialog[open]").wait_for()
    assert wrong(page) == []


@pytest.mark.parametrize("path", ["/", "/about", "/me", "/board", "/projector"])
def test_text_of_twice_the_size_fits(page, served, path):
    go(page, served, path, {"known": path != "/", "quiz": "open"}, SIZES["phone"])
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
