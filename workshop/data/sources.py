"""One record for each data set; its modules are read when it is first asked for."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

from workshop.data.kinds import DataError, Source

NAMES = ("digits", "signs", "photos", "pets", "headlines", "fruit")
OF_YOURS = {"credit": "a folder of photos of yours", "licence": "as its owner says"}


@cache
def find(name: str) -> Source:
    """Return what is known of a data set; DataError names those that exist."""
    if name not in NAMES:
        raise DataError(f"There is no data set {name!r}; there is: {', '.join(NAMES)}.")
    made: Source = globals()[f"_{name}"]()
    return made


def classes(name: str) -> tuple[str, ...]:
    """Return the names of the classes of a data set: label 0 is the first of them."""
    return find(name).classes


def _made(name: str, module: ModuleType, **more: Any) -> Source:
    """Return the record of a data module that names its parts as all of them do."""
    return Source(
        name,
        getattr(module, "CLASSES", ()),
        module.MODULES,
        module.drawn,
        module.sealed_drawn,
        withhold=getattr(module, "withhold", None),
        sealed_real=getattr(module, "sealed_real", None),
        folders=getattr(module, "FOLDERS", ()),
        **more,
    )


def _digits() -> Source:
    from workshop.data import digits, mnist

    return _made(
        "digits",
        digits,
        credit=mnist.CREDIT,
        licence=mnist.LICENCE,
        from_mirror=mnist.from_mirror,
        from_upstream=mnist.from_upstream,
        downloads=tuple(item.file for item in mnist.FILES.values()),
    )


def _signs() -> Source:
    from workshop.data import signs, tables

    return _made(
        "signs",
        signs,
        credit=tables.SIGNS_CREDIT,
        licence=tables.LICENCE,
        from_mirror=tables.signs_from_mirror,
        from_upstream=tables.signs_from_upstream,
        upstream_asked=False,
        read=tables.signs_from_files,
        downloads=(tables.ARCHIVE,),
    )


def _photos() -> Source:
    from workshop.data import photos

    return _made("photos", photos, parts=("x_test", "y_test"))


def _headlines() -> Source:
    from workshop.data import headlines, tables

    return _made(
        "headlines",
        headlines,
        credit=tables.HEADLINES_CREDIT,
        licence=tables.LICENCE,
        from_mirror=tables.headlines_from_mirror,
        read=tables.headlines_from_files,
        parts=("train", "test"),
        withheld=("withheld",),
    )


def _pets() -> Source:
    from workshop.data import pets, photographs

    mirror, files = photographs.pets_from_mirror, photographs.pets_from_files
    return _made("pets", pets, from_mirror=mirror, read=files, **OF_YOURS)


def _fruit() -> Source:
    from workshop.data import fruit, photographs

    mirror, files = photographs.fruit_from_mirror, photographs.fruit_from_files
    return _made("fruit", fruit, from_mirror=mirror, read=files, **OF_YOURS)
