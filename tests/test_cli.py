"""Every command answers in words, with the status that was promised."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import workshop
from workshop import cli, course, results
from workshop.cli import check, doctor, entry, machine
from workshop.cli.doctor import PROBE

TOY = Path(__file__).parent / "toy"
RIGHT = (TOY / "solutions" / "01_average.py").read_text(encoding="utf-8")
POSIX = pytest.mark.skipif(os.name != "posix", reason="tried on POSIX only")


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command line in a folder of its own: its status and all it printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments):
        status = entry.run([str(one) for one in arguments])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.fixture
def begun(run, tmp_path, monkeypatch):
    """The path of the toy course's first lesson, in a folder that was just started."""
    run("--course", TOY, "start", "my-course")
    monkeypatch.chdir(tmp_path / "my-course")
    return tmp_path / "my-course" / "01_average.py"


def words(said):
    return " ".join(said.split())


# start


def test_start_makes_a_flat_folder_and_says_what_is_next(run, tmp_path):
    status, said = run("--course", TOY, "start", "my-course")
    assert status == 0
    assert "cd my-course" in said
    assert "watch 01_average" in said
    names = {path.name for path in (tmp_path / "my-course").glob("*.py")}
    assert names == {"01_average.py", "02_line.py"}


def test_start_keeps_what_is_there_and_names_it(run, begun):
    begun.write_text("mine", encoding="utf-8")
    status, said = run("start", ".")
    assert status == 0
    assert "01_average.py was there already" in said
    assert begun.read_text(encoding="utf-8") == "mine"


def test_each_lesson_can_be_started_on_its_own_and_others_later(run, tmp_path):
    run("start", "--course", TOY, "one", "2")
    assert not (tmp_path / "one" / "01_average.py").exists()
    run("start", "one", "average")
    assert (tmp_path / "one" / "01_average.py").exists()


def test_start_switches_completion_off_unless_the_course_says_otherwise(run, tmp_path):
    run("--course", TOY, "start", "off")
    text = (tmp_path / "off" / ".vscode" / "settings.json").read_text("utf-8")
    assert json.loads(text)["github.copilot.enable"] == {"*": False}
    made = tmp_path / "course"
    _copy(TOY, made)
    with (made / "course.toml").open("a") as file:
        file.write("\n[settings]\nai_completion = true\n")
    run("--course", made, "start", "on")
    assert not (tmp_path / "on" / ".vscode").exists()


def _copy(source, target):
    for path in source.rglob("*.*"):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())


def test_start_refuses_a_file_a_course_and_a_folder_within_one(run, begun, tmp_path):
    (tmp_path / "file").touch()
    assert run("start", tmp_path / "file")[0] == 2
    assert "is a course itself" in run("start", TOY)[1]
    assert "is a course folder already" in run("start", "inner")[1]


def test_the_course_that_was_started_is_remembered(run, begun):
    assert "Fit a line" in run("list")[1]


def test_start_says_where_it_may_not_write(run, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)  # root may write anywhere
    status, said = run("--course", TOY, "start", "my-course")
    assert status == 2
    assert "my-course" in said
    assert "Permission denied" in said


# check


def test_an_untouched_lesson_waits_and_the_first_blank_is_named(run, begun):
    status, said = run("check", "01")
    assert status == 1
    assert "fill in TODO 1 (line 18 of 01_average.py)" in words(said)


def test_a_right_answer_passes_is_noted_and_explained(run, begun):
    begun.write_text(RIGHT, encoding="utf-8")
    status, said = run("check", "01_average")
    assert status == 0
    assert "smallest sum of squared distances" in words(said)
    assert "> 02_line" in run("list")[1]
    reports = begun.parent / ".workshop" / "reports"
    names = {path.name for path in reports.iterdir()}
    assert names == {"01_average.json", "01_average.html"}


def test_a_wrong_answer_fails_and_names_a_hint(run, begun):
    begun.write_text(RIGHT.replace("mean()", "max()"), encoding="utf-8")
    status, said = run("check", "01")
    assert status == 1
    assert "hint 01_average --todo 1" in words(said)
    assert "TODO 1, hint 1 of 2" in run("hint", "1")[1]


def test_a_syntax_error_names_the_line_to_correct(run, begun):
    begun.write_text(RIGHT + "print((\n", encoding="utf-8")
    status, said = run("check", "01")
    assert status == 1
    assert "correct line" in said


def test_without_a_name_the_next_lesson_is_checked(run, begun):
    assert "01_average.py" in run("check")[1]
    begun.write_text(RIGHT, encoding="utf-8")
    assert run("check")[0] == 0
    assert "02_line.py" in run("check")[1]


def test_a_copy_of_a_lesson_can_be_named(run, begun):
    copy = begun.with_name("01_average (1).py")
    copy.write_text(RIGHT, encoding="utf-8")
    status, said = run("check", copy.name)
    assert status == 0
    assert copy.name in said


def test_files_beside_a_lesson_shadow_nothing_of_ours(begun):
    for name in ("json", "random", "click", "numpy"):
        begun.with_name(f"{name}.py").write_text("raise SystemExit(9)")
    begun.write_text(RIGHT, encoding="utf-8")
    command = [sys.executable, "-m", "workshop", "check", "01"]
    env = {**os.environ, "PYTHONPATH": str(Path(workshop.__file__).parents[1])}
    made = subprocess.run(command, capture_output=True, check=False, env=env)
    assert made.returncode == 0, made.stderr


def test_a_misspelt_lesson_gets_the_nearest(run, begun):
    status, said = run("check", "01_avrage")
    assert status == 2
    assert "Did you mean 01_average?" in said


def test_with_script_and_notebook_the_lesson_alone_is_not_enough(run, begun):
    assert run("notebook", "1")[0] == 0
    status, said = run("check", "01")
    assert status == 2
    assert "01_average.py and 01_average.ipynb" in said
    status, said = run("check", "01_average.ipynb")
    assert status == 1
    assert "check 01_average.ipynb" in words(said)


def test_json_is_one_document_and_nothing_else(begun, capsys, run):
    begun.write_text(RIGHT, encoding="utf-8")
    assert entry.run(["check", "01", "--json"]) == 0
    printed = capsys.readouterr()
    report = results.from_json(json.loads(printed.out))
    assert report.outcome == "passed"
    assert "usual=" in report.output
    assert "Running your script" in printed.err


def test_a_rehearsal_is_no_pass(run, begun):
    begun.write_text(RIGHT, encoding="utf-8")
    status, said = run("check", "01", "--quick")
    assert status == 1
    assert "rehearsed" in said
    assert not json.loads(run("list", "--json")[1])[0]["passed"]


def test_plain_is_ascii_without_escapes(run, begun):
    said = run("check", "01", "--plain")[1] + run("list", "--plain")[1]
    assert said.isascii()
    assert "\x1b" not in said


def test_a_console_of_western_windows_gets_its_answer(begun, tmp_path):
    begun.write_text(RIGHT + 'print("naïve – ✓ 漢字")\n', encoding="utf-8")
    done = _process("check", "01", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0
    assert b"Every check passed." in done.stdout


def test_missing_tensorflow_is_told_before_anything_starts(run, begun, monkeypatch):
    def find(name):
        return None if name == "tensorflow" else object()

    monkeypatch.setattr(check.importlib.util, "find_spec", find)
    begun.write_text(RIGHT.replace("import numpy", "import keras, numpy"), "utf-8")
    status, said = run("check", "01")
    assert status == 3
    assert "tensorflow is not installed" in words(said)


def test_what_needs_no_tensorflow_does_without(run, begun, monkeypatch):
    monkeypatch.setattr(check.importlib.util, "find_spec", lambda name: None)
    begun.write_text(RIGHT, encoding="utf-8")
    assert run("check", "01")[0] == 0


def test_our_own_fault_is_one_sentence_and_a_file(run, begun, monkeypatch):
    monkeypatch.setattr(check.grader, "check", lambda *_: 1 / 0)
    status, said = run("check", "01")
    crash = begun.parent / ".workshop" / "crash.txt"
    assert status == 3
    assert str(crash) in said
    assert "Traceback" not in said
    assert "ZeroDivisionError" in crash.read_text(encoding="utf-8")


def test_a_disk_that_fails_is_named_with_its_fix(run, begun, monkeypatch):
    def fail(*_):
        raise OSError(errno.EROFS, "Read-only file system", "there")

    monkeypatch.setattr(check.grader, "check", fail)
    status, said = run("check", "01")
    assert status == 3
    assert "there cannot be read or written (Read-only file system)" in words(said)


def test_closed_outputs_are_no_fault(begun):
    code = (
        "import sys; sys.stdout = sys.stderr = None\n"
        "from workshop.cli.entry import run; raise SystemExit(run(['list']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=begun.parent)
    assert done.returncode == 0


def test_ctrl_c_is_one_word_and_its_status(run, begun, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(check.grader, "check", interrupt)
    status, said = run("check", "01")
    assert status == 130
    assert said.endswith("Stopped.\n")


def test_two_checks_at_once_both_answer(begun):
    begun.write_text(RIGHT, encoding="utf-8")
    command = [sys.executable, "-m", "workshop", "check", "01", "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    both = [subprocess.Popen(command, **pipes) for _ in range(2)]
    said = [one.communicate()[0] for one in both]
    assert [json.loads(text)["outcome"] for text in said] == ["passed"] * 2


# where one is


@pytest.mark.parametrize("command", ["check", "next", "hint", "solution", "watch"])
def test_outside_a_folder_start_is_named(run, command):
    status, said = run(command)
    assert status == 2
    assert "start my-course" in said


def test_inside_the_kit_start_is_named(run, monkeypatch):
    monkeypatch.chdir(TOY / "solutions")
    status, said = run("check", "01")
    assert status == 2
    assert "This is the kit itself" in said


def test_a_damaged_course_is_a_sentence(run, begun, tmp_path):
    (tmp_path / "course.toml").write_text("title = ", encoding="utf-8")
    status, said = run("--course", tmp_path, "list")
    assert status == 2
    assert "cannot be read" in said


# list, next, hint, solution


def test_list_shows_progress_and_what_is_next(run, begun):
    said = run("list")[1]
    assert "> 01_average" in said
    assert "2 TODOs open" in said
    assert "3 min" in said


def test_list_works_before_anything_was_started(run):
    status, said = run("--course", TOY, "list")
    assert status == 0
    assert "start my-course" in said


def test_next_names_lesson_and_todo(run, begun):
    assert "fill in TODO 1 (line 18" in run("next")[1]
    begun.write_text(RIGHT, encoding="utf-8")
    run("check", "01")
    assert "02_line" in run("next")[1]


def test_hints_ask_before_they_tell(run, begun):
    first, second, third = (run("hint")[1] for _ in range(3))
    assert "Which method" in first
    assert "hint 1 of 2" in first
    assert "It is called" in second
    assert third == second


def test_a_hint_can_be_asked_for_any_todo_there_is(run, begun):
    assert "TODO 2, hint 1 of 2" in run("hint", "01", "--todo", "2")[1]
    status, said = run("hint", "01", "--todo", "9")
    assert status == 2
    assert "It has: 1, 2." in said


def test_the_solution_waits_for_a_pass_or_for_anyway(run, begun):
    assert run("solution", "01")[0] == 1
    status, said = run("solution", "01", "--anyway")
    assert status == 0
    assert "usual = loaves.mean()" in said
    assert "import" not in said
    begun.write_text(RIGHT, encoding="utf-8")
    run("check", "01")
    assert run("solution", "01")[0] == 0


def test_a_written_solution_replaces_nothing(run, begun):
    assert run("solution", "01", "--anyway", "--write")[0] == 0
    place = begun.with_name("01_average.solution.py")
    assert place.read_text(encoding="utf-8") == RIGHT
    assert run("solution", "01", "--anyway", "--write")[0] == 2


# reset, notebook


def test_reset_keeps_a_copy_and_restores_the_exercise(run, begun):
    fresh = begun.read_bytes()
    begun.write_text("mine", encoding="utf-8")
    assert run("reset", "01")[0] == 0
    assert begun.read_bytes() == fresh
    (copy,) = (begun.parent / ".workshop" / "backups").iterdir()
    assert copy.read_text(encoding="utf-8") == "mine"


def test_reset_without_a_copy_does_nothing(run, begun, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("workshop.progress.Folder.back_up", refuse)
    begun.write_text("mine", encoding="utf-8")
    status, said = run("reset", "01")
    assert status == 2
    assert "No space left" in said
    assert begun.read_text(encoding="utf-8") == "mine"


def test_a_notebook_carries_the_script_as_it_is_and_replaces_nothing(run, begun):
    begun.write_text(RIGHT, encoding="utf-8")
    run("notebook", "01")
    made = begun.with_suffix(".ipynb")
    assert "loaves.mean()" in made.read_text(encoding="utf-8")
    assert run("notebook", "01_average.py")[0] == 2


# doctor, data, demo


def test_doctor_says_what_a_machine_lacks(run, monkeypatch):
    monkeypatch.setattr(doctor, "PROBE", "import no_such_module")
    status, said = run("doctor")
    assert status == 1
    assert "no_such_module is not installed" in words(said)


def test_doctor_passes_a_machine_that_trains(run, monkeypatch):
    monkeypatch.setattr(doctor, "PROBE", 'print(\'{"keras": "3"}\\n[0.5, 0.1]\')')
    status, said = run("doctor")
    assert status == 0
    assert "ten steps in 0.1 s" in said


def test_doctor_names_a_crash(monkeypatch):
    (finding,) = doctor.training("import os; os._exit(132)")
    assert finding.state == "bad"
    assert "132" in finding.found
    assert finding.fix


def test_doctor_writes_one_file_to_send(run, begun, monkeypatch):
    monkeypatch.setattr(doctor, "PROBE", "1 / 0")
    run("check", "01")
    run("doctor", "--report")
    (made,) = begun.parent.glob("doctor-*.txt")
    text = made.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert '"lesson": "01_average"' in text
    assert (begun.parent / ".workshop" / "secret").read_bytes().hex() not in text


@pytest.mark.parametrize(
    ("kind", "name"), [("darwin", "x86_64"), ("linux", "x86_64"), ("win32", "amd64")]
)
def test_doctor_knows_machines_without_tensorflow(kind, name, monkeypatch):
    monkeypatch.setattr(machine, "_has_avx", lambda: False)
    problem = machine._no_tensorflow_for(kind, name)
    assert bool(problem) == (kind != "win32")


@pytest.mark.slow
def test_the_probe_trains_ten_steps():
    states = [finding.state for finding in doctor.training(PROBE)]
    assert len(states) == 2
    assert "bad" not in states


def test_data_lists_what_is_here_with_licence_and_source(run, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home"))
    status, said = run("data")
    assert status == 0
    assert "Apache-2.0" in said
    assert "not here" in said
    assert {one["variant"] for one in json.loads(run("data", "--json")[1])} == {
        "real",
        "drawn",
    }


def test_demo_goes_from_waiting_to_passed_to_what_is_next(run):
    status, said = run("--course", TOY, "demo")
    assert status == 0
    assert "0 of 3 checks passed" in said
    assert "Every check passed." in said
    assert "start my-course" in said


# around the commands


def test_a_misspelt_command_gets_the_nearest(run):
    status, said = run("chekc")
    assert status == 2
    assert 'Did you mean "check"?' in said


def test_every_command_has_help(run):
    for name in entry.COMMANDS:
        status, said = run(name, "--help")
        assert status == 0
        assert "--plain" in said
        assert "--course" in said


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7)])
def test_another_python_is_told_which_one_to_get(version):
    assert "3.11, 3.12 or 3.13" in cli.wrong_python(version)


def test_the_right_pythons_are_welcome():
    assert not any(cli.wrong_python((3, minor)) for minor in (11, 12, 13))


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py", "cli/__init__.py"])
def test_what_old_pythons_read_they_can_read(name):
    import ast

    text = (Path(workshop.__file__).parent / name).read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 8))


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["hint"], ["next"]])
def test_quick_answers_import_nothing_heavy(begun, arguments):
    code = (
        "import sys; from workshop.cli import entry; entry.run(sys.argv[1:]);"
        "print({'numpy', 'rich', 'keras', 'tensorflow'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


def test_a_blank_is_answered_without_numpy(begun):
    code = (
        "import sys; from workshop.cli import entry; entry.run(['check', '01']);"
        "print({'numpy', 'keras', 'tensorflow'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


def test_a_reader_who_leaves_is_no_crash(begun):
    command = [sys.executable, "-m", "workshop", "check", "01"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()


def test_the_bundled_course_can_be_started(run, tmp_path):
    assert run("start", "my-course")[0] == 0
    stems = {lesson.stem for lesson in course.load().lessons}
    assert {path.stem for path in (tmp_path / "my-course").glob("*.py")} == stems


def _process(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "workshop", *arguments],
        env={**os.environ, "PYTHONUTF8": "0", **environment},
        capture_output=True,
    )
