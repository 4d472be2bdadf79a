"""An address is read as people type it, or not at all.

What stands on the projector, in a browser's bar or on a slip of paper leads to a host
and a port; nothing else of it is ever sent. A room speaks plain HTTP in its own
network, so `https` is refused instead of tried.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PORT = 8600
LONGEST = 300
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
_IPV6 = re.compile(r"[0-9a-f:.]+(?:%[a-z0-9._-]+)?", re.IGNORECASE)


class NoAddress(ValueError):
    """What was typed is no room's address; the message is a sentence."""


@dataclass(frozen=True)
class Address:
    """Where a room is: a host name or number without brackets, and a port."""

    host: str
    port: int = PORT

    @property
    def shown(self) -> str:
        """The address as it is typed: "192.168.1.5:8600", "[fe80::1]:8600"."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else self._plain

    @property
    def header(self) -> str:
        """The address as HTTP names it: without the interface of an IPv6 address."""
        return re.sub(r"%[^\]]*", "", self.shown)

    @property
    def url(self) -> str:
        """The address for a browser, without a slash at its end."""
        return f"http://{self.shown}"

    @property
    def _plain(self) -> str:
        return f"{self.host}:{self.port}"


def read(text: str) -> tuple[Address, str]:
    """Return the address in a text, and the code behind its # if there is one.

    NoAddress says what is wrong with it.
    """
    typed = text.strip()
    scheme, cut, rest = typed.rpartition("://")
    if scheme.lower() == "https":
        raise NoAddress("A room speaks plain http, not https. Write the address so.")
    if (cut and scheme.lower() != "http") or len(typed) > LONGEST:
        raise NoAddress(_not(typed))
    rest, _, code = rest.partition("#")
    place, _, path = re.sub(r"\?.*", "", rest).partition("/")
    return _placed(place, typed), "" if path else code


def _placed(place: str, typed: str) -> Address:
    """Return the address of "host", "host:port", "[ipv6]:port" or a bare IPv6."""
    inside = re.fullmatch(r"\[(.*)\](?::(.*))?", place)
    if inside:
        host, port = inside[1], inside[2]
    elif place.count(":") > 1:
        host, port = place, None
    else:
        host, colon, behind = place.partition(":")
        port = behind if colon else None
    if inside or ":" in host:
        known = _IPV6.fullmatch(host) and host.count(":") > 1
        return Address(_or_refuse(host if known else "", typed), _port(port, typed))
    return Address(_or_refuse(_ascii(host), typed), _port(port, typed))


def _ascii(host: str) -> str:
    """Return a host's name as the network knows it; empty where it is none."""
    try:
        name = host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return name if _HOST.fullmatch(name) else ""


def _port(text: str | None, typed: str) -> int:
    if text is None:
        return PORT
    if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536:
        return int(text)
    raise NoAddress(_not(typed))


def _or_refuse(host: str, typed: str) -> str:
    if not host:
        raise NoAddress(_not(typed))
    return host


def _not(typed: str) -> str:
    return (
        f"“{typed[:80]}” is no address of a room. One looks like 192.168.1.5:{PORT}, "
        "as the room shows it."
    )
