"""A submission crosses whole, or it does not cross."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.evidence import wire
from workshop.submission import Submission, from_bytes

NAMES = st.text("abc_.-é", min_size=1, max_size=8).filter(lambda n: set(n) - {"."})
FILES = st.dictionaries(NAMES, st.binary(max_size=20), max_size=3)
SUBMISSIONS = st.builds(
    Submission,
    person=st.text(max_size=20),
    lesson=st.just("01_add"),
    name=st.text(max_size=20),
    suffix=st.sampled_from([".py", ".ipynb"]),
    script=st.binary(max_size=50),
    files=FILES,
    kept=FILES,
    model=st.none() | st.binary(max_size=20),
)


@given(SUBMISSIONS)
def test_what_was_sent_is_what_arrives(work):
    assert from_bytes(work.to_bytes()) == work


@given(SUBMISSIONS, SUBMISSIONS)
def test_the_digest_tells_what_was_handed_in_and_not_by_whom(one, other):
    same = dataclasses.replace(other, person=one.person, name=one.name) == one
    assert (one.digest == other.digest) == same


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a/../x", "", ".", "a//b", "a\\b", "a\0", "a/", "./a"]
)
def test_a_path_that_leaves_its_folder_is_refused(path):
    with pytest.raises(ValueError, match="does not stay inside"):
        Submission("Ann", "01_add", "a.py", ".py", b"", files={path: b""})


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"person": "x"},
        {
            **{"person": 1, "lesson": "", "name": "", "suffix": ".py"},
            **{"script": "text", "files": {}, "kept": {}, "model": None},
        },
        {
            **{"person": "", "lesson": "", "name": "", "suffix": ".exe"},
            **{"script": [], "files": {}, "kept": {}, "model": None},
        },
    ],
)
def test_another_message_is_refused(value):
    with pytest.raises(wire.WireError):
        from_bytes(wire.encode(value))


@given(st.binary(max_size=200))
def test_noise_is_refused(noise):
    with pytest.raises(wire.WireError):
        from_bytes(noise)
