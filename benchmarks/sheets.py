"""Contact sheets: what a person must recognise is shown to a person.

`python -m benchmarks.sheets` draws docs/images/signs.png: fifty pictures of signs, each
by a signer of its own, photos.png: two dozen photos, with their letters, and
pets.png, fruit.png and world.png with some pictures of every class. Named sheets only
are drawn by `python -m benchmarks.sheets signs photos`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from workshop.data import fruit, pets, photos, signs, world

IMAGES = Path(__file__).parent.parent / "docs" / "images"
CELL, STRIP = 112, 16  # a picture's side and the height of its caption, in pixels


def main() -> None:
    sheets = {"signs": _signs, "photos": _photos, "others": _others}
    for name in sys.argv[1:] or sheets:
        sheets[name]()


def _signs() -> None:
    drawn = signs.drawn()
    order = np.argsort(drawn["y_test"], kind="stable")
    each = len(order) // len(signs.CLASSES)
    rows = np.sort(np.concatenate([order[::each], order[1::each], order[2:4]]))
    rows = rows[np.argsort(drawn["y_test"][rows], kind="stable")]
    images, labels = drawn["x_test"][rows], drawn["y_test"][rows]
    sheet("signs", images, labels, signs.CLASSES, across=10)


def _photos() -> None:
    images, labels = photos.draw(b"sheet", len(signs.CLASSES))
    order = np.argsort(labels)
    letters = signs.CLASSES
    sheet("photos", [images[i] for i in order], labels[order], letters, across=8)


def _others() -> None:
    x, y = pets.drawn()["x_train"], pets.drawn()["y_train"]
    some("pets", x, y, pets.CLASSES, {0: 16, 1: 16, 2: 8}, across=8)
    x, y = fruit.drawn()["x_test"], fruit.drawn()["y_test"]
    some("fruit", x, y, fruit.CLASSES, dict.fromkeys(range(6), 8), across=8)
    x, y = world.draw(b"sheet", 3 * len(world.CLASSES))
    some("world", x, y, world.CLASSES, {}, across=12)


def some(name: str, images, labels, classes, most: dict[int, int], across: int) -> None:
    """Write the first few pictures of every class: as many as `most` says, or 3."""
    rows = [np.flatnonzero(labels == k)[: most.get(k, 3)] for k in range(len(classes))]
    chosen = np.concatenate(rows)
    sheet(name, images[chosen], labels[chosen], classes, across)


def sheet(name: str, images, labels, classes, across: int) -> None:
    """Write pictures with the names of their classes, `across` in a row."""
    down = -(-len(images) // across)
    paper = Image.new("RGB", (across * (CELL + 4), down * (CELL + STRIP)), "white")
    pen = ImageDraw.Draw(paper)
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        left, top = number % across * (CELL + 4), number // across * (CELL + STRIP)
        picture = Image.fromarray(image).convert("RGB")
        scale = CELL / max(picture.size)
        size = (round(picture.width * scale), round(picture.height * scale))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
        paper.paste(picture, (left + (CELL - size[0]) // 2, top + STRIP))
        place = (left + CELL // 2, top + 2)
        pen.text(place, classes[label], fill="black", anchor="ma")
    colours = paper.quantize(256, kmeans=2)
    paper = paper.quantize(palette=colours, dither=Image.Dither.FLOYDSTEINBERG)
    paper.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
