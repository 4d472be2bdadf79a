"""One record for each data set; its modules are read when it is first asked for."""

from __future__ import annotations

from functools import cache

from workshop.data.kinds import DataError, Source

NAMES = ("digits", "signs", "photos", "pets", "headlines", "fruit")


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


def _digits() -> Source:
    from workshop.data import dice, digits, hand, mnist, strokes

    return Source(
        "digits",
        digits.CLASSES,
        (dice, strokes, hand, digits),
        digits.drawn,
        digits.sealed_drawn,
        credit=mnist.CREDIT,
        licence=mnist.LICENCE,
        from_mirror=mnist.from_mirror,
        from_upstream=mnist.from_upstream,
        withhold=digits.withhold,
        sealed_real=digits.sealed_real,
        downloads=tuple(item.file for item in mnist.FILES.values()),
    )


def _signs() -> Source:
    from workshop.data import signs, tables

    return Source(
        "signs",
        signs.CLASSES,
        signs.MODULES,
        signs.drawn,
        signs.sealed_drawn,
        credit=tables.SIGNS_CREDIT,
        licence=tables.LICENCE,
        from_mirror=tables.signs_from_mirror,
        from_upstream=tables.signs_from_upstream,
        upstream_asked=False,
        read=tables.signs_from_files,
        withhold=signs.withhold,
        sealed_real=signs.sealed_real,
        downloads=(tables.ARCHIVE,),
    )


def _photos() -> Source:
    from workshop.data import photos

    return Source(
        "photos",
        photos.CLASSES,
        photos.MODULES,
        photos.drawn,
        photos.sealed_drawn,
        parts=("x_test", "y_test"),
    )


def _headlines() -> Source:
    from workshop.data import headlines, tables

    return Source(
        "headlines",
        (),
        headlines.MODULES,
        headlines.drawn,
        headlines.sealed_drawn,
        credit=tables.HEADLINES_CREDIT,
        licence=tables.LICENCE,
        from_mirror=tables.headlines_from_mirror,
        read=tables.headlines_from_files,
        withhold=headlines.withhold,
        sealed_real=headlines.sealed_real,
        parts=("train", "test"),
        withheld=("withheld",),
    )


def _pets() -> Source:
    from workshop.data import pets, photographs

    return Source(
        "pets",
        pets.CLASSES,
        pets.MODULES,
        pets.drawn,
        pets.sealed_drawn,
        credit="a folder of photos of yours",
        licence="as its owner says",
        from_mirror=photographs.pets_from_mirror,
        read=photographs.pets_from_files,
        withhold=pets.withhold,
        sealed_real=pets.sealed_real,
        folders=pets.FOLDERS,
    )


def _fruit() -> Source:
    from workshop.data import fruit, photographs

    return Source(
        "fruit",
        fruit.CLASSES,
        fruit.MODULES,
        fruit.drawn,
        fruit.sealed_drawn,
        credit="a folder of photos of yours",
        licence="as its owner says",
        from_mirror=photographs.fruit_from_mirror,
        read=photographs.fruit_from_files,
        withhold=fruit.withhold,
        sealed_real=fruit.sealed_real,
        folders=fruit.FOLDERS,
    )
