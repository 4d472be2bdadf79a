"""Answers to a lesson are edits of its solution, and few processes judge them all.

A file in `tests/wrong` or `tests/right` holds pairs of old and new text. Run as a
program, `answers.py [--short]`, this reads the path of such a file from each line of
its input, and answers with a line of JSON: what every check said. TensorFlow is
imported once, no figure is drawn, one thread computes, data sets are not tuned, and
operations are deterministic, so that verdicts repeat; all else is as in a child.

A wrong answer is judged where a learner meets the verdict: as if the TODOs after its
own were still blank, so that most are judged before any training. A lesson's
`shorter.toml` holds edits that shorten the training of the others, and names the checks
that only a `whole` training passes. With `--short` right answers are trained in short
as well, and judged by all checks but those.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import tomllib
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
VARIANT = "drawn"
SHORTER = "shorter.toml"
SHORT = "--short"
LIMIT_SECONDS = 1_200  # an answer takes a minute or two; one that hangs is killed
ENVIRONMENT = {
    "WORKSHOP_DATA": VARIANT,
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


class Judge:
    """A process that judges one answer after another, trained in short."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, SHORT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __call__(self, path: Path) -> list[list[str]]:
        """Return what every check said: [check, outcome, advice]."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        limit = threading.Timer(LIMIT_SECONDS, self._process.kill)
        limit.start()
        print(path, file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        limit.cancel()
        assert line, f"{path}: the process that judges answers has ended."
        return json.loads(line)["results"]

    def close(self) -> None:
        self._process.communicate()


def cases(kind: str, stem: str) -> list[Path]:
    """Return the files of all "wrong" or "right" answers to a lesson."""
    found = (FOLDER / kind / stem).glob("*.toml")
    return sorted(path for path in found if path.name != SHORTER)


def read(path: Path) -> dict[str, Any]:
    """Return the case: `why`, `edits`, and (where it is wrong) `expect`."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def text_of(path: Path, solution: str) -> str:
    """Return the solution with the edits of a case; each old text occurs once."""
    for edit in read(path)["edits"]:
        found = solution.count(edit["old"])
        assert found == 1, f"{path.name}: found {found} times: {edit['old']}"
        solution = solution.replace(edit["old"], edit["new"])
    return solution


def shorter(stem: str) -> dict[str, Any]:
    """Return what shortens a lesson: `edits`, and checks that need it `whole`."""
    path = FOLDER / "wrong" / stem / SHORTER
    return read(path) if path.is_file() else {}


def shortened(stem: str, text: str) -> str:
    """Return an answer with the edits of `shorter.toml` that still apply."""
    for edit in shorter(stem).get("edits", ()):
        text = text.replace(edit["old"], edit["new"])
    return text


def until(text: str, todo: int) -> str:
    """Return the cells of a script up to the next one with a TODO after `todo`."""
    from workshop import script
    from workshop.script import NO_END
    from workshop.source import markers

    cells = [cell.line for cell in script.parse(text).cells]
    places = markers(text)
    done = max((mark.line for mark in places if mark.todo <= todo), default=0)
    after = min((line for line in cells if line > done), default=NO_END)
    blank = min((mark.line for mark in places if mark.line >= after), default=None)
    if blank is None:
        return text
    begins = max(line for line in cells if line <= blank)
    return "\n".join(text.split("\n")[: begins - 1])


def judged(path: Path, short: bool) -> list[tuple[str, str, str]]:
    """Return (check, outcome, advice) for the checks of the lesson, in file order.

    A wrong answer is run and judged up to the last check that it is expected to fail.
    """
    from workshop import course
    from workshop.evidence.server import Server
    from workshop.judge import Court, judge
    from workshop.recorder import Recorder
    from workshop.script import NO_END

    lesson = course.load().find(path.parent.name)
    text = text_of(path, lesson.solution.read_text(encoding="utf-8"))
    checks, expected = lesson.checks, read(path).get("expect", ())
    if expected:
        names = [check.name for check in checks]
        checks = checks[: 1 + max(names.index(one["check"]) for one in expected)]
    elif short:
        whole = shorter(lesson.stem).get("whole", ())
        checks = tuple(check for check in checks if check.name not in whole)
    if expected or short:
        text = shortened(lesson.stem, text)
    todos = [check.todo or NO_END for check in checks] if expected else [NO_END]
    namespace = _run(until(text, max(todos)), str(path))
    court = Court(
        Server(namespace, str(path)).answer,
        lesson.goal[VARIANT],
        lambda: _sealed(str(lesson.data)),
        Recorder(),
    )
    results = [judge(check, court) for check in checks]
    return [(one.check, one.outcome, one.advice) for one in results]


@cache
def _sealed(name: str) -> Any:
    """Return the halves of a sealed set, drawn once for all answers."""
    from workshop import data

    return data.sealed(name, b"answers", VARIANT)


def _run(text: str, name: str) -> dict[str, Any]:
    """Return the variables of a script, run to its end or to its first error."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(text, name, "exec"), namespace)
    except Exception as error:
        print(f"{name}: {error}", file=sys.stderr)
    return namespace


def _without_pictures() -> None:
    from workshop import plots

    functions = vars(plots).items()
    for name in [name for name, value in functions if inspect.isfunction(value)]:
        setattr(plots, name, lambda *_, **__: None)


@contextlib.contextmanager
def _elsewhere() -> Iterator[None]:
    """Work in an empty folder: a script may write files."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield


def _without_tuning() -> None:
    """Spare what tunes data sets: at an epoch's end TensorFlow waits till it wakes."""
    import tensorflow as tf

    options, begin = tf.data.Options(), tf.data.Dataset.__iter__
    options.autotune.enabled = False
    tf.data.Dataset.__iter__ = lambda self: begin(self.with_options(options))


def _verdict(path: Path) -> dict[str, Any]:
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(1)
    with contextlib.redirect_stdout(io.StringIO()), _elsewhere():
        return {"case": str(path), "results": judged(path, SHORT in sys.argv)}


def main() -> None:
    warnings.simplefilter("ignore")
    os.environ.update(ENVIRONMENT)
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    _without_tuning()
    _without_pictures()
    for line in sys.stdin:
        path = Path(line.rstrip("\n")).absolute()
        print(json.dumps(_verdict(path)), flush=True)


if __name__ == "__main__":
    main()
