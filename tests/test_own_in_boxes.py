"""Own sealed pictures are read in boxes, here and on other machines, and not shown."""

import numpy as np
import pytest
from conftest import SYLLABUS, make_course
from PIL import Image

from workshop import course
from workshop.batch import orders
from workshop.batch.desk import Desk, shelf_for
from workshop.batch.terms import Terms
from workshop.box import outer
from workshop.box.boxes import Boxes
from workshop.data import own
from workshop.submission import Submission
from workshop.vault import Vault

WHY = outer.problem()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY)

SOLUTION = """# %% [markdown]
# # 1. Read shades
#
# **TODO 1.** Tell which of ten shades a picture has.

# %%
import numpy as np


def read(images):
    return np.eye(10)[images.mean(axis=(1, 2)).astype(int) // 10]  # TODO 1
"""
CHECKS = '''"""Checks of shades."""


def reads_unseen_shades(read, sealed, goal, report):
    """Unseen shades are read"""
    accuracy = report.answers(sealed, read(sealed.images))
    assert accuracy >= goal, f"It read {accuracy:.0%} of them."
'''


@pytest.fixture(scope="module")
def terms(tmp_path_factory):
    """The terms of a run with three own pictures of each of ten shades."""
    folder = tmp_path_factory.mktemp("own")
    made = make_course(folder / "course", SOLUTION, CHECKS)
    path = made.folder / "course.toml"
    path.write_text(SYLLABUS.replace("goal", 'data = "digits"\ngoal'), "utf-8")
    for label in range(10):
        (folder / "mine" / str(label)).mkdir(parents=True)
        for number in range(3):
            pixels = np.full((28, 28), 10 * label + 5 + number, np.uint8)
            Image.fromarray(pixels).save(folder / "mine" / str(label) / f"{number}.png")
    found = course.load(made.folder)
    Vault(folder).seal(found.lessons[0], own.pictures("digits", folder / "mine"))
    return Terms(found, Vault(folder), {"01_add": ("drawn", "asked")})


@pytest.fixture(scope="module", params=["here", "elsewhere"])
def grade(request, terms, tmp_path_factory):
    """Grade a script in a box, as this machine does and as one of a cluster does."""
    there = tmp_path_factory.mktemp("there")
    if request.param == "elsewhere":
        terms = orders.unpack(orders.pack(terms), there)
    with shelf_for(terms) as lent, Boxes((lent,), keras=False) as boxes:
        desk = Desk(terms, boxes, lent)
        yield (
            lambda text: (
                desk.mark(
                    Submission("ann", "01_add", "a.py", ".py", text.encode())
                ).report
            )
        )


def test_own_pictures_are_read_in_a_box(grade):
    report = grade(SOLUTION)
    assert report.outcome == "passed", report.checks
    assert report.checks[-1].score.value == 1


def test_the_report_of_who_misread_own_pictures_holds_none_of_them(grade):
    report = grade(SOLUTION.replace("// 10", "// 10 * 0"))
    assert report.outcome == "failed"
    assert report.checks[-1].score.value < 0.3
    assert {one.picture for one in report.answers.mistakes} == {""}
