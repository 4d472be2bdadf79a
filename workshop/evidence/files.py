"""A model file is run as its user would run it: in a process that has only the file.

Run in a child of its own, after the script that wrote the file. `.keras` is loaded in
safe mode, so that a layer that holds code is refused.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def run_file(path: Path, array: Any) -> Any:
    """Return the raw predictions of a `.keras`, `.tflite` or SavedModel for `array`.

    The first axis of `array` counts the items. ValueError for another kind of file.
    """
    if path.suffix == ".keras":
        return _keras(path, array)
    if path.suffix == ".tflite":
        return _lite(path, array)
    if (path / "saved_model.pb").is_file():
        return _saved_model(path, array)
    raise ValueError(
        f"{path.name} is no .keras file, .tflite file or SavedModel folder"
    )


def _keras(path: Path, array: Any) -> Any:
    import keras

    model = keras.models.load_model(path, compile=False, safe_mode=True)
    return model.predict(array, verbose=0)


def _saved_model(path: Path, array: Any) -> Any:
    import tensorflow as tf

    serve = tf.saved_model.load(str(path)).signatures["serving_default"]
    ((name, spec),) = serve.structured_input_signature[1].items()
    (output,) = serve(**{name: tf.cast(array, spec.dtype)}).values()
    return output.numpy()


def _lite(path: Path, array: Any) -> Any:
    from workshop.evidence import lite

    return lite.run(lite.interpreter(path), [array])[0]


def main() -> None:
    """Answer a question left in a file: FILE INPUTS.npy OUTPUTS.npy."""
    import numpy as np

    file, given, made = map(Path, sys.argv[1:])
    np.save(made, run_file(file, np.load(given)))


if __name__ == "__main__":
    main()
