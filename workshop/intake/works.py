"""Of one person and lesson one file is graded: the newest, or the one with less to do.

All others are named with the reason; only a second copy of the same bytes is passed
over. Whatever can be told of scripts alone is settled here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from workshop.course import SOLUTION
from workshop.intake import naming
from workshop.intake.found import Found, Owner, Unplaced
from workshop.intake.lessons import Lessons, Named, text_of
from workshop.submission import SUFFIXES

_OURS = (
    "It is the course's own solution, and no work of the person's is there. "
    "Ask for their own file."
)
_NAME = re.compile(r"[^\W\d_]{2}")  # which `v2` is not
Key = tuple[str, str]
"""A person as shown, and the stem of a lesson."""


@dataclass(frozen=True)
class Work:
    """A script of a lesson: whose, and which attempt.

    `exact` as in `lessons.Named`, `aside` is what its name says besides the lesson.
    """

    found: Found
    owner: Owner
    stem: str
    exact: bool
    number: int | None
    aside: str


class People:
    """Names as they are shown: two people of one name get what tells them apart."""

    def __init__(self, owners: Iterable[Owner]) -> None:
        self._marks: dict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
        for owner in owners:
            self._marks[owner.scope, owner.person].add(owner.mark)

    def name(self, owner: Owner) -> str:
        """Return the name of a person; of several in one place with their mark.

        Whom a platform's name claims to be where a folder has that person's name, too,
        is told by where it lies: it may have been written by somebody else.
        """
        several = len(self._marks[owner.scope, owner.person]) > 1
        claimed = owner.scope and ((), owner.person) in self._marks
        told = (
            owner.mark if several else PurePath(owner.scope[-1]).name if claimed else ""
        )
        return naming.person(f"{owner.person} ({told})" if told else owner.person)


def recognised(found: Found, lessons: Lessons) -> Work | None:
    """Return a file as work on a lesson, or None where it is something else."""
    if found.suffix not in SUFFIXES or naming.HIDDEN in found.home or found.note:
        return None
    named = lessons.by_name(found.base) or _quoted(found, lessons)
    if named is None:
        return None
    number, owner = named.number, found.owner
    if number is not None:
        number = max(number, naming.version(found.home[-1]))
    if named.person and not found.sure:
        owner = Owner(named.person)
    return Work(found, owner, named.stem, named.exact, number, named.aside)


def _quoted(found: Found, lessons: Lessons) -> Named | None:
    """Return what a file is by its content; all of its name is beside the lesson's."""
    stem = lessons.by_content(text_of(found.data, found.suffix))
    *_, (base, number) = naming.copies(found.base)
    return Named(stem, True, "", number, base) if stem else None


def told_apart(works: list[Work]) -> list[Work]:
    """Return the works, those of a class in one folder with their people.

    In such a folder every file has a name beside the lesson's, and one lesson has
    several: `01_mnist_ann.py` and `01_mnist_bob.py` are two people's.
    """
    names: dict[tuple[str, ...], dict[str, set[str]]] = {}
    for work in works:
        if not work.found.sure and work.aside != SOLUTION:
            of_lessons = names.setdefault(work.found.home, defaultdict(set))
            of_lessons[work.stem].add(work.aside)
    classes = {
        home
        for home, of_lessons in names.items()
        if all(map(_NAME.search, set().union(*of_lessons.values())))
        and max(map(len, of_lessons.values())) > 1
    }
    return [
        replace(work, owner=Owner(work.aside))
        if work.found.home in classes and not work.found.sure
        else work
        for work in works
    ]


def without_helpers(
    works: list[Work], people: People, lessons: Lessons
) -> tuple[list[Work], list[Found]]:
    """Return the works, and the scripts that only seem to be of a lesson.

    `transfer.py` beside `05b_transfer.py` is a helper unless it says otherwise.
    """

    def place(work: Work) -> tuple[tuple[str, ...], str, str]:
        return (work.found.home, people.name(work.owner), work.stem)

    exact = {place(work) for work in works if work.exact}

    def helps(work: Work) -> bool:
        if work.exact or work.found.suffix != ".py" or place(work) not in exact:
            return False
        return lessons.by_content(text_of(work.found.data, ".py")) != work.stem

    told = [(work, helps(work)) for work in works]
    aside = [work.found for work, is_helper in told if is_helper]
    return [work for work, is_helper in told if not is_helper], aside


def chosen(
    works: list[Work], people: People, lessons: Lessons
) -> tuple[dict[Key, Work], list[Unplaced]]:
    """Return the script to grade of each person and lesson, and all others.

    The course's own solution is nobody's work where there is another.
    """
    groups: dict[Key, list[Work]] = defaultdict(list)
    for work in works:
        groups[people.name(work.owner), work.stem].append(work)
    best, others = {}, []
    for key, group in groups.items():
        own = [work for work in group if not _is_ours(work, lessons)]
        own = own or [work for work in group if work.aside != SOLUTION]
        if own:
            best[key], left = _best(own, lessons)
            others += left
        else:
            others += [Unplaced(work.found.shown, _OURS) for work in group]
    return best, others


def _is_ours(work: Work, lessons: Lessons) -> bool:
    """Tell whether a file is the course's solution, by its code and its name or folder.

    The code alone tells nothing: who fills all blanks in well may write the same.
    """
    if work.aside != SOLUTION and work.found.home[-1] != lessons.solutions(work.stem):
        return False
    return lessons.has_our_code(work.stem, work.found.data, work.found.suffix)


def _best(group: list[Work], lessons: Lessons) -> tuple[Work, list[Unplaced]]:
    different = [*{work.found.data: work for work in reversed(group)}.values()][::-1]
    if len(different) == 1:
        return different[0], []
    newest = _newest(different)
    why = "a newer one"
    if len(newest) > 1:
        newest.sort(key=lambda work: _rank(work, lessons))
        why = "another, with no more blanks,"
    best = newest[0]
    said = f"The same person handed in {why} of this lesson: {best.found.shown}."
    if not best.found.sure:
        said += " Two people's? Put each one's files into a folder of their name."
    left = [work for work in different if work is not best]
    return best, [Unplaced(work.found.shown, said) for work in left]


def _newest(works: list[Work]) -> list[Work]:
    """Return those that may be the newest, by the platform's time and their numbers.

    Numbers count among files of one kind: `01-1.py` says nothing of `01.ipynb`.
    """
    if all(work.found.when for work in works):
        last = max(work.found.when for work in works)
        works = [work for work in works if work.found.when == last]
    kept: list[Work] = []
    for suffix in SUFFIXES:
        alike = [work for work in works if work.found.suffix == suffix]
        numbers = [work.number for work in alike if work.number is not None]
        if len(numbers) == len(alike):
            alike = [work for work in alike if work.number == max(numbers)]
        kept += alike
    return kept


def _rank(work: Work, lessons: Lessons) -> tuple[int, int, str, str]:
    blanks = lessons.blanks(work.stem, work.found.data, work.found.suffix)
    depth = len(work.found.home)
    return blanks, depth, work.found.suffix, work.found.shown
