"""A scheduler of Dask and worker processes on this machine, on its loopback alone.

They are started by the commands that a person would type, and end with the block. What
they say is in `scheduler.log` and `worker-0.log`, … of the folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from distributed import Client

from benchmarks._record import ROOT
from workshop.batch import cluster

START_SECONDS = 120
END_SECONDS = 30
HERE = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")


@contextlib.contextmanager
def local(
    folder: Path, workers: int, *words: str, environment: dict[str, str] | None = None
) -> Iterator[Client]:
    """Give a client of a new scheduler, once all workers have joined it.

    Each worker is one process of one thread below a nanny that starts it again; on
    Linux it has one core alone, as a site's scheduler gives it, while there are enough.
    `words` are added to its command, `environment` to its environment.
    """
    place = folder / "scheduler.json"
    with contextlib.ExitStack() as stack:
        command = ["scheduler", *HERE, "--port", "0", "--scheduler-file", str(place)]
        stack.enter_context(_process(command, folder / "scheduler.log", {}))
        address = _address(place)
        for number in range(workers):
            command = ["worker", address, *HERE, "--nthreads", "1", *words]
            command += ["--local-directory", str(folder / f"worker-{number}")]
            log = folder / f"worker-{number}.log"
            pid = stack.enter_context(_process(command, log, environment or {}))
            _bind(pid, number)
        client = stack.enter_context(cluster.connect(address))
        if workers:
            client.wait_for_workers(workers, timeout=START_SECONDS)
        yield client


def graders(client: Client) -> list[int]:
    """Return the process numbers of the workers that have a desk."""
    found = client.run(_process_number, on_error="ignore").values()
    return sorted(pid for pid in found if pid)


def _bind(pid: int, number: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(pid, {cores[number % len(cores)]})


def _process_number(dask_worker: Any) -> int:
    plugins = dask_worker.plugins.values()
    return os.getpid() if any(getattr(one, "desk", None) for one in plugins) else 0


@contextlib.contextmanager
def _process(words: list[str], log: Path, given: dict[str, str]) -> Iterator[int]:
    command = [str(Path(sys.executable).parent / "dask"), *words]
    found = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(found), **given}
    with log.open("wb") as said:
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield process.pid
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _address(place: Path) -> str:
    """Return the address in the file that a scheduler writes once it listens."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return str(json.loads(place.read_text(encoding="utf-8"))["address"])
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start")
