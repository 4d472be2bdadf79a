"""One record for each data set; its modules are read when it is first asked for."""

from __future__ import annotations

from functools import cache

from workshop.data.kinds import DataError, Source

NAMES = ("digits",)


@cache
def find(name: str) -> Source:
    """Return what is known of a data set; DataError names those that exist."""
    if name not in NAMES:
        raise DataError(f"There is no data set {name!r}; there is: {', '.join(NAMES)}.")
    made: Source = globals()[f"_{name}"]()
    return made


def _digits() -> Source:
    from workshop.data import digits, hand, mnist, strokes

    return Source(
        "digits",
        digits.CLASSES,
        (strokes, hand, digits),
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
