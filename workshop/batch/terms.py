"""What decides a result has one digest: while that stands, nothing is graded again.

It counts what was handed in, the lesson's checks and goals, the variant of the data,
the sealed set, the versions of what runs it, and how it is run. Names, times and
machines do not count.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workshop import versions
from workshop.course import Course, Lesson
from workshop.data import sources
from workshop.proofread import uses_keras
from workshop.submission import Submission
from workshop.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workshop.data import Sealed

    Halves = tuple[Sealed, Sealed]

Choices = dict[str, tuple[str | None, str]]


@dataclass(frozen=True)
class Terms:
    """The terms of one grading run.

    `choices` maps a lesson to the variant of its data and the reason for it, `trusted`
    runs scripts without a box, `retrain` looks at no kept training.
    """

    course: Course
    vault: Vault
    choices: Choices
    trusted: bool = False
    retrain: bool = False

    def key(self, work: Submission) -> str:
        """Return 64 hexadecimal digits that change when the result may change."""
        decisive = [work.digest, self._decided[work.lesson]]
        return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()

    @cached_property
    def _decided(self) -> dict[str, list[object]]:
        """What counts besides the submission, by lesson."""
        run = [sorted(versions.found().items()), self.trusted, self.retrain]
        made = {}
        for stem, (variant, _) in self.choices.items():
            lesson = self.course.find(stem)
            sealed = self.vault.identity(lesson, variant or "drawn")
            made[stem] = [_rules(lesson), variant, lesson.data and sealed, *run]
        return made

    @cached_property
    def salt(self) -> bytes:
        """What decides orders and seeds, together with what was handed in."""
        return hashlib.sha256(b"order" + self.vault.secret()).digest()

    def halves(self, lesson: Lesson, variant: str) -> Halves:
        """Return the shown and the graded half of a lesson's sealed set."""
        return self.vault.halves(lesson, variant)


def choose(lessons: Iterable[Lesson], asked: str) -> Choices:
    """Return the variant of each lesson's data; `asked` is "", "real" or "drawn".

    Raises DataError where what was asked for cannot be had.
    """
    from workshop import data

    made: Choices = {}
    for lesson in lessons:
        if lesson.data is None:
            made[lesson.stem] = (None, "")
        else:
            found, _ = data.resolve(lesson.data, asked or None, ())
            made[lesson.stem] = (found.variant, found.reason)
    return made


def needed(course: Course, choices: Choices) -> list[tuple[str, str]]:
    """Return the data sets, with their variants, that scripts of a run load.

    That is each lesson's own, and any that its exercise names.
    """
    found: dict[str, str] = {}
    for stem, (variant, _) in choices.items():
        lesson = course.find(stem)
        text = lesson.exercise.read_text(encoding="utf-8")
        named = [n for n in sources.NAMES if re.search(rf"[\"']{n}[\"']", text)]
        for name in {*named, *filter(None, [lesson.data])}:
            real = sources.find(name).real
            found[name] = variant or "drawn" if real else "drawn"
    return sorted(found.items())


def needs_keras(course: Course, choices: Choices) -> bool:
    """Tell whether a lesson of a run imports Keras or TensorFlow."""
    texts = (course.find(stem).exercise.read_text("utf-8") for stem in choices)
    return any(map(uses_keras, texts))


def needs_weights(course: Course, choices: Choices) -> bool:
    """Tell whether a lesson of a run has real photos and a pre-trained network."""
    real = [stem for stem, (variant, _) in choices.items() if variant == "real"]
    texts = (course.find(stem).exercise.read_text("utf-8") for stem in real)
    return any("backbones." in text for text in texts)


def _rules(lesson: Lesson) -> str:
    """Return a digest of what the grader does with any script of a lesson."""
    numbers = [lesson.goal, lesson.points, lesson.seconds, lesson.memory_mb]
    digest = hashlib.sha256(json.dumps([lesson.data, *numbers]).encode())
    digest.update(lesson.assessment.read_bytes())
    return digest.hexdigest()
