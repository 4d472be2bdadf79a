"""What the benchmark of a room judges and shows, from records made up here."""

import pytest

from benchmarks import room

TIMED = {"p50": 0.004, "p99": 0.03, "most": 0.05}


def a_crowd(**more):
    timed = dict.fromkeys(("answer", "commit", "static", "board", "late"), TIMED)
    used = {"memory": 76.2, "cpu": 0.18, "client": 0.08}
    everywhere = {"told": 8, "whole": 8, **TIMED}
    counts = {"reports": 2210, "refused": 0, "everywhere": everywhere}
    return {**timed, **used, **counts, **more}


def a_record(kills=None, **more):
    crowds = {"30": a_crowd(), "500": a_crowd(**more)}
    none = {"reports": 900, "again": 80, "lost at a kill": 0, "lost": 0, "doubled": 0}
    downloads = a_crowd(rate=1.2e9)
    found = {"attendees": crowds, "kills": none | (kills or {})}
    return {"measured": found | {"downloads": downloads}}


def verdicts(record):
    return {target.name: target.holds for target in room.targets(record)}


def test_answers_in_time_hold_and_late_ones_do_not():
    late = a_record(answer={**TIMED, "p99": 0.2})
    assert verdicts(a_record())["answer"]
    assert not verdicts(late)["answer"]


@pytest.mark.parametrize("wrong", ["lost at a kill", "lost", "doubled"])
def test_one_report_lost_or_doubled_is_a_miss(wrong):
    assert verdicts(a_record())["kills"]
    assert not verdicts(a_record({wrong: 1}))["kills"]


def test_one_report_refused_or_one_page_that_shows_less_is_a_miss():
    unseen = {"told": 8, "whole": 7, **TIMED}
    assert not verdicts(a_record(refused=1))["refused"]
    assert not verdicts(a_record(everywhere=unseen))["shown"]


def test_the_page_shows_every_crowd_and_the_downloads():
    shown = room.page(a_record())
    assert "| a bare commit | 4.0 ms / 30 ms | 4.0 ms / 30 ms |" in shown
    assert "| downloaded | 0 MB/s | 0 MB/s | 1200 MB/s |" in shown
    assert "lost 0, doubled 0" in shown


def test_half_and_99_of_100_are_of_the_ordered_times():
    found = room.spread([0.1 * n for n in range(100, 0, -1)])
    assert found == {"p50": 5.1, "p99": 10.0, "most": 10.0}
