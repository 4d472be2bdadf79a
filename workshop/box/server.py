"""The server of boxes, as the grader sees it: a process to start, to ask, and to end.

It runs in the outer box, below a warden that ends all of it together with the grader.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from workshop import warden
from workshop.box import outer
from workshop.sandbox import let_end

START_SECONDS = 120
Ends = tuple[socket.socket, int, socket.socket]


class Unavailable(Exception):
    """No box can be made: one sentence says why, and what to do."""


class Server:
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

    def ask(self, job: dict[str, Any]) -> Ends:
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
