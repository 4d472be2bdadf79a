"""The process that runs a learner's script, statement by statement, and describes it.

    python -P -m workshop.child ADDRESS

It is the learner's world: their modules, their prints, their crash. Statement by
statement, so that the grader always knows the last line reached, and so that a script
whose later cells changed can go on from where it was. Nothing here is trusted, and
nothing here decides anything.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import contextlib
import inspect
import linecache
import os
import sys
import tempfile
import threading
import types
from collections.abc import Iterator
from functools import wraps
from pathlib import Path
from typing import Any

from workshop import kept, sandbox
from workshop.evidence import wire
from workshop.evidence.server import Server, problem

OUTPUT_LIMIT = 2_000_000


class Child:
    """One script in one namespace."""

    def __init__(
        self, connection: wire.Connection, server: type[Server] = Server
    ) -> None:
        self.connection = connection
        self.module = types.ModuleType("__main__")
        sys.modules["__main__"] = self.module
        vars(builtins).setdefault("display", print)
        self.names = vars(self.module)
        self.server = server(self.names)
        self.sending = threading.Lock()
        self.pid = os.getpid()
        self.quick = False
        self.fits = kept.Fits(self.tell)

    def serve(self) -> None:
        """Run and answer until the grader goes."""
        with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
            while True:
                request = wire.receive(self.connection)
                if request["do"] == "run":
                    reply: dict[str, Any] = {"stop": self.run(request)}
                else:
                    reply = self.server.answer(request)
                if os.getpid() != self.pid:
                    os._exit(0)
                self.tell(reply)

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message; a fork of the script runs on, and has nothing to say."""
        if os.getpid() == self.pid:
            with self.sending:
                wire.send(self.connection, message)

    def run(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """Run the statements that begin on a line in [from, until).

        Returns None, or what stopped them: kind, and a problem as `server` has it.
        """
        path, text = request["path"], request["text"]
        self.module.__file__ = self.server.file = path
        self.quick = request["quick"]
        linecache.cache[path] = (len(text), None, text.splitlines(True), path)
        late = threading.Timer(request["seconds"], self._late, [path])
        late.daemon = True
        late.start()
        try:
            return self._statements(path, text, request["from"], request["until"])
        finally:
            late.cancel()

    def _statements(
        self, path: str, text: str, first: int, until: int
    ) -> dict[str, Any] | None:
        flags, body = 0, ast.parse(text, path).body
        for statement in body:
            flags |= _future(statement)
            if first <= statement.lineno < until:
                self.tell({"at": statement.lineno})
                self.fits.begin(statement)
                try:
                    code = ast.Module([statement], [])
                    with hushed() if _imports(statement) else contextlib.nullcontext():
                        exec(compile(code, path, "exec", flags, True), self.names)
                except BaseException as error:
                    if statement is body[-1] and _is_farewell(error):
                        return None
                    return {"kind": _kind(error), **problem(error, path)}
                self._follow_fits()
        return None

    def _late(self, path: str) -> None:
        """Tell which line is running when the time is up."""
        frame = sys._current_frames().get(threading.main_thread().ident or 0)
        line = None
        while frame:
            if frame.f_code.co_filename == path and line is None:
                line = frame.f_lineno
            frame = frame.f_back
        with contextlib.suppress(OSError):
            self.tell({"late": line})

    def _follow_fits(self) -> None:
        """Once Keras is there, stand before every `fit`."""
        keras: Any = sys.modules.get("keras")
        model = getattr(keras, "Model", None)
        if model is None or hasattr(model.fit, "__wrapped_by_workshop__"):
            return
        fit = model.fit
        form = inspect.signature(fit)

        @wraps(fit)
        def followed(model: Any, *args: Any, **settings: Any) -> Any:
            try:
                given = form.bind(model, *args, **settings).arguments
            except TypeError:
                return fit(model, *args, **settings)
            return self._fit(fit, given)

        followed.__wrapped_by_workshop__ = True  # type: ignore[attr-defined]
        model.fit = followed

    def _fit(self, fit: Any, given: dict[str, Any]) -> Any:
        """Train as was asked, and tell of each epoch; or take what was kept."""
        model, asked = given.pop("self"), dict(given)

        def train() -> Any:
            callbacks = given.get("callbacks") or []
            listed = callbacks if isinstance(callbacks, list | tuple) else [callbacks]
            return fit(model, **{**given, "callbacks": [*listed, _callback(self)]})

        return train() if self.quick else self.fits.run(model, asked, train)


def _is_farewell(error: BaseException) -> bool:
    """Tell whether a script only said goodbye: `quit()`, or `sys.exit()` with 0."""
    return isinstance(error, SystemExit) and error.code in (None, 0)


def _callback(child: Child) -> Any:
    """Return a callback that tells of epochs, and ends a rehearsal after the first."""
    import keras

    class Follow(keras.callbacks.Callback):
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            child.tell({"epoch": epoch + 1})
            if child.quick:
                self.model.stop_training = True

    return Follow()


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """While a library is imported, hold back what its C++ says unless it fails.

    TensorFlow logs before its log level can be set; a beginner takes that for errors.
    """
    with tempfile.TemporaryFile() as held:
        stderr = os.dup(2)
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(stderr, held.read(20_000))
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


def _imports(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _future(statement: ast.stmt) -> int:
    if not isinstance(statement, ast.ImportFrom) or statement.module != "__future__":
        return 0
    names = [alias.name for alias in statement.names]
    return sum(getattr(__future__, name).compiler_flag for name in names)


def _kind(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "exit"
    names = {"MemoryError", "ResourceExhaustedError", "_ArrayMemoryError"}
    return "memory" if type(error).__name__ in names else "error"


class _Output:
    """The learner's standard output or error, cut after a limit.

    It calls itself a terminal, so that progress bars rewrite their line instead of
    printing one line a step; where it is captured, `terminal` carries that out.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._left = OUTPUT_LIMIT

    def write(self, text: str) -> int:
        if self._left > 0:
            self._stream.write(text[: self._left])
            self._left -= len(text)
            if self._left <= 0:
                self._stream.write("\n… the rest of what is printed is not shown\n")
        return len(text)

    def isatty(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def main() -> None:
    begin(Child(sandbox.connect(sys.argv[1])))


def begin(child: Child) -> None:
    """Serve a grader in this process, which is a learner's from now on."""
    sys.argv[:] = ["lesson"]
    sys.stdout, sys.stderr = _Output(sys.stdout), _Output(sys.stderr)
    sys.path.append(str(Path.cwd()))
    child.serve()


if __name__ == "__main__":
    main()
