"""The kit's own wheel is built from the checkout that runs, or is the one installed.

It is the one wheel that no index has, so where neither is at hand it must be given.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import workshop
from workshop.data import origin
from workshop.mirror import pip
from workshop.mirror.lists import MirrorError

NAME = "keras-workshop"
GIVE = "Give the file of the kit with --wheel FILE (`make wheel` builds it)."


def place(given: Path | None, folder: Path) -> Path:
    """Return the kit's wheel, put into `folder` or there already; raises MirrorError.

    It is `given`, or built from the source that runs, or the file it was installed
    from.
    """
    found = given or _source() or _installed()
    if found is None:
        raise MirrorError(f"The kit does not run from its source here. {GIVE}")
    if found.is_dir():
        return _built(found, folder)
    version(found)
    try:
        origin.copy(found, folder / found.name)
    except OSError as error:
        raise MirrorError(f"{found} was not copied ({error.strerror}).") from None
    return folder / found.name


def version(wheel: Path) -> str:
    """Return the version of the kit in a wheel; raises MirrorError if it is no such."""
    name, _, rest = wheel.name.partition("-")
    if wheel.suffix != ".whl" or name != NAME.replace("-", "_"):
        raise MirrorError(f"{wheel.name} is not a wheel of the kit. {GIVE}")
    if not zipfile.is_zipfile(wheel):
        raise MirrorError(f"{wheel} is missing or damaged. {GIVE}")
    return rest.partition("-")[0]


def _source() -> Path | None:
    """Return the checkout that this code runs from, if it does."""
    root = Path(str(workshop.__file__)).parents[1]
    try:
        text = (root / "pyproject.toml").read_text("utf-8")
    except OSError:
        return None
    return root if f'name = "{NAME}"' in text else None


def _installed() -> Path | None:
    """Return the file or folder that pip has noted as the source of the kit."""
    try:
        noted = metadata.distribution(NAME).read_text("direct_url.json")
        url = urlsplit(json.loads(noted or "{}").get("url", ""))
    except (metadata.PackageNotFoundError, ValueError):
        return None
    path = Path(url2pathname(url.path)) if url.scheme == "file" else None
    return path if path and path.exists() else None


def _built(source: Path, folder: Path) -> Path:
    with tempfile.TemporaryDirectory() as place:
        alone = ["--no-build-isolation"] if find_spec("hatchling") else []
        made = pip.run("wheel", "--no-deps", *alone, "-w", place, str(source))
        wheels = list(Path(place).glob("*.whl"))
        if made.returncode or not wheels:
            said = made.stderr.strip()[: pip.SHOWN]
            raise MirrorError(f"The kit's wheel was not built. {GIVE} pip said: {said}")
        origin.copy(wheels[0], folder / wheels[0].name)
    return folder / wheels[0].name
