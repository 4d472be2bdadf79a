"""Many machines grade by the same desk; Dask says which does what, and nothing more.

Submissions travel as bytes of `evidence.wire`, results as JSON. Each worker makes its
own desk once, tries its own boxes, and keeps no result: what it has marked is recorded
by the process that asked. A worker that dies takes one submission with it, which Dask
gives to another.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from distributed import Client, KilledWorker, WorkerPlugin, as_completed, get_worker

from workshop.batch import desk, orders
from workshop.batch.desk import Desk, Marked
from workshop.batch.terms import Terms
from workshop.box import canary, outer
from workshop.box.boxes import Boxes
from workshop.results import from_json, to_json
from workshop.submission import Submission, from_bytes

AHEAD = 32
"""So many submissions are under way at least: what a lost client would send again."""


class Unfit(Exception):
    """A worker cannot grade: one sentence says why, and what to do."""


class DeskPlugin(WorkerPlugin):
    """One desk for each worker, made when it joins and closed when it leaves."""

    name = "workshop-desk"

    def __init__(self, message: bytes) -> None:
        self.message = message

    def setup(self, worker: Any) -> None:
        """Make the desk; Unfit where boxes do not hold on this machine."""
        self.stack = contextlib.ExitStack()
        try:
            self.desk = self._desk()
        except BaseException:
            self.stack.close()
            raise

    def teardown(self, worker: Any) -> None:
        self.stack.close()

    def _desk(self) -> Desk:
        if why := outer.problem():
            raise Unfit(why)
        place = self.stack.enter_context(tempfile.TemporaryDirectory())
        terms = orders.unpack(self.message, Path(place))
        lent = self.stack.enter_context(desk.shelf_for(terms))
        boxes = self.stack.enter_context(Boxes((lent,)))
        broken = [sign for sign in canary.watch(boxes) if not sign.holds]
        if broken:
            raise Unfit(f"Boxes do not hold on this machine: {broken[0].claim}.")
        return Desk(terms, boxes, lent)


def mark(message: bytes) -> bytes:
    """Mark one submission, on a worker."""
    marked = get_worker().plugins[DeskPlugin.name].desk.mark(from_bytes(message))
    made = {"report": to_json(marked.report), "cost": marked.cost, "log": marked.log}
    return json.dumps(made).encode()


class Cluster:
    """A Dask cluster that grades under some terms; close it, or use it in `with`."""

    def __init__(self, client: Client, terms: Terms) -> None:
        self.client = client
        self.client.register_plugin(DeskPlugin(orders.pack(terms)))

    def mark_all(self, due: list[Submission]) -> Iterator[tuple[int, Marked]]:
        """Yield number and result of each submission, as they come.

        Few are under way at a time, so that a large class needs no large memory.
        """
        numbers = iter(range(len(due)))
        running: dict[str, int] = {}
        done = as_completed()

        def send(number: int) -> None:
            future = self.client.submit(mark, due[number].to_bytes(), pure=False)
            running[future.key] = number
            done.add(future)

        for number in _some(numbers, max(AHEAD, 2 * self._threads())):
            send(number)
        for future in done:
            number = running.pop(future.key)
            try:
                answer = json.loads(future.result())
            except KilledWorker:  # too many workers died with it; the work itself may
                send(number)
                continue
            report = from_json(answer["report"])
            yield number, Marked(report, answer["cost"], answer["log"])
            for following in _some(numbers, 1):
                send(following)

    def _threads(self) -> int:
        return sum(self.client.nthreads().values())


def connect(address: str) -> Client:
    """Return a client of a running scheduler; OSError where none answers."""
    return Client(address, timeout="20s", set_as_default=False)


@contextlib.contextmanager
def slurm(workers: int) -> Iterator[Client]:
    """Give a client of workers that Slurm starts, by the site's own Dask settings."""
    from dask_jobqueue import SLURMCluster

    with SLURMCluster() as cluster, Client(cluster, set_as_default=False) as client:
        cluster.scale(jobs=workers)
        client.wait_for_workers(1)
        yield client


def _some(numbers: Iterator[int], count: int) -> Iterator[int]:
    for _ in range(count):
        with contextlib.suppress(StopIteration):
            yield next(numbers)
            continue
        return
