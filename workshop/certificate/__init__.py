"""A certificate is what an instructor signs of what somebody reached; a file proves it.

`form` says what can be certified, `keys` who signs, `signing` how a file is made and
read. Nothing here knows a server, a page or a network, so that anybody can verify for
years to come. The form of the file is in docs/certificates.md.
"""

from workshop.certificate.form import Certificate, CertificateError, Reached
from workshop.certificate.keys import KEY_FILE, Key, fingerprint
from workshop.certificate.signing import Forged, Signed, packed, read, sign

__all__ = [
    "KEY_FILE",
    "Certificate",
    "CertificateError",
    "Forged",
    "Key",
    "Reached",
    "Signed",
    "fingerprint",
    "packed",
    "read",
    "sign",
]
