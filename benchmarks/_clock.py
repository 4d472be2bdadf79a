"""A command is timed from outside, as the person who typed it would.

Two moments count: the first line that answers them, and the end. Both are wall-clock
seconds since the process was started; standard error is read with standard output.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    """How one run went.

    `first` is the second at which the awaited line came (None: it never came), `total`
    the second at which the process had ended, `code` its exit status.
    """

    first: float | None
    total: float
    code: int
    output: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    variables: Mapping[str, str] | None = None,
    awaited: str = r"\S",
    limit: float = 1800,
) -> Timing:
    """Run a command and time it; `awaited` is a regular expression for one line.

    A process that outlives `limit` seconds is killed and TimeoutError is raised.
    """
    variables = {**os.environ, "PYTHONUNBUFFERED": "1", **(variables or {})}
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    alarm = threading.Timer(limit, process.kill)
    alarm.start()
    first, lines = _read(process, re.compile(awaited), start)
    code = process.wait()
    total = time.perf_counter() - start
    alarm.cancel()
    if total >= limit:
        raise TimeoutError(f"{command[0]} was stopped after {limit:g} s")
    return Timing(first, total, code, "".join(lines))


def _read(
    process: subprocess.Popen[str], awaited: re.Pattern[str], start: float
) -> tuple[float | None, list[str]]:
    """Return when the awaited line came, and all lines."""
    first: float | None = None
    lines: list[str] = []
    assert process.stdout is not None
    with contextlib.closing(process.stdout) as stream:
        for line in stream:
            lines.append(line)
            if first is None and awaited.search(line):
                first = time.perf_counter() - start
    return first, lines
