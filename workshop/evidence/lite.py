"""A LiteRT file is run by LiteRT itself where it is installed, else by TensorFlow.

TensorFlow's own interpreter is going away and says so in a warning; the package
ai-edge-litert is its successor and needs no TensorFlow.
Whole-number inputs and outputs are scaled as the file says, so that every file takes
and gives ordinary numbers: value = scale * (stored - zero point),
https://ai.google.dev/edge/litert/models/quantization_spec.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def interpreter(path: Path) -> Any:
    """Return the interpreter of a `.tflite` file. ValueError for another file."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        from tensorflow.lite import Interpreter
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Interpreter(model_path=str(path))


def run(model: Any, inputs: list[Any]) -> list[Any]:
    """Return the outputs for one array of each input, in the order of the file."""
    entries = model.get_input_details()
    for entry, array in zip(entries, inputs, strict=True):
        model.resize_tensor_input(entry["index"], np.shape(array))
    model.allocate_tensors()
    for entry, array in zip(entries, inputs, strict=True):
        model.set_tensor(entry["index"], stored(np.asarray(array), entry))
    model.invoke()
    return [
        restored(model.get_tensor(one["index"]), one)
        for one in model.get_output_details()
    ]


def stored(array: Any, entry: Mapping[str, Any]) -> Any:
    """Return numbers as the file stores them: scaled and rounded where it is quantised.

    An array that has the file's own whole-number type is taken as it is.
    """
    kind, (scale, zero) = np.dtype(entry["dtype"]), entry["quantization"]
    if not scale or array.dtype == kind:
        return array.astype(kind)
    limits = np.iinfo(kind)
    return np.clip(np.round(array / scale + zero), limits.min, limits.max).astype(kind)


def restored(array: Any, entry: Mapping[str, Any]) -> Any:
    """Return stored numbers as float32, or as they are where nothing is quantised."""
    scale, zero = entry["quantization"]
    return (array.astype(np.float32) - zero) * np.float32(scale) if scale else array
