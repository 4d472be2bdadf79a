"""What an instructor seals has the form of its data set, and two fair halves."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from workshop import data
from workshop.data import DataError, own, sources
from workshop.data.pictures import pack

LETTERS = sources.classes("signs")
PEOPLE = ("ann", "bob", "cid", "dee")


def draw(path, level, size=(40, 60)):
    """Write a grey picture whose upper rows differ from those of all others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((*size, 3), level % 256, np.uint8)
    random = np.random.default_rng(list(str(path).encode()))
    pixels[:9] = random.integers(0, 20, (9, *pixels.shape[1:]), np.uint8) + pixels[:9]
    Image.fromarray(pixels).save(path)


def folder_of(place, classes, each=2, **more):
    for label, name in enumerate(classes):
        for number in range(each):
            draw(place / name / f"{number}.png", 9 * label + number, **more)
    return place


@pytest.fixture
def hands(tmp_path):
    """Two pictures of each letter by each of four people."""
    for label, letter in enumerate(LETTERS):
        for person in PEOPLE:
            for number in range(2):
                draw(tmp_path / letter / person / f"{number}.png", 10 * label + number)
    return tmp_path


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(f"Headline number {n}" for n in range(60)))
    return path


def halves_of(name, folder):
    return own.halves(own.pictures(name, folder), name, "drawn")


@pytest.mark.parametrize(
    ("name", "few"),
    [("digits", 9), ("signs", 24), ("photos", 2), ("pets", (1, 1, 1)), ("fruit", 6)],
)
def test_own_pictures_have_the_form_of_their_data_set(tmp_path, monkeypatch, name, few):
    monkeypatch.setattr(f"workshop.data.{name}.SEALED", few)
    usual, _ = data.sealed(name, b"any", "drawn")
    shown, _ = halves_of(name, folder_of(tmp_path, sources.classes(name), 4))
    assert type(shown.images) is type(usual.images)
    assert shown.images[0].ndim == usual.images[0].ndim
    assert shown.images[0].shape[2:] == usual.images[0].shape[2:]
    assert shown.images[0].dtype == np.uint8
    assert shown.images[0].flags.c_contiguous


def test_pictures_of_pets_and_fruit_are_as_large_as_real_ones(tmp_path):
    shown, _ = halves_of("fruit", folder_of(tmp_path, sources.classes("fruit"), 4))
    assert shown.images.shape == (12, 224, 224, 3)


def test_photos_keep_their_shape_up_to_a_size(tmp_path):
    folder_of(tmp_path, LETTERS, size=(300, 1280))
    assert halves_of("photos", tmp_path)[0].images[0].shape == (150, 640, 3)


def test_every_picture_keeps_its_label(hands):
    for half in halves_of("signs", hands):
        levels = half.images[:, 20, 14].astype(int)
        assert np.abs(levels - 10 * half.labels.astype(int)).max() <= 1
        assert set(half.labels) == set(range(24))


def test_no_person_is_in_both_halves_and_all_are_counted(hands):
    shown, graded = halves_of("signs", hands)
    assert not set(shown.groups) & set(graded.groups)
    assert len(set(shown.groups) | set(graded.groups)) == len(PEOPLE)


def test_a_picture_in_no_folder_of_a_person_is_a_person_of_its_own(tmp_path):
    shown, graded = halves_of("digits", folder_of(tmp_path, "0123456789"))
    assert len(set(shown.groups) | set(graded.groups)) == 20


def test_arrays_cannot_be_written_to_and_pictures_are_private(hands):
    for half in halves_of("signs", hands):
        assert half.private
        for array in (half.images, half.labels, half.groups):
            assert not array.flags.writeable


def test_what_is_shown_does_not_depend_on_order_or_on_a_secret(hands):
    arrays = own.pictures("signs", hands)
    images = own.unpack(arrays["images"])[::-1]
    turned = {name: arrays[name][::-1] for name in ("labels", "groups")}
    other = {**arrays, **turned, "images": pack(images)}
    one, two = (own.halves(a, "signs", "drawn")[0].images for a in (arrays, other))
    assert np.array_equal(one, two)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5)), min_size=1))
def test_a_group_is_never_in_two_halves(members):
    labels, groups = (np.array(column) for column in zip(*members, strict=True))
    sides = own._sides(labels, groups, [f"{n:03}" for n in range(len(labels))])
    assert all(len(set(sides[groups == group])) == 1 for group in groups)


@settings(deadline=None)
@given(st.lists(st.integers(0, 4), min_size=1))
def test_lone_pictures_are_spread_evenly_class_by_class(labels):
    labels = np.array(labels)
    marks = [f"{n * 7919 % 1009:04}" for n in range(len(labels))]
    sides = own._sides(labels, np.arange(len(labels)), marks)
    for label in labels:
        zero, one = np.bincount(sides[labels == label], minlength=2)
        assert abs(zero - one) <= 1


def test_own_lines_are_read_as_headlines_are(lines):
    shown, graded = own.halves(own.lines(lines), "headlines", "real")
    assert len(shown.texts) == len(graded.texts) == 30
    assert not set(shown.texts) & set(graded.texts)
    assert "headline number 7" in shown.texts + graded.texts


def of_one_person(folder):
    for letter in LETTERS:
        for person in PEOPLE[1:]:
            for path in (folder / letter / person).iterdir():
                path.unlink()


def a_letter_by_one_person(folder):
    for person in PEOPLE[1:]:
        for path in (folder / "Q" / person).iterdir():
            path.unlink()


def twice(folder):
    content = (folder / "A" / "ann" / "0.png").read_bytes()
    (folder / "B" / "bob" / "9.png").write_bytes(content)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: (f / "A").rename(f / "J"), "J is no folder of a class"),
        (lambda f: (f / "x.png").write_bytes(b""), "x.png is no folder of a class"),
        (lambda f: (f / "K").rename(f / ".K"), "no folder for K"),
        (lambda f: (f / "A-").mkdir(), "are the same class"),
        (lambda f: [p.unlink() for p in (f / "B").rglob("*.png")], "more of B"),
        (lambda f: (f / "C" / "x.png").write_bytes(b"no picture"), "x.png is no JPEG"),
        (lambda f: (f / "C" / "x.heic").write_bytes(b"heic"), "x.heic is no JPEG"),
        (of_one_person, "too few people"),
        (a_letter_by_one_person, "too few people to make two halves, those of Q"),
        (twice, "the same picture"),
    ],
)
def test_what_is_wrong_with_pictures_is_named(hands, change, says):
    change(hands)
    with pytest.raises(DataError, match=says):
        own.pictures("signs", hands)


@pytest.mark.parametrize("name", [".DS_Store", "Thumbs.db", "__MACOSX/0.png", ".x/y"])
def test_what_systems_leave_in_folders_is_passed_over(hands, name):
    for place in (hands, hands / "A"):
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(b"no picture")
    assert len(own.pictures("signs", hands)["labels"]) == 192


def test_a_few_pictures_are_refused(tmp_path):
    with pytest.raises(DataError, match="at least 2 of each class and 20 in all"):
        own.pictures("fruit", folder_of(tmp_path, sources.classes("fruit"), 3))


def test_a_picture_that_is_too_large_is_refused(hands, monkeypatch):
    monkeypatch.setattr("workshop.data.photographs.LARGEST", 40 * 60 - 1)
    with pytest.raises(DataError, match="too large"):
        own.pictures("signs", hands)


def test_of_other_animals_one_kind_is_enough(tmp_path):
    folder_of(tmp_path, ("ours", "dogs", "Cat", "fox"), 6)
    shown, _ = halves_of("pets", tmp_path)
    assert {shown.classes[label] for label in shown.labels} == {
        *("ours", "dog", "cat", "fox")
    }
    for path in (tmp_path / "fox").iterdir():
        path.unlink()
    (tmp_path / "fox").rmdir()
    with pytest.raises(DataError, match="no folder for bear, fox, rabbit"):
        own.pictures("pets", tmp_path)


def test_digits_on_white_paper_are_turned_round(tmp_path):
    folder = folder_of(tmp_path, "0123456789")
    for path in folder.rglob("*.png"):
        Image.fromarray(255 - np.asarray(Image.open(path))).save(path)
    assert halves_of("digits", folder)[0].images.max() < 120


def test_items_of_other_classes_are_refused(hands):
    arrays = own.pictures("signs", hands)
    with pytest.raises(DataError, match="other classes than digits has"):
        own.halves(arrays, "digits", "drawn")


def test_few_lines_are_refused(tmp_path):
    path = tmp_path / "few.txt"
    path.write_text("one line\n")
    with pytest.raises(DataError, match="1 different lines"):
        own.lines(path)


def test_pictures_of_what_has_none_are_refused(tmp_path):
    with pytest.raises(DataError, match="seal texts"):
        own.pictures("headlines", tmp_path)
