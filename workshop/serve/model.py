"""A model file is loaded once, warmed up, and asked by one thread at a time.

`.keras` is loaded in safe mode: a file that would run code of its own is refused.
"""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from workshop.serve.tensors import STRING, Signature, Tensor

KINDS = "a .keras file, a .tflite file or a SavedModel folder"


class Unusable(Exception):
    """A file that cannot be served: one sentence."""


@dataclass
class Model:
    """A loaded model. `white` is the value of a white pixel, where the model says so.

    `logits`: whether the outputs are scores and no probabilities, where that is known.
    """

    name: str
    signature: Signature
    run: Callable[[list[Any]], list[Any]]
    white: float | None = None
    logits: bool | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return an array for each output, by name; one request at a time."""
        given = [inputs[tensor.name] for tensor in self.signature.inputs]
        with self.lock:
            made = self.run(given)
        names = [tensor.name for tensor in self.signature.outputs]
        return dict(zip(names, map(np.asarray, made), strict=True))

    def warm_up(self) -> None:
        """Ask once with zeros, so that the first person does not wait."""
        zeros = {}
        for tensor in self.signature.inputs:
            shape = [max(size, 1) for size in tensor.shape]
            kind = object if tensor.dtype == STRING else tensor.dtype
            zeros[tensor.name] = (
                np.full(shape, b"", kind) if kind is object else (np.zeros(shape, kind))
            )
        self.answer(zeros)


def check(path: Path) -> None:
    """Refuse at once what needs no TensorFlow to be refused."""
    if not path.exists():
        raise Unusable(f"{path} does not exist.")
    if path.is_dir() and (path / "saved_model.pb").is_file():
        return
    if path.is_dir() or path.suffix not in (".keras", ".tflite"):
        raise Unusable(f"{path} is not {KINDS}.")
    if path.suffix == ".keras" and not zipfile.is_zipfile(path):
        raise Unusable(f"{path} is damaged, or was not written by model.save.")


def load(path: Path, name: str) -> Model:
    """Return the model of a file. Unusable, in a sentence, where there is none."""
    check(path)
    read = _saved_model if path.is_dir() else READERS[path.suffix]
    try:
        model = read(path, name)
        model.warm_up()
    except Unusable:
        raise
    except Exception as error:
        raise Unusable(_why(path, error)) from error
    return model


def _why(path: Path, error: Exception) -> str:
    words = str(error)
    if "safe_mode" in words or "unsafe" in words.lower():
        return (
            f"{path} holds a layer with code of its own (such as Lambda), and code "
            "from a file is not run here. Build the model from Keras's own layers."
        )
    first = words.strip().split("\n")[0][:200]
    return f"{path} cannot be loaded as a model ({type(error).__name__}: {first})."


def _keras(path: Path, name: str) -> Model:
    import keras

    model = keras.models.load_model(path, compile=False, safe_mode=True)
    if not getattr(model, "inputs", None):
        raise Unusable(f"{path} has no fixed input: begin it with keras.Input.")
    outputs = [_tensor(f"output_{i}", one) for i, one in enumerate(model.outputs)]
    inputs = [_tensor(one.name, one) for one in model.inputs]

    def run(arrays: list[Any]) -> list[Any]:
        given = [_eager(one) for one in arrays]
        made = model(given if len(given) > 1 else given[0], training=False)
        return [keras.ops.convert_to_numpy(one) for one in keras.tree.flatten(made)]

    signature = Signature(tuple(inputs), tuple(outputs))
    return Model(name, signature, run, _white(model), _gives_logits(model))


def _eager(array: Any) -> Any:
    import tensorflow as tf

    return tf.constant(array.tolist() if array.dtype == object else array)


def _tensor(name: str, spec: Any) -> Tensor:
    shape = tuple(-1 if size is None else int(size) for size in spec.shape)
    dtype = getattr(spec.dtype, "name", spec.dtype)
    return Tensor(name, str(dtype), shape)


def _white(model: Any) -> float | None:
    """Return 255 where the model scales pixels by itself, or takes bytes."""
    if str(model.inputs[0].dtype) == "uint8":
        return 255.0
    kinds = {type(layer).__name__ for layer in _all_layers(model)}
    return 255.0 if kinds & {"Rescaling", "Normalization"} else None


def _all_layers(model: Any) -> list[Any]:
    found = []
    for layer in model.layers:
        found += _all_layers(layer) if hasattr(layer, "layers") else [layer]
    return found


def _gives_logits(model: Any) -> bool | None:
    activation = getattr(model.layers[-1], "activation", None)
    names = {"linear": True, "softmax": False, "sigmoid": False}
    return names.get(getattr(activation, "__name__", ""))


def _saved_model(path: Path, name: str) -> Model:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    serve = loaded.signatures.get("serving_default")
    if serve is None:
        raise Unusable(f"{path} has no signature serving_default: use model.export.")
    specs, outputs = serve.structured_input_signature[1], serve.structured_outputs

    def run(arrays: list[Any], _keep: Any = loaded) -> list[Any]:
        made = serve(**dict(zip(specs, map(_eager, arrays), strict=True)))
        return [made[one].numpy() for one in outputs]

    signature = Signature(
        tuple(_tensor(key, spec) for key, spec in specs.items()),
        tuple(_tensor(key, spec) for key, spec in outputs.items()),
    )
    return Model(name, signature, run)


def _lite(path: Path, name: str) -> Model:
    from workshop.evidence import lite

    model = lite.interpreter(path)
    known = model.get_signature_list().get("serving_default", {})
    inputs = _entries(model.get_input_details(), known.get("inputs", []))
    outputs = _entries(model.get_output_details(), known.get("outputs", []))
    return Model(name, Signature(inputs, outputs), lambda given: lite.run(model, given))


def _entries(entries: list[Any], names: list[str]) -> tuple[Tensor, ...]:
    """Return what a file takes or gives; whole numbers that are scaled are numbers."""
    made = []
    for position, entry in enumerate(entries):
        name = names[0] if len(entries) == len(names) == 1 else entry["name"]
        dtype = "float32" if entry["quantization"][0] else np.dtype(entry["dtype"]).name
        made.append(Tensor(name or str(position), dtype, _free(entry)))
    return tuple(made)


def _free(entry: Any) -> tuple[int, ...]:
    """Return a shape whose first axis is free; the file notes a batch of one as 1."""
    shape = [int(size) for size in entry["shape_signature"]]
    return (-1, *shape[1:]) if shape else ()


READERS = {".keras": _keras, ".tflite": _lite}
