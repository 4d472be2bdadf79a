"""JSON becomes an array only where nothing is guessed: no text, no flags, no holes.

As TensorFlow Serving does (`json_tensor.cc`): a number is never a string or a boolean,
a whole number is never a fraction, all rows have one length, base64 is for text only.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import numpy as np

from workshop.serve.tensors import STRING, Tensor

_NAMES = {
    str: "String",
    bool: "Boolean",
    type(None): "Null",
    dict: "Object",
    list: "Array",
    int: "Number",
    float: "Number",
}


class Fault(Exception):
    """What a client is told, with the HTTP status that goes with it."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


def is_binary(value: Any) -> bool:
    """Return whether a value is {"b64": "…"}, the protocol's form of bytes."""
    return (
        isinstance(value, dict)
        and list(value) == ["b64"]
        and isinstance(value["b64"], str)
    )


def array(value: Any, tensor: Tensor) -> np.ndarray[Any, Any]:
    """Return a JSON value as the array that an input takes; Fault where it is none."""
    cells = np.array(value, dtype=object)
    kinds = set(map(type, cells.ravel().tolist()))
    if list in kinds:
        raise Fault(
            f"The lists of input {tensor.name} differ in length or depth; "
            f"expected shape {_shape(tensor.shape)}."
        )
    _check_kinds(kinds, tensor)
    _check_shape(cells.shape, tensor)
    if tensor.dtype == STRING:
        return np.array([_bytes(one) for one in cells.ravel()], object).reshape(
            cells.shape
        )
    return _numbers(cells, tensor)


def _check_kinds(kinds: set[type], tensor: Tensor) -> None:
    allowed: set[type] = {int, float}
    if tensor.dtype == STRING:
        allowed = {str, dict}
    elif tensor.dtype == "bool":
        allowed = {bool}
    elif np.dtype(tensor.dtype).kind in "iu":
        allowed = {int}
    for kind in sorted(kinds - allowed, key=str):
        raise Fault(
            f"A JSON value of type {_NAMES[kind]} is not of the type that input "
            f"{tensor.name} takes: {tensor.dtype}"
        )


def _check_shape(shape: tuple[int, ...], tensor: Tensor) -> None:
    fits = len(shape) == len(tensor.shape) and all(
        have == want or want < 0 for have, want in zip(shape, tensor.shape, strict=True)
    )
    if not fits or 0 in shape:
        raise Fault(
            f"Input {tensor.name} has shape {_shape(shape)}; the model expects "
            f"{_shape(tensor.shape)}, where -1 is any number from 1."
        )


def _shape(shape: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, shape))}]"


def _numbers(cells: np.ndarray[Any, Any], tensor: Tensor) -> np.ndarray[Any, Any]:
    """Return numbers in their type; Fault for one that is beyond its range."""
    dtype = np.dtype(tensor.dtype)
    try:
        wide = cells.astype(np.float64 if dtype.kind == "f" else object)
        if dtype.kind in "iu":
            return np.array(cells.tolist(), dtype)
    except OverflowError:
        raise _beyond(tensor) from None
    if dtype.kind == "b":
        return cells.astype(bool)
    finite = wide[np.isfinite(wide)]
    if finite.size and np.abs(finite).max() > np.finfo(dtype).max:
        raise _beyond(tensor)
    return wide.astype(dtype)


def _beyond(tensor: Tensor) -> Fault:
    return Fault(
        f"Cannot convert a JSON value of input {tensor.name} to {tensor.dtype} "
        "without loss of precision."
    )


def _bytes(value: Any) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if not is_binary(value):
        raise Fault("A JSON value is not formatted correctly for base64 data")
    try:
        return base64.b64decode(value["b64"], validate=True)
    except (binascii.Error, ValueError):
        raise Fault("Unable to base64 decode") from None


def plain(made: Any) -> Any:
    """Return an array as numbers and lists; float32 as briefly as it can be written.

    0.2 is written 0.2 and not 0.20000000298; NaN and infinities stay, and JSON has a
    word for them in this protocol.
    """
    found = np.asarray(made)
    if found.dtype == object:
        return [_text(one) for one in found.tolist()]
    if found.dtype.kind != "f":
        return found.tolist()
    narrow = found if found.dtype.itemsize <= 8 else found.astype(np.float64)
    return narrow.astype(str).astype(np.float64).tolist()


def _text(value: Any) -> Any:
    if isinstance(value, list):
        return [_text(one) for one in value]
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
