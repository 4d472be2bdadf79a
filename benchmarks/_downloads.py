"""Thirty newcomers who download from a room's mirror, in a process of their own."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import sys
from pathlib import Path

PIECE = 2**20


def mirror(folder: Path, size: int) -> str:
    """Make a mirror of one file of some bytes in a folder; return the file's path."""
    path = folder / "wheels" / "large-1.0-py3-none-any.whl"
    path.parent.mkdir(parents=True)
    path.write_bytes(bytes(size))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    name = path.relative_to(folder).as_posix()
    (folder / "SHA256SUMS").write_text(f"{digest}  {name}\n")
    return name


async def _one(port: int, path: str, got: list[int]) -> None:
    """Download a file once and keep nothing; note how many bytes came."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=PIECE)
    head = (
        f"GET /mirror/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode())
    with contextlib.closing(writer):
        while piece := await reader.read(PIECE):
            got.append(len(piece))


async def _again(port: int, path: str, got: list[int]) -> None:
    while True:
        await _one(port, path, got)


async def _main(port: int, path: str, downloads: int, seconds: float) -> None:
    """Download again and again; print the bytes that came in a second."""
    got: list[int] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await asyncio.gather(*(_again(port, path, got) for _ in range(downloads)))
    print(sum(got) / seconds)


if __name__ == "__main__":
    asyncio.run(
        _main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
    )
