"""A whole session in a few minutes: an instructor, a projector, three attendees.

All pages are real ones in a real browser, and attendees check and hand in with the
commands they have. WORKSHOP_PICTURES names a folder for what the pages looked like.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from roomed import running

from workshop import course

playwright = pytest.importorskip(
    "playwright.sync_api", reason="pip install playwright, for tests of pages"
)
pytestmark = pytest.mark.slow
COURSE = Path(__file__).parent / "session"
SOLUTION = (COURSE / "solutions" / "01_averages.py").read_text("utf-8")
EXERCISE = (COURSE / "exercises" / "01_averages.py").read_text("utf-8")
WRONG = EXERCISE.replace("return ...  # TODO 1", "return images / 2.0  # TODO 1")
LAPTOP, WALL, PHONE = (1366, 768), (1920, 1080), (390, 844)
STOP_SECONDS = 180


class Attendee:
    """Somebody with a folder, a terminal and a page."""

    def __init__(self, folder, place):
        self.folder = folder
        self.address = f"127.0.0.1:{place.port}"
        self.type("--course", str(COURSE), "start", ".")

    def type(self, *words, status=0):
        """Run a command as it would be typed; return what it printed."""
        self.folder.mkdir(exist_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "workshop", *words],
            cwd=self.folder,
            env={**os.environ, "WORKSHOP_DATA": "drawn"},
            capture_output=True,
            text=True,
            timeout=STOP_SECONDS,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def write(self, text):
        (self.folder / "01_averages.py").write_text(text, encoding="utf-8")


class Stage:
    """The pages of a session, on each of which nothing may go wrong unseen."""

    def __init__(self, browser, place):
        self.browser = browser
        self.base = f"http://127.0.0.1:{place.port}"
        self.problems = []
        self.board = self.page(f"/board#{place.instructor.token}", LAPTOP)
        self.wall = self.page(f"/projector#{place.projector.token}", WALL)

    def page(self, path, size, scheme="light"):
        """Open a page in a browser of its own."""
        width, height = size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        page = context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("console", self.note)
        page.goto(self.base + path)
        return page

    def note(self, message):
        if message.type == "error":
            self.problems.append(message.text)

    def press(self, name, page=None, **more):
        (page or self.board).get_by_role("button", name=name, **more).click()


@pytest.fixture
def place(tmp_path):
    with running(course.load(COURSE), tmp_path / "room") as made:
        yield made


def sees(page, *texts):
    for text in texts:
        playwright.expect(page.locator("body")).to_contain_text(text, timeout=20_000)


def keep(page, name):
    """Keep what a page looks like, where that was asked for."""
    if folder := os.environ.get("WORKSHOP_PICTURES"):
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"room-{name}.png")


def test_a_whole_session(browser, place, tmp_path):
    stage = Stage(browser, place)
    ann, bob, cem = everybody_joins(stage, place, tmp_path)
    the_session_begins(stage, ann["page"])
    work_is_seen_and_help_is_given(stage, ann, bob, cem)
    the_room_grades(stage, ann, cem)
    a_question_is_asked(stage, ann, bob, cem)
    time_is_regained(stage, bob)
    the_session_ends(stage, ann, cem, tmp_path)
    assert stage.problems == []


def everybody_joins(stage, place, tmp_path):
    """Ann by her terminal, Bob by his phone and then his terminal, Cem by his."""
    sees(stage.board, "Nobody has joined yet", "Start the session")
    sees(stage.wall, "Join now", place.code)
    keep(stage.wall, "projector-join")
    people = {}
    for name in ("Ann Lee", "Cem Yıldız"):
        someone = Attendee(tmp_path / name, place)
        said = someone.type("join", someone.address, place.code, "--name", name)
        link = re.search(r"http://\S+(/me#\S+)", said)[1]
        people[name] = {"at": someone, "page": stage.page(link, PHONE)}
    phone = stage.page(f"/#{place.code}", PHONE)
    phone.get_by_label("Your name").fill("Bob Tanaka")
    keep(phone, "join")
    stage.press("Join", phone, exact=True)
    sees(phone, "Bob Tanaka", "Welcome")
    stage.press("Use another device too", phone)
    code = phone.locator("#personal-code").inner_text()
    bob = Attendee(tmp_path / "Bob", place)
    assert "Bob Tanaka" in bob.type("join", bob.address, code)
    sees(stage.board, "Ann Lee", "Bob Tanaka", "Cem Yıldız", "3 joined")
    return people["Ann Lee"], {"at": bob, "page": phone}, people["Cem Yıldız"]


def the_session_begins(stage, page):
    stage.press("Start the session")
    stage.press("Start", exact=True)
    sees(stage.wall, "Welcome", "3 have joined")
    stage.press("Next", exact=True)
    for one in (stage.board, stage.wall, page):
        sees(one, "Read digits with averages", "5:")


def work_is_seen_and_help_is_given(stage, ann, bob, cem):
    ann["at"].type("check", "01", status=1)
    bob["at"].write(WRONG)
    for _ in range(4):
        bob["at"].type("check", "01", status=1)
    sees(stage.board, "Divide by the largest value", "Stuck 1", "4 tries")
    sees(bob["page"], "Pixels are numbers from 0 to 1")
    stage.press("I need help", bob["page"])
    sees(stage.board, "Hands up 1")
    sees(stage.wall, "1 asks for help")
    keep(stage.board, "board")
    stage.press("Helped")
    playwright.expect(stage.board.locator("#hands li")).to_have_count(0)
    sees(bob["page"], "I need help")
    stage.press("Message …")
    stage.board.locator("#text").fill("Coffee is ready")
    stage.press("Send", exact=True)
    for one in (stage.wall, cem["page"]):
        sees(one, "Coffee is ready")
    assert "message: Coffee is ready" in ann["at"].type("check", "01", status=1)


def the_room_grades(stage, ann, cem):
    """Ann reaches the goal, Cem hands in what does not."""
    for one in (ann, cem):
        one["at"].write(SOLUTION)
        one["at"].type("check", "01")
    sees(stage.wall, "2 of 3 solved it")
    assert "Handed in" in ann["at"].type("submit", "01")
    cem["at"].write(SOLUTION.replace("return -np.square", "return np.square"))
    cem["at"].type("submit", "01", status=1)
    sees(ann["page"], "Graded: passed", "My certificate", "Handed in at")
    sees(cem["page"], "Graded: not passed")
    stage.press("I am done", ann["page"])
    keep(ann["page"], "me")
    keep(stage.wall, "projector")


def a_question_is_asked(stage, ann, bob, cem):
    stage.press("Question …")
    sees(stage.board, "Which digit is read worst by its average?")
    stage.press("Ask", exact=True)
    for one, letter in ((ann, "B"), (bob, "C"), (cem, "B")):
        page = one["page"]
        sees(page, "Which digit is read worst by its average?")
        page.locator(".choice", has_text=re.compile(f"^{letter}")).locator(
            "button"
        ).click()
    sees(stage.wall, "3 answers so far", "2 · 67 %", "1 · 33 %")
    keep(stage.wall, "quiz")
    stage.press("Show the answer")
    for one in (stage.wall, bob["page"]):
        sees(one, "The right answer", "looks like neither of them")
    keep(ann["page"], "me-quiz")
    stage.press("Take it away")
    playwright.expect(stage.wall.locator("#quiz")).to_be_hidden()


def time_is_regained(stage, bob):
    """Everybody has solved the lesson, and it was given ten minutes too many."""
    bob["at"].write(SOLUTION)
    bob["at"].type("check", "01")
    for _ in range(2):
        stage.press("5 minutes more")
    sees(stage.board, "3 of 3 have solved it: going on now")
    keep(stage.board, "proposals")
    stage.board.locator("#proposals button").first.click()
    sees(stage.wall, "Coffee")


def the_session_ends(stage, ann, cem, tmp_path):
    stage.press("More …")
    stage.press("End the session")
    stage.press("End it", exact=True)
    for one in (stage.wall, ann["page"], cem["page"]):
        sees(one, "Thank you")
    playwright.expect(cem["page"].locator("#certificate")).to_be_hidden()
    with ann["page"].expect_download() as saved:
        ann["page"].get_by_role("link", name="Save the file").click()
    file = tmp_path / "certificate.json"
    saved.value.save_as(file)
    assert "Ann Lee" in ann["at"].type("certificate", "verify", str(file))
    ann["page"].get_by_role("link", name="Look at it").click()
    sees(ann["page"], "Ann Lee", "answered on the attendee's machine")
