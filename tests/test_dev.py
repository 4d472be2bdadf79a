"""What lessons promise is proved, and every broken promise has its own line."""

import re
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from workshop import course, script
from workshop.course import CourseError
from workshop.dev import derive, feed, prove
from workshop.dev.check import check_course, check_lesson
from workshop.dev.commands import dev, write
from workshop.dev.scaffold import scaffold

TOY = Path(__file__).parent / "toy"
LINE = "solutions/02_line.py"
CHECKS = "assessments/02_line.py"
NOTES = "assessments/02_line.toml"


class Desk:
    """A command line that remembers what was said."""

    def __init__(self, folder):
        self.course = course.load(folder)
        self.said = []

    def say(self, line=""):
        self.said.append(line)

    tell = say


@pytest.fixture
def toy(tmp_path):
    return Path(shutil.copytree(TOY, tmp_path / "toy ü"))


def change(folder, file, old, new):
    """Replace a piece of a file, once; derive the exercises again where possible."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def update(folder):
    for path, text in derive.exercises(course.load(folder)).items():
        write(path, text)


def problems(folder, **options):
    found = check_course(course.load(folder), **options)
    return [problem.shown(folder.resolve()) for problem in found]


def run(folder, *arguments):
    desk = Desk(folder)
    made = CliRunner().invoke(dev, arguments, obj=desk, standalone_mode=False)
    if made.exception:
        raise made.exception
    return made.return_value, desk.said


def test_the_toy_course_keeps_every_promise(toy):
    assert problems(toy) == []


def test_the_toy_course_keeps_its_promises_when_run(toy):
    assert problems(toy, run=True) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "says"),
    [
        (LINE, "# # 2. Fit", "# # Fit", f"{LINE}:2", "The lesson has no title"),
        (LINE, "# # 2. Fit", "# # 7. Fit", f"{LINE}:2", "02_line is 2"),
        (LINE, "A plant", f"A {'p' * 60}lant", f"{LINE}:4", "Wrap it at 79"),
        (LINE, "A plant", "Simply, a plant", f"{LINE}:4", "“Simply” makes"),
        (LINE, "heights =", "\n" * 12 + "heights =", f"{LINE}:8", "has 16 lines"),
        (LINE, "rows = ", "# so\n    rows = ", f"{LINE}:54", "Say in prose: # so"),
        (LINE, "# TODO 3", "# TODO 3 x", f"{LINE}:55", "no comments but"),
        (LINE, "def foretell(", "foretell = (", f"{LINE}:53", "bracket"),
        (LINE, "**TODO 3.** ", "", f"{LINE}:1", "TODO 3 has no prose. State"),
        (LINE, "  # TODO 3", "", f"{LINE}:1", "TODO 3 has no blank. Mark"),
        (LINE, "**TODO 3.**", "**TODO 2.**", f"{LINE}:32", "stated 2 times"),
        (LINE, "**TODO 1.**", "**TODO 3.**", f"{LINE}:1", "order [3, 2, 3]"),
        (LINE, "**TODO 1.** ", "", f"{LINE}:1", "TODO 1 has no prose"),
        (
            LINE,
            "def prepare(weeks):",
            "def prepare(weeks):  # TODO 4",
            f"{LINE}:21",
            "head of a block",
        ),
        (
            LINE,
            "A plant",
            "A tall plant",
            "exercises/02_line.py:4",
            "Run: workshop dev update",
        ),
        (NOTES, "3 = [", "4 = [", f"{NOTES}:1", "TODO 3 has no hints"),
        (NOTES, "3 = [", "4 = [", f"{LINE}:1", "TODO 4 has no blank"),
        (
            NOTES,
            "Which sign",
            "rows @ weights or which sign",
            f"{NOTES}:14",
            "first hint of TODO 3 is its answer",
        ),
        (
            NOTES,
            '  "The sign is @, with the rows on its left.",\n',
            "",
            f"{NOTES}:14",
            "Hint 3 has not two levels",
        ),
        (NOTES, "answer = 1", "answer = 2", f"{NOTES}:19", "Question 1 of the quiz"),
        (NOTES, "[[quiz]]", "[[puzzle]]", f"{NOTES}:1", "The quiz is missing"),
        (NOTES, "why =", "because =", f"{NOTES}:1", "why is missing"),
        (NOTES, "[hints]", "[hints", f"{NOTES}:1", "not TOML"),
        (
            NOTES,
            "[hints]",
            'stretch = "Try this."\n[hints]',
            f"{NOTES}:5",
            "stretch has no minutes",
        ),
        (
            "course.toml",
            "exercise = 3",
            "exercise = 3, stretch = 5",
            f"{NOTES}:1",
            "stretch is missing",
        ),
        (
            "course.toml",
            "exercise = 3",
            "exercise = 3, stretch = 0",
            "course.toml:8",
            "minutes.stretch is missing",
        ),
        (CHECKS, "TODO 3. ", "", f"{CHECKS}:1", "TODO 3 has no check"),
        (
            CHECKS,
            '    """TODO 3. Heights are foretold"""\n',
            "",
            f"{CHECKS}:22",
            "no docstring",
        ),
        (
            CHECKS,
            "Heights are foretold",
            "{gaol:.0%}",
            f"{CHECKS}:22",
            "does not render (KeyError: 'gaol')",
        ),
        (
            CHECKS,
            "near_all_heights(weights)",
            "near(weight)",
            f"{CHECKS}:15",
            "looks at weight, which the solution never defines",
        ),
        (
            CHECKS,
            "near_all_heights(weights)",
            "near()",
            f"{CHECKS}:15",
            "near looks at nothing",
        ),
        (
            CHECKS,
            "foretold(foretell)",
            "foretold(foretell, goal)",
            f"{CHECKS}:22",
            "asks for a goal",
        ),
        (
            CHECKS,
            "import numpy as np",
            "import numpy as np, nothing_of_this_name",
            f"{CHECKS}:1",
            "cannot be imported (ModuleNotFoundError",
        ),
        (
            CHECKS,
            "import numpy",
            "import numpy as",
            f"{CHECKS}:3",
            "cannot read this line",
        ),
        (
            "course.toml",
            "exercise = 3",
            "practice = 3",
            "course.toml:8",
            "minutes.exercise is missing",
        ),
        (
            "course.toml",
            "drawn = 0.1}",
            "drawn = 0}",
            "course.toml:3",
            "seconds is missing",
        ),
        (
            "course.toml",
            "drawn = 0.1}",
            "painted = 1}",
            "course.toml:3",
            "'painted' is no variant",
        ),
        (
            "course.toml",
            "memory_mb",
            "goal = {drawn = 2}\nmemory_mb",
            "course.toml:3",
            "goal.drawn is 2",
        ),
        (
            "course.toml",
            "memory_mb",
            'data = "digits"\nmemory_mb',
            "course.toml:3",
            "A goal is missing",
        ),
    ],
)
def test_a_broken_promise_is_named_with_its_place(toy, file, old, new, where, says):
    change(toy, file, old, new)
    found = problems(toy)
    assert [line for line in found if line.startswith(f"{where}: ") and says in line]
    assert all(re.match(r"[\w/.]+:\d+: .+[.?!]", line) for line in found)


def test_an_answer_that_stands_elsewhere_is_named(toy):
    change(toy, LINE, "print(foretell", "print(prepare(observed) @ weights, foretell")
    change(toy, LINE, "rows @ weights", "prepare(observed) @ weights")
    update(toy)
    found = "exercises/02_line.py:57: The answer of TODO 3 stands here: prepare("
    assert [line for line in problems(toy) if line.startswith(found)]


@pytest.mark.parametrize("file", [LINE, CHECKS, NOTES, "exercises/02_line.py"])
def test_a_missing_part_is_named(toy, file):
    (toy / file).unlink()
    assert f"{file}:1: This part of lesson 02_line is missing." in problems(toy)[0]


@pytest.mark.parametrize("folder", ["solutions", "exercises", "assessments"])
def test_a_stray_file_is_named(toy, folder):
    (toy / folder / "03_old.py").write_text("", encoding="utf-8")
    (line,) = problems(toy)
    assert line.startswith(f"{folder}/03_old.py:1: This belongs to no lesson.")


def test_windows_line_ends_and_other_encodings_are_named(toy):
    text = (toy / LINE).read_bytes()
    (toy / LINE).write_bytes(text.replace(b"\n", b"\r\n"))
    assert "Windows line ends" in problems(toy)[0]
    (toy / LINE).write_bytes(text.replace(b"plant", b"pl\xe4nt"))
    assert "not UTF-8" in problems(toy)[0]


def test_a_check_that_passes_on_nonsense_is_named(toy):
    change(toy, CHECKS, "assert 1.9 < slope < 2.1", "assert not slope > 2.1")
    change(toy, CHECKS, "assert 0.5 < beginning < 1.5", "assert not beginning > 1.5")
    change(
        toy, CHECKS, "slope, beginning = weights", "slope, beginning = weights[:2, 0]"
    )
    found = "\n".join(problems(toy))
    assert "answers “passed” where weights is NaN. Assert what it must be" in found


def test_a_parameter_that_is_never_looked_at_is_named(toy):
    change(toy, CHECKS, "foretold(foretell)", "foretold(foretell, observed)")
    found = "\n".join(problems(toy, run=True))
    assert "heights_are_foretold answers “passed” where observed is text." in found


def test_a_parameter_with_a_default_need_not_be_looked_at(toy):
    change(toy, CHECKS, "foretold(foretell)", "foretold(foretell, observed=None)")
    assert problems(toy, run=True) == []


def test_a_solution_that_does_not_pass_is_named(toy):
    change(toy, LINE, "rows @ weights", "rows @ weights + 5")
    update(toy)
    (line,) = problems(toy, run=True)
    assert line.startswith(f"{CHECKS}:28: is_wrong_by_little is failed, not passed,")


def test_a_solution_that_stops_is_named_with_its_line(toy):
    change(toy, LINE, "rcond=None", "rcond=0 / 0")
    update(toy)
    assert f"{LINE}:39: The lesson, with TODO 1, 2 filled in, stops" in "\n".join(
        problems(toy, run=True)
    )


def test_a_check_that_needs_a_later_cell_is_named(toy):
    change(toy, CHECKS, "weeks(prepare)", "weeks(prepare, foretell)")
    found = "\n".join(problems(toy, run=True))
    assert "is failed, not passed, with TODO 1 filled in." in found


def test_stages_fill_one_cell_after_another():
    lesson = course.load(TOY).find("02_line")
    exercise = script.read(lesson.exercise)
    made = list(prove.stages(script.read(lesson.solution), exercise))
    open_todos = [{b.todo for b in script.blanks(stage.text)} for stage in made]
    assert open_todos == [{1, 2, 3}, {2, 3}, {3}, set()]
    assert [sorted(stage.done) for stage in made] == [[], [1], [1, 2], [1, 2, 3]]


def test_the_last_stage_is_the_solution():
    lesson = course.load(TOY).find("02_line")
    solution = script.read(lesson.solution)
    *_, last = prove.stages(solution, script.read(lesson.exercise))
    assert last == prove.Stage(solution.text, frozenset({1, 2, 3}), True)


def test_bad_values_are_values_and_functions():
    bad = feed.bad_values()
    assert bad["None"] is None
    assert bad["a function that returns text"](1, 2) == "text"


def test_one_lesson_is_checked_alone(toy):
    (toy / "solutions/stray.py").write_text("", encoding="utf-8")
    assert check_lesson(course.load(toy).find("1")) == []


def test_update_writes_what_has_changed_and_nothing_else(toy):
    change(toy, LINE, "A plant", "A tall plant")
    assert run(toy, "update") == (0, ["Wrote exercises/02_line.py"])
    assert run(toy, "update") == (0, ["All 2 derived files were as they should be."])


def test_update_writes_nothing_where_a_marker_closes_nothing(toy):
    change(toy, LINE, "A plant", "A tall plant")
    change(toy, LINE, "return rows @", "# TODO 4\n    return rows @")
    code, said = run(toy, "update")
    assert (code, len(said)) == (1, 2)
    assert said[0].startswith(f"{LINE}:55: TODO 4 stands alone.")


def test_check_says_how_many_problems_there_are(toy):
    assert run(toy, "check") == (0, ["Every promise is kept."])
    change(toy, NOTES, "why =", "because =")
    code, said = run(toy, "check", "line")
    assert (code, said[-1]) == (1, "1 problem.")


def test_check_says_so_before_it_runs_a_lesson(toy):
    code, said = run(toy, "check", "--run", "2")
    assert (code, said[0]) == (0, "Running 02_line, one blank after another ...")


def test_check_of_an_unknown_lesson_names_the_nearest(toy):
    with pytest.raises(CourseError, match="Did you mean 02_line"):
        run(toy, "check", "lime")


def test_a_new_lesson_keeps_every_promise(toy):
    code, said = run(toy, "new", "03_rye_bread")
    assert code == 0
    assert said[0] == "Wrote solutions/03_rye_bread.py"
    assert problems(toy, run=True) == []


@pytest.mark.parametrize(
    ("stem", "says"),
    [
        ("bread", "cannot name a lesson"),
        ("03-bread", "cannot name a lesson"),
        ("02_line", "has a lesson 02_line"),
        ("03_bread", "is there. Nothing was written"),
    ],
)
def test_a_new_lesson_overwrites_nothing(toy, stem, says):
    (toy / "assessments/03_bread.py").write_text("mine", encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        scaffold(course.load(toy), stem)
    assert (toy / "assessments/03_bread.py").read_text(encoding="utf-8") == "mine"


PYPROJECT = """
[project]
name = "keras-workshop"
dependencies = ["numpy>=2.0,<3", "click>=8.2,<9"]
"""


def test_requirements_keep_floors_and_upper_bounds():
    lines = derive.requirements(PYPROJECT).split("\n")
    assert lines[0].startswith("# Derived from pyproject.toml")
    assert lines[1:] == ["numpy>=2.0,<3", "click>=8.2,<9", ""]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def tree():
    """A tree of commands."""


@tree.command("leaf")
@click.option("--green", is_flag=True, help="Not red.")
def leaf(green):
    """A leaf of it."""


def test_the_manual_has_every_command_and_option():
    manual = derive.cli_reference(tree, "oak")
    assert "## oak leaf\n\n```text\nUsage: oak leaf [OPTIONS]\n" in manual
    assert "--green     Not red.\n  -h, --help" in manual


def test_only_the_kit_itself_has_derived_files_of_its_own(toy):
    assert derive.kit_files(course.load(toy), tree) == {}
    (toy / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    names = [path.name for path in derive.kit_files(course.load(toy), tree)]
    assert names == ["requirements.txt", "cli.md", "timetables.md"]


def test_a_stale_derived_file_of_the_kit_is_named(toy):
    (toy / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    code, said = run(toy, "check")
    assert code == 1
    assert said[0].startswith("requirements.txt:1: This is not what its source")
    assert (run(toy, "update")[0], run(toy, "check")[0]) == (0, 0)


def test_run_tells_what_every_lesson_costs_and_whether_it_passed(toy):
    code, said = run(toy, "run")
    rows = [line.split() for line in said[1:]]
    assert code == 0
    assert [(row[0], row[-1]) for row in rows] == [
        ("01_average", "passed"),
        ("02_line", "passed"),
    ]


def test_run_says_where_a_solution_does_not_pass(toy):
    change(toy, "solutions/01_average.py", "return ", "return 0 * ")
    code, said = run(toy, "run", "01")
    assert code == 1
    assert said[-1].endswith("failed")
