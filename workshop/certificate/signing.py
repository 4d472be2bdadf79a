"""A signature says who vouches, and only a fingerprint that was published says whom.

Anybody can make a key, so a file that verifies proves nothing until its fingerprint is
compared. `read` gives no certificate whose signature does not hold: who has a `Signed`
need not ask again. What is signed is the meaning, not the spelling, so white space and
the page around the file do not matter.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from workshop.certificate import form
from workshop.certificate.form import Certificate, CertificateError
from workshop.certificate.keys import Key, fingerprint

FORM = "keras-workshop certificate 1"
LARGEST = 2**20
BLOCK = '<script type="application/json" id="signed-certificate">'
BLOCK_END = "</script>"


class Forged(CertificateError):
    """The file is whole, but its signature does not hold for what it says."""


@dataclass(frozen=True)
class Signed:
    """A certificate, the public key of 32 bytes, and the signature of 64 that holds."""

    certificate: Certificate
    key: bytes
    signature: bytes

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key)


def sign(certificate: Certificate, key: Key) -> bytes:
    """Return the file of a signed certificate.

    CertificateError where a field or the key is not as it must be.
    """
    form.check(certificate)
    signature = key.sign(form.canonical(certificate))
    return packed(Signed(certificate, key.public, signature))


def packed(signed: Signed) -> bytes:
    """Return the file: JSON in ASCII that also an HTML page may hold as it is."""
    parts = {
        "form": FORM,
        "certificate": asdict(signed.certificate),
        "key": base64.b64encode(signed.key).decode(),
        "signature": base64.b64encode(signed.signature).decode(),
    }
    text = json.dumps(parts, indent=1) + "\n"
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("ascii")


def read(content: bytes) -> Signed:
    """Return the certificate in a JSON file or in a page, once its signature holds.

    Raises Forged where it does not, and CertificateError where there is none to read.
    """
    parts = _parts(_block(content))
    certificate = form.from_json(parts["certificate"])
    key, signature = _raw(parts, "key", 32), _raw(parts, "signature", 64)
    try:
        public = Ed25519PublicKey.from_public_bytes(key)
        public.verify(signature, form.canonical(certificate))
    except (InvalidSignature, ValueError):
        raise Forged(
            "The signature does not hold: what this file says was changed after it was "
            "signed, or never signed."
        ) from None
    return Signed(certificate, key, signature)


def _block(content: bytes) -> str:
    """Return the JSON text in a file, or in the page that carries it."""
    if len(content) > LARGEST:
        raise CertificateError("This is no certificate: it has more than 1 MiB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CertificateError("This is no certificate: it is not UTF-8.") from None
    if text.lstrip().startswith("{"):
        return text
    pieces = text.split(BLOCK)
    if len(pieces) != 2:
        raise CertificateError("This is no certificate, and no page that carries one.")
    return pieces[1].partition(BLOCK_END)[0]


def _parts(text: str) -> dict[str, Any]:
    try:
        parts = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise CertificateError(
            "This is no certificate: its JSON is damaged or says something twice."
        ) from None
    if type(parts) is not dict or parts.get("form") != FORM:
        raise CertificateError(f"This is no certificate in the form “{FORM}”.")
    if parts.keys() != {"form", "certificate", "key", "signature"}:
        raise CertificateError("This certificate has other parts than it must have.")
    return parts


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice")
    return made


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _raw(parts: dict[str, Any], name: str, size: int) -> bytes:
    """Return bytes from base64 in its one proper spelling."""
    text = parts[name]
    try:
        raw = base64.b64decode(text, validate=True) if type(text) is str else b""
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != size or base64.b64encode(raw).decode() != text:
        raise CertificateError(f"The certificate has no proper “{name}”.")
    return raw
