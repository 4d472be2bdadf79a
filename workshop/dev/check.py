"""Problems are found from the outside in: what cannot be read is not looked into.

A missing file hides what it would say, a solution that is no Python hides its answers.
So each step of this page rests on the steps before it.
"""

from __future__ import annotations

from collections.abc import Callable

from workshop import readiness, script
from workshop.course import Course, Lesson
from workshop.dev import agree, feed, form, parts, prove
from workshop.dev.agree import Draft
from workshop.dev.problem import Problem

Tell = Callable[[str], None]


def check_course(
    course: Course, *, run: bool = False, tell: Tell = lambda text: None
) -> list[Problem]:
    """Return all problems of all lessons, and the files that belong to none."""
    found = parts.strays(course)
    for lesson in course.lessons:
        found += check_lesson(lesson, run=run, tell=tell)
    return found


def check_lesson(
    lesson: Lesson, *, run: bool = False, tell: Tell = lambda text: None
) -> list[Problem]:
    """Return the problems of one lesson; its solution is run only with `run`.

    `tell` is given a line before the part that takes its time.
    """
    found = [*parts.syllabus(lesson), *parts.missing(lesson)]
    if any(
        not path.is_file()
        for path in (lesson.solution, lesson.assessment, lesson.notes)
    ):
        return found
    found += parts.notes(lesson)
    draft = _draft(lesson)
    if isinstance(draft, Problem):
        return [*found, draft]
    text = draft.solution.text
    found += form.form(lesson.solution, draft.solution)
    found += feed.texts(lesson, text, draft.checks)
    if not any(problem.file == lesson.notes for problem in found):
        found += [*agree.numbers(draft), *agree.hidden(draft), *agree.stretch(lesson)]
    found += [*agree.derived(draft), *_ready_at_once(draft)]
    for check in draft.checks:
        found += feed.feed(lesson, check)
    if run and not found:
        tell(f"Running {lesson.stem}, one blank after another ...")
        found += prove.prove(lesson, draft.solution, script.parse(draft.exercise))
    return found


def _draft(lesson: Lesson) -> Draft | Problem:
    """Return a lesson as it can be read, or the first thing that cannot."""
    path = lesson.solution
    try:
        text = parts.read(path)
        if "\r" in text:
            return Problem(path, 1, "This has Windows line ends. Save it with \\n.")
        if slip := script.syntax_problem(text):
            return Problem(path, slip[0], slip[1])
        answers = tuple(script.answers(text))
        path = lesson.exercise
        exercise = parts.read(path) if path.is_file() else script.blank(text)
        if slip := script.syntax_problem(exercise):
            return Problem(path, slip[0], f"{slip[1]} Run: workshop dev update.")
    except script.MarkerError as error:
        return Problem(path, error.line, error.sentence)
    except UnicodeDecodeError:
        return Problem(path, 1, "This is not UTF-8. Save it as UTF-8.")
    if problem := _assessment_problem(lesson):
        return problem
    return Draft(lesson, script.parse(text), answers, exercise, lesson.checks)


def _assessment_problem(lesson: Lesson) -> Problem | None:
    """Return why the checks of a lesson cannot be read or imported, if so."""
    path = lesson.assessment
    try:
        if slip := script.syntax_problem(parts.read(path)):
            return Problem(path, slip[0], slip[1])
        _ = (lesson.checks, lesson.module)
    except Exception as error:
        said = f"This cannot be imported ({type(error).__name__}: {error}). Correct it."
        return Problem(path, 1, said)
    return None


def _ready_at_once(draft: Draft) -> list[Problem]:
    """Return the checks that would not wait in an untouched exercise."""
    why, _ = readiness.waiting(script.parse(draft.exercise), draft.lesson)
    return [
        Problem(
            draft.lesson.assessment,
            feed.line_of_check(draft.lesson, check.name),
            f"{check.name} does not wait in the untouched exercise. Mark its answer "
            "in the solution, and run: workshop dev update.",
        )
        for check in draft.checks
        if not why(check)
    ]
