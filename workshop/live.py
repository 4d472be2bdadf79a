"""In a notebook, the variables that are open are the evidence: nothing trains again.

The grader is a process of its own here too. This kernel starts it, answers its
questions about the variables, and prints what it says.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from workshop import sandbox
from workshop.evidence.server import Server, notebook_cells, serve


class _Notebook(Server):
    """Also tells which cells were run."""

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        if request.get("do") == "cells":
            return {"value": notebook_cells()}
        return super().answer(request)


def check(name: str) -> None:
    """Check the lesson `name` on the variables of this notebook and print the report.

    In a script that `workshop check` runs, this does nothing: the check is under way.
    """
    if os.environ.get("WORKSHOP_CHILD"):
        return
    command = [sys.executable, "-P", "-m", "workshop", "check", str(name), "--live"]
    settings: dict[str, Any] = {
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "env": {**os.environ, "PYTHONUTF8": "1"},
    }
    grader, connection = sandbox.connected(
        lambda address, options: subprocess.Popen(
            [*command, address], **settings, **options
        )
    )
    printer = threading.Thread(target=_print, args=[grader.stdout])
    printer.start()
    main = vars(sys.modules["__main__"])
    try:
        serve(connection, _Notebook(main, str(main.get("__file__", Path("notebook")))))
    except BaseException:
        grader.kill()
        raise
    finally:
        connection.close()
        if grader.stdin:
            grader.stdin.close()
        grader.wait()
        printer.join()


def _print(stream: Any) -> None:
    with stream:
        for line in stream:
            print(line.decode("utf-8", "replace"), end="", flush=True)
