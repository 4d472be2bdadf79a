"""A wheel is chosen for the oldest system that TensorFlow itself is made for.

A wheel for an older system runs on a newer one, never the other way round. So the
mirror asks for macOS 12 and glibc 2.28 (Debian 10, Ubuntu 18.10, RHEL 8 and later).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

MACOS = (12, 0)
GLIBC = 28  # 2.28
OLDEST_GLIBC = 5  # 2.5: the first that wheels are named after
NAMED = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}


@dataclass(frozen=True)
class Platform:
    """A kind of laptop: `uv` is its name there, `tags` are those of wheels, best first.

    `hardware` is what `platform.machine()` says there, in lower case.
    """

    name: str
    title: str
    uv: str
    tags: tuple[str, ...]


def _linux(machine: str) -> Iterator[str]:
    for minor in range(GLIBC, OLDEST_GLIBC - 1, -1):
        yield f"manylinux_2_{minor}_{machine}"
        if minor in NAMED:
            yield f"{NAMED[minor]}_{machine}"
    yield f"linux_{machine}"


def _macos() -> Iterator[str]:
    for major in range(MACOS[0], 10, -1):
        yield f"macosx_{major}_0_arm64"
        yield f"macosx_{major}_0_universal2"
    for minor in range(16, 3, -1):
        yield f"macosx_10_{minor}_universal2"


PLATFORMS = {
    one.name: one
    for one in (
        Platform("windows", "Windows", "x86_64-pc-windows-msvc", ("win_amd64",)),
        Platform("macos", "macOS (Apple)", "aarch64-apple-darwin", tuple(_macos())),
        Platform(
            "linux", "Linux", f"x86_64-manylinux_2_{GLIBC}", tuple(_linux("x86_64"))
        ),
        Platform(
            "linux-arm",
            "Linux (ARM)",
            f"aarch64-manylinux_2_{GLIBC}",
            tuple(_linux("aarch64")),
        ),
    )
}
USUAL = ("windows", "macos", "linux")
