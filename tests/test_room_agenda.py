"""The clock of a session, by what an instructor does at which minute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.room.agenda import Agenda, Part

START = 1_000_000.0


def agenda(*minutes, begins=None):
    parts = [Part(f"part {i}", None, m, 0, m) for i, m in enumerate(minutes)]
    return Agenda(parts, begins)


def at(minute):
    return START + 60 * minute


def started(*minutes, **more):
    made = agenda(*minutes, **more)
    made.start(START)
    return made


def test_before_the_start_every_entry_is_to_come():
    made = agenda(10, 20)
    clock = made.clock(START)
    assert (clock.state, clock.entry, clock.finish) == ("before", None, at(30))
    assert list(made.times(START)) == [(at(0), at(10)), (at(10), at(30))]


def test_the_clock_counts_down_and_shows_the_end():
    clock = started(10, 20).clock(at(4))
    assert (clock.state, clock.entry, clock.left) == ("running", 0, 360)
    assert (clock.ends, clock.finish, clock.behind) == (at(10), at(30), 0)


def test_an_overrun_counts_below_zero_and_moves_the_rest():
    made = started(10, 20)
    clock = made.clock(at(13))
    assert (clock.left, clock.behind) == (-180, 3)
    assert list(made.times(at(13)))[1] == (at(13), at(33))


def test_a_pause_stops_the_clock_and_puts_the_end_off():
    made = started(10, 20)
    made.pause(at(2))
    assert made.clock(at(5)).left == 480
    assert made.clock(at(5)).ends is None
    made.resume(at(6))
    assert made.clock(at(6)).ends == at(14)
    assert made.clock(at(6)).behind == 4


def test_going_on_early_is_being_ahead():
    made = started(10, 20)
    made.go(1, at(7))
    assert made.clock(at(7)).behind == -3
    assert made.took(0, at(9)) == 420


def test_minutes_given_to_an_entry_are_minutes_behind():
    made = started(10, 20)
    made.parts[0].minutes = 15
    assert made.clock(at(0)).behind == 5


def test_an_entry_that_is_left_out_is_skipped_and_regains_its_minutes():
    made = started(10, 20, 5)
    made.parts[1].minutes = 0
    assert made.place(1) == "skipped"
    assert made.following() == 2
    assert made.clock(at(0)).behind == -20


def test_a_jump_skips_what_lies_between():
    made = started(10, 20, 5)
    made.go(2, at(1))
    assert [made.place(i) for i in range(3)] == ["past", "skipped", "now"]


def test_an_entry_that_is_opened_again_goes_on_counting():
    made = started(10, 20)
    made.go(1, at(4))
    made.go(0, at(6))
    assert made.clock(at(6)).left == 360
    assert made.took(0, at(8)) == 360


def test_a_late_start_is_behind_from_the_first_minute():
    made = started(10, begins=START - 300)
    assert made.clock(START).behind == 5


def test_before_a_start_that_is_late_the_delay_grows():
    made = agenda(10, begins=START)
    assert made.clock(START - 60).behind == 0
    assert made.clock(at(4)).behind == 4


def test_at_the_end_nothing_is_on_and_nothing_comes():
    made = started(10, 20)
    made.end(at(12))
    clock = made.clock(at(50))
    assert (clock.state, clock.entry, clock.finish) == ("ended", None, at(12))
    assert [made.place(i) for i in range(2)] == ["past", "skipped"]
    assert made.took(0, at(50)) == 720


def test_a_session_that_ends_in_a_pause_has_no_open_pause():
    made = started(10)
    made.pause(at(3))
    made.end(at(5))
    assert made.state == "ended"
    assert made.took(0, at(9)) == 180


STEPS = st.lists(
    st.tuples(st.sampled_from(["next", "pause", "resume", "wait"]), st.integers(0, 30))
)


@given(STEPS)
def test_whatever_is_done_the_time_that_entries_took_adds_up(steps):
    made, minute, paused = started(10, 20, 5, 7), 0, 0.0
    for step, wait in steps:
        before = minute
        minute += wait
        if made.state == "paused":
            paused += minute - before
        if step == "next" and (coming := made.following()) is not None:
            made.go(coming, at(minute))
        elif step in ("pause", "resume"):
            getattr(made, step)(at(minute))
    total = sum(made.took(i, at(minute)) for i in range(4))
    assert total == pytest.approx(60 * (minute - paused))
