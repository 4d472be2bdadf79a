"""Who asks to be forgotten is gone to the bytes; what the class did stays true."""

import json
import sqlite3

import pytest
from grades import grade
from rooms_made import PEOPLE, Story, hand_in, of_a_day, write

from workshop.cli.entry import run
from workshop.course import load
from workshop.gradebook import Gradebook, GradebookError
from workshop.gradebook.forgetting import forget as forget_grades
from workshop.room import forgetting, history, journal, struggle
from workshop.room.folder import RoomFolder
from workshop.room.live import Session

NAME = "2026-05-04-1"
BOB, ZOE = "Bob", "Zoë O’Brien-Łukasz"


@pytest.fixture(scope="module")
def day():
    """The facts of half a day with the bundled course, and the course."""
    return of_a_day()


@pytest.fixture
def room(tmp_path, monkeypatch, day):
    """A room after its day, with works, grades, a page, a secret and a key."""
    monkeypatch.chdir(tmp_path)
    home, story = RoomFolder(tmp_path / "room"), Story()
    story.facts = list(day[0])
    people = {f.body["name"]: f.id for f in day[0] if f.kind == "joined"}
    for name in (BOB, ZOE, "Dora"):
        told = story, 200, people[name], "01_mnist", {"01_mnist.py": f"# {name}\n"}
        hand_in(home.path, *told, NAME)
        story.tell(201, "device", people[name], token=f"another digest of {name}")
        story.tell(202, "nickname", people[name], nickname=f"nick of {name}")
    story.tell(203, "said", text=f"{BOB}, {ZOE}: please come to the front, bob.")
    session = write(home.path, story.told(), NAME)
    with Gradebook(home.book) as book:
        for name in (BOB, ZOE, "Dora"):
            book.record(grade(name, "01_mnist", log=f"as {name} said"))
    home.vault.secret()
    home.key.write_text("a key")
    home.learn(NAME, {"01_mnist": 43.0})
    home.report(session).parent.mkdir()
    home.report(session).write_text(f"{BOB} was there, and {ZOE}.")
    return home


def holding(home, name):
    """Return the files of a folder in which a name occurs, in any case or spelling."""
    spelt = {name.lower(), json.dumps(name).strip('"').lower()}
    texts = {
        path.name: path.read_bytes().decode(errors="ignore").lower()
        for path in sorted(home.path.rglob("*"))
        if path.is_file()
    }
    return [name for name, text in texts.items() if any(one in text for one in spelt)]


def session_of(home):
    return home.sessions()[0]


def folded(home, course):
    live = Session(course)
    for fact in journal.read(session_of(home)):
        live.apply(fact)
    return live


@pytest.mark.parametrize("name", [BOB, ZOE])
def test_a_forgotten_name_is_in_no_file_of_the_folder(room, name):
    assert len(holding(room, name)) > 3
    assert run(["room", "forget", "--person", name, "--yes"]) == 0
    assert holding(room, name) == []


def test_the_others_stay_with_their_names_works_and_grades(room, day):
    run(["room", "forget", "--person", BOB, "--yes"])
    live = folded(room, day[1])
    left = sorted(person.name for person in live.people.values())
    told = [*PEOPLE[:4], "Ann Lee (2)", *PEOPLE[5:]]
    assert left == sorted([forgetting.GONE, *(n for n in told if n != BOB)])
    assert len([*room.works(session_of(room)).iterdir()]) == 2
    with Gradebook(room.book) as book:
        assert [one.person for one in book.latest()] == [ZOE, "Dora"]


def test_of_two_of_one_name_the_other_keeps_theirs(room, day):
    run(["room", "forget", "--person", "Ann Lee", "--yes"])
    names = {person.name for person in folded(room, day[1]).people.values()}
    assert "Ann Lee (2)" in names
    assert "Ann Lee" not in names


def test_what_the_class_did_is_counted_as_before(room, day):
    def counted():
        facts = journal.read(session_of(room))
        found = history.of(facts, day[1], 2e9)
        made = struggle.hurdles(found), struggle.solving(found)
        return *made, history.hands(found), history.presence(found)

    before = counted()
    run(["room", "forget", "--person", BOB, "--yes"])
    assert counted() == before


def test_the_devices_of_a_forgotten_person_come_in_no_more(room, day):
    run(["room", "forget", "--person", BOB, "--yes"])
    live = folded(room, day[1])
    assert not [token for token in live.tokens if BOB in token]
    assert f"another digest of {ZOE}" in live.tokens


def test_no_key_of_a_forgotten_persons_reports_stays(room):
    with sqlite3.connect(session_of(room)) as file:
        file.execute("update fact set key = id || ' of Bob' where kind = 'reported'")
        (bob,) = file.execute(
            "select id from fact where body like '%\"Bob\"%'"
        ).fetchone()
    file.close()
    run(["room", "forget", "--person", BOB, "--yes"])
    file = sqlite3.connect(session_of(room))
    query = "select count(*) from fact where person = ? and key is not null"
    assert file.execute(query, (bob,)).fetchone() == (0,)
    file.close()


def test_a_work_that_somebody_else_handed_in_as_well_stays(room, day, tmp_path):
    story = Story()
    story.made("half_day")
    for name in (BOB, "Ann"):
        person = story.join(1, name)
        same = "01_mnist", {"01_mnist.py": "# the same\n"}
        hand_in(room.path, story, 2, person, *same, "2026-05-05-1")
    other = write(room.path, story.told(), "2026-05-05-1")
    gone = forgetting.person(room, other, day[1], BOB)
    assert gone.works == 0
    assert len([*room.works(other).iterdir()]) == 1


def test_who_was_removed_from_the_room_can_be_forgotten(lesson, tmp_path):
    home, story = RoomFolder(tmp_path / "room"), Story()
    story.made("all")
    story.tell(5, "removed", story.join(1, BOB))
    path = write(home.path, story.told(), NAME)
    forgetting.person(home, path, load(lesson.course), BOB)
    assert holding(home, BOB) == []


def test_a_session_is_deleted_whole_and_grades_stay(room, capsys):
    assert run(["room", "forget", "--yes"]) == 0
    assert room.sessions() == []
    assert holding(room, BOB) == ["gradebook.sqlite"]
    assert "Its grades stay" in capsys.readouterr().out


def test_everything_is_deleted_but_what_names_nobody(room, capsys):
    secret = room.vault.secret()
    assert run(["room", "forget", "--all", "--yes"]) == 0
    left = {path.name for path in room.path.iterdir()} - {"lock"}
    assert left == {"secret", "certificate-key", "timings.json"}
    assert room.vault.secret() == secret
    assert "secret, certificate-key, timings.json" in capsys.readouterr().out


@pytest.mark.parametrize("which", [[], ["--all"], ["--person", BOB]])
def test_while_the_room_is_open_nothing_is_forgotten(room, capsys, which):
    with room.alone():
        assert run(["room", "forget", "--yes", *which]) == 2
    assert "is open" in capsys.readouterr().err
    assert len(holding(room, BOB)) > 3


@pytest.mark.parametrize("which", [[], ["--all"], ["--person", BOB]])
def test_where_nobody_can_be_asked_yes_must_be_said(room, capsys, monkeypatch, which):
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert run(["room", "forget", *which]) == 2
    assert "--yes" in capsys.readouterr().err
    assert len(holding(room, BOB)) > 3


@pytest.mark.parametrize(("answer", "status", "left"), [(True, 0, 0), (False, 1, 1)])
def test_at_a_terminal_it_asks(room, monkeypatch, answer, status, left):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.confirm", lambda *_, **__: answer)
    assert run(["room", "forget"]) == status
    assert len(room.sessions()) == left


def test_a_name_that_nobody_had_is_refused_with_the_nearest(room, capsys):
    assert run(["room", "forget", "--person", "Bobb", "--yes", "--plain"]) == 2
    assert 'Did you mean "Bob"?' in capsys.readouterr().err


def test_everything_and_one_person_are_not_asked_for_at_once(room, capsys):
    assert run(["room", "forget", "--all", "--person", BOB, "--yes"]) == 2
    assert "--all is everything" in capsys.readouterr().err


def test_a_gradebook_that_forgot_somebody_only_grows_again(room):
    assert forget_grades(room.book, {BOB}) == 1
    file = sqlite3.connect(room.book)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        file.execute("delete from grades")
    file.close()


def test_what_is_no_gradebook_is_left_as_it_is(tmp_path):
    path = tmp_path / "gradebook.sqlite"
    path.write_bytes(b"no gradebook " * 100)
    with pytest.raises(GradebookError):
        forget_grades(path, {BOB})
    assert path.read_bytes().startswith(b"no gradebook")
