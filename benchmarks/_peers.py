"""Other graders get what they ask for: their own environment, their own notebook.

nbgrader and otter are installed from peers.txt under `.bench/`, so they cannot disturb
the workshop's environment, nor it them. They see the lesson's code cells and the
asserts of `peer_checks/`, as test cells (nbgrader) or as test files (otter). Neither
needs Docker: `nbgrader validate` is what its learners use, `otter run` grades in place.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks._record import ROOT

HOME = ROOT / ".bench" / "peers"
PINS = ROOT / "benchmarks" / "peers.txt"
PEERS = {"nbgrader": "nbgrader", "otter": "otter-grader"}

OTTER_TEST = """\
{imports}
from otter.test_files import test_case

OK_FORMAT = False
name = "{name}"
points = 1


@test_case()
{source}
"""


@dataclass(frozen=True)
class Test:
    """One function of a file of checks; `parameters` name the learner's variables."""

    name: str
    imports: str
    source: str
    parameters: tuple[str, ...]


def environment() -> Path:
    """Return the folder of commands of the peers, installing them where needed.

    The first time takes minutes and needs a package index; a change of peers.txt
    installs again.
    """
    wanted = hashlib.sha256(PINS.read_bytes()).hexdigest()
    stamp = HOME / "installed.sha256"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Installing {', '.join(PEERS.values())} in {HOME} …", file=sys.stderr)
        venv.create(HOME, with_pip=True, clear=True)
        pip = [str(commands() / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--requirement", str(PINS)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return commands()


def commands() -> Path:
    """Return where the peers' environment keeps its commands on this system."""
    return HOME / ("Scripts" if os.name == "nt" else "bin")


def versions() -> dict[str, str]:
    """Return the versions of the peers that are installed."""
    code = (
        "import json, sys; from importlib.metadata import version; "
        "print(json.dumps({name: version(name) for name in sys.argv[1:]}))"
    )
    command: list[str | Path] = [commands() / "python", "-c", code, *PEERS.values()]
    found = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(found.stdout))


def variables(scratch: Path) -> dict[str, str]:
    """Return environment variables: their commands first, no settings of the user.

    nbgrader starts a bare `alembic` and both start a kernel, so PATH matters.
    """
    return {
        "PATH": f"{commands()}{os.pathsep}{os.environ.get('PATH', '')}",
        "PYTHONPATH": str(ROOT),
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_CONFIG_DIR": str(scratch / "jupyter"),
        "JUPYTER_DATA_DIR": str(scratch / "jupyter-data"),
    }


def read_tests(path: Path) -> list[Test]:
    """Return the functions of a file of checks, in file order."""
    text = path.read_text(encoding="utf-8")
    body = ast.parse(text).body
    imports = "\n".join(
        ast.unparse(node) for node in body if isinstance(node, ast.Import)
    )
    return [
        Test(
            node.name,
            imports,
            ast.get_source_segment(text, node) or "",
            tuple(argument.arg for argument in node.args.args),
        )
        for node in body
        if isinstance(node, ast.FunctionDef)
    ]


def notebook(cells: list[str], tests: list[Test] | None = None) -> dict[str, Any]:
    """Return a notebook of code cells, the tests as nbgrader's locked test cells."""
    answers = [_cell(f"answer-{n}", cell, {}) for n, cell in enumerate(cells, 1)]
    checks = [_cell(test.name, _call(test), _graded(test)) for test in tests or []]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "cells": answers + checks,
    }


def write_notebook(path: Path, book: dict[str, Any]) -> Path:
    """Write a notebook and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(book, indent=1, ensure_ascii=False)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def autograder(folder: Path, tests: list[Test], scratch: Path) -> Path:
    """Write otter's test files, zip them with otter's own command, return the zip."""
    source = folder / "tests"
    source.mkdir(parents=True, exist_ok=True)
    for test in tests:
        text = OTTER_TEST.format(**test.__dict__)
        (source / f"{test.name}.py").write_text(text, encoding="utf-8", newline="\n")
    target = folder / "autograder.zip"
    flags = ["--no-config", "--no-requirements", "--no-environment"]
    subprocess.run(
        [commands() / "otter", "generate", "-t", source, "-o", target, *flags],
        cwd=folder,
        env={**os.environ, **variables(scratch)},
        check=True,
        capture_output=True,
    )
    return target


def nbgrader(submission: Path) -> list[str | Path]:
    """Return the command with which a learner checks a notebook in nbgrader.

    Its limit of 30 s a cell is lifted, or a training would be cut.
    """
    return [commands() / "nbgrader", "validate", "--Execute.timeout=900", submission]


def otter(submission: Path, zipped: Path, folder: Path) -> list[str | Path]:
    """Return the command with which otter grades one notebook without Docker."""
    run: list[str | Path] = [commands() / "otter", "run", submission]
    return [*run, "-a", zipped, "-o", folder, "--no-logo"]


def nbgrader_passed(output: str) -> bool:
    """Return whether nbgrader's output says that every test cell passed."""
    if "Success! Your notebook passes all the tests." in output:
        return True
    if re.search(r"VALIDATION\s+FAILED\s+ON\s+\d+", output):
        return False
    raise ValueError(f"nbgrader gave no verdict:\n{output[-2000:]}")


def otter_passed(folder: Path) -> bool:
    """Return whether otter's results.json gives every point."""
    path = folder / "results.json"
    tests = json.loads(path.read_text(encoding="utf-8"))["tests"]
    graded = [test for test in tests if test.get("max_score")]
    if not graded:
        raise ValueError(f"otter graded nothing: {tests}")
    return all(test["score"] == test["max_score"] for test in graded)


def _cell(name: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": re.sub(r"[^a-zA-Z0-9-]", "-", name),
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def _call(test: Test) -> str:
    call = f"{test.name}({', '.join(test.parameters)})"
    return f"{test.imports}\n\n\n{test.source}\n\n\n{call}"


def _graded(test: Test) -> dict[str, Any]:
    return {
        "nbgrader": {
            "grade": True,
            "solution": False,
            "locked": True,
            "task": False,
            "points": 1,
            "grade_id": test.name,
            "cell_type": "code",
            "schema_version": 3,
        }
    }
