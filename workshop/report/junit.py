"""Grades as JUnit's XML, which most systems that run tests can show.

A suite is one person's work on one lesson, a case is a check: failed is a failure
with its advice, waiting is skipped, broken is an error. Characters that XML forbids
even when they are escaped are spelt out, so that every parser takes the file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from xml.etree import ElementTree

from workshop.gradebook import Grade
from workshop.report import frame, words
from workshop.results import Outcome, Result

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ELEMENTS: dict[Outcome, str] = {
    "failed": "failure",
    "broken": "error",
    "waiting": "skipped",
    "rehearsed": "skipped",
}


def document(grades: Iterable[Grade]) -> str:
    """Return all grades as one XML document."""
    suites = [_suite(grade) for grade in grades]
    root = ElementTree.Element("testsuites", _sums(suites))
    root.extend(suites)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(grade: Grade) -> ElementTree.Element:
    checks = grade.report.checks
    about = {"name": f"{_line(grade.person)} · {_line(grade.lesson)}"}
    about |= {"tests": str(len(checks))}
    for kind, outcomes in (
        ("failures", ("failed",)),
        ("errors", ("broken",)),
        ("skipped", ("waiting", "rehearsed")),
    ):
        about[kind] = str(sum(check.outcome in outcomes for check in checks))
    about |= {"time": _seconds(grade.report.seconds), **_moment(grade.created)}
    suite = ElementTree.Element("testsuite", about)
    _properties(suite, grade)
    suite.extend(_case(check, grade) for check in checks)
    return suite


def _properties(suite: ElementTree.Element, grade: Grade) -> None:
    facts = {
        "person": grade.person,
        "file": grade.name,
        "points": f"{grade.earned:g} of {grade.possible:g}",
        "verified": "yes" if grade.verified else "no",
        "training": grade.report.training,
    }
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in facts.items():
        about = {"name": name, "value": _line(value)}
        ElementTree.SubElement(properties, "property", about)


def _case(check: Result, grade: Grade) -> ElementTree.Element:
    name = f"{words.label(check)}. {_line(words.title(check))}"
    about = {"classname": _line(grade.lesson), "name": name, "time": "0"}
    case = ElementTree.Element("testcase", about)
    if check.outcome in _ELEMENTS:
        advice = _legal(words.gist(check.advice))
        said = {"message": advice.partition("\n")[0]}
        found = ElementTree.SubElement(case, _ELEMENTS[check.outcome], said)
        if check.outcome in ("failed", "broken"):
            found.set("type", check.outcome)
            found.text = advice
    return case


def _sums(suites: list[ElementTree.Element]) -> dict[str, str]:
    names = ("tests", "failures", "errors", "skipped")
    return {name: str(sum(int(one.get(name, 0)) for one in suites)) for name in names}


def _moment(created: str) -> dict[str, str]:
    """Return when a grade was made in the form of JUnit, which knows no zone."""
    moment = frame.utc(created)
    return {"timestamp": f"{moment:%Y-%m-%dT%H:%M:%S}"} if moment else {}


def _seconds(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "0"


def _line(text: str) -> str:
    return _legal(words.one_line(text))


def _legal(text: str) -> str:
    def spelt(found: re.Match[str]) -> str:
        return found.group().encode("unicode_escape").decode("ascii")

    return _FORBIDDEN.sub(spelt, words.visible(text))
