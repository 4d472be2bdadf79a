"""The wire carries bounded bytes of known form, and refuses everything else."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from workshop.evidence import wire

plain = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text()
)
arrays = hnp.arrays(
    st.sampled_from(["<f4", "<f8", "|u1", "<i8", "|b1", "<U3"]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
keys = st.none() | st.booleans() | st.integers() | st.text()
values = st.recursive(
    plain | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
    ),
    max_leaves=12,
)


def same(one, other):
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
    elif isinstance(one, list | tuple):
        assert type(one) is type(other)
        assert len(one) == len(other)
        for a, b in zip(one, other, strict=True):
            same(a, b)
    elif isinstance(one, dict):
        assert list(one) == list(other)
        same(list(one.values()), list(other.values()))
    else:
        assert type(one) is type(other)
        assert one == other or one != one


@given(values)
def test_what_is_sent_is_what_arrives(value):
    same(value, wire.decode(wire.encode(value)))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_value_or_a_wire_error(message):
    try:
        wire.decode(message)
    except wire.WireError:
        pass


@given(values, st.data())
def test_a_damaged_message_is_a_value_or_a_wire_error(value, data):
    message = bytearray(wire.encode(value))
    place = data.draw(st.integers(0, len(message) - 1))
    message[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(message)))
    for damaged in (bytes(message), bytes(message[:cut])):
        try:
            wire.decode(damaged)
        except wire.WireError:
            pass


def message(tree, tail=b""):
    header = json.dumps(tree).encode()
    return struct.pack(">I", len(header)) + header + tail


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        struct.pack(">I", 2**32 - 1) + b"{}",
        message([1]),
        message({}),
        message({"l": 1}),
        message({"x": []}),
        message({"d": [[{"l": []}, 1]]}),
        message({"d": [[1]]}),
        message({"a": ["|O", [1]]}, b"12345678"),
        message({"a": ["<f4", [10**12]]}),
        message({"a": ["<f4", [-1]]}),
        message({"a": ["<f4", [True]]}, b"1234"),
        message({"a": ["<f4", [1]]}, b"123"),
        message({"a": ["<f4", [1]]}, b"12345"),
        message({"a": ["<f4,<f4", [1]]}, b"12345678"),
        message({"a": ["<U0", [10**9, 10**9]]}),
        message({"a": ["<M8[s]", [1]]}, b"12345678"),
        message("x", b"more"),
        b"\x00\x00\x00\x05[[[[[",
        struct.pack(">I", 200_000) + b"[" * 200_000,
    ],
)
def test_a_message_of_another_form_is_refused(damaged):
    with pytest.raises(wire.WireError):
        wire.decode(damaged)


def test_arrays_arrive_read_only():
    assert not wire.decode(wire.encode(np.ones(3))).flags.writeable


@pytest.mark.parametrize(
    "value", [object(), np.array([object()]), {(1,): 2}, {1, 2}, b"x"]
)
def test_what_has_no_form_is_not_sent(value):
    with pytest.raises(wire.WireError):
        wire.encode(value)


def test_a_value_nested_too_deep_is_not_sent():
    value = []
    for _ in range(60):
        value = [value]
    with pytest.raises(wire.WireError):
        wire.encode(value)
