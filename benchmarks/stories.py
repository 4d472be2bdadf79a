"""What a lesson claims is measured on data that nobody tuned to: five fresh seeds.

`signers`: the networks of lessons 2, 3 and 4a, at equal epochs, on sealed hands of
unseen signers, and what lesson 2 measures on pictures set aside of its own signers.
`transfer`: lesson 5b's network with 10 to 200 photos, against the same from scratch,
after as many steps: when the head is trained, as the lesson compares, and in the end.
`headlines`: lesson 6's perplexity against counted pairs of words, and against the
grammar's own, which nobody can beat.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks import _record, _tables, _train
from benchmarks._record import ROOT, Target
from benchmarks._tables import percent

SEEDS = (101, 102, 103, 104, 105)
EPOCHS = 10
STEP = 0.05  # what each of the lessons on hands must gain, as a share
NETS = {
    "02_asl": "dense",
    "03_asl_cnn": "convolutions",
    "04a_augmentation": "convolutions, augmented",
}
ASIDE = {"flattering_accuracy": "own signers", "honest_accuracy": "unseen signers"}
WIDE, KEPT = 10, 5  # points by which transfer must lead: at first, and in the end
FEW = 20  # photos up to which the lead must last
WHEN = ("with the head trained", "in the end")
FIGURE = ROOT / "docs" / "images" / "transfer.png"


def signers(seeds: Sequence[int]) -> dict[str, Any]:
    """Train the networks for EPOCHS; return shares right by network and seed."""
    found: dict[str, Any] = {}
    for lesson in NETS:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / f"{lesson}.py"
            script.write_text(at_equal_epochs(lesson), encoding="utf-8")
            keep = tuple(ASIDE) if lesson == "02_asl" else ()
            options = {"plots": False, "epochs": False, "keep": keep}
            _, made = _train.start(script, "drawn", list(seeds), **options)
        found[lesson] = [one.graded / one.graded_n for one in made]
        if keep:
            found["aside"] = [one.kept for one in made]
    return found


def at_equal_epochs(lesson: str) -> str:
    """Return a lesson's solution with its number of epochs replaced."""
    text = (ROOT / "solutions" / f"{lesson}.py").read_text(encoding="utf-8")
    changed, count = re.subn(r"epochs=\d+", f"epochs={EPOCHS}", text)
    if count != 1:
        raise ValueError(f"{lesson} names its epochs {count} times, not once")
    return changed


def transfer(seeds: Sequence[int]) -> dict[str, Any]:
    """Return for each seed the shares right by number of photos."""
    return {str(seed): _lines("benchmarks._transfer", str(seed)) for seed in seeds}


def headlines(seeds: Sequence[int]) -> dict[str, Any]:
    """Train lesson 6 and return what its own comparison found, for each seed."""
    script = ROOT / "solutions" / "06_headlines.py"
    options = {"plots": False, "epochs": False, "keep": ()}
    _, made = _train.start(script, "drawn", list(seeds), **options)
    return {"measured": [one.measured for one in made]}


def _lines(module: str, *arguments: str) -> list[dict[str, Any]]:
    """Return what a module of ours prints, a line of JSON at a time."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env={**os.environ, "WORKSHOP_DATA": "drawn", "TF_CPP_MIN_LOG_LEVEL": "3"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return [json.loads(line) for line in lines]


def _spread(values: Sequence[float]) -> str:
    """Return mean and standard deviation of shares: "81.2 % ± 1.1"."""
    mean = percent(statistics.mean(values), 1)
    return f"{mean} ± {statistics.stdev(values) * 100:.1f}"


def _signers_page(found: dict[str, Any]) -> str:
    rows = [(title, _spread(found[lesson])) for lesson, title in NETS.items()]
    nets = _tables.table(
        (f"network, {EPOCHS} epochs each", "sealed hands of unseen signers"), rows
    )
    rows = [
        (title, _spread([one[name] for one in found["aside"]]))
        for name, title in ASIDE.items()
    ]
    head = ("the dense network, on pictures of", "right")
    return f"{nets}\n\n{_tables.table(head, rows)}"


def _transfer_page(found: dict[str, Any]) -> str:
    head = ("photos", "transfer", "from scratch", "lead (points)")
    tables = []
    for when, words in enumerate(WHEN):
        rows = [
            (str(size), _spread(pre), _spread(scratch), f"{_gain(pre, scratch):.1f}")
            for size, pre, scratch in _by_size(found, when)
        ]
        tables += [f"Right on sealed photos {words}:", _tables.table(head, rows)]
    figure = "![Accuracy by number of photos](images/transfer.png)"
    return "\n\n".join([*tables, figure])


def _headlines_page(found: dict[str, Any]) -> str:
    names = {
        "counted": "counted pairs of words",
        "own": "the network of lesson 6",
        "least": "the grammar itself",
    }
    rows = []
    for name, title in names.items():
        values = [one[name] for one in found["measured"]]
        rows.append((title, f"{statistics.mean(values):.1f}", _deviation(values)))
    return _tables.table(("perplexity on sealed headlines", "mean", "sd"), rows)


def _deviation(values: Sequence[float]) -> str:
    return f"{statistics.stdev(values):.1f}"


def _by_size(
    found: dict[str, Any], when: int
) -> list[tuple[int, list[float], list[float]]]:
    """Return (photos, transfer, scratch) for each number of photos, at one of WHEN."""
    runs = list(found.values())
    return [
        (
            line["size"],
            [run[i]["transfer"][when] for run in runs],
            [run[i]["scratch"][when] for run in runs],
        )
        for i, line in enumerate(runs[0])
    ]


def _gain(better: Sequence[float], worse: Sequence[float]) -> float:
    return 100 * (statistics.mean(better) - statistics.mean(worse))


def _signers_targets(found: dict[str, Any]) -> list[Target]:
    lessons = list(NETS)
    steps = [_gain(found[after], found[before]) for before, after in pairwise(lessons)]
    names = ("cnn", "augmentation")
    claims = ("convolutions against dense", "augmentation against none")
    return [
        Target(name, f"{claim}: 5 points or more", f"{gain:.1f}", gain >= 100 * STEP)
        for name, claim, gain in zip(names, claims, steps, strict=True)
    ]


def _transfer_targets(found: dict[str, Any]) -> list[Target]:
    first, last = (
        {size: _gain(pre, scratch) for size, pre, scratch in _by_size(found, when)}
        for when in range(len(WHEN))
    )
    least = min(first.values())
    claim = f"any number of photos, {WHEN[0]}: transfer leads by {WIDE} points or more"
    kept = min(gain for size, gain in last.items() if size <= FEW)
    lasts = f"{FEW} photos or fewer, {WHEN[1]}: it leads by {KEPT} points or more"
    return [
        Target("first", claim, f"{least:.1f} at least", least >= WIDE),
        Target("last", lasts, f"{kept:.1f} at least", kept >= KEPT),
    ]


def _headlines_targets(found: dict[str, Any]) -> list[Target]:
    below = [one["own"] < one["counted"] for one in found["measured"]]
    claim = "the network is less perplexed than counted pairs of words"
    return [Target("pairs", claim, f"{sum(below)} of {len(below)}", all(below))]


STORIES = {
    "signers": (signers, _signers_page, _signers_targets),
    "transfer": (transfer, _transfer_page, _transfer_targets),
    "headlines": (headlines, _headlines_page, _headlines_targets),
}


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the claims of one story and whether they hold."""
    return STORIES[record["settings"]["story"]][2](record["measured"])


def page(record: dict[str, Any]) -> str:
    """Return tables and targets of one story as Markdown."""
    shown = STORIES[record["settings"]["story"]][1](record["measured"])
    reasons = _record.reasons("stories")
    return f"{shown}\n\n{_tables.targets(targets(record), reasons)}"


def draw(found: dict[str, Any], path: Path) -> None:
    """Draw accuracy by number of photos, mean and range over the seeds."""
    import matplotlib.pyplot as plt

    figure, both = plt.subplots(
        1, 2, figsize=(8.6, 3.6), sharey=True, layout="constrained"
    )
    for when, axes in enumerate(both):
        sizes, transferred, scratch = zip(*_by_size(found, when), strict=True)
        _curve(axes, sizes, transferred, "transfer", "#0072B2")
        _curve(axes, sizes, scratch, "from scratch", "#D55E00")
        axes.set(xscale="log", xticks=sizes, xticklabels=sizes, ylim=(45, 101))
        axes.set(xlabel="photos to learn from", title=WHEN[when])
        axes.minorticks_off()
        axes.spines[["top", "right"]].set_visible(False)
    both[0].set_ylabel("right on sealed photos, %")
    both[1].legend(loc="lower right", frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _curve(axes: Any, sizes: Any, runs: Any, name: str, colour: str) -> None:
    means = [100 * statistics.mean(values) for values in runs]
    low, high = ([100 * edge(values) for values in runs] for edge in (min, max))
    axes.plot(sizes, means, "o-", color=colour, label=name)
    axes.fill_between(sizes, low, high, color=colour, alpha=0.15, linewidth=0)


def main() -> None:
    """Measure one story, write results/stories-NAME.json, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories", description=__doc__
    )
    parser.add_argument("story", choices=STORIES)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    found = STORIES[options.story][0](options.seeds)
    settings = {"story": options.story, "seeds": options.seeds}
    record = _record.record("stories", before, settings, found)
    if options.story == "transfer" and not options.dry:
        draw(found, FIGURE)
    name = f"stories-{options.story}"
    _record.finish(record, name, page(record), dry=options.dry)


if __name__ == "__main__":
    main()
