"""The parts of a room one by one: keys, limits, people, proposals, folders."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from roomed import STEM, a_course, report

from workshop.room import agenda, keys, people, steady
from workshop.room.folder import RoomFolder
from workshop.room.journal import Fact
from workshop.room.live import Session
from workshop.room.people import Person
from workshop.room.proposals import proposals


@given(st.text(max_size=12))
def test_a_code_differs_from_what_is_typed_unless_it_is_the_same(typed):
    code = keys.code(6)
    assert keys.same(typed, code) is (keys.plain(typed) == keys.plain(code))


def test_codes_have_no_letters_that_look_alike():
    letters = set("".join(keys.plain(keys.code(8)) for _ in range(200)))
    assert not letters & set("01OILU")


def test_a_personal_code_ends_after_its_time_and_when_another_is_made():
    codes = keys.PersonalCodes()
    old = codes.make(1, 0.0)
    new = codes.make(1, 0.0)
    assert codes.use(old, 1.0) is None
    assert codes.use(new, keys.PERSONAL_SECONDS + 1) is None


def test_a_limit_gives_way_with_time():
    limit = keys.Limit(2, 60.0)
    for _ in range(2):
        limit.spend("a", 0.0)
    assert limit.wait("a", 0.0) > 0
    assert limit.wait("b", 0.0) == 0
    assert limit.wait("a", 31.0) == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.168.1.5", "192.168.1.6", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
    ],
)
def test_an_attacker_with_a_network_of_addresses_is_one_caller(one, other, same):
    assert (keys.caller(one) == keys.caller(other)) is same


def standing(lesson, *sent):
    person = Person(1, "Ann", 0.0)
    for minute, outcomes in sent:
        body = report(minute, outcomes)
        people.take(person.standing(STEM), lesson, body, 60.0 * minute)
    return person


def test_one_failure_is_no_reason_to_be_called_stuck(lesson):
    assert people.stuck(standing(lesson, (1, "pff")), 90.0) is None


def test_a_check_that_fails_for_long_is_where_somebody_is_stuck(lesson):
    found = people.stuck(standing(lesson, (1, "pfw"), (8, "pfw")), 480.0)
    assert (found.check, found.minutes, found.tries) == ("is_used", 7.0, 2)


def test_a_check_that_passed_in_between_begins_anew(lesson):
    person = standing(lesson, (1, "pfw"), (2, "ppw"), (3, "pfw"), (8, "pfw"))
    assert people.stuck(person, 485.0) is None


def test_who_does_something_else_is_not_stuck(lesson):
    person = standing(lesson, (1, "pfw"), (8, "pfw"))
    assert people.stuck(person, 3600.0) is None


def test_who_has_solved_it_is_not_stuck(lesson):
    person = standing(lesson, *((i, "pfw") for i in range(6)), (7, "ppp"))
    assert people.stuck(person, 430.0) is None


@pytest.fixture
def session(tmp_path):
    made = Session(a_course(tmp_path / "course"))
    made.apply(Fact(1, 0.0, "made", None, {"room": "r", "code": "c", "plan": "day"}))
    parts = [vars(part) for part in agenda.parts(made.plans["day"])]
    made.apply(Fact(2, 0.0, "started", None, {"parts": parts}))
    return made


def test_on_time_nothing_is_proposed(session):
    assert proposals(session, 60.0, {}) == []


def test_proposals_name_what_they_regain(session):
    found = proposals(session, 20 * 60.0, {"02_more": 9.2})
    texts = [one.text for one in found]
    assert "02_more took 10 minutes before: planning that regains 5 minutes." in texts
    assert "9 minutes for “Tea” regains 3 minutes." in texts


def test_a_lesson_most_have_solved_may_end(session):
    session.apply(Fact(3, 600.0, "moved", None, {"entry": 1}))
    for number in range(4, 8):
        body = {"name": "Ann", "token": str(number)}
        session.apply(Fact(number, 600.0, "joined", None, body))
        session.apply(
            Fact(number + 10, 700.0, "reported", number, report(number, "ppp"))
        )
    session.apply(Fact(30, 700.0, "planned", None, {"entry": 1, "minutes": 40}))
    first = proposals(session, 700.0, {})[0]
    assert (first.action, first.minutes) == ("next", 38)
    assert first.text.startswith("4 of 4 have solved it")


FACTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("joined"),
            st.fixed_dictionaries(
                {"name": st.text(max_size=3), "token": st.text(max_size=3)}
            ),
        ),
        st.tuples(
            st.sampled_from(
                [
                    "paused",
                    "resumed",
                    "ended",
                    "answered",
                    "cleared",
                    "removed",
                    "helped",
                    "seen",
                ]
            ),
            st.just({}),
        ),
        st.tuples(
            st.just("moved"), st.fixed_dictionaries({"entry": st.integers(0, 4)})
        ),
        st.tuples(
            st.just("planned"),
            st.fixed_dictionaries(
                {"entry": st.integers(0, 4), "minutes": st.floats(0, 90)}
            ),
        ),
        st.tuples(
            st.just("reported"),
            st.sampled_from(["ppp", "pff", "www"]).map(lambda o: report(1, o)),
        ),
        st.tuples(st.just("asked"), st.just({"lesson": STEM, "number": 0})),
        st.tuples(st.just("voted"), st.just({"question": "3", "choice": 1})),
    ),
    max_size=30,
)


@given(facts=FACTS, data=st.data())
def test_no_order_of_facts_breaks_a_session_or_its_views(tmp_path_factory, facts, data):
    from workshop.room import views

    session = Session(_course(tmp_path_factory))
    session.apply(Fact(1, 0.0, "made", None, {"room": "r", "code": "c", "plan": "day"}))
    parts = [vars(part) for part in agenda.parts(session.plans["day"])]
    session.apply(Fact(2, 0.0, "started", None, {"parts": parts}))
    for number, (kind, body) in enumerate(facts, 3):
        who = data.draw(st.sampled_from([None, *session.people, 99]))
        session.apply(Fact(number, 30.0 * number, kind, who, body))
    now = 30.0 * len(facts) + 100
    shown = [
        views.clock(session, now),
        views.agenda(session, now, {}),
        views.lessons(session),
        views.advice(session),
        [views.row(session, one, now) for one in session.people.values()],
        [vars(one) for one in proposals(session, now, {})],
    ]
    assert json.dumps(shown, allow_nan=False)


def _course(factory, made=[]):  # noqa: B006
    if not made:
        made.append(a_course(factory.mktemp("course") / "course"))
    return made[0]


def test_what_was_learned_is_a_median_over_sessions(tmp_path):
    folder = RoomFolder(tmp_path)
    for session, minutes in (("a", 30.0), ("b", 40.0), ("c", 50.0), ("c", 50.0)):
        folder.learn(session, {STEM: minutes})
    assert folder.measured() == {STEM: 40.0}


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 3}', '{"a": {"b": "c"}}'])
def test_damaged_timings_count_as_none(tmp_path, text):
    (tmp_path / "timings.json").write_text(text)
    assert RoomFolder(tmp_path).measured() == {}


def test_sessions_of_a_day_are_in_their_order(tmp_path):
    folder = RoomFolder(tmp_path)
    for _ in range(11):
        path = folder.new()
        path.parent.mkdir(exist_ok=True)
        path.touch()
    numbers = [int(one.stem.rpartition("-")[2]) for one in folder.sessions()]
    assert numbers == list(range(1, 12))


def test_two_rooms_do_not_share_a_folder(tmp_path):
    with RoomFolder(tmp_path).alone() as first, RoomFolder(tmp_path).alone() as second:
        assert (first, second) == (True, False)


def test_a_clock_that_is_set_back_does_not_take_the_room_along(monkeypatch):
    moments = iter([(1000.0, 0.0), (1000.0, 0.0), (1010.0, 10.0), (-2580.0, 20.0)])
    now = [0.0, 0.0]

    def tick():
        now[:] = next(moments)

    monkeypatch.setattr("workshop.room.steady.time.time", lambda: now[0])
    monkeypatch.setattr("workshop.room.steady.time.monotonic", lambda: now[1])
    tick()
    clock = steady.Clock()
    shown = [tick() or clock.now() for _ in range(3)]
    assert shown == [1000.0, 1010.0, 1020.0]


def test_a_clock_goes_on_after_the_last_fact(monkeypatch):
    monkeypatch.setattr("workshop.room.steady.time.time", lambda: 500.0)
    assert steady.Clock(last=900.0).now() == pytest.approx(900.0, abs=0.1)


def test_a_night_with_the_lid_closed_counts(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("workshop.room.steady.time.time", lambda: now[0])
    monkeypatch.setattr("workshop.room.steady.time.monotonic", lambda: 5.0)
    clock = steady.Clock()
    now[0] = 30_000.0
    assert clock.now() == 30_000.0
