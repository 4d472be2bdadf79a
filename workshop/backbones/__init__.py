"""A pre-trained VGG16 is the real one or a small one like it, and one line says which.

The real one belongs to real photos: it is used where these and its weights are at hand.
The small one comes with the kit. A lesson works with either, because classes, picture
size and preprocessing come with the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.backbones import imagenet, small

WEIGHTS = ("imagenet", "small", "random")


@dataclass(frozen=True)
class Backbone:
    """A pre-trained network, and what one must know to use it.

    `model` is a Keras model, `classes` are the names of its outputs in their order,
    `image_size` is (height, width) in pixels, `source` says where the weights are from.
    """

    model: Any
    classes: list[str]
    image_size: tuple[int, int]
    source: str
    kinds: dict[str, list[int]]

    def preprocess(self, images: Any) -> Any:
        """Return what VGG16 takes: colours as blue, green, red, each around 0.

        `images` (..., 3) are red, green, blue from 0 to 255, as array or tensor; they
        are left as they are. The same as `keras.applications.vgg16.preprocess_input`.
        """
        import keras
        import numpy as np

        is_plain = isinstance(images, np.ndarray | list | tuple)
        cast = np.array if is_plain else keras.ops.cast
        return keras.applications.vgg16.preprocess_input(cast(images, "float32"))

    def decode(self, predictions: Any, top: int = 5) -> list[list[tuple[str, float]]]:
        """Return for each row its `top` classes, the most probable first.

        `predictions` has shape (n, classes); ValueError for another.
        """
        import numpy as np

        rows = np.asarray(predictions)
        if rows.ndim != 2 or rows.shape[1] != len(self.classes):
            raise ValueError(
                f"decode takes predictions of shape (n, {len(self.classes)}); these "
                f"have shape {rows.shape}."
            )
        best = np.argsort(-rows, axis=1, kind="stable")[:, :top]
        return [
            [(self.classes[i], float(row[i])) for i in order]
            for row, order in zip(rows, best, strict=True)
        ]

    def indices(self, kind: str) -> list[int]:
        """Return the numbers of all classes of a kind; ValueError names the kinds."""
        if kind not in self.kinds:
            known = ", ".join(sorted(self.kinds))
            raise ValueError(f"There is no kind {kind!r} here; there is: {known}.")
        return list(self.kinds[kind])


def vgg16(
    include_top: bool = True, weights: str | None = None, data: str = "pets"
) -> Backbone:
    """Return a pre-trained VGG16, whole or (without its top) as convolutional base.

    `weights` is "imagenet", "small", or None: ImageNet's where they are at hand and
    the data set named by `data` is real, otherwise the small network of this kit.
    "random" is the small network before any training, to compare with. ValueError for
    other weights; FileNotFoundError where "imagenet" cannot be had.
    """
    if weights not in (None, *WEIGHTS):
        known = ", ".join(WEIGHTS)
        raise ValueError(f"There are no weights {weights!r}; there is: {known}.")
    found = None
    if weights == "imagenet" or (weights is None and _is_real(data)):
        found = _real(include_top, determined=weights is not None)
    found = found or _small(include_top, trained=weights != "random")
    print(f"VGG16: {found.source}", flush=True)
    return found


def _is_real(name: str) -> bool:
    from workshop import data

    try:
        return data.choose(name).variant == "real"
    except data.DataError:
        return False


def _real(include_top: bool, determined: bool) -> Backbone | None:
    """Return the network with ImageNet's weights, or None where they are not at hand.

    Where one is `determined` to have them, FileNotFoundError says why not.
    """
    path, why = imagenet.find(imagenet.weights(include_top))
    if path is None:
        said = f"The weights of ImageNet cannot be had: {why}."
        if determined:
            raise FileNotFoundError(said)
        print(said, flush=True)
        return None
    return Backbone(
        imagenet.network(path, include_top),
        imagenet.classes(),
        (imagenet.SIDE, imagenet.SIDE),
        f"the real one, with the weights of ImageNet ({path.parent})",
        imagenet.KINDS,
    )


def _small(include_top: bool, trained: bool) -> Backbone:
    record = small.record()
    classes = list(record["classes"])
    model = small.network(len(classes) if include_top else None)
    source = "the small one of this kit, before any training"
    if trained:
        small.read(model)
        source = (
            "the small one of this kit, pre-trained on drawn pictures of "
            f"{len(classes)} classes"
        )
    kinds = {
        kind: [classes.index(name) for name in names]
        for kind, names in record["kinds"].items()
    }
    return Backbone(model, classes, (small.SIDE, small.SIDE), source, kinds)
