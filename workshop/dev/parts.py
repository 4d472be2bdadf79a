"""A lesson is whole or it is no lesson: four files, a table, and no strays.

Numbers of the syllabus and notes for people are looked at here, one by one; what they
have to do with each other is for `agree`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from workshop.course import Course, Lesson
from workshop.dev.problem import Problem, line_of

FOLDERS = {
    "solutions": (".py",),
    "exercises": (".py",),
    "assessments": (".py", ".toml"),
}
VARIANTS = {"real", "drawn"}
MOST = 1.5  # a goal may lie above 1 where less is better, as for a ratio


def missing(lesson: Lesson) -> list[Problem]:
    """Return a problem for each of the four files that is not there."""
    made = {
        lesson.solution: "Write it: it is the only source of a lesson.",
        lesson.exercise: "Derive it with: workshop dev update.",
        lesson.assessment: "Write its checks.",
        lesson.notes: "Write hints, why and a quiz.",
    }
    return [
        Problem(path, 1, f"This part of lesson {lesson.stem} is missing. {advice}")
        for path, advice in made.items()
        if not path.is_file()
    ]


def strays(course: Course) -> list[Problem]:
    """Return a problem for each file in the three folders that is no lesson's."""
    stems = {lesson.stem for lesson in course.lessons}
    found = []
    for folder, suffixes in FOLDERS.items():
        for path in sorted((course.folder / folder).glob("*")):
            hidden = path.name.startswith((".", "__"))
            known = path.stem in stems and path.suffix in suffixes
            if not (hidden or known):
                found.append(
                    Problem(
                        path,
                        1,
                        f"This belongs to no lesson. Remove it, or give {path.stem} a "
                        "table in course.toml.",
                    )
                )
    return found


def syllabus(lesson: Lesson) -> list[Problem]:
    """Return what is missing or impossible in the lesson's table of course.toml."""
    path = lesson.course / "course.toml"
    text = path.read_text(encoding="utf-8")
    line = line_of(text, rf"^\[lessons\.\"?{lesson.stem}\"?\]")
    return [Problem(path, line, said) for said in _syllabus(lesson)]


def _syllabus(lesson: Lesson) -> list[str]:
    found = []
    for name in dict.fromkeys(("teaching", "exercise", *lesson.minutes)):
        if not _positive(lesson.minutes.get(name)):
            found.append(f"minutes.{name} is missing. Give whole minutes.")
    if not lesson.seconds or not all(map(_positive, lesson.seconds.values())):
        found.append("seconds is missing. Give the measured seconds of each variant.")
    for name, share in lesson.goal.items():
        if not (_positive(share) and share <= MOST):
            found.append(f"goal.{name} is {share!r}. Give a share: 0.9 is 90 %.")
    if strange := (set(lesson.goal) | set(lesson.seconds)) - VARIANTS:
        found.append(f"{min(strange)!r} is no variant. There are real and drawn.")
    if lesson.data and VARIANTS - set(lesson.goal):
        found.append("A goal is missing. With data, give goal = {real = …, drawn = …}.")
    return found


def notes(lesson: Lesson) -> list[Problem]:
    """Return what is missing or malformed in hints, why and quiz."""
    text = lesson.notes.read_text(encoding="utf-8")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return [Problem(lesson.notes, 1, f"This is not TOML: {error}. Correct it.")]
    found = [Problem(lesson.notes, 1, said) for said in _why(table)]
    hints = table.get("hints", {})
    for number, levels in hints.items() if isinstance(hints, dict) else ():
        if not (number.isdigit() and _texts(levels) and len(levels) == 2):
            line = line_of(text, rf"^{number} *=")
            said = f"Hint {number} has not two levels. Give two texts: ask, then tell."
            found.append(Problem(lesson.notes, line, said))
    for index, question in enumerate(_questions(table), 1):
        if not _sound(question):
            said = (
                f"Question {index} of the quiz is incomplete. Give question, two "
                "choices or more, because, and answer: the index of a choice, from 0."
            )
            found.append(Problem(lesson.notes, line_of(text, r"^\[\[quiz"), said))
    return found


def _why(table: dict[str, Any]) -> list[str]:
    found = []
    if not str(table.get("why", "")).strip():
        found.append("why is missing. Say why it works, for those who have passed.")
    if not isinstance(table.get("hints", {}), dict):
        found.append('hints is no table. Write [hints], then 1 = ["…", "…"].')
    if not _questions(table):
        found.append("The quiz is missing. Ask one question at least, in [[quiz]].")
    return found


def _questions(table: dict[str, Any]) -> list[Any]:
    quiz = table.get("quiz", [])
    return quiz if isinstance(quiz, list) else []


def _sound(question: Any) -> bool:
    if not isinstance(question, dict):
        return False
    texts = (question.get("question"), question.get("because"))
    choices, answer = question.get("choices"), question.get("answer")
    return (
        all(isinstance(text, str) and text for text in texts)
        and isinstance(choices, list)
        and _texts(choices)
        and len(choices) >= 2
        and type(answer) is int
        and 0 <= answer < len(choices)
    )


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(t, str) and t for t in value)


def _positive(value: Any) -> bool:
    return type(value) in (int, float) and value > 0


def read(path: Path) -> str:
    """Return a part's text as it is, line ends included."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()
