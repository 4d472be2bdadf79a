"""A room is asked in bounded time for bounded bytes, whatever answers at its address.

No proxy is used and no redirect followed: the address that a person typed is the only
one that is ever spoken to. What does not answer as a room does is the same as nobody
answering; only a refusal that a room gives in a sentence is told apart.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workshop.link.address import Address

if TYPE_CHECKING:
    from http.client import HTTPConnection

CONNECT_SECONDS = 1.0
SECONDS = 3.0
LARGEST_REPLY = 4 * 2**20
PIECE = 1 << 16
SLICE_SECONDS = 0.1  # Ctrl-C is heard so often
LATER = (408, 429)
UNKNOWN = 401
AGENT = "keras-workshop"
LONGEST_SENTENCE = 300


class Unreachable(OSError):
    """Nobody answered as a room does; the message says who and why, in a sentence."""


class Declined(Exception):
    """The room said no: its HTTP status, and its sentence where it gave one."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Request:
    """One call: `seconds` is the time for all of it, `largest` bounds the reply."""

    method: str
    path: str
    body: bytes = b""
    kind: str = "application/json"
    seconds: float = SECONDS
    largest: int = LARGEST_REPLY


@dataclass(frozen=True)
class Room:
    """Somebody's way to a room: its address, and the token that says who asks."""

    address: Address
    token: str = ""

    def get(self, path: str, seconds: float = SECONDS) -> dict[str, Any] | None:
        """Return what the room tells at a path; None where it has nothing new."""
        content = self.send(Request("GET", path, seconds=seconds))
        return None if content is None else self._json(content)

    def post(self, path: str, said: object, seconds: float = SECONDS) -> dict[str, Any]:
        """Return the room's reply to plain values."""
        body = json.dumps(said).encode("ascii")
        content = self.send(Request("POST", path, body, seconds=seconds))
        return self._json(content or b"")

    def send(self, request: Request) -> bytes | None:
        """Return the body of a reply, None where there is none (204).

        Raises Unreachable, or Declined.
        """
        import http.client

        try:
            status, content = self._exchange(request)
        except http.client.HTTPException as error:
            why = f"no HTTP came back ({type(error).__name__})"
        except TimeoutError:
            why = "no answer in time"
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        else:
            return self._accepted(status, content)
        raise Unreachable(f"{self.address.shown} was not reached: {why}.")

    def told(self, content: bytes | None) -> dict[str, Any]:
        """Return a reply that `send` brought as the JSON object that it is."""
        return self._json(content or b"")

    def _accepted(self, status: int, content: bytes) -> bytes | None:
        if status == 204:
            return None
        if 200 <= status < 300:
            return content
        if 400 <= status < 500 and (sentence := _sentence(content)):
            raise Declined(status, sentence)
        what = "a redirect, which is not followed" if status < 400 else str(status)
        raise Unreachable(f"{self.address.shown} answered {what}.")

    def _json(self, content: bytes) -> dict[str, Any]:
        found = _object(content)
        if found is None:
            raise Unreachable(f"What answers at {self.address.shown} is no room.")
        return found

    def _exchange(self, request: Request) -> tuple[int, bytes]:
        """Return status and body; a reply that dribbles ends with its time, too."""
        from http.client import HTTPConnection

        end = time.monotonic() + request.seconds
        host, port = self.address.host, self.address.port
        limit = min(CONNECT_SECONDS, request.seconds)
        connection = HTTPConnection(host, port, timeout=limit)
        answer: list[Any] = []
        worker = threading.Thread(
            target=_note,
            args=[answer, lambda: self._call(connection, request, end)],
            daemon=True,
        )
        worker.start()
        while worker.is_alive() and time.monotonic() < end:
            worker.join(SLICE_SECONDS)
        if not answer:
            _hang_up(connection)
            raise TimeoutError
        if isinstance(answer[0], Exception):
            raise answer[0]
        made: tuple[int, bytes] = answer[0]
        return made

    def _call(
        self, connection: HTTPConnection, request: Request, end: float
    ) -> tuple[int, bytes]:
        with contextlib.closing(connection):
            connection.connect()
            connection.sock.settimeout(max(0.05, end - time.monotonic()))
            # A server that refuses what is too large answers before it has read it.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(
                    request.method,
                    request.path,
                    _pieces(request.body) if request.body else None,
                    self._headers(request),
                )
            with connection.getresponse() as response:
                content = response.read(request.largest + 1)
                if len(content) > request.largest:
                    raise OSError("the reply is larger than it may be")
                if response.length:
                    raise OSError("the reply broke off")
                return response.status, content

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {"Host": self.address.header, "User-Agent": AGENT}
        if request.method != "GET":
            headers |= {"Content-Length": str(len(request.body))}
            headers |= {"Content-Type": request.kind}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        return headers


def _note(answer: list[Any], work: Callable[[], Any]) -> None:
    try:
        answer.append(work())
    except Exception as error:
        answer.append(error)


def _hang_up(connection: HTTPConnection) -> None:
    """Wake a thread that waits for the other side."""
    import socket

    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _sentence(content: bytes) -> str:
    """Return the sentence of an error as one line of text, or nothing."""
    from workshop.report.words import one_line

    said = (_object(content) or {}).get("error")
    return one_line(said[:LONGEST_SENTENCE]) if isinstance(said, str) else ""
