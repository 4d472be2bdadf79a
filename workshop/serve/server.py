"""Routes, and nothing else: the protocol is below /v1, the page is everything else.

Nothing is loaded from elsewhere and nothing inline runs, and the browser is told so. A
body is counted while it arrives and refused at the limit, before it is read as JSON.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workshop.serve import protocol
from workshop.serve.tensors import Served

LIMIT = 16 * 1024 * 1024
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
ALLOWED = "GET, HEAD, POST, OPTIONS"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/pixels.js": ("pixels.js", "text/javascript"),
    "/words.js": ("words.js", "text/javascript"),
}


@dataclass(frozen=True)
class Settings:
    """What the page must know of a model, beside its metadata.

    `shape` is that of one picture (height, width, channels), or None where the model
    takes no picture; `flat` when the model wants it as one row. `white` is the value of
    a white pixel. One class name for each output, or two for a single output.
    """

    name: str
    shape: tuple[int, int, int] | None
    instance: tuple[int, ...]
    white: float
    classes: tuple[str, ...]
    logits: bool | None = None


def application(model: Served, settings: Settings) -> Starlette:
    """Return the web application of one model."""

    async def ask(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**HEADERS, "Allow": ALLOWED})
        body = await _body(request)
        path = request.scope.get("raw_path", request.url.path.encode()).decode(
            "latin-1"
        )
        if body is None:
            reply = protocol.error(413, f"The request is larger than {LIMIT} bytes.")
        else:
            reply = await run_in_threadpool(
                protocol.respond, request.method, path.partition("?")[0], body, model
            )
        return Response(reply.text, reply.status, HEADERS, "application/json")

    async def tell(request: Request) -> Response:
        return JSONResponse(asdict(settings), headers=HEADERS)

    routes = [Route(path, _file(*what)) for path, what in FILES.items()]
    rest = Route("/v1/{rest:path}", ask, methods=METHODS)
    return Starlette(routes=[*routes, Route("/settings", tell), rest])


async def _body(request: Request) -> bytes | None:
    """Return what was sent; None as soon as it is more than the limit."""
    parts: list[bytes] = []
    count = 0
    try:
        async for part in request.stream():
            count += len(part)
            if count > LIMIT:
                return None
            parts.append(part)
    except ClientDisconnect:
        return None
    return b"".join(parts)


def _file(name: str, kind: str) -> Any:
    text = resources.files("workshop.serve").joinpath("page", name).read_text("utf-8")

    async def give(request: Request) -> Response:
        return Response(text, headers=HEADERS, media_type=kind)

    return give


def picture(instance: tuple[int, ...]) -> tuple[int, int, int] | None:
    """Return height, width and channels of one instance; None where it is no picture.

    A row whose length is a square number, such as 784, is a square of grey pixels.
    """
    if any(size < 0 for size in instance):
        return None
    if len(instance) == 3 and instance[2] in (1, 3):
        return (instance[0], instance[1], instance[2])
    if len(instance) == 2:
        return (instance[0], instance[1], 1)
    side = round(instance[0] ** 0.5) if len(instance) == 1 else 0
    return (side, side, 1) if side >= 8 and side * side == instance[0] else None
