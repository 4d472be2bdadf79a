"""A real scheduler and several worker processes on this machine grade a toy course."""

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("distributed")

from benchmarks import _dask
from workshop import data, versions
from workshop.batch import cluster, desk, orders
from workshop.batch.orders import Orders, Unfit
from workshop.batch.terms import Terms
from workshop.box import outer
from workshop.course import load
from workshop.evidence import wire
from workshop.submission import Submission
from workshop.vault import Vault

TOY = Path(__file__).parent / "toy"
ROOT = Path(__file__).parents[1]
PERSONS = 24
JOBS = """
jobqueue:
  slurm:
    cores: 1
    memory: 4 GB
    walltime: "00:30:00"
    interface: lo
"""
in_boxes = pytest.mark.skipif(bool(outer.problem()), reason="no boxes on this machine")


def the_toy(retrain=False):
    course = load(TOY)
    choices = {lesson.stem: (None, "") for lesson in course.lessons}
    return Orders(course, choices, b"salt" * 8, retrain, {})


def handed_in(count=PERSONS):
    """Return submissions of both lessons: right, wrong, and such as exit."""
    endings = ("", "usual = 1\n", "import os; os._exit(0)\n")
    stems = ("01_average", "02_line")
    return [
        Submission(
            person := f"person {number}",
            stem := stems[number % 2],
            f"{stem}.py",
            ".py",
            (
                (TOY / "solutions" / f"{stem}.py").read_text(encoding="utf-8")
                + f"# {person}\n{endings[number % 3]}"
            ).encode(),
        )
        for number in range(count)
    ]


def seen(marked):
    report = marked.report
    return report.outcome, [(one.check, one.outcome) for one in report.checks]


def test_orders_are_the_same_on_the_other_side(tmp_path):
    sent = the_toy(retrain=True)
    found = orders.unpack(orders.pack(sent), tmp_path)
    assert (found.choices, found.salt, found.retrain) == (
        *(sent.choices, sent.salt),
        True,
    )
    assert [lesson.checks[0].name for lesson in found.course.lessons] == [
        lesson.checks[0].name for lesson in sent.course.lessons
    ]


def test_solutions_do_not_travel(tmp_path):
    orders.unpack(orders.pack(the_toy()), tmp_path)
    assert not (tmp_path / "solutions").exists()


@pytest.mark.parametrize(
    "stem",
    [
        *("01_mnist", "06_headlines"),
        pytest.param("05a_doggy_door", marks=pytest.mark.slow),
    ],
)
def test_sealed_halves_travel_whole(tmp_path, stem):
    terms = Terms(load(), Vault(tmp_path / "grading"), {stem: ("drawn", "asked")})
    lesson = terms.course.find(stem)
    there = orders.unpack(orders.pack(terms), tmp_path / "there")
    for half, other in zip(
        terms.halves(lesson, "drawn"), there.halves(lesson, "drawn"), strict=True
    ):
        assert type(other) is data.Sealed
        assert half.texts == other.texts
        assert np.array_equal(half.labels, other.labels)
        images = [() if one.images is None else one.images for one in (half, other)]
        pairs = zip(*images, strict=True)
        assert all(np.array_equal(one, two) for one, two in pairs)


def test_orders_from_other_versions_are_refused(tmp_path, monkeypatch):
    message = orders.pack(the_toy())
    mine = versions.found()
    monkeypatch.setattr(versions, "found", lambda: mine | {"keras": "2.0"})
    with pytest.raises(Unfit, match=r"This machine has keras 2\.0, and the one that"):
        orders.unpack(message, tmp_path)


def test_sealed_sets_that_are_too_large_to_send_are_refused(monkeypatch):
    monkeypatch.setattr(wire, "MAX_ARRAY", 100)
    with pytest.raises(Unfit, match="Grade fewer lessons at a time"):
        orders.pack(the_toy())


def test_two_runs_have_a_desk_each():
    names = {
        cluster.DeskPlugin(orders.pack(the_toy(retrain))).name for retrain in (1, 0)
    }
    assert len(names) == 2


def test_no_scheduler_is_said_in_a_sentence(monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", "0.2s")
    with pytest.raises(Unfit, match="No scheduler of Dask answers at tcp://127"):
        cluster.connect("tcp://127.0.0.1:9")


@pytest.mark.slow
def test_a_cluster_without_workers_is_refused(tmp_path):
    with _dask.local(tmp_path, 0) as client, pytest.raises(Unfit, match="No worker"):
        cluster.Cluster(client, the_toy())


@pytest.mark.slow
@in_boxes
def test_workers_that_are_killed_lose_and_change_no_result(tmp_path):
    due = handed_in()
    with _dask.local(tmp_path, 2) as client, cluster.Cluster(client, the_toy()) as made:
        undisturbed = {number: seen(one) for number, one in made.mark_all(due)}
        found = {}
        for number, one in made.mark_all(due):
            if len(found) in (4, 12):
                os.kill(_dask.graders(client)[0], signal.SIGKILL)
            found[number] = seen(one)
    assert len(found) == PERSONS
    assert found == undisturbed


@pytest.mark.slow
@in_boxes
def test_a_cluster_finds_what_a_desk_here_finds(tmp_path):
    from workshop.box.boxes import Boxes

    due = handed_in(6)
    with Boxes() as boxes:
        here = [seen(desk.Desk(the_toy(), boxes).mark(work)) for work in due]
    with _dask.local(tmp_path, 2) as client, cluster.Cluster(client, the_toy()) as made:
        there = dict(made.mark_all(due))
    assert [seen(there[number]) for number in range(6)] == here
    assert not any(one.log for one in there.values())


@pytest.mark.slow
@in_boxes
@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PATH", "/nowhere", "not installed"),
        ("PYTHONPATH", "other", "keras 0, and the one that grades"),
    ],
)
def test_a_worker_that_cannot_grade_says_why_and_leaves(tmp_path, name, value, says):
    other = tmp_path / "other"
    other.mkdir()
    (other / "sitecustomize.py").write_text(OTHER_KERAS)
    given = os.pathsep.join([str(other), str(ROOT)]) if value == "other" else value
    told = []
    with _dask.local(tmp_path, 1, environment={name: given}) as client:
        with pytest.raises(Unfit, match=says):
            cluster.Cluster(client, the_toy(), told.append)
        gone = threading.Event()
        while client.nthreads() and not gone.wait(0.2):
            pass


OTHER_KERAS = """
from importlib import metadata

found = metadata.version
metadata.version = lambda name: "0" if name == "keras" else found(name)
"""


def slurm_is_here():
    """Return whether a node of Slurm on this machine takes jobs."""
    if not shutil.which("sinfo"):
        return False
    asked = ["sinfo", "--noheader", "--states=idle,mixed", "--format=%N"]
    return bool(subprocess.run(asked, capture_output=True).stdout.strip())


@pytest.mark.slow
@in_boxes
@pytest.mark.skipif(not slurm_is_here(), reason="no node of Slurm takes jobs here")
def test_slurm_starts_workers_that_grade(tmp_path):
    (tmp_path / "jobqueue.yaml").write_text(JOBS)
    for work in handed_in(4):
        place = tmp_path / "class" / work.person / work.name
        place.parent.mkdir(parents=True)
        place.write_bytes(work.script)
    words = ["--plain", "--course", str(TOY), "grade", "class", "--slurm", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "workshop", *words],
        cwd=tmp_path,
        env={**os.environ, "DASK_CONFIG": str(tmp_path), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "4 graded, 3 passed in full." in done.stdout


@pytest.mark.slow
@in_boxes
def test_a_lost_scheduler_is_said_and_results_so_far_are_there(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "PATIENCE", "2s")
    with _dask.local(tmp_path, 1) as client:
        scheduler = client.run_on_scheduler(os.getpid)
        with cluster.Cluster(client, the_toy()) as made:
            marking = made.mark_all(handed_in())
            first = [next(marking)[0] for _ in range(3)]
            os.kill(scheduler, signal.SIGKILL)
            with pytest.raises(orders.Disconnected, match="goes on from there"):
                list(marking)
    assert len(set(first)) == 3
