"""Nothing reaches a route that has not shown where it comes from and how large it is.

A request must name this room as its host (a name of ours or an address: so no foreign
page can point a name at us) and, where it changes something, come from our own pages or
from a program. Bodies are counted while they come and have a time to come in. Whatever
is refused is refused in one sentence that echoes nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import math
import re
import socket
from collections.abc import Collection
from typing import Any, TypeVar
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL = 64 * 1024
BODY_SECONDS = 20.0
SAFE = ("GET", "HEAD", "OPTIONS")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_HOST = re.compile(
    r"(\[[0-9a-fA-F:.]+(?:%25[\w.]+)?\]|[A-Za-z0-9._-]{1,253})(?::\d{1,5})?"
)

Kind = TypeVar("Kind")


class Problem(Exception):
    """A request that is not done: a status, a sentence, and seconds to wait, if any."""

    def __init__(self, status: int, sentence: str, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.status = status
        self.wait = wait

    def response(self) -> Response:
        headers = {"Retry-After": str(int(self.wait) + 1)} if self.wait else None
        return JSONResponse({"error": str(self)}, self.status, headers)


class Guard:
    """Around the application: hosts and origins, headers of every answer."""

    def __init__(self, app: ASGIApp, names: Collection[str] = ()) -> None:
        self.app = app
        self.names = {name.lower() for name in (*names, *_own_names())}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        if scope["type"] != "http":
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        problem = self._problem(scope)
        answer = problem.response() if problem else self.app
        await answer(scope, receive, dressed)

    def _problem(self, scope: Scope) -> Problem | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            return Problem(400, "This request does not say which host it is for.")
        if not self._is_ours(_name(hosts[0])):
            return Problem(421, "This room is not reached by that name.")
        if scope["method"] not in SAFE and not _is_own(headers, hosts[0]):
            return Problem(403, "Another site may not do this.")
        return None

    def _is_ours(self, name: str) -> bool:
        """Tell whether a name is ours; a plain address always is."""
        try:
            ipaddress.ip_address(name.partition("%")[0])
        except ValueError:
            return name.removesuffix(".") in self.names
        return True


def _is_own(headers: Headers, host: str) -> bool:
    """Tell whether a change is asked for by a page of ours, or by no page at all."""
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.netloc.lower() == host.lower()


def _name(host: str) -> str:
    """Return a host without its port and brackets, in small letters."""
    inside = (
        host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    )
    return inside.lower().replace("%25", "%")


def _own_names() -> list[str]:
    """Return the names under which this machine is known."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return ["localhost", name, short, f"{short}.local", f"{short}.lan", f"{short}.home"]


def announced(request: Request, largest: int) -> int | None:
    """Return the announced size of a body, or None; refuse one that is too large."""
    text = request.headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise Problem(400, "The length of what was sent is no number.")
    if int(text) > largest:
        raise Problem(413, f"More than {largest:,} bytes are not taken here.")
    return int(text)


async def body(
    request: Request, largest: int = SMALL, seconds: float = BODY_SECONDS
) -> bytes:
    """Return what was sent; Problem as soon as it is too large, too slow or cut off."""
    announced(request, largest)
    parts: list[bytes] = []
    count = 0
    try:
        async with asyncio.timeout(seconds):
            async for part in request.stream():
                count += len(part)
                if count > largest:
                    raise Problem(
                        413, f"More than {largest:,} bytes are not taken here."
                    )
                parts.append(part)
    except TimeoutError:
        raise Problem(408, f"It did not come within {seconds:.0f} seconds.") from None
    except ClientDisconnect:
        raise Problem(400, "It broke off.") from None
    return b"".join(parts)


async def fields(request: Request, largest: int = SMALL) -> dict[str, Any]:
    """Return the JSON object that was sent."""
    sent = await body(request, largest)
    try:
        found = json.loads(sent or b"{}")
    except (ValueError, RecursionError):
        raise Problem(400, "What was sent is no JSON.") from None
    if not isinstance(found, dict):
        raise Problem(400, "What was sent is no JSON object.")
    return found


def field(found: dict[str, Any], name: str, kind: type[Kind]) -> Kind:
    """Return a field of a JSON object, of one kind exactly; a float may be whole."""
    value = found.get(name)
    if kind is float and type(value) is int and abs(value) < 1e15:
        value = float(value)
    endless = isinstance(value, float) and not math.isfinite(value)
    if type(value) is not kind or endless:
        raise Problem(400, f"“{name}” is missing, or no {_WORDS.get(kind, 'value')}.")
    return value


_WORDS: dict[type, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    list: "list",
    dict: "object",
}


def line(text: str, longest: int) -> str:
    """Return what a person typed as one line that acts on nothing; Problem if empty."""
    from workshop.report import words

    found = words.one_line(text[: 4 * longest])[:longest].strip()
    if not found:
        raise Problem(400, "It is empty.")
    return found
