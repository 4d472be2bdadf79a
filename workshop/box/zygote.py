"""One process imports TensorFlow, and forks itself for every submission.

    python -P -m workshop.box.zygote FD warm|light|cold

FD is a socket of whole messages: each asks for one box and carries its three ends (the
connection, the output, the status). The server holds no secret, runs no line of a
learner's code, and knows nothing of what is graded. Forking is safe only while it has
one thread and TensorFlow has run nothing; that is looked at before every fork, and
where it does not hold, the box starts Python anew. Where no lesson of a run imports
Keras, the server need not either: it is light.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import socket
import sys
from dataclasses import asdict
from typing import Any

from workshop.box import child, filter, inside, kernel
from workshop.box.keeper import Ending, Keeper

MESSAGE = 2**16
ASKED = "it was asked for"
IMPORTED = {
    "light": ("numpy.random",),
    "warm": (
        *("numpy.random", "matplotlib.pyplot", "PIL.Image", "tensorflow", "keras"),
        *("workshop.datasets", "workshop.plots", "workshop.backbones"),
    ),
}


class Zygote:
    """Answers one grader until it goes."""

    def __init__(self, control: socket.socket, mode: str) -> None:
        self.control = control
        self.keeper = Keeper(control.fileno())
        self.filter = filter.build()
        self.held = os.listdir("/tmp")  # noqa: PTH208
        self.processes = os.open("/proc/self/ns/pid", os.O_RDONLY)
        gc.disable()  # what is imported stays; looking through it takes time
        self.why_cold = prepare(IMPORTED[mode]) if mode in IMPORTED else ASKED
        gc.freeze()

    def serve(self) -> None:
        """Fork a box for each message; where this returns, it is in a box."""
        self.control.send(json.dumps({"why_cold": self.why_cold}).encode())
        while True:
            self.keeper.wait()
            message, ends, _, _ = socket.recv_fds(self.control, MESSAGE, 3)
            if not message:
                sys.exit()
            if self._fork(json.loads(message), *ends):
                return

    def _fork(
        self, job: dict[str, Any], connection: int, output: int, status: int
    ) -> bool:
        """Fork a box; True in the box, once it holds."""
        why_cold = self.why_cold or unsafe()
        limits = inside.Limits(**job["limits"])
        kernel.unshare(kernel.NEWPID)
        box = os.fork()
        if box:
            kernel.enter(self.processes, kernel.NEWPID)
            self.keeper.hold(box, status, limits.memory_mb)
            os.close(connection)
            os.close(output)
            return False
        try:
            inside.enter(limits, self.held)
            _redirect(connection, output)
            self.filter.load()
        except BaseException as error:
            refused = Ending(1, "unknown")
            os.write(status, json.dumps(asdict(refused)).encode())
            print(f"a box could not be made: {error}", file=sys.stderr)
            os._exit(1)
        _begin(environment_of(job["environment"]), cold=bool(why_cold))
        return True


def _begin(environment: dict[str, str], *, cold: bool) -> None:
    """Give a process its environment, and a new Python where that is due."""
    if cold:
        os.set_inheritable(child.FD, True)
        command = [sys.executable, "-P", "-m", "workshop.box.child"]
        os.execve(command[0], command, environment)
    os.environ.clear()
    os.environ.update(environment)
    gc.enable()


def prepare(names: tuple[str, ...]) -> str:
    """Import what lessons import; return why a fork is not safe afterwards, or ""."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            return f"{name} cannot be imported ({error})"
    return unsafe()


def unsafe() -> str:
    """Return why a fork of this process would hang, or ""."""
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    if threads != 1:
        return f"it has {threads} threads"
    context: Any = sys.modules.get("tensorflow.python.eager.context")
    if context is None:
        return "" if "tensorflow" not in sys.modules else "TensorFlow has changed"
    if getattr(context, "_context", "changed") is not None:
        return "TensorFlow has been used"
    return ""


def environment_of(given: dict[str, str]) -> dict[str, str]:
    """Return the whole environment of a box."""
    places = {"HOME": inside.HOME, "TMPDIR": "/tmp", "WORKSHOP_BOX": inside.BOX}
    places |= {"USER": "attendee", "LOGNAME": "attendee"}
    return {**os.environ, **places, **given}


def _redirect(connection: int, output: int) -> None:
    """Leave a program four descriptors: no input, its output twice, the connection."""
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    if connection != child.FD:
        os.dup2(connection, child.FD, inheritable=False)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) > child.FD:
            with contextlib.suppress(OSError):  # the one that listed them is closed
                os.close(int(name))


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    Zygote(control, sys.argv[2]).serve()
    child.main()


if __name__ == "__main__":
    main()
