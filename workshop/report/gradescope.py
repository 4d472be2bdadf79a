"""A grade as Gradescope's autograders write it: `results.json` of one submission.

The form is https://gradescope-autograders.readthedocs.io/en/latest/specs/. It knows
passed and failed only, so a check that waits or broke is failed, and its text says why.
Everything is plain text: Gradescope would act on HTML and Markdown.
"""

from __future__ import annotations

import json
import math

from workshop.gradebook import Grade
from workshop.report import standings, words
from workshop.results import Result


def results(grade: Grade) -> str:
    """Return the JSON text of `results.json`."""
    report = grade.report
    made = {
        "score": grade.earned,
        "output": _said(grade),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(check, grade) for check in report.checks],
        "extra_data": {
            "lesson": grade.lesson,
            "outcome": report.outcome,
            "verified": grade.verified,
            "training": report.training,
            "place": report.place,
            "submission": grade.digest,
            "created": grade.created,
        },
    }
    if math.isfinite(report.seconds):
        made["execution_time"] = report.seconds
    return json.dumps(made, indent=2) + "\n"


def _test(check: Result, grade: Grade) -> dict[str, object]:
    passed = check.outcome == "passed"
    advice = words.gist(check.advice)
    score = words.score(check.score) if check.score else ""
    state = "" if passed else f"{check.outcome.capitalize()}."
    return {
        "name": f"{words.label(check)}. {words.title(check)}",
        "name_format": "text",
        "score": grade.points.get(check.check, 0.0),
        "max_score": grade.worth.get(check.check, 0.0),
        "status": "passed" if passed else "failed",
        "output": "\n".join(filter(None, [state, score, advice])),
        "output_format": "text",
        "visibility": "visible",
    }


def _said(grade: Grade) -> str:
    """Return what holds for the whole submission, in a few lines."""
    report = grade.report
    lines = [words.verdict(report)]
    if report.stop:
        lines += [words.where(report), words.gist(report.stop.message)]
    lines += [words.visible(finding) for finding in report.findings]
    lines += [words.training(report), words.place(report)]
    lines.append("" if grade.verified else standings.UNVERIFIED)
    return "\n".join(filter(None, lines))
