"""The instructor's board, used in a real browser by mouse and by keyboard."""

import pytest
import room_views as views
from fake_room import Room, Served, go, reached, watched

pytestmark = pytest.mark.slow
TOKEN = "t" * 43
COUNT = """() => {
  window.changes = 0;
  new MutationObserver((all) => { window.changes += all.length; }).observe(
    document.querySelector("#grid"),
    { subtree: true, childList: true, attributes: true, characterData: true });
}"""


@pytest.fixture
def served():
    with Served(Room(people=[views.person(i) for i in range(1, 31)])) as running:
        yield running


@pytest.fixture
def room(served):
    return served.room


@pytest.fixture
def page(browser, served):
    with watched(browser, served, []) as opened:
        yield opened


def names(page):
    return page.locator("#grid tbody bdi").all_inner_texts()


def test_the_token_of_a_link_is_handed_in_and_vanishes(page, room):
    go(page, f"/board#{TOKEN}")
    assert ("enter", {"token": TOKEN}) in room.acts
    assert page.url.endswith("/board")


def test_the_tab_key_passes_the_list_of_people_in_one_step(page):
    go(page, "/board")
    way = reached(page)
    assert {"next", "more", "hide", "scroll"} <= set(way)
    assert len(way[way.index("scroll") :]) == 2


def test_names_are_text_whatever_they_hold(page):
    go(page, "/board")
    assert set(views.ODD) <= set(names(page))


@pytest.mark.parametrize(
    ("order", "badge"), [("stuck", "stuck"), ("hands", "hand up"), ("progress", "done")]
)
def test_the_board_is_sorted_as_asked(page, order, badge):
    go(page, "/board")
    page.get_by_label("Sort by").select_option(order)
    rows = page.locator("#grid tbody tr").all_inner_texts()
    held = [badge in row for row in rows]
    assert any(held)
    assert held == sorted(held, reverse=True)


def test_hidden_names_stay_hidden_and_keep_their_labels(page):
    go(page, "/board")
    page.get_by_label("Hide names").check()
    hidden = names(page)
    assert hidden[:2] == ["A 1", "A 2"]
    go(page, "/board")
    assert names(page) == hidden
    assert not {person["name"] for person in map(views.person, range(1, 31))} & set(
        page.locator("bdi").all_inner_texts()
    )


def test_the_keys_go_from_person_to_person(page, room):
    go(page, "/board")
    page.locator("#grid tbody button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    third = names(page)[2]
    page.keyboard.press("Enter")
    assert page.locator("#person-name").inner_text() == third
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.innerText") == third


def test_a_person_is_removed_after_a_second_question(page, room):
    go(page, "/board")
    page.locator("#grid tbody button").first.click()
    page.get_by_role("button", name="Remove …").click()
    assert room.acts == []
    with page.expect_response("**/api/board/remove"):
        page.get_by_role("button", name="Yes, remove them").click()


def test_the_session_starts_with_the_plan_that_was_chosen(page, room):
    room.change(state="before")
    go(page, "/board")
    page.get_by_role("button", name="Start the session").click()
    page.get_by_label("A taster, 90 min").check()
    page.get_by_label("Use the times measured").check()
    with page.expect_response("**/api/board/start"):
        page.get_by_role("button", name="Start", exact=True).click()
    assert room.acts == [("board/start", {"plan": "taster", "measured": True})]


def test_a_proposal_is_applied_with_one_press(page, room):
    go(page, "/board")
    with page.expect_response("**/api/board/shorten"):
        page.get_by_role("button", name="Apply").click()
    assert room.acts == [("board/shorten", {"entry": 6, "minutes": 35})]


def test_a_click_says_what_was_on_so_that_two_of_them_count_once(page, room):
    go(page, "/board")
    with page.expect_response("**/api/board/next"):
        page.get_by_role("button", name="Next").click()
    assert room.acts == [("board/next", {"from": views.ON})]


def test_the_door_can_be_closed(page, room):
    go(page, "/board")
    page.get_by_role("button", name="More …").click()
    page.get_by_role("button", name="Close the door").click()
    page.get_by_text("nobody new comes in").wait_for()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_text("(door closed)").wait_for()
    assert room.acts == [("board/door", {"open": False})]


def test_five_hundred_rows_are_not_touched_when_two_people_change(page, room):
    room.change(people=[views.person(i) for i in range(1, 501)])
    go(page, "/board")
    page.locator("#people", has_text="500 joined").wait_for()
    page.evaluate(COUNT)
    for number in (7, 400):
        room.people[number - 1] = {
            **views.person(number, seed=2),
            "name": f"New {number}",
        }
    room.change(7, 400)
    page.locator("#grid bdi", has_text="New 400").wait_for(state="attached")
    assert page.evaluate("window.changes") < 150
