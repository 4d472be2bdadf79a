"""A course is a folder: `course.toml` and three folders of files with equal names.

The tool knows nothing of any one course. What a machine must know of a lesson is in
`course.toml`, what an instructor says is in the TOML file beside its checks, and all
paths follow from the lesson's stem. Lessons are read when they are asked for, and an
assessment (which needs NumPy) is run when the first check is judged.
"""

from __future__ import annotations

import ast
import difflib
import importlib.util
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

SOLUTION = "solution"
"""What stands between stem and suffix where a learner has our solution written down."""
RESERVED = ("sealed", "goal", "report")
"""Parameters of a check that are the grader's; all others are learner's variables."""

_TODO = re.compile(r"^TODO (\d+)\.\s*")
_SHARE = re.compile(r"(\d)%")


class CourseError(Exception):
    """The course folder, or a name that should be in it, is not as it must be."""


@dataclass(frozen=True)
class Check:
    """One function of an assessment; `optional` parameters have a default."""

    name: str
    function: Callable[..., None]
    todo: int | None
    template: str
    parameters: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name not in RESERVED)

    @property
    def sealed(self) -> bool:
        return "sealed" in self.parameters

    def title(self, goal: float) -> str:
        """Return the line a learner reads; shares are written as in "97 %"."""
        return _SHARE.sub(r"\1 %", self.template.format(goal=goal))


@dataclass(frozen=True)
class Question:
    """One question of the quiz; `answer` is an index into `choices`."""

    question: str
    choices: tuple[str, ...]
    answer: int
    because: str


@dataclass(frozen=True)
class Lesson:
    """One lesson: minutes, goals and measured cost from `course.toml`, and its files.

    `goal` and `seconds` map a variant ("real", "drawn") to the accuracy to reach and
    to the wall-clock seconds measured on the reference machine. `points` maps a check
    to what it is worth where that is not 1.
    """

    course: Path
    stem: str
    data: str | None = None
    goal: dict[str, float] = field(default_factory=dict)
    minutes: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    memory_mb: float = 2000
    points: dict[str, float] = field(default_factory=dict)

    @property
    def solution(self) -> Path:
        return self.course / "solutions" / f"{self.stem}.py"

    @property
    def exercise(self) -> Path:
        return self.course / "exercises" / f"{self.stem}.py"

    @property
    def assessment(self) -> Path:
        return self.course / "assessments" / f"{self.stem}.py"

    @property
    def notes(self) -> Path:
        return self.course / "assessments" / f"{self.stem}.toml"

    @cached_property
    def title(self) -> str:
        """The first heading of the exercise, without its number."""
        from workshop import script

        return script.parse(self.exercise.read_text(encoding="utf-8")).title

    @cached_property
    def _notes(self) -> dict[str, Any]:
        return _toml(self.notes)

    @property
    def hints(self) -> dict[int, tuple[str, ...]]:
        """Hints by TODO number, from asking to telling."""
        found = self._notes.get("hints", {})
        return {int(number): tuple(levels) for number, levels in found.items()}

    @property
    def why(self) -> str:
        """Why it works: shown when every check has passed."""
        return str(self._notes.get("why", "")).strip()

    @property
    def stretch(self) -> str:
        """What somebody can try who has solved the lesson early; often empty."""
        return str(self._notes.get("stretch", "")).strip()

    @property
    def quiz(self) -> tuple[Question, ...]:
        return tuple(
            Question(q["question"], tuple(q["choices"]), q["answer"], q["because"])
            for q in self._notes.get("quiz", [])
        )

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The public functions of the assessment, in file order, read but not run."""
        try:
            tree = ast.parse(self.assessment.read_text(encoding="utf-8"))
        except FileNotFoundError:
            missing = f"{self.assessment} is missing: the lesson has no checks"
            raise CourseError(missing) from None
        except (SyntaxError, ValueError) as error:
            raise CourseError(f"{self.assessment} cannot be read: {error}") from None
        return tuple(
            _check(node, _Late(self, node.name))
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        )

    @cached_property
    def module(self) -> ModuleType:
        """The assessment itself, which is run once the first check is judged."""
        if not __debug__:
            raise CourseError(
                "Python was started with -O or PYTHONOPTIMIZE, and that switches off "
                "every check. Start it without."
            )
        spec = importlib.util.spec_from_file_location(
            f"assessment_{self.stem}", self.assessment
        )
        if spec is None or spec.loader is None:
            raise CourseError(f"{self.assessment} cannot be run")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


@dataclass(frozen=True)
class _Late:
    """A check's function: the assessment is run when it is first called."""

    lesson: Lesson
    name: str

    def __call__(self, *values: Any, **given: Any) -> None:
        getattr(self.lesson.module, self.name)(*values, **given)


@dataclass(frozen=True)
class Course:
    """A syllabus: the lessons of one folder in teaching order."""

    folder: Path
    title: str
    lessons: tuple[Lesson, ...]
    settings: dict[str, Any] = field(default_factory=dict)
    plans: dict[str, Any] = field(default_factory=dict)

    def find(self, name: str) -> Lesson:
        """Return the lesson a person means by "1", "01", "mnist" or "01_mnist.py".

        CourseError names the nearest lesson where there is none of that name.
        """
        wanted = Path(name).name.removesuffix(".py").removesuffix(".ipynb").lower()
        names = {spelling: one for one in self.lessons for spelling in _spellings(one)}
        if wanted in names:
            return names[wanted]
        near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
        hint = f" Did you mean {names[near[0]].stem}?" if near else ""
        listed = ", ".join(lesson.stem for lesson in self.lessons)
        raise CourseError(
            f"There is no lesson called “{name}”.{hint} The lessons are: {listed}."
        )


def bundled() -> Path:
    """Return the folder of the course that comes with the kit."""
    inside = Path(__file__).parent / "_course"
    return inside if inside.is_dir() else Path(__file__).parents[1]


def load(folder: Path | None = None) -> Course:
    """Return the course in `folder`, or the bundled one."""
    folder = (folder or bundled()).resolve()
    syllabus = _toml(folder / "course.toml")
    lessons = []
    for stem, table in syllabus.get("lessons", {}).items():
        try:
            lessons.append(Lesson(folder, stem, **table))
        except TypeError as error:
            problem = str(error).replace("Lesson.__init__() got an ", "")
            raise CourseError(
                f"{folder / 'course.toml'}: table lessons.{stem} has an {problem}"
            ) from None
    if not lessons:
        raise CourseError(f"{folder / 'course.toml'} names no lesson")
    title = str(syllabus.get("title", folder.name))
    settings, plans = (syllabus.get(name, {}) for name in ("settings", "plans"))
    return Course(folder, title, tuple(lessons), settings, plans)


def _spellings(lesson: Lesson) -> set[str]:
    number, _, word = lesson.stem.lower().partition("_")
    return {lesson.stem.lower(), number, number.lstrip("0"), word} - {""}


def _check(node: ast.FunctionDef, function: Callable[..., None]) -> Check:
    text = " ".join((ast.get_docstring(node) or node.name).split())
    found = _TODO.match(text)
    given = node.args
    plain = [one.arg for one in (*given.posonlyargs, *given.args)]
    optional = plain[len(plain) - len(given.defaults) :]
    optional += [
        one.arg
        for one, usual in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if usual is not None
    ]
    return Check(
        node.name,
        function,
        int(found.group(1)) if found else None,
        text[found.end() :] if found else text,
        (*plain, *(one.arg for one in given.kwonlyargs)),
        tuple(optional),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"{path} is missing: is this a course folder?") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} cannot be read: {error}") from None
