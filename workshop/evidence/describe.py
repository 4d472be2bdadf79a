"""Every value has a description, and a library is only asked where it is loaded.

A value of Keras or TensorFlow can exist only in a process that has imported them, so
nothing is imported here: what a value is, is looked up in `sys.modules`. Only public
attributes are read, and one that fails is left out rather than reported.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workshop.evidence import wire

SHOWN_ROWS = 1_000
SUFFIXES = (".keras", ".tflite")
_PLAIN = (bool, int, float, str)


def describe(value: Any) -> dict[str, Any]:
    """Return what crosses the wire for `value`: a dict whose "is" names its kind."""
    for kind, matches, make in _KINDS:
        if matches(value):
            return {"is": kind, **make(value)}
    return {"is": "other", "kind": type(value).__name__}


def plain(value: Any, depth: int = 0) -> Any:
    """Return `value` as plain values and arrays; TypeError names what is neither."""
    if value is None or type(value) in (bool, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if isinstance(value, int) else float(value)
    if depth > 20:
        raise TypeError("something nested very deep")
    if isinstance(value, list):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, tuple):
        return tuple(plain(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return {_key(key): plain(item, depth + 1) for key, item in value.items()}
    return array(value)


def array(value: Any) -> Any:
    """Return an array-like as NumPy array, a scalar as number; TypeError otherwise."""
    import numpy as np

    if not _is_array(value):
        raise TypeError(type(value).__name__)
    made = value if isinstance(value, np.ndarray) else np.asarray(value)
    if made.dtype.kind == "V" or made.dtype.name == "bfloat16":
        made = made.astype(np.float32)
    if made.dtype.kind not in wire.DTYPES:
        raise TypeError(f"array of {made.dtype.name}")
    if isinstance(value, np.generic):
        return made.item()
    return np.ascontiguousarray(made).reshape(made.shape)


def _key(key: Any) -> Any:
    if key is None or type(key) in _PLAIN:
        return key
    if hasattr(key, "item"):
        return key.item()
    raise TypeError(f"a dict with a {type(key).__name__} as key")


def _is_array(value: Any) -> bool:
    return not isinstance(value, type) and hasattr(value, "__array__")


def _is_plain(value: Any) -> bool:
    try:
        plain(value)
    except TypeError:
        return False
    return not _is_array(value)


def _is_file(value: Any) -> bool:
    if not isinstance(value, str | Path) or len(str(value)) > 4096:
        return False
    path = Path(value)
    try:
        saved = path.suffix in SUFFIXES or (path / "saved_model.pb").is_file()
        return path.exists() if isinstance(value, Path) else saved and path.exists()
    except (OSError, ValueError):
        return False


def _instance(module: str, name: str) -> Callable[[Any], bool]:
    """Return a test for instances of `module.name`, if that module is loaded."""

    def matches(value: Any) -> bool:
        owner: Any = sys.modules.get(module.partition(".")[0])
        for part in [*module.split(".")[1:], name]:
            owner = getattr(owner, part, None)
        return isinstance(owner, type) and isinstance(value, owner)

    return matches


def _array(value: Any) -> dict[str, Any]:
    """Describe an array whole, or a very large one by its range and first rows."""
    try:
        made = array(value)
    except TypeError as error:
        return {"is": "other", "kind": str(error)}
    if getattr(made, "nbytes", 0) <= wire.MAX_ARRAY:
        return {"value": made}
    rows = made[: max(1, min(SHOWN_ROWS, wire.MAX_ARRAY * len(made) // made.nbytes))]
    low, high = made.min().item(), made.max().item()
    return {
        "is": "large",
        "shape": list(made.shape),
        "range": [low, high],
        "rows": rows,
    }


def _model(value: Any) -> dict[str, Any]:
    optimizer = getattr(value, "optimizer", None)
    loss = getattr(value, "loss", None)
    rate, falls = _try(lambda: _rate(value.optimizer)) or (None, False)
    settings = _try(lambda: value.loss.get_config()) or {}
    return {
        **_layer(value),
        "compiled": bool(getattr(value, "compiled", False)),
        "loss": _name(loss),
        "from_logits": bool(settings.get("from_logits", False)),
        "optimizer": _name(optimizer),
        "learning_rate": rate,
        "scheduled": falls,
        "metrics": [str(name) for name in _try(lambda: value.metrics_names) or []],
        "measures": _measures(_try(lambda: value.get_compile_config()["metrics"])),
        "input_shape": _shape(_try(lambda: value.input_shape)),
    }


def _rate(optimizer: Any) -> tuple[float, bool]:
    """Return the learning rate, of a schedule its widest, and whether it is one."""
    rate = optimizer.get_config()["learning_rate"]
    if not isinstance(rate, dict):
        return float(rate), False
    named = [rate["config"].get(n) for n in ("initial_learning_rate", "warmup_target")]
    known = [float(one) for one in named if one is not None]
    return max(known or [float(optimizer.learning_rate)]), True


def _measures(config: Any) -> list[dict[str, Any]]:
    """Return kind and settings of each metric in a configuration of `compile`."""
    if isinstance(config, str):
        return [{"kind": config, "settings": {}}]
    if isinstance(config, dict) and "class_name" in config:
        settings = config.get("config")
        kept = _settings(settings) if isinstance(settings, dict) else {}
        return [{"kind": str(config["class_name"]), "settings": kept}]
    parts = config.values() if isinstance(config, dict) else config or []
    return [measure for part in parts for measure in _measures(part)]


def _layer(value: Any) -> dict[str, Any]:
    """Describe a layer, or an operation of a functional model such as `x / 255`."""
    return {
        "kind": type(value).__name__,
        "name": str(getattr(value, "name", "")),
        "settings": _settings(_try(lambda: value.get_config()) or {}),
        "trainable": bool(getattr(value, "trainable", False)),
        "parameters": _try(lambda: value.count_params()),
        "trainable_parameters": _try(lambda: _count(value.trainable_weights)),
        "output_shape": _shape(_try(lambda: _first(value).shape)),
        "layers": [_layer(one) for one in _parts(value)],
    }


def _parts(value: Any) -> list[Any]:
    """Return what a model is made of; only functional ones know their operations."""
    return _try(lambda: value.operations) or _try(lambda: value.layers) or []


def _first(value: Any) -> Any:
    """Return the first output tensor of a layer or model."""
    outputs = getattr(value, "outputs", None)
    return outputs[0] if outputs else value.output


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    kept = {}
    for key, value in config.items():
        listed = isinstance(value, list | tuple) and len(value) < 20
        if all(v is None or type(v) in _PLAIN for v in (value if listed else [value])):
            kept[str(key)] = list(value) if listed else value
    return kept


def _shape(shape: Any) -> list[int | None] | None:
    if not isinstance(shape, list | tuple):
        return None
    if not all(size is None or isinstance(size, int) for size in shape):
        return None
    return list(shape)


def _count(weights: Any) -> int:
    import math

    return sum(math.prod(weight.shape) for weight in weights)


def _name(thing: Any) -> str | None:
    """Return the name Keras gives a loss or an optimizer, in whatever form it came."""
    if thing is None:
        return None
    if isinstance(thing, str):
        name = thing
    elif callable(thing) and hasattr(thing, "__name__"):
        name = thing.__name__
    else:
        name = type(thing).__name__
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _history(value: Any) -> dict[str, Any]:
    metrics = {str(k): [float(x) for x in v] for k, v in value.history.items()}
    return {"metrics": metrics, "epochs": len(value.epoch)}


def _function(value: Any) -> dict[str, Any]:
    import inspect

    names = _try(lambda: list(inspect.signature(value).parameters))
    return {"name": str(getattr(value, "__name__", "function")), "parameters": names}


def _dataset(value: Any) -> dict[str, Any]:
    names = _try(lambda: [str(name) for name in value.class_names])
    size = _try(lambda: int(value.cardinality()))
    return {
        "spec": str(value.element_spec)[:2_000],
        "cardinality": size,
        "class_names": names,
    }


def _file(value: Any) -> dict[str, Any]:
    path = Path(value)
    parts = path.rglob("*") if (path / "saved_model.pb").is_file() else [path]
    size = sum(part.stat().st_size for part in parts)
    return {"name": path.name, "size": size, "path": str(path.resolve())}


def _try(read: Callable[[], Any]) -> Any:
    """Return what `read` reads; None where the library says no."""
    try:
        return read()
    except Exception:
        return None


_KINDS: tuple[tuple[str, Callable[[Any], bool], Callable[[Any], Any]], ...] = (
    ("blank", lambda value: value is Ellipsis, lambda value: {}),
    ("model", _instance("keras", "Model"), _model),
    ("history", _instance("keras.callbacks", "History"), _history),
    ("dataset", _instance("tensorflow.data", "Dataset"), _dataset),
    ("file", _is_file, _file),
    ("plain", _is_plain, lambda value: {"value": plain(value)}),
    ("array", _is_array, _array),
    ("function", lambda v: callable(v) and not isinstance(v, type), _function),
)
