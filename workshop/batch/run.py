"""Every submission ends in the gradebook: what is there is not graded again.

Results are recorded one by one as they come, in this process alone, so that whatever
interrupts a run, the next one goes on from there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata

from workshop.batch.desk import Marked
from workshop.batch.terms import Terms
from workshop.course import Lesson
from workshop.gradebook import Grade, Gradebook, score
from workshop.grader import memory_mb
from workshop.submission import Submission

Mark = Callable[[Submission], Marked]

LEAST_MB, OWN_MB = 100.0, 2_000.0
"""What a script takes at least, and what is left to the system and the grader."""


@dataclass
class Told:
    """One submission has its grade.

    `before` is true where it had it before; `returns` where another one of the same
    person and lesson has counted since, and this one counts again from now on.
    """

    grade: Grade
    before: bool = False
    returns: bool = False


@dataclass
class Run:
    """Grades what is due; `tell` hears of every submission as it ends."""

    terms: Terms
    gradebook: Gradebook
    again: bool = False
    tell: Callable[[Told], None] = field(default=lambda told: None)

    def grade(
        self,
        submissions: list[Submission],
        mark_all: Callable[[list[Submission]], Iterator[tuple[int, Marked]]],
    ) -> list[Grade]:
        """Return the grades, in the order in which they were ready.

        `mark_all` marks submissions and yields, as they come, the number of each in the
        list and what became of it. It is not asked where nothing is due.
        """
        grades, due = [], []
        for work in submissions:
            if grade := self._found(work):
                grades.append(grade)
                self.tell(Told(grade, before=True, returns=self._returns(grade)))
            else:
                due.append(work)
        for number, marked in mark_all(due) if due else ():
            grade = self._grade(due[number], marked)
            self.gradebook.record(grade, again=self.again)
            grades.append(grade)
            self.tell(Told(grade))
        return grades

    def _returns(self, grade: Grade) -> bool:
        """Let a grade of before count again where others came since; tell whether.

        Somebody may hand in again what they had handed in first.
        """
        newest = self._newest.get((grade.person, grade.lesson))
        if not newest or newest.key == grade.key:
            return False
        return self.gradebook.record(grade, again=True)

    @cached_property
    def _newest(self) -> dict[tuple[str, str], Grade]:
        return {(one.person, one.lesson): one for one in self.gradebook.latest()}

    def _found(self, work: Submission) -> Grade | None:
        if self.again:
            return None
        return self.gradebook.find(self.terms.key(work), work.person, work.name)

    def _grade(self, work: Submission, marked: Marked) -> Grade:
        lesson = self.terms.course.find(work.lesson)
        report = marked.report
        points, worth = score(report, lesson)
        return Grade(
            key=self.terms.key(work),
            person=work.person,
            lesson=lesson.stem,
            name=work.name,
            digest=work.digest,
            report=report,
            points=points,
            worth=worth,
            verified=not self.terms.trusted,
            limits={"seconds": report.limit_seconds, "memory_mb": memory_mb(lesson)},
            cost=marked.cost,
            grader=metadata.version("keras-workshop"),
            log=marked.log,
            created=report.created,
        )


def here(
    mark: Mark, jobs: int
) -> Callable[[list[Submission]], Iterator[tuple[int, Marked]]]:
    """Return a function that marks submissions in `jobs` threads of this process."""

    def mark_all(due: list[Submission]) -> Iterator[tuple[int, Marked]]:
        pool = ThreadPoolExecutor(jobs, thread_name_prefix="desk")
        waiting: dict[Future[Marked], int] = {}
        try:
            waiting = {pool.submit(mark, work): n for n, work in enumerate(due)}
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    return mark_all


def at_once(lessons: Iterable[Lesson]) -> int:
    """Return how many scripts to run at a time: one for each core, if memory allows."""
    if not hasattr(os, "sysconf"):
        return cores()
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**20
    each = max([LEAST_MB, *(lesson.memory_mb for lesson in lessons)])
    return max(1, min(cores(), int((machine - OWN_MB) / each)))


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
