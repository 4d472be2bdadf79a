"""A training is the same where nothing differs that could change what it learns.

That is: the cells up to it (what they do, not how they are written or explained), which
`fit` of them it is, the data they load and the arrays they hand over, and the learner's
own modules. What cannot be compared makes a training incomparable, and it runs again.

A data set (`tf.data`) cannot be read without being used up; it is what the cells make
of the data, and both of these are compared. Files that the learner's own code reads
are not.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from workshop import versions

PACKAGE = Path(__file__).parents[1]
PLAIN = (type(None), bool, int, float, str, bytes)


class Incomparable(Exception):
    """Something was handed to `fit` that cannot be compared with anything."""


class Cells:
    """The statements that have begun, and how many trainings the last one asked for.

    Also those that failed count: what they did before they failed stays done.
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._fits = 0

    def begin(self, statement: ast.stmt) -> None:
        """Count a statement as begun; prose is none."""
        self._fits = 0
        if isinstance(statement, ast.Expr) and isinstance(
            statement.value, ast.Constant
        ):
            return
        text = ast.dump(statement) + "\n"
        self._digest.update(text.encode("utf-8", "surrogatepass"))

    def next_fit(self) -> str:
        """Return what names the training that begins now."""
        self._fits += 1
        return f"{self._digest.hexdigest()} {self._fits}"


def key_of(
    cells: str, inputs: Mapping[str, Any], folder: Path, environment: Mapping[str, str]
) -> str:
    """Return the key of a training as 64 hexadecimal digits; raises Incomparable.

    `cells` is from `Cells.next_fit`, `inputs` are the arguments of `fit` by name,
    `folder` is the learner's own; the environment names the data set and its variant.
    """
    name = environment.get("WORKSHOP_DATASET", "")
    variant = environment.get("WORKSHOP_DATA", "")
    parts = [cells, variant, _data(name, variant), _inputs(inputs), _modules(folder)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def made_with() -> dict[str, str]:
    """Return the versions of what trains."""
    import keras

    found = versions.found()
    python = ".".join(found["python"].split(".")[:2])
    packages = {name: found[name] for name in versions.PACKAGES}
    return {"python": python, **packages, "backend": keras.config.backend()}


def _data(name: str, variant: str) -> str:
    """Return what changes when the data set does: its generator, or its arrays.

    Of real data only what a learner may have: more of it is not everywhere.
    """
    if not name:
        return ""
    from workshop.data import shelf, sources, store

    if variant != "real":
        return shelf.drawing(name)
    try:
        about = store.read(store.home() / shelf.file_name(name, variant), ())[1]
        return json.dumps([about["sha256"][part] for part in sources.find(name).parts])
    except (KeyError, OSError, store.Damaged):
        raise Incomparable(f"The real {name} are not kept on this machine.") from None


def _inputs(inputs: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for part in _parts(dict(inputs)):
        digest.update(part)
    return digest.hexdigest()


def _parts(value: Any) -> Iterator[Any]:
    """Yield bytes that tell this value from every other; raises Incomparable."""
    import numpy as np

    yield f"{type(value).__name__} ".encode()
    if isinstance(value, PLAIN):
        yield repr(value).encode("utf-8", "surrogatepass")
    elif isinstance(value, dict):
        yield f"{len(value)} ".encode()
        for name in value:
            yield repr(name).encode("utf-8", "surrogatepass")
            yield from _parts(value[name])
    elif isinstance(value, list | tuple):
        yield f"{len(value)} ".encode()
        for item in value:
            yield from _parts(item)
    elif isinstance(value, np.ndarray | np.generic):
        yield from _array(np.asarray(value))
    elif hasattr(value, "element_spec"):
        yield repr(value.element_spec).encode()
    else:
        yield from _parts(_as_array(value))


def _array(array: Any) -> Iterator[Any]:
    import numpy as np

    if array.dtype.hasobject:
        yield from _parts(array.tolist())
        return
    yield f"{array.dtype.str} {array.shape} ".encode()
    yield np.ascontiguousarray(array).view(np.uint8).data if array.size else b""


def _as_array(value: Any) -> Any:
    """Return the array behind a tensor, a variable or a table."""
    import numpy as np

    for name in ("numpy", "to_numpy"):
        method = getattr(value, name, None)
        if callable(method):
            try:
                made = method()
            except Exception:  # whatever a learner's own class may raise
                break
            if isinstance(made, np.ndarray | np.generic | bytes):
                return made
    raise Incomparable(f"{type(value).__name__} cannot be compared.")


def _modules(folder: Path) -> str:
    """Return what changes with any module that was imported from `folder`."""
    paths = {path for one in list(sys.modules.values()) if (path := _path(one))}
    own = [path for path in paths if path.is_relative_to(folder)]
    found = {
        path.relative_to(folder).as_posix(): _content(path)
        for path in own
        if not _is_installed(path)
    }
    return json.dumps(found, sort_keys=True)


@cache
def _content(path: Path) -> str:
    """Return the hash of a module, which is what it was: Python imports it once."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _path(module: Any) -> Path | None:
    """Return the file of a module other than the script itself."""
    if not isinstance(module, ModuleType) or module.__name__ == "__main__":
        return None
    file = vars(module).get("__file__")
    return Path(file) if isinstance(file, str) else None


def _is_installed(path: Path) -> bool:
    places = (PACKAGE, Path(sys.prefix), Path(sys.base_prefix))
    return any(path.is_relative_to(place) for place in places)
