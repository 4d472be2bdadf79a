"""A session as it might have been, fact by fact: half a day, twelve people, bad luck.

It began eight minutes late, the second lesson overran, the clock was paused in the
third, one coming pause was shortened and the last lesson was left out.
"""

import datetime
import hashlib
import io
import json
import random
import sqlite3
import zipfile
from dataclasses import asdict

from workshop import course
from workshop.room.agenda import parts
from workshop.room.folder import RoomFolder
from workshop.room.journal import Fact, Journal
from workshop.room.live import Session

BEGINS = datetime.datetime(2026, 5, 4, 9, 0).timestamp()
PEOPLE = (
    *("Ann Lee", "Bob", "Zoë O’Brien-Łukasz", "王小明", "Ann Lee", "محمد علي"),
    *("Dora", "Emil", "Fatima", "Grace", "Hugo", "Maximiliane Freifrau von Langname"),
)
TOOK = (12, 43, 61, 10, 58, 33, 0, 4)
"""Minutes of each entry of `half_day`; 0 was left out."""
LATE, PAUSE = 8, 9
ADVICE = (
    "The brightest pixel is {n}. Divide by the largest pixel value.",
    "It read {n} % of them; the goal is 95 %. Does it train on all images?",
    "`prepare` gave an array of shape ({n}, 28, 28); rows of 784 were expected.",
)


class Story:
    """Facts in the order of their telling; minutes count from when it should begin."""

    def __init__(self, begins=BEGINS):
        self.begins = begins
        self.facts = []

    def tell(self, minute, kind, person=None, **body):
        """Add a fact; return its id."""
        number = len(self.facts) + 1
        at = self.begins + 60 * minute
        self.facts.append(Fact(number, at, kind, person, body))
        return number

    def made(self, plan, **more):
        told = {"room": "ab" * 8, "code": "ABC-DEF", "plan": plan, "plans": {}}
        self.tell(-30, "made", None, **{**told, "begins": self.begins, **more})

    def join(self, minute, name):
        return self.tell(minute, "joined", None, name=name, token=f"digest of {name}")

    def report(self, minute, person, lesson, **outcomes):
        """Report a check: outcomes by name, `advice` for those that failed."""
        advice = outcomes.pop("advice", "")
        all_passed = set(outcomes.values()) == {"passed"}
        self.tell(
            minute,
            "reported",
            person,
            lesson=lesson,
            outcome="passed" if all_passed else "failed",
            age=0.0,
            checks=[[name, outcome] for name, outcome in outcomes.items()],
            advice={n: advice for n, o in outcomes.items() if o == "failed" and advice},
        )

    def told(self):
        """Return the facts in the order of their moments, with ids that grow."""
        order = sorted(self.facts, key=lambda fact: fact.at)
        ids = {fact.id: number for number, fact in enumerate(order, start=1)}
        return [
            Fact(ids[f.id], f.at, f.kind, ids.get(f.person), _asked(f.body, ids))
            for f in order
        ]


def _asked(body, ids):
    if "question" not in body:
        return body
    return {**body, "question": str(ids[int(body["question"])])}


def of_a_day(seed=4, names=PEOPLE):
    """Return the facts of half a day with the bundled course, and that course."""
    syllabus = course.load()
    dice, story = random.Random(seed), Story()
    story.made("half_day")
    people = [
        story.join(_come(dice, number), name) for number, name in enumerate(names)
    ]
    plan = next(p for p in _plans(syllabus) if p.key == "half_day")
    begun, end = _agenda(story, plan)
    skills = {person: dice.betavariate(3, 2) for person in people}
    for entry, minute in begun.items():
        lesson = plan.entries[entry].lesson
        if lesson:
            story.tell(minute + 1, "opened", None, lesson=lesson)
            _lesson(dice, story, syllabus.find(lesson), skills, minute, TOOK[entry])
    _seen(dice, story, people, end)
    return story.told(), syllabus


def _come(dice, number):
    return LATE + 40 if number == 11 else dice.uniform(-15, LATE + 3)


def _plans(syllabus):
    session = Session(syllabus)
    story = Story()
    story.made("half_day")
    session.apply(story.facts[0])
    return session.plans.values()


def _agenda(story, plan):
    """Tell what the instructor did; return when each entry began, and the end."""
    begun, minute = {}, LATE
    story.tell(minute, "started", None, parts=[asdict(part) for part in parts(plan)])
    for entry, took in enumerate(TOOK):
        if not took:
            story.tell(minute - 1, "planned", None, entry=entry, minutes=0)
            continue
        if minute > LATE:
            story.tell(minute, "moved", None, entry=entry)
        begun[entry] = minute
        if entry == 4:
            story.tell(minute + 20, "paused")
            story.tell(minute + 20 + PAUSE, "resumed")
            minute += PAUSE
        minute += took
    story.tell(minute, "ended")
    return begun, minute


def _lesson(dice, story, lesson, skills, begin, took):
    """Tell how people work at a lesson, ask for help, vote and hand in."""
    for person, skill in skills.items():
        _work(dice, story, lesson, person, skill, begin, took)
        if dice.random() < 0.3:
            up = begin + took * dice.uniform(0.3, 0.8)
            down = up + dice.lognormvariate(1.0, 0.7)
            kind, body = dice.choice((("helped", {}), ("hand", {"up": False})))
            story.tell(up, "hand", person, up=True)
            story.tell(down, kind, person, **body)
    if lesson.quiz:
        question = lesson.quiz[0]
        key = story.tell(begin + 12, "asked", None, lesson=lesson.stem, number=0)
        for person, skill in skills.items():
            wrong = dice.randrange(len(question.choices))
            choice = question.answer if dice.random() < skill else wrong
            vote = {"question": str(key), "choice": choice}
            story.tell(begin + 12 + dice.uniform(0.1, 2), "voted", person, **vote)
        story.tell(begin + 15, "answered")
        story.tell(begin + 16, "cleared")


def _work(dice, story, lesson, person, skill, begin, took):
    names = [check.name for check in lesson.checks]
    minute, done = begin + 14 + dice.uniform(0, 3), 0
    while minute < begin + took and done < len(names):
        lucky = dice.random() < 0.35 + 0.5 * skill
        done += lucky
        rest = ["waiting"] * (len(names) - done)
        if not lucky:
            rest[0] = "failed"
        outcomes = dict(zip(names, ["passed"] * done + rest, strict=True))
        said = dice.choice(ADVICE).format(n=dice.randrange(2, 99))
        story.report(minute, person, lesson.stem, advice=said, **outcomes)
        minute += dice.uniform(0.5, 2.4)
    if done == len(names):
        _graded(dice, story, lesson, person, skill, minute)


def _graded(dice, story, lesson, person, skill, minute):
    if dice.random() < 0.8:
        outcome = "passed" if dice.random() < 0.5 + skill / 2 else "failed"
        told = {"place": "attendee", "score": f"{dice.randrange(90, 99)} %"}
        told |= {"lesson": lesson.stem, "variant": "drawn"}
        story.tell(minute + 1, "examined", person, lesson=lesson.stem)
        story.tell(minute + 2, "graded", person, outcome=outcome, **told)


def _seen(dice, story, people, end):
    for number, person in enumerate(people):
        joined = next(f.at for f in story.facts if f.id == person)
        leaves = end - 70 if number == 3 else end + dice.uniform(-2, 6)
        minute = (joined - story.begins) / 60
        while minute < leaves:
            coffee = 128 < minute < 150 and number % 2
            if not coffee:
                story.tell(minute, "seen", person)
            minute += 5


def write(folder, facts, name="2026-05-04-1"):
    """Write a journal of these facts into a room's folder; return its path."""
    path = RoomFolder(folder).path / "sessions" / f"{name}.sqlite"
    Journal(path).close()
    rows = [(f.id, f.at, f.kind, f.person, json.dumps(f.body)) for f in facts]
    file = sqlite3.connect(path)
    with file:
        file.executemany(
            "insert into fact (id, at, kind, person, body) values (?, ?, ?, ?, ?)", rows
        )
    file.close()
    return path


def hand_in(folder, story, minute, person, lesson, files, name="2026-05-04-1"):
    """Keep files as a work of a session, and tell that it was handed in."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    sha256 = hashlib.sha256(stream.getvalue()).hexdigest()
    works = folder / "works" / name
    works.mkdir(parents=True, exist_ok=True)
    (works / sha256).write_bytes(stream.getvalue())
    size = len(stream.getvalue())
    story.tell(minute, "handed_in", person, lesson=lesson, sha256=sha256, size=size)
    return sha256
