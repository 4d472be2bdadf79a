"""A room has one key, and whoever has the key can certify anything.

So it is kept as a secret is, in the form that other programs know (PEM, PKCS 8), and
is never made again by itself where a file is damaged: a new key is another signer.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workshop import private
from workshop.certificate.form import CertificateError

KEY_FILE = "certificate-key"
"""Name of the key in the folder of a room."""

LARGEST = 4096


class Key:
    """The Ed25519 key in a file of its owner alone, made at the first need.

    A file that is damaged, or that others can read, raises CertificateError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def public(self) -> bytes:
        """The 32 bytes of the public key."""
        return self._private.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message, 64 bytes."""
        return self._private.sign(message)

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        try:
            if not self.path.exists():
                private.write(self.path, _new(), replace=False)
            exposed = private.exposed(self.path, "delete it, and a new one is made.")
            with self.path.open("rb") as file:
                content = file.read(LARGEST)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise CertificateError(
                f"{self.path} cannot be read or written ({why})."
            ) from None
        if exposed:
            raise CertificateError(exposed)
        return _loaded(self.path, content)


def fingerprint(public: bytes) -> str:
    """Return 128 bits of the SHA-256 of a public key, in groups that people compare."""
    digits = hashlib.sha256(public).hexdigest()[:32]
    return " ".join(digits[start : start + 4] for start in range(0, 32, 4))


def _new() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _loaded(path: Path, content: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise CertificateError(
            f"{path} holds no Ed25519 key that can be read. Bring back your copy, or "
            "delete it: a new key has another fingerprint."
        )
    return key
