"""Which wheels another machine needs is worked out for that machine, by uv.

pip evaluates the conditions of requirements for the machine that it runs on, uv for the
one that it is told of, and uv names every file with its SHA-256.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from workshop.mirror import pip
from workshop.mirror.lists import MirrorError
from workshop.mirror.platforms import MACOS, Platform

FROM_SOURCE = ("promise",)  # tensorflow-datasets needs it; it has no wheel


@dataclass(frozen=True)
class Wheel:
    """A file that a machine needs; `sha256` is of the source where one is made of it.

    `size` is in bytes, 0 where the index does not tell it.
    """

    project: str
    version: str
    file: str
    sha256: str
    size: int = 0
    source: bool = False


def resolve(kit: Path, platform: Platform, python: str) -> list[Wheel]:
    """Return what a machine needs for the kit's wheel, and pip; raises MirrorError."""
    wanted = f"keras-workshop @ {kit.resolve().as_uri()}\npip\n"
    with tempfile.TemporaryDirectory() as here:
        made = subprocess.run(
            _compile(platform, python),
            input=wanted,
            cwd=here,
            env={**os.environ, **_settings()},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
    if made.returncode:
        said = made.stderr.removeprefix("error: ").strip()[: pip.SHOWN]
        raise MirrorError(f"{platform.title}, Python {python}: {said}")
    packages = tomllib.loads(made.stdout)["packages"]
    ranks = _ranks(platform, python)
    return [
        _chosen(one, ranks, f"{platform.title}, Python {python}")
        for one in packages
        if one["name"] != "keras-workshop"
    ]


def _compile(platform: Platform, python: str) -> list[str]:
    words = [_uv(), "pip", "compile", "-", "--quiet", "--no-header"]
    words += ["--format", "pylock.toml", "--python", sys.executable]
    words += ["--python-platform", platform.uv, "--python-version", python]
    words += ["--only-binary", ":all:"]
    for name in FROM_SOURCE:
        words += ["--no-binary", name]
    return words


def _uv() -> str:
    try:
        from uv import find_uv_bin

        return str(find_uv_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("uv")
    if not found:
        raise MirrorError(
            'uv is needed to find the wheels. Install it: pip install "uv>=0.8"'
        )
    return found


def _settings() -> dict[str, str]:
    """Return the environment that tells uv what pip knows: index, certificates."""
    found = {"MACOSX_DEPLOYMENT_TARGET": ".".join(map(str, MACOS))}
    index = os.environ.get("PIP_INDEX_URL") or pip.configured("global.index-url")
    for name, value in (
        ("UV_DEFAULT_INDEX", index),
        ("SSL_CERT_FILE", os.environ.get("PIP_CERT") or pip.configured("global.cert")),
    ):
        if value and not os.environ.get(name):
            found[name] = value
    return found


def _ranks(platform: Platform, python: str) -> dict[str, int]:
    """Return the rank of each tag of a wheel on a machine; 0 is the best."""
    from packaging import tags

    major, minor = map(int, python.split("."))
    version, here = (major, minor), f"cp{major}{minor}"
    found = [
        *tags.cpython_tags(version, abis=[here], platforms=platform.tags),
        *tags.compatible_tags(version, here, platform.tags),
    ]
    return {str(tag): rank for rank, tag in enumerate(found)}


def _chosen(package: dict[str, Any], ranks: dict[str, int], where: str) -> Wheel:
    """Return the file of a package that suits best; raises MirrorError."""
    from packaging.utils import parse_wheel_filename

    name, version = package["name"], package["version"]
    if name in FROM_SOURCE:
        file = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        return Wheel(name, version, file, _sha256(package["sdist"]), source=True)

    def rank(wheel: dict[str, Any]) -> int:
        tags = parse_wheel_filename(_file(wheel))[3]
        return min(ranks.get(str(tag), len(ranks)) for tag in tags)

    best = min(package.get("wheels", ()), key=rank, default=None)
    if best is None or rank(best) == len(ranks):
        raise MirrorError(f"{where}: {name} {version} has no wheel for it.")
    return Wheel(name, version, _file(best), _sha256(best), best.get("size", 0))


def _sha256(file: dict[str, Any]) -> str:
    try:
        return str(file["hashes"]["sha256"])
    except KeyError:
        raise MirrorError(f"The index tells no SHA-256 of {_file(file)}.") from None


def _file(wheel: dict[str, Any]) -> str:
    place = wheel.get("name") or wheel.get("url") or wheel["path"]
    return unquote(urlsplit(place).path.rpartition("/")[2])
