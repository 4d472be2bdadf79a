"""What the benchmarks of grading judge and show, from records made up here."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import _class, _graders, _mixed, cluster, complete, grading
from benchmarks._clock import Timing
from workshop import course
from workshop.batch.desk import Marked
from workshop.results import Report, Result, Stop


def a_record(found, **settings):
    return {"measured": found, "settings": settings}


def cell(whole, warm, peak_mb=1000):
    return {"seconds": {"1": 10.0, "30": 30 * whole}, "warm": warm, "peak_mb": peak_mb}


def class_record(case="trivial", ours=0.05, warm=0.01, **more):
    tools = {"workshop": cell(ours, warm), **more}
    peers = {"nbgrader": cell(1.4, 1.3), "otter": cell(4.3, 4.2)}
    return a_record({case: tools | peers}, counts=[1, 30])


def test_a_class_is_compared_with_the_faster_of_the_two():
    found = grading.targets(class_record())
    assert [target.name for target in found] == ["trivial", "trivial-warm"]
    assert [target.found for target in found] == ["28.0 times", "130.0 times"]
    assert all(target.holds for target in found)
    assert all("than nbgrader" in target.claim for target in found)


def test_what_is_compared_is_timed_before_the_others_and_after_them(monkeypatch):
    took = {"workshop": iter([5.0, 7.0, 40.0, 60.0]), "nbgrader": iter([9.0, 99.0])}
    took["otter"] = iter([20.0])  # the slower one, left out with the largest class
    order = []

    def once(stage, tool, count):
        order.append(tool)
        total = next(took[tool])
        return Timing((0.0,) * (count - 1) + (total,), total, 0, "")

    monkeypatch.setattr(grading, "_once", once)
    monkeypatch.setattr(grading, "_peak", lambda *_: {"seconds": {}, "peak_mb": 1})
    monkeypatch.setattr("benchmarks._peers.environment", lambda: None)
    monkeypatch.setattr(grading, "Stage", lambda *_: None)
    found = grading.measure("trivial", [1, 3], Path())
    ours = {"seconds": {"1": 6.0, "3": 50.0}, "peak_mb": 1, "warm": 25.0}
    assert found["workshop"] == ours
    assert found["nbgrader"]["seconds"] == {"1": 9.0, "3": 99.0}
    first = ["workshop", "nbgrader", "otter", "workshop"]
    assert order == [*first, "workshop", "nbgrader", "workshop"]


def test_the_start_of_boxes_counts_in_whole_commands_alone():
    found = grading.targets(class_record(ours=0.4))
    assert [target.holds for target in found] == [False, True]


def test_lesson_one_is_compared_with_kept_trainings():
    record = class_record("01_mnist", ours=1.2, warm=1.2, kept=cell(0.13, 0.1))
    found = grading.targets(record)
    assert [target.holds for target in found] == [True, True]
    assert "with kept training, at least 10 times" in found[0].claim


def test_a_class_of_one_has_no_rate():
    record = class_record()
    record["settings"]["counts"] = [1]
    for one in record["measured"]["trivial"].values():
        del one["warm"]
    assert [target.name for target in grading.targets(record)] == ["trivial"]
    assert "| 10.0 s | – | 1,000 MB |" in grading.page(record)


def test_the_slower_peer_is_left_out_with_the_largest_class():
    record = class_record()
    otter = record["measured"]["trivial"]["otter"]
    assert grading._slower(record["measured"]["trivial"]) == "otter"
    del otter["seconds"]["30"]
    assert [one.found for one in grading.targets(record)] == [
        "28.0 times",
        "130.0 times",
    ]
    assert "| `otter run` | 10.0 s | – | 4.2 s | 1,000 MB |" in grading.page(record)


def an_answer(kind, name, false=(), kept=True, told=()):
    return {"kind": kind, "name": name, "false": [*false], "kept": kept, "told": told}


def test_the_page_of_all_answers_counts_false_verdicts_and_lists_them():
    answers = [
        an_answer("wrong", "softmax_missing", kept=False),
        an_answer("wrong", "few_images", false=[3, 4]),
        an_answer("right", "own_layers", told=["The answer is always 3."]),
    ]
    record = a_record({"passes": 20, "answers": answers}, lesson="01_mnist")
    passes, failures = complete.targets(record)
    assert (passes.holds, passes.found) == (False, "2 of 40")
    assert (failures.holds, failures.found) == (True, "0 of 20")
    shown = complete.page(record, record)
    assert shown.count("| 01_mnist | 2 × 20 | 2 | 1 × 20 | 0 | 1 |") == 2
    assert "- 01_mnist, few_images (wrong): false 2 times." in shown
    assert "- 01_mnist, own_layers (right) was told: The answer is always 3." in shown


def test_the_page_of_grading_shows_seconds_for_each_submission():
    shown = grading.page(class_record())
    assert "| `workshop grade` | 10.0 s | 0.05 s | 0.01 s | 1,000 MB |" in shown
    assert "Trivial lesson:" in shown


@pytest.mark.parametrize(
    ("score", "is_full"),
    [((3, 3), True), ((2, 3), False), ((0, 0), False), (None, False)],
)
def test_full_marks_are_all_of_some(score, is_full):
    assert _graders.full(score) is is_full


def test_everybody_hands_in_a_file_of_their_own(tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "one.npz").write_bytes(b"kept")
    folder = _class.scripts(_mixed.TRIVIAL, tmp_path / "class", 3, kept)
    texts = [path.read_text() for path in folder.glob("*/01_trivial.py")]
    assert len(set(texts)) == 3
    assert len(list(folder.glob("*/.workshop/kept/one.npz"))) == 3


@pytest.mark.parametrize("work", grading.CASES.values(), ids=list(grading.CASES))
def test_every_case_has_a_solution_and_checks_for_the_peers(work):
    lesson = course.load(work.course).find(work.stem)
    assert work.text("me").endswith("# Handed in by me.\n")
    assert len(work.tests()) >= 3
    assert len(lesson.checks) >= 3


def test_the_mixture_is_the_same_in_every_run_and_mostly_right():
    drawn = _mixed.drawn(1000)
    kinds = Counter(kind for kind, _ in drawn)
    assert drawn == _mixed.drawn(1000)
    assert set(kinds) == set(_mixed.KINDS)
    assert 750 < kinds["right"] < 850
    assert len({work.digest for _, work in drawn}) == 1000


def test_the_shares_of_the_mixture_add_up_to_one():
    assert sum(share for share, *_ in _mixed.KINDS.values()) == pytest.approx(1)


@pytest.mark.parametrize("kind", [kind for kind in _mixed.KINDS if kind != "right"])
def test_every_kind_but_the_right_one_is_another_script(kind):
    others = [_mixed._submission(one, 7).script for one in _mixed.KINDS if one != kind]
    assert _mixed._submission(kind, 7).script not in others


def test_an_ending_is_outcome_stop_and_checks():
    check = Result("adds", "Adds", "waiting", 1, "")
    stop = Stop("time", "Too long.")
    report = Report("01", "T", "a.py", "failed", (check,), stop)
    assert _mixed.ending(Marked(report)) == ("failed", "time", ("waiting",))


def runs_record(one=100.0, two=55.0, **killed):
    run = {"start": 8.0, "kills": 0, "lost": 0, "other": 0, "different": 0}
    runs = {
        "one": run | {"seconds": one},
        "two": run | {"seconds": two},
        "killed": run | {"seconds": 80.0, "kills": 4} | killed,
    }
    found = {"kinds": {"right": 10}, "runs": runs, "travels": {"script": 4505}}
    return a_record(found, count=1000)


def test_half_the_time_with_two_workers_is_full_efficiency():
    assert cluster.efficiency(runs_record(two=50.0)) == 1
    holds = [cluster.targets(runs_record(two=two))[0].holds for two in (58.8, 58.9)]
    assert holds == [True, False]


@pytest.mark.parametrize("loss", ["lost", "other", "different"])
def test_one_result_lost_or_changed_misses_the_target(loss):
    assert cluster.targets(runs_record())[1].holds
    assert not cluster.targets(runs_record(**{loss: 1}))[1].holds


def test_the_page_of_the_cluster_shows_all_three_runs():
    shown = cluster.page(runs_record())
    assert "| 2 workers | 8.0 s | 55 s | 18.2 | 0 | 0 | 0 |" in shown
    assert "| 2 workers, one killed | 8.0 s | 80 s | 12.5 | 4 | 0 | 0 |" in shown


def test_ten_thousand_are_reckoned_from_the_rate_of_two():
    shown = cluster.page(runs_record(one=120.0, two=60.0))
    assert "| 1 | 20 min | measured rate |" in shown
    assert "| 20 | 1.0 min | reckoned from the rate of two |" in shown
    assert "| a script of lesson 1 | 4,505 |" in shown


@pytest.mark.skipif(
    not sys.platform.startswith("linux"),
    reason="it is summed from /proc, which is Linux's own",
)
def test_memory_is_that_of_a_process_and_all_below_it():
    from benchmarks import _footprint

    below = "x = bytearray(60_000_000); input()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {below!r}])"
    with (
        _footprint.Footprint() as footprint,
        subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) as top,
    ):
        footprint.watch(top.pid)
        while footprint.peak_mb < 60 and top.poll() is None:
            os.sched_yield()
        top.communicate(b"\n")
    assert 60 < footprint.peak_mb < 200
