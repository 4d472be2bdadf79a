"""Every lesson: its solution passes, its exercise waits, wrong answers are caught.

Wrong and right answers are judged in a process of their own (see `answers`); the
solution and the exercise go the whole way through the grader and a child.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import answers
import pytest
from conftest import MIRROR, needs_mirror

from workshop import course, data, grader, script
from workshop.script import NO_END
from workshop.source import markers

LESSONS = {lesson.stem: lesson for lesson in course.load().lessons}
WRONG = [path for stem in LESSONS for path in answers.cases("wrong", stem)]
RIGHT = [path for stem in LESSONS for path in answers.cases("right", stem)]

FOLDERS = {"digits": "mnist", "signs": "sign-language-mnist"}
REAL = {
    stem: FOLDERS.get(str(lesson.data), str(lesson.data))
    for stem, lesson in LESSONS.items()
    if data.sources.find(str(lesson.data)).real
}


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def solution_of(path: Path) -> str:
    return LESSONS[path.parent.name].solution.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def judge() -> Iterator[answers.Judge]:
    """A process that judges answers, for this process of pytest."""
    process = answers.Judge()
    yield process
    process.close()


def graded(path: Path, stem: str, folder: Path) -> dict[str, grader.Result]:
    """Return the grader's results for a copy of a script, by check."""
    copy = folder / f"{stem}.py"
    copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    report = grader.check(LESSONS[stem], copy, grader.Options(figures=folder))
    assert report.stop is None, report.stop
    return {result.check: result for result in report.checks}


@pytest.mark.parametrize("case", WRONG + RIGHT, ids=named)
def test_an_answer_differs_from_the_solution_and_is_python(case: Path) -> None:
    text = answers.text_of(case, solution_of(case))
    assert text != solution_of(case)
    compile(text, case.name, "exec")


@pytest.mark.parametrize("case", WRONG, ids=named)
def test_a_wrong_answer_names_checks_that_exist(case: Path) -> None:
    names = {check.name for check in LESSONS[case.parent.name].checks}
    assert {expected["check"] for expected in answers.read(case)["expect"]} <= names


@pytest.mark.parametrize("stem", LESSONS)
def test_checks_that_a_whole_training_needs_exist_and_are_not_all(stem: str) -> None:
    names = {check.name for check in LESSONS[stem].checks}
    assert set(answers.shorter(stem).get("whole", ())) < names


@pytest.mark.parametrize("stem", LESSONS)
def test_every_check_catches_a_wrong_answer(stem: str) -> None:
    cases = [answers.read(path) for path in answers.cases("wrong", stem)]
    caught = {expected["check"] for case in cases for expected in case["expect"]}
    assert caught == {check.name for check in LESSONS[stem].checks}


@pytest.mark.parametrize("stem", LESSONS)
def test_a_stretch_goal_asks_for_a_guess_and_shows_no_code(stem: str) -> None:
    goal = LESSONS[stem].stretch
    assert "Guess first: " in goal
    assert goal.endswith("?")
    assert not set(goal) & set("=()[]")


@pytest.mark.parametrize("stem", LESSONS)
def test_the_exercise_is_what_blanking_makes_of_the_solution(stem: str) -> None:
    lesson = LESSONS[stem]
    made = script.blank(lesson.solution.read_text(encoding="utf-8"))
    assert lesson.exercise.read_text(encoding="utf-8") == made


@pytest.mark.parametrize("stem", LESSONS)
def test_the_untouched_exercise_waits_throughout(stem: str, tmp_path: Path) -> None:
    results = graded(LESSONS[stem].exercise, stem, tmp_path)
    assert {result.outcome for result in results.values()} == {"waiting"}


@pytest.mark.parametrize("stem", LESSONS)
def test_an_answer_is_run_as_if_later_todos_were_blank(stem: str) -> None:
    text = LESSONS[stem].solution.read_text(encoding="utf-8")
    cells = script.todo_cells(script.parse(text))
    for todo, cell in cells.items():
        run = answers.until(text, todo)
        assert text.startswith(run)
        later = set(cells) - {mark.todo for mark in markers(run)}
        assert later == {other for other in cells if cells[other] > cell}
    assert answers.until(text, NO_END) == text


@pytest.mark.slow
@pytest.mark.parametrize("answer", WRONG, ids=named)
def test_a_wrong_answer_is_caught_where_it_should_be(
    answer: Path, judge: answers.Judge
) -> None:
    failed = {c: said for c, how, said in judge(answer) if how == "failed"}
    expected = answers.read(answer)["expect"]
    assert next(iter(failed), "no check failed") == expected[0]["check"]
    for one in expected:
        assert one["says"] in failed[one["check"]]


@pytest.mark.slow
@pytest.mark.parametrize("answer", RIGHT, ids=named)
def test_an_unusual_right_answer_passes(answer: Path, judge: answers.Judge) -> None:
    """Trained in short; `benchmarks.answers` trains them to the end."""
    results = judge(answer)
    whole = answers.shorter(answer.parent.name).get("whole", ())
    assert len(results) + len(whole) == len(LESSONS[answer.parent.name].checks)
    assert [result for result in results if result[1] != "passed"] == []


@pytest.mark.slow
@pytest.mark.parametrize("stem", LESSONS)
def test_the_solution_passes_on_drawn_data(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKSHOP_DATA", "drawn")
    results = graded(LESSONS[stem].solution, stem, tmp_path)
    assert {result.outcome for result in results.values()} == {"passed"}


@needs_mirror
@pytest.mark.slow
@pytest.mark.parametrize("stem", REAL)
def test_the_solution_passes_on_real_data(
    stem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (Path(str(MIRROR)) / REAL[stem]).is_dir():
        pytest.skip(f"the mirror has no folder {REAL[stem]}")
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    results = graded(LESSONS[stem].solution, stem, tmp_path)
    assert {result.outcome for result in results.values()} == {"passed"}
