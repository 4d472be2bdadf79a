"""A report says what holds, what does not, and what waits for what."""

import json
import os
import subprocess
import sys

import pytest
from conftest import CHECKS, SOLUTION, make_course

from workshop import grader, notebooks, pace, script
from workshop.report import html, text
from workshop.results import from_json, to_json


def outcomes(report):
    return [check.outcome for check in report.checks]


def test_the_solution_passes_every_check(lesson):
    report = grader.check(lesson, lesson.solution)
    assert outcomes(report) == ["passed"] * 3
    assert report.outcome == "passed"


def test_a_report_survives_json(lesson):
    report = grader.check(lesson, lesson.solution)
    assert from_json(to_json(report)) == report


def test_the_untouched_exercise_waits_and_starts_no_process(lesson, monkeypatch):
    monkeypatch.setattr("workshop.runner.Runner", None)
    report = grader.check(lesson, lesson.exercise)
    assert outcomes(report) == ["waiting"] * 3
    assert [c.advice for c in report.checks] == [
        "Fill in the blank.",
        "Fill in the blank.",
        "Waits for TODO 1.",
    ]


def test_cells_before_the_first_blank_are_answered(lesson, work):
    source = script.blank(SOLUTION).replace("return ...", "return a + b")
    report = grader.check(lesson, work(source))
    assert outcomes(report) == ["passed", "waiting", "waiting"]
    assert report.stop is None


def test_a_wrong_answer_fails_with_what_was_seen(lesson, work):
    report = grader.check(lesson, work(SOLUTION.replace("a + b", "a - b")))
    assert outcomes(report) == ["failed"] * 3
    assert report.checks[0].advice == "2 and 2 gave 0. Use +."
    assert "TypeError" in report.checks[2].advice


def test_a_crash_is_told_with_the_learners_line_and_the_rest_waits(lesson, work):
    source = SOLUTION.replace("total = add(2, 3)", "total = 1 / 0")
    report = grader.check(lesson, work(source))
    assert outcomes(report) == ["passed", "waiting", "waiting"]
    assert report.stop.message == "ZeroDivisionError: division by zero"
    assert report.stop.source == "total = 1 / 0  # TODO 2"


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        (b"", "unreadable", "empty"),
        (b"\x7fELF\0\0", "unreadable", "not a text file"),
        ("# ä\nx = 1".encode("latin-1"), "unreadable", "UTF-8"),
        ("def f(:\n  pass", "syntax", ""),
        ("Dear teacher, my dog ate it.", "syntax", ""),
        ("total = ad(1, 2)\ndef add(a, b): return a", "name", "Did you mean add?"),
        ("import sys\nsys.exit(0)\nx = 1", "exit", "ended itself"),
        ("import sys\nsys.exit(1)", "exit", "ended itself"),
        ("import os\nos._exit(0)", "died", "exit code 0"),
        ("input()", "error", "input()"),
        ("x = bytearray(10**12)", "memory", "memory"),
        ("import os\nos.abort()", "memory", "SIGABRT"),
    ],
)
def test_a_script_that_stops_says_so_first(lesson, work, text, kind, says):
    report = grader.check(lesson, work(text))
    assert report.stop.kind == kind
    assert says in report.stop.message
    assert "passed" not in outcomes(report)
    assert report.outcome == "failed"


@pytest.mark.parametrize("goodbye", ["quit()", "exit()", "import sys\nsys.exit(0)"])
def test_a_script_may_say_goodbye_at_its_very_end(lesson, work, goodbye):
    report = grader.check(lesson, work(f"{SOLUTION}\n{goodbye}\n"))
    assert (report.outcome, report.stop) == ("passed", None)


@pytest.mark.parametrize("head", [b"\xef\xbb\xbf", b"# coding: latin-1\n# \xe4\n"])
def test_marks_of_order_and_declared_encodings_are_fine(lesson, work, head):
    path = work(head + SOLUTION.replace("\n", "\r\n").encode())
    assert grader.check(lesson, path).outcome == "passed"


def test_an_endless_loop_ends_at_the_limit_with_its_line(lesson, work, monkeypatch):
    monkeypatch.setattr(grader, "LEAST_SECONDS", 1.0)
    monkeypatch.setattr("workshop.pace.scale", lambda: 1.0)
    report = grader.check(lesson, work("def f():\n    while True:\n        x = 1\nf()"))
    assert report.stop.kind == "time"
    assert report.stop.line in (2, 3)


def test_one_slow_moment_makes_no_slow_machine(monkeypatch):
    took = iter([9.0, pace.REFERENCE_SECONDS * 3, 9.0, *[0.5] * 9])
    monkeypatch.setattr(pace, "_work", lambda: next(took))
    assert pace.scale.__wrapped__() == pytest.approx(3)
    monkeypatch.setattr(pace, "_work", lambda: 99.0)
    assert pace.scale.__wrapped__() == pace.SLOWEST


def test_where_the_process_is_gone_all_checks_wait(lesson, work):
    report = grader.check(lesson, work(SOLUTION + "\nimport os\nos._exit(0)\n"))
    assert outcomes(report) == ["waiting"] * 3
    assert (report.stop.kind, report.stop.source) == ("died", "os._exit(0)")


def test_what_no_page_can_show_is_shown_as_its_code(lesson, work):
    report = grader.check(lesson, work("raise ValueError('\\ud800 \\x00 \\x1b[1m')"))
    page = html.page(report) + text.render(report)
    assert "ValueError" in page
    assert page.encode()


def test_an_answer_that_never_comes_fails_that_check(lesson, work, monkeypatch):
    monkeypatch.setattr(grader, "LEAST_SECONDS", 1.0)
    monkeypatch.setattr("workshop.pace.scale", lambda: 1.0)
    source = SOLUTION.replace(
        "return a + b", "\n    while a == 2 and b == 2: pass\n    return a+b"
    )
    report = grader.check(lesson, work(source))
    assert report.checks[0].outcome == "failed"
    assert "No answer came" in report.checks[0].advice


CONNECTION = """import os, struct, time
for fd in range(3, 50):
    try:
        if "socket" in os.readlink(f"/proc/self/fd/{fd}"): break
    except OSError: pass
def reply(body):
    body = struct.pack(">I", len(body)) + body
    return struct.pack(">i", len(body)) + body
"""
FLOOD = 'm = reply(b\'{"d":[["at",3]]}\') * 99\nwhile True: os.write(fd, m)'
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def asked(body):
    """Return a solution that does something of its own when a check calls it."""
    inner = "".join(f"\n        {line}" for line in body.split("\n"))
    return SOLUTION.replace(
        "    return a + b", f"    if a == b == 2:{inner}\n    return a + b"
    )


@linux
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("os.write(fd, b'\\0\\0\\1\\0')\ntime.sleep(60)", "No answer came from add"),
        (FLOOD, "No answer came from add"),
        ("os.kill(os.getpid(), 19)", "No answer came from add"),
        ("os.write(fd, b'GET /')\ntime.sleep(60)", "ended"),
        ("os.write(fd, reply(b'{}'))\ntime.sleep(60)", "unknown form"),
    ],
)
def test_writing_to_the_connection_ends_the_questions(
    lesson, work, monkeypatch, body, says
):
    monkeypatch.setattr(grader, "LEAST_SECONDS", 1.0)
    monkeypatch.setattr("workshop.pace.scale", lambda: 1.0)
    report = grader.check(lesson, work(CONNECTION + asked(body)))
    assert outcomes(report) == ["failed", "waiting", "waiting"]
    assert says in report.checks[0].advice


@linux
@pytest.mark.parametrize("text", ["half = b'\\0\\0\\1\\0'; os.write(fd, half)", FLOOD])
def test_a_flood_on_the_connection_ends_at_the_limit(lesson, work, monkeypatch, text):
    monkeypatch.setattr(grader, "LEAST_SECONDS", 1.0)
    monkeypatch.setattr("workshop.pace.scale", lambda: 1.0)
    stop = grader.check(lesson, work(f"{CONNECTION}{text}\ntime.sleep(60)")).stop
    assert stop.kind in ("time", "died")
    assert len(stop.message) < 300


@pytest.mark.skipif(os.name != "posix", reason="Windows has no fork")
@pytest.mark.parametrize("source", [SOLUTION + "os.fork()\n", asked("os.fork()")])
def test_a_fork_of_the_script_answers_nothing(lesson, work, source):
    report = grader.check(lesson, work("import os\n" + source))
    assert report.outcome == "passed"


def test_the_last_words_of_a_script_are_in_its_report(lesson, work):
    report = grader.check(lesson, work(SOLUTION + "print('the end', end='')"))
    assert report.output == "the end"


@pytest.mark.parametrize(
    "text",
    ["print(later)\nlater = 5", "def add(later, b): return later + b\nprint(later)"],
)
def test_a_name_without_a_value_yet_is_told(lesson, work, text):
    stop = grader.check(lesson, work(text)).stop
    assert stop.message.startswith("later has no value here: it is defined further")


def test_a_variable_that_was_used_may_be_deleted(lesson, work):
    source = SOLUTION + "\ndef f(): return rows\nrows = 3\nf()\ndel rows\n"
    assert grader.check(lesson, work(source)).outcome == "passed"


def test_a_module_beside_the_script_can_be_imported_from_anywhere(lesson, work):
    work("two = 2", "my_numbers.py")
    source = SOLUTION + "import os\nos.chdir('/')\nfrom my_numbers import two\n"
    assert grader.check(lesson, work(source)).outcome == "passed"


def test_output_is_kept_within_bounds(lesson, work):
    report = grader.check(
        lesson,
        work(
            SOLUTION + "\nimport sys\nfor _ in range(10**5):\n"
            "    print('x' * 1000)\n    print('y' * 1000, file=sys.stderr)"
        ),
    )
    assert report.outcome == "passed"
    assert len(report.output) < 100_000


def test_a_python_that_skips_asserts_checks_nothing(lesson, work):
    path = work(SOLUTION.replace("a + b", "a - b"))
    code = (
        "import sys; from pathlib import Path; from workshop import course, grader\n"
        "lesson = course.load(Path(sys.argv[1])).lessons[0]\n"
        "print(grader.check(lesson, Path(sys.argv[2])).outcome)"
    )
    command = [sys.executable, "-O", "-c", code, str(lesson.course), str(path)]
    made = subprocess.run(command, capture_output=True, check=False)
    assert b"that switches off every check" in made.stderr
    assert b"passed" not in made.stdout


def test_a_rehearsal_is_never_a_pass(lesson):
    report = grader.check(lesson, lesson.solution, grader.Options(quick=True))
    assert outcomes(report) == ["rehearsed"] * 3
    assert report.outcome == "rehearsed"


def test_a_check_that_fails_by_itself_is_broken(tmp_path):
    checks = CHECKS + '\n\ndef kit():\n    """The kit"""\n    return 1 / 0\n'
    lesson = make_course(tmp_path, checks=checks).lessons[0]
    report = grader.check(lesson, lesson.solution)
    assert report.checks[3].outcome == "broken"
    assert report.outcome == "broken"


def test_a_renamed_variable_is_named(lesson, work):
    report = grader.check(lesson, work(SOLUTION.replace("total", "sum_")))
    assert "called total" in report.checks[1].advice


def test_a_kept_process_goes_on_where_nothing_changed(lesson, work):
    events = []
    options = grader.Options(keep=True, tell=events.append)
    first = "\n# %%\nprint('once')\n"
    with grader.Grader(lesson, options) as kept:
        kept.check(work(SOLUTION + first))
        report = kept.check(work(SOLUTION + first + "\nprint('again')\n"))
    printed = [event.text for event in events if isinstance(event, grader.Line)]
    assert printed == ["once", "again"]
    assert report.outcome == "passed"


def test_a_kept_process_starts_afresh_where_an_early_cell_changed(lesson, work):
    events = []
    options = grader.Options(keep=True, tell=events.append)
    with grader.Grader(lesson, options) as kept:
        kept.check(work("print('once')\n" + SOLUTION))
        report = kept.check(
            work("print('once')\n" + SOLUTION.replace("a + b", "b + a"))
        )
    assert [e.text for e in events if isinstance(e, grader.Line)] == ["once", "once"]
    assert report.outcome == "failed"


def test_the_grader_imports_no_tensorflow(lesson):
    grader.check(lesson, lesson.solution)
    assert "tensorflow" not in sys.modules


def test_a_script_can_be_a_program_with_a_main_guard(lesson, work):
    source = SOLUTION + "\nif __name__ != '__main__':\n    del add\n"
    assert grader.check(lesson, work(source)).outcome == "passed"


def test_a_notebook_is_checked_like_its_script(lesson, work):
    path = work(json.dumps(notebooks.write(SOLUTION)), "01_add.ipynb")
    assert grader.check(lesson, path).outcome == "passed"


def test_a_notebook_that_stops_names_cell_and_line(lesson, work):
    source = SOLUTION.replace("total = add(2, 3)", "x = 1\ntotal = 1 / 0")
    path = work(json.dumps(notebooks.write(source)), "01_add.ipynb")
    stop = grader.check(lesson, path).stop
    assert stop.message == "Code cell 2, line 2: ZeroDivisionError: division by zero"
    assert (stop.line, stop.source) == (None, "total = 1 / 0  # TODO 2")


def test_files_beside_the_script_shadow_nothing(lesson, work):
    for name in ("json.py", "numpy.py", "workshop.py", "sitecustomize.py", "ast.py"):
        work("raise SystemExit('shadowed')", name)
    assert grader.check(lesson, work(SOLUTION)).outcome == "passed"
