"""In an open notebook the same checks look at the variables that are there."""

import os
import subprocess
import sys

import nbformat
import pytest
import rooms
from conftest import SOLUTION
from nbclient import NotebookClient

from workshop import script
from workshop.link.joined import Joined, Notes
from workshop.progress import Folder

ASK = "from workshop import check\ncheck('01_add')"
pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="tried on POSIX only"),
    pytest.mark.filterwarnings("default"),
]


@pytest.fixture
def folder(lesson, tmp_path):
    """A learner's folder for the course of one lesson."""
    command = [sys.executable, "-m", "workshop", "--course", str(lesson.course)]
    folder = tmp_path / "my course"
    subprocess.run([*command, "start", str(folder)], check=True, capture_output=True)
    return folder


def said(folder, *cells):
    """Return what the last of these cells prints when a kernel runs them all."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name="python3", resources=resources).execute()
    return "".join(output.get("text", "") for output in notebook.cells[-1].outputs)


def code_cells(text):
    return [cell.text for cell in script.parse(text).cells if cell.kind == "code"]


def test_a_notebook_that_is_right_passes(folder):
    assert "Every check passed." in said(folder, *code_cells(SOLUTION), ASK)


def test_a_blank_cell_waits_and_a_wrong_one_fails(folder):
    add, use = code_cells(SOLUTION)
    text = said(folder, add.replace("a + b", "a - b"), script.blank(use), ASK)
    assert "2 and 2 gave 0. Use +." in text
    assert "Fill in the blank, then run its cell." in text


def test_the_cell_run_last_counts(folder):
    add, use = code_cells(SOLUTION)
    text = said(folder, add.replace("a + b", "a - b"), add, use, ASK)
    assert "Every check passed." in text


def test_variables_are_looked_at_and_nothing_runs_again(folder):
    cells = ["print('training')", *code_cells(SOLUTION), ASK]
    assert "training" not in said(folder, *cells)


def test_a_name_that_is_no_lesson_gets_the_nearest_one(folder):
    assert "01_add" in said(folder, "from workshop import check\ncheck('01_ad')")


def test_ctrl_c_in_a_check_ends_the_grader_at_once(folder):
    code = f"def add(a, b): raise KeyboardInterrupt\n{ASK}"
    command = [sys.executable, "-c", code]
    made = subprocess.run(command, cwd=folder, capture_output=True, timeout=60)
    assert made.stderr.rstrip().endswith(b"KeyboardInterrupt")


def test_a_lesson_may_be_named_by_its_number(folder):
    assert "Every check passed." in said(
        folder, *code_cells(SOLUTION), "from workshop import check\ncheck(1)"
    )


def test_in_a_script_that_is_being_checked_it_does_nothing(lesson, work):
    from workshop import grader

    report = grader.check(lesson, work(f"{SOLUTION}\n{ASK}\n"))
    assert report.outcome == "passed"
    assert report.output == ""


def test_the_room_is_told_of_a_notebook_too(folder):
    token = "token-of-0-0123456789"
    with rooms.opened() as room:
        room.names[token] = "Ann"
        joined = Joined(room.address, token, room.id, 1, "Ann")
        Notes(Folder(folder)).join(joined)
        text = said(folder, *code_cells(SOLUTION), ASK)
    assert "Room: 12 minutes left for Lesson 01_add" in text
    assert [one["outcome"] for one in room.taken.values()] == ["passed"]
