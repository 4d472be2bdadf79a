"""A submission is graded once, and its result depends on nothing but its terms."""

import dataclasses
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import CHECKS, SOLUTION, make_course

from workshop import versions
from workshop.batch import orders, run, terms
from workshop.batch.desk import TRIES, Desk
from workshop.gradebook import Gradebook
from workshop.sandbox import Lost, Sandbox
from workshop.submission import Submission
from workshop.vault import Vault


def handed_in(text=SOLUTION, person="ann", **more):
    return Submission(person, "01_add", "mine.py", ".py", text.encode(), **more)


@pytest.fixture
def course(tmp_path):
    return make_course(tmp_path / "course")


@pytest.fixture
def rules(course, tmp_path):
    """The terms of a run that trusts what was handed in."""
    choices = terms.choose(course.lessons, "")
    return terms.Terms(course, Vault(tmp_path / "grading"), choices, trusted=True)


@pytest.fixture
def book(tmp_path):
    with Gradebook(tmp_path / "gradebook.sqlite") as opened:
        yield opened


def outcomes(marked):
    return [check.outcome for check in marked.report.checks]


def test_a_desk_marks_what_was_handed_in(rules):
    wrong = SOLUTION.replace("a + b", "a - b")
    marked = Desk(rules).mark(handed_in(wrong))
    assert outcomes(marked) == ["failed", "failed", "failed"]
    assert marked.report.script == "mine.py"


def test_files_that_came_along_lie_beside_the_script(rules):
    text = SOLUTION.replace("total = add", "from two import two\ntotal = add")
    files = {"two.py": b"two = 2", "deep/er.txt": b""}
    assert outcomes(Desk(rules).mark(handed_in(text, files=files))) == ["passed"] * 3


def test_a_place_that_is_taken_away_is_tried_anew(rules, monkeypatch):
    taken = iter([True, True, False])

    def start(**settings):
        if next(taken):
            raise Lost("gone")
        return Sandbox(**settings)

    monkeypatch.setattr("workshop.batch.desk.Sandbox", start)
    marked = Desk(rules).mark(handed_in())
    assert marked.report.outcome == "passed"
    assert marked.log.count("gone") == 2


def test_a_place_that_is_taken_away_again_and_again_is_nobodys_failure(
    rules, monkeypatch
):
    def start(**_):
        raise Lost("gone")

    monkeypatch.setattr("workshop.batch.desk.Sandbox", start)
    marked = Desk(rules).mark(handed_in())
    assert outcomes(marked) == ["broken"] * 3
    assert marked.log.count("gone") == TRIES


def test_a_fault_of_the_grader_is_nobodys_failure(rules, monkeypatch):
    monkeypatch.setattr("workshop.grader.check", lambda *_: 1 / 0)
    marked = Desk(rules).mark(handed_in())
    assert outcomes(marked) == ["broken"] * 3
    assert "ZeroDivisionError" in marked.log


def keys(rules, work=None):
    return rules.key(work or handed_in())


def test_the_same_terms_give_the_same_key(rules, course, tmp_path):
    again = dataclasses.replace(rules, vault=Vault(tmp_path / "grading"))
    assert keys(again) == keys(rules)
    assert keys(rules, handed_in(person="bob")) == keys(rules)


@pytest.mark.parametrize(
    "change",
    [{"trusted": False}, {"retrain": True}, {"choices": {"01_add": ("x", "")}}],
)
def test_how_it_is_run_changes_the_key(rules, change):
    assert keys(dataclasses.replace(rules, **change)) != keys(rules)


def test_checks_goals_points_and_text_change_the_key(rules, tmp_path):
    found = {keys(rules), keys(rules, handed_in(SOLUTION + "\n"))}
    other = make_course(tmp_path / "other", checks=CHECKS + "\n")
    found.add(keys(dataclasses.replace(rules, course=other)))
    for name, value in (("goal", {"drawn": 0.5}), ("points", {"adds": 2})):
        lesson = dataclasses.replace(rules.course.lessons[0], **{name: value})
        course = dataclasses.replace(rules.course, lessons=(lesson,))
        found.add(keys(dataclasses.replace(rules, course=course)))
    assert len(found) == 5


def test_what_has_its_grade_is_not_graded_again(rules, book):
    marked = []

    def mark(work):
        marked.append(work.person)
        return Desk(rules).mark(work)

    works = [handed_in(person="ann"), handed_in(person="bob")]
    for _ in range(2):
        grades = run.Run(rules, book).grade(works, run.here(mark, 2))
    assert sorted(marked) == ["ann", "bob"]
    assert [grade.share for grade in grades] == [1, 1]


def test_a_regrading_is_one_more(rules, book):
    mark_all = run.here(Desk(rules).mark, 1)
    for again in (False, True):
        run.Run(rules, book, again=again).grade([handed_in()], mark_all)
    assert len(book.all()) == 2


def test_what_was_handed_in_first_counts_again_when_it_is_handed_in_again(rules, book):
    mark_all, told = run.here(Desk(rules).mark, 1), []
    wrong = SOLUTION.replace("a + b", "a - b")
    for text in (SOLUTION, wrong, SOLUTION, SOLUTION):
        run.Run(rules, book, tell=told.append).grade([handed_in(text)], mark_all)
    assert [grade.report.outcome for grade in book.latest()] == ["passed"]
    assert [one.before for one in told] == [False, False, True, True]
    assert [one.returns for one in told] == [False, False, True, False]


def test_what_stays_open_is_tried_by_the_next_run(rules, book, monkeypatch):
    mark_all = run.here(Desk(rules).mark, 1)
    with monkeypatch.context() as fault:
        fault.setattr("workshop.grader.check", lambda *_: 1 / 0)
        run.Run(rules, book).grade([handed_in()], mark_all)
    assert [grade.open for grade in book.latest()] == [True]
    run.Run(rules, book).grade([handed_in()], mark_all)
    assert [grade.report.outcome for grade in book.latest()] == ["passed"]


def test_what_was_marked_before_an_interruption_is_kept(rules, book):
    def mark_all(due):
        yield 0, Desk(rules).mark(due[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.Run(rules, book).grade([handed_in(), handed_in(person="bob")], mark_all)
    assert [grade.person for grade in book.all()] == ["ann"]


def test_orders_make_the_same_desk_elsewhere(rules, tmp_path):
    made = orders.unpack(orders.pack(rules), tmp_path / "there")
    assert (made.salt, made.choices) == (rules.salt, rules.choices)
    assert not list((tmp_path / "there").rglob("solutions"))
    assert outcomes(Desk(made).mark(handed_in())) == ["passed"] * 3


def test_orders_of_other_versions_are_refused(rules, tmp_path, monkeypatch):
    message = orders.pack(rules)
    other = dict.fromkeys(versions.found(), "0")
    monkeypatch.setattr("workshop.versions.found", lambda: other)
    with pytest.raises(orders.Unfit, match="Install the same on both"):
        orders.unpack(message, tmp_path / "there")


def test_a_desk_that_is_left_ends_what_still_runs(rules):
    text = SOLUTION + "\nimport time\ntime.sleep(600)\n"
    with ThreadPoolExecutor(1) as pool:
        with Desk(rules) as desk:
            marked = pool.submit(desk.mark, handed_in(text))
            while not desk._running:
                time.sleep(0.01)
        assert marked.result(60).report.outcome != "passed"
        assert not desk._running


def test_a_desk_that_was_left_starts_nothing(rules):
    with Desk(rules) as desk:
        pass
    assert outcomes(desk.mark(handed_in())) == ["broken"] * 3


def test_a_grade_says_within_which_limits_it_was_made(rules, book):
    run.Run(rules, book).grade([handed_in()], run.here(Desk(rules).mark, 1))
    assert set(book.latest()[0].limits) == {"seconds", "memory_mb"}


@pytest.mark.parametrize(
    ("machine_mb", "needs", "jobs"),
    [(24_000, [850], 4), (8_000, [850, 2_000], 3), (3_000, [1_150], 1), (8_000, [], 4)],
)
def test_no_more_scripts_run_at_a_time_than_memory_allows(
    monkeypatch, lesson, machine_mb, needs, jobs
):
    sizes = {"SC_PHYS_PAGES": machine_mb * 256, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(os, "sysconf", sizes.__getitem__, raising=False)
    monkeypatch.setattr(run, "cores", lambda: 4)
    lessons = [dataclasses.replace(lesson, memory_mb=mb) for mb in needs]
    assert run.at_once(lessons) == jobs
