"""A command is timed from outside, as the person who typed it would.

What counts is when lines that answer them come, and the end. All are wall-clock seconds
since the process was started; standard error is read with standard output.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    """How one run went.

    `moments` are the seconds at which awaited lines came, `total` the second at which
    the process had ended, `code` its exit status.
    """

    moments: tuple[float, ...]
    total: float
    code: int
    output: str

    @property
    def first(self) -> float | None:
        """The second of the first awaited line; None where none ever came."""
        return self.moments[0] if self.moments else None


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    variables: Mapping[str, str] | None = None,
    awaited: str = r"\S",
    limit: float = 1800,
    started: Callable[[int], None] = lambda pid: None,
) -> Timing:
    """Run a command and time it; `awaited` is a regular expression for one line.

    A process that outlives `limit` seconds is killed and TimeoutError is raised.
    `started` is told its number.
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
    started(process.pid)
    moments, lines = _read(process, re.compile(awaited), start)
    code = process.wait()
    total = time.perf_counter() - start
    alarm.cancel()
    if total >= limit:
        raise TimeoutError(f"{command[0]} was stopped after {limit:g} s")
    return Timing(tuple(moments), total, code, "".join(lines))


def _read(
    process: subprocess.Popen[str], awaited: re.Pattern[str], start: float
) -> tuple[list[float], list[str]]:
    """Return when awaited lines came, and all lines."""
    moments: list[float] = []
    lines: list[str] = []
    assert process.stdout is not None
    with contextlib.closing(process.stdout) as stream:
        for line in stream:
            lines.append(line)
            if awaited.search(line):
                moments.append(time.perf_counter() - start)
    return moments, lines
