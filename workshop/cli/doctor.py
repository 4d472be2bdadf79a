"""Readiness is tried, not guessed: the last line is a real training, with its time.

Every line passes or says the fix. TensorFlow runs in a process of its own, so that one
which crashes or hangs is a finding like any other.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from workshop import cli, progress
from workshop.cli import isolation, machine
from workshop.cli.machine import Finding
from workshop.cli.session import Refused, Session, shared_options

PROBE_SECONDS = 300
SLOW_SECONDS = 20.0
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONUTF8": "1"}
PROBE = """
import json, time
import numpy, tensorflow, keras
names = {m.__name__: m.__version__ for m in (tensorflow, keras, numpy)}
print(json.dumps(names), flush=True)
x = numpy.random.default_rng(0).random((320, 784), dtype="float32")
y = numpy.arange(320) % 10
begin = time.perf_counter()
layers = [keras.Input((784,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(10)]
model = keras.Sequential(layers)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile("adam", loss)
loss = model.fit(x, y, batch_size=32, epochs=1, verbose=0).history["loss"][-1]
print(json.dumps([float(loss), time.perf_counter() - begin]), flush=True)
"""
SIGNS = {"ok": ("✓", "green"), "note": ("!", "yellow"), "bad": ("✗", "red")}


@click.command("doctor")
@click.option("--report", is_flag=True, help="Write one file to send when stuck.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print the findings as JSON only."
)
@click.option(
    "--grading", is_flag=True, help="Try whether others' work can be graded here."
)
@shared_options
@click.pass_obj
def doctor_command(session: Session, report: bool, as_json: bool, grading: bool) -> int:
    """Find out whether this machine is ready; each line passes or says the fix."""
    findings = []
    for finding in isolation.grading() if grading else examine(session):
        findings.append(finding)
        if not as_json:
            _print(session, finding)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in findings], indent=1))
    else:
        _conclude(session, findings)
    if report:
        place = _write_report(session, findings)
        session.tell(f"Written: {place}. Look through it, then send it.")
    return int(any(one.state == "bad" for one in findings))


def examine(session: Session) -> Iterator[Finding]:
    """Yield one finding after the other, the slow ones last."""
    folder = session.folder.root if session.folder else session.here
    yield machine.python()
    yield machine.system()
    yield machine.command(session.activation)
    yield machine.writing(folder)
    yield machine.disk(folder)
    yield machine.memory()
    yield machine.terminal()
    try:
        yield from machine.data()
    except ModuleNotFoundError as error:
        yield Finding("Data", "bad", str(error), cli.missing(error.name or ""))
    session.tell("Importing TensorFlow and training ten steps …", dim=True)
    yield from training(PROBE)


def training(probe: str) -> Iterator[Finding]:
    """Yield what became of importing TensorFlow, and of ten steps of training."""
    begin = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", probe],
            env={**os.environ, **QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        fix = "Is the disk or a virus scanner slow? Try once more."
        yield Finding("TensorFlow", "bad", f"no answer in {PROBE_SECONDS} s", fix)
        return
    answers = _answers(done.stdout.decode("utf-8", "replace"))
    if not answers:
        yield _broken("TensorFlow", done)
        return
    seconds = time.monotonic() - begin
    versions = ", ".join(f"{name} {version}" for name, version in answers[0].items())
    yield Finding("TensorFlow", "ok", versions)
    if len(answers) < 2:
        yield _broken("Training", done)
        return
    found = f"ten steps in {answers[1][1]:.1f} s ({seconds:.0f} s with the import)"
    slow = answers[1][1] > SLOW_SECONDS
    fix = "That is slow: close other programs." if slow else ""
    yield Finding("Training", "note" if slow else "ok", found, fix)


def _answers(output: str) -> list[Any]:
    found = []
    for line in output.splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def _broken(name: str, done: subprocess.CompletedProcess[bytes]) -> Finding:
    """Return what a probe that ended early says, and the fix."""
    said = done.stderr.decode("utf-8", "replace").strip().split("\n")[-1]
    if "ModuleNotFoundError" in said:
        return Finding(name, "bad", said, cli.missing(said.split("'")[1]))
    said = said[:300] or f"it ended with exit code {done.returncode}"
    again = "python -m pip install --force-reinstall tensorflow"
    fix = f"Install it again: {again}. Else: workshop doctor --report"
    if sys.platform == "win32":
        fix += " (Windows also needs the Visual C++ Redistributable 2015-2022, x64.)"
    return Finding(name, "bad", said, fix)


def _print(session: Session, finding: Finding) -> None:
    sign, colour = SIGNS[finding.state]
    session.say(f"  {sign} {finding.name:12}{finding.found}", fg=colour)
    lines = textwrap.wrap(finding.fix, session.width - 16, break_long_words=False)
    for line in lines:
        session.say(f"{'':16}{line}")


def _conclude(session: Session, findings: list[Finding]) -> None:
    bad = sum(one.state == "bad" for one in findings)
    session.say()
    if bad:
        lines = "One line asks" if bad == 1 else f"{bad} lines ask"
        session.say(f"{lines} for a fix; then: {session.command('doctor')}", bold=True)
        session.say(f"Stuck? {session.command('doctor', '--report')}")
        return
    step = session.command("list" if session.folder else "start")
    step += "" if session.folder else " my-course"
    session.say("This machine is ready.", bold=True, fg="green")
    session.say(f"Next: {step}", fg="cyan")


def _write_report(session: Session, findings: list[Finding]) -> Path:
    """Write findings, versions, settings and the last reports into one text file."""
    root = session.folder.root if session.folder else session.here
    text = "\n\n".join(_sections(session, findings))
    home = str(Path.home())
    place = progress.free(root / f"doctor-{time.strftime('%Y-%m-%d-%H%M%S')}.txt")
    try:
        progress.write(place, text.replace(home, "~") + "\n")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(f"{place} cannot be written ({why}).", code=1) from None
    return place


def _sections(session: Session, findings: list[Finding]) -> Iterator[str]:
    yield "\n".join(f"{f.state:5}{f.name}: {f.found} {f.fix}" for f in findings)
    yield f"{platform.platform()}\n{sys.version}\n{_packages()}"
    names = ("WORKSHOP_", "KERAS_", "TF_", "TFDS_", "PYTHON", "NO_COLOR", "TERM")
    found = sorted(name for name in os.environ if name.startswith(names))
    yield "\n".join(f"{name}={os.environ[name]}" for name in found)
    if session.folder is None:
        return
    hidden = session.folder.hidden
    for path in (hidden / "state.json", hidden / "crash.txt"):
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            yield f"== {path.name}\n{text}"
    for path in sorted(session.folder.reports.glob("*.json")):
        yield f"== {path.name}\n{_without_pictures(path)}"


def _without_pictures(path: Path) -> str:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        report.pop("answers", None)
        return json.dumps(report, indent=1)
    except (OSError, ValueError, AttributeError) as error:
        return f"cannot be read: {error}"


def _packages() -> str:
    from importlib import metadata

    return "\n".join(
        sorted({f"{one.name} {one.version}" for one in metadata.distributions()})
    )
