"""A thousand mixed submissions through Dask: with one worker, two, and with losses.

Scheduler and workers are processes of their own on this machine, started by `dask
scheduler` and `dask worker --nthreads 1`, with this process as the one that asks. Most
submissions are trivial and right; some are wrong, cannot be read, crash, loop until
their limit (3 s here), train a tiny network, leave by force or ask for too much memory.
What each must end as is known.

The rate is taken from the first submission sent to the last result received. Before it
each worker has started Python, made its boxes (which imports TensorFlow) and tried to
break out of one; that start is given apart. Each worker has one core, with one as with
two. Efficiency is the time with one worker, divided by twice that with two: on a
machine of two cores the process that asks and the scheduler have none of their own
once there are two workers, and count. Then the same once more with two workers, one
of which is killed every 20 s (`kill -9`), to see that every result comes, and the same.

It takes about ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from distributed import Client

from benchmarks import _dask, _mixed, _record, _tables, _travel
from benchmarks._record import Target
from benchmarks._tables import seconds
from workshop.batch.cluster import Cluster
from workshop.batch.orders import Orders
from workshop.course import load

EFFICIENCY = 0.85
BETWEEN_KILLS = 20.0
MANY = 10_000
RUNS = {
    "one": (1, False),
    "two": (2, False),
    "killed": (2, True),
}
TITLES = {"one": "1 worker", "two": "2 workers", "killed": "2 workers, one killed"}


def measure(count: int, scratch: Path) -> dict[str, Any]:
    """Return `{run: {"start": s, "seconds": s, "kills": n, "lost": n, "other": n}}`.

    `lost` counts submissions without a result, `other` those that ended otherwise than
    their kind must, `different` those that ended otherwise than with one worker.
    """
    drawn = _mixed.drawn(count)
    found: dict[str, Any] = {}
    first: dict[int, Any] = {}
    for name, (workers, killing) in RUNS.items():
        folder = scratch / name
        folder.mkdir()
        found[name], endings = _run(drawn, folder, workers, killing)
        first = first or endings
        differ = sum(first.get(n) != ending for n, ending in endings.items())
        found[name]["different"] = differ
        print(f"{TITLES[name]}: {found[name]}", file=sys.stderr)
    kinds = Counter(kind for kind, _ in drawn)
    travels = _travel.measure(scratch)
    return {"kinds": dict(kinds), "runs": found, "travels": travels}


def _run(
    drawn: list[tuple[str, Any]], folder: Path, workers: int, killing: bool
) -> tuple[dict[str, Any], dict[int, Any]]:
    course = load(_mixed.SMALL)
    choices: Any = {lesson.stem: (None, "") for lesson in course.lessons}
    terms: Any = Orders(course, choices, os.urandom(32), False, {})
    due = [work for _, work in drawn]
    with _dask.local(folder, workers, "--preload", "benchmarks._short") as client:
        begin = time.perf_counter()
        with Cluster(client, terms, tell=print) as made:
            ready = time.perf_counter()
            with _killing(client, killing) as kills:
                endings = {n: _mixed.ending(one) for n, one in made.mark_all(due)}
            end = time.perf_counter()
    other = [
        kind
        for number, (kind, _) in enumerate(drawn)
        if number in endings and endings[number][:2] != _mixed.KINDS[kind][-1]
    ]
    if other:
        print(f"ended otherwise: {dict(Counter(other))}", file=sys.stderr)
    cell = {
        "start": round(ready - begin, 2),
        "seconds": round(end - ready, 2),
        "kills": len(kills),
        "lost": len(due) - len(endings),
        "other": len(other),
    }
    return cell, endings


@contextmanager
def _killing(client: Client, wanted: bool) -> Iterator[list[int]]:
    """Kill one worker after another that grades, while the block lasts; give them."""
    killed: list[int] = []
    end = threading.Event()

    def kill() -> None:
        for turn in itertools.count():
            if end.wait(BETWEEN_KILLS):
                return
            there = _dask.graders(client)
            if there:
                os.kill(there[turn % len(there)], signal.SIGKILL)
                killed.append(there[turn % len(there)])

    thread = threading.Thread(target=kill, daemon=True)
    if wanted:
        thread.start()
    try:
        yield killed
    finally:
        end.set()
        if wanted:
            thread.join()


def efficiency(record: dict[str, Any]) -> float:
    """Return the seconds with one worker, divided by twice those with two."""
    runs = record["measured"]["runs"]
    return float(runs["one"]["seconds"] / (2 * runs["two"]["seconds"]))


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the verdicts: efficiency, and that nothing is lost or changed."""
    found = efficiency(record)
    runs = record["measured"]["runs"].values()
    wrong = sum(one["lost"] + one["other"] + one["different"] for one in runs)
    claim = f"two workers: efficiency at least {EFFICIENCY}"
    rate = Target("efficiency", claim, f"{found:.2f}", found >= EFFICIENCY)
    claim = "no result lost or changed, also where workers are killed"
    return [rate, Target("results", claim, f"{wrong} of them", wrong == 0)]


def table(record: dict[str, Any]) -> str:
    """Return start, seconds, rate and losses of the three runs."""
    count = record["settings"]["count"]
    head = ("", "start", "seconds", "per second", "kills", "lost", "changed")
    rows = [
        (
            TITLES[name],
            seconds(run["start"]),
            seconds(run["seconds"]),
            f"{count / run['seconds']:.1f}",
            str(run["kills"]),
            str(run["lost"]),
            str(run["other"] + run["different"]),
        )
        for name, run in record["measured"]["runs"].items()
    ]
    kinds = (f"{n} × {kind}" for kind, n in record["measured"]["kinds"].items())
    return f"{count} submissions: {', '.join(kinds)}.\n\n{_tables.table(head, rows)}"


def many(record: dict[str, Any]) -> str:
    """Return how long 10,000 such submissions take, as measured and as reckoned."""
    count, runs = record["settings"]["count"], record["measured"]["runs"]
    one, two = (runs[name]["seconds"] / count * MANY / 60 for name in ("one", "two"))
    rows = [("1", f"{one:.0f} min", "measured rate")]
    rows += [("2", f"{two:.0f} min", "measured rate")]
    rows += [
        (f"{workers}", f"{two * 2 / workers:.1f} min", "reckoned from the rate of two")
        for workers in (20, 100)
    ]
    head = ("workers", f"{MANY:,} submissions", "how it is known")
    return _tables.table(head, rows)


def travel(record: dict[str, Any]) -> str:
    """Return the bytes that travel as a table."""
    found = record["measured"]["travels"]
    rows = [(_travel.TITLES[name], f"{size:,}") for name, size in found.items()]
    return _tables.table(("travels", "bytes"), rows)


def page(record: dict[str, Any]) -> str:
    """Return tables and targets as Markdown."""
    judged = _tables.targets(targets(record), _record.reasons("cluster"))
    return "\n\n".join([table(record), many(record), travel(record), judged])


def main() -> None:
    """Measure, write results/cluster.json, print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cluster", description=__doc__
    )
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    with tempfile.TemporaryDirectory() as scratch:
        found = measure(options.count, Path(scratch).resolve())
    settings = {"count": options.count}
    record = _record.record("cluster", before, settings, found, **_versions())
    _record.finish(record, "cluster", page(record), dry=options.dry)


def _versions() -> dict[str, str]:
    from importlib import metadata

    return {"distributed": metadata.version("distributed")}


if __name__ == "__main__":
    main()
