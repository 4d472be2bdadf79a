"""Every wrong and every right answer through the complete path, many times over.

Each answer of `tests/wrong` and `tests/right` is handed in as somebody's work and is
graded as `workshop grade` does it: in a box of a warm server, on a sealed set of a
secret that is new in every pass. Before the first pass each is checked once in a
learner's folder, so that its training is kept and comes along; what cannot be kept is
trained in every pass. A wrong answer is handed in with the TODOs after its own still
blank, which is where a learner meets the verdict. It is a false pass where no check
fails and all that should fail have passed; where they wait, the script's own error has
stopped it. What the diagnosis tells of right answers in the first pass is listed, too.

Each lesson is a record of its own, and takes 20 to 40 minutes for 20 passes on two
cores; `--passes` and `--lessons` ask for less.
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
from workshop.results import Report
from workshop.source import markers
from workshop.submission import Submission
from workshop.vault import Vault

VARIANT = ("drawn", "as a benchmark asks")
PASSES = 20
KINDS = ("wrong", "right")
HEAD = (
    *("lesson", "wrong", "false passes", "right", "false failures"),
    "no training came along",
)


@dataclass(frozen=True)
class Answer:
    """One answer: its kind, the file that states it, and what is handed in.

    `expected` names the checks that a wrong one should fail.
    """

    kind: str
    path: Path
    lesson: course.Lesson
    script: str
    expected: tuple[str, ...]


def measure(stem: str, passes: int, paths: list[Path]) -> dict[str, Any]:
    """Return for each answer to a lesson its name and the passes with a false verdict.

    `kept` says whether its training came along, `told` what the diagnosis found.
    """
    answers = [_answer(path) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        with ThreadPoolExecutor(run.cores()) as pool:
            kept = list(pool.map(lambda one: _keep(one, Path(folder)), answers))
        works = [_handed_in(*pair) for pair in zip(answers, kept, strict=True)]
        found = [
            {
                "kind": one.kind,
                "name": one.path.stem,
                "kept": bool(files),
                "false": [],
                "told": [],
            }
            for one, files in zip(answers, kept, strict=True)
        ]
        for number, at, report in _graded(stem, works, passes, Path(folder)):
            outcomes = {check.check: check.outcome for check in report.checks}
            if _is_false(answers[at], outcomes):
                found[at]["false"].append(number)
                print(f"pass {number}: {answers[at].path} {outcomes}", file=sys.stderr)
            if number == 0:
                found[at]["told"] = list(report.findings)
    return {"passes": passes, "answers": found}


def _answer(path: Path) -> Answer:
    tool, lesson = _tests(), course.load().find(path.parent.name)
    text = tool.text_of(path, lesson.solution.read_text(encoding="utf-8"))
    expected = tuple(one["check"] for one in tool.read(path).get("expect", ()))
    todos = [check.todo for check in lesson.checks if check.name in expected]
    if expected:
        text = tool.shortened(lesson.stem, text)
    if expected and None not in todos:
        text = _unfinished(tool.until(text, max(todos)), text)
    return Answer(path.parent.parent.name, path, lesson, text, expected)


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


def _graded(
    stem: str, works: list[Submission], passes: int, folder: Path
) -> Iterator[tuple[int, int, Report]]:
    """Yield pass, number and report of each submission; every pass has a new secret."""
    found, choices = course.load(), {stem: VARIANT}
    drawn = [terms.Terms(found, Vault(folder / str(n)), choices) for n in range(passes)]
    with desk.shelf_for(drawn[0]) as lent, Boxes((lent,)) as boxes:
        for number, rules in enumerate(drawn):
            mark = desk.Desk(rules, boxes, lent).mark
            for at, marked in run.here(mark, run.cores())(works):
                yield number, at, marked.report
            print(f"{stem}: pass {number} has ended", file=sys.stderr, flush=True)


def _is_false(answer: Answer, outcomes: dict[str, str]) -> bool:
    """Tell whether a verdict is false; a check that broke is false for either kind."""
    found = set(outcomes.values())
    if answer.kind == "right" or "broken" in found:
        return found != {"passed"}
    return "failed" not in found and {outcomes[n] for n in answer.expected} == {
        "passed"
    }


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
    stem, passes = record["settings"]["lesson"], record["measured"]["passes"]
    made = []
    for kind, claim in zip(KINDS, ("passes", "fails"), strict=True):
        mine = _of(record, kind)
        false = sum(len(one["false"]) for one in mine)
        said = f"{false} of {len(mine) * passes:,}"
        name = f"{stem}-{claim}"
        made.append(Target(name, f"{stem}: no {kind} answer {claim}", said, not false))
    return made


def page(*records: dict[str, Any]) -> str:
    """Return a row for each lesson, what went wrong, and the targets, as Markdown."""
    reasons = _record.reasons("complete")
    judged = [target for record in records for target in targets(record)]
    parts = [
        _tables.table(HEAD, [_row(record) for record in records]),
        "\n".join(line for record in records for line in _listed(record)),
        _tables.targets(judged, reasons),
    ]
    return "\n\n".join(filter(None, parts))


def _row(record: dict[str, Any]) -> list[str]:
    passes, found = record["measured"]["passes"], []
    for kind in KINDS:
        mine = _of(record, kind)
        found += [f"{len(mine)} × {passes}", str(sum(len(o["false"]) for o in mine))]
    anew = sum(not one["kept"] for one in record["measured"]["answers"])
    return [record["settings"]["lesson"], *found, str(anew)]


def _listed(record: dict[str, Any]) -> list[str]:
    """Return a line for each false verdict, and for each finding of a right answer."""
    stem, answers = record["settings"]["lesson"], record["measured"]["answers"]
    lines = [
        f"- {stem}, {one['name']} ({one['kind']}): false {len(one['false'])} times."
        for one in answers
        if one["false"]
    ]
    return lines + [
        f"- {stem}, {one['name']} (right) was told: {sentence}"
        for one in _of(record, "right")
        for sentence in one["told"]
    ]


def _of(record: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in record["measured"]["answers"] if one["kind"] == kind]


def main() -> None:
    """Grade all answers, write results/complete-LESSON.json, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.complete", description=__doc__
    )
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--lessons", help="stems, separated by commas [all]")
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    paths = cases()
    stems = sorted({path.parent.name for path in paths})
    for stem in options.lessons.split(",") if options.lessons else stems:
        before = _record.machine()
        mine = [path for path in paths if path.parent.name == stem]
        found = measure(stem, options.passes, mine)
        record = _record.record("complete", before, {"lesson": stem}, found)
        _record.finish(record, f"complete-{stem}", page(record), dry=options.dry)


if __name__ == "__main__":
    main()
