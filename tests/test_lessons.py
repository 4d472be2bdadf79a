"""Every lesson: its solution passes, its exercise waits, wrong answers are caught.

Wrong and right answers are judged in processes of their own (see `answers`); the
solution and the exercise go the whole way through the grader and a child.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import answers
import pytest
from conftest import MIRROR, needs_mirror

from workshop import course, data, grader, script

LESSONS = {lesson.stem: lesson for lesson in course.load().lessons}
WRONG = [path for stem in LESSONS for path in answers.cases("wrong", stem)]
RIGHT = [path for stem in LESSONS for path in answers.cases("right", stem)]
PROCESSES = 2
ENVIRONMENT = {
    "WORKSHOP_DATA": "drawn",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}

FOLDERS = {"digits": "mnist", "signs": "sign-language-mnist"}
REAL = {
    stem: FOLDERS.get(str(lesson.data), str(lesson.data))
    for stem, lesson in LESSONS.items()
    if data.sources.find(str(lesson.data)).real
}

Results = list[list[str]]


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def solution_of(path: Path) -> str:
    return LESSONS[path.parent.name].solution.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> dict[str, Results]:
    """Judge all answers that this session asks for; return their results by file."""
    parameters = [getattr(item, "callspec", None) for item in request.session.items]
    wanted = [str(one.params["answer"]) for one in parameters if _judges(one)]
    files = list(dict.fromkeys(wanted))
    started = [start(files[n::PROCESSES]) for n in range(PROCESSES)]
    lines = [line for process in started for line in finish(process)]
    return {line["case"]: line["results"] for line in lines}


def start(files: list[str]) -> subprocess.Popen[str]:
    """Judge some answers in a process of its own, which uses one core."""
    own = {**ENVIRONMENT, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, answers.__file__, *files],
        env={**os.environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def finish(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Return what a process of `start` found out."""
    out, err = process.communicate(timeout=3_600)
    assert process.returncode == 0, err[-2_000:]
    return [json.loads(line) for line in out.splitlines()]


def _judges(callspec: Any) -> bool:
    return callspec is not None and "answer" in callspec.params


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
def test_every_check_catches_a_wrong_answer(stem: str) -> None:
    cases = [answers.read(path) for path in answers.cases("wrong", stem)]
    caught = {expected["check"] for case in cases for expected in case["expect"]}
    assert caught == {check.name for check in LESSONS[stem].checks}


@pytest.mark.parametrize("stem", LESSONS)
def test_the_exercise_is_what_blanking_makes_of_the_solution(stem: str) -> None:
    lesson = LESSONS[stem]
    made = script.blank(lesson.solution.read_text(encoding="utf-8"))
    assert lesson.exercise.read_text(encoding="utf-8") == made


@pytest.mark.parametrize("stem", LESSONS)
def test_the_untouched_exercise_waits_throughout(stem: str, tmp_path: Path) -> None:
    results = graded(LESSONS[stem].exercise, stem, tmp_path)
    assert {result.outcome for result in results.values()} == {"waiting"}


@pytest.mark.slow
@pytest.mark.parametrize("answer", WRONG, ids=named)
def test_a_wrong_answer_is_caught_where_it_should_be(
    answer: Path, verdicts: dict[str, Results]
) -> None:
    failed = {c: said for c, how, said in verdicts[str(answer)] if how == "failed"}
    expected = answers.read(answer)["expect"]
    assert next(iter(failed), "no check failed") == expected[0]["check"]
    for one in expected:
        assert one["says"] in failed[one["check"]]


@pytest.mark.slow
@pytest.mark.parametrize("answer", RIGHT, ids=named)
def test_an_unusual_right_answer_passes(
    answer: Path, verdicts: dict[str, Results]
) -> None:
    wrong = [result for result in verdicts[str(answer)] if result[1] != "passed"]
    assert wrong == []


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
