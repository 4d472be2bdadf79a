"""A LiteRT file answers as its model did, where TensorFlow cannot be imported."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from workshop.evidence import lite

pytest.importorskip("ai_edge_litert", reason="pip install ai-edge-litert")

ROOT = Path(__file__).parents[1]
BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("tensorflow", "keras"):
            raise ImportError(f"{name} is blocked")
sys.meta_path.insert(0, Blocked())
import numpy as np
from workshop.evidence import lite
file, given, made = sys.argv[1:]
np.save(made, lite.run(lite.interpreter(file), [np.load(given)])[0])
assert not {"tensorflow", "keras"} & set(sys.modules)
"""
EXPORT = """
import sys
import keras, numpy as np, tensorflow as tf
from keras import layers
folder = sys.argv[1]
keras.utils.set_random_seed(1)
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(8, 3, activation="relu"),
    layers.BatchNormalization(),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
images = np.random.default_rng(1).random((32, 28, 28, 1), "float32")
np.save(f"{folder}/images.npy", images)
np.save(f"{folder}/keras.npy", model.predict(images, verbose=0))
def examples():
    for image in images:
        yield [image[None]]
small = {"optimizations": [tf.lite.Optimize.DEFAULT]}
whole = {
    **small,
    "representative_dataset": examples,
    "inference_input_type": tf.uint8,
    "inference_output_type": tf.uint8,
    "target_spec": {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]},
}
for name, options in (("float", {}), ("small", small), ("bytes", whole)):
    model.export(f"{folder}/{name}.tflite", format="litert", verbose=False, **options)
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """Return a folder with three LiteRT files, inputs, and the answers of Keras."""
    folder = tmp_path_factory.mktemp("lite")
    subprocess.run(
        [sys.executable, "-c", EXPORT, str(folder)],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "tolerance"), [("float", 1e-5), ("small", 0.02), ("bytes", 0.05)]
)
def test_a_file_answers_like_its_model_without_tensorflow(exported, name, tolerance):
    made = exported / f"{name}.npy"
    arguments = [exported / f"{name}.tflite", exported / "images.npy", made]
    subprocess.run(
        [sys.executable, "-c", BLOCKED, *map(str, arguments)], check=True, cwd=ROOT
    )
    difference = np.abs(np.load(made) - np.load(exported / "keras.npy"))
    assert difference.max() < tolerance


@pytest.mark.slow
def test_quantised_weights_take_a_third_of_the_bytes_or_less(exported):
    sizes = {p.stem: p.stat().st_size for p in exported.glob("*.tflite")}
    assert sizes["small"] < sizes["float"] / 3


def test_whole_numbers_are_scaled_as_the_file_says():
    entry = {"dtype": np.uint8, "quantization": (0.5, 10)}
    stored = lite.stored(np.array([-100.0, -5, 0, 2.5, 1000]), entry)
    assert stored.tolist() == [0, 0, 10, 15, 255]
    assert lite.restored(stored, entry).tolist() == [-5, -5, 0, 2.5, 122.5]


def test_numbers_that_are_not_scaled_keep_their_value():
    entry = {"dtype": np.float32, "quantization": (0.0, 0)}
    stored = lite.stored(np.array([0.25]), entry)
    assert stored.dtype == np.float32
    assert lite.restored(stored, entry).tolist() == [0.25]
