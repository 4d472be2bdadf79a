"""What a script did is told by the grader's own side of the connection.

A runner holds one child, feeds it a script, and turns everything that can happen
(an error, an exit, silence, a limit) into one `Stop` with the learner's line. It also
carries questions to the child, each with a deadline.
"""

from __future__ import annotations

import ast
import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from workshop.evidence import wire
from workshop.results import Stop
from workshop.sandbox import Ask, Sandbox, hang_up
from workshop.script import NO_END, Script

GRACE_SECONDS = 5.0
ENDED = "The process of your script has ended."
NO_INPUT = (
    "Your script waits for somebody to type something, and here nobody can. "
    "Write the value into the script instead of input()."
)
PROGRESS = {"at", "epoch", "fit", "late"}
FITS = {"trained", "kept", "model", "refused kept", "refused model"}


class Gone(Exception):
    """The process that should answer has ended, or did not answer in time."""


class Peer:
    """One side that is asked: every question has a deadline, and silence ends it."""

    def __init__(self, connection: wire.Connection, seconds: float) -> None:
        self.connection = connection
        self.seconds = seconds
        self.gone = ""

    def ask(self, request: dict[str, Any]) -> Any:
        """Return the reply to a question; Gone where none comes in time.

        A question about a file goes to a process that has nothing but the file.
        """
        if self.gone:
            raise Gone(self.gone)
        if request["do"] == "file":
            with self.beside(request["path"], self._reply) as (box, path):
                other = Housed(box, self.seconds)
                return other._reply({**request, "path": path})
        return self._reply(request)

    def beside(self, path: str, ask: Ask) -> Any:
        """Return a second process that has what lies at `path`, as a context."""
        return Sandbox.beside(path, ask)

    def ending(self) -> str:
        """Return what to say where the other side has gone."""
        return ENDED

    def _reply(self, request: dict[str, Any]) -> Any:
        try:
            with self.limit(self.seconds) as deadline:
                wire.send(self.connection, request)
                while (reply := self.hear(deadline)).keys() & PROGRESS:
                    pass
                return reply
        except TimeoutError:
            name = str(request.get("name", "it"))
            self.gone = (
                f"No answer came from {name} within {self.seconds:.0f} seconds. "
                "Is there a loop without an end?"
            )
        except (EOFError, OSError):
            self.gone = self.ending()
        except wire.WireError as error:
            self.gone = f"An answer had an unknown form ({error})."
        raise Gone(self.gone)

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[float]:
        """Hang up after `seconds`, also on half a message; gives the deadline."""
        deadline = time.monotonic() + seconds
        timer = threading.Timer(seconds, hang_up, [self.connection])
        timer.daemon = True
        timer.start()
        try:
            yield deadline
        except (EOFError, OSError):
            if time.monotonic() >= deadline:
                raise TimeoutError from None
            raise
        finally:
            timer.cancel()

    def hear(self, deadline: float) -> dict[str, Any]:
        """Return the next message; TimeoutError where none comes in time."""
        left = deadline - time.monotonic()
        if left <= 0 or not self.connection.poll(left):
            raise TimeoutError
        message = wire.receive(self.connection)
        if not isinstance(message, dict):
            raise wire.WireError("a message is no dict")
        return message


class Housed(Peer):
    """One that is asked in a process of its own: Lost where that was taken away."""

    def __init__(self, sandbox: Any, seconds: float) -> None:
        super().__init__(sandbox.connection, seconds)
        self.sandbox = sandbox

    def ending(self) -> str:
        self.sandbox.ended(GRACE_SECONDS)  # which raises Lost where that is so
        return super().ending()


class Runner(Housed):
    """One child that runs one script, and can go on with it after a change."""

    def __init__(
        self,
        *,
        folder: Path,
        environment: Mapping[str, str],
        memory_mb: int,
        seconds: float,
        inherit: bool = False,
        on_line: Callable[[str], None] = lambda line: None,
        on_epoch: Callable[[int], None] = lambda epoch: None,
        start: Callable[..., Any] = Sandbox,
    ) -> None:
        sandbox = start(
            folder=folder,
            environment=environment,
            memory_mb=memory_mb,
            inherit=inherit,
            on_line=on_line,
        )
        super().__init__(sandbox, seconds)
        self.memory_mb = memory_mb
        self.on_epoch = on_epoch
        self.done: list[str] = []
        self.fits: set[str] = set()

    def beside(self, path: str, ask: Ask) -> Any:
        return self.sandbox.beside(path, ask)

    def close(self) -> None:
        """End the child and everything it started."""
        self.sandbox.stop()

    @property
    def output(self) -> str:
        return self.sandbox.screen.text

    def continues(self, script: Script) -> bool:
        """Return whether everything that was run stands unchanged in `script`."""
        new = [ast.dump(node) for node in ast.parse(script.text).body]
        return not self.gone and self.done == new[: len(self.done)]

    def run(
        self, script: Script, path: Path, until: int, quick: bool = False
    ) -> Stop | None:
        """Run what was not run yet, up to line `until`; return why it stopped."""
        body = ast.parse(script.text).body
        rest = [node for node in body[len(self.done) :] if node.lineno < until]
        if not rest:
            return None
        request = {
            "do": "run",
            "path": self.sandbox.where(path),
            "text": script.text,
            "from": rest[0].lineno,
            "until": min(until, NO_END),
            "quick": quick,
            "seconds": self.seconds,
        }
        return _Watch(self, script, rest).follow(request)


class _Watch:
    """Listens to one run: the line reached, the last epoch, and how it ended."""

    def __init__(self, runner: Runner, script: Script, rest: list[ast.stmt]) -> None:
        self.runner = runner
        self.lines = script.text.split("\n")
        self.rest = {node.lineno: ast.dump(node) for node in rest}
        self.line: int | None = None
        self.epoch = 0

    def follow(self, request: dict[str, Any]) -> Stop | None:
        seconds = self.runner.seconds
        try:
            with self.runner.limit(seconds + GRACE_SECONDS) as deadline:
                wire.send(self.runner.connection, request)
                return self._listen(deadline)
        except TimeoutError:
            return self._late(seconds)
        except (EOFError, OSError):
            return self._died()
        except wire.WireError as error:
            self.runner.gone = ENDED
            said = f"Your script sent something unreadable: {error}"[:200]
            return self._at("died", said)

    def _listen(self, deadline: float) -> Stop | None:
        while True:
            message = self.runner.hear(deadline)
            if "stop" in message:
                return self._stop(message["stop"])
            if "late" in message:
                self.line = _line(message["late"]) or self.line
                return self._late(self.runner.seconds)
            self._progress(message)

    def _progress(self, message: dict[str, Any]) -> None:
        if epoch := _line(message.get("epoch")):
            self.epoch = epoch
            self.runner.on_epoch(epoch)
        fit = message.get("fit")
        if isinstance(fit, str) and fit in FITS:
            self.runner.fits.add(fit)
        if line := _line(message.get("at")):
            self._finish()
            self.line, self.epoch = line, 0

    def _finish(self) -> None:
        """Note that the statement at the current line has been run."""
        if self.line in self.rest:
            self.runner.done.append(self.rest.pop(self.line))

    def _stop(self, problem: Any) -> Stop | None:
        if not isinstance(problem, dict):
            self._finish()
            return None
        self.line = _line(problem.get("line")) or self.line
        words = ("kind", "type", "message", "trace")
        kind, name, text, trace = (str(problem.get(word, "")) for word in words)
        trace = trace[:4_000]
        if kind == "exit":
            return self._at("exit", "Your script ended itself here.", trace)
        if kind == "memory":
            return self._at("memory", self._memory("ran out of memory"), trace)
        if name == "EOFError":
            return self._at("error", NO_INPUT, trace)
        said = f"{name}: {text.strip()}".removesuffix(": ")
        return self._at("error", said[:1_000], trace)

    def _late(self, seconds: float) -> Stop:
        self.runner.gone = ENDED
        epoch = f", after epoch {self.epoch}" if self.epoch else ""
        return self._at(
            "time",
            f"Your script was stopped after {seconds:.0f} seconds{epoch}. Is there a "
            "loop without an end, or far more training than the lesson asks for?",
        )

    def _died(self) -> Stop:
        self.runner.gone = ENDED
        code = self.runner.sandbox.ended(GRACE_SECONDS)
        if code in (134, 137, 139):
            name = signal.Signals(code - 128).name
            return self._at("memory", self._memory(f"was ended by {name}"))
        if code is None:
            return self._at("died", "Your script cut its connection to the checks.")
        return self._at("died", f"The process of your script ended (exit code {code}).")

    def _memory(self, what: str) -> str:
        limit = self.runner.memory_mb
        bound = f", probably at the memory limit of {limit} MB" if limit else ""
        return f"Your script {what}{bound}. Use fewer or smaller arrays."

    def _at(self, kind: Any, message: str, trace: str = "") -> Stop:
        line = self.line if self.line and self.line <= len(self.lines) else None
        source = self.lines[line - 1].strip()[:500] if line else ""
        return Stop(kind, message, line, source, trace)


def _line(value: Any) -> int | None:
    return value if type(value) is int and value > 0 else None
