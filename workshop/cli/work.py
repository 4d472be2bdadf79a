"""A name or a file leads to one lesson and one file of the learner's, or to a question.

A script and a notebook of the same lesson may lie side by side. Whoever names only the
lesson is then asked which one is meant; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from workshop import script
from workshop.blanks import Blank
from workshop.cli.session import Refused, Session
from workshop.course import CourseError, Lesson
from workshop.progress import Folder

SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Work:
    """A lesson, and the learner's file of it."""

    lesson: Lesson
    path: Path

    @property
    def named(self) -> str:
        """What to type after `check`: the lesson, or the file where both kinds lie."""
        lesson = self.lesson.stem
        both = len(files(Folder(self.path.parent), self.lesson)) > 1
        return self.path.name if both or self.path.stem != lesson else lesson


def files(folder: Folder, lesson: Lesson) -> list[Path]:
    """Return the script and the notebook of a lesson, as far as they are there."""
    places = [folder.root / f"{lesson.stem}{suffix}" for suffix in SUFFIXES]
    return [place for place in places if place.exists()]


def find(session: Session, name: str | None) -> Work:
    """Return what a person means by a lesson's name, a file, or nothing."""
    if name is None:
        return only(session, open_lesson(session))
    path = Path(name)
    if path.suffix in SUFFIXES and path.exists():
        return Work(lesson_of(session, path.name), path.absolute())
    lesson = session.course.find(name)
    if path.suffix not in SUFFIXES:
        return only(session, lesson)
    if (named := session.home.root / path.name) in files(session.home, lesson):
        return Work(lesson, named)
    raise Refused(
        f"There is no file {name} here. To get a fresh one: "
        f"{session.start(lesson.stem)}"
    )


def lesson_of(session: Session, file: str) -> Lesson:
    """Return the lesson of a file, also of a copy such as "01_mnist (1).py"."""
    try:
        return session.course.find(file)
    except CourseError:
        for lesson in session.course.lessons:
            if file.startswith(lesson.stem):
                return lesson
        raise


def next_lesson(session: Session) -> Lesson | None:
    """Return the first lesson not yet passed; one that was begun comes first.

    A lesson that was missed, and filled in, is behind its learner.
    """
    left = [one for one in session.course.lessons if not _behind(session, one)]
    begun = [one for one in left if files(session.home, one)]
    return next(iter(begun or left), None)


def open_blanks(work: Work) -> list[Blank]:
    """Return the blanks left in a file; none where it cannot be read."""
    todos = sorted({check.todo for check in work.lesson.checks if check.todo})
    try:
        return script.blanks(script.read(work.path).text, todos)
    except (script.Unreadable, SyntaxError, ValueError):
        return []


def marked_blanks(work: Work) -> list[Blank]:
    """Return the blanks that carry their marker, without reading the checks."""
    try:
        return script.blanks(script.read(work.path).text)
    except (script.Unreadable, SyntaxError, ValueError):
        return []


def _behind(session: Session, lesson: Lesson) -> bool:
    standing = session.standing(lesson)
    return standing.reached or standing.filled


def open_lesson(session: Session) -> Lesson:
    """Return the lesson to work on: the next one, or the only one that was begun."""
    begun = [one for one in session.course.lessons if files(session.home, one)]
    lesson = next_lesson(session) or (begun[0] if len(begun) == 1 else None)
    if lesson is None:
        raise Refused("Every lesson has passed. Name the one you mean.")
    return lesson


def only(session: Session, lesson: Lesson) -> Work:
    found = files(session.home, lesson)
    if len(found) > 1:
        raise Refused(
            f"There are {found[0].name} and {found[1].name}: name the one you mean."
        )
    if not found:
        start = session.start(lesson.stem)
        raise Refused(f"{lesson.stem} is not in your folder yet. Get it with: {start}")
    return Work(lesson, found[0])
