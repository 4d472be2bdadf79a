"""What people hand in goes to boxes, and each verdict back to whose work it was."""

import asyncio
import contextlib
import shutil
import zipfile
from dataclasses import replace

import pytest
from grades import grade
from hypothesis import given
from hypothesis import strategies as st
from rooms_made import Story, hand_in, write

from workshop import course, intake
from workshop.box import outer
from workshop.cli.entry import run
from workshop.gradebook import Gradebook
from workshop.intake import naming
from workshop.room import actions, grading, journal, people, works
from workshop.room.folder import RoomFolder
from workshop.room.guard import Problem
from workshop.room.live import Session
from workshop.room.people import Graded
from workshop.room.room import Room

NAME = "2026-05-04-1"


class Handed:
    """A room in which work on the lesson `01_add` was handed in."""

    def __init__(self, folder, lesson):
        self.home = RoomFolder(folder)
        self.course = course.load(lesson.course)
        self.right = lesson.solution.read_text(encoding="utf-8")
        self.story = Story()
        self.story.made("all")
        self.people = {}

    def hand_in(self, name, text, minute=10, path="01_add.py"):
        """Hand something in as somebody, who joins if they have not yet."""
        if name not in self.people:
            self.people[name] = self.story.join(minute - 1, name)
        person, files = self.people[name], {path: text}
        return hand_in(
            self.home.path, self.story, minute, person, "01_add", files, NAME
        )

    def session(self):
        """Write the journal, once, and return its path."""
        path = self.home.path / "sessions" / f"{NAME}.sqlite"
        return path if path.exists() else write(self.home.path, self.story.told(), NAME)

    @property
    def live(self):
        live = Session(self.course)
        for fact in journal.read(self.session()):
            live.apply(fact)
        return live

    def last(self):
        return works.last(self.live)

    def laid(self, target):
        """Lay out what was handed in, and return how a grader reads it."""
        works.collect(self.last(), self.home.works(self.session()), target)
        return intake.collect([target], self.course)

    def graded(self, target, outcome="passed", **more):
        """Record a grade of a box for everything that was handed in."""
        with Gradebook(self.home.book) as book:
            for one in self.laid(target)[0]:
                told = {"digest": one.digest, "key": "ab", **more}
                book.record(grade(one.person, one.lesson, outcome, **told), again=True)

    def verdicts(self):
        where = self.home.works(self.session())
        return grading.verdicts(self.last(), where, self.course, self.home.book)


@pytest.fixture
def room(lesson, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Handed(tmp_path / "room", lesson)


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), min_size=1),
    st.integers(1, 99_999),
)
def test_any_name_makes_a_folder_that_says_whose_it_is(name, person):
    made = works.folder_name(person, name)
    assert naming.label(made).mark == str(person)
    assert len(made.encode()) <= naming.LONGEST_NAME
    assert "/" not in made
    assert "\\" not in made


@pytest.mark.parametrize(
    "name", ["Ann Lee", "王小明", "Zoë O’Brien-Łukasz", "con", ".."]
)
def test_a_usual_name_is_taken_from_there_as_it_is(name):
    assert naming.label(works.folder_name(17, name)).person == name


def test_a_grader_meets_everybody_under_the_rooms_own_name(room, tmp_path):
    room.hand_in("Ann Lee", room.right)
    room.story.join(12, "Ann Lee")
    room.people["Ann Lee (2)"] = len(room.story.facts)
    room.hand_in("Ann Lee (2)", room.right.replace("a + b", "b + a"), minute=13)
    submissions, unplaced = room.laid(tmp_path / "out")
    assert [one.person for one in submissions] == ["Ann Lee", "Ann Lee (2)"]
    assert not unplaced


def test_nobody_speaks_for_another_from_within_their_work(room, tmp_path):
    room.hand_in("Eve", room.right, path="Bob_7_assignsubmission_file/01_add.py")
    submissions, _ = room.laid(tmp_path / "out")
    assert [one.person for one in submissions] == ["Eve"]


def test_the_last_of_several_works_counts(room, tmp_path):
    room.hand_in("Ann", "total = 1\n", minute=10)
    last = room.hand_in("Ann", room.right, minute=20)
    (work,) = room.last()
    assert (work.name, work.sha256) == ("Ann", last)


def test_collected_again_newer_works_take_the_place_of_older_ones(room, tmp_path):
    first = works.Work(2, "Ann", "01_add", room.hand_in("Ann", "total = 1\n"), 0.0)
    newer = works.Work(2, "Ann", "01_add", room.hand_in("Ann", room.right), 1.0)
    for work in (first, newer, newer):
        works.collect([work], room.home.works(room.session()), tmp_path / "out")
    (place,) = (tmp_path / "out").rglob("*.*")
    assert zipfile.ZipFile(place).read("01_add.py").decode() == room.right


def test_where_no_link_can_be_made_works_are_copied(room, tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr("os.link", refuse)
    room.hand_in("Ann", room.right)
    assert len(room.laid(tmp_path / "out")[0]) == 1


def test_a_work_whose_file_is_gone_is_named(room, tmp_path, capsys):
    sha256 = room.hand_in("Ann", room.right)
    room.hand_in("Bob", room.right + "\n")
    (room.home.works(room.session()) / sha256).unlink()
    assert run(typed(room, "collect", "out")) == 0
    both = capsys.readouterr()
    assert "not there any more: Ann, 01_add" in both.err
    assert "1 work of 1 person" in both.out


def typed(room, *words):
    return ["--course", str(room.course.folder), "room", *words]


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("room/out", "the room's own folder"),
        ("Ann_1_assignsubmission_file", "Name another folder"),
        ("out", "Nobody handed anything in"),
    ],
)
def test_what_cannot_be_collected_is_refused(room, capsys, target, says):
    room.session()
    assert run(typed(room, "collect", target)) == 2
    assert says in capsys.readouterr().err


def test_what_to_type_next_is_said(room, capsys):
    room.hand_in("Ann", room.right)
    room.session()
    assert run(typed(room, "collect", "out")) == 0
    said = capsys.readouterr().out
    assert "grade out --in room" in said
    assert f"room grades {NAME} --in room" in said


def test_a_verdict_goes_to_whose_work_it_was_and_is_taken_once(room, tmp_path, capsys):
    room.hand_in("Ann", room.right)
    room.hand_in("Bob", room.right + "\n")
    room.graded(tmp_path / "out", "failed")
    for new in (2, 0):
        assert run(typed(room, "grades")) == 0
        assert f"{new} of them new" in capsys.readouterr().out
    found = {
        one.name: one.lessons["01_add"].graded for one in room.live.people.values()
    }
    assert {one.outcome for one in found.values()} == {"failed"}
    assert {one.place for one in found.values()} == {"box"}


def test_a_grade_of_another_work_of_that_name_is_not_theirs(room, tmp_path):
    room.hand_in("Ann", room.right)
    with Gradebook(room.home.path / "gradebook.sqlite") as book:
        book.record(grade("Ann", "01_add", digest="of another Ann's work"))
    assert room.verdicts() == []


@pytest.mark.parametrize("more", [{"verified": False}, {"outcome": "broken"}])
def test_what_ran_without_a_box_or_broke_tells_nothing(room, tmp_path, more):
    room.hand_in("Ann", room.right)
    room.graded(tmp_path / "out", **more)
    assert room.verdicts() == []


def test_the_newest_grade_counts_whatever_the_clock_says(room, tmp_path):
    room.hand_in("Ann", room.right)
    room.graded(tmp_path / "out", "passed", created="2026-05-05T10:00:00+00:00")
    room.graded(tmp_path / "out", "failed", created="2026-05-04T10:00:00+00:00")
    (verdict,) = room.verdicts()
    assert verdict.body["outcome"] == "failed"


def test_what_is_handed_in_again_is_judged_again(room, tmp_path):
    room.hand_in("Ann", room.right)
    room.graded(tmp_path / "out")
    (work,), where = room.last(), room.home.works(room.session())
    both = [work, replace(work, at=work.at + 60)]
    drafts = grading.verdicts(both, where, room.course, room.home.book)
    assert len({draft.key for draft in drafts}) == 2


def graded(place, outcome):
    return Graded(outcome, "", 0.0, place, "drawn")


@pytest.mark.parametrize(
    ("before", "made", "which"),
    [
        (("attendee", "failed"), ("attendee", "passed"), 1),
        (("attendee", "passed"), ("attendee", "failed"), 0),
        (("attendee", "passed"), ("box", "failed"), 1),
        (("attendee", "failed"), ("box", "passed"), 1),
        (("box", "failed"), ("attendee", "passed"), 0),
        (("box", "passed"), ("attendee", "failed"), 0),
        (("box", "failed"), ("box", "passed"), 1),
        (("box", "passed"), ("box", "failed"), 1),
    ],
)
def test_a_box_counts_more_than_the_attendees_machine(before, made, which):
    both = graded(*before), graded(*made)
    assert people.counts(*both) is both[which]


def test_a_goal_that_a_box_refuted_is_not_reached(room):
    ann = room.story.join(1, "Ann")
    told = {"lesson": "01_add", "score": "", "variant": "drawn"}
    room.story.tell(5, "graded", ann, outcome="passed", place="attendee", **told)
    room.story.tell(9, "graded", ann, outcome="failed", place="box", **told)
    (person,) = room.live.people.values()
    assert person.reached == []


@contextlib.contextmanager
def opened(room):
    """Give the room as its server holds it."""
    held = journal.Journal(room.session())
    try:
        yield Room(room.course, held, b"x" * 32)
    finally:
        held.close()


def test_an_open_room_takes_verdicts_over_on_its_board(room, tmp_path):
    room.hand_in("Ann", room.right)
    room.graded(tmp_path / "out")
    with opened(room) as server:
        assert asyncio.run(actions.grades(server, {})) == {"graded": 1}
        assert asyncio.run(actions.grades(server, {})) == {"graded": 0}
        (person,) = server.session.people.values()
        assert person.reached == ["01_add"]


def test_where_nothing_was_graded_the_board_says_so(room):
    with opened(room) as server, pytest.raises(Problem, match="Nothing was graded"):
        asyncio.run(actions.grades(server, {}))


def test_beside_an_open_room_the_command_refuses(room, tmp_path, capsys):
    room.hand_in("Ann", room.right)
    room.graded(tmp_path / "out")
    with room.home.alone():
        assert run(typed(room, "grades")) == 2
    assert "on its board" in capsys.readouterr().err


def test_before_anything_is_graded_the_command_names_the_way(room, capsys):
    room.session()
    assert run(typed(room, "grades")) == 2
    assert "room collect DIR" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(bool(outer.problem()), reason=outer.problem() or "boxes work")
def test_from_handing_in_to_the_verdict_of_a_box(room, tmp_path, capsys):
    room.hand_in("Ann", room.right)
    room.hand_in("王小明", room.right.replace("a + b", "a - b"))
    room.session()
    assert run(typed(room, "collect", "out")) == 0
    words = ["--course", str(room.course.folder), "grade", "out", "--in", "room"]
    assert run(words) == 0
    assert run(typed(room, "grades")) == 0
    found = {one.name: one.reached for one in room.live.people.values()}
    assert found == {"Ann": ["01_add"], "王小明": []}


def test_a_work_is_found_in_a_room_that_was_moved(room, tmp_path):
    room.hand_in("Ann", room.right)
    room.graded(tmp_path / "out")
    room.session()
    shutil.move(room.home.path, tmp_path / "moved")
    room.home = RoomFolder(tmp_path / "moved")
    assert len(room.verdicts()) == 1
