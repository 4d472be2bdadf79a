"""A client as small as can be, so that a measurement is of the server.

Each question has a connection of its own, as the kit's own client does it; a stream of
events keeps one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

WIDEST = 2**24


class Broken(Exception):
    """The server is not there, or went away before its answer was whole."""


async def ask(
    port: int, method: str, path: str, token: str = "", body: Any = None
) -> tuple[int, bytes]:
    """Return the status and the body of an answer; Broken where there is none."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        raise Broken(str(error)) from None
    try:
        writer.write(_request(port, method, path, token, body, "close"))
        status, headers = await _head(reader)
        return status, await reader.readexactly(int(headers.get("content-length", 0)))
    except (OSError, EOFError, asyncio.IncompleteReadError) as error:
        raise Broken(str(error)) from None
    finally:
        writer.close()


async def events(port: int, path: str, token: str) -> AsyncIterator[bytes]:
    """Yield the data of each event of a stream, until it ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=WIDEST)
    try:
        writer.write(_request(port, "GET", path, token, None, "keep-alive"))
        status, _ = await _head(reader)
        if status != 200:
            raise Broken(f"{path} answered {status}")
        while size := int(await reader.readline() or b"0", 16):
            chunk = (await reader.readexactly(size + 2))[:-2]
            if chunk.startswith(b"event: view\ndata: "):
                yield chunk[len(b"event: view\ndata: ") : -2]
    except (OSError, asyncio.IncompleteReadError) as error:
        raise Broken(str(error)) from None
    finally:
        writer.close()


def _request(
    port: int, method: str, path: str, token: str, body: Any, connection: str
) -> bytes:
    sent = b"" if body is None else json.dumps(body).encode()
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"Connection: {connection}", f"Content-Length: {len(sent)}"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Content-Type: application/json"] if sent else []
    return "\r\n".join([*lines, "", ""]).encode() + sent


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    return int(head[0].split()[1]), {n.lower(): v.strip() for n, _, v in pairs}
