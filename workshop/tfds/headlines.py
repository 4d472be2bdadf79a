"""`tfds.load("headlines/drawn")`: one line of text each, and nothing to predict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tensorflow_datasets as tfds

from workshop import data
from workshop.tfds.pictures import configs


class Headlines(tfds.core.GeneratorBasedBuilder):
    """Headlines: text, lower-case words between single spaces."""

    code_path = Path(__file__)
    VERSION = tfds.core.Version("1.0.0")
    BUILDER_CONFIGS = configs("headlines")

    def _info(self) -> Any:
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.__doc__,
            features=tfds.features.FeaturesDict({"text": tfds.features.Text()}),
        )

    def _split_generators(self, _: Any) -> dict[str, Iterator[tuple[int, Any]]]:
        arrays = data.arrays("headlines", self.builder_config.name)
        return {part: _examples(data.lines(arrays[part])) for part in ("train", "test")}

    def _generate_examples(self, *_: Any) -> Any:
        raise AssertionError("every split brings its own generator")


def _examples(texts: list[str]) -> Iterator[tuple[int, Any]]:
    for key, text in enumerate(texts):
        yield key, {"text": text}
