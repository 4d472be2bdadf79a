"""A class hands in the same right solution, and every person's file is their own.

Each has a comment with the person's name, so that no grader can take one person's
result for another's, and nothing that it keeps between people fits. What each tool
needs around it (a course folder, a zip of tests) is made before the clock starts, and
the verdict on every submission is read afterwards from what the tool itself wrote.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import _lesson, _peers
from benchmarks._record import ROOT

SMALL = ROOT / "benchmarks" / "small_course"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "class"
c.Execute.timeout = 900
"""
"""nbgrader's limit of 30 s a cell is lifted, or a training would be cut."""
SCORES = """\
import json
from nbgrader.api import Gradebook

with Gradebook("sqlite:///gradebook.db") as book:
    found = book.assignment_submissions("ps")
    print(json.dumps({one.student.id: [one.score, one.max_score] for one in found}))
"""


@dataclass(frozen=True)
class Work:
    """A lesson that a class has solved; `course` is the folder it belongs to."""

    stem: str
    course: Path

    def text(self, person: str = "") -> str:
        """Return the solution as a person handed it in."""
        path = self.course / "solutions" / f"{self.stem}.py"
        return f"{path.read_text(encoding='utf-8')}\n# Handed in by {person}.\n"

    def tests(self) -> list[_peers.Test]:
        """Return what the peers assert."""
        return _peers.read_tests(ROOT / f"benchmarks/peer_checks/{self.stem}.py")


def people(count: int) -> list[str]:
    """Return names, one for each person of a class."""
    return [f"person-{number:02d}" for number in range(1, count + 1)]


def scripts(work: Work, folder: Path, count: int, kept: Path | None = None) -> Path:
    """Return a folder with a script of each person; `kept` are trainings they bring."""
    for person in people(count):
        home = folder / person
        home.mkdir(parents=True)
        script = home / f"{work.stem}.py"
        script.write_text(work.text(person), encoding="utf-8", newline="\n")
        if kept:
            shutil.copytree(kept, home / ".workshop" / "kept")
    return folder


def kept_training(work: Work, folder: Path) -> Path:
    """Return the folder of kept trainings of a learner who checked the solution."""
    _workshop(work, folder.parent, "start", str(folder))
    script = folder / f"{work.stem}.py"
    script.write_text(work.text("somebody"), encoding="utf-8", newline="\n")
    _workshop(work, folder, "--plain", "check", work.stem)
    return folder / ".workshop" / "kept"


def _workshop(work: Work, folder: Path, *words: str) -> None:
    course = ["--course", str(work.course)] if "start" in words else []
    command = [sys.executable, "-m", "workshop", *course, *words]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def nbgrader_course(work: Work, folder: Path, count: int) -> Path:
    """Return a course of nbgrader in which everybody has handed in a notebook."""
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    name = f"ps/{work.stem}.ipynb"
    _peers.write_notebook(folder / "source" / name, _notebook(work))
    for person in people(count):
        book = _notebook(work, person)
        _peers.write_notebook(folder / "submitted" / person / name, book)
    _peer(folder, "nbgrader", "generate_assignment", "ps")
    return folder


def nbgrader_scores(folder: Path) -> dict[str, tuple[float, float]]:
    """Return score and highest score of each person, from nbgrader's gradebook."""
    found = json.loads(_peer(folder, "python", "-c", SCORES))
    return {person: (score, most) for person, (score, most) in found.items()}


def otter_notebooks(work: Work, folder: Path, count: int) -> Path:
    """Return a folder with a notebook of each person."""
    for person in people(count):
        book = _peers.notebook(_lesson.code_cells(work.text(person)))
        _peers.write_notebook(folder / f"{person}.ipynb", book)
    return folder


def _notebook(work: Work, person: str = "") -> dict[str, object]:
    return _peers.notebook(_lesson.code_cells(work.text(person)), work.tests())


def _peer(folder: Path, *words: str) -> str:
    command: list[str | Path] = [_peers.commands() / words[0], *words[1:]]
    env = {**os.environ, **_peers.variables(folder)}
    done = subprocess.run(command, cwd=folder, env=env, check=True, capture_output=True)
    return done.stdout.decode()
