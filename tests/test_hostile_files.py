"""What a script names as its saved model may be anything: asking about it ends soon.

Nothing here needs TensorFlow: what is no regular file is refused before a library sees
it. Each is asked about in a box, where the model is carried into a second box.
"""

import time

import pytest
from conftest import SOLUTION, make_course

from workshop import grader
from workshop.batch import terms
from workshop.batch.desk import Desk
from workshop.box import outer
from workshop.box.boxes import Boxes
from workshop.box.inside import Limits
from workshop.submission import Submission
from workshop.vault import Vault

WHY = outer.problem()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY)

USUAL_SECONDS = 6.0
CHECKS = '''"""Checks of a lesson with a saved model."""

import numpy as np


def adds(add):
    """TODO 1. Adds two numbers"""
    assert add(2, 2) == 4


def the_saved_model_answers(model):
    """TODO 2. The saved model answers"""
    assert model.run(np.ones((1, 3))).shape == (1, 1)
'''
PLACES = {
    "a pipe that nobody writes to": "os.mkfifo('m.keras')",
    "a socket": "import stat; os.mknod('m.keras', stat.S_IFSOCK | 0o600)",
    "memory of the process": "os.symlink('/proc/self/mem', 'm.keras')",
    "memory, as a path": "model = Path('/proc/self/mem')",
    "zeros without end": "os.symlink('/dev/zero', 'm.keras')",
    "a terminal": "model = Path('/dev/tty')",
    "a link to itself": "os.symlink('m.keras', 'm.keras'); model = Path('m.keras')",
    "the root": "model = Path('/')",
    "all processes": "model = Path('/proc')",
    "more than a box may hold": (
        "os.mkdir('m'); open('m/1', 'wb').truncate(60 * 2**20)\n"
        "open('m/2', 'wb').truncate(60 * 2**20); model = Path('m')"
    ),
    "more than a message may hold": (
        "os.mkdir('m')\n"
        "for n in range(6): open(f'm/{n}', 'wb').truncate(60 * 2**20)\n"
        "model = Path('m')"
    ),
    "an empty folder": "os.mkdir('m.keras')",
    "a folder of many files": (
        "os.mkdir('m'); open('m/saved_model.pb', 'w')\n"
        "for n in range(10**5): open(f'm/{n}', 'w').close()\n"
        "model = Path('m')"
    ),
    "folders one in another": (
        "for _ in range(500): os.mkdir('d' * 100); os.chdir('d' * 100)\n"
        "os.chdir('/box/work'); model = Path('d' * 100)"
    ),
    "links back and forth": (
        "os.mkdir('m.keras'); open('m.keras/saved_model.pb', 'w')\n"
        "for n in range(40): os.symlink('.', f'm.keras/{n}')"
    ),
    "a name with a line break": (
        "model = Path('a\\nb.keras'); model.write_bytes(b'PK')"
    ),
    "a pipe in a saved folder": (
        "os.mkdir('m.keras'); open('m.keras/saved_model.pb', 'w')\n"
        "os.mkfifo('m.keras/variables'); os.mkfifo('m.keras/fingerprint.pb')"
    ),
}


@pytest.fixture(scope="module")
def grade(tmp_path_factory):
    """Grade a script in a box; gives its report."""
    course = make_course(tmp_path_factory.mktemp("course"), checks=CHECKS)
    limits = Limits(disk_mb=64, inodes=120_000)
    choices = terms.choose(course.lessons, "")
    rules = terms.Terms(course, Vault(tmp_path_factory.mktemp("vault")), choices)
    with (
        pytest.MonkeyPatch.context() as patch,
        Boxes(warm=False, limits=limits) as made,
    ):
        patch.setattr(grader, "LEAST_MEMORY_MB", 1_500)
        desk = Desk(rules, made)
        yield (
            lambda text: (
                desk.mark(
                    Submission("Mallory", "01_add", "a.py", ".py", text.encode())
                ).report
            )
        )


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_saved_model_is_refused_within_seconds(grade, name):
    text = f"{SOLUTION}\nimport os\nfrom pathlib import Path\n{PLACES[name]}\n"
    text += "model = Path('m.keras')\n" if "model =" not in text else ""
    begin = time.monotonic()
    report = grade(text)
    assert report.stop is None
    assert [check.outcome for check in report.checks] == ["passed", "failed"]
    assert time.monotonic() - begin < 10 * USUAL_SECONDS
    assert grade(SOLUTION).checks[0].outcome == "passed"
