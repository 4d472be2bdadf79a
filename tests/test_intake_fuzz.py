"""Archives and models that are damaged or lie are refused: never an error, never large.

The seeds are archives that need care: lying sizes, shared bytes, odd names. What a
mutation once found is kept among them.
"""

import io
import struct
import tempfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop import course
from workshop.intake import Unplaced, collect
from workshop.submission import Submission, from_bytes

HERE = Path(__file__).parent
TOY = course.load(HERE / "toy")
SEEDS = sorted((HERE / "seeds").iterdir())
MOST = 64 * 2**20
"""Bytes of memory that reading one small damaged archive may take."""
LYING = st.sampled_from([0, 1, 2**16 - 1, 2**31, 2**32 - 1, 2**32 - 2])
EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("flip"), st.integers(0, 2**14), st.integers(0, 7)),
        st.tuples(st.just("cut"), st.integers(0, 2**14), st.integers(0, 60)),
        st.tuples(st.just("size"), st.integers(0, 2**14), LYING),
        st.tuples(st.just("copy"), st.integers(0, 2**14), st.integers(0, 2**14)),
    ),
    min_size=1,
    max_size=4,
)
FIELDS = [(b"PK\1\2", at) for at in (8, 10, 16, 20, 24, 28, 30, 38, 42)]
FIELDS += [(b"PK\3\4", at) for at in (6, 8, 14, 18, 22, 26)]
FIELDS += [(b"PK\5\6", at) for at in (8, 10, 12, 16, 20)]


def places(data, signature):
    at = data.find(signature)
    while at >= 0:
        yield at
        at = data.find(signature, at + 1)


def mutated(data, edits):
    """Return bytes with bits flipped, parts cut or repeated, and fields that lie."""
    data = bytearray(data)
    for kind, one, two in edits:
        at = one % max(len(data), 1)
        if kind == "flip" and data:
            data[at] ^= 1 << two
        elif kind == "cut":
            del data[at : at + two + 1]
        elif kind == "copy":
            data[at:at] = data[two % max(len(data), 1) :][:200]
        else:
            fields = [at + off for sign, off in FIELDS for at in places(data, sign)]
            fields = [field for field in fields if field + 4 <= len(data)]
            if fields:
                field = fields[one % len(fields)]
                data[field : field + 4] = struct.pack("<I", two)
    return bytes(data)


def taken(data, suffix):
    """Hand in a script beside `data`, and return what became of both."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "ann")
        place.mkdir()
        exercise = TOY.lessons[0].exercise.read_bytes()
        (place / "01_average.py").write_bytes(exercise)
        (place / f"model{suffix}").write_bytes(data)
        return collect([place], TOY)


def judge(data, suffix):
    """Assert that nothing was raised, and that all that came can be carried."""
    tracemalloc.start()
    submissions, unplaced = taken(data, suffix)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MOST
    assert "01_average" in {one.lesson for one in submissions}
    for work in submissions:
        assert isinstance(work, Submission)
        assert from_bytes(work.to_bytes()) == work
    for one in unplaced:
        assert isinstance(one, Unplaced)
        assert one.why.endswith((".", ")"))
        assert one.path.isprintable()
    return submissions, unplaced


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_a_kept_seed_is_taken_or_refused(seed):
    submissions, unplaced = judge(seed.read_bytes(), seed.suffix)
    whole = seed.stem.startswith("whole")
    assert whole == (not unplaced)
    assert whole == (len(submissions) > 1 or submissions[0].model is not None)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
@settings(max_examples=25, derandomize=True, database=None)
@given(edits=EDITS)
def test_a_damaged_archive_is_taken_or_refused(seed, edits):
    judge(mutated(seed.read_bytes(), edits), seed.suffix)


@settings(max_examples=100, derandomize=True, database=None)
@given(data=st.binary(max_size=300), suffix=st.sampled_from([".zip", ".keras"]))
def test_noise_is_refused(data, suffix):
    _, unplaced = judge(data, suffix)
    assert len(unplaced) == 1


@pytest.mark.parametrize("suffix", [".zip", ".keras"])
def test_an_archive_with_an_enormous_directory_is_refused_in_little_memory(suffix):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(70_000):
            archive.writestr(f"{number}", "")
    _, unplaced = judge(buffer.getvalue(), suffix)
    assert len(unplaced) == 1


def test_a_small_model_that_unpacks_to_gigabytes_is_refused_in_little_memory():
    parts = {"metadata.json": 2, "config.json": 2, "model.weights.h5": 300 * 2**20}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                for _ in range(size // 2**16 + 1):
                    part.write(bytes(2**16))
    _, (unplaced,) = judge(buffer.getvalue(), ".keras")
    assert "swells" in unplaced.why
