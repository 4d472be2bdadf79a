"""A learner's script runs in a process of its own, which the grader can always end.

The two share one connection that carries messages of known form (`evidence.wire`) and
the learner's output, which is shown and never interpreted. On Linux and macOS a warden
stands between them (see `warden`), on Windows a Job Object (see `windows`).
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

from workshop.evidence import wire
from workshop.terminal import Screen

WINDOWS = sys.platform == "win32"
START_SECONDS = 60
END_SECONDS = 15

ENVIRONMENT = {
    "PYTHONUTF8": "1",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUNBUFFERED": "1",
    "MALLOC_ARENA_MAX": "2",
    "MPLBACKEND": "Agg",
    "WORKSHOP_CHILD": "1",
}
Ask = Callable[[dict[str, Any]], Any]
Start = Callable[[str, dict[str, Any]], subprocess.Popen[bytes]]

QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "GRPC_VERBOSITY": "ERROR"}


class Lost(BaseException):
    """The place where a script ran was taken away, which says nothing of the script.

    No exception that a check may catch: whoever grades tries again.
    """


class Sandbox:
    """A child process and the connection to it. Use as a context manager.

    `folder` becomes the working directory, `memory_mb` the limit of memory (0: none).
    Output goes to this process's terminal where `inherit` is true, else line by line
    to `on_line`.
    """

    def __init__(
        self,
        *,
        folder: Path,
        environment: Mapping[str, str],
        memory_mb: int = 0,
        inherit: bool = False,
        on_line: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.screen = Screen(on_line)
        self._reader: threading.Thread | None = None
        self._job: Any = None
        own: dict[str, Any] = {
            "cwd": folder,
            "env": {**QUIET, **os.environ, **ENVIRONMENT, **environment},
            "stdout": None if inherit else subprocess.PIPE,
            "stderr": None if inherit else subprocess.STDOUT,
            "start_new_session": not WINDOWS,
        }
        self.process, self.connection = connected(
            lambda address, options: subprocess.Popen(
                _command(address, memory_mb), **own, **options
            )
        )
        if WINDOWS:
            self._job = _job(self.process, memory_mb)
        if self.process.stdout:
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @staticmethod
    def where(path: Path) -> str:
        """Return where a script that the grader reads at `path` lies for the child."""
        return str(path)

    @staticmethod
    @contextlib.contextmanager
    def beside(path: str, ask: Ask) -> Iterator[tuple[Sandbox, str]]:
        """Give a second process, and where in it lies what the first wrote at `path`.

        It has nothing else. `ask` asks the first one.
        """
        with Sandbox(folder=Path(path).parent, environment={}) as other:
            yield other, path

    def cut(self) -> None:
        """End the child from another thread; whoever talks to it finds it gone."""
        if WINDOWS:
            self.process.kill()
        elif self.process.stdin:
            with contextlib.suppress(OSError):
                self.process.stdin.close()

    def stop(self) -> int:
        """End the child and all it started; return its exit code."""
        self.connection.close()
        if self._job:
            self._job.close()
        let_end(self.process)
        if self._reader:
            self._reader.join(END_SECONDS)
        return self.process.returncode

    def ended(self, seconds: float) -> int | None:
        """Return the exit code if the child ends by itself within `seconds`."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(seconds)
        return None

    def _read(self) -> None:
        pipe = self.process.stdout
        assert pipe is not None
        with pipe:
            while data := os.read(pipe.fileno(), 65536):
                self.screen.feed(data)
        self.screen.close()


def let_end(process: subprocess.Popen[bytes]) -> None:
    """Cut the lifeline of a warden, or close the input of another, and wait for it."""
    if process.stdin:
        with contextlib.suppress(OSError):
            process.stdin.close()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def hang_up(connection: wire.Connection) -> None:
    """End a connection, so that nobody waits for the rest of a message.

    On Windows it is a pipe of whole messages, where nobody ever waits for a rest.
    """
    if not WINDOWS:
        with (
            contextlib.suppress(OSError),
            socket.socket(fileno=os.dup(connection.fileno())) as other,
        ):
            other.shutdown(socket.SHUT_RDWR)


def connect(address: str) -> wire.Connection:
    """Return the other end of the connection that `address` names."""
    if address.isdigit():
        return mp.Connection(int(address))
    return mp.Client(address, authkey=sys.stdin.readline().strip().encode())


def connected(start: Start) -> tuple[subprocess.Popen[bytes], wire.Connection]:
    """Start a process that calls `connect`; return it and this end of the connection.

    `start` gets the address to pass on and the options that `Popen` needs for it.
    """
    return _through_pipe(start) if WINDOWS else _through_socket(start)


def _through_socket(start: Start) -> tuple[subprocess.Popen[bytes], wire.Connection]:
    ours, theirs = socket.socketpair()
    with theirs:
        fd = theirs.fileno()
        process = start(str(fd), {"pass_fds": [fd], "stdin": subprocess.PIPE})
    return process, mp.Connection(ours.detach())


def _through_pipe(start: Start) -> tuple[subprocess.Popen[bytes], wire.Connection]:
    key = secrets.token_hex(32)
    accepted: list[wire.Connection] = []
    with mp.Listener(None, authkey=key.encode()) as listener:
        process = start(str(listener.address), {"stdin": subprocess.PIPE})
        assert process.stdin is not None
        process.stdin.write(f"{key}\n".encode())
        process.stdin.close()
        waiter = threading.Thread(
            target=lambda: accepted.append(listener.accept()), daemon=True
        )
        waiter.start()
        waiter.join(START_SECONDS)
    if not accepted:
        process.kill()
        raise OSError("the process for your script did not start")
    return process, accepted[0]


def _command(address: str, memory_mb: int) -> list[str]:
    child = [sys.executable, "-P", "-m", "workshop.child", address]
    if WINDOWS:
        return child
    warden = str(Path(__file__).with_name("warden.py"))
    return [sys.executable, "-I", "-S", warden, address, str(memory_mb), *child]


def _job(process: subprocess.Popen[bytes], memory_mb: int) -> Any:
    from workshop.windows import Job

    return Job(int(process._handle), memory_mb)  # type: ignore[attr-defined]
