"""The builder wraps the NumPy source and adds nothing: `tfds.load("digits/drawn")`.

The version of drawn digits follows the generator, so that what TFDS keeps (in
TFDS_DATA_DIR) is never older than the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow_datasets as tfds

from workshop import data
from workshop.data import digits, shelf


class Digits(tfds.core.GeneratorBasedBuilder):
    """Handwritten digits: image (28, 28, 1) uint8, 0 paper to 255 ink, and label."""

    code_path = Path(__file__)  # finding it needs a package that TFDS does not declare
    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS = (
        tfds.core.BuilderConfig(
            name="drawn", version=f"1.0.{int(shelf.drawing('digits'), 16)}"
        ),
        tfds.core.BuilderConfig(name="real", version="1.0.0"),
    )

    def _info(self) -> Any:
        features = {
            "image": tfds.features.Image(shape=(28, 28, 1)),
            "label": tfds.features.ClassLabel(names=list(digits.CLASSES)),
        }
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.__doc__,
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("image", "label"),
        )

    def _split_generators(self, _: Any) -> dict[str, Iterator[tuple[int, Any]]]:
        arrays = data.arrays("digits", self.builder_config.name)
        return {
            part: _examples(arrays[f"x_{part}"], arrays[f"y_{part}"])
            for part in ("train", "test")
        }

    def _generate_examples(self, *_: Any) -> Any:
        raise AssertionError("every split brings its own generator")


def _examples(images: Any, labels: Any) -> Iterator[tuple[int, Any]]:
    for key, (image, label) in enumerate(zip(images, labels, strict=True)):
        yield key, {"image": image[..., None], "label": int(label)}
