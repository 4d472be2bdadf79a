"""What a mirror's lists name is handed out, and nothing else can be asked for.

A path is looked up in a table made from SHA256SUMS at the start: it never reaches the
file system, and no file is hashed or held in memory. Files go out in pieces of 256 KiB:
thirty downloads at once then fill any network, and other answers wait some
milliseconds; larger pieces are no faster for a room and make the others wait longer.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Awaitable, Callable
from email.parser import BytesHeaderParser
from functools import cache
from html import escape
from importlib import resources
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from workshop.mirror import lists

HEADERS = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_PLACE = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_WHEEL = re.compile(rf"{lists.WHEELS}/[A-Za-z0-9._]+-[A-Za-z0-9._+!-]+\.whl")
_CODE = re.compile(r"[A-Za-z0-9-]*")

Address = Callable[[Request], str]
Endpoint = Callable[[Request], Awaitable[Response]]


class Held(NamedTuple):
    """A file that is handed out, and its SHA-256."""

    path: Path
    sha256: str


class Piecewise(FileResponse):
    """A file in larger pieces; of several ranges at once it is sent whole."""

    chunk_size = 1 << 18
    max_ranges = 1


def asked(request: Request) -> str:
    """Return the host and port that a request names.

    For use behind a guard that lets through only names of ours; what is neither a name
    nor an address is refused here as well.
    """
    host = request.headers.get("host", "")
    if not _PLACE.fullmatch(host):
        raise HTTPException(400)
    return host


def routes(mirror: Path, address: Address = asked) -> list[Route]:
    """Return the routes of a mirror; raises lists.MirrorError where it is none.

    `address` gives the host and port at which the caller of `/go` reaches the room.
    """
    held = {
        path: Held(mirror / path, digest)
        for path, digest in lists.sums(mirror).items()
        if (mirror / path).is_file()
    }
    told = {name: mirror / name for name in (lists.SUMS, lists.ABOUT)}
    return [
        Route("/go", _script(address)),
        *(
            Route(f"/mirror/{name}", _fixed(path.read_bytes(), "text/plain"))
            for name, path in told.items()
            if path.is_file()
        ),
        Route("/mirror/{path:path}", _files(held)),
        *_index(held),
    ]


def install_command(address: str, code: str, *, windows: bool = False) -> str:
    """Return the one line that a newcomer types, in any shell of the system.

    `address` is the room's host and port, with or without `http://`; `code` is the join
    code, or empty. Raises ValueError for what cannot stand in such a line.
    """
    place = address.removeprefix("http://").rstrip("/")
    if not (_PLACE.fullmatch(place) and _CODE.fullmatch(code)):
        raise ValueError("an address is a host and a port, a code letters and digits")
    fetch = f"from urllib.request import*;exec(urlopen('http://{place}/go').read())"
    return f'{"py" if windows else "python3"} -c "{fetch}" {code}'.rstrip()


def script(address: str) -> str:
    """Return the program of a newcomer for the room at this host and port."""
    source = resources.files("workshop.room").joinpath("newcomer.py")
    text = source.read_text("utf-8")
    return text.replace('ADDRESS = ""', f"ADDRESS = {address!r}", 1)


def _script(address: Address) -> Endpoint:
    async def give(request: Request) -> Response:
        return PlainTextResponse(script(address(request)), headers=HEADERS)

    return give


def _fixed(content: bytes, kind: str) -> Endpoint:
    async def give(request: Request) -> Response:
        return Response(content, headers=HEADERS, media_type=kind)

    return give


def _files(held: dict[str, Held]) -> Endpoint:
    async def give(request: Request) -> Response:
        one = held.get(request.path_params["path"])
        if one is None or not one.path.is_file():
            raise HTTPException(404)
        return Piecewise(
            one.path,
            headers={**HEADERS, "ETag": f'"{one.sha256}"'},
            media_type="application/octet-stream",
        )

    return give


def _index(held: dict[str, Held]) -> list[Route]:
    """Return the routes of the index of packages (PEP 503)."""
    wheels: dict[str, list[Held]] = {}
    for path, one in held.items():
        if _WHEEL.fullmatch(path):
            wheels.setdefault(lists.project(one.path.name), []).append(one)
    projects = [f'<a href="{name}/">{name}</a>' for name in sorted(wheels)]

    @cache
    def page(name: str) -> str:
        return _page(f"Links for {name}", [_link(one) for one in wheels[name]])

    def project(request: Request) -> Response:
        name = lists.plain(request.path_params["name"])
        if name not in wheels:
            raise HTTPException(404)
        return HTMLResponse(page(name), headers=HEADERS)

    first = _fixed(_page("Packages of this room", projects).encode(), "text/html")
    return [Route("/simple/", first), Route("/simple/{name}/", project)]


def _link(one: Held) -> str:
    needs = _requires_python(one.path)
    more = f' data-requires-python="{escape(needs)}"' if needs else ""
    place = f"../../mirror/{lists.WHEELS}/{quote(one.path.name)}#sha256={one.sha256}"
    return f'<a href="{place}"{more}>{one.path.name}</a>'


def _requires_python(wheel: Path) -> str:
    """Return what a wheel says of Python; nothing where it cannot be read."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.endswith(".dist-info/METADATA"):
                    said = BytesHeaderParser().parsebytes(archive.read(name))
                    return str(said.get("Requires-Python", ""))
    except (OSError, zipfile.BadZipFile):
        pass
    return ""


def _page(title: str, lines: list[str]) -> str:
    body = "<br>\n".join(lines)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="pypi:repository-version" content="1.0">'
        f"<title>{title}</title></head>\n<body>\n{body}\n</body></html>\n"
    )
