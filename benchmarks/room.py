"""What a room bears: attendees who report, pages that follow, kills, downloads.

`workshop room` is a process of its own on loopback, the attendees are another. Each has
joined, keeps the stream of their page open and reports a check about every 10 s, as
hard as a class of 500 would: 50 reports a second. Board and projector follow all the
time, and the instructor says something every 5 s, which goes to every page.

A report's answer waits for the disk, so two things are timed beside it in the same
minute: a commit of one row to a database of its own beside the journal, and a page
without data. *On the board* is the time from a report's sending until the board's
stream shows it, *everywhere* that from the instructor's sending until the last stream
of all shows it. Pages are told four times a second at most, so up to 0.25 s of both is
meant so. *Client late* is how late the process of the attendees itself was.

Then attendees send each report until it is taken, and the room is killed in the middle
(`kill -9`) and started again: what was acknowledged must be in the journal after each
kill, and everything exactly once in the end. At last newcomers download from the room's
mirror while attendees report.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import _downloads, _host, _losses, _record, _tables
from benchmarks._asking import ask
from benchmarks._crowd import Crowd
from benchmarks._host import Host
from benchmarks._record import ROOT, Target
from workshop.course import bundled, load

COUNTS = (30, 100, 500)
SECONDS = 45.0
LESSON, PLAN = "01_mnist", "full_day"
ANSWER = 0.1
KILLS, KILLED = 3, 100
DOWNLOADS, SIZE, DOWNLOADING = 30, 200 * 10**6, 100
COMMIT_EVERY = 0.1


@contextlib.contextmanager
def commits(folder: Path) -> Iterator[list[float]]:
    """Commit a row of 400 letters every 0.1 s meanwhile; give the seconds it took."""
    found: list[float] = []
    end = threading.Event()

    def write() -> None:
        with contextlib.closing(sqlite3.connect(folder / "bare.sqlite")) as file:
            file.execute("pragma journal_mode = wal")
            file.execute("pragma synchronous = full")
            file.execute("create table row (text)")
            while not end.wait(COMMIT_EVERY):
                begin = time.perf_counter()
                with file:
                    file.execute("insert into row values (?)", ("x" * 400,))
                found.append(time.perf_counter() - begin)

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        end.set()
        thread.join()


async def _under_load(
    host: Host, crowd: Crowd, count: int, seconds: float, scratch: Path
) -> dict[str, Any]:
    """Return what attendees found in some seconds, and what the server used."""
    await crowd.join(host.code, count)
    await ask(host.port, "POST", "/api/board/start", host.token, {"plan": PLAN})
    begin, cpu, own = time.perf_counter(), host.cpu, time.process_time()
    with commits(scratch) as bare:
        await crowd.run(seconds)
    took = time.perf_counter() - begin
    everywhere = [
        max(shown.values()) - crowd.told[number]
        for number, shown in crowd.shown.items()
        if len(shown) == count + 1
    ]
    return {
        **{"reports": len(crowd.answers), "refused": crowd.refused},
        **{"answer": spread(crowd.answers), "commit": spread(bare)},
        **{"static": spread(crowd.static), "board": spread(crowd.board)},
        "everywhere": {"told": len(crowd.told), "whole": len(everywhere)}
        | spread(everywhere),
        **{"late": spread(crowd.lag), "memory": round(host.memory, 1)},
        "cpu": round((host.cpu - cpu) / took, 3),
        "client": round((time.process_time() - own) / took, 3),
    }


def spread(found: list[float]) -> dict[str, float]:
    """Return median, the value that 99 of 100 stay below, and the largest."""
    ordered = sorted(found)
    places = (len(ordered) // 2, int(len(ordered) * 0.99), len(ordered) - 1)
    names = ("p50", "p99", "most")
    return {name: round(ordered[i], 5) for name, i in zip(names, places, strict=True)}


def crowded(
    scratch: Path, count: int, seconds: float, *options: str, downloads: str = ""
) -> dict[str, Any]:
    """Return what so many attendees find; meanwhile others may download a file."""
    scratch.mkdir(exist_ok=True)
    host = _host.start(scratch / "room", _host.free_port(), *options)
    crowd = Crowd(host.port, host.token, load(bundled()).find(LESSON))
    try:
        with _downloading(host.port, downloads, seconds) as rate:
            found = asyncio.run(_under_load(host, crowd, count, seconds, scratch))
        return {**found, **rate}
    finally:
        host.end()


@contextlib.contextmanager
def _downloading(port: int, path: str, seconds: float) -> Iterator[dict[str, float]]:
    """Download meanwhile, if there is a path; afterwards tell the bytes a second."""
    rate: dict[str, float] = {}
    if not path:
        yield rate
        return
    asked = [f"{port}", path, f"{DOWNLOADS}", f"{seconds}"]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks._downloads", *asked],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield rate
        rate["rate"] = round(float(process.communicate()[0]))


def measure(seconds: float, counts: tuple[int, ...], scratch: Path) -> dict[str, Any]:
    """Return the three parts: attendees, kills, downloads."""
    attendees = {}
    for count in counts:
        attendees[str(count)] = crowded(scratch / f"{count}", count, seconds)
        print(count, attendees[str(count)], file=sys.stderr)
    (scratch / "kills").mkdir()
    lesson = load(bundled()).find(LESSON)
    kills = _losses.measure(scratch / "kills" / "room", lesson, KILLED, KILLS)
    print(kills, file=sys.stderr)
    found = {"attendees": attendees, "kills": kills}
    return found | {"downloads": downloads(seconds, scratch)}


def downloads(seconds: float, scratch: Path) -> dict[str, Any]:
    """Return what attendees find while newcomers download 200 MB each."""
    path = _downloads.mirror(scratch / "mirror", SIZE)
    mirror = ("--mirror", str(scratch / "mirror"))
    found = crowded(scratch / "busy", DOWNLOADING, seconds, *mirror, downloads=path)
    print(found, file=sys.stderr)
    return found


def targets(record: dict[str, Any]) -> list[Target]:
    """Return the verdicts: answers in time, nobody refused, nothing lost or doubled."""
    found, kills = record["measured"]["attendees"], record["measured"]["kills"]
    most = max(found, key=int)
    answer = found[most]["answer"]["p99"]
    refused = sum(one["refused"] for one in found.values())
    missing = sum(
        one["everywhere"]["told"] - one["everywhere"]["whole"] for one in found.values()
    )
    wrong = kills["lost at a kill"] + kills["lost"] + kills["doubled"]
    claim = f"{most} attendees: 99 of 100 reports are answered within {_ms(ANSWER)}"
    return [
        Target("answer", claim, _ms(answer), answer < ANSWER),
        Target("refused", "no report is refused", f"{refused} of them", refused == 0),
        Target("shown", "every page shows all", f"{missing} do not", missing == 0),
        Target(
            "kills",
            "kills lose and double nothing",
            f"{wrong} of {kills['reports']} reports",
            wrong == 0,
        ),
    ]


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.{1 if seconds < 0.01 else 0}f} ms"


ROWS = {
    "answer to a report": "answer",
    "a bare commit": "commit",
    "a page without data": "static",
    "on the board": "board",
    "everywhere": "everywhere",
    "client late": "late",
}


def table(found: dict[str, Any]) -> str:
    """Return half and 99 of 100 of all that was timed, a column for each crowd."""
    rows = [
        (name, *(_half_and_most(one[key]) for one in found.values()))
        for name, key in ROWS.items()
    ]
    rows += [(name, *map(show, found.values())) for name, show in COUNTED.items()]
    return _tables.table(("half / 99 of 100", *found), rows)


def _half_and_most(found: dict[str, float]) -> str:
    return f"{_ms(found['p50'])} / {_ms(found['p99'])}"


def ratio(found: dict[str, Any]) -> float:
    """Return how much longer 99 of 100 answers take than a bare commit."""
    return float(found["answer"]["p99"] / found["commit"]["p99"])


COUNTED: dict[str, Callable[[dict[str, Any]], str]] = {
    "answer ÷ bare commit, 99 of 100": lambda one: f"{ratio(one):.1f}",
    "reports": lambda one: f"{one['reports']:,}",
    "downloaded": lambda one: f"{one.get('rate', 0) / 1e6:.0f} MB/s",
    "server, memory": lambda one: f"{one['memory']:.0f} MB",
    "server, of one core": lambda one: _tables.percent(one["cpu"]),
    "client, of one core": lambda one: _tables.percent(one["client"]),
}


def page(record: dict[str, Any]) -> str:
    """Return tables and targets as Markdown."""
    measured = record["measured"]
    crowds = {f"{n} attendees": one for n, one in measured["attendees"].items()}
    crowds[f"{DOWNLOADING}, and {DOWNLOADS} who download"] = measured["downloads"]
    kills = ", ".join(f"{name} {n}" for name, n in measured["kills"].items())
    judged = _tables.targets(targets(record), _record.reasons("room"))
    return "\n\n".join([table(crowds), f"Killed meanwhile: {kills}.", judged])


def main() -> None:
    """Measure, write results/room.json, print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.room", description=__doc__
    )
    parser.add_argument("--seconds", type=float, default=SECONDS, help="10 or more")
    parser.add_argument("--attendees", type=int, nargs="+", default=list(COUNTS))
    parser.add_argument("--dry", action="store_true", help="write no results")
    options = parser.parse_args()
    before = _record.machine()
    with tempfile.TemporaryDirectory() as scratch:
        counts = tuple(options.attendees)
        found = measure(options.seconds, counts, Path(scratch).resolve())
    settings = {"seconds": options.seconds, "attendees": options.attendees}
    record = _record.record("room", before, settings, found, **_versions())
    _record.finish(record, "room", page(record), dry=options.dry)


def _versions() -> dict[str, str]:
    from importlib import metadata

    return {name: metadata.version(name) for name in ("starlette", "uvicorn")}


if __name__ == "__main__":
    main()
