"""Every data set has two variants, and a learner is always told which one is in use.

This is the face of the package; the modules beneath it are drawn shapes (`strokes`,
`hand`), readers (`idx`, `mnist`), what is kept (`store`) and the order of looking
(`shelf`), with one record for each data set (`sources`).
"""

from workshop.data.kinds import Choice, DataError, Entry, Sealed
from workshop.data.pictures import folders, lines, pack, unpack
from workshop.data.shelf import (
    add,
    arrays,
    choose,
    from_mirror,
    inventory,
    prepare,
    resolve,
    sealed,
)
from workshop.data.sources import classes

__all__ = [
    "Choice",
    "DataError",
    "Entry",
    "Sealed",
    "add",
    "arrays",
    "choose",
    "classes",
    "folders",
    "from_mirror",
    "inventory",
    "lines",
    "pack",
    "prepare",
    "resolve",
    "sealed",
    "unpack",
]
