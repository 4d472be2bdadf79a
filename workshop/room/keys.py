"""A room keeps digests of what people show, never the thing itself.

The instructor's token follows from the room's secret, so it is the same after a restart
and stands in no file; an attendee's is random. Codes are short because people type
them, so wrong ones are counted for each address, and soon nothing more is tried.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal

Role = Literal["instructor", "projector", "attendee"]

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letter that is taken for another one, or for a digit, on a projector."""
CODE, PERSONAL = 6, 8
PERSONAL_SECONDS = 600
WRONG, WRONG_SECONDS = 10, 60.0
MOST_ADDRESSES = 10_000
MOST_CODES = 5_000


def code(length: int) -> str:
    """Return a random code as people read it: two halves with a hyphen."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return f"{letters[: length // 2]}-{letters[length // 2 :]}"


def plain(typed: str) -> str:
    """Return a code without what does not matter: case, blanks, hyphens."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def same(typed: str, right: str) -> bool:
    """Tell whether a code is the right one, in a time that does not tell how wrong."""
    return hmac.compare_digest(plain(typed).encode(), plain(right).encode())


def same_digest(one: str, other: str) -> bool:
    """Compare digests in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def token() -> str:
    return secrets.token_urlsafe(24)


def digest(shown: str) -> str:
    return hashlib.sha256(shown.encode("utf-8", "surrogatepass")).hexdigest()


def of_role(secret: bytes, room: str, role: Role, renewed: int) -> str:
    """Return the token of the instructor or the projector of a room."""
    text = f"token {role} {room} {renewed}".encode()
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:40]


@dataclass(frozen=True)
class _Personal:
    person: int
    until: float


class PersonalCodes:
    """Codes that let one more device in as somebody, each once and for ten minutes."""

    def __init__(self) -> None:
        self._codes: OrderedDict[str, _Personal] = OrderedDict()

    def make(self, person: int, now: float) -> str:
        """Return a new code for a person; their older one ends."""
        for old in [key for key, one in self._codes.items() if one.person == person]:
            del self._codes[old]
        made = code(PERSONAL)
        self._codes[digest(plain(made))] = _Personal(person, now + PERSONAL_SECONDS)
        while len(self._codes) > MOST_CODES:
            self._codes.popitem(last=False)
        return made

    def use(self, typed: str, now: float) -> int | None:
        """Return whose code this is, and end it; None where it is nobody's."""
        found = self._codes.pop(digest(plain(typed)), None)
        return found.person if found and found.until > now else None


class Limit:
    """How often an event may happen within some seconds, for each of many callers."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._spent: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def wait(self, caller: object, now: float) -> float:
        """Return for how many seconds a caller must wait; 0 where they may go on."""
        left = self._left(caller, now)
        return 0.0 if left >= 1 else (1 - left) * self.seconds / self.most

    def spend(self, caller: object, now: float, count: int = 1) -> None:
        """Note that it happened."""
        self._spent[caller] = (self._left(caller, now) - count, now)
        self._spent.move_to_end(caller)
        while len(self._spent) > MOST_ADDRESSES:
            self._spent.popitem(last=False)

    def _left(self, caller: object, now: float) -> float:
        left, since = self._spent.get(caller, (float(self.most), now))
        return min(float(self.most), left + (now - since) * self.most / self.seconds)


def caller(address: str) -> str:
    """Return what counts as one caller: an address, or a network of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    return str(
        found.ipv4_mapped or ipaddress.ip_network((int(found), 64), strict=False)
    )
