"""What a page shows is a pure function of the session and one moment.

Nobody's view holds anything of another attendee, except for the board's and for the
nicknames of those who chose to be seen.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from workshop.course import Lesson
from workshop.report import words
from workshop.room.live import Session
from workshop.room.people import Person, Standing, stuck

View = dict[str, Any]
HERE_SECONDS = 180.0
MOST_ADVICE = 10
MOST_EXAMS = 10


def clock(session: Session, now: float) -> View:
    return asdict(session.agenda.clock(now))


def agenda(session: Session, now: float, measured: dict[str, float]) -> list[View]:
    """Return the entries of the agenda with their times."""
    rows = []
    for index, (starts, ends) in enumerate(session.agenda.times(now)):
        part = session.agenda.parts[index]
        place = session.agenda.place(index)
        took = session.agenda.took(index, now) / 60 if place == "past" else None
        rows.append(
            {
                **{"title": part.title, "lesson": part.lesson, "minutes": part.minutes},
                **{"teaching": part.teaching, "planned": part.planned},
                **{"starts": starts, "ends": ends, "state": place, "took": took},
                "measured": measured.get(part.lesson or ""),
            }
        )
    return rows


def messages(session: Session) -> list[View]:
    return [asdict(one) for one in session.messages]


def quiz(session: Session, *, counts: bool) -> View | None:
    """Return the question that is on; before the answer, `counts` only where asked."""
    poll = session.poll
    lesson = session.lesson(poll.lesson) if poll else None
    if poll is None or lesson is None or poll.number >= len(lesson.quiz):
        return None
    asked = lesson.quiz[poll.number]
    view: View = {
        **{"key": poll.key, "lesson": poll.lesson, "number": poll.number},
        **{"question": asked.question, "choices": list(asked.choices)},
        "state": "answered" if poll.answered else "open",
        "votes": len(poll.votes),
    }
    if counts or poll.answered:
        found = Counter(poll.votes.values())
        view["counts"] = [found[i] for i in range(len(asked.choices))]
    if poll.answered:
        view |= {"answer": asked.answer, "because": asked.because}
    return view


def leaderboard(session: Session) -> list[View] | None:
    """Return nicknames and how many goals each reached, best first; None where off."""
    if not session.leaderboard:
        return None
    rows = [
        {"nickname": one.nickname, "reached": len(one.reached)}
        for one in session.people.values()
        if one.nickname
    ]
    return sorted(rows, key=lambda row: (-row["reached"], row["nickname"]))


@dataclass(frozen=True)
class Shared:
    """What all attendees see at one moment: made once for the five hundred of them.

    `view` is the same for all, and `text` its JSON; `untouched` has each lesson as it
    is for those who have not begun it, `quiz` the question without anybody's choice.
    """

    view: View
    text: bytes
    untouched: dict[str, View]
    quiz: View | None


def shared(session: Session, now: float, measured: dict[str, float]) -> Shared:
    """Return what all attendees see at a moment."""
    view = {
        "title": session.course.title,
        "clock": clock(session, now),
        "agenda": agenda(session, now, measured),
        "messages": messages(session),
        "leaderboard": leaderboard(session),
        "leaderboard_on": session.leaderboard,
    }
    stems = dict.fromkeys([*session.agenda.lessons, *session.open])
    untouched = {stem: _own(session, Standing(), stem) for stem in stems}
    return Shared(view, text(view), untouched, quiz(session, counts=False))


def text(view: Any) -> bytes:
    """Return a view as JSON."""
    return json.dumps(view, separators=(",", ":"), allow_nan=False).encode()


def attendee(session: Session, person: Person, common: Shared) -> View:
    """Return what only this attendee sees."""
    poll = session.poll
    mine = poll.votes.get(person.id) if poll else None
    begun = person.lessons
    return {
        **{"name": person.name, "nickname": person.nickname},
        "lessons": [
            _own(session, begun[stem], stem) if stem in begun else untouched
            for stem, untouched in common.untouched.items()
        ],
        **{"hand": person.hand is not None, "done": person.done},
        "quiz": common.quiz and {**common.quiz, "mine": mine},
        "certificate": bool(person.reached and reached(session, person)),
    }


def reached(session: Session, person: Person) -> list[str]:
    """Return the lessons of somebody's certificate; none while a goal is open.

    The goals are those of the lessons that were on in this session.
    """
    asked = [stem for stem in session.agenda.lessons if session.agenda.begun(stem)]
    found = person.reached
    return found if asked and set(asked) <= set(found) else []


def _own(session: Session, standing: Standing, stem: str) -> View:
    """Return a lesson as its attendee sees it."""
    lesson = session.lesson(stem)
    graded = standing.graded
    checks = {check.name for check in lesson.checks} if lesson else set()
    return {
        **{"stem": stem, "title": lesson.title if lesson else stem},
        **{"open": stem in session.open, "released": stem in session.released},
        **{"outcome": standing.outcome, "passed": standing.checks.count("p")},
        "total": len(checks),
        "failed": [_title(lesson, name) for name in standing.failing if name in checks],
        "reached": standing.solved is not None,
        "graded": graded and {**asdict(graded)},
        "attempts": max(0, MOST_EXAMS - standing.exams),
        "handed_in": standing.handed_in,
        "stretch": lesson.stretch if lesson and standing.solved is not None else "",
    }


def _title(lesson: Lesson | None, name: str) -> str:
    """Return the line of a check as people read it, whatever the variant."""
    found = {check.name: check for check in lesson.checks} if lesson else {}
    if lesson is None or name not in found:
        return words.one_line(name)
    return found[name].title(lesson.goal.get("drawn", 0.0))


def row(session: Session, person: Person, now: float) -> View:
    """Return one attendee as the board shows them."""
    at = stuck(person, now)
    lesson = session.lesson(at.lesson) if at else None
    return {
        **{"id": person.id, "name": person.name, "seen": person.seen},
        "here": now - person.seen < HERE_SECONDS,
        **{"hand": person.hand, "done": person.done},
        "lessons": {
            stem: _cell(session, person, stem, standing)
            for stem, standing in person.lessons.items()
        },
        "stuck": at and {**asdict(at), "title": _title(lesson, at.check)},
    }


def _cell(session: Session, person: Person, stem: str, standing: Standing) -> View:
    return {
        **{"outcome": standing.outcome, "checks": standing.checks},
        **{"tries": standing.tries, "reached": standing.solved is not None},
        "minutes": session.solve_minutes(person, stem),
        "graded": standing.graded.outcome if standing.graded else "",
        "at": standing.at,
    }


def lessons(session: Session) -> list[View]:
    """Return each lesson with what the room made of it."""
    return [_lesson(session, lesson) for lesson in session.course.lessons]


def _lesson(session: Session, lesson: Lesson) -> View:
    stem = lesson.stem
    here = list(session.people.values())
    begun = [one for one in here if (s := one.lessons.get(stem)) and s.tries]
    solved = [one for one in begun if one.lessons[stem].solved is not None]
    failing = Counter(c for one in begun for c in one.lessons[stem].failing)
    hardest = next(iter(failing.most_common(1)), None)
    return {
        **{"stem": stem, "title": lesson.title, "open": stem in session.open},
        "released": stem in session.released,
        "checks": [
            {"name": c.name, "title": _title(lesson, c.name), "todo": c.todo}
            for c in lesson.checks
        ],
        **{"solved": len(solved), "working": len(begun) - len(solved)},
        "median": median(session, stem),
        "planned": sum(lesson.minutes.values()),
        "hardest": hardest
        and {
            **{"check": hardest[0], "people": hardest[1]},
            "title": _title(lesson, hardest[0]),
        },
        "questions": len(lesson.quiz),
    }


def median(session: Session, stem: str) -> float | None:
    """Return the median minutes to solve a lesson, of those who did; else None."""
    people = session.people.values()
    found = [session.solve_minutes(one, stem) for one in people]
    return (
        statistics.median(known)
        if (known := [m for m in found if m is not None])
        else None
    )


def advice(session: Session) -> list[View]:
    """Return the advice that most people read now, of each check in one wording."""
    found: Counter[tuple[str, str]] = Counter()
    said: dict[tuple[str, str], str] = {}
    for stem, check, text in _advice(session):
        found[stem, check] += 1
        said.setdefault((stem, check), text)
    return [
        {
            **{"lesson": stem, "check": check, "people": count},
            "title": _title(session.lesson(stem), check),
            "text": said[stem, check],
        }
        for (stem, check), count in found.most_common(MOST_ADVICE)
    ]


def _advice(session: Session) -> Iterator[tuple[str, str, str]]:
    for person in session.people.values():
        for stem, standing in person.lessons.items():
            for check, text in standing.advice.items():
                yield stem, check, text
