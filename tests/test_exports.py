"""What leaves the gradebook is right, and acts on nothing, whoever wrote it."""

import csv
import io
import json
import os
import re
import shutil
import string
import unicodedata
from xml.etree import ElementTree

import grades
import pytest
from conftest import make_course
from hypothesis import given, settings
from hypothesis import strategies as st
from test_report import NASTY, Page

from workshop import course
from workshop.cli import entry, export
from workshop.gradebook import Gradebook
from workshop.report import (
    feedback,
    gradescope,
    histogram,
    html,
    junit,
    names,
    overview,
    sheets,
    standings,
)
from workshop.results import SCHEMA, Report, Result

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CALMLY = settings(deadline=None, max_examples=50)
REPORTS = st.builds(Report, schema=st.just(SCHEMA))
TEXTS = st.text() | st.sampled_from(grades.HOSTILE) | st.just(NASTY)
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
SIGNS = st.text(st.sampled_from("=+-@＝;,\"'\t\r\n 1a\u200d\u202e"))


def hostile(text, **given):
    """Return a grade in which every text is the same."""
    check = Result(text, text, "failed", None, text)
    report = Report(text, text, text, "failed", (check,), findings=(text,))
    given = {"report": report, "points": {text: 0.0}, "worth": {text: 1.0}} | given
    return grades.grade(text, text, name=text, log=text, created=text, **given)


def rows(sheet, delimiter=","):
    assert sheet.startswith("\ufeff")
    return list(csv.reader(io.StringIO(sheet[1:], newline=""), delimiter=delimiter))


@pytest.fixture
def toy(tmp_path):
    """A course of one lesson, `01_add`."""
    return make_course(tmp_path / "course")


# Sheets


def test_a_row_of_checks_says_who_earned_what_and_why():
    heads, row = rows(sheets.checks([grades.grade(outcome="failed", verified=False)]))
    found = dict(zip(heads, row, strict=True))
    assert found.pop("created").startswith("2026-01-02")
    assert found == {
        **{"person": "Ann", "lesson": "01_add", "file": "01_add.py", "check": "adds"},
        **{"title": "Adds two numbers", "outcome": "failed", "advice": "Use +."},
        **{"points": "0", "worth": "2", "verified": "no", "training": "", "place": ""},
    }


def test_a_row_of_people_has_a_column_for_each_lesson_in_the_courses_order(toy):
    given = [
        grades.grade("B", "09_old", outcome="failed"),
        grades.grade("B", worth={"adds": 4.0}, points={"adds": 1.5}, verified=False),
        grades.grade("A", outcome="broken"),
    ]
    assert rows(sheets.people(given, toy)) == [
        [
            *("person", "01_add", "09_old", "total", "possible", "share"),
            *("open", "unverified"),
        ],
        ["A", "0", "", "0", "4", "0", "01_add", ""],
        ["B", "1.5", "0", "1.5", "6", "0.25", "", "01_add"],
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        (" \t@x", "'@x"),
        ("＝1", "'＝1"),
        ("a;=1", "a;'=1"),
        ('a; "-1', "a; \"'-1"),
        ("a\n=1", "a =1"),
        ("a - b; c", "a - b; c"),
        ("\x1b[31m+1", "'+1"),
    ],
)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(text, shown):
    assert sheets.cell(text) == shown


@CALMLY
@given(SIGNS | TEXTS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_is_a_formula_however_a_spreadsheet_splits(delimiter, text):
    grade = hostile(text)
    sheet = sheets.checks([grade]) + sheets.people([grade], course.load())[1:]
    for row in rows(sheet, delimiter):
        assert not any(map(FORMULA.match, row))


@given(TEXTS)
def test_a_row_stays_a_row(text):
    assert [len(row) for row in rows(sheets.checks([hostile(text)]))] == [13, 13]
    assert len(sheets.checks([hostile(text)]).splitlines()) == 2


# Gradescope


def test_gradescope_gets_scores_states_and_plain_text():
    made = json.loads(gradescope.results(grades.grade(outcome="waiting")))
    assert made["score"] == 0
    assert made["tests"] == [
        {
            **{"name": "TODO 1. Adds two numbers", "name_format": "text"},
            **{"score": 0, "max_score": 2, "status": "failed"},
            **{"output": "Waiting.\nUse +.", "output_format": "text"},
            "visibility": "visible",
        }
    ]


def test_gradescope_hears_of_what_is_unverified():
    made = json.loads(gradescope.results(grades.grade(verified=False)))
    assert standings.UNVERIFIED in made["output"]
    assert made["tests"][0]["status"] == "passed"


@CALMLY
@given(REPORTS)
def test_any_report_makes_strict_json(report):
    def refuse(constant):
        raise AssertionError(constant)

    grade = grades.grade(report=report, points={}, worth={})
    made = json.loads(gradescope.results(grade), parse_constant=refuse)
    assert len(made["tests"]) == len(report.checks)
    assert made["output_format"] == "text"


# JUnit


@pytest.mark.parametrize(
    ("outcome", "element", "attribute"),
    [
        ("failed", "failure", "failures"),
        ("waiting", "skipped", "skipped"),
        ("broken", "error", "errors"),
    ],
)
def test_junit_has_an_element_for_each_outcome(outcome, element, attribute):
    given = [grades.grade(), grades.grade("B", outcome=outcome)]
    root = ElementTree.fromstring(junit.document(given))
    assert root.get("tests") == "2"
    assert root.get(attribute) == root[1].get(attribute) == "1"
    assert root[1].find(f"testcase/{element}").get("message") == "Use +."
    assert root[1].get("name") == "B · 01_add"
    assert root[1].get("timestamp") == "2026-01-02T03:04:05"


@CALMLY
@given(REPORTS, TEXTS | st.text(st.sampled_from("\ufffe\uffff\x00\x0b\ud800]]>&")))
def test_any_grade_makes_xml_that_parses(report, text):
    given = [grades.grade(text, report=report), hostile(text)]
    root = ElementTree.fromstring(junit.document(given).encode())
    assert len(root.findall("testsuite/testcase")) == len(report.checks) + 1


# Names of files


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("Zoë O’Brien", "zoe-obrien"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "con-"),
        ("lpt9", "lpt9-"),
        ("王小明", "person"),
        ("\x1b[31mRed", "red"),
        ("a" * 300, "a" * 60),
    ],
)
def test_a_file_is_named_after_a_person(text, file):
    assert names.slug(text) == file


def test_people_of_one_name_get_numbers():
    found = names.of_files(["Ann Lee", "ann-lee", "Ann Lee 2", "ANN LEE"])
    assert list(found.values()) == ["ann-lee", "ann-lee-2", "ann-lee-2-2", "ann-lee-3"]


@given(st.lists(TEXTS, unique=True))
def test_files_have_safe_names_of_their_own(texts):
    found = list(names.of_files(texts).values())
    assert len(found) == len(set(found)) == len(texts)
    safe = set(string.ascii_lowercase + string.digits + "_-")
    assert all(name and set(name) <= safe and name[0] != "-" for name in found)


# Standings


def test_a_lesson_not_handed_in_counts_as_nothing_of_its_worth(toy):
    given = [grades.grade("A"), grades.grade("B"), grades.grade("B", "09_old")]
    shares = {one.name: one.share for one in standings.people(given, toy)}
    assert shares == {"A": 0.5, "B": 1}


def test_a_lesson_is_summed_up_without_what_is_open(toy):
    outcomes = ("passed", "failed", "passed", "broken")
    given = [grades.grade(str(n), outcome=one) for n, one in enumerate(outcomes)]
    (topic,) = standings.topics(given, toy)
    assert (topic.graded, topic.passed, topic.open, topic.median) == (4, 2, 1, 1)
    (hurdle,) = standings.hurdles(given)
    assert (hurdle.passed, hurdle.judged) == (2, 3)


def test_the_hardest_check_comes_first():
    checks = [Result("a", "a", "passed"), Result("b", "b", "failed", advice="No.")]
    report = Report("01", "", "", "failed", tuple(checks))
    found = standings.hurdles([grades.grade(report=report)])
    assert [one.title for one in found] == ["b", "a"]


def test_advice_that_differs_in_numbers_is_one_advice():
    def told(advice, outcome="failed"):
        check = Result("a", "Title", outcome, advice=advice)
        report = Report("01", "", "", "failed", (check,))
        return grades.grade(report=report)

    said = ["It read 91 % of 1,000.", "It read 9.5 % of 1,000.", "Other.", ""]
    found = standings.advice([*map(told, said), told("It waits.", "waiting")])
    assert [(one.text, one.people) for one in found] == [
        ("It read # % of 1,000.", 2),
        ("Other.", 1),
    ]


@given(st.lists(st.floats(0, 1), min_size=1))
def test_every_share_is_in_one_bar(shares):
    assert sum(histogram.count(shares)) == len(shares)


def test_bars_begin_at_their_tenth_and_the_last_one_holds_all_points():
    assert histogram.count([0, 0.1, 0.3, 0.7, 0.99, 1]) == [
        1,
        1,
        0,
        1,
        0,
        0,
        0,
        1,
        0,
        2,
    ]


# Pages


def pages(given, of):
    """Return every page that is made of these grades: the overview comes last."""
    made = dict(export.exported(given, of))
    return [text for place, text in made.items() if place.endswith(".html")]


@CALMLY
@given(REPORTS, TEXTS)
def test_any_grades_make_pages_whose_elements_are_closed(report, text):
    given = [hostile(text, verified=False), grades.grade("other", report=report)]
    for source in pages(given, course.load()):
        page = Page(source)
        assert not page.all("script", "img", "iframe", "red")
        assert len(page.all("h1")) == 1
        assert "default-src 'none'" in source
        shown = source.replace("\n", "").replace("\u200c", "").replace("\u200d", "")
        assert not {"Cc", "Cf", "Cs"} & set(map(unicodedata.category, shown))


def test_a_page_of_feedback_is_of_one_person_alone(toy):
    given = [grades.grade("Ann"), grades.grade("Bob", log="secret log")]
    ann, bob, _ = pages(given, toy)
    assert "Bob" not in ann
    assert "Ann" not in bob
    assert "secret" not in bob


def test_feedback_shows_points_where_checks_differ_in_worth(toy):
    ann, _ = pages([grades.grade()], toy)
    assert "Points: 2 of 2" in ann
    equal = grades.grade(worth={"adds": 1.0}, points={"adds": 1.0})
    assert "Points:" not in pages([equal], toy)[0]


def test_feedback_says_why_to_those_who_passed_and_what_is_missing(toy):
    given = [grades.grade("A"), grades.grade("B", outcome="failed")]
    passed, failed, _ = pages([*given, grades.grade("A", "09_old")], toy)
    assert "Because." in passed
    assert "Because." not in failed
    assert "not handed in" in failed


def test_headings_of_a_lesson_stand_below_its_own():
    assert feedback.lowered("<h2>a</h2><p>&lt;h2&gt;</p>") == (
        "<h3>a</h3><p>&lt;h2&gt;</p>"
    )
    assert "<h3>Checks</h3>" in feedback.lowered(html.found(grades.grade().report))


def test_the_overview_names_what_is_open_and_unverified_with_the_log(toy):
    given = [
        grades.grade("A", outcome="broken", log="The box <b> was lost."),
        grades.grade("B", verified=False),
    ]
    *_, source = pages(given, toy)
    assert "<strong>1 open.</strong>" in source
    assert "The box &lt;b&gt; was lost." in source
    assert "<strong>1 unverified.</strong>" in source
    assert ">0/2!</td>" in source
    assert ">2/2*</td>" in source


def test_the_overview_links_to_every_page_of_feedback():
    given = grades.of_a_class(course.load(), people=14)
    made = dict(export.exported(given, course.load()))
    links = [a["href"] for a in Page(made["index.html"]).all("a")]
    assert sorted(links) == sorted(p for p in made if p.startswith("feedback/"))


def test_a_class_of_nobody_but_open_grades_has_an_overview(toy):
    source = overview.page([grades.grade(outcome="broken")], toy, {"Ann": "a.html"})
    assert "The hardest checks" not in source
    assert Page(source).all("svg")


# The command


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command line in a folder of its own: its status and all it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        status = entry.run([str(word) for word in words])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "grading" / "gradebook.sqlite"
    path.parent.mkdir()
    with Gradebook(path) as opened:
        for grade in grades.of_a_class(course.load(), people=13):
            opened.record(grade)
    return path


def test_export_writes_every_form_and_says_so(run, book, tmp_path):
    status, said = run("export", "out")
    assert status == 0
    made = {path.relative_to(tmp_path / "out") for path in tmp_path.glob("out/**/*.*")}
    assert {"people.csv", "checks.csv", "junit.xml", "index.html"} < set(map(str, made))
    assert len([path for path in made if path.parts[0] == "feedback"]) == 13
    assert "feedback, 13 files" in " ".join(said.split())
    for path in tmp_path.glob("out/gradescope/*/*/results.json"):
        assert json.loads(path.read_text("utf-8"))["tests"]
    ElementTree.parse(tmp_path / "out" / "junit.xml")


def test_nothing_is_written_outside_the_folder(run, book, tmp_path):
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    run("export", "--gradebook", book, "out")
    after = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    assert after == before


def test_export_leaves_what_else_lies_there_and_replaces_its_own(run, book, tmp_path):
    mine = tmp_path / "out" / "feedback" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / "out" / "index.html").write_text("old", encoding="utf-8")
    assert run("export", "out")[0] == run("export", "out")[0] == 0
    assert mine.read_text(encoding="utf-8") == "mine"
    assert "<h1>" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "There is no gradebook at"),
        (lambda path: path.write_text("x" * 999), "is no gradebook"),
        (lambda path: Gradebook(path).close(), "There are no grades in"),
    ],
)
def test_export_refuses_what_holds_no_grades(run, tmp_path, make, said):
    make(tmp_path / "book")
    status, printed = run("export", "--gradebook", "book", "out")
    assert status == 2
    assert said in printed
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_said(run, book, tmp_path):
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    status, said = run("export", "out")
    assert status == 2
    assert "was not written" in said


# The browser


@pytest.mark.slow
@pytest.mark.skipif(
    not CHROMIUM, reason="there is no Chromium to look with: apt-get install chromium"
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
def test_nothing_hangs_over_the_edge_and_nothing_runs(
    run, book, tmp_path, scheme, size
):
    playwright = pytest.importorskip("playwright.sync_api")
    run("export", "out")
    root = getattr(os, "geteuid", lambda: 1)() == 0
    with playwright.sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"] if root else []
        )
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme
        )
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.on("console", lambda line: pytest.fail(line.text))
        feedback = sorted((tmp_path / "out" / "feedback").iterdir())[:7]
        for path in (tmp_path / "out" / "index.html", *feedback):
            page.goto(path.as_uri())
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= size[0], path.name
        browser.close()
