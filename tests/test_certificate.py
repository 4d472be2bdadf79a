"""A signed certificate says what was signed, or nothing at all."""

import base64
import dataclasses
import json
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from certificates import ANN, DIGITS, MOMENT, NAMES
from hypothesis import given
from hypothesis import strategies as st

from workshop.certificate import (
    Certificate,
    CertificateError,
    Forged,
    Key,
    Reached,
    fingerprint,
    read,
    sign,
    signing,
)

DOCS = Path(__file__).parents[1] / "docs" / "certificates.md"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
texts = texts.filter(str.strip)
lessons = st.builds(
    Reached,
    lesson=texts,
    title=texts,
    score=st.sampled_from(["", "7 %", "97 %", "100 %"]),
    place=st.sampled_from(["attendee", "box"]),
    variant=st.sampled_from(["", "real", "drawn"]),
    created=st.just(MOMENT),
)
certificates = st.builds(
    Certificate,
    name=texts,
    course=texts,
    room=texts,
    date=st.dates().map(str),
    lessons=st.lists(lessons, min_size=1, max_size=9).map(tuple),
    kit=texts,
    schema=st.just(1),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    return Key(tmp_path_factory.mktemp("room") / "key")


@pytest.fixture(scope="module")
def file(key):
    return sign(ANN, key)


def understood(content):
    """Return the certificate in a file, or None where it is refused."""
    try:
        return read(content).certificate
    except CertificateError as error:
        said = str(error)
    assert said.endswith(".")
    assert "\n" not in said
    return None


# Signing and reading


@given(certificate=certificates)
def test_what_is_signed_is_read_back(key, certificate):
    assert read(sign(certificate, key)).certificate == certificate


@pytest.mark.parametrize("name", NAMES)
def test_any_name_can_be_certified_in_ascii(key, name):
    content = sign(dataclasses.replace(ANN, name=name), key)
    assert read(content).certificate.name == name
    assert content.isascii()
    assert not set(b"<>&") & set(content)


def test_a_file_names_its_signer(key, file):
    assert read(file).fingerprint == key.fingerprint == fingerprint(read(file).key)
    assert re.fullmatch("[0-9a-f]{4}( [0-9a-f]{4}){7}", key.fingerprint)


@given(data=st.data())
def test_a_changed_byte_changes_no_meaning(file, data):
    place = data.draw(st.integers(0, len(file) - 1))
    byte = data.draw(st.integers(0, 255))
    changed = file[:place] + bytes([byte]) + file[place + 1 :]
    assert understood(changed) in (None, ANN)


@given(data=st.data())
def test_what_is_cut_out_or_put_in_changes_no_meaning(file, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(file))] * 2)))
    changed = file[:start] + data.draw(st.binary(max_size=20)) + file[end:]
    assert understood(changed) in (None, ANN)


@given(content=st.binary(max_size=300))
def test_bytes_are_read_or_refused(content):
    for whole in (content, b"{" + content, signing.BLOCK.encode() + content):
        assert understood(whole) is None


@given(value=json_values, data=st.data())
def test_other_values_in_the_file_are_refused(file, value, data):
    parts = json.loads(file)
    where = data.draw(st.sampled_from([parts, parts["certificate"]]))
    name = data.draw(st.sampled_from([*where, "more"]))
    where[name] = value
    assert understood(json.dumps(parts).encode()) in (None, ANN)


@pytest.mark.parametrize("name", ["name", "date", "lessons", "schema", "room"])
def test_a_name_that_stands_twice_is_refused(file, name):
    text = file.decode().replace(f'"{name}":', f'"{name}": "Bob", "{name}":', 1)
    assert understood(text.encode()) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[" * 100_000,
        b'{"form":' * 100_000,
        b'{"form": NaN}',
        b'{"form": 1' + b"0" * 5000 + b"}",
        b" " * (2**20 + 1),
        b"\xff\xfe{}",
        signing.BLOCK.encode() * 2 + b"{}",
    ],
)
def test_what_is_no_certificate_is_refused_in_a_sentence(content):
    assert understood(content) is None


def test_a_certificate_signed_by_another_does_not_hold(file, tmp_path):
    parts = json.loads(file)
    parts["key"] = base64.b64encode(Key(tmp_path / "mine").public).decode()
    with pytest.raises(Forged, match="does not hold"):
        read(json.dumps(parts).encode())


def test_white_space_and_order_do_not_matter(file):
    assert read(json.dumps(json.loads(file), sort_keys=True).encode()) == read(file)
    assert read(b"\xef\xbb\xbf\r\n" + file).certificate == ANN


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 121},
        {"name": "\ud800"},
        {"name": None},
        {"date": "4 May 2026"},
        {"date": "2026-02-30"},
        {"lessons": ()},
        {"lessons": [DIGITS]},
        {"lessons": (DIGITS,) * 101},
        {"schema": 2},
        {"schema": True},
        {"lessons": (dataclasses.replace(DIGITS, score="97%"),)},
        {"lessons": (dataclasses.replace(DIGITS, place="home"),)},
        {"lessons": (dataclasses.replace(DIGITS, variant="other"),)},
        {"lessons": (dataclasses.replace(DIGITS, created="2026-05-04T10:00:00"),)},
    ],
)
def test_what_could_not_be_read_is_not_signed(key, wrong):
    with pytest.raises(CertificateError, match="has no proper"):
        sign(dataclasses.replace(ANN, **wrong), key)


def test_the_longest_certificate_can_be_read(key):
    lesson = dataclasses.replace(DIGITS, lesson="🦊" * 120, title="🦊" * 300)
    longest = dataclasses.replace(ANN, lessons=(lesson,) * 100)
    assert read(sign(longest, key)).certificate == longest


# The key


def test_a_key_is_made_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda _: Key(tmp_path / "room" / "key").public, range(16))
    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "room").iterdir()] == ["key"]


@posix
def test_a_key_is_its_owners_alone(tmp_path):
    Key(tmp_path / "room" / "key").public  # noqa: B018
    assert stat.S_IMODE((tmp_path / "room" / "key").stat().st_mode) == 0o600
    (tmp_path / "room" / "key").chmod(0o640)
    with pytest.raises(CertificateError, match="Others can read"):
        Key(tmp_path / "room" / "key").public  # noqa: B018


@pytest.mark.parametrize("content", [b"", b"\0" * 9000, b"-----BEGIN PRIVATE KEY-----"])
def test_a_damaged_key_is_named_and_left(tmp_path, content):
    path = tmp_path / "key"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(CertificateError, match="holds no Ed25519 key"):
        sign(ANN, Key(path))
    assert path.read_bytes() == content


def test_a_key_of_another_kind_is_refused(tmp_path):
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    other = X25519PrivateKey.generate().private_bytes(
        form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()
    )
    (tmp_path / "key").write_bytes(other)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(CertificateError, match="holds no Ed25519 key"):
        sign(ANN, Key(tmp_path / "key"))


def test_a_key_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "room").write_text("a file")
    with pytest.raises(CertificateError, match="cannot be read or written"):
        Key(tmp_path / "room" / "key").public  # noqa: B018


# The documentation


def test_the_program_in_the_documentation_verifies(file, key, tmp_path):
    program = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.S)[1]
    (tmp_path / "ann.json").write_bytes(file)
    words = [sys.executable, "-c", program, str(tmp_path / "ann.json")]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert key.fingerprint.replace(" ", "") in done.stdout
    (tmp_path / "ann.json").write_bytes(file.replace(b"Ann", b"Bob"))
    assert subprocess.run(words, capture_output=True).returncode != 0
