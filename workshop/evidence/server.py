"""One namespace answers questions about itself, and nothing else.

The same server stands in a child, in a box, and in a notebook's kernel. It hands out
descriptions and results, keeps the objects, and turns whatever the learner's code
raises into a description of that error: type, message, and their own line.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workshop import pace
from workshop.evidence import wire
from workshop.evidence.describe import describe, plain

MAX_TEXT = 4_000


class Server:
    """Answers about one namespace; `file` names the learner's script in tracebacks."""

    handlers: tuple[str, ...] = (
        *("names", "get", "predict", "call", "map", "take", "file", "cost"),
    )

    def __init__(self, namespace: Mapping[str, Any], file: str = "") -> None:
        self.namespace = namespace
        self.file = file

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the reply to one request; never raises what learners' code raises."""
        try:
            if request["do"] not in self.handlers:
                raise ValueError(f"{request['do']!r} is no question")
            reply = getattr(self, f"_{request['do']}")(request)
            wire.encode(reply)
            return reply
        except wire.WireError as error:
            said = f"this is too large, or too unusual, to be looked at ({error})"
            return {"error": {"type": "", "message": said, "line": None}}
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return {"error": problem(error, self.file)}

    def _names(self, request: dict[str, Any]) -> dict[str, Any]:
        names = [n for n in list(self.namespace) if not n.startswith("_")]
        return {"names": names[:10_000]}

    def _get(self, request: dict[str, Any]) -> dict[str, Any]:
        if request["name"] not in self.namespace:
            return {"is": "missing"}
        return describe(self.namespace[request["name"]])

    def _predict(self, request: dict[str, Any]) -> dict[str, Any]:
        model = self.namespace[request["name"]]
        return {"value": plain(model.predict(request["array"], verbose=0))}

    def _call(self, request: dict[str, Any]) -> dict[str, Any]:
        function = self.namespace[request["name"]]
        arguments = [_writeable(item) for item in request["arguments"]]
        result = function(*arguments)
        try:
            return {"value": plain(result)}
        except TypeError as error:
            return {"is": "other", "kind": "blank" if result is ... else str(error)}

    def _map(self, request: dict[str, Any]) -> dict[str, Any]:
        function = self.namespace[request["name"]]
        return {"value": [plain(function(_writeable(x))) for x in request["items"]]}

    def _take(self, request: dict[str, Any]) -> dict[str, Any]:
        dataset = self.namespace[request["name"]]
        return {"value": [plain(item) for item in dataset.take(request["count"])]}

    def _file(self, request: dict[str, Any]) -> dict[str, Any]:
        from workshop.evidence.files import run_file

        return {"value": plain(run_file(Path(request["path"]), request["array"]))}

    def _cost(self, request: dict[str, Any]) -> dict[str, Any]:
        return {"peak_mb": pace.peak_mb()}


def problem(error: BaseException, file: str) -> dict[str, Any]:
    """Describe an exception: its type, message, and the learner's deepest line."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename == file]
    text = "".join(traceback.format_list(own))
    try:
        message = str(error)
    except BaseException:
        message = ""
    return {
        "type": type(error).__name__,
        "message": message[:MAX_TEXT],
        "line": own[-1].lineno if own else None,
        "trace": text[-MAX_TEXT:],
    }


def serve(connection: wire.Connection, server: Server) -> None:
    """Answer until the other side goes."""
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            wire.send(connection, server.answer(wire.receive(connection)))


def notebook_cells() -> list[str]:
    """Return the source of every cell run in this kernel, or of the running script."""
    main = sys.modules["__main__"]
    cells = vars(main).get("In")
    if isinstance(cells, list):
        return [str(cell) for cell in cells if cell]
    path = getattr(main, "__file__", None)
    return [Path(path).read_text(encoding="utf-8")] if path else []


def _writeable(value: Any) -> Any:
    """Return arrays as copies: learners may change what they are given in place."""
    if hasattr(value, "copy") and hasattr(value, "dtype"):
        return value.copy()
    return value
