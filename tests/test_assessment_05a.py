"""The checks of lesson 5a, on evidence made by hand: no TensorFlow, no photos."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import asking
import numpy as np
import pytest

from workshop.data import Sealed
from workshop.evidence.values import LearnerError
from workshop.recorder import Recorder

SIZE = (96, 96)
MODEL = SimpleNamespace(input_shape=(None, *SIZE, 3))
MEANS = np.array([103.939, 116.779, 123.68])
CLASSES = ["setter", "tabby", "poodle", "brown bear", "siamese", "apple"]
KINDS = {"dog": [0, 2], "cat": [1, 4]}
LABELS = np.arange(60) % 5
NAMES = ("ours", "dog", "cat", "bear", "fox")
WANTED = np.array(["in", "in", "out", "shut", "shut"])[LABELS]


advice = asking.lesson("05a")


def nearest(photo: Any) -> Any:
    """Return a photo at the network's size, by the nearest pixels."""
    rows = np.arange(SIZE[0]) * len(photo) // SIZE[0]
    columns = np.arange(SIZE[1]) * photo.shape[1] // SIZE[1]
    return np.asarray(photo, float)[rows][:, columns]


def centred(photo: Any) -> Any:
    return np.asarray(photo, float)[..., ::-1] - MEANS


def prepare(photo: Any) -> Any:
    return centred(nearest(photo))[None]


def square(photo: Any) -> Any:
    """Return the middle of a photo as a square."""
    side = min(photo.shape[:2])
    top, left = (photo.shape[0] - side) // 2, (photo.shape[1] - side) // 2
    return photo[top : top + side, left : left + side]


def margins(photo: Any) -> Any:
    """Return a photo as a square with black margins."""
    side = max(photo.shape[:2])
    made = np.zeros((side, side, 3), np.uint8)
    top, left = (side - photo.shape[0]) // 2, (side - photo.shape[1]) // 2
    made[top : top + photo.shape[0], left : left + photo.shape[1]] = photo
    return made


def resized(function: Any) -> str:
    return advice("a_photo_of_any_size_is_resized", prepare=function, model=MODEL)


@pytest.mark.parametrize(
    "usual",
    [
        prepare,
        nearest,
        lambda photo: nearest(photo) / 255,
        lambda photo: prepare(square(photo)),
        lambda photo: prepare(margins(photo)),
        lambda photo: centred(nearest(photo)) % 256,
    ],
)
def test_every_way_to_resize_a_whole_photo_is_right(usual: Any) -> None:
    assert resized(usual) == ""


@pytest.mark.parametrize(
    ("unusual", "says"),
    [
        (lambda photo: photo, "Resize it"),
        (lambda photo: photo[:96, :96], "shape"),
        (lambda photo: np.pad(photo, ((0, 96), (0, 96), (0, 0)))[:96, :96], "corner"),
        (lambda photo: np.resize(photo, (96, 96, 3)), "another picture"),
        (lambda photo: nearest(photo)[::-1, ::-1], "another picture"),
        (lambda photo: np.zeros((96, 96, 3)), "another picture"),
        (lambda photo: None, "return"),
    ],
)
def test_what_is_no_resizing_is_explained(unusual: Any, says: str) -> None:
    assert says in resized(unusual)


def stops(photo: Any) -> Any:
    raise LearnerError("prepare()", {"type": "ValueError", "message": "shape"})


def test_a_prepare_that_stops_is_quoted() -> None:
    assert "ValueError: shape" in resized(stops)


def coloured(function: Any) -> str:
    return advice("colours_are_as_in_training", prepare=function, model=MODEL)


@pytest.mark.parametrize(
    "function", [prepare, lambda p: prepare(p)[0], lambda p: np.float32(prepare(p))]
)
def test_the_preprocessing_of_vgg16_is_right_with_or_without_a_batch(
    function: Any,
) -> None:
    assert coloured(function) == ""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda p: p[None], "as they came"),
        (lambda p: p[None][..., ::-1], "only the order"),
        (lambda p: prepare(p)[..., ::-1], "still red, green, blue"),
        (lambda p: prepare(p[..., ::-1]), "each other"),
        (lambda p: centred(prepare(p)), "twice"),
        (lambda p: p[None] / 255, "divided by 255"),
        (lambda p: prepare(p) % 256, "began again at 255"),
        (lambda p: p[None] / 127.5 - 1, "preprocess_input"),
    ],
)
def test_other_colours_are_recognised(function: Any, says: str) -> None:
    assert says in coloured(function)


def test_a_batch_of_one_has_a_further_dimension_in_front() -> None:
    name, given = "a_photo_becomes_a_batch_of_one", {"model": MODEL}
    assert advice(name, prepare=prepare, **given) == ""
    assert "[None]" in advice(name, prepare=lambda p: prepare(p)[0], **given)


def named(function: Any) -> str:
    return advice("the_best_classes_are_named", readable=function, classes=CLASSES)


def readable(prediction: Any, top: int = 3) -> Any:
    best = np.argsort(-prediction)[:top]
    return [(CLASSES[i], float(prediction[i])) for i in best]


@pytest.mark.parametrize(
    "function", [readable, lambda p, top=6: dict(readable(p, top))]
)
def test_pairs_of_names_and_probabilities_are_right(function: Any) -> None:
    assert named(function) == ""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda p: readable(-p), "smallest first"),
        (lambda p: [(n, p[0]) for n, _ in readable(p)], "not their"),
        (lambda p, _=0: readable(p), "`top`"),
        (lambda p: [(CLASSES.index(n), s) for n, s in readable(p)], "name of a class"),
        (lambda p: [n for n, _ in readable(p)], "pairs"),
        (lambda p: [], "pairs"),
        (lambda p: None, "pairs"),
        (lambda p: "a dog", "pairs"),
    ],
)
def test_what_nobody_can_read_is_explained(function: Any, says: str) -> None:
    assert says in named(function)


def summed(function: Any) -> str:
    given = {"classes": CLASSES, "dogs": KINDS["dog"], "cats": KINDS["cat"]}
    return advice("the_chance_of_a_kind_is_a_sum", chance=function, **given)


def test_a_sum_over_a_kind_is_right() -> None:
    assert summed(lambda p, kind: float(p[KINDS[kind]].sum())) == ""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda p, kind: float(p[KINDS[kind]].max()), "Add up"),
        (lambda p, kind: float(p[KINDS["dog"]].sum()), "classes of cats"),
        (lambda p, kind: p[KINDS[kind]], "up to one number"),
        (lambda p, kind: None, "up to one number"),
    ],
)
def test_what_is_no_sum_is_explained(function: Any, says: str) -> None:
    assert says in summed(function)


@pytest.mark.parametrize("word", ["in", "out", "shut"])
def test_three_words_are_known(word: str) -> None:
    assert advice("the_door_knows_three_answers", may_enter=lambda p: word) == ""


@pytest.mark.parametrize("word", [True, None, "open", 3])
def test_other_words_are_not(word: Any) -> None:
    said = advice("the_door_knows_three_answers", may_enter=lambda p: word)
    assert "three words" in said


def judged(words: Any) -> tuple[str, Recorder]:
    """Return what is said of answers to 60 photos, and what was recorded."""
    images = [np.full((8, 8, 3), number, np.uint8) for number in range(60)]
    sealed = Sealed(images, None, LABELS, NAMES, np.arange(60), "drawn")
    door = SimpleNamespace(map=lambda photos: [words[p[0, 0, 0]] for p in photos])
    report = Recorder()
    given = {"may_enter": door, "sealed": sealed, "goal": 0.9, "report": report}
    return advice("the_door_is_right_for_new_guests", **given), report


def test_right_answers_pass_and_are_counted() -> None:
    said, report = judged(WANTED)
    assert said == ""
    assert report.score is not None
    assert report.score.value == 1


def test_no_answer_is_wanted_more_often_than_another() -> None:
    report = judged(np.array(["in"] * 60))[1]
    assert report.score is not None
    assert report.score.value == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["in"] * 60, '"in" every time'),
        (np.where(WANTED == "in", "shut", WANTED), "dogs it gets 0 %"),
        (np.where(WANTED == "out", "in", WANTED), "cats it gets 0 %"),
        (np.where(WANTED == "shut", "in", WANTED), "others it gets 0 %"),
    ],
)
def test_the_worst_guests_are_named(words: Any, says: str) -> None:
    assert says in judged(words)[0]
