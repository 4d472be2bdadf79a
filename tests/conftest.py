"""What many tests share: a lesson of a few lines, made in a temporary folder."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from workshop import course, script

TITLE = (
    "# %% [markdown]\n# # 1. Add numbers\n#\n"
    "# **TODO 1.** Add two numbers.\n#\n# **TODO 2.** Use your function.\n"
)
SOLUTION = TITLE + (
    "\n# %%\ndef add(a, b):\n    return a + b  # TODO 1\n"
    "\n# %%\ntotal = add(2, 3)  # TODO 2\n"
)
CHECKS = '''"""Checks of a lesson of a few lines."""


def adds(add):
    """TODO 1. Adds two numbers"""
    assert add(2, 2) == 4, f"2 and 2 gave {add(2, 2)}. Use +."


def is_used(total):
    """TODO 2. The total is five"""
    assert total == 5, f"The total is {total}."


def adds_lists(add):
    """Adds lists, too"""
    assert add([1], [2]) == [1, 2], "Lists do not add."
'''
NOTES = (
    'why = "Because."\n[hints]\n1 = ["Which sign?", "The sign +."]\n2 = ["?", "!"]\n'
)
SYLLABUS = (
    'title = "Toy"\n[lessons.01_add]\nminutes = {teaching = 1, exercise = 1}\n'
    "goal = {drawn = 0.9}\nseconds = {drawn = 0.1}\nmemory_mb = 100\n"
)

settings.register_profile("steady", deadline=None, print_blob=True)
settings.load_profile("steady")

MIRROR = os.environ.get("WORKSHOP_MIRROR")
needs_mirror = pytest.mark.skipif(
    not MIRROR, reason="set WORKSHOP_MIRROR to a folder with the real data"
)


def make_course(folder, solution=SOLUTION, checks=CHECKS):
    """Return the course of one lesson, written below `folder`."""
    files = {
        "course.toml": SYLLABUS,
        "solutions/01_add.py": solution,
        "exercises/01_add.py": script.blank(solution),
        "assessments/01_add.py": checks,
        "assessments/01_add.toml": NOTES,
    }
    for name, text in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return course.load(Path(folder))


@pytest.fixture(scope="module")
def browser():
    """Chromium as the machine has it; without it the test is skipped, and says why."""
    why = "pip install playwright, and apt-get install chromium"
    playwright = pytest.importorskip("playwright.sync_api", reason=why)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip(why)
    options = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
    with playwright.sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=chromium, args=options)
        yield started
        started.close()


@pytest.fixture
def lesson(tmp_path):
    """The lesson `01_add` of a course in a temporary folder."""
    return make_course(tmp_path / "course").lessons[0]


@pytest.fixture
def work(tmp_path):
    """Write a learner's script and return its path."""

    def write(text, name="01_add.py"):
        folder = tmp_path / "learner ü"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write
