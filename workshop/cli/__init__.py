"""The commands. Whatever Python starts this is answered in a sentence, never a trace.

This module is read by Pythons too old or too new for the kit, and where pip has not
finished: it imports nothing until both are known to be well.
"""

from __future__ import annotations

import sys

OLDEST, NEWEST = (3, 11), (3, 13)
CANNOT_WORK = 3


def main(arguments: list[str] | None = None) -> None:
    """Run one command and end with its exit status."""
    problem = wrong_python(sys.version_info[:2])
    if problem:
        print(problem, file=sys.stderr)
        sys.exit(CANNOT_WORK)
    try:
        from workshop.cli.entry import run

        code = run(arguments)
    except ModuleNotFoundError as error:
        print(missing(error.name or "a library"), file=sys.stderr)
        code = CANNOT_WORK
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        code = 130
    sys.exit(code)


def wrong_python(version: tuple[int, ...]) -> str:
    """Return what to do about this Python; empty where it is the right one."""
    if OLDEST <= tuple(version) <= NEWEST:
        return ""
    mine = ".".join(map(str, version))
    return (
        f"This is Python {mine}, and TensorFlow needs Python 3.11, 3.12 or 3.13. "
        "Install one of them (python.org/downloads), make a new environment with it "
        '("python3.12 -m venv .venv", on Windows "py -3.12 -m venv .venv"), and '
        "install the workshop there."
    )


def missing(module: str) -> str:
    """Return what to do where a library is not installed."""
    name = module.partition(".")[0]
    return (
        f"{name} is not installed in this Python ({sys.executable}). Either pip has "
        "not finished, or another environment is active. Activate the workshop's "
        "environment, or install again with: "
        f"{_python()} -m pip install {_requirement(name)}"
    )


def _requirement(name: str) -> str:
    """Return the requirement as the kit states it, quoted for a terminal."""
    from importlib import metadata

    try:
        stated = metadata.requires("keras-workshop") or []
    except metadata.PackageNotFoundError:
        stated = []
    wanted = [one for one in stated if one.lower().startswith(name.lower())]
    return f'"{wanted[0]}"' if wanted else name


def _python() -> str:
    return "py" if sys.platform == "win32" else "python"
