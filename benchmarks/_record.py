"""A number without its machine, versions and command is a rumour, so they are one file.

A benchmark hands its measurements to `save`; nothing else writes to `results/`. Targets
are judged when a table is made, not when a number is measured, so that the judgement
can be read, and changed, in the code.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import sys
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "benchmarks" / "results"
REASONS = ROOT / "benchmarks" / "reasons.toml"


@dataclass(frozen=True)
class Target:
    """A claim and what was found: `name` is its key in reasons.toml."""

    name: str
    claim: str
    found: str
    holds: bool


def record(
    benchmark: str,
    before: dict[str, str],
    settings: dict[str, Any],
    measured: dict[str, Any],
    **versions: str,
) -> dict[str, Any]:
    """Return measurements with everything that is needed to judge them.

    `before` is what `machine()` said before the first run.
    """
    return {
        "benchmark": benchmark,
        "command": shlex.join(
            ["python", "-m", f"benchmarks.{benchmark}", *sys.argv[1:]]
        ),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": before,
        "versions": {**own_versions(), **versions},
        "settings": settings,
        "measured": measured,
    }


def save(result: dict[str, Any], name: str) -> Path:
    """Write a record to results/NAME.json and return its path."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    partial = path.with_suffix(".part")
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)
    return path


def finish(result: dict[str, Any], name: str, page: str, *, dry: bool) -> None:
    """Print a benchmark's page and, unless it was a rehearsal, keep its record."""
    print(page)
    if not dry:
        print(f"\nWritten to {save(result, name).relative_to(ROOT).as_posix()}.")


def load(name: str) -> dict[str, Any] | None:
    """Return the record in results/NAME.json, or None where there is none yet."""
    path = RESULTS / f"{name}.json"
    if not path.exists():
        return None
    return dict(json.loads(path.read_text(encoding="utf-8")))


def reasons(benchmark: str) -> dict[str, str]:
    """Return the reasons a person wrote for missed targets, by name of target."""
    written = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    return dict(written.get(benchmark, {}))


def machine() -> dict[str, str]:
    """Return what the numbers depend on: processor, cores, memory, system, load.

    `load` is the mean number of busy processes in the minute before (empty on systems
    that do not tell): above 0.5 something else was running.
    """
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": _system(),
        "load": load,
    }


def own_versions() -> dict[str, str]:
    """Return the versions of Python and of the libraries that do the work."""
    libraries = ("tensorflow", "keras", "numpy")
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in libraries},
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    import psutil  # type: ignore[import-untyped, unused-ignore]

    return f"{psutil.virtual_memory().total / 2**30:.0f} GiB"


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return f"{platform.system()} {platform.release()}"
