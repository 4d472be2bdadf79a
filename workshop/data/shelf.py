"""Data is looked for in one order, and whoever asks is told what was found and why.

Prepared on this machine, in the mirror, upstream; otherwise drawn. WORKSHOP_DATA is
`real` (or nothing), `drawn`, or `auto`. After upstream could not be reached it is left
alone for an hour, so that no lesson waits for a network that is not there.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workshop.data import origin, sources, store, upstream
from workshop.data.kinds import (
    VARIANTS,
    Arrays,
    Choice,
    DataError,
    Entry,
    Sealed,
    Source,
    Variant,
)

PATIENCE = 45.0  # seconds for all of upstream before data is drawn instead
DETERMINED = 900.0  # the same where WORKSHOP_DATA=real asks for it
NOT_REACHED = "the internet copy could not be reached"
ONLY_DRAWN = "there are no others"


@dataclass(frozen=True)
class Found:
    """Arrays and the reason to give for them."""

    arrays: Arrays
    reason: str


def choose(name: str) -> Choice:
    """Return the variant that this machine uses, fetching it where that is due.

    Raises DataError for an unknown name, a misspelt WORKSHOP_DATA, and where
    WORKSHOP_DATA=real cannot be met.
    """
    return resolve(name, None, ())[0]


def arrays(name: str, variant: str) -> Arrays:
    """Return the arrays that a learner may have of one variant; raises DataError."""
    return resolve(name, variant, sources.find(name).parts)[1]


def sealed(name: str, secret: bytes, variant: str) -> tuple[Sealed, Sealed]:
    """Return the shown and the graded half of items that `load` never gives.

    The same secret gives the same halves. Raises DataError where the real data is
    not on this machine and cannot be fetched.
    """
    source = sources.find(name)
    if _variant(variant) == "drawn" or source.sealed_real is None:
        return source.sealed_drawn(secret)
    try:
        found = real(source, source.withheld, determined=True)
    except origin.Unusable as error:
        raise _cannot_be_had(name, error) from None
    return source.sealed_real(secret, found.arrays)


def items(name: str, variant: str) -> str:
    """Return what changes when `sealed` would give other items for the same secret.

    Raises DataError where the real data cannot be had.
    """
    source = sources.find(name)
    if _variant(variant) == "drawn" or not source.real:
        return drawing(name)
    try:
        real(source, (), determined=True)
        sums = store.read(_real_path(name), ())[1]["sha256"]
    except origin.Unusable as error:
        raise _cannot_be_had(name, error) from None
    except FileNotFoundError:  # it could not be kept
        sums = {}
    return f"{drawing(name)} {sorted(sums.items())}"


def prepare(name: str, variant: str) -> str:
    """Make one variant ready for work without a network; returns where it came from."""
    return resolve(name, variant, sources.find(name).parts)[0].reason


def add(name: str, paths: list[Path]) -> str:
    """Keep real data that a person has as files; returns words for its source.

    Raises DataError where there is no real variant, or the files are not it.
    """
    source = sources.find(name)
    if source.read is None or source.withhold is None:
        raise DataError(f"There is no way to add real {name} from files.")
    try:
        made = source.withhold(source.read(paths))
    except (OSError, ValueError, origin.Unusable) as error:
        raise DataError(f"These are no {name}: {error}.") from None
    reason = f"given as {', '.join(path.name for path in paths)}"
    if not store.write(_real_path(name), made, {"reason": reason}):
        raise DataError(f"{name} could not be kept in {store.home()}.")
    return reason


def resolve(
    name: str, variant: str | None, parts: tuple[str, ...]
) -> tuple[Choice, Arrays]:
    """Return what is in use and those of its arrays that are named in `parts`.

    A grader that has chosen already says so in WORKSHOP_DATA and WORKSHOP_REASON.
    """
    source = sources.find(name)
    wanted = _variant(variant) if variant else _wanted()
    if not source.real:
        return Choice("drawn", ONLY_DRAWN), _drawn(source, parts)
    if wanted == "drawn":
        why = os.environ.get("WORKSHOP_REASON") or "WORKSHOP_DATA=drawn"
        return Choice("drawn", "as asked" if variant else why), _drawn(source, parts)
    try:
        found = real(source, parts, determined=wanted == "real")
    except origin.Unusable as error:
        if wanted == "real":
            raise _cannot_be_had(name, error) from None
        return Choice("drawn", str(error)), _drawn(source, parts)
    return Choice("real", found.reason), found.arrays


def inventory() -> list[Entry]:
    """Return what is on this machine, without fetching or drawing anything."""
    found = (_entry(name, variant) for name in sources.NAMES for variant in VARIANTS)
    return [entry for entry in found if entry]


def _entry(name: str, variant: Variant) -> Entry | None:
    source = sources.find(name)
    if variant == "drawn":
        path, credit, licence = drawn_path(name), "drawn by this kit", "Apache-2.0"
    elif source.real:
        path, credit, licence = _real_path(name), source.credit, source.licence
    else:
        return None
    size = path.stat().st_size if path.exists() else 0
    if size and variant == "real":
        credit = _noted_source(path) or credit
    present = bool(size) or variant == "drawn"
    return Entry(name, variant, present, size, licence, credit, path)


def _cannot_be_had(name: str, error: Exception) -> DataError:
    return DataError(
        f"The real {name} cannot be had: {error}. Set WORKSHOP_MIRROR to a folder or "
        "address that has them, or use WORKSHOP_DATA=drawn."
    )


def _variant(text: str) -> Variant:
    for variant in VARIANTS:
        if text == variant:
            return variant
    raise DataError(f"There is no variant {text!r}; write real or drawn.")


def _wanted() -> str:
    text = os.environ.get("WORKSHOP_DATA", "").strip().lower() or "auto"
    if text not in (*VARIANTS, "auto"):
        raise DataError(f"WORKSHOP_DATA is {text!r}; write real, drawn or auto.")
    return text


def _drawn(source: Source, parts: tuple[str, ...]) -> Arrays:
    """Return drawn arrays, kept ones where there are any that are whole."""
    if not parts:
        return {}
    path = drawn_path(source.name)
    kept = _kept(source.name, path, parts)
    if kept:
        return kept.arrays
    made = source.drawn()
    store.write(path, made, {"reason": "drawn by this kit"})
    for old in path.parent.glob(f"{source.name}-drawn-*.npz"):
        if old != path:
            store.remove(old)
    return {name: made[name] for name in parts}


def real(source: Source, parts: tuple[str, ...], determined: bool) -> Found:
    """Return real arrays: prepared, from the mirror, from upstream; or Unusable."""
    path = _real_path(source.name)
    kept = _kept(source.name, path, parts)
    if kept:
        return kept
    raw, reason = _gather(source, determined)
    made = _keep(source, raw, reason)
    return Found({name: made[name] for name in parts}, reason)


def from_mirror(name: str, mirror: str) -> bool:
    """Prepare real data from a mirror alone; return whether it is on this machine now.

    Raises DataError for an unknown name.
    """
    source = sources.find(name)
    if _real_path(name).exists():
        return True
    if source.from_mirror is None:
        return False
    try:
        _keep(source, *source.from_mirror(mirror))
    except origin.Unusable:
        return False
    return _real_path(name).exists()


def _keep(source: Source, raw: Arrays, reason: str) -> Arrays:
    """Keep real data on this machine; return it as it is kept."""
    made = source.withhold(raw) if source.withhold else raw
    if store.write(_real_path(source.name), made, {"reason": reason}):
        origin.forget(*source.downloads)
    return made


def _gather(source: Source, determined: bool) -> tuple[Arrays, str]:
    place = origin.mirror()
    missed = "no mirror set"
    if place and source.from_mirror:
        try:
            return source.from_mirror(place)
        except origin.Unusable as error:
            missed = str(error)
            store.say(f"{source.name}: {missed}.")
    if source.from_upstream is None:
        raise origin.Unusable(f"{missed}, and there is no public copy to fetch")
    if not determined and not source.upstream_asked:
        raise origin.Unusable(f"{missed}, and the public copy is large")
    if not determined and upstream.left_alone():
        raise origin.Unusable(f"{missed}, and {NOT_REACHED}")
    try:
        found = source.from_upstream(DETERMINED if determined else PATIENCE)
    except origin.Unusable as error:
        upstream.remember()
        spoilt = isinstance(error, origin.Spoilt)
        why = "the internet copy is damaged" if spoilt else NOT_REACHED
        raise origin.Unusable(f"{missed}, and {error if determined else why}") from None
    upstream.forget()
    return found


def _kept(name: str, path: Path, parts: tuple[str, ...]) -> Found | None:
    """Return what was prepared; what is damaged is named and removed."""
    try:
        found, about = store.read(path, parts)
        return Found(found, str(about["reason"]))
    except FileNotFoundError:
        return None
    except store.Damaged as error:
        store.remove(path)
        store.say(f"{name}: {error} It was removed and is prepared again.")
        return None


def _real_path(name: str) -> Path:
    return store.home() / file_name(name, "real")


def drawn_path(name: str) -> Path:
    return store.home() / file_name(name, "drawn")


def file_name(name: str, variant: str) -> str:
    """Return the name under which the arrays of a variant are kept."""
    drawn = f"-{drawing(name)}" if variant == "drawn" else ""
    return f"{name}-{variant}{drawn}.npz"


@cache
def drawing(name: str) -> str:
    """Return eight characters that change when the generator does."""
    digest = hashlib.sha256()
    for module in sources.find(name).modules:
        digest.update(Path(str(module.__file__)).read_bytes().replace(b"\r", b""))
    return digest.hexdigest()[:8]


def _noted_source(path: Path) -> str:
    try:
        return str(store.read(path, ())[1]["reason"])
    except (OSError, store.Damaged):
        return ""
