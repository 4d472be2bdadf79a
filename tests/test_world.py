"""The drawn world: many classes, and every picture follows from a purpose."""

from __future__ import annotations

import numpy as np

from workshop.data import dice, paint, pets, produce, world

IMAGES, LABELS = world.draw(b"a test", 126)


def test_the_world_has_many_classes_each_in_one_kind() -> None:
    assert len(world.CLASSES) == len(set(world.CLASSES)) >= 20
    named = [name for names in world.KINDS.values() for name in names]
    assert sorted(named) == sorted(world.CLASSES)
    assert len(world.KINDS["dog"]) >= 5
    assert len(world.KINDS["cat"]) >= 3
    assert len(world.KINDS["bear"]) >= 2


def test_rot_has_names_but_none_on_the_fruit_of_the_lesson() -> None:
    rotten = {name for name in world.CLASSES if name.startswith("rotten ")}
    assert len(rotten) >= 4
    assert all(one.name not in name for one in produce.LESSON for name in rotten)


def test_every_class_is_drawn_alike_often_in_random_order() -> None:
    assert IMAGES.shape == (126, 96, 96, 3)
    assert IMAGES.dtype == LABELS.dtype == np.uint8
    assert set(np.bincount(LABELS)) == {3}
    assert list(LABELS) != sorted(LABELS)


def test_the_same_purpose_gives_the_same_pictures_and_another_others() -> None:
    again, labels = world.draw(b"a test", 126)
    assert (again == IMAGES).all()
    assert (labels == LABELS).all()
    assert (world.draw(b"another test", 126)[0] != IMAGES).any(axis=(1, 2, 3)).all()


def test_pictures_are_neither_dark_nor_flat() -> None:
    assert IMAGES.mean(axis=(1, 2, 3)).min() > 30
    assert IMAGES.std(axis=(1, 2, 3)).min() > 10


def test_a_few_pictures_may_be_drawn_without_some_classes() -> None:
    images, labels = world.draw(b"few", 5)
    assert len(images) == len(labels) == 5


def test_pets_that_are_no_dogs_are_of_classes_of_the_world() -> None:
    for name in pets.CLASSES[1:]:
        assert name in world.KINDS


def test_a_sphere_covers_the_disc_that_geometry_says() -> None:
    camera = _camera()
    relief = paint.Relief(1)
    relief.ellipsoid(camera, np.zeros(3), np.ones((1, 3), np.float32), 1)
    assert np.isclose(relief.cover.sum(), np.pi * 30**2, rtol=0.01)
    assert np.isclose(relief.depth[0, 48, 48], 30, atol=0.1)


def test_an_ellipsoid_looks_the_same_however_it_is_turned_about_its_axis() -> None:
    areas = []
    for angle in (0.0, 1.0, 2.0):
        turn = paint.rotation(*np.float32([[0], [0], [angle]]))
        relief = paint.Relief(1)
        radii = np.array([[0.9, 0.5, 0.4]], np.float32)
        relief.ellipsoid(_camera(), np.zeros(3), radii, 1, own=turn)
        areas.append(relief.cover.sum())
    assert np.allclose(areas, np.pi * 0.45 * 30**2, rtol=0.02)


def test_pixels_know_the_point_of_the_thing_they_show() -> None:
    chance = dice.Dice(1)
    angles = (chance.normal(0.5, 1) for _ in range(3))
    camera = paint.Camera(*_camera().__dict__.values())
    camera = paint.Camera(camera.middle, camera.scale, paint.rotation(*angles))
    relief = paint.Relief(1)
    radii = np.array([[0.9, 0.7, 0.5]], np.float32)
    relief.ellipsoid(camera, np.zeros(3), radii, 1)
    x, y, z = paint.unturned(camera, relief.depth)
    on = relief.cover > 0.99
    far = (x / 0.9) ** 2 + (y / 0.7) ** 2 + (z / 0.5) ** 2
    assert np.allclose(far[on], 1, atol=0.05)


def _camera() -> paint.Camera:
    middle = np.array([[48, 48]], np.float32)
    return paint.Camera(middle, np.array([30], np.float32), np.eye(3, dtype="f4")[None])
