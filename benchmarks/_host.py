"""A room to measure is the command that instructors type, in a process of its own.

Its port is chosen once, so that a room that was killed comes back where it was.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]

from benchmarks._record import ROOT

_BOARD = re.compile(r"http://([\d.]+):(\d+)/board#(\w+)")
_CODE = re.compile(r"Join code\s+(\S+)")


@dataclass
class Host:
    """A room that runs: where, its join code, the instructor's token, its process."""

    port: int
    code: str
    token: str
    process: subprocess.Popen[str]

    @property
    def cpu(self) -> float:
        """Seconds of processor time so far, of the server alone."""
        spent = psutil.Process(self.process.pid).cpu_times()
        return float(spent.user + spent.system)

    @property
    def memory(self) -> float:
        """Megabytes that are resident now."""
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    def kill(self) -> None:
        """End it as a power cut would (`kill -9`)."""
        self.process.kill()
        self._reap()

    def end(self) -> None:
        """End it as Ctrl-C does."""
        self.process.terminate()
        self._reap()

    def _reap(self) -> None:
        self.process.wait(30)
        if self.process.stdout:
            self.process.stdout.close()


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def start(folder: Path, port: int, *options: str) -> Host:
    """Return a room that is served from a folder; it goes on where it was."""
    command = [sys.executable, "-m", "workshop", "--plain", "room", "--in", str(folder)]
    command += ["--host", "127.0.0.1", "--port", str(port), *options]
    process = subprocess.Popen(
        command,
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    code = ""
    for line in process.stdout:
        code = found[1] if (found := _CODE.search(line)) else code
        if found := _BOARD.search(line):
            return Host(int(found[2]), code, found[3], process)
    raise RuntimeError(f"The room did not start: {' '.join(command)}")


def journal(folder: Path) -> Path:
    """Return the journal of the last session in a room's folder."""
    return max((folder / "sessions").glob("*.sqlite"))
