"""A message is one run of bytes: its length is checked before anything is read.

    4 bytes      length of the header, big-endian
    header       JSON, UTF-8, at most 4 MiB: the value, arrays by dtype and shape
    raw bytes    the arrays, one after another, C order, exactly as announced

JSON alone cannot say tuple, dict with any key, or array, so every compound value is
a JSON object with one tag: {"l": [...]} list, {"t": [...]} tuple, {"d": [[k, v], ...]}
dict, {"a": [dtype, shape]} array. There is no type that could run code, and no file
format whose own header could ask for memory: what is read is what was sent.
"""

from __future__ import annotations

import json
import math
import struct
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np

MAX_HEADER = 4 * 2**20
MAX_ARRAY = 256 * 2**20
MAX_MESSAGE = MAX_HEADER + MAX_ARRAY + 2**16
MAX_DEPTH = 50
DTYPES = "biufcSU"

_HEAD = struct.Struct(">I")


class WireError(Exception):
    """A message does not have the agreed form, or is too large."""


class Connection(Protocol):
    """The part of `multiprocessing.connection.Connection` that is used."""

    def send_bytes(self, buf: bytes, /) -> None: ...
    def recv_bytes(self, maxlength: int | None = None, /) -> bytes: ...
    def fileno(self) -> int: ...
    def poll(self, timeout: float | None = 0.0, /) -> bool: ...
    def close(self) -> None: ...


def send(connection: Connection, value: Any) -> None:
    """Send one value; WireError where it has no form on the wire."""
    connection.send_bytes(encode(value))


def receive(connection: Connection) -> Any:
    """Return the next value.

    WireError for a message of the wrong form, EOFError where the other side is gone.
    """
    try:
        return decode(connection.recv_bytes(MAX_MESSAGE))
    except EOFError:
        raise
    except OSError as error:
        raise EOFError(str(error)) from None


def encode(value: Any) -> bytes:
    """Return `value` (plain values, lists, tuples, dicts, arrays) as one message."""
    blocks: list[bytes] = []
    header = json.dumps(_pack(value, blocks, 0), separators=(",", ":")).encode()
    if len(header) > MAX_HEADER:
        raise WireError(f"a header of {len(header):,} bytes is too large")
    if sum(map(len, blocks)) > MAX_ARRAY:
        raise WireError("arrays of more than 256 MiB do not fit in one message")
    return b"".join([_HEAD.pack(len(header)), header, *blocks])


def decode(message: bytes) -> Any:
    """Return the value in a message; arrays are read-only. WireError otherwise."""
    if len(message) < _HEAD.size:
        raise WireError("a message ends before its header")
    (length,) = _HEAD.unpack_from(message)
    start = _HEAD.size + length
    if length > MAX_HEADER or start > len(message):
        raise WireError(f"a header of {length:,} bytes does not fit its message")
    try:
        tree = json.loads(message[_HEAD.size : start])
    except (ValueError, RecursionError) as error:
        raise WireError(f"a header is not JSON: {error}") from None
    blocks = _Blocks(message, start)
    value = _unpack(tree, blocks, 0)
    if blocks.position != len(message):
        raise WireError(f"{len(message) - blocks.position:,} bytes are left over")
    return value


def _pack(value: Any, blocks: list[bytes], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"a value is nested more than {MAX_DEPTH} deep")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) is list:
        return {"l": [_pack(item, blocks, depth + 1) for item in value]}
    if type(value) is tuple:
        return {"t": [_pack(item, blocks, depth + 1) for item in value]}
    if type(value) is dict:
        pairs = value.items()
        return {"d": [[_key(k), _pack(v, blocks, depth + 1)] for k, v in pairs]}
    dtype, shape = getattr(value, "dtype", None), getattr(value, "shape", None)
    if dtype is None or shape is None or dtype.kind not in DTYPES or dtype.itemsize < 1:
        raise WireError(f"a {type(value).__name__} has no form on the wire")
    blocks.append(value.tobytes())
    return {"a": [dtype.str, list(shape)]}


def _key(key: Any) -> Any:
    if key is not None and type(key) not in (bool, int, float, str):
        raise WireError(f"a {type(key).__name__} cannot be a key on the wire")
    return key


def _unpack(tree: Any, blocks: _Blocks, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise WireError(f"a value is nested more than {MAX_DEPTH} deep")
    if not isinstance(tree, dict | list):
        return tree
    if isinstance(tree, list) or len(tree) != 1:
        raise WireError("a value carries no single tag")
    ((tag, body),) = tree.items()
    if not isinstance(body, list):
        raise WireError(f"the tag {tag[:20]!r} holds no list")
    if tag == "l":
        return [_unpack(item, blocks, depth + 1) for item in body]
    if tag == "t":
        return tuple(_unpack(item, blocks, depth + 1) for item in body)
    if tag == "d":
        return dict(_pair(item, blocks, depth + 1) for item in body)
    if tag == "a":
        return blocks.array(body)
    raise WireError(f"the tag {tag[:20]!r} is unknown")


def _pair(item: Any, blocks: _Blocks, depth: int) -> tuple[Any, Any]:
    if not isinstance(item, list) or len(item) != 2 or isinstance(item[0], dict | list):
        raise WireError("a dict holds something that is no pair")
    return item[0], _unpack(item[1], blocks, depth)


class _Blocks:
    """The raw bytes behind a header, handed out in order and never past the end."""

    def __init__(self, message: bytes, position: int) -> None:
        self.message = message
        self.position = position

    def array(self, body: list[Any]) -> np.ndarray:
        import numpy as np

        if len(body) != 2 or not isinstance(body[0], str) or len(body[0]) > 16:
            raise WireError("an array announces no dtype and shape")
        try:
            dtype = np.dtype(body[0])
        except (TypeError, ValueError, SyntaxError):
            raise WireError(f"the dtype {body[0]!r} is unknown") from None
        shape = body[1]
        if dtype.kind not in DTYPES or dtype.itemsize < 1 or dtype.str != body[0]:
            raise WireError(f"the dtype {body[0]!r} is not allowed")
        if not isinstance(shape, list) or len(shape) > 32 or not all(map(_size, shape)):
            raise WireError("an array announces no shape")
        if math.prod(max(1, size) for size in shape) > MAX_ARRAY:
            raise WireError("an array announces a shape that is too large")
        count = math.prod(shape)
        end = self.position + count * dtype.itemsize
        if end > len(self.message):
            raise WireError("an array ends after its message")
        made = np.frombuffer(self.message, dtype, count, self.position).reshape(shape)
        made.flags.writeable = False
        self.position = end
        return made


def _size(item: Any) -> bool:
    return type(item) is int and 0 <= item <= MAX_ARRAY
