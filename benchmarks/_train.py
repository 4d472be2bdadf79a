"""A script is measured by running it as it stands; nothing of it is written again here.

This module is the process that trains. It executes a script whose `fit` also keeps the
weights of every epoch and the second at which it ended, and afterwards, off the clock,
lets the lesson's own checks judge it on the half that counts, or its `read(images)`
answer sealed images with the weights of every epoch. The seed is ours: a seed the
script sets is replaced, so that trainings differ when they should. The script's name
is its lesson's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks import _judge
from benchmarks._record import ROOT
from workshop import course, data, pace


@dataclass
class Clock:
    """What one execution of a script left: moments in seconds since the model's birth.

    `paused` is what keeping the weights cost; it is taken off every later moment.
    """

    start: float | None = None
    paused: float = 0.0
    moments: list[float] = field(default_factory=list)
    weights: list[list[Any]] = field(default_factory=list)
    model: Any = None

    def born(self) -> None:
        """Start the clock, once, when the first model is made."""
        self.start = self.start or time.perf_counter()

    def epoch(self, model: Any) -> None:
        """Note the end of an epoch and keep the weights."""
        assert self.start is not None
        now = time.perf_counter()
        self.moments.append(now - self.start - self.paused)
        self.weights.append(model.get_weights())
        self.model = model
        self.paused += time.perf_counter() - now


@dataclass(frozen=True)
class Training:
    """One training: right answers among `n` per epoch, and of the finished script.

    `moments` are seconds from the model's birth to each epoch's end, `finished` is the
    time of day at the script's end (less what we paused), `graded` the right answers of
    the finished script among `graded_n` of the half that counts, `failed` the checks
    that it does not pass there, `value` what a check measured that counts no answers
    and `measured` its parts, `kept` the script's own numbers that were asked for.
    """

    seed: int
    moments: list[float]
    right: list[int]
    n: int
    graded: int
    graded_n: int
    finished: float
    peak_mb: float | None
    failed: list[str] = field(default_factory=list)
    value: float | None = None
    measured: dict[str, float] = field(default_factory=dict)
    kept: dict[str, float] = field(default_factory=dict)


def secret(seed: int) -> bytes:
    """Return the sealed set's secret that belongs to a training seed."""
    return hashlib.sha256(f"benchmark {seed}".encode()).digest()


def start(
    script: Path,
    variant: str,
    seeds: list[int],
    *,
    plots: bool,
    epochs: bool,
    keep: tuple[str, ...] = (),
) -> tuple[float, list[Training]]:
    """Train in a process of its own; return when it was started, and the trainings.

    `plots=False` draws no figures, `epochs=False` judges the finished script alone,
    `keep` names numbers of the script to return. What the script prints is dropped;
    ChildProcessError where it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        flags = ["--plots"] * plots + ["--epochs"] * epochs
        flags += [f"--keep={name}" for name in keep]
        command = [sys.executable, "-m", "benchmarks._train", str(script), str(report)]
        settings = {
            "WORKSHOP_DATA": variant,
            "WORKSHOP_FIGURES": folder,
            "MPLBACKEND": "Agg",
            "PYTHONPATH": str(ROOT),
        }
        began = time.time()
        done = subprocess.run(
            [*command, variant, *map(str, seeds), *flags],
            cwd=folder,
            env={**os.environ, **settings},
            stdout=sys.stderr,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        if done.returncode:
            raise ChildProcessError(f"{script} failed:\n{done.stderr[-4000:]}")
        found = json.loads(report.read_text(encoding="utf-8"))
    return began, [Training(**training) for training in found]


def train(
    path: Path, variant: str, seed: int, epochs: bool, keep: list[str]
) -> Training:
    """Execute the script once in this process and judge what it left."""
    import keras

    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    clock = Clock()
    undo = _watch(clock, seed)
    try:
        names: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            sys.stdout = nowhere
            exec(compile(path.read_bytes(), str(path), "exec"), names)
        finished, peak = time.time() - clock.paused, pace.peak_mb()
    finally:
        sys.stdout = sys.__stdout__
        undo()
    kept = {name: float(names[name]) for name in keep}
    training = Training(seed, clock.moments, [], 0, 0, 0, finished, peak, kept=kept)
    lesson = course.load().find(path.stem)
    halves = data.sealed(str(lesson.data), secret(seed), variant)
    if epochs:
        return replace(training, **_judge.every_epoch(names["read"], clock, halves))
    found = _judge.at_the_end(lesson, names, str(path), halves[1])
    return replace(training, **found)


def _watch(clock: Clock, seed: int) -> Any:
    """Let every model start the clock and every `fit` report its epochs.

    Returns the function that undoes it.
    """
    import keras

    init, fit, seeded = (
        keras.Model.__init__,
        keras.Model.fit,
        keras.utils.set_random_seed,
    )

    class Keeper(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            clock.epoch(self.model)

    def watched_init(self: Any, *args: Any, **options: Any) -> None:
        clock.born()
        init(self, *args, **options)

    def watched_fit(self: Any, *args: Any, **options: Any) -> Any:
        callbacks = [*(options.pop("callbacks", None) or []), Keeper()]
        return fit(self, *args, callbacks=callbacks, **options)

    def undo() -> None:
        keras.Model.__init__, keras.Model.fit = init, fit
        keras.utils.set_random_seed = seeded

    keras.Model.__init__, keras.Model.fit = watched_init, watched_fit
    keras.utils.set_random_seed = lambda _: seeded(seed)
    return undo


def _draw_nothing() -> None:
    """Replace the functions of `workshop.plots` by ones that return at once."""
    from workshop import plots

    for name, value in vars(plots).items():
        if callable(value) and not name.startswith("_"):
            setattr(plots, name, lambda *_, **__: None)


def _said(training: Training) -> str:
    """Return what a person who waits wants to know of a training."""
    share = training.graded / max(1, training.graded_n)
    said = f"{training.value:.4f}" if training.value is not None else f"{share:.4f}"
    return f"{said} on the sealed half; failed: {', '.join(training.failed) or 'none'}"


def main() -> None:
    """Train once per seed and write the trainings as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("script", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("variant")
    parser.add_argument("seeds", type=int, nargs="+")
    parser.add_argument("--plots", action="store_true")
    parser.add_argument("--epochs", action="store_true")
    parser.add_argument("--keep", action="append", default=[])
    options = parser.parse_args()
    if not options.plots:
        _draw_nothing()
    found = []
    for seed in options.seeds:
        training = train(
            options.script, options.variant, seed, options.epochs, options.keep
        )
        print(f"seed {seed}: {_said(training)}", flush=True)
        found.append(asdict(training))
        options.report.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
