"""The grader's side: it asks a server for a box, talks to it, and ends it.

A `Box` has the face of `sandbox.Sandbox`, so that nothing above knows in which of the
two a script runs. The server is started when it is first needed, and again where it
was lost; all of it ends with this process, whatever ends that (see `warden`).
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

from workshop import warden
from workshop.box import inside, outer
from workshop.box.inside import Limits
from workshop.box.keeper import Ending
from workshop.evidence import wire
from workshop.sandbox import END_SECONDS, Ask, Lost, let_end
from workshop.submission import is_inside
from workshop.terminal import Screen

START_SECONDS = 120
DEADLY = 137


class Unavailable(Exception):
    """No box can be made: one sentence says why, and what to do."""


class Boxes:
    """One server and its boxes; for several threads. Use as a context manager.

    `shown` are folders that every box may read. With `warm` a box is a fork of the
    server, which has imported Keras before where `keras` says that it is needed;
    without, each box starts Python anew.
    """

    def __init__(
        self,
        shown: tuple[Path, ...] = (),
        *,
        warm: bool = True,
        keras: bool = True,
        limits: Limits | None = None,
    ) -> None:
        self.shown = shown
        self.warm = warm
        self.keras = keras
        self.limits = limits or Limits()
        self.why_cold = ""
        self._server: _Server | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Boxes:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(
        self,
        *,
        environment: Mapping[str, str],
        memory_mb: int = 0,
        on_line: Callable[[str], None] = lambda line: None,
        **_: Any,
    ) -> Box:
        """Return a new box. Lost where the server goes twice while it is asked."""
        limits = replace(self.limits, memory_mb=memory_mb or self.limits.memory_mb)
        job = {"limits": asdict(limits), "environment": dict(environment)}
        for _attempt in range(2):
            with self._lock:
                server = self._started()
                with contextlib.suppress(OSError):
                    return Box(self, server.ask(job), environment, on_line)
                self._stop()
        raise Lost("the server of boxes is lost")

    def start(self) -> None:
        """Start the server now, so that the first box need not wait."""
        with self._lock:
            self._started()

    def close(self) -> None:
        """End the server and every box."""
        with self._lock:
            self._stop()

    def _started(self) -> _Server:
        if self._server is None:
            mode = "cold" if not self.warm else "warm" if self.keras else "light"
            self._server = _Server(self.shown, mode)
            self.why_cold = self._server.why_cold
        return self._server

    def _stop(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None


class _Server:
    """The process that forks boxes, in the outer box, below a warden."""

    def __init__(self, shown: tuple[Path, ...], mode: str) -> None:
        self.last = ""  # what it said last, once it has ended
        self.said = tempfile.TemporaryFile()  # noqa: SIM115
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            fd = str(theirs.fileno())
            server = [sys.executable, "-P", "-m", "workshop.box.zygote", fd]
            server.append(mode)
            guard = [sys.executable, "-I", "-S", str(warden.__file__), fd, "0"]
            self.process = subprocess.Popen(
                [*guard, *outer.command(shown), *server],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=self.said,
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", "/usr/bin:/bin")},
            )
        self.control.settimeout(START_SECONDS)
        try:
            said = json.loads(self.control.recv(2**16))
        except (OSError, ValueError):
            said = None
        if said is None:
            self.stop()
            raise Unavailable(
                f"The box for other people's work did not start{self.last}"
            )
        self.why_cold: str = said["why_cold"]

    def ask(self, job: dict[str, Any]) -> tuple[socket.socket, int, socket.socket]:
        """Return this side's ends of a new box; OSError where the server is gone."""
        ours, theirs = socket.socketpair()
        status, its_status = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        output, its_output = os.pipe()
        ends = [theirs.fileno(), its_output, its_status.fileno()]
        try:
            socket.send_fds(self.control, [json.dumps(job).encode()], ends)
        except OSError:
            for one in (ours, status):
                one.close()
            os.close(output)
            raise
        finally:
            theirs.close()
            its_status.close()
            os.close(its_output)
        return ours, output, status

    def stop(self) -> None:
        self.control.close()
        let_end(self.process)
        with self.said:
            self.said.seek(0)
            lines = self.said.read().decode("utf-8", "replace").strip().splitlines()
        self.last = f": {lines[-1][:300]}" if lines else "."


class Box:
    """One box and the connection to it, with the face of a `Sandbox`."""

    def __init__(
        self,
        boxes: Boxes,
        ends: tuple[socket.socket, int, socket.socket],
        environment: Mapping[str, str],
        on_line: Callable[[str], None],
    ) -> None:
        ours, output, self._status = ends
        self.boxes = boxes
        self.environment = environment
        self.connection: wire.Connection = mp.Connection(ours.detach())
        self.screen = Screen(on_line)
        self.ending: Ending | None = None
        self._reader = threading.Thread(target=self._read, args=[output], daemon=True)
        self._reader.start()

    def __enter__(self) -> Box:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def put(self, files: Mapping[str, bytes], folder: str = inside.WORK) -> None:
        """Write files below a folder of the box, before any script has run there.

        Lost where the box is gone. OSError where it has no room for them, or a name
        leaves the folder; then the box has ended.
        """
        if not files:
            return
        try:
            reply = self._put(files, folder)
        except (EOFError, OSError):
            self.stop()
            raise Lost("the box is lost") from None
        except wire.WireError as error:
            reply = error
        if reply != {"value": len(files)}:
            self.stop()
            raise OSError(f"files could not be put into a box: {str(reply)[:300]}")

    def _put(self, files: Mapping[str, bytes], folder: str) -> Any:
        import numpy as np

        if outside := [name for name in files if not is_inside(name)]:
            raise wire.WireError(f"{outside[0]!r} does not stay inside its folder")
        made = {name: np.frombuffer(data, np.uint8) for name, data in files.items()}
        wire.send(self.connection, {"do": "put", "folder": folder, "files": made})
        return wire.receive(self.connection)

    @staticmethod
    def where(path: Path) -> str:
        """Return where a script that the grader reads at `path` lies for the child."""
        return f"{inside.WORK}/{path.name}"

    @contextlib.contextmanager
    def beside(self, path: str, ask: Ask) -> Iterator[tuple[Box, str]]:
        """Give a second box that has nothing but what lies at `path` in this one."""
        reply = ask({"do": "fetch", "path": path})
        found = reply.get("files", {})  # none of them: then the question is refused
        if len(found) > inside.FETCHED:
            found = {}
        files = {name: data.tobytes() for name, data in found.items()}
        name = path.rpartition("/")[2]
        with self.boxes.open(environment=self.environment) as box:
            box.put(files)
            yield box, f"{inside.WORK}/{name}"

    def cut(self) -> None:
        """End the box from another thread; whoever talks to it finds it gone."""
        with contextlib.suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)

    def stop(self) -> int:
        """End the box and all in it; return its exit code (-1 where that is lost)."""
        self.connection.close()
        self.cut()
        with contextlib.suppress(Lost):
            self.ended(END_SECONDS)
        self._reader.join(END_SECONDS)
        self._status.close()
        return self.ending.code if self.ending else -1

    def ended(self, seconds: float) -> int | None:
        """Return the exit code if the box ends by itself within `seconds`.

        Lost where the box was taken away: its server ended, or somebody outside it
        ended its first process, which nobody inside can.
        """
        if self.ending is None:
            self._status.settimeout(seconds)
            try:
                said = self._status.recv(2**16)
            except TimeoutError:
                return None
            except OSError:
                said = b""
            if not said:
                raise Lost("the box is lost")
            self.ending = Ending(**json.loads(said))
        if self.ending.why == "unknown":
            raise Lost("the box was ended from outside")
        return DEADLY if self.ending.why == "memory" else self.ending.code

    def silent(self, seconds: float) -> bool:
        """Tell whether nobody holds the output open any more, within `seconds`."""
        self._reader.join(seconds)
        return not self._reader.is_alive()

    def _read(self, output: int) -> None:
        with open(output, "rb", buffering=0) as pipe:
            while data := pipe.read(65536):
                self.screen.feed(data)
        self.screen.close()
