"""Photos are larger pictures of the same hands, in colour, and shrink to signs."""

import numpy as np
import pytest

from workshop import data
from workshop.data import photos, pictures, signs
from workshop.data.studio import GREY


def shrunk(photo):
    """Return the middle square of a photo in grey, averaged down to 28 by 28."""
    from PIL import Image

    height, width = photo.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = photo[top : top + side, left : left + side] @ GREY
    small = Image.fromarray(square.astype(np.uint8)).resize(
        (28, 28), Image.Resampling.BOX
    )
    return np.asarray(small)


@pytest.fixture(scope="module")
def some():
    return photos.draw(b"some", 48)


def test_photos_come_in_many_sizes_and_shapes_in_colour(some):
    images, _ = some
    sizes = np.array([image.shape for image in images])
    assert (sizes[:, 2] == 3).all()
    assert sizes[:, :2].min() >= photos.SIDES[0]
    assert sizes[:, :2].max() <= photos.SIDES[1]
    assert len({tuple(size) for size in sizes}) > 40
    assert (sizes[:, 0] > sizes[:, 1]).any()
    assert (sizes[:, 0] < sizes[:, 1]).any()


def test_letters_come_equally_often_in_random_order(some):
    _, labels = some
    assert set(np.bincount(labels)) == {2}
    assert (np.diff(labels.astype(int)) < 0).any()


def test_the_same_purpose_draws_the_same_photos(some):
    again, _ = photos.draw(b"some", 48)
    assert all(np.array_equal(a, b) for a, b in zip(again, some[0], strict=True))


def test_photos_are_in_colour(some):
    spread = [image.astype(float).std(axis=2).mean() for image in some[0]]
    assert min(spread) > 2


def test_what_is_shown_is_packed(monkeypatch):
    monkeypatch.setattr(photos, "SHOWN", 24)
    arrays = photos.drawn()
    images = pictures.unpack(arrays["x_test"])
    assert len(images) == len(arrays["y_test"]) == 24
    assert images[0].shape[2] == 3


def test_sealed_photos_are_lists_fresh_for_each_secret(monkeypatch):
    monkeypatch.setattr(photos, "SEALED", 24)
    shown, graded = photos.sealed_drawn(b"one")
    other, _ = photos.sealed_drawn(b"two")
    assert len(shown.images) == len(graded.images) == 24
    assert shown.images[0].shape != other.images[0].shape
    with pytest.raises(ValueError, match="read-only"):
        graded.images[0][0] = 0


def test_a_photo_shrinks_to_a_picture_like_a_sign(some):
    small = np.stack([shrunk(image) for image in some[0]]).astype(float)
    drawn = signs._draw(b"like", 480, 480)[0].astype(float)
    assert small.mean() == pytest.approx(drawn.mean(), abs=12)
    inner = small.std(axis=(1, 2)).mean(), drawn.std(axis=(1, 2)).mean()
    assert inner[0] == pytest.approx(inner[1], rel=0.2)


@pytest.mark.slow
def test_a_network_that_learned_signs_reads_photos_nearly_as_well():
    import keras
    from keras import layers

    keras.utils.set_random_seed(1)
    drawn = data.arrays("signs", "drawn")
    images, labels = photos.draw(b"trained", 480)
    small = np.stack([shrunk(image) for image in images])
    stack = [keras.Input((28, 28, 1)), layers.Rescaling(1 / 255)]
    for filters in (16, 32, 64):
        stack += [
            layers.Conv2D(filters, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
        ]
    stack += [layers.Flatten(), layers.Dropout(0.4)]
    model = keras.Sequential([*stack, layers.Dense(24, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(drawn["x_train"][..., None], drawn["y_train"], 64, 6, verbose=0)
    signs_read = model.evaluate(
        drawn["x_test"][..., None], drawn["y_test"], verbose=0, return_dict=True
    )["accuracy"]
    answers = model.predict(small[..., None], verbose=0).argmax(axis=1)
    assert (answers == labels).mean() > signs_read - 0.08
