"""TensorFlow Serving's REST protocol as functions of bytes, in and out.

Followed are its page https://www.tensorflow.org/tfx/serving/api_rest and, for the order
of tests and the status codes, its sources `http_rest_api_handler.cc` (paths),
`http_server.cc` (status codes) and `json_tensor.cc` (values) in the repository
https://github.com/tensorflow/serving. There is one model and one version of it, 1, so
that labels name nothing. Only `predict` is answered, as for any Keras model there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from workshop.serve import values
from workshop.serve.tensors import STRING, Served, Signature, Tensor
from workshop.serve.values import Fault

VERSION = 1
SIGNATURE = "serving_default"
PREDICT = "tensorflow/serving/predict"

_ONE = r"/v1/models/([^/:]+)(?:/versions/(\d+)|/labels/([^/:]+))?"
_ASK = re.compile(_ONE + r":(classify|regress|predict)", re.IGNORECASE | re.ASCII)
_SEE = re.compile(_ONE + r"(/metadata)?", re.IGNORECASE | re.ASCII)
_TYPES = {"float64": "DT_DOUBLE", "float32": "DT_FLOAT", "float16": "DT_HALF"}


@dataclass(frozen=True)
class Reply:
    """An HTTP status and the text of a JSON object."""

    status: int
    text: str


@dataclass(frozen=True)
class Asked:
    """The inputs of a request by name, and the key under which they came."""

    inputs: dict[str, Any]
    form: str


def respond(method: str, path: str, body: bytes, model: Served) -> Reply:
    """Return the reply to any request below /v1, whatever it holds.

    `path` is still percent-encoded. Errors are replies too: 400 for what was sent, 404
    for another model or version, 500 where the model itself fails.
    """
    try:
        return Reply(200, _found(method, path, body, model))
    except Fault as fault:
        return error(fault.status, str(fault))


def error(status: int, sentence: str) -> Reply:
    """Return the protocol's form of an error."""
    return Reply(status, json.dumps({"error": sentence}))


def _found(method: str, path: str, body: bytes, model: Served) -> str:
    ask, see = _ASK.fullmatch(path), _SEE.fullmatch(path)
    if method == "POST" and ask:
        name, version, label, verb = ask.groups()
        return _asked(model, unquote(name), version, label, verb.lower(), body)
    if method in ("GET", "HEAD") and see:
        name, version, label, metadata = see.groups()
        _check_known(model, unquote(name), version, label, status=not metadata)
        made = describe(model.name, model.signature) if metadata else state()
        return json.dumps(made, indent=1)
    raise Fault(f"Malformed request: {method} {path}")


def state() -> dict[str, Any]:
    """Return the status of the one version there is."""
    fine = {"error_code": "OK", "error_message": ""}
    one = {"version": str(VERSION), "state": "AVAILABLE", "status": fine}
    return {"model_version_status": [one]}


def describe(name: str, signature: Signature) -> dict[str, Any]:
    """Return the metadata of a model: types and shapes of inputs and outputs."""
    one = {
        "inputs": {one.name: _info(one) for one in signature.inputs},
        "outputs": {one.name: _info(one) for one in signature.outputs},
        "method_name": PREDICT,
    }
    spec = {"name": name, "signature_name": "", "version": str(VERSION)}
    return {
        "model_spec": spec,
        "metadata": {"signature_def": {"signature_def": {SIGNATURE: one}}},
    }


def _info(tensor: Tensor) -> dict[str, Any]:
    sizes = [{"size": str(size), "name": ""} for size in tensor.shape]
    dtype = "DT_STRING" if tensor.dtype == STRING else f"DT_{tensor.dtype.upper()}"
    return {
        "dtype": _TYPES.get(tensor.dtype, dtype),
        "tensor_shape": {"dim": sizes, "unknown_rank": False},
        "name": f"{SIGNATURE}_{tensor.name}:0",
    }


def _asked(
    model: Served, name: str, version: str, label: str, verb: str, body: bytes
) -> str:
    request = _object(body)
    _check_known(model, name, version, label)
    if verb != "predict":
        raise Fault(
            f"Expected signature method_name to be tensorflow/serving/{verb}. "
            f"Was: {PREDICT}"
        )
    asked = read(request, model.signature)
    try:
        outputs = model.answer(asked.inputs)
    except Exception as error:
        raise Fault(f"The model failed: {type(error).__name__}: {error}", 500) from None
    return json.dumps(written(outputs, asked.form))


def _check_known(
    model: Served,
    name: str,
    version: str | None,
    label: str | None,
    *,
    status: bool = False,
) -> None:
    """Refuse another model, another version, and any label."""
    if label:
        raise Fault(f"Unrecognized servable version label: {unquote(label)}")
    if version and len(version) > 18:
        raise Fault(f"Failed to convert version: {version} to numeric.")
    if name == model.name and int(version or VERSION) == VERSION:
        return
    if status:
        which = f"version {version}" if version else "any versions"
        raise Fault(f"Could not find {which} of model {name}", 404)
    which = f"Specific({name}, {version})" if version else f"Latest({name})"
    raise Fault(f"Servable not found for request: {which}", 404)


def _object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that was sent; NaN and Infinity are numbers here."""
    if not body.strip():
        raise Fault("JSON Parse error: The document is empty")
    try:
        request = json.loads(body)
    except RecursionError:
        raise Fault("JSON Parse error: Nested too deeply") from None
    except ValueError as error:
        raise Fault(f"JSON Parse error: {error}") from None
    if not isinstance(request, dict):
        raise Fault("The JSON value is not an object")
    return request


def read(request: Mapping[str, Any], signature: Signature) -> Asked:
    """Return the inputs of a request in row or column form, as arrays.

    Fault for another signature, for both keys or none, and for values that are not of
    the type and shape that the model takes.
    """
    name = request.get("signature_name", SIGNATURE)
    if not isinstance(name, str):
        raise Fault("'signature_name' key must be a string value.")
    if name not in ("", SIGNATURE):
        raise Fault(f'Serving signature name: "{name}" not found in signature def')
    forms = [key for key in ("instances", "inputs") if key in request]
    if not forms:
        raise Fault("Missing 'inputs' or 'instances' key")
    if len(forms) > 1:
        raise Fault("Expecting only one of 'inputs' or 'instances' keys to exist")
    named = _rows if forms == ["instances"] else _columns
    given = named(request[forms[0]], signature.inputs)
    return Asked(
        {t.name: values.array(given[t.name], t) for t in signature.inputs}, *forms
    )


def _rows(rows: Any, inputs: tuple[Tensor, ...]) -> dict[str, Any]:
    """Return a list of values for each input from a list of instances."""
    if not isinstance(rows, list):
        raise Fault("Expecting 'instances' to be a list/array")
    if not rows:
        raise Fault("No values in 'instances' array")
    named = [_is_named(row) for row in rows]
    if not any(named):
        if len(inputs) > 1:
            raise Fault("'instances' needs objects: the model has several inputs")
        return {inputs[0].name: rows}
    names = {tensor.name for tensor in inputs}
    for number, row in enumerate(rows):
        if not named[number] or set(row) != names:
            raise Fault(
                f"Failed to process element: {number} of 'instances' list. "
                f"It must be an object with keys equal to: {','.join(sorted(names))}"
            )
    return {name: [row[name] for row in rows] for name in names}


def _columns(given: Any, inputs: tuple[Tensor, ...]) -> dict[str, Any]:
    """Return the values for each input from one value or an object of them."""
    if not _is_named(given):
        if len(inputs) > 1:
            raise Fault("'inputs' needs an object: the model has several inputs")
        return {inputs[0].name: given}
    for tensor in inputs:
        if tensor.name not in given:
            raise Fault(f"Missing named input: {tensor.name} in 'inputs' object.")
    return dict(given)


def _is_named(value: Any) -> bool:
    return isinstance(value, dict) and not values.is_binary(value)


def written(outputs: Mapping[str, Any], form: str) -> dict[str, Any]:
    """Return outputs in the form of the request; the name of a single one is left out.

    Fault where the rows of several outputs differ in number, or one has none.
    """
    made = {name: values.plain(array) for name, array in outputs.items()}
    if form == "inputs":
        return {"outputs": made if len(made) > 1 else next(iter(made.values()))}
    for name, value in made.items():
        if not isinstance(value, list):
            raise Fault(f"Tensor name: {name} has no shape information")
    if len({len(value) for value in made.values()}) > 1:
        raise Fault("The outputs have inconsistent batch sizes: ask with 'inputs'")
    if len(made) == 1:
        return {"predictions": next(iter(made.values()))}
    rows = zip(*made.values(), strict=True)
    return {"predictions": [dict(zip(made, row, strict=True)) for row in rows]}
