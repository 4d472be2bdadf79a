"""The file is plain SQL that others can read: a table, two views, three triggers.

What belongs to one grade is one row. Numbers per check and the report are JSON, which
SQLite's own functions read; `latest` holds the grades that count and `checks` a row for
each of their checks. The triggers guard against mistakes, not against malice: whoever
may write the file may also replace it.
"""

from __future__ import annotations

import json
import math
from typing import Any

from workshop.gradebook.grade import Grade
from workshop.results import SCHEMA, from_json, to_json

FORM = 1
"""Version of the tables, in `PRAGMA user_version`."""

APPLICATION = 0x6B776762
TEXTS = ("key", "person", "lesson", "name", "digest", "grader", "log", "created")
NUMBERS = ("points", "worth", "limits", "cost")
READ = (*TEXTS, *NUMBERS, "report", "verified")
WRITTEN = (*READ, "outcome", "earned", "possible")
STATEMENTS = (
    f"""CREATE TABLE grades (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        {", ".join(f"{name} TEXT NOT NULL" for name in TEXTS)},
        {", ".join(f"{name} TEXT NOT NULL" for name in NUMBERS)},
        outcome TEXT NOT NULL, earned REAL NOT NULL, possible REAL NOT NULL,
        verified INTEGER NOT NULL, report TEXT NOT NULL)""",
    "CREATE INDEX by_work ON grades (key, person, name)",
    "CREATE INDEX by_person ON grades (person, lesson)",
    *(
        f"""CREATE TRIGGER {name} BEFORE {event}
        BEGIN SELECT RAISE(ABORT, 'A gradebook only grows: grade again instead.'); END
        """
        for name, event in {
            "no_change": "UPDATE ON grades",
            "no_removal": "DELETE ON grades",
            "no_replacement": "INSERT ON grades WHEN EXISTS "
            "(SELECT 1 FROM grades WHERE number = NEW.number)",
        }.items()
    ),
    """CREATE VIEW latest AS SELECT * FROM grades WHERE number IN
        (SELECT max(number) FROM grades GROUP BY person, lesson)""",
    """CREATE VIEW checks AS SELECT latest.number, person, lesson, name, verified,
        json_extract(found.value, '$.check') AS check_name,
        json_extract(found.value, '$.title') AS title,
        json_extract(found.value, '$.outcome') AS outcome,
        json_extract(found.value, '$.advice') AS advice,
        (SELECT value FROM json_each(latest.points)
         WHERE json_each.key = json_extract(found.value, '$.check')) AS points,
        (SELECT value FROM json_each(latest.worth)
         WHERE json_each.key = json_extract(found.value, '$.check')) AS worth
        FROM latest, json_each(latest.report, '$.checks') AS found""",
    f"PRAGMA application_id = {APPLICATION}",
    f"PRAGMA user_version = {FORM}",
)


def row(grade: Grade) -> dict[str, Any]:
    """Return the columns of a grade by name, as SQLite takes them."""
    return {
        **{name: storable(getattr(grade, name)) for name in TEXTS},
        **{name: _json(_finite(getattr(grade, name))) for name in NUMBERS},
        "report": _json(to_json(grade.report)),
        "verified": int(grade.verified),
        "outcome": grade.report.outcome,
        "earned": grade.earned,
        "possible": grade.possible,
    }


def grade(values: list[Any]) -> Grade:
    """Return the grade in the columns `READ`; ValueError or TypeError without one.

    A report of an earlier form lacks fields, and they are as if nobody had set them.
    """
    found = dict(zip(READ, values, strict=True))
    found |= {name: json.loads(found[name]) for name in (*NUMBERS, "report")}
    report = dict(found["report"])
    if report.get("schema") in range(1, SCHEMA):
        report["schema"] = SCHEMA
    found |= {"report": from_json(report), "verified": bool(found["verified"])}
    return Grade(**found)


def storable(text: str) -> str:
    """Return a text with half characters, of odd file names, spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _finite(numbers: dict[str, float]) -> dict[str, float]:
    """Return the numbers that JSON can hold."""
    return {n: float(value) for n, value in numbers.items() if math.isfinite(value)}


def _json(value: Any) -> str:
    return json.dumps(value, allow_nan=False)
