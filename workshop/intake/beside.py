"""What is no script goes with the scripts beside it, or is named as belonging to none.

"Beside" is the same folder of the same person, or the nearest folder above that holds
scripts. The sizes that a submission may have are kept here.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from dataclasses import dataclass, field

from workshop.intake import archives, naming
from workshop.intake.found import MODEL, Found, Refused, Unplaced
from workshop.intake.gather import MOST_BESIDE
from workshop.intake.works import Key, People, Work
from workshop.submission import LARGEST, Submission, is_inside

_NOTE = "It was typed into the platform, or written by it. Ask for the lesson's file."
_NOTHING = (
    "It belongs to no lesson, and no lesson's file is beside it. "
    "Name the file as the lesson is named, or put it beside its lesson."
)


@dataclass
class Bundle:
    """A submission while it is put together; `size` counts what came to its script."""

    person: str
    work: Work
    files: dict[str, bytes] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    model: Found | None = None
    folders: set[str] = field(default_factory=set)
    size: int = 0
    beside: int = 0

    def submission(self) -> Submission:
        found = self.work.found
        model = self.model.data if self.model else None
        return Submission(
            person=self.person,
            lesson=self.work.stem,
            name=naming.shown(found.name),
            suffix=found.suffix,
            script=found.data,
            files=self.files,
            kept=self.kept,
            model=model,
        )


class Desk:
    """The chosen scripts, and where each other file goes."""

    def __init__(self, best: dict[Key, Work], people: People) -> None:
        self._people = people
        self.bundles = {key: Bundle(key[0], work) for key, work in best.items()}
        self._homes: dict[tuple[str, ...], dict[str, list[Bundle]]] = {}
        for bundle in self.bundles.values():
            there = self._homes.setdefault(bundle.work.found.home, defaultdict(list))
            there[bundle.person].append(bundle)
        self._persons = {bundle.person for bundle in self.bundles.values()}
        self._placed: set[tuple[str, str, bytes]] = set()
        self._scopes = {bundle.work.owner.scope for bundle in self.bundles.values()}

    def put(self, found: Found) -> None:
        """Put a file where it belongs; Refused where that is nowhere."""
        person = self._people.name(found.owner)
        if found.note:
            if person not in self._persons:
                raise Refused(_NOTE)
        elif naming.HIDDEN in found.home:
            self._keep(found)
        elif _is_model(found):
            self._model(found)
        else:
            self._file(found, person)

    def _keep(self, found: Found) -> None:
        """Put a kept training to its lesson; without the lesson it is passed over."""
        home = found.home[: found.home.index(naming.HIDDEN)]
        for bundles in self._homes.get(home, {}).values():
            for bundle in bundles:
                form = re.escape(bundle.work.stem) + r"-[0-9A-Za-z_]+\.npz"
                if re.fullmatch(form, found.name):
                    _bound(bundle, found)
                    bundle.kept[found.name] = found.data

    def _model(self, found: Found) -> None:
        bundles = self._near(found, found.home)
        if len(bundles) != 1:
            raise Refused(
                f"A {MODEL} goes with one lesson's file beside it, and there "
                f"{'are several' if bundles else 'is none'}. Put the two alone "
                "into one folder."
            )
        (bundle,) = bundles
        if bundle.model and bundle.model.data == found.data:
            return
        archives.check_model(io.BytesIO(found.data))
        if bundle.model and _number(bundle.model) >= _number(found):
            raise Refused(f"A newer model goes with it: {bundle.model.shown}.")
        _bound(bundle, found)
        bundle.model = found

    def _file(self, found: Found, person: str) -> None:
        home = found.home
        while len(home) > 1 and home not in self._homes:
            home = home[:-1]
        bundles = self._near(found, home)
        name = "/".join((*found.home[len(home) :], found.name))
        if not bundles:
            self._orphan(found, person)
            return
        for bundle in bundles:
            _add(bundle, name, found)
        self._placed.add((bundles[0].person, found.name, found.data))

    def _orphan(self, found: Found, person: str) -> None:
        """Pass over a second copy, and Brightspace's list of what was handed in."""
        listed = found.name == "index.html" and found.home in self._scopes
        if not listed and (person, found.name, found.data) not in self._placed:
            raise Refused(_NOTHING)

    def _near(self, found: Found, home: tuple[str, ...]) -> list[Bundle]:
        """Return the submissions of a folder that are of the file's owner.

        What lies in folders below goes to nobody whose name is in a file's name only:
        they are not that person's.
        """
        there = self._homes.get(home, {})
        person = self._people.name(found.owner)
        if person in there or found.owner.scope:
            return there.get(person, [])
        if len(there) != 1:
            return []
        (bundles,) = there.values()
        work = bundles[0].work
        in_own_folder = work.owner == work.found.owner
        return bundles if in_own_folder or found.home == home else []


def order(found: Found) -> tuple[bool, bool, int, str]:
    """Sort what matters most first: models, then files, then kept trainings."""
    hidden = naming.HIDDEN in found.home
    return hidden, not _is_model(found), len(found.home), found.shown


def unplaced(found: Found, error: Refused) -> Unplaced:
    return Unplaced(found.shown, str(error))


def _is_model(found: Found) -> bool:
    bases = [base.lower() for base, _ in naming.copies(found.base)]
    return found.suffix == ".keras" and "model" in bases


def _number(found: Found) -> tuple[str, int]:
    return found.when, [number or 0 for _, number in naming.copies(found.base)][-1]


def _add(bundle: Bundle, name: str, found: Found) -> None:
    if bundle.files.get(name) == found.data:
        return
    above = name.split("/")[:-1]
    folders = {"/".join(above[:number]) for number in range(1, len(above) + 1)}
    taken = (
        name in bundle.files or name in bundle.folders or folders & set(bundle.files)
    )
    if taken or not is_inside(name) or naming.visible(name) != name:
        raise Refused(
            "Its name is taken, or cannot be written. Hand it in under another."
        )
    if bundle.beside + len(found.data) > MOST_BESIDE:
        most = MOST_BESIDE // 2**20
        raise Refused(f"More than {most} MiB lie beside the lesson. Hand in less.")
    _bound(bundle, found)
    bundle.beside += len(found.data)
    bundle.files[name] = found.data
    bundle.folders |= folders


def _bound(bundle: Bundle, found: Found) -> None:
    size = bundle.size + len(found.data)
    if size + len(bundle.work.found.data) > LARGEST:
        raise Refused(
            f"With it, this work would have more than {LARGEST // 2**20} MiB. "
            "It was left out; hand in less to have it graded."
        )
    bundle.size = size
