"""Data is looked for in one order, and whoever asks is told what was found and why.

Prepared on this machine, in the mirror, upstream; otherwise drawn. WORKSHOP_DATA is
`real` (or nothing), `drawn`, or `auto`. After upstream could not be reached it is left
alone for an hour, so that no lesson waits for a network that is not there.
"""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workshop.data import digits, hand, mnist, store, strokes
from workshop.data.kinds import (
    VARIANTS,
    Arrays,
    Choice,
    DataError,
    Entry,
    Sealed,
    Variant,
)

PUBLIC = ("x_train", "y_train", "x_test", "y_test")
WITHHELD = ("x_withheld", "y_withheld")
PATIENCE = 45.0  # seconds for all of upstream before digits are drawn instead
DETERMINED = 900.0  # the same where WORKSHOP_DATA=real asks for it
RETRY = 3600.0  # seconds for which upstream is left alone after a failure
NOT_REACHED = "the internet copy could not be reached"
NAMES = ("digits",)


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
    """Return x_train, y_train, x_test and y_test of one variant; raises DataError."""
    return resolve(name, variant, PUBLIC)[1]


def sealed(name: str, secret: bytes, variant: str) -> tuple[Sealed, Sealed]:
    """Return the shown and the graded half of items that `load` never gives.

    The same secret gives the same halves. Raises DataError where the real data is
    not on this machine and cannot be fetched.
    """
    _known(name)
    if _variant(variant) == "drawn":
        return digits.sealed_drawn(secret)
    try:
        return digits.sealed_real(secret, real(WITHHELD, determined=True).arrays)
    except mnist.Unusable as error:
        raise _cannot_be_had(name, error) from None


def prepare(name: str, variant: str) -> str:
    """Make one variant ready for work without a network; returns where it came from."""
    return resolve(name, variant, PUBLIC)[0].reason


def resolve(
    name: str, variant: str | None, parts: tuple[str, ...]
) -> tuple[Choice, Arrays]:
    """Return what is in use and those of its arrays that are named in `parts`.

    A grader that has chosen already says so in WORKSHOP_DATA and WORKSHOP_REASON.
    """
    _known(name)
    wanted = _variant(variant) if variant else _wanted()
    if wanted == "drawn":
        why = os.environ.get("WORKSHOP_REASON") or "WORKSHOP_DATA=drawn"
        return Choice("drawn", "as asked" if variant else why), _drawn(parts)
    try:
        found = real(parts, determined=wanted == "real")
    except mnist.Unusable as error:
        if wanted == "real":
            raise _cannot_be_had(name, error) from None
        return Choice("drawn", str(error)), _drawn(parts)
    return Choice("real", found.reason), found.arrays


def inventory() -> list[Entry]:
    """Return what is on this machine, without fetching or drawing anything."""
    made = {
        "real": (mnist.LICENCE, "MNIST, Y. LeCun, C. Cortes, C. Burges", _real_path()),
        "drawn": ("Apache-2.0", "drawn by this kit", drawn_path()),
    }
    entries = []
    for variant in VARIANTS:
        licence, source, path = made[variant]
        size = path.stat().st_size if path.exists() else 0
        present = bool(size) or variant == "drawn"
        if size and variant == "real":
            source = _noted_source(path) or source
        entries.append(Entry("digits", variant, present, size, licence, source, path))
    return entries


def _cannot_be_had(name: str, error: Exception) -> DataError:
    return DataError(
        f"The real {name} cannot be had: {error}. Set WORKSHOP_MIRROR to a folder or "
        "address that has them, or use WORKSHOP_DATA=drawn."
    )


def _known(name: str) -> None:
    if name not in NAMES:
        raise DataError(f"There is no data set {name!r}; there is: {', '.join(NAMES)}.")


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


def _drawn(parts: tuple[str, ...]) -> Arrays:
    """Return drawn arrays, kept ones where there are any that are whole."""
    if not parts:
        return {}
    path = drawn_path()
    kept = _kept(path, parts)
    if kept:
        return kept.arrays
    made = digits.drawn()
    store.write(path, made, {"reason": "drawn by this kit"})
    for old in path.parent.glob("digits-drawn-*.npz"):
        if old != path:
            store.remove(old)
    return {name: made[name] for name in parts}


def real(parts: tuple[str, ...], determined: bool) -> Found:
    """Return real arrays: prepared, from the mirror, from upstream; or Unusable."""
    kept = _kept(_real_path(), parts)
    if kept:
        return kept
    raw, reason = _gather(determined)
    made = digits.withhold(raw)
    if store.write(_real_path(), made, {"reason": reason}):
        mnist.forget_downloads()
    return Found({name: made[name] for name in parts}, reason)


def _gather(determined: bool) -> tuple[Arrays, str]:
    place = mnist.mirror()
    missed = "no mirror set"
    if place:
        try:
            return mnist.from_mirror(place)
        except mnist.Unusable as error:
            missed = str(error)
            store.say(f"digits: {missed}.")
    if not determined and _left_alone():
        raise mnist.Unusable(f"{missed}, and {NOT_REACHED}")
    try:
        found = mnist.from_upstream(DETERMINED if determined else PATIENCE)
    except mnist.Unusable as error:
        _remember()
        spoilt = isinstance(error, mnist.Spoilt)
        why = "the internet copy is damaged" if spoilt else NOT_REACHED
        raise mnist.Unusable(f"{missed}, and {error if determined else why}") from None
    store.remove(_unreachable())
    return found


def _kept(path: Path, parts: tuple[str, ...]) -> Found | None:
    """Return what was prepared; what is damaged is named and removed."""
    try:
        found, about = store.read(path, parts)
        return Found(found, str(about["reason"]))
    except FileNotFoundError:
        return None
    except store.Damaged as error:
        store.remove(path)
        store.say(f"digits: {error} It was removed and is prepared again.")
        return None


def _real_path() -> Path:
    return store.home() / "digits-real.npz"


def drawn_path() -> Path:
    return store.home() / f"digits-drawn-{drawing()}.npz"


@cache
def drawing() -> str:
    """Return eight characters that change when the generator does."""
    digest = hashlib.sha256()
    for module in (strokes, hand, digits):
        digest.update(Path(str(module.__file__)).read_bytes().replace(b"\r", b""))
    return digest.hexdigest()[:8]


def _noted_source(path: Path) -> str:
    try:
        return str(store.read(path, ())[1]["reason"])
    except (OSError, store.Damaged):
        return ""


def _unreachable() -> Path:
    return store.home() / "unreachable"


def _left_alone() -> bool:
    """Tell whether upstream failed within the hour (and the clock makes sense)."""
    try:
        since = time.time() - float(_unreachable().read_text("ascii"))
    except (OSError, ValueError):
        return False
    return 0 <= since < RETRY


def _remember() -> None:
    try:
        _unreachable().write_text(str(int(time.time())), "ascii")
    except OSError:
        pass
