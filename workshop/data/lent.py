"""A box is lent the data that a learner may have, and nothing of what is sealed.

Real test pictures are kept together with those that are withheld. So what a box can
read is a folder of its own, written before, in which only a learner's parts lie, under
the names that `shelf` and `pictures` look for.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from workshop.data import pictures, shelf, sources, store
from workshop.data.kinds import DataError


def lend(name: str, variant: str, folder: Path) -> None:
    """Write what a learner may have of one variant into `folder`.

    It is there whole or not at all. Raises DataError.
    """
    source = sources.find(name)
    arrays = shelf.arrays(name, variant)
    reason = shelf.resolve(name, variant, ())[0].reason
    place = folder / shelf.file_name(name, variant)
    if not place.exists() and not store.write(place, arrays, {"reason": reason}):
        raise DataError(f"{name} could not be written to {folder}.")
    if source.folders:
        for part in pictures.folders(name, variant)[:1]:
            _copy(part.parent, folder / part.parent.name)


def _copy(whole: Path, target: Path) -> None:
    if not target.exists():
        shutil.copytree(whole, target)
