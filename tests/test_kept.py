"""A kept training is found where nothing changed, and trusted for nothing else."""

import ast
import io
import json
import os
import sys
import threading
import tracemalloc
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from workshop.data import sources
from workshop.data import store as shelf
from workshop.kept import store, written
from workshop.kept.key import Cells, Incomparable, key_of
from workshop.kept.store import Note, Unfit
from workshop.kept.written import Written

CODE = "x = 1\nmodel = build(8)\nmodel.fit(x)\n"
INPUTS = {"x": np.arange(6.0).reshape(2, 3), "epochs": 2}
DRAWN = {"WORKSHOP_DATASET": "digits", "WORKSHOP_DATA": "drawn"}
NOTE = Note(
    key="ab" * 32,
    versions={"keras": "3"},
    history={"loss": [0.5, float("inf")]},
    epochs=[0, 1],
    params={"epochs": 2, "steps": None, "verbose": "auto"},
    stopped=False,
    callbacks=[{"best": 0.5, "wait": 1}],
)
FORMS = {"model_0": ((2, 3), np.dtype("f4")), "optimizer_0": ((), np.dtype("i8"))}
ARRAYS = {"model_0": np.ones((2, 3), "f4"), "optimizer_0": np.array(7)}


def cells(code=CODE, fits=1):
    made = Cells()
    for statement in ast.parse(code).body:
        made.begin(statement)
    return [made.next_fit() for _ in range(fits)][-1]


def named(folder, code=CODE, fits=1, inputs=INPUTS, environment=DRAWN):
    return key_of(cells(code, fits), inputs, folder, environment)


def read(path, forms=FORMS):
    with store.opened(path) as reader:
        found = {name: reader.array(name, *form) for name, form in forms.items()}
        files = reader.files()
        reader.finish()
    return reader.note, found, files


@pytest.fixture
def path(tmp_path):
    place = store.place(tmp_path, "01_mnist", NOTE.key)
    store.write(place, NOTE, ARRAYS, {})
    return place


# What names a training


@pytest.mark.parametrize(
    "code",
    [
        "# a comment\nx = 1\n\n\nmodel = build(8)  # TODO 1\nmodel.fit(x)\n",
        '"""Prose."""\nx = 1\nmodel = build(\n    8\n)\nmodel.fit(x)',
    ],
)
def test_comments_prose_and_places_do_not_matter(tmp_path, code):
    assert named(tmp_path, code) == named(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"code": CODE.replace("x = 1", "x = 2")},
        {"code": CODE.replace("build(8)", "build(9)")},
        {"code": CODE.replace("fit(x)", "fit(x, epochs=3)")},
        {"code": "print()\n" + CODE},
        {"fits": 2},
        {"inputs": {**INPUTS, "epochs": 3}},
        {"inputs": {**INPUTS, "x": INPUTS["x"] + 1e-9}},
        {"inputs": {**INPUTS, "x": INPUTS["x"].astype("f4")}},
        {"inputs": {**INPUTS, "x": INPUTS["x"].reshape(3, 2)}},
        {"inputs": {**INPUTS, "validation_data": (INPUTS["x"], None)}},
        {"environment": {**DRAWN, "WORKSHOP_DATASET": "signs"}},
        {"environment": {}},
    ],
    ids=str,
)
def test_whatever_could_change_a_training_changes_its_key(tmp_path, change):
    assert named(tmp_path, **change) != named(tmp_path)


def test_another_generator_of_data_changes_the_key(tmp_path, monkeypatch):
    before = named(tmp_path)
    monkeypatch.setattr("workshop.data.shelf.drawing", lambda name: "another1")
    assert named(tmp_path) != before


def test_real_data_are_compared_by_the_hash_they_carry(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home"))
    real = {**DRAWN, "WORKSHOP_DATA": "real"}
    place = tmp_path / "home" / "digits-real.npz"
    with pytest.raises(Incomparable, match="digits"):
        named(tmp_path, environment=real)
    found = set()
    for value, withheld in ((1, {"x_sealed": np.array([1])}), (1, {}), (2, {})):
        made = {part: np.array([value]) for part in sources.find("digits").parts}
        shelf.write(place, made | withheld, {"reason": "a test"})
        found.add(named(tmp_path, environment=real))
    assert len(found) == 2


def test_what_differs_between_two_machines_does_not_matter(tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    environment = {**DRAWN, "WORKSHOP_SEED": "7", "HOME": "/box/home"}
    assert named(other, environment=environment) == named(tmp_path)


def test_a_statement_that_failed_counts_and_one_that_was_not_begun_does_not(tmp_path):
    failed = "model = build(0)\n" + CODE
    assert named(tmp_path, failed) != named(tmp_path)
    assert cells(CODE) != cells(CODE + "print(model)")


def own_module(folder, monkeypatch, name, text):
    path = folder / f"{name}.py"
    path.write_text(text)
    module = types.ModuleType(name)
    module.__file__ = str(path)
    monkeypatch.setitem(sys.modules, name, module)


def test_a_module_of_the_learners_own_counts(tmp_path, monkeypatch):
    found = [named(tmp_path)]
    for name, text in (("one", "a = 1"), ("two", "a = 1")):
        folder = tmp_path / name
        folder.mkdir()
        own_module(folder, monkeypatch, "helper", text)
        found.append(named(folder))
    own_module(tmp_path, monkeypatch, "helper", "a = 2")
    assert found[1] == found[2]
    assert len({*found, named(tmp_path)}) == 3


def test_what_is_installed_inside_the_learners_folder_does_not_count(
    tmp_path, monkeypatch
):
    before = named(tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / ".venv"))
    (tmp_path / ".venv").mkdir()
    own_module(tmp_path / ".venv", monkeypatch, "library", "a = 1")
    assert named(tmp_path) == before


@pytest.mark.parametrize(
    "value",
    [iter([1]), object(), [np.array([object()])], {"x": lambda: 1}],
    ids=["iterator", "object", "array of objects", "function"],
)
def test_what_cannot_be_compared_is_said_to_be_so(tmp_path, value):
    with pytest.raises(Incomparable):
        named(tmp_path, inputs={"x": value})


def test_whatever_a_learners_class_raises_makes_it_incomparable(tmp_path):
    class Table:
        def to_numpy(self):
            raise ZeroDivisionError

    with pytest.raises(Incomparable, match="Table"):
        named(tmp_path, inputs={"x": Table()})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_two_values_have_one_key_only_if_they_are_the_same(one, other):
    keys = [key_of("", {"x": value}, Path("/no/folder"), {}) for value in (one, other)]
    assert (keys[0] == keys[1]) == (repr(one) == repr(other))


# What is kept


def test_what_is_kept_comes_back(path):
    note, found, files = read(path)
    assert (note, files) == (NOTE, {})
    assert all(np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS)


@given(
    arrays(
        st.sampled_from(["f2", "f4", "f8", "u1", "i8", "?"]),
        array_shapes(min_dims=0, min_side=0),
    )
)
def test_every_array_comes_back_to_the_bit(tmp_path_factory, array):
    place = tmp_path_factory.mktemp("kept") / "a.npz"
    store.write(place, NOTE, {"model_0": array}, {})
    found = read(place, {"model_0": (array.shape, array.dtype)})[1]["model_0"]
    assert found.tobytes() == array.tobytes()


def test_files_come_back(tmp_path):
    note = Note(**{**vars(NOTE), "files": {"best/1.keras": 3}})
    store.write(tmp_path / "a.npz", note, ARRAYS, {"best/1.keras": b"\0ab"})
    assert read(tmp_path / "a.npz")[2] == {"best/1.keras": b"\0ab"}


@pytest.mark.parametrize(
    "form",
    [((3, 2), np.dtype("f4")), ((2, 3), np.dtype("i4")), ((2, 3), np.dtype("f8"))],
    ids=str,
)
def test_a_training_of_another_model_is_refused(path, form):
    with pytest.raises(Unfit, match="another model"):
        read(path, {**FORMS, "model_0": form})


@given(st.data())
def test_damage_anywhere_is_found_or_harms_nothing(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("kept") / "a.npz"
    store.write(place, NOTE, ARRAYS, {})
    whole = bytearray(place.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    place.write_bytes(whole)
    try:
        note, found, _ = read(place)
    except Unfit:
        return
    assert note == NOTE
    assert all(np.array_equal(found[name], ARRAYS[name]) for name in ARRAYS)


@given(st.integers(0, 900) | st.binary(max_size=200))
def test_half_a_file_and_a_foreign_one_are_damaged(tmp_path_factory, content):
    place = tmp_path_factory.mktemp("kept") / "a.npz"
    store.write(place, NOTE, ARRAYS, {})
    whole = place.read_bytes()
    place.write_bytes(whole[: -1 - content] if isinstance(content, int) else content)
    with pytest.raises(Unfit, match="damaged"):
        read(place)


# What somebody else has made


def forged(path, how=zipfile.ZIP_STORED, **members):
    """Write an archive with members of one's choice in place of those of a training."""
    with zipfile.ZipFile(path) as packed:
        found = {name: packed.read(name) for name in packed.namelist()}
    found |= {f"{name}.npy": data for name, data in members.items()}
    with zipfile.ZipFile(path, "w", how) as packed:
        for name, data in found.items():
            packed.writestr(name, data)


def npy(array, pickled=False):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, (1, 0), allow_pickle=pickled)
    return file.getvalue()


def note_of(said):
    return npy(np.frombuffer(json.dumps(said).encode(), np.uint8))


def header(shape):
    file = io.BytesIO()
    says = {"descr": "<f4", "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, says)
    return file.getvalue()


def unpacked(file):
    raise AssertionError("the archive was opened")


class Bomb:
    def __reduce__(self):
        return (os.mkdir, ("unpickled",))


HOSTILE = {
    "a pickle": {"model_0": npy(np.array([Bomb()], object), pickled=True)},
    "a pickle as note": {"note": npy(np.array([Bomb()], object), pickled=True)},
    "a header of a million rows": {"model_0": header((10**6, 10**6))},
    "a header of negative rows": {"model_0": header((-2, -3)) + b"\0" * 24},
    "a long header": {"model_0": b"\x93NUMPY\1\0\xff\xff" + b" " * 65_535},
    "another version": {"model_0": b"\x93NUMPY\2\0" + b" " * 100},
    "a note of zeros": {"note": npy(np.zeros(2**23, np.uint8))},
    "a deep note": {"note": npy(np.frombuffer(b"[" * 100_000, np.uint8))},
    "a note that is a list": {"note": note_of([1])},
    "a note of another form": {"note": note_of({"form": 2, "sha256": ""})},
    "a note of other fields": {"note": note_of({"form": 1, "sha256": "", "x": 1})},
    "an empty archive": {"note": b"", "model_0": b"", "optimizer_0": b""},
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_and_takes_no_memory(path, monkeypatch, members):
    monkeypatch.chdir(path.parent)
    forged(path, **members)
    tracemalloc.start()
    with pytest.raises(Unfit):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20
    assert not (path.parent / "unpickled").exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", 1),
        ("versions", ["3"]),
        ("history", {"loss": 1}),
        ("history", {"loss": ["high"]}),
        ("epochs", "01"),
        ("params", {"steps": [1]}),
        ("stopped", "no"),
        ("callbacks", [1]),
        ("callbacks", [{"best": {}}]),
        ("files", {"best.keras": -1}),
        ("files", {"best.keras": 2**40}),
        ("files", ["best.keras"]),
    ],
)
def test_a_note_whose_parts_have_other_types_is_refused(path, field, value):
    said = {**vars(NOTE), "form": store.FORM, field: value, "sha256": ""}
    forged(path, note=note_of(said))
    with pytest.raises(Unfit):
        read(path)


def test_an_archive_that_unpacks_to_more_than_it_is_gets_refused(path):
    forged(path, zipfile.ZIP_DEFLATED, model_0=header((2, 3)) + bytes(2**26))
    tracemalloc.start()
    with pytest.raises(Unfit):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 20 * 2**20
    tracemalloc.stop()


def test_a_directory_of_a_million_names_is_not_read(path, monkeypatch):
    monkeypatch.setattr(store, "_DIRECTORY_BYTES", 2_000)
    forged(path, **{f"more_{n}": b"" for n in range(100)})
    monkeypatch.setattr(zipfile, "ZipFile", unpacked)
    with pytest.raises(Unfit):
        read(path)


def test_the_other_kind_of_directory_is_not_read(path, monkeypatch):
    whole = path.read_bytes()
    path.write_bytes(whole[:-22] + b"PK\6\7" + bytes(16) + whole[-22:])
    monkeypatch.setattr(zipfile, "ZipFile", unpacked)
    with pytest.raises(Unfit):
        read(path)


def test_a_file_that_is_too_large_is_neither_read_nor_kept(path, monkeypatch):
    monkeypatch.setattr(store, "LARGEST", 100)
    with pytest.raises(Unfit):
        read(path)
    with pytest.raises(Unfit, match="not kept"):
        store.write(path, NOTE, ARRAYS, {})


# Room for eight


def test_the_eight_used_last_are_kept(tmp_path):
    for number in range(10):
        place = store.place(tmp_path, "01_mnist", f"{number:064}"[::-1])
        store.write(place, NOTE, ARRAYS, {})
        os.utime(place, (number, number))
    first = store.kept(tmp_path, "01_mnist")[-1]
    store.use(first)
    store.tidy(tmp_path, "01_mnist")
    assert len(store.kept(tmp_path, "01_mnist")) == 8
    assert store.kept(tmp_path, "01_mnist")[0] == first


def test_other_lessons_and_other_files_are_left_alone(path):
    other = store.place(path.parent, "01_mnist-cnn", NOTE.key)
    other.write_bytes(path.read_bytes())
    (path.parent / "01_mnist-notes.npz").write_bytes(b"")
    assert store.kept(path.parent, "01_mnist") == [path]


def test_what_was_never_finished_goes_after_a_day(path):
    old, new = (path.with_name(f".{path.name}.{n}.part") for n in ("old", "new"))
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (1, 1))
    store.tidy(path.parent, "01_mnist")
    assert new.exists()
    assert not old.exists()


def test_a_full_disk_leaves_nothing_half_written(path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="No space"):
        store.write(path, NOTE, {}, {})
    assert [one.read_bytes() for one in path.parent.iterdir()] == [before]


def test_two_processes_may_keep_and_read_at_once(path):
    def keep():
        for _ in range(50):
            store.write(path, NOTE, ARRAYS, {})

    writers = [threading.Thread(target=keep) for _ in range(2)]
    for writer in writers:
        writer.start()
    found = [read(path)[0] for _ in range(50)]
    for writer in writers:
        writer.join()
    assert found == [NOTE] * 50
    assert [*path.parent.iterdir()] == [path]


# What a training wrote


def checkpoint(filepath):
    return types.SimpleNamespace(filepath=str(filepath))


def test_what_was_written_since_and_where_it_was_announced_is_kept(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    for name in ("old 1.keras", "mine.py", "notes 2.txt"):
        (tmp_path / name).write_bytes(b"before")
    one = Written([checkpoint("old {epoch:02d}.keras"), object()], tmp_path)
    (tmp_path / "old 2.keras").write_bytes(b"after")
    (tmp_path / "mine.py").write_bytes(b"after")
    assert one.collect() == {"old 2.keras": b"after"}


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "secret").write_bytes(b"secret")
    one = Written([checkpoint(tmp_path / "best.keras")], tmp_path)
    (tmp_path / "best.keras").symlink_to(tmp_path / "secret")
    assert one.collect() == {}


def test_more_than_a_hundred_megabytes_are_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(written, "MOST_FILES", 4)
    one = Written([checkpoint(tmp_path / "best.keras")], tmp_path)
    (tmp_path / "best.keras").write_bytes(b"after")
    with pytest.raises(Unfit, match="not kept"):
        one.collect()


def test_a_training_that_writes_elsewhere_is_not_kept(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path.parent)
    for name in ("..", "link"):
        with pytest.raises(Incomparable, match="outside"):
            Written([checkpoint(tmp_path / name / "best.keras")], tmp_path)


def test_files_are_put_back_as_they_were(tmp_path):
    one = Written([checkpoint(tmp_path / "best" / "{epoch}.keras")], tmp_path)
    one.put_back({"best/1.keras": b"one", "best/2.keras": b"two"})
    assert one.collect() == {"best/1.keras": b"one", "best/2.keras": b"two"}


@pytest.mark.parametrize(
    "name", ["mine.py", "../best.keras", "/best.keras", "a/best.keras", "out/1.keras"]
)
def test_nothing_is_put_where_this_training_would_not_write(tmp_path, name):
    folder, outside = tmp_path / "folder", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    paths = (folder / "best.keras", folder / "out" / "{epoch}.keras")
    one = Written([checkpoint(path) for path in paths], folder)
    (folder / "out").symlink_to(outside)
    with pytest.raises(Unfit, match="do not belong"):
        one.put_back({"best.keras": b"fine", name: b"not"})
    assert {p.name for p in tmp_path.rglob("*")} == {"folder", "outside", "out"}
