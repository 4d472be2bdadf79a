"""The checks of lesson 4b, on evidence made by hand: no TensorFlow, no exports."""

from __future__ import annotations

import json
from typing import Any

import asking
import numpy as np
import pytest

from workshop.data.kinds import Sealed
from workshop.evidence.values import File, Function, Layer, Model, Other
from workshop.recorder import Recorder

LETTERS = "ABCDEFGHIKLMNOPQRSTUVWXY"
WEIGHTS = np.random.default_rng(0).normal(0, 0.002, (784, 24))
SAMPLES = np.random.default_rng(1).integers(0, 256, (40, 28, 28, 1)).astype(float)


advice = asking.lesson("04b")


def function(answer: Any) -> Function:
    def ask(request: dict[str, Any]) -> Any:
        if request["do"] == "map":
            return {"value": [answer(item) for item in request["items"]]}
        return {"value": answer(*request["arguments"])}

    return Function("f", (), ask)


def softmax(rows: Any) -> Any:
    powers = np.exp(rows - rows.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def answers(pictures: Any) -> Any:
    return softmax(np.asarray(pictures, float).reshape(len(pictures), -1) @ WEIGHTS)


def model(answer: Any = answers, scales: bool = True) -> Model:
    first = Layer("Rescaling", "r", {}, True, 0, 0, None, ())
    dense = Layer("Dense", "d", {}, True, 1, 1, (None, 24), ())
    return Model(
        *("Sequential", "sequential", {}, True, 1, 1, (None, 24)),
        layers=(first, dense) if scales else (dense,),
        compiled=False,
        loss=None,
        from_logits=False,
        optimizer=None,
        learning_rate=None,
        metrics=(),
        input_shape=(None, 28, 28, 1),
        _ask=lambda request: {"value": answer(request["array"])},
    )


def file(name: str, size: int, apart: float = 0.0) -> File:
    def ask(request: dict[str, Any]) -> Any:
        return {"value": answers(request["array"]) + apart}

    return File(name, size, ask)


def square(photo: Any) -> Any:
    height, width = photo.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return photo[top : top + side, left : left + side]


def prepare(photo: Any) -> Any:
    """Return the mean of what falls into each of 28 by 28 cells."""
    grey = square(photo).mean(axis=-1)
    edges = np.linspace(0, len(grey), 29).astype(int)[:-1]
    rows = np.add.reduceat(grey, edges, axis=0) / np.diff([*edges, len(grey)])[:, None]
    cells = np.add.reduceat(rows, edges, axis=1) / np.diff([*edges, len(grey)])
    return cells[..., None]


def translate(photo: Any, limit: float = 0.9) -> Any:
    row = answers(prepare(photo)[None])[0]
    sure = float(row.max())
    return (LETTERS[int(row.argmax())] if sure >= limit else "don't know"), sure


def test_a_loaded_model_answers() -> None:
    assert advice("the_model_is_in_memory", model=model()) == ""
    assert "cannot predict" in advice("the_model_is_in_memory", model=Other("x"))
    other = model(lambda rows: answers(rows)[:, :10])
    assert "(4, 24)" in advice("the_model_is_in_memory", model=other)


def test_a_photo_may_be_cut_or_padded_to_a_square() -> None:
    def padded(photo: Any) -> Any:
        side = max(photo.shape[:2])
        missing = [side - size for size in photo.shape[:2]]
        around = [(size // 2, size - size // 2) for size in missing]
        return np.pad(photo, (*around, (0, 0)))

    assert advice("a_hand_is_not_squeezed", square=function(square)) == ""
    assert advice("a_hand_is_not_squeezed", square=function(padded)) == ""


def squeezed(photo: Any) -> Any:
    """Return a square of 60 by 60 pixels, taken from all over the photo."""
    rows, columns = (np.linspace(0, n - 1, 60).astype(int) for n in photo.shape[:2])
    return photo[rows][:, columns]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda photo: photo, "shorter"),
        (lambda photo: photo[:64, :64], "on one side as on the other"),
        (lambda photo: photo[:16, :16], "cut away"),
        (lambda photo: square(photo).mean(axis=-1), "colours"),
        (squeezed, "came out squeezed"),
    ],
)
def test_other_squares_are_explained(wrong: Any, says: str) -> None:
    assert says in advice("a_hand_is_not_squeezed", square=function(wrong))


def pixels(make: Any, scales: bool = True) -> str:
    given = {"prepare": function(make), "model": model(scales=scales)}
    return advice("new_pixels_are_means_of_old_ones", **given)


def test_means_are_right_in_the_scale_of_the_network() -> None:
    assert pixels(prepare) == ""
    assert pixels(lambda photo: prepare(photo) / 255, scales=False) == ""


def test_other_pixels_are_explained() -> None:
    assert "grain" in pixels(lambda photo: square(photo)[::10, ::10, :1] * 1.0)
    assert "divides by 255 itself" in pixels(lambda photo: prepare(photo) / 255)
    assert "scale them" in pixels(prepare, scales=False)
    assert "(28, 28, 1)" in pixels(square)


def test_nothing_is_not_known() -> None:
    name = "nothing_is_not_a_letter"
    assert advice(name, translate=function(translate)) == ""
    always = function(lambda photo: translate(photo, 0))
    assert "a white wall" in advice(name, translate=always)
    alone = function(lambda photo: translate(photo)[0])
    assert "no pair" in advice(name, translate=alone)
    number = function(lambda photo: (3, 0.5))
    assert "no text" in advice(name, translate=number)


def test_how_sure_it_is_is_what_the_model_says() -> None:
    name, own = "translate_says_how_sure_it_is", model()
    given = {"prepare": function(prepare), "model": own}
    sure = function(lambda photo: translate(photo, 0))
    assert advice(name, translate=sure, **given) == ""
    raw = function(lambda photo: ("A", 1.0))
    assert "largest probability" in advice(name, translate=raw, **given)
    next_one = function(lambda photo: ("?", translate(photo)[1]))
    assert advice(name, translate=next_one, **given) == ""
    wrong = function(
        lambda photo: (
            LETTERS[(LETTERS.index(translate(photo, 0)[0]) + 1) % 24],
            translate(photo)[1],
        )
    )
    assert "the most probable" in advice(name, translate=wrong, **given)


def exports(**changes: Any) -> str:
    files: dict[str, Any] = {
        "saved": file("signs_saved", 1000),
        "lite": file("signs.tflite", 800),
        "small": file("small.tflite", 200, 0.01),
    }
    given = {**files, **changes, "model": model(), "samples": SAMPLES}
    return advice("exports_answer_as_the_model_does", **given)


def test_exports_that_answer_alike_are_right() -> None:
    assert exports() == ""
    assert "no exported model" in exports(lite=Other("PosixPath"))
    assert "signs_saved differs" in exports(saved=file("signs_saved", 9, 0.3))
    assert "quantised" in exports(small=file("small.tflite", 790))


def test_the_table_holds_what_was_measured() -> None:
    small = file("small.tflite", 200, 0.02)
    given = {"small": small, "samples": SAMPLES, "model": model()}
    table = {"small.tflite": (200, 0.9, 0.02)}
    assert advice("the_table_is_measured", table=table, **given) == ""
    lazy = {"small.tflite": (200, 0.9, 0.0)}
    assert "asked here" in advice("the_table_is_measured", table=lazy, **given)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (lambda x: json.dumps({"instances": [x.tolist()]}), ""),
        (lambda x: json.dumps({"instances": [x.round().tolist()]}), ""),
        (lambda x: {"instances": [x.tolist()]}, "no text"),
        (lambda x: "instances", "not JSON"),
        (lambda x: json.dumps([x.tolist()]), "no JSON object"),
        (lambda x: json.dumps({"inputs": [x.tolist()]}), ""),
        (lambda x: json.dumps({"images": [x.tolist()]}), "'instances' key"),
        (lambda x: json.dumps({"instances": 2 * [x.tolist()]}), "holds 2 inputs"),
        (lambda x: json.dumps({"instances": x.tolist()}), "(28, 28, 1)"),
        (lambda x: json.dumps({"instances": [(x / 255).tolist()]}), "away from"),
    ],
)
def test_a_request_carries_what_the_network_takes(body: Any, says: str) -> None:
    request = function(lambda photo: body(prepare(photo)))
    given = {"request": request, "prepare": function(prepare)}
    said = advice("a_request_carries_one_photo", **given)
    assert says in said
    assert bool(says) == bool(said)


def unseen(answer: Any) -> tuple[str, Recorder]:
    images = [np.full((2, 2, 3), i, np.uint8) for i in range(48)]
    labels = np.arange(48) % 24
    groups, classes = np.arange(48), tuple(LETTERS)
    sealed = Sealed(images, None, labels, classes, groups, "drawn")
    report = Recorder()
    said = advice(
        "reads_photos_of_hands_it_has_never_seen",
        translate=function(lambda photo: answer(int(photo[0, 0, 0]))),
        **{"sealed": sealed, "goal": 0.9, "report": report},
    )
    return said, report


def test_letters_count_and_not_knowing_is_wrong() -> None:
    said, _ = unseen(lambda i: (LETTERS[i % 24], 0.9))
    assert said == ""
    said, report = unseen(lambda i: (LETTERS[i % 24] if i < 24 else "don't know", 0.9))
    assert "did not know 50 %" in said
    assert report.score
    assert report.score.value == 0.5
    said, _ = unseen(lambda i: ("A", 0.9))
    assert "training pictures look like" in said
