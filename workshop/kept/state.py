"""What a training leaves behind is what a model holds, and nothing of how it is built.

All of the model's variables, those of its random layers too, all of the optimizer's
(which is *built* first: else nothing is restored, silently), and the history. What the
training drew from elsewhere, for example to shuffle a data set, is not repeated.
"""

from __future__ import annotations

from typing import Any

from workshop.kept.key import Incomparable
from workshop.kept.store import Note, Number, Reader

Form = tuple[tuple[int, ...], Any]
Forms = dict[str, Form]
_KNOWN = ("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau")


def callbacks(model: Any, given: Any) -> list[Any]:
    """Return the callbacks of a `fit`; Incomparable where its steps may do anything."""
    import keras

    if type(model).train_step is not keras.Model.train_step:
        raise Incomparable("The model has steps of its own.")
    listed = given if isinstance(given, list | tuple) else [given]
    found = [one for one in listed if one is not None]
    known = {getattr(keras.callbacks, name) for name in _KNOWN}
    if other := [one for one in found if type(one) not in known]:
        raise Incomparable(f"{type(other[0]).__name__} may do anything.")
    return found


def ready(model: Any, x: Any) -> Forms:
    """Build a model and its optimizer; return the form of each of their arrays.

    Raises Incomparable where that cannot be done.
    """
    try:
        if not model.built:
            model(_sample(x))
        if not model.optimizer.built:
            model.optimizer.build(model.trainable_variables)
    except Exception as error:  # whatever a learner's own model may raise
        why = f"The model cannot be built here ({type(error).__name__})."
        raise Incomparable(why) from None
    return {name: _form(one) for name, one in _variables(model).items()}


def note(
    model: Any,
    history: Any,
    callbacks: list[Any],
    **rest: Any,
) -> Note:
    """Return what to note of a training; Incomparable where it is not all numbers."""
    try:
        metrics = {
            str(name): [float(value) for value in values]
            for name, values in history.history.items()
        }
    except (TypeError, ValueError):
        raise Incomparable("A metric is no number.") from None
    params = {n: p for n, p in history.params.items() if isinstance(p, Number | str)}
    epochs = [int(epoch) for epoch in history.epoch]
    numbers = [_numbers(one) for one in callbacks]
    stopped = bool(model.stop_training)
    return Note(
        history=metrics,
        epochs=epochs,
        params=params,
        stopped=stopped,
        callbacks=numbers,
        **rest,
    )


def arrays(model: Any) -> dict[str, Any]:
    """Return what a model and its optimizer hold, by name; raises Incomparable."""
    import numpy as np

    found = {}
    for name, variable in _variables(model).items():
        _form(variable)
        found[name] = np.asarray(variable, order="C")
    return found


def read(reader: Reader, forms: Forms) -> dict[str, Any]:
    """Return all arrays of a kept training; Unfit where it is of another model."""
    return {name: reader.array(name, *form) for name, form in forms.items()}


def restore(model: Any, given: list[Any], note: Note, arrays: dict[str, Any]) -> Any:
    """Bring a model to where a training left it; return the history."""
    import keras

    for name, variable in _variables(model).items():
        variable.assign(arrays[name])
    history = keras.callbacks.History()
    history.history = {name: list(row) for name, row in note.history.items()}
    history.epoch = list(note.epochs)
    for one, numbers in zip(given, note.callbacks, strict=True):
        vars(one).update({n: v for n, v in numbers.items() if n in vars(one)})
    for one in (history, *given):
        one.set_model(model)
        one.set_params(dict(note.params))
    model.history = history
    model.stop_training = note.stopped
    return history


def _variables(model: Any) -> dict[str, Any]:
    parts = {"model": model.variables, "optimizer": model.optimizer.variables}
    return {
        f"{p}_{n}": one for p, found in parts.items() for n, one in enumerate(found)
    }


def _form(variable: Any) -> Form:
    import numpy as np

    try:
        dtype = np.dtype(variable.dtype)
    except TypeError:
        raise Incomparable(f"{variable.dtype} cannot be kept.") from None
    if dtype.kind not in "biuf":
        raise Incomparable(f"{dtype} cannot be kept.")
    return tuple(int(size) for size in variable.shape), dtype


def _sample(x: Any) -> Any:
    """Return one item of what `fit` was given; of a data set, zeros of its form."""
    import keras

    def blank(spec: Any) -> Any:
        shape = [1 if size is None else size for size in spec.shape]
        return keras.ops.zeros(shape, spec.dtype.name)

    if hasattr(x, "element_spec"):
        spec = x.element_spec
        return keras.tree.map_structure(
            blank, spec[0] if isinstance(spec, tuple) else spec
        )
    return keras.tree.map_structure(lambda one: one[:1], x)


def _numbers(callback: Any) -> dict[str, Number]:
    """Return what a callback counted, such as the epoch at which it stopped."""
    public = {n: v for n, v in vars(callback).items() if not n.startswith("_")}
    return {n: v for n, v in public.items() if isinstance(v, Number)}
