"""The pages of attendees and of the projector, used in a real browser as people do."""

import pytest
import room_views as views
from fake_room import Room, Served, go, reached, refused, watched

pytestmark = pytest.mark.slow
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture
def served():
    with Served(Room(people=[views.person(i) for i in range(1, 31)])) as running:
        yield running


@pytest.fixture
def room(served):
    return served.room


@pytest.fixture
def problems():
    """What the browser's console said; a test that expects a line takes it out."""
    return []


@pytest.fixture
def page(browser, served, problems):
    with watched(browser, served, problems) as opened:
        yield opened


def test_one_joins_with_the_keyboard_alone(page, room):
    room.change(known=False)
    page.goto("/#ABC-DEF")
    page.get_by_role("heading", name="Deep learning").wait_for()
    page.keyboard.type("Ann <b>Lee")
    room.change(known=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me")
    page.get_by_role("button", name="I need help").wait_for()
    joined = {"code": "ABC-DEF", "name": "Ann <b>Lee", "browser": True}
    assert ("join", joined) in room.acts


def test_a_wrong_code_is_said_and_can_be_typed_again(page, room, problems):
    room.change(known=False)
    page.goto("/")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("Code").fill("xyz-xyz")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("alert").get_by_text("not the code of the room").wait_for()
    assert page.evaluate("document.activeElement.id") == "code"
    refused(problems, 403)


def test_who_is_in_the_room_goes_straight_to_their_page(page):
    page.goto("/")
    page.get_by_role("button", name="I need help").wait_for()


def test_who_is_not_in_the_room_is_told_how_to_join(page, room, problems):
    room.change(known=False)
    page.goto("/me")
    page.get_by_role("link", name="Join the room").wait_for()
    refused(problems, 401)


def test_the_tab_key_reaches_every_control_of_ones_own_page(page, room):
    room.change(quiz="open", messages=2, leaders=True, certificate=True)
    go(page, "/me")
    wanted = page.eval_on_selector_all(
        "button, a, input, summary",
        "all => all.filter(it => it.offsetParent).map(it => it.id || it.innerText)",
    )
    assert set(wanted) == set(reached(page))
    assert len(wanted) == 13


@pytest.mark.parametrize("path", ["/me", "/board", "/projector"])
def test_what_changes_is_shown(page, room, path):
    go(page, path)
    room.change(messages=2)
    text = views.messages(2)[1]["text"]
    room.change(state="paused")
    page.get_by_text("Paused").first.wait_for()
    assert path != "/board" or text in page.inner_text("#messages")


@pytest.mark.parametrize("path", ["/me", "/board", "/projector"])
def test_the_countdown_goes_down_and_says_when_time_is_over(page, room, path):
    go(page, path)
    page.locator("#left", has_text="25:1").wait_for()
    page.locator("#left", has_text="25:0").wait_for()
    room.change(state="overrun")
    page.locator("#left", has_text="+2:1").wait_for()
    assert "over time" in page.inner_text("#until")


def test_the_page_comes_back_after_the_room_was_away(page, served, problems):
    go(page, "/me")
    served.stop()
    page.get_by_role("status").get_by_text("Connection lost").wait_for()
    served.start()
    served.room.change(messages=0)
    page.locator("#messages").wait_for(state="hidden")
    page.get_by_text("Connection lost").wait_for(state="hidden")
    problems[:] = [line for line in problems if "net::ERR_" not in line]


def test_without_streams_the_page_asks_again_and_again(page, room, problems):
    room.change(streams=False)
    go(page, "/me")
    room.change(messages=0)
    page.locator("#messages").wait_for(state="hidden")
    room.change(state="paused")
    page.get_by_text("Paused").wait_for()
    assert page.inner_text("#lost") == ""
    refused(problems, 503)


def test_a_page_that_nobody_sees_holds_no_stream(page, room):
    go(page, "/me")
    page.evaluate(HIDE, True)
    room.change(messages=0)
    page.wait_for_timeout(300)
    assert page.is_visible("#messages")
    page.evaluate(HIDE, False)
    page.locator("#messages").wait_for(state="hidden")
    assert room.opened == 2


def test_help_is_asked_for_and_taken_back(page, room):
    go(page, "/me")
    page.get_by_role("button", name="I need help").click()
    page.get_by_role("button", name="Hand is up").click()
    page.get_by_role("button", name="I need help").wait_for()
    assert room.acts == [("me/hand", {"up": True}), ("me/hand", {"up": False})]


def test_an_answer_is_given_and_marked_when_it_is_shown(page, room):
    room.change(quiz="open")
    go(page, "/me")
    choice = page.get_by_role("button", name="A How many images")
    choice.click()
    page.get_by_text("Your answer").wait_for()
    assert choice.get_attribute("aria-pressed") == "true"
    room.change(quiz="answered")
    right = page.locator("#quiz li", has_text="The right answer")
    assert "Which way, and how steeply" in right.inner_text()
    assert "73 %" in right.inner_text()


def test_the_projector_shows_how_the_votes_stand(page, room):
    room.change(quiz="open")
    go(page, "/projector")
    widths = page.eval_on_selector_all(
        "#quiz .fill", "all => all.map(x => x.style.width)"
    )
    assert widths == ["15%", "73%", "12%"]
    assert page.get_by_text("The right answer").count() == 0


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize(
    "values",
    [
        {"state": "before", "install": views.INSTALL},
        {"people": [views.person(1)], "install": views.INSTALL},
        {"messages": 2, "leaders": True},
        {"state": "paused"},
        {"quiz": "answered", "leaders": True},
    ],
)
def test_the_projector_needs_no_scrolling(page, room, values, size):
    room.change(**values)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    go(page, "/projector")
    page.locator("#agenda li, #joining").first.wait_for(state="attached")
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]


def test_another_device_gets_a_code(page, room):
    go(page, "/me")
    page.get_by_role("button", name="Use another device too").click()
    page.locator("#personal-code", has_text="QWER-TZUP").wait_for()
    assert f"{page.url.removesuffix('/me')}/#QWER-TZUP" in page.inner_text("#link")


def test_whoever_leaves_is_asked_first(page, room):
    go(page, "/me")
    page.get_by_role("button", name="Leave on this device").click()
    page.keyboard.press("Escape")
    assert room.acts == []
    page.get_by_role("button", name="Leave on this device").click()
    page.get_by_role("button", name="Leave", exact=True).click()
    page.get_by_role("button", name="Join").wait_for()
    assert room.acts == [("leave", {})]
