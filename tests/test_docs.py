"""Every command that the documentation names works as it stands there."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from workshop import course

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)#]*)(#[^)]*)?\)")
ELSEWHERE = (
    "pip ",
    "python3 -m venv ",
    "source ",
    "python -m http.server",
    "git clone",
)


def commands(page):
    """Return the command lines of a page, without comments."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    lines = [line.split("  #")[0].strip() for b in blocks for line in b.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def run(words, cwd, **options):
    env = {**os.environ, "WORKSHOP_DATA": "drawn", "NO_COLOR": "1"}
    return subprocess.run(
        words, cwd=cwd, env=env, capture_output=True, text=True, **options
    )


def make(line):
    result = run(["make", "-n", "-o", ".venv/ready-dev", *shlex.split(line)[1:]], ROOT)
    assert result.returncode == 0, f"{line}: {result.stderr}"


def benchmark(line):
    name = shlex.split(line)[2]
    result = run([sys.executable, "-m", name, "--help"], ROOT)
    assert result.returncode == 0, f"{line}: {result.stderr}"


def watch(words, cwd):
    """Start watching, and stop it as a person does."""
    with subprocess.Popen(words, cwd=cwd, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.stdout.read()
    assert process.returncode in (0, 130)


def workshop(line, cwd):
    words = [sys.executable, "-m", *shlex.split(line)]
    if "watch" in words:
        return watch(words, cwd)
    result = run(words, cwd, stdin=subprocess.DEVNULL)
    expected = (0, 1) if "check" in words or "doctor" in words else (0,)
    assert result.returncode in expected, f"{line}: {result.stdout}{result.stderr}"
    return None


NEEDS = ("workshop dev ", "workshop data --add ", "workshop serve ")
"""Commands for which a reader must bring a course, files or a model of their own."""


@pytest.mark.slow
@pytest.mark.skipif(
    os.name != "posix", reason="Windows has no POSIX shell; the README has its commands"
)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_of_a_page_runs(page, tmp_path):
    cwd = tmp_path
    for line in commands(page):
        if line.startswith("make "):
            make(line)
        elif line.startswith("python -m benchmarks"):
            benchmark(line)
        elif line.startswith("cd "):
            cwd = cwd / line[3:]
        elif line.startswith(NEEDS):
            workshop(f"{line} --help", cwd)
        elif line.startswith("workshop "):
            workshop(line, cwd)
        else:
            assert line.startswith(ELSEWHERE), f"{page.name}: how is this tried? {line}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for target, anchor in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http:", "https:")):
            continue
        file = page.parent / target if target else page
        assert file.exists(), f"{page.name}: {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.M)
            names = {
                re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings
            }
            assert anchor[1:] in names, f"{page.name}: {target}{anchor}"


def test_every_command_is_in_the_reference():
    from workshop.cli.entry import COMMANDS

    reference = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for name in COMMANDS:
        assert f"workshop {name}" in reference


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_speak_of_commands_that_exist(page):
    from workshop.cli.entry import COMMANDS, OTHERS

    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`(?:py -m )?workshop ([a-z][a-z-]*)", text):
        assert name in {**COMMANDS, **OTHERS}, f"{page.name}: {name}"


@pytest.mark.parametrize("lesson", course.load().lessons, ids=lambda one: one.stem)
def test_teaching_names_the_minutes_of_every_lesson(lesson):
    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    after = text.partition(f"(`{lesson.stem}`)")[2].lstrip()
    teaching, exercise, stretch = (
        lesson.minutes[part] for part in ("teaching", "exercise", "stretch")
    )
    wanted = f"{teaching:g} minutes of teaching, {exercise:g} of exercise"
    wanted += f", {stretch:g} for the stretch goal."
    assert after.startswith(wanted)
