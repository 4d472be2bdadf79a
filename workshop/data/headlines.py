"""Headlines: drawn from a grammar of known entropy, or the first of a public file.

Every draw has a purpose, and its seed is the SHA-256 of that purpose. Of real
headlines the SHA-256 of each says whether it trains, tests or is withheld, so that
one that was printed twice is never on both sides.
"""

from __future__ import annotations

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Sequence

import numpy as np

from workshop.data import grammar, inflect, names, topics
from workshop.data.kinds import Arrays, Halves, Sealed

CLASSES: tuple[str, ...] = ()
MODULES = (
    *(names, inflect, topics, *topics.MODULES, grammar),
    sys.modules[__name__],
)
"""The modules whose text makes drawn headlines what they are."""

TRAIN, TEST = 12_000, 2_000
SEALED = 600  # headlines in each of the two halves
MOST, FEWEST = 20_000, 1_000  # headlines of a file that are used, that it must hold
COLUMNS = ("publish_date", "headline_text")


def drawn() -> Arrays:
    """Return `train` and `test`, the same on every call, as `texts` reads them."""
    return {"train": _pack(_draw(b"train", TRAIN)), "test": _pack(_draw(b"test", TEST))}


def texts(arrays: Arrays) -> tuple[list[str], list[str]]:
    """Return training and test headlines: lower-case words, single spaces."""
    return _unpack(arrays["train"]), _unpack(arrays["test"])


def from_csv(content: bytes) -> Arrays:
    """Return `train` and `test` (a fifth) of the first 20,000 headlines of a file.

    The file is that of "A Million News Headlines" (R. Kulkarni, CC0,
    doi:10.7910/DVN/SYBGZL): `publish_date,headline_text`, UTF-8. ValueError says what
    is wrong with another one.
    """
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise ValueError(f"the first line does not name the column {missing[0]}")
        found = tidy(_first(rows))
    except UnicodeDecodeError:
        raise ValueError("this is not text in UTF-8") from None
    except csv.Error as error:
        raise ValueError(f"this is no CSV file ({error})") from None
    if len(found) < FEWEST:
        raise ValueError(
            f"it holds {len(found):,} different headlines of two words or more; at "
            f"least {FEWEST:,} are needed"
        )
    tests = [_hash(headline)[0] % 5 == 0 for headline in found]
    return {
        "train": _pack(h for h, test in zip(found, tests, strict=True) if not test),
        "test": _pack(h for h, test in zip(found, tests, strict=True) if test),
    }


def tidy(lines: Iterable[str]) -> list[str]:
    """Return different headlines, in lower case with single spaces, of two words up."""
    return list(dict.fromkeys(filter(None, map(_headline, lines))))


def withhold(arrays: Arrays) -> Arrays:
    """Return the arrays with the test split in two: `test` and `withheld`."""
    found = _unpack(arrays["test"])
    return arrays | {
        "test": _pack(h for h in found if _hash(h)[1] % 2 == 0),
        "withheld": _pack(h for h in found if _hash(h)[1] % 2 == 1),
    }


def sealed_drawn(secret: bytes) -> Halves:
    """Return the shown and the graded half, 600 fresh headlines each."""
    return halves(_draw(b"sealed " + secret, 2 * SEALED), "drawn")


def sealed_real(secret: bytes, kept: Arrays) -> Halves:
    """Return up to 600 withheld headlines for each half, chosen by the secret."""
    found = _unpack(kept["withheld"])
    random = np.random.default_rng(_seed(b"headlines real sealed " + secret))
    order = random.permutation(len(found))[: 2 * SEALED]
    return halves([found[i] for i in order], "real")


def _first(rows: csv.DictReader[str]) -> Iterable[str]:
    for _, row in zip(range(MOST), rows, strict=False):
        yield row[COLUMNS[1]] or ""


def _headline(text: str) -> str:
    """Return a headline in lower case with single spaces; nothing for one word."""
    words = text.lower().split()
    return " ".join(words) if len(words) > 1 else ""


def _draw(purpose: bytes, count: int) -> list[str]:
    return grammar.draw(_seed(b"headlines drawn " + purpose), count)


def _seed(purpose: bytes) -> int:
    return int.from_bytes(hashlib.sha256(purpose).digest(), "big")


def _hash(headline: str) -> bytes:
    return hashlib.sha256(headline.encode()).digest()


def _pack(headlines: Iterable[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.frombuffer("\n".join(headlines).encode(), np.uint8)


def _unpack(packed: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[str]:
    text = packed.tobytes().decode()
    return text.split("\n") if text else []


def halves(headlines: Sequence[str], variant: str) -> Halves:
    """Return the two frozen halves (shown, graded) of headlines in random order."""
    middle = len(headlines) // 2
    shown, graded = headlines[:middle], headlines[middle : 2 * middle]
    return _seal(list(shown), variant), _seal(list(graded), variant)


def _seal(headlines: list[str], variant: str) -> Sealed:
    labels = np.zeros(len(headlines), np.uint8)
    groups = np.arange(len(headlines))
    labels.flags.writeable = groups.flags.writeable = False
    return Sealed(None, headlines, labels, CLASSES, groups, variant)
