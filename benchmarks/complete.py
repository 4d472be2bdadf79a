"""Every wrong and every right answer through the complete path, many times over.

Each answer of `tests/wrong` and `tests/right` is handed in as somebody's work and is
graded as `workshop grade` does it: in a box of a warm server, on a sealed set of a
secret that is new in every pass. Before the first pass each is checked once in a
learner's folder, so that its training is kept and comes along; what cannot be kept is
trained in every pass. A wrong answer is handed in with the TODOs after its own still
blank, which is where a learner meets the verdict, and it is a false pass where no check
fails.

Eight hours for 20 passes on two cores; `--passes` and `--lessons` ask for less.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks import _record, _tables
from benchmarks._record import ROOT, Target
from benchmarks.answers import cases
from workshop import course, grader
from workshop.batch import desk, run, terms
from workshop.box.boxes import Boxes
from workshop.source import markers
from workshop.submission import Submission
from workshop.vault import Vault

VARIANT = ("drawn", "as a benchmark asks")
PASSES = 20
KINDS = ("wrong", "right")


@dataclass(frozen=True)
class Answer:
    """One answer: its kind, the file that states it, and what is handed in."""

    kind: str
    path: Path
    lesson: course.Lesson
    script: str


def measure(passes: int, paths: list[Path]) -> dict[str, Any]:
    """Return for each answer its lesson, name, and the passes with a false verdict.

    `kept` says whether its training came along.
    """
    answers = [_answer(path) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        with ThreadPoolExecutor(run.cores()) as pool:
            kept = list(pool.map(lambda one: _keep(one, Path(folder)), answers))
        works = [_handed_in(*pair) for pair in zip(answers, kept, strict=True)]
        false: list[list[int]] = [[] for _ in works]
        for number in range(passes):
            for at, outcomes in _graded(works, Path(folder, f"grading-{number}")):
                if _is_false(answers[at].kind, outcomes):
                    false[at].append(number)
                    print(f"pass {number}: {answers[at].path} {outcomes}")
            print(f"pass {number} has ended", file=sys.stderr, flush=True)
    return {
        "passes": passes,
        "answers": [
            {
                "kind": one.kind,
                "lesson": one.lesson.stem,
                "name": one.path.stem,
                "false": wrong,
                "kept": bool(files),
            }
            for one, wrong, files in zip(answers, false, kept, strict=True)
        ],
    }


def _answer(path: Path) -> Answer:
    tool, lesson = _tests(), course.load().find(path.parent.name)
    text = tool.text_of(path, lesson.solution.read_text(encoding="utf-8"))
    todos = {check.name: check.todo for check in lesson.checks}
    expected = [todos[one["check"]] for one in tool.read(path).get("expect", ())]
    text = tool.shortened(path, text)
    if expected and None not in expected:
        text = _unfinished(tool.until(text, max(expected)), text)
    return Answer(path.parent.parent.name, path, lesson, text)


def _unfinished(part: str, whole: str) -> str:
    """Return the first cells of a script, with a blank where the next TODO is."""
    if part == whole:
        return whole
    done = {mark.todo for mark in markers(part)}
    left = min(mark.todo for mark in markers(whole) if mark.todo not in done)
    return f"{part}\n\n# %%\n...  # TODO {left}\n"


def _keep(answer: Answer, folder: Path) -> dict[str, bytes]:
    """Check an answer as a learner does; return the trainings that were kept."""
    place = folder / answer.kind / answer.lesson.stem / answer.path.stem
    place.mkdir(parents=True)
    script = place / f"{answer.lesson.stem}.py"
    script.write_text(answer.script, encoding="utf-8")
    kept = place / "kept"
    kept.mkdir()
    grader.check(answer.lesson, script, grader.Options(kept=kept, choice=VARIANT))
    return {path.name: path.read_bytes() for path in kept.iterdir()}


def _handed_in(answer: Answer, kept: dict[str, bytes]) -> Submission:
    stem, script = answer.lesson.stem, answer.script.encode()
    return Submission(answer.path.stem, stem, f"{stem}.py", ".py", script, kept=kept)


def _graded(works: list[Submission], folder: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield number and outcomes of each submission, graded with a new secret."""
    found = course.load()
    stems = {work.lesson for work in works}
    choices = dict.fromkeys(stems, VARIANT)
    made = terms.Terms(found, Vault(folder), choices)
    with desk.shelf_for(made) as lent, Boxes((lent,)) as boxes:
        mark = desk.Desk(made, boxes, lent).mark
        for number, marked in run.here(mark, run.cores())(works):
            yield number, [check.outcome for check in marked.report.checks]


def _is_false(kind: str, outcomes: list[str]) -> bool:
    if kind == "wrong":
        return "failed" not in outcomes
    return set(outcomes) != {"passed"}


def _tests() -> ModuleType:
    """Return the module that reads answers, which lies with the tests."""
    if "answers_of_tests" not in sys.modules:
        place = ROOT / "tests" / "answers.py"
        spec = importlib.util.spec_from_file_location("answers_of_tests", place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["answers_of_tests"] = module
        spec.loader.exec_module(module)
    return sys.modules["answers_of_tests"]


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the two targets: no false pass, no false failure, in any pass."""
    passes = record["measured"]["passes"]
    made = []
    for kind, claim in zip(KINDS, ("passes", "fails"), strict=True):
        mine = _of(record, kind)
        false = sum(len(one["false"]) for one in mine)
        said = f"{false} of {len(mine) * passes:,}"
        made.append(Target(claim, f"no {kind} answer {claim}", said, not false))
    return made


def page(record: dict[str, Any]) -> str:
    """Return the table by lesson, what went wrong, and the targets, as Markdown."""
    passes = record["measured"]["passes"]
    lessons = sorted({one["lesson"] for one in record["measured"]["answers"]})
    head = [
        "lesson",
        "wrong",
        "false passes",
        "right",
        "false failures",
        "trained anew",
    ]
    rows = [[lesson, *_row(record, lesson, passes)] for lesson in lessons]
    listed = [
        f"- {one['lesson']}: {one['name']} ({one['kind']}), {len(one['false'])} times"
        for one in record["measured"]["answers"]
        if one["false"]
    ]
    judged = _tables.targets(targets(record), _record.reasons("complete"))
    parts = [f"{passes} passes.", _tables.table(head, rows), "\n".join(listed), judged]
    return "\n\n".join(filter(None, parts))


def _row(record: dict[str, Any], lesson: str, passes: int) -> list[str]:
    found = []
    for kind in KINDS:
        mine = [one for one in _of(record, kind) if one["lesson"] == lesson]
        found += [f"{len(mine)} × {passes}", str(sum(len(o["false"]) for o in mine))]
    both = [one for one in record["measured"]["answers"] if one["lesson"] == lesson]
    return [*found, str(sum(not one["kept"] for one in both))]


def _of(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in record["measured"]["answers"] if one["kind"] == kind]


def main() -> None:
    """Grade all answers, write results/complete.json, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.complete", description=__doc__
    )
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--lessons", help="stems, separated by commas")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    asked = (options.lessons or "").split(",") if options.lessons else None
    paths = [path for path in cases() if not asked or path.parent.name in asked]
    record = _record.record("complete", before, {}, measure(options.passes, paths))
    _record.finish(record, "complete", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
