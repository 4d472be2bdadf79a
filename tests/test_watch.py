"""Watching answers each save and each key, and gives the terminal back as it was."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

if os.name != "posix":
    pytest.skip("driven through a pseudo-terminal", allow_module_level=True)

import pty
import select
import termios

from workshop.cli.watch import _overtakes
from workshop.cli.work import Work
from workshop.course import load

TOY = Path(__file__).parent / "toy"
LESSON = load(TOY).lessons[0]
RIGHT = LESSON.solution.read_text(encoding="utf-8")
COMMAND = [sys.executable, "-m", "workshop", "watch"]
ENDLESS = RIGHT + "while True:\n    pass\n"
PATIENCE = 60


class Watched:
    """A `watch` in a terminal of its own: what it shows, and the keys sent to it."""

    def __init__(self, folder):
        self.ours, self.theirs = pty.openpty()
        self.before = termios.tcgetattr(self.theirs)
        ends = dict.fromkeys(("stdin", "stdout", "stderr"), self.theirs)
        self.process = subprocess.Popen(
            COMMAND, cwd=folder, start_new_session=True, **ends
        )
        self.shown = ""

    def press(self, key):
        self.shown = ""
        os.write(self.ours, key.encode())

    def sees(self, text):
        """Return whether a text is shown before patience ends."""
        end = time.monotonic() + PATIENCE
        while text not in self.shown and time.monotonic() < end:
            if select.select([self.ours], [], [], 0.1)[0]:
                self.shown += os.read(self.ours, 65536).decode("utf-8", "replace")
        return text in self.shown

    def ends(self):
        """Return the status, once the terminal is known to be as it was."""
        status = self.process.wait(PATIENCE)
        assert termios.tcgetattr(self.theirs) == self.before
        return status

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


@pytest.fixture
def lesson(tmp_path):
    """The path of the first lesson in a folder that was just started."""
    start = [
        sys.executable,
        "-m",
        "workshop",
        "--course",
        TOY,
        "start",
        tmp_path / "my",
    ]
    subprocess.run(start, check=True, capture_output=True)
    return tmp_path / "my" / "01_average.py"


@pytest.fixture
def watched(lesson):
    """A `watch` that has given its first answer."""
    made = Watched(lesson.parent)
    assert made.sees("q quit")
    yield made
    made.close()


def save(path, text):
    """Save as many editors do: a new file takes the place of the old one."""
    part = path.with_suffix(".tmp")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def test_a_save_is_answered_and_n_goes_on(watched, lesson):
    watched.press("n")
    assert watched.sees("has not passed yet")
    save(lesson, RIGHT)
    assert watched.sees("press n")
    assert watched.sees("q quit")
    watched.press("n")
    assert watched.sees("Watching 02_line.py")


def test_q_quits_and_gives_the_terminal_back(watched):
    watched.press("q")
    assert watched.ends() == 1


def test_q_quits_in_the_middle_of_a_run(watched, lesson):
    save(lesson, ENDLESS)
    assert watched.sees("Running")
    watched.press("q")
    assert watched.ends() == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_gives_the_terminal_back(watched, number):
    watched.process.send_signal(number)
    assert watched.ends() == 128 + number


def test_hints_and_the_list_come_at_a_key(watched):
    watched.press("h")
    assert watched.sees("TODO 1, hint 1 of 2")
    watched.press("l")
    assert watched.sees("> 01_average")


def test_c_checks_again_at_once(watched):
    watched.press("c")
    assert watched.sees("0 of 3 checks passed")


def test_a_change_of_what_runs_overtakes_it(watched, lesson):
    save(lesson, ENDLESS)
    assert watched.sees("Running")
    save(lesson, RIGHT)
    assert watched.sees("Every check passed.")


def test_a_file_that_went_away_is_waited_for(watched, lesson):
    lesson.unlink()
    assert watched.sees("is not there")
    save(lesson, RIGHT)
    assert watched.sees("Every check passed.")


def test_without_a_terminal_saves_are_answered(lesson):
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(COMMAND, cwd=lesson.parent, **pipes) as process:
        assert any("Waiting for 01_average.py" in line for line in process.stdout)
        save(lesson, RIGHT)
        assert any("Every check passed." in line for line in process.stdout)
        process.terminate()


@pytest.mark.parametrize(
    ("new", "overtakes"),
    [
        (RIGHT, True),
        (RIGHT.replace("mean()", "max()"), True),
        (ENDLESS + "print('more')\n", False),
        (ENDLESS + "# a remark\n", False),
        (ENDLESS + "print(", False),
    ],
)
def test_only_a_change_of_what_runs_overtakes(new, overtakes):
    work = Work(LESSON, LESSON.solution)
    assert _overtakes(work, ENDLESS.encode(), new.encode()) == overtakes
