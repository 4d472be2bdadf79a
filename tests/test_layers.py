"""Imports point down, and TensorFlow is imported where it is needed only."""

import ast
from pathlib import Path

import pytest

import workshop

PACKAGE = Path(workshop.__file__).parent

LAYERS = {
    8: ["cli", "__main__"],
    7: ["dev", "room", "serve"],
    6: ["batch", "intake"],
    5: ["gradebook", "link", "mirror", "progress", "report"],
    4: [
        "answering",
        "checks",
        "classifying",
        "likeness",
        "predicting",
        "diagnosis",
        "exam",
        "examining",
        "grader",
        "judge",
        "readiness",
        "recorder",
        "transfer",
        "vault",
    ],
    3: ["box", "child", "kept", "live", "runner", "sandbox"],
    2: ["certificate", "course", "evidence", "plan", "submission"],
    1: [
        *("script", "source", "blanks", "proofread", "results", "fetch", "data"),
        *("magics", "notebooks"),
        *("datasets", "plots", "display", "labels", "backbones", "models", "tfds"),
        *("pace", "terminal", "warden", "windows", "__init__", "bars", "perplexity"),
        *("private", "versions"),
    ],
}
LEVEL = {name: level for level, names in LAYERS.items() for name in names}
HEAVY = {"tensorflow", "keras", "tensorflow_datasets"}
MAY_IMPORT_HEAVY = {
    "box",
    "evidence",
    "child",
    "kept",
    "backbones",
    "tfds",
    "serve",
    "dev",
}

MODULES = sorted(p for p in PACKAGE.rglob("*.py") if "_course" not in p.parts)


def owner(path):
    parts = path.relative_to(PACKAGE).parts
    return parts[0].removesuffix(".py")


def imports(path):
    """Yield (module, line, whether at the top of the file)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, id(node) in top
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in names:
                yield name, node.lineno, id(node) in top


@pytest.mark.parametrize("path", MODULES, ids=lambda path: owner(path))
def test_every_module_has_its_layer_and_imports_from_no_higher_one(path):
    level = LEVEL[owner(path)]
    for name, line, _ in imports(path):
        parts = name.split(".")
        if parts[0] == "workshop" and len(parts) > 1 and parts[1] in LEVEL:
            entry = (
                owner(path) == "__init__"
            )  # `check` in a notebook, inside a function
            assert entry or LEVEL[parts[1]] <= level, f"{path.name}:{line} {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: owner(path))
def test_tensorflow_is_imported_inside_functions_of_few_modules(path):
    for name, line, at_top in imports(path):
        if name.split(".")[0] in HEAVY:
            assert not at_top or owner(path) == "tfds", f"{path.name}:{line} {name}"
            assert owner(path) in MAY_IMPORT_HEAVY, f"{path.name}:{line} {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: owner(path))
def test_a_module_states_its_decision_in_under_300_lines(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300, path
    assert ast.get_docstring(ast.parse(text)), path
