"""What was graded is in the gradebook, once, whatever happens meanwhile."""

import dataclasses
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grades
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop import course, results
from workshop.course import CourseError
from workshop.gradebook import Grade, Gradebook, GradebookError, score, worth
from workshop.results import Report, Result

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "gradebook.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^```sql\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
WEIGHTS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
REPORTS = st.builds(Report, schema=st.just(results.SCHEMA))
NUMBERS = st.dictionaries(st.text(max_size=5), st.floats(0, 1e6), max_size=3)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
GRADES = st.builds(
    Grade,
    **dict.fromkeys(("key", "person", "lesson", "name", "digest", "log"), NAMES),
    **dict.fromkeys(("points", "worth", "limits", "cost"), NUMBERS),
    **{"report": REPORTS, "grader": NAMES, "created": NAMES},
    verified=st.booleans(),
)
POSIX = pytest.mark.skipif(os.name != "posix", reason="a limit that POSIX has")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gradebook.sqlite"


@pytest.fixture
def book(path):
    with Gradebook(path) as book:
        yield book


def people(path):
    with Gradebook(path) as book:
        return [grade.person for grade in book.all()]


# What is recorded


@given(GRADES)
def test_what_was_recorded_is_found(grade):
    with (
        tempfile.TemporaryDirectory() as folder,
        Gradebook(Path(folder, "book")) as book,
    ):
        assert book.record(grade)
        (found,) = book.all()
    assert repr(found) == repr(grade)


def test_a_name_of_half_characters_is_recorded_and_found_again(book):
    book.record(grades.grade("odd\udcff"))
    assert book.find("ab", "odd\udcff", "01_add.py").person == "odd\\udcff"
    assert not book.record(grades.grade("odd\udcff"))


def test_numbers_without_end_are_left_out(book):
    book.record(grades.grade(limits={"seconds": float("inf"), "memory_mb": 100}))
    assert book.all()[0].limits == {"memory_mb": 100}


def test_the_same_work_is_recorded_once(book):
    assert book.record(grades.grade())
    assert not book.record(grades.grade(created="later"))
    assert len(book.all()) == 1


@pytest.mark.parametrize("other", [{"key": "x"}, {"person": "x"}, {"name": "x"}])
def test_other_work_is_recorded_too(book, other):
    book.record(grades.grade())
    assert book.record(grades.grade(**other))


def test_an_open_grade_is_not_found_and_may_be_followed(book):
    book.record(grades.grade(outcome="broken"))
    assert book.find("ab", "Ann", "01_add.py") is None
    assert book.record(grades.grade())
    assert book.find("ab", "Ann", "01_add.py").earned == 2
    assert not book.record(grades.grade())


def test_regrading_adds_and_the_later_row_counts_whatever_the_clock_says(book):
    book.record(grades.grade(created="2026-02-02T00:00:00+00:00"))
    assert book.record(grades.grade(outcome="failed", created="1999"), again=True)
    assert [grade.earned for grade in book.all()] == [2, 0]
    assert [grade.created for grade in book.latest()] == ["1999"]
    assert book.find("ab", "Ann", "01_add.py").created == "1999"


def test_the_newest_work_of_each_person_in_each_lesson_counts(book):
    for person, lesson, key in ("Aa1", "Ba2", "Ab3", "Aa4"):
        book.record(grades.grade(person, lesson, key=key))
    found = [(grade.person, grade.lesson, grade.key) for grade in book.latest()]
    assert found == [("B", "a", "2"), ("A", "b", "3"), ("A", "a", "4")]


# What a grade is worth


def test_a_passed_check_earns_what_the_course_says_and_others_nothing(lesson):
    lesson = dataclasses.replace(lesson, points={"adds": 3, "is_used": 0.5})
    checks = (Result("adds", "", "passed"), Result("is_used", "", "broken"))
    points, possible = score(Report("", "", "", "broken", checks), lesson)
    assert points == {"adds": 3, "is_used": 0, "adds_lists": 0}
    assert possible == {"adds": 3, "is_used": 0.5, "adds_lists": 1}


@pytest.mark.parametrize(
    ("points", "said"),
    [({"add": 1}, "no check of the lesson"), ({"adds": -1}, "no number from 0")]
    + [({"adds": value}, "no number") for value in (True, "2", float("inf"))],
)
def test_points_that_cannot_be_given_are_refused(lesson, points, said):
    with pytest.raises(CourseError, match=said):
        worth(dataclasses.replace(lesson, points=points))


def test_the_share_is_of_what_is_possible():
    assert grades.grade(points={"a": 1, "b": 0}, worth={"a": 1, "b": 3}).share == 0.25
    assert grades.grade(points={}, worth={}).share == 0


@pytest.mark.parametrize("text", WEIGHTS)
def test_points_are_written_as_the_documentation_says(tmp_path, text):
    (stem,) = tomllib.loads(text)["lessons"]
    folder = tmp_path / "course"
    for name in ("assessments", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    syllabus = (ROOT / "course.toml").read_text(encoding="utf-8")
    (folder / "course.toml").write_text(f"{syllabus}\n{text}", encoding="utf-8")
    found = course.load(folder).find(stem)
    assert found.points == tomllib.loads(text)["lessons"][stem]["points"]
    assert sum(worth(found).values()) == len(found.checks) + sum(
        value - 1 for value in found.points.values()
    )


def test_the_documentation_has_points_and_recipes():
    assert len(WEIGHTS) == 1
    assert len(RECIPES) >= 5


@pytest.fixture(scope="module")
def a_class(tmp_path_factory):
    """The gradebook of a class, opened as the documentation says."""
    path = tmp_path_factory.mktemp("class") / "gradebook.sqlite"
    with Gradebook(path) as book:
        for grade in grades.of_a_class(course.load(), people=20):
            book.record(grade)
        for outcome in ("passed", "broken"):
            book.record(grades.grade(outcome=outcome, verified=False), again=True)
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    yield database
    database.close()


@pytest.mark.parametrize("query", RECIPES)
def test_every_recipe_of_the_documentation_answers(a_class, query):
    rows = a_class.execute(query).fetchall()
    assert rows
    assert all(value is not None for row in rows for value in row)


# What is refused


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grades SET earned = 9",
        "DELETE FROM grades",
        "INSERT OR REPLACE INTO grades SELECT * FROM grades",
    ],
)
def test_a_row_is_neither_changed_nor_removed_nor_replaced(book, path, statement):
    book.record(grades.grade())
    database = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        database.execute(statement)
    database.close()


def _other_database(path):
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE songs (name)")
    database.close()


def _later(path):
    Gradebook(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_text("my grades\n" * 99), "is no gradebook"),
        (_other_database, "is no gradebook"),
        (_later, "form 99; this one reads form 1"),
        (lambda path: path.mkdir(), "is a folder"),
    ],
    ids=["text", "another database", "later", "folder"],
)
def test_a_file_that_is_no_gradebook_is_refused_and_left(path, make, said):
    make(path)
    before = path.is_file() and path.read_bytes()
    with pytest.raises(GradebookError, match=said):
        Gradebook(path)
    assert (path.is_file() and path.read_bytes()) == before


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(GradebookError, match="cannot be opened"):
        Gradebook(tmp_path / "no" / "gradebook.sqlite")


@pytest.mark.parametrize(
    "code", [sqlite3.SQLITE_READONLY_CANTINIT, sqlite3.SQLITE_CANTOPEN]
)
def test_a_gradebook_on_a_disk_that_cannot_be_written_says_to_copy_it(
    path, monkeypatch, code
):
    def connect(*_, **__):
        error = sqlite3.OperationalError("no")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(GradebookError, match="Copy it"):
        Gradebook(path)


def test_a_gradebook_is_its_owners_alone(book, path):
    book.record(grades.grade())
    modes = {one.stat().st_mode & 0o777 for one in path.parent.glob(f"{path.name}*")}
    assert modes == ({0o600} if os.name == "posix" else modes)


def test_a_damaged_file_is_said_and_left(path):
    with Gradebook(path) as book:
        for number in range(50):
            book.record(grades.grade(str(number)))
    data = bytearray(path.read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    path.write_bytes(data)
    with pytest.raises(GradebookError, match="damaged"), Gradebook(path) as book:
        book.all()
    assert path.read_bytes()[4096:] == data[4096:]


def _add_row_with_report(path, change):
    """Add a row whose report is that of row 1, changed by an expression of SQL."""
    database = sqlite3.connect(path)
    columns = [row[1] for row in database.execute("PRAGMA table_info(grades)")][1:]
    values = [change if name == "report" else name for name in columns]
    database.execute(
        f"INSERT INTO grades ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM grades"
    )
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("'{}'", "schema None"),
        ("'['", "Expecting value"),
        ("7", "not iterable"),
        ("json_set(report, '$.schema', 99)", "schema 99, expected"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(book, path, change, said):
    book.record(grades.grade())
    _add_row_with_report(path, change)
    with pytest.raises(GradebookError, match=f"Row 2 .*{said}"):
        book.all()


def test_a_report_of_an_earlier_form_is_read(book, path):
    book.record(grades.grade())
    change = "json_set(json_remove(report, '$.training'), '$.schema', 1)"
    _add_row_with_report(path, change)
    assert book.all()[1] == book.all()[0]


# Many at once, and the worst


RECORDER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import grades
from workshop.gradebook import Gradebook
who, count, shared = sys.argv[3], int(sys.argv[4]), sys.argv[5:]
with Gradebook(Path(sys.argv[2])) as book:
    for number in range(count):
        person = f"{who}-{number}"
        book.record(grades.grade(person))
        print(person, flush=True)
    for person in shared:
        book.record(grades.grade(person))
"""


def recorder(path, who, count, *shared, before=""):
    """Start a process that records people of its own, and names each that it has."""
    folder, program = str(Path(__file__).parent), before + RECORDER
    words = [sys.executable, "-c", program, folder, str(path), who, str(count)]
    pipe = subprocess.PIPE
    return subprocess.Popen([*words, *shared], stdout=pipe, stderr=pipe, text=True)


def test_several_processes_record_into_a_gradebook_that_none_has_made(path):
    running = [recorder(path, who, 25, "both", "all") for who in "abcd"]
    said = [name for one in running for name in one.communicate()[0].split()]
    assert [one.returncode for one in running] == [0] * 4
    assert sorted(people(path)) == sorted([*said, "both", "all"])


def test_several_threads_record_the_same_once(book):
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda n: book.record(grades.grade(str(n % 20))), range(80))
        )
    assert sum(made) == len(book.all()) == 20


def test_what_was_recorded_outlives_kill_9_and_nothing_is_half_written(path):
    said = []
    for attempt in range(10):
        with recorder(path, str(attempt), 10_000) as process:
            said += [process.stdout.readline().strip() for _ in range(3 + attempt)]
            process.kill()
            said += process.stdout.read().split("\n")[:-1]
    found = people(path)
    assert set(said) <= set(found)
    assert len(found) == len(set(found)) <= len(said) + 10
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 400 kB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    try:
        subprocess.run(words, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_the_gradebook_stays_whole(small_disk):
    path, recorded = small_disk / "gradebook.sqlite", []

    def fill(book):
        for number in range(500):
            book.record(grades.grade(str(number), log="x" * 4000))
            recorded.append(str(number))

    with Gradebook(path) as book:
        with pytest.raises(GradebookError, match="the disk is full"):
            fill(book)
        assert [grade.person for grade in book.all()] == recorded
    assert 0 < len(recorded) < 500
    assert people(path) == recorded


LIMITED = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
"""


@POSIX
def test_a_file_that_may_not_grow_is_said_and_the_gradebook_stays_whole(path):
    with recorder(path, "a", 10_000, before=LIMITED) as process:
        said = process.stdout.read().split()
        assert "was not read or written: disk I/O error" in process.stderr.read()
    assert people(path) == said
    assert said
