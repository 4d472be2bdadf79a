"""The grader's side: it asks a server for a box, talks to it, and ends it.

A `Box` has the face of `sandbox.Sandbox`, so that nothing above knows in which of the
two a script runs. The server is started when it is first needed, and again where it
was lost; all of it ends with this process, whatever ends that (see `warden`).
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from multiprocessing import connection as mp
from pathlib import Path
from typing import Any

from workshop.box import inside
from workshop.box.inside import Limits
from workshop.box.keeper import Ending
from workshop.box.server import Ends, Server
from workshop.box.shares import Share, Shares
from workshop.evidence import wire
from workshop.sandbox import END_SECONDS, Ask, Lost
from workshop.submission import is_inside
from workshop.terminal import Screen

DEADLY = 137


class Boxes:
    """One server and its boxes; for several threads. Use as a context manager.

    `shown` are folders that every box may read. With `warm` a box is a fork of the
    server, which has imported Keras before where `keras` says that it is needed;
    without, each box starts Python anew. The cores are dealt out among so many boxes
    `at_once`.
    """

    def __init__(
        self,
        shown: tuple[Path, ...] = (),
        *,
        warm: bool = True,
        keras: bool = True,
        at_once: int = 1,
        limits: Limits | None = None,
    ) -> None:
        self.shown = shown
        self.warm = warm
        self.keras = keras
        self.limits = limits or Limits()
        self.shares = Shares(at_once)
        self.why_cold = ""
        self._server: Server | None = None
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
        share: Share | None = None,
        **_: Any,
    ) -> Box:
        """Return a new box. Lost where the server goes twice while it is asked."""
        limits = replace(self.limits, memory_mb=memory_mb or self.limits.memory_mb)
        job = {"limits": asdict(limits), "environment": dict(environment)}
        with contextlib.ExitStack() as held:
            share = held.enter_context(self.shares.one(share))
            ends = self._ask({**job, "cores": share.cores})
            return Box(self, ends, environment, on_line, share, held.pop_all())

    def _ask(self, job: dict[str, Any]) -> Ends:
        for _attempt in range(2):
            with self._lock:
                server = self._started()
                with contextlib.suppress(OSError):
                    return server.ask(job)
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

    def _started(self) -> Server:
        if self._server is None:
            mode = "cold" if not self.warm else "warm" if self.keras else "light"
            self._server = Server(self.shown, mode)
            self.why_cold = self._server.why_cold
        return self._server

    def _stop(self) -> None:
        if self._server:
            self._server.stop()
            self._server = None


class Box:
    """One box and the connection to it, with the face of a `Sandbox`."""

    def __init__(
        self,
        boxes: Boxes,
        ends: Ends,
        environment: Mapping[str, str],
        on_line: Callable[[str], None],
        share: Share,
        held: contextlib.ExitStack,
    ) -> None:
        ours, output, self._status = ends
        self.boxes = boxes
        self.share, self._held = share, held
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
        with self.boxes.open(environment=self.environment, share=self.share) as box:
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
        self._held.close()
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
