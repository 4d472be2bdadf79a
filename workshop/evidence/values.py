"""What a check receives stands for the learner's value and can only be looked at.

Numbers, text and arrays are themselves. A model, a function, a data set or a file is
a stand-in that asks the learner's process and gets data back. What a stand-in returns
is checked for kind and size before a check sees it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Ask = Callable[[dict[str, Any]], Any]


class Unfit(Exception):
    """A reply does not describe any kind of evidence."""


class LearnerError(Exception):
    """The learner's own code raised: `kind`, `text`, and `line` of their file."""

    def __init__(self, where: str, error: dict[str, Any]) -> None:
        self.kind = str(error.get("type", ""))[:100]
        self.text = str(error.get("message", ""))[:4_000]
        line = error.get("line")
        self.line = line if type(line) is int else None
        at = f" (line {self.line})" if self.line else ""
        said = filter(None, (f"{where}{at}", self.kind, self.text))
        super().__init__(": ".join(said))


class Blank(Exception):
    """The value is still a blank."""


@dataclass(frozen=True)
class Layer:
    """One layer, or an operation such as `x / 255`: `kind` is its class.

    `output_shape` has None for the batch; a nested model has `layers`.
    """

    kind: str
    name: str
    settings: dict[str, Any]
    trainable: bool
    parameters: int | None
    trainable_parameters: int | None
    output_shape: tuple[int | None, ...] | None
    layers: tuple[Layer, ...]


@dataclass(frozen=True)
class Model(Layer):
    """A Keras model; names of loss and optimizer are in snake case.

    `measures` are what `compile` was given as metrics: for each its `kind`, as text or
    as a class of Keras, and its `settings`. A rate that is `scheduled` is the widest
    that the schedule names.
    """

    compiled: bool
    loss: str | None
    from_logits: bool
    optimizer: str | None
    learning_rate: float | None
    metrics: tuple[str, ...]
    input_shape: tuple[int | None, ...] | None
    _ask: Ask = field(repr=False, compare=False)
    _variable: str = ""
    measures: tuple[dict[str, Any], ...] = ()
    scheduled: bool = False

    def predict(self, array: Any) -> Any:
        """Return the model's raw predictions for `array`."""
        request = {"do": "predict", "name": self._variable, "array": array}
        return result(self._ask(request), f"{self._variable}.predict")

    __call__ = predict  # where a learner made a model, and a function was expected


@dataclass(frozen=True)
class History:
    """Metrics per epoch, as `fit` returned them."""

    metrics: dict[str, tuple[float, ...]]
    epochs: int


@dataclass(frozen=True)
class Function:
    """A function of the learner's: call it with plain values and arrays."""

    name: str
    parameters: tuple[str, ...]
    _ask: Ask = field(repr=False, compare=False)
    _variable: str = ""

    def __call__(self, *arguments: Any) -> Any:
        request = {"do": "call", "name": self._variable, "arguments": list(arguments)}
        return result(self._ask(request), f"{self._variable}()")

    def map(self, items: list[Any]) -> list[Any]:
        """Return the results for many items, asked for in one message."""
        request = {"do": "map", "name": self._variable, "items": list(items)}
        made = result(self._ask(request), f"{self._variable}()")
        if not isinstance(made, list) or len(made) != len(items):
            raise Unfit(f"{len(items)} items were sent to {self._variable}()")
        return made


@dataclass(frozen=True)
class Dataset:
    """A `tf.data.Dataset`: its element spec as text, its number of elements."""

    spec: str
    cardinality: int | None
    class_names: tuple[str, ...] | None
    _ask: Ask = field(repr=False, compare=False)
    _variable: str = ""

    def take(self, count: int) -> list[Any]:
        """Return the first elements, as arrays."""
        request = {"do": "take", "name": self._variable, "count": count}
        return list(result(self._ask(request), self._variable))


@dataclass(frozen=True)
class File:
    """A file that the learner's script wrote; size in bytes."""

    name: str
    size: int
    _ask: Ask = field(repr=False, compare=False)
    _path: str = ""

    def run(self, array: Any) -> Any:
        """Return the raw predictions of a saved model, from a process of its own."""
        request = {"do": "file", "path": self._path, "array": array}
        return result(self._ask(request), self.name)


@dataclass(frozen=True)
class Large:
    """An array of more than 256 MiB: its shape, (low, high) and first rows."""

    shape: tuple[int, ...]
    range: tuple[float, float]
    rows: Any

    def min(self) -> float:
        return self.range[0]

    def max(self) -> float:
        return self.range[1]

    def __len__(self) -> int:
        return self.shape[0]

    @property
    def dtype(self) -> Any:
        return self.rows.dtype

    @property
    def ndim(self) -> int:
        return len(self.shape)


@dataclass(frozen=True)
class Other:
    """A value of a kind that no check can look into."""

    kind: str


def stand_in(reply: Any, variable: str, ask: Ask) -> Any:
    """Return the evidence that a reply describes; Unfit where it describes none."""
    try:
        return _MAKERS[reply["is"]](reply, variable, ask)
    except Blank:
        raise
    except Exception as error:
        raise Unfit(f"{variable} was described in an unknown way: {error}") from None


def result(reply: Any, where: str) -> Any:
    """Return the value of a reply; LearnerError, Blank or Unfit where there is none."""
    answer = described(reply, where)
    if answer.get("kind") == "blank":
        raise Blank(where)
    if answer.get("is") == "other":
        return Other(str(answer.get("kind"))[:100])
    if "value" not in answer:
        raise Unfit(f"{where} gave no result")
    return answer["value"]


def described(value: Any, where: str) -> dict[str, Any]:
    """Return a description as it came; LearnerError where describing it failed."""
    if not isinstance(value, dict):
        raise Unfit(f"{where} was described in an unknown way")
    if isinstance(value.get("error"), dict):
        raise LearnerError(where, value["error"])
    return value


def _blank(reply: Any, variable: str, ask: Ask) -> Any:
    raise Blank(variable)


def _layer(reply: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": str(reply["kind"]),
        "name": str(reply["name"]),
        "settings": dict(reply["settings"]),
        "trainable": bool(reply["trainable"]),
        "parameters": _count(reply["parameters"]),
        "trainable_parameters": _count(reply["trainable_parameters"]),
        "output_shape": _shape(reply["output_shape"]),
        "layers": tuple(Layer(**_layer(layer)) for layer in reply["layers"]),
    }


def _model(reply: dict[str, Any], variable: str, ask: Ask) -> Model:
    rate = reply["learning_rate"]
    return Model(
        **_layer(reply),
        compiled=bool(reply["compiled"]),
        loss=_text(reply["loss"]),
        from_logits=bool(reply["from_logits"]),
        optimizer=_text(reply["optimizer"]),
        learning_rate=None if rate is None else float(rate),
        metrics=tuple(map(str, reply["metrics"])),
        input_shape=_shape(reply["input_shape"]),
        _ask=ask,
        _variable=variable,
        measures=tuple(map(dict, reply["measures"])),
        scheduled=bool(reply["scheduled"]),
    )


def _history(reply: dict[str, Any], variable: str, ask: Ask) -> History:
    found = reply["metrics"].items()
    metrics = {str(name): tuple(map(float, values)) for name, values in found}
    return History(metrics, int(reply["epochs"]))


def _function(reply: dict[str, Any], variable: str, ask: Ask) -> Function:
    names = tuple(map(str, reply["parameters"] or ()))
    return Function(str(reply["name"]), names, ask, variable)


def _dataset(reply: dict[str, Any], variable: str, ask: Ask) -> Dataset:
    names = reply["class_names"]
    return Dataset(
        str(reply["spec"]),
        _count(reply["cardinality"]),
        None if names is None else tuple(map(str, names)),
        ask,
        variable,
    )


def _large(reply: dict[str, Any], variable: str, ask: Ask) -> Large:
    low, high = map(float, reply["range"])
    shape = tuple(map(int, reply["shape"]))
    return Large(shape, (low, high), reply["rows"])


def _file(reply: dict[str, Any], variable: str, ask: Ask) -> File:
    return File(str(reply["name"]), int(reply["size"]), ask, str(reply["path"]))


def _count(value: Any) -> int | None:
    return None if value is None else int(value)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)[:200]


def _shape(value: Any) -> tuple[int | None, ...] | None:
    return None if value is None else tuple(_count(size) for size in value)


_MAKERS: dict[str, Callable[[dict[str, Any], str, Ask], Any]] = {
    "blank": _blank,
    "plain": lambda reply, variable, ask: reply["value"],
    "array": lambda reply, variable, ask: reply["value"],
    "large": _large,
    "model": _model,
    "history": _history,
    "function": _function,
    "dataset": _dataset,
    "file": _file,
    "other": lambda reply, variable, ask: Other(str(reply["kind"])[:100]),
}
