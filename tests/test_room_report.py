"""A page about a session counts what happened, learns from it, and shames nobody."""

import re
import tomllib
from dataclasses import asdict

import pytest
from grades import HOSTILE
from hypothesis import given
from hypothesis import strategies as st
from rooms_made import BEGINS, LATE, PAUSE, TOOK, Story, of_a_day, write

from workshop.cli.entry import run
from workshop.course import load
from workshop.plan import plans
from workshop.report import words
from workshop.room import highlights, history, report, struggle, timing
from workshop.room.agenda import Part
from workshop.room.folder import RoomFolder
from workshop.room.journal import Journal

LATER = BEGINS + 86_400


@pytest.fixture(scope="module")
def day():
    """Half a day as it might have been, the day after."""
    facts, course = of_a_day()
    return history.of(facts, course, LATER)


@pytest.fixture
def story(lesson):
    """A session of the lesson `01_add`, made and not started."""
    made = Story()
    made.made("all")
    return made


@pytest.fixture
def told(lesson):
    """Return the history that a story tells, by default long after."""
    syllabus = load(lesson.course)

    def of(story, minute=1_440):
        return history.of(story.told(), syllabus, BEGINS + 60 * minute)

    return of


def start(story, minute=0, *minutes):
    """Start the lesson, with pauses of these minutes after it."""
    whole = [Part("Add numbers", "01_add", 40.0, 10.0, 40.0)]
    whole += [Part("Pause", None, float(one), 0.0, float(one)) for one in minutes]
    parts = [{k: v for k, v in asdict(p).items() if k != "spans"} for p in whole]
    story.tell(minute, "started", None, parts=parts)


def test_late_start_pauses_and_differences_add_up_to_how_late_it_ended(day):
    rows = timing.rows(day)
    parts = timing.late(day) + timing.paused(rows) + sum(row.over for row in rows)
    assert parts == pytest.approx(timing.behind(day))
    assert (timing.late(day), timing.paused(rows)) == (LATE, PAUSE)


def test_an_entry_took_the_minutes_in_which_the_clock_ran(day):
    assert [round(row.took) for row in timing.rows(day)] == list(TOOK)


def test_a_lesson_that_is_on_is_not_learned(story, told):
    start(story)
    assert timing.lessons(told(story, 12)) == {}
    story.tell(12, "ended")
    assert timing.lessons(told(story)) == {"01_add": 12.0}


def test_a_slip_of_the_finger_is_not_learned(story, told):
    start(story)
    story.tell(2.9, "ended")
    assert timing.lessons(told(story)) == {}


def test_a_session_that_never_started_tells_no_times(story, told):
    story.join(1, "Ann")
    assert timing.rows(told(story)) == []
    assert timing.lessons(told(story)) == {}


def test_who_begins_on_another_day_is_not_late(story, told):
    start(story, 1_500)
    story.tell(1_520, "ended")
    assert timing.late(told(story, 1_600)) == 0


def test_a_session_that_nobody_ended_was_over_with_its_last_fact(story, told):
    start(story)
    story.join(30, "Ann")
    left = told(story, 600)
    assert (left.running, left.until) == (False, BEGINS + 30 * 60)
    assert told(story, 31).running


def test_who_was_removed_counts_nowhere(story, told):
    start(story)
    ann = story.join(1, "Ann")
    story.report(5, ann, "01_add", adds="failed", advice="Use +.")
    story.tell(6, "hand", ann, up=True)
    story.tell(7, "removed", ann)
    found = told(story)
    assert not struggle.hurdles(found)
    assert not history.hands(found)


def test_a_hand_that_is_raised_twice_is_one_and_waits_from_the_first(story, told):
    start(story)
    ann, bob = story.join(1, "Ann"), story.join(1, "Bob")
    for minute, up in ((5, True), (6, True), (8, False)):
        story.tell(minute, "hand", ann, up=up)
    story.tell(9, "hand", bob, up=True)
    story.tell(10, "helped", bob)
    found = [(hand.waited, hand.helped) for hand in history.hands(told(story))]
    assert found == [(180, False), (60, True)]


def test_a_hand_that_stayed_up_waited_until_the_end(story, told):
    start(story)
    story.tell(5, "hand", story.join(1, "Ann"), up=True)
    story.tell(25, "ended")
    (hand,) = history.hands(told(story))
    assert (hand.waited, hand.lesson, hand.helped) == (1_200, "01_add", None)


def test_the_last_choice_before_the_answer_counts(story, told, lesson):
    add_quiz(lesson)
    ann, key = story.join(1, "Ann"), story.tell(2, "asked", lesson="01_add", number=0)
    for minute, choice in ((3, 1), (4, 0)):
        story.tell(minute, "voted", ann, question=str(key), choice=choice)
    story.tell(5, "answered")
    story.tell(6, "voted", ann, question=str(key), choice=1)
    (found,) = history.rounds(told(story))
    assert (found.counts, found.right) == ((1, 0), 1.0)


def test_a_question_that_is_asked_twice_is_shown_twice(story, told, lesson):
    add_quiz(lesson)
    ann = story.join(1, "Ann")
    for minute, choice in ((2, 1), (4, 0)):
        key = story.tell(minute, "asked", lesson="01_add", number=0)
        story.tell(minute + 1, "voted", ann, question=str(key), choice=choice)
    found = told(story)
    assert [one.right for one in history.rounds(found)] == [0.0, 1.0]
    assert "0 % of 1, then 100 % of 1 right" in report.page(found, {})


def add_quiz(lesson):
    question = (
        '[[quiz]]\nquestion = "2 + 2?"\nchoices = ["4", "5"]\nanswer = 0\n'
        'because = "So it is."\n'
    )
    lesson.notes.write_text(lesson.notes.read_text() + question)


def test_a_hurdle_counts_people_and_the_median_of_their_tries(story, told):
    tries = {"Ann": "ffp", "Bob": "p", "Cid": "fp", "Dan": "f"}
    for name, run_of in tries.items():
        person = story.join(1, name)
        for number, letter in enumerate(run_of):
            outcome = {"f": "failed", "p": "passed"}[letter]
            story.report(2 + number, person, "01_add", adds=outcome)
    (found,) = struggle.hurdles(told(story))
    assert (found.judged, found.failed, found.passed) == (4, 3, 2)
    assert found.tries == 2.5


def test_reports_count_in_the_order_in_which_they_happened(story, told):
    ann = story.join(1, "Ann")
    story.report(10, ann, "01_add", adds="passed")
    story.report(11, ann, "01_add", adds="failed")
    story.facts[-1].body["age"] = 300.0
    (found,) = struggle.hurdles(told(story))
    assert found.passed == 1


def test_advice_that_differs_in_numbers_only_is_one(story, told):
    for number, name in enumerate(("Ann", "Bob")):
        said = f"2 and 2 gave {number}. Use +."
        story.report(2, story.join(1, name), "01_add", adds="failed", advice=said)
    (found,) = struggle.advice(told(story))
    assert (found.text, found.people) == ("2 and 2 gave #. Use +.", 2)


def test_who_gives_no_sign_for_long_was_away(story, told):
    ann = story.join(0, "Ann")
    for minute in (10, 20, 90, 100):
        story.tell(minute, "seen", ann)
    counts = [count for _, count in history.presence(told(story))]
    assert re.fullmatch("1+0+1+", "".join(map(str, counts)))


def test_the_plan_to_paste_is_one_that_the_course_takes(day):
    text = timing.table(day, {"02_asl": 61.4, "03_asl_cnn": 5.0})
    found, course = tomllib.loads(text), day.session.course
    assert found["lessons"]["02_asl"]["minutes"] == {
        "teaching": 15,
        "exercise": 41,
        "stretch": 5,
    }
    (plan,) = plans(course, found["plans"])[:1]
    assert plan.spare >= 0
    assert [entry.title for entry in plan.entries] == [
        part.title for part in day.session.agenda.parts
    ]


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_whatever_a_pause_is_called_the_plan_can_be_pasted(title):
    course, part = load(), Part(title, None, 5.0, 0.0, 5.0)
    told = {k: v for k, v in asdict(part).items() if k != "spans"}
    story = Story()
    story.made("half_day")
    story.tell(0, "started", None, parts=[told])
    found = history.of(story.told(), course, BEGINS + 60)
    (pause,) = tomllib.loads(timing.table(found, {}))["plans"]["measured"]["parts"]
    assert pause["title"] == words.one_line(title)


def test_what_matters_most_is_time_then_struggle_then_waiting(day):
    time, hurdle, wait = highlights.of(day)
    assert time.figure == "−2 min"
    assert "It began 8 minutes late" in time.text
    assert "at least once" in hurdle.text
    assert "raised hands" in wait.text


def test_a_page_needs_nothing_else_and_no_script(day):
    page = report.page(day, {})
    assert "<script" not in page
    assert not re.findall(r'(?:src|href)="', page)


def test_names_stand_in_one_table_which_can_be_left_out(day):
    assert report.page(day, {}).count("Zoë O’Brien-Łukasz") == 1
    assert "Zoë" not in report.page(day, {}, names=False)


def test_nothing_that_a_person_wrote_acts_on_the_page(story, told):
    start(story)
    for name in filter(None, HOSTILE):
        person = story.join(1, name)
        story.report(5, person, "01_add", adds="failed", advice=name)
        story.report(6, person, "01_add", adds="failed", advice="<b>bold</b>")
    page = report.page(told(story), {})
    assert "<script" not in page
    assert "<b>" not in page
    assert "\x1b" not in page


@pytest.mark.parametrize("people", [0, 1])
def test_a_session_that_has_not_begun_has_a_page_as_well(story, told, people):
    for _ in range(people):
        story.join(1, "Ann")
    page = report.page(told(story), {})
    assert "has not begun" in page
    assert "Planned and actual" not in page


def test_while_a_session_is_on_its_page_says_so(story, told):
    start(story, 0, 10)
    story.join(1, "Ann")
    page = report.page(told(story, 5), {})
    assert "until now" in page
    assert "so far" in page
    assert "to come" in page


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A room's folder with one session; gives it as a RoomFolder."""
    monkeypatch.chdir(tmp_path)
    facts, _ = of_a_day()
    write(tmp_path / "room", facts)
    return RoomFolder(tmp_path / "room")


def test_a_report_is_written_and_says_what_matters(room, capsys):
    assert run(["room", "report", "--plain"]) == 0
    said = capsys.readouterr().out
    assert "Written: room" in said
    assert "-2 min" in said
    assert "Learned how long 4 lessons took" in said
    assert room.report(room.sessions()[0]).stat().st_mode & 0o077 == 0


def test_what_was_learned_is_proposed_and_learning_twice_changes_nothing(room):
    run(["room", "report"])
    before = room.timings.read_bytes()
    run(["room", "report", "2026-05-04-1", "--no-names"])
    assert room.timings.read_bytes() == before
    assert room.measured()["02_asl"] == 61


def test_a_report_reads_a_journal_that_is_open(room, capsys):
    journal = Journal(room.sessions()[0])
    try:
        assert run(["room", "report", "--to", "page.html"]) == 0
    finally:
        journal.close()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["report", "2026-01-01-1"], "There is no session"),
        (["report", "--in", "elsewhere"], "There is no room in elsewhere"),
        (["--in", "elsewhere", "report"], "There is no room in elsewhere"),
    ],
)
def test_what_is_not_there_is_named(room, capsys, words, says):
    assert run(["room", *words]) == 2
    assert says in capsys.readouterr().err


def test_a_damaged_journal_is_named(room, capsys):
    room.sessions()[0].write_bytes(b"no journal " * 100)
    assert run(["room", "report"]) == 3
    assert "cannot be read" in capsys.readouterr().err
