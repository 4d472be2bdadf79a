"""Whatever is killed, and whenever: the gradebook is that of an undisturbed run.

Grader, server of boxes, outer box and boxes are killed at random moments while a class
is graded; the same command is typed again until it has done. WORKSHOP_FAULTS says how
many kills (12 here; the recorded number is in docs/measured.md).
"""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from workshop.box import outer
from workshop.gradebook import Gradebook

TOY = Path(__file__).parent / "toy"
KILLS = int(os.environ.get("WORKSHOP_FAULTS", "12"))
TARGETS = ("grader", "zygote", "bwrap", "child")
WHY = outer.problem()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(WHY), reason=WHY)]


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A class of six, each with two lessons: right, wrong, unfinished, crashing."""
    folder = tmp_path_factory.mktemp("class")
    for number, person in enumerate(("ann", "bob", "cid", "dee", "eve", "fay")):
        for path in sorted((TOY / "solutions").glob("*.py")):
            text = path.read_text(encoding="utf-8")
            if number == 1:
                text = (TOY / "exercises" / path.name).read_text(encoding="utf-8")
            if number == 2:
                text += "\n# %%\n1 / 0\n"
            if number == 3:
                text = text.replace(" + ", " - ").replace(" / ", " * ")
            place = folder / person / path.name
            place.parent.mkdir(exist_ok=True)
            place.write_text(f"{text}\n# {person}\n", encoding="utf-8")
    return folder


def grade(handed_in, grading, *options):
    """Start grading, as an instructor types it."""
    command = [sys.executable, "-m", "workshop", "--course", str(TOY), "grade"]
    return subprocess.Popen(
        [*command, str(handed_in), "--in", str(grading), "--cold", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=grading.parent,
    )


def finished(process):
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0, said.decode()


def content(grading):
    """What the gradebook says, without times and costs."""
    with Gradebook(grading / "gradebook.sqlite") as book:
        rows = book.all()
    found = [
        (one.person, one.lesson, [(r.check, r.outcome) for r in one.report.checks])
        for one in rows
    ]
    assert len(found) == len({one[:2] for one in found}), "graded twice"
    return sorted(found)


def kill(process, target):
    """Kill one part of a grading, as soon as it is there; tell whether it was."""
    while process.poll() is None:
        try:
            parts = [psutil.Process(process.pid)]
            if target != "grader":
                below = parts[0].children(recursive=True)
                parts = [one for one in below if target in " ".join(one.cmdline())]
            if parts:
                random.choice(parts).kill()
                return True
        except psutil.Error:
            pass  # it ended while it was looked at
        time.sleep(0.01)
    return False


@pytest.fixture(scope="module")
def undisturbed(handed_in, tmp_path_factory):
    grading = tmp_path_factory.mktemp("quiet") / "grading"
    begin = time.monotonic()
    finished(grade(handed_in, grading))
    return content(grading), time.monotonic() - begin


def test_the_same_gradebook_after_kills_at_random_moments(
    handed_in, undisturbed, tmp_path
):
    expected, usual = undisturbed
    random.seed(4)
    kills = dict.fromkeys(TARGETS, 0)
    round_ = 0
    while sum(kills.values()) < KILLS:
        round_ += 1
        grading = tmp_path / f"grading-{round_}"
        process = None
        while sum(kills.values()) < KILLS and (process is None or process.returncode):
            process = grade(handed_in, grading)
            time.sleep(random.uniform(0, usual))
            target = min(TARGETS, key=lambda name: (kills[name], random.random()))
            kills[target] += kill(process, target)
            process.communicate(timeout=300)
        finished(grade(handed_in, grading))
        assert content(grading) == expected
    assert all(kills.values()), kills
    print(kills)


def test_two_graders_on_one_gradebook_grade_everything_once(
    handed_in, undisturbed, tmp_path
):
    grading = tmp_path / "grading"
    for process in [grade(handed_in, grading), grade(handed_in, grading)]:
        finished(process)
    assert content(grading) == undisturbed[0]


def test_a_second_run_grades_nothing_again(handed_in, undisturbed, tmp_path):
    grading = tmp_path / "grading"
    finished(grade(handed_in, grading))
    process = grade(handed_in, grading)
    said, _ = process.communicate(timeout=300)
    assert said.decode().count("as before") == len(undisturbed[0])


def test_warm_and_cold_give_the_same(handed_in, undisturbed, tmp_path):
    command = [sys.executable, "-m", "workshop", "--course", str(TOY), "grade"]
    grading = tmp_path / "grading"
    subprocess.run(
        [*command, str(handed_in), "--in", str(grading)],
        check=True,
        cwd=tmp_path,
        capture_output=True,
    )
    assert content(grading) == undisturbed[0]
