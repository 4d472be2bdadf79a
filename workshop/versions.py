"""What ran a script is named in every report, and decides whether a result still holds.

Versions are read from the metadata of what is installed: nothing is imported for it.
"""

from __future__ import annotations

import platform
from functools import cache
from importlib import metadata

PACKAGES = ("keras-workshop", "tensorflow", "keras", "numpy")


@cache
def found() -> dict[str, str]:
    """Return name to version of Python, the system, and the packages that matter."""
    made = {"python": platform.python_version(), "system": platform.system()}
    for name in PACKAGES:
        try:
            made[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            made[name] = "missing"
    return made
