"""One builder serves every data set of pictures: only name, size and classes differ.

The version of drawn data follows the generator, so that what TFDS keeps (in
TFDS_DATA_DIR) is never older than the code.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow_datasets as tfds

from workshop import data
from workshop.data import shelf


def configs(name: str) -> tuple[Any, ...]:
    """Return the configs `drawn` and `real` of a data set."""
    version = f"1.0.{int(shelf.drawing(name), 16)}"
    return (
        tfds.core.BuilderConfig(name="drawn", version=version),
        tfds.core.BuilderConfig(name="real", version="1.0.0"),
    )


class Pictures(tfds.core.GeneratorBasedBuilder, skip_registration=True):  # type: ignore[call-arg]
    """Pictures with one label each: image (height, width, channels) uint8, label."""

    code_path = Path(__file__)  # finding it needs a package that TFDS does not declare
    VERSION = tfds.core.Version("1.0.0")
    SHAPE: tuple[int | None, ...] = (None, None, 3)

    def _info(self) -> Any:
        names = list(data.classes(self.name))
        features = {
            "image": tfds.features.Image(shape=self.SHAPE),
            "label": tfds.features.ClassLabel(names=names),
        }
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.__doc__,
            features=tfds.features.FeaturesDict(features),
            supervised_keys=("image", "label"),
        )

    def _split_generators(self, _: Any) -> dict[str, Iterator[tuple[int, Any]]]:
        arrays = data.arrays(self.name, self.builder_config.name)
        return {
            part: _examples(arrays[f"x_{part}"], arrays[f"y_{part}"])
            for part in ("train", "test")
            if f"x_{part}" in arrays
        }

    def _generate_examples(self, *_: Any) -> Any:
        raise AssertionError("every split brings its own generator")


def _examples(packed: Any, labels: Any) -> Iterator[tuple[int, Any]]:
    images = data.unpack(packed)
    for key, (image, label) in enumerate(zip(images, labels, strict=True)):
        picture = image if image.ndim == 3 else image[..., None]
        yield key, {"image": picture, "label": int(label)}
