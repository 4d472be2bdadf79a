"""A model that was handed in takes the place of one training, and is measured here.

Its history has two entries, both measured in this process: before its weights were
loaded, and after. What the file says of its own training is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workshop.kept.store import Unfit


def load(path: str) -> Any:
    """Return the model in a `.keras` file; Unfit where there is none to be had.

    Nothing in it may run code (`safe_mode`); it is a wall behind others, since this
    process is the learner's own.
    """
    import keras

    if not path.endswith(".keras"):
        raise Unfit("A model comes as a .keras file.")
    try:
        return keras.models.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise Unfit(f"It cannot be loaded ({type(error).__name__}).") from None


def take(model: Any, other: Any, asked: Mapping[str, Any], callbacks: list[Any]) -> Any:
    """Give `model` the weights of `other`; return the history, of two measurements.

    `asked` are the arguments of `fit`; `callbacks` hear of both as of epochs, so that
    their files are there. Unfit where the model cannot be measured, or the weights have
    other shapes; then nothing was changed.
    """
    import keras

    if _shapes(model) != _shapes(other):
        raise Unfit("Its weights have other shapes.")
    try:
        before = _measured(model, asked)
    except Exception as error:  # the learner's own `fit` will say it better
        why = f"The script's model cannot be measured ({type(error).__name__})."
        raise Unfit(why) from None
    model.set_weights(other.get_weights())
    heard = keras.callbacks.CallbackList(
        callbacks, add_history=True, model=model, epochs=2, steps=None, verbose=0
    )
    heard.on_train_begin()
    for epoch, measured in enumerate([before, _measured(model, asked)]):
        heard.on_epoch_begin(epoch)
        heard.on_epoch_end(epoch, measured)
    heard.on_train_end()
    return model.history


def _shapes(model: Any) -> list[tuple[int, ...]]:
    return [tuple(weight.shape) for weight in model.weights]


def _measured(model: Any, asked: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics on what was to be trained on, and on what was to validate."""
    size = asked.get("batch_size")
    training, validation = _parts(asked)
    found = _evaluated(model, training, size, asked.get("steps_per_epoch"))
    if validation is not None:
        size = asked.get("validation_batch_size") or size
        there = _evaluated(model, validation, size, asked.get("validation_steps"))
        found |= {f"val_{name}": value for name, value in there.items()}
    return found


def _parts(asked: Mapping[str, Any]) -> tuple[Any, Any]:
    """Return what to measure on: (x, y, weights) to train, and to validate or None."""
    whole = (asked.get("x"), asked.get("y"), asked.get("sample_weight"))
    share = asked.get("validation_split") or 0.0
    if asked.get("validation_data") is not None or not share:
        return whole, asked.get("validation_data")
    import keras

    at = int(len(keras.tree.flatten(whole[0])[0]) * (1 - share))

    def cut(part: slice) -> Any:
        def of(array: Any) -> Any:
            return None if array is None else array[part]

        return tuple(keras.tree.map_structure(of, one) for one in whole)

    return cut(slice(None, at)), cut(slice(at, None))


def _evaluated(model: Any, given: Any, size: Any, steps: Any) -> dict[str, float]:
    arrays = given if isinstance(given, tuple | list) else (given,)
    names = ("x", "y", "sample_weight")
    named = dict(zip(names, arrays, strict=False))
    return dict(
        model.evaluate(
            **named, batch_size=size, steps=steps, verbose=0, return_dict=True
        )
    )
