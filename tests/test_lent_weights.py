"""A box that grades on real photos has the weights that its grader has."""

import hashlib

import pytest
from conftest import SOLUTION, SYLLABUS, make_course

from workshop import course
from workshop.backbones import imagenet
from workshop.batch.desk import Desk, shelf_for
from workshop.batch.terms import Terms
from workshop.box import outer
from workshop.box.boxes import Boxes
from workshop.submission import Submission
from workshop.vault import Vault

WEIGHTS = b"numbers"
LOOKS = """
import os
from pathlib import Path
home = Path(os.environ.get("KERAS_HOME", "/nowhere"))
print(sorted(path.name for path in home.glob("models/*")))
"""
NETWORK = "\n# %%\nif False:\n    backbones.vgg16()\n"


@pytest.fixture
def grade(tmp_path, monkeypatch):
    """Grade a script on a variant of photos, where one file of weights is at hand."""
    found = hashlib.md5(WEIGHTS).hexdigest()
    for name in ("WHOLE", "BASE", "NAMES"):
        file = imagenet.File(f"{name}.h5", "http://127.0.0.1:9/", found, 1)
        monkeypatch.setattr(imagenet, name, file)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "BASE.h5").write_bytes(WEIGHTS)
    (tmp_path / "models" / "NAMES.h5").write_bytes(b"damaged")

    def mark(text, variant, boxed):
        made = make_course(tmp_path / "course", text + NETWORK)
        syllabus = SYLLABUS.replace("{drawn = 0.9}", "{drawn = 0.9, real = 0.9}")
        (made.folder / "course.toml").write_text(syllabus, encoding="utf-8")
        found = course.load(made.folder)
        terms = Terms(found, Vault(tmp_path / "grading"), {"01_add": (variant, "")})
        work = Submission("ann", "01_add", "a.py", ".py", (text + LOOKS).encode())
        with shelf_for(terms) as lent:
            if not boxed:
                return Desk(terms, None, lent).mark(work).report
            with Boxes((lent,), keras=False) as boxes:
                return Desk(terms, boxes, lent).mark(work).report

    return mark


@pytest.mark.parametrize("boxed", [True, False])
def test_weights_that_are_whole_are_lent_for_real_photos(grade, boxed):
    if boxed and (why := outer.problem()):
        pytest.skip(why)
    report = grade(SOLUTION, "real", boxed)
    assert report.outcome == "passed"
    assert report.output.strip() == "['BASE.h5']"


def test_for_drawn_photos_no_weights_are_lent(grade, monkeypatch):
    monkeypatch.setattr(imagenet, "lend", lambda folder: 1 / 0)
    monkeypatch.delenv("KERAS_HOME")
    assert grade(SOLUTION, "drawn", False).output.strip() == "[]"
