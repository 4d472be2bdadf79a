"""A wheel built from the repository carries the course and works outside the clone."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return the folder into which the wheel's files were put, and nothing else."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*build, "-o", str(folder), str(ROOT)], check=True)
    (wheel,) = folder.glob("keras_workshop-*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def workshop(site, cwd, *arguments):
    return subprocess.run(
        [sys.executable, "-P", "-m", "workshop", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_wheel_holds_the_whole_course(installed):
    course = installed / "workshop" / "_course"
    for folder in ("solutions", "exercises", "assessments"):
        ours = {
            p.name for p in (ROOT / folder).iterdir() if p.suffix in (".py", ".toml")
        }
        assert {p.name for p in (course / folder).iterdir()} == ours


@pytest.mark.parametrize("where", ["room/page", "serve/page"])
def test_the_wheel_holds_every_page(installed, where):
    ours = {path.name for path in (ROOT / "workshop" / where).iterdir()}
    assert {path.name for path in (installed / "workshop" / where).iterdir()} == ours


def test_start_works_outside_the_clone(installed, tmp_path):
    result = workshop(installed, tmp_path, "start", "my-course")
    assert result.returncode == 0, result.stderr
    written = (tmp_path / "my-course" / "01_mnist.py").read_text(encoding="utf-8")
    assert written == (ROOT / "exercises" / "01_mnist.py").read_text(encoding="utf-8")


def test_an_untouched_exercise_is_graded_outside_the_clone(installed, tmp_path):
    workshop(installed, tmp_path, "start", "my-course")
    result = workshop(installed, tmp_path / "my-course", "check", "01", "--plain")
    assert result.returncode == 1
    assert "TODO 1" in result.stdout
