"""A download is never mistaken for a whole file, and never keeps a class waiting.

Bytes go to a `.part` file of this process alone; only a whole file gets its name. What
a cut leaves behind is taken up again where it ended, if the server still has the same
file. Whether the bytes are the *right* ones is the caller's to say, by SHA-256.
"""

from __future__ import annotations

import hashlib
import http.client
import secrets
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

STALL_SECONDS = 5.0  # for connecting, and between two pieces
ANSWER_SECONDS = 10.0  # until the first byte, name resolution included
ABANDONED_SECONDS = 60.0  # a part that nobody has written to for so long is free
PIECE = 1 << 16
NOTHING_LEFT = 416
FREE = "free"
BROKEN = (TimeoutError, ConnectionError, ssl.SSLError)


class FetchError(Exception):
    """A file did not arrive: one sentence with its address and the reason."""


class Missing(FetchError):
    """The server answered, and has no such file."""


Progress = Callable[[int, int | None], None]


def is_url(place: str) -> bool:
    """Tell whether a place is a web address; otherwise it is a folder."""
    return place.lower().startswith(("http://", "https://"))


def join(base: str, name: str) -> str:
    """Return the address of the file `name` (with /) below the address `base`."""
    return f"{base.rstrip('/')}/{quote(name)}"


def shown(place: str) -> str:
    """Return a place as a person may see it: no password, no query."""
    if not is_url(place):
        return place
    parts = urlsplit(place)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def text(address: str, limit: int = 1 << 20) -> str:
    """Return a small text file; raises FetchError, also when it is over `limit`."""
    with _response(address, 0) as response:
        content = b"".join(_pieces(response, limit, STALL_SECONDS * 4))
    return content.decode("utf-8", errors="replace")


def settle(part: Path, target: Path) -> None:
    """Give a finished file its name; raises OSError.

    Windows refuses while another process reads a file of that name: then theirs,
    which was finished too, stands.
    """
    try:
        part.replace(target)
    except PermissionError:
        if not target.is_file():
            raise
        part.unlink(missing_ok=True)


def download(
    address: str,
    target: Path,
    *,
    limit: int,
    seconds: float,
    progress: Progress | None = None,
) -> None:
    """Write the file at `address` to `target`, at most `limit` bytes.

    Takes up what an earlier try left behind. Raises FetchError when it does not
    arrive in `seconds` (what came is kept for the next try) and OSError when it
    cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _Part(target)
    try:
        complete = part.size() and _fill(address, part, limit, seconds, progress)
        if not complete:
            part.restart()
            _fill(address, part, limit, seconds, progress)
        settle(part.path, target)
    except OSError:  # nowhere to write: do not take up the last room as well
        part.restart()
        raise
    finally:
        part.release()


def _fill(
    address: str, part: _Part, limit: int, seconds: float, progress: Progress | None
) -> bool:
    """Fetch what is missing; False when the server does not go on from there."""
    have = part.size()
    with _response(address, have) as response:
        mark, total = _mark(address, response), _total(response)
        if have and not (_continues(response, have) and part.mark == mark):
            return False
        if total is not None and total > limit:
            raise FetchError(f"{shown(address)} has {total:,} bytes, over {limit:,}.")
        part.name(mark)
        with part.path.open("ab") as file:
            for piece in _pieces(response, limit - have, seconds):
                file.write(piece)
                have += len(piece)
                if progress:
                    progress(have, total)
    if total is not None and have != total:
        raise FetchError(
            f"{shown(address)} broke off after {have:,} of {total:,} bytes."
        )
    return True


def _continues(response: Any, have: int) -> bool:
    begins = (response.headers.get("Content-Range") or "").startswith(f"bytes {have}-")
    return response.status == 206 and begins


class _Part:
    """The bytes that have come so far, in a file that only this process writes to.

    Its name tells the target, the `mark` of the file on the server, and the owner:
    a random token, or `free` after a cut. Renaming is how a part changes hands.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._token = secrets.token_hex(4)
        self.mark = "0" * 8
        self.path = self._place(self._token)
        self._adopt()

    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def name(self, mark: str) -> None:
        """Note which file on the server these bytes belong to."""
        old, self.mark = self.path, mark
        self.path = self._place(self._token)
        if old.exists():
            old.replace(self.path)

    def restart(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def release(self) -> None:
        """Leave what came for whoever tries next."""
        with suppress(OSError):
            self.path.replace(self._place(FREE))

    def _place(self, owner: str) -> Path:
        return self._target.with_name(f"{self._target.name}.{self.mark}.{owner}.part")

    def _adopt(self) -> None:
        """Take over the largest part that nobody writes to."""
        pattern = f"{self._target.name}.*.part"
        parts = [p for p in self._target.parent.glob(pattern) if _abandoned(p)]
        for part in sorted(parts, key=_size, reverse=True):
            self.mark = part.name.split(".")[-3]
            self.path = self._place(self._token)
            with suppress(OSError):
                part.rename(self.path)
                return


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _abandoned(part: Path) -> bool:
    if part.name.split(".")[-2] == FREE:
        return True
    with suppress(OSError):
        return time.time() - part.stat().st_mtime > ABANDONED_SECONDS
    return False


def _mark(address: str, response: Any) -> str:
    """Return eight characters that change when the file on the server does."""
    headers = response.headers
    version = headers.get("ETag") or headers.get("Last-Modified") or ""
    text = f"{address} {version} {_total(response)}"
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _total(response: Any) -> int | None:
    """Return the size of the whole file in bytes, where the server says it."""
    after = (response.headers.get("Content-Range") or "").rpartition("/")[2]
    length = after if response.status == 206 else response.headers.get("Content-Length")
    return int(length) if length and length.isdecimal() else None


def _pieces(response: Any, limit: int, seconds: float) -> Iterator[bytes]:
    end = time.monotonic() + seconds
    while piece := response.read1(PIECE):
        limit -= len(piece)
        if limit < 0:
            raise FetchError(f"{shown(response.url)} is larger than it may be.")
        yield piece
        if time.monotonic() > end:
            raise FetchError(
                f"{shown(response.url)} was not through in {seconds:.0f} s."
            )


@contextmanager
def _response(address: str, start: int) -> Iterator[Any]:
    """Open an address from byte `start`; every failure becomes a FetchError."""
    headers = {"User-Agent": "keras-workshop", "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    try:
        with _open(urllib.request.Request(address, headers=headers)) as response:
            yield response
    except urllib.error.HTTPError as error:
        error.close()
        kind = Missing if error.code in (404, 410) else FetchError
        raise kind(f"{shown(address)} answered {error.code}.") from None
    except urllib.error.URLError as error:
        raise FetchError(f"{shown(address)}: {_reason(error.reason)}.") from None
    except (http.client.HTTPException, *BROKEN) as error:
        raise FetchError(f"{shown(address)}: {_reason(error)}.") from None
    except ValueError as error:
        raise FetchError(f"{shown(address)} is no web address ({error}).") from None


def _open(request: urllib.request.Request) -> Any:
    """Return the response, or give up: a lookup of a name has no timeout itself."""
    answer: list[Any] = []

    def ask() -> None:
        try:
            answer.append(urllib.request.urlopen(request, timeout=STALL_SECONDS))
        except Exception as error:
            answer.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(ANSWER_SECONDS)
    if not answer:
        raise TimeoutError("no answer")
    if getattr(answer[0], "code", None) == NOTHING_LEFT and request.has_header("Range"):
        return answer[0]  # an answer too: there is nothing to go on from
    if isinstance(answer[0], Exception):
        raise answer[0]
    return answer[0]


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error) or type(error).__name__
