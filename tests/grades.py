"""Grades for tests: one of a few lines, or those of a whole class."""

import random

from workshop.gradebook import Grade
from workshop.results import Answers, Report, Result, Score, Stop

ADVICE = (
    "The brightest pixel is {n}. Divide by the largest pixel value.",
    "It read {n} % of them; the goal is 95 %. Does it train on all images?",
    "`prepare` gave an array of shape ({n}, 28, 28); rows of 784 were expected.",
)
HOSTILE = (
    '=HYPERLINK("http://example.org";"A")',
    "<script>alert(1)</script>",
    "\x1b[31mRed\x1b[0m Alert\x07",
    "evil\u202egnp.exe",
    "Maximiliane " * 25,
    "con",
    "../../etc/passwd",
    "＝1+1",
    "Zoë O’Brien-Łukasz",
    "王小明",
    "محمد علي",
    "",
)


def grade(person="Ann", lesson="01_add", outcome="passed", **given):
    """Return a grade of one check, `adds`, worth 2 points."""
    check = Result("adds", "TODO 1. Adds two numbers", outcome, 1, "Use +.")
    report = Report(lesson, "Add numbers", f"{lesson}.py", outcome, (check,))
    fields = {
        **{"key": "ab", "person": person, "lesson": lesson, "name": f"{lesson}.py"},
        **{"digest": "cd", "report": report, "worth": {"adds": 2.0}},
        "points": {"adds": 2.0 if outcome == "passed" else 0.0},
        **{"verified": True, "limits": {"seconds": 60.0}, "cost": {"peak_mb": 9.5}},
        **{"grader": "1.0", "log": "", "created": "2026-01-02T03:04:05+00:00"},
    }
    return Grade(**fields | given)


def of_a_class(course, people=30, seed=0):
    """Return the grades of people in all lessons; the first ones have odd names."""
    dice = random.Random(seed)
    names = [*HOSTILE, *(f"Person {n:02}" for n in range(people))][:people]
    return [
        _graded(dice, name, lesson, skill)
        for name, skill in ((name, dice.betavariate(4, 1.5)) for name in names)
        for lesson in course.lessons
        if dice.random() < 0.5 + skill / 2
    ]


def _graded(dice, person, lesson, skill):
    worth = {check.name: 1.0 if check.todo else 2.0 for check in lesson.checks}
    broken = dice.random() < 0.02
    checks = tuple(
        _result(dice, check, skill - 0.3 * number / len(worth), broken)
        for number, check in enumerate(lesson.checks)
    )
    outcomes = {check.outcome for check in checks}
    graver = ("broken", "failed", "waiting", "passed")
    report = Report(
        lesson.stem,
        lesson.title,
        f"{lesson.stem}.py",
        next(one for one in graver if one in outcomes),
        checks,
        stop=Stop("time", "It took longer than 60 s.")
        if dice.random() < 0.03
        else None,
        variant="drawn",
        curves={"loss": (2.1, 0.9, 0.6), "val_loss": (2.0, 1.1, 0.8)},
        answers=Answers(("a", "b"), ((9, 1), (2, 8))),
        seconds=dice.uniform(5, 60),
        created="2026-05-04T10:11:12+00:00",
    )
    passed = {check.check for check in checks if check.outcome == "passed"}
    return Grade(
        **{"key": "ab", "person": person, "lesson": lesson.stem},
        **{"name": f"{lesson.stem} (1).py", "digest": "cd" * 32, "report": report},
        points={name: value * (name in passed) for name, value in worth.items()},
        worth=worth,
        verified=dice.random() > 0.05,
        limits={"seconds": 600.0},
        cost={"wall_seconds": report.seconds, "cpu_seconds": 30.0, "peak_mb": 850.0},
        grader="0.1.0",
        log="attempt 1: the box was taken away" if broken else "",
        created=report.created,
    )


def _result(dice, check, skill, broken):
    title = (
        f"TODO {check.todo}. {check.title(0.95)}" if check.todo else check.title(0.9)
    )
    if broken:
        said = "The grader itself went wrong."
        return Result(check.name, title, "broken", check.todo, said)
    outcome = "passed" if dice.random() < skill + 0.15 else "failed"
    said = dice.choice(ADVICE).format(n=dice.randrange(2, 99))
    score = Score(0.91, 0.891, 0.925, 1000) if check.sealed else None
    if outcome == "failed" and dice.random() < 0.2:
        outcome, said, score = "waiting", "It waits for TODO 1 in line 12.", None
    advice = "" if outcome == "passed" else said
    return Result(check.name, title, outcome, check.todo, advice, score)
