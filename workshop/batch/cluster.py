"""Many machines grade by the same desk; Dask says which does what, and nothing more.

Submissions travel as bytes of `evidence.wire`, results as JSON. Each worker makes its
own desk once, tries its own boxes, and keeps no result: what it has marked is recorded
by the process that asked. A worker that dies takes one submission with it, which Dask
gives to another. A machine that cannot grade says why and leaves the cluster. Two runs
on one cluster have a desk each.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from distributed import (
    Client,
    Future,
    KilledWorker,
    Reschedule,
    WorkerPlugin,
    as_completed,
    get_worker,
)

from workshop.batch import desk, orders
from workshop.batch.desk import TRIES, Desk, Marked
from workshop.batch.orders import Disconnected, Unfit
from workshop.box import canary, outer
from workshop.box.boxes import Boxes
from workshop.results import from_json, to_json
from workshop.submission import Submission, from_bytes

if TYPE_CHECKING:
    from workshop.batch.terms import Terms

AHEAD = 32
"""So many submissions are under way at least: what a lost client would send again."""
LEAVE_SECONDS = 1.0
PATIENCE = "20s"
NOBODY = (
    "No worker has joined this cluster. Start one on each machine, with: "
    "dask worker ADDRESS --nthreads 1"
)
GONE = (
    "The scheduler of the cluster is gone. Every result that came back is in the "
    "gradebook: start it again, and the same command goes on from there."
)
DEADLY = (
    "The workers that graded this were lost {tries} times. Grade it again when the "
    "cluster is quiet."
)
SETTINGS = (
    "Dask cannot ask Slurm for workers ({why}). Say what a job takes in "
    "~/.config/dask/jobqueue.yaml, as docs/scaling.md shows."
)


class DeskPlugin(WorkerPlugin):
    """One desk for each worker, made when it joins and closed when it leaves."""

    def __init__(self, message: bytes) -> None:
        self.message = message
        self.name = f"workshop-desk-{hashlib.sha256(message).hexdigest()[:16]}"

    async def setup(self, worker: Any) -> None:
        """Make the desk; where that fails, say why: Unfit.

        A machine that cannot grade leaves; another mishap has the worker begin anew.
        """
        self.stack = contextlib.ExitStack()
        self.desk: Desk | None = None
        try:
            self.desk = await asyncio.to_thread(
                self._desk, Path(worker.local_directory)
            )
        except Exception as error:
            await asyncio.to_thread(self.stack.close)
            why = str(error) or type(error).__name__
            said = f"The worker at {worker.address} cannot grade. {why}"
            worker.log_event(self.name, said)
            leaves = isinstance(error, Unfit)
            worker.loop.call_later(
                LEAVE_SECONDS, worker.close, nanny=leaves, reason=said
            )
            raise Unfit(said) from None

    async def teardown(self, worker: Any) -> None:
        await asyncio.to_thread(self.stack.close)

    def _desk(self, place: Path) -> Desk:
        from workshop.batch.terms import needs_keras

        if why := outer.problem():
            raise Unfit(why)
        course = self.stack.enter_context(tempfile.TemporaryDirectory(dir=place))
        terms = orders.unpack(self.message, Path(course))
        lent = self.stack.enter_context(desk.shelf_for(terms, place))
        keras = needs_keras(terms.course, terms.choices)
        boxes = self.stack.enter_context(Boxes((lent,), keras=keras))
        broken = [sign for sign in canary.watch(boxes) if not sign.holds]
        if broken:
            raise Unfit(f"Boxes do not hold on this machine: {broken[0].claim}.")
        return self.stack.enter_context(Desk(terms, boxes, lent))


def desk_of(worker: Any, plugin: str) -> Desk | None:
    """Return the desk of a worker for one run, or None where it has none."""
    return getattr(worker.plugins.get(plugin), "desk", None)


def mark(plugin: str, message: bytes) -> bytes:
    """Mark one submission, on a worker; one without a desk leaves it to others."""
    found = desk_of(get_worker(), plugin)
    if found is None:
        raise Reschedule
    return packed(found.mark(from_bytes(message)))


def packed(marked: Marked) -> bytes:
    """Return what became of a submission, as JSON."""
    made = {"report": to_json(marked.report), "cost": marked.cost, "log": marked.log}
    return json.dumps(made).encode()


class Cluster:
    """A Dask cluster that grades under some terms; close it, or use it in `with`.

    Unfit where no worker can. `tell` hears why a worker cannot, also of later ones.
    """

    def __init__(
        self,
        client: Client,
        terms: Terms,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.client = client
        self.terms = terms
        plugin = DeskPlugin(orders.pack(terms))
        self.plugin = plugin.name
        client.subscribe_topic(plugin.name, lambda event: tell(event[1]))
        why = NOBODY
        try:
            client.register_plugin(plugin)
        except Unfit as error:
            why = str(error)
        desks = client.run(_has_desk, plugin.name, on_error="ignore")
        if not any(desks.values()):
            self.close()
            raise Unfit(why)

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the desks of this run; the workers stay."""
        self.client.unsubscribe_topic(self.plugin)
        with contextlib.suppress(OSError):  # the cluster may be gone already
            self.client.unregister_worker_plugin(self.plugin)

    def mark_all(self, due: list[Submission]) -> Iterator[tuple[int, Marked]]:
        """Yield number and result of each submission, as they come.

        Few are under way at a time, so that a large class needs no large memory.
        Disconnected where the scheduler is lost.
        """
        numbers = iter(range(len(due)))
        running: dict[Future, int] = {}
        deaths: Counter[int] = Counter()
        done = as_completed(loop=self.client.loop)

        def send(number: int) -> None:
            message = due[number].to_bytes()
            future = self.client.submit(mark, self.plugin, message, pure=False)
            running[future] = number
            done.add(future)

        for number in _some(numbers, max(AHEAD, 2 * self._threads())):
            send(number)
        for future in done:
            number = running.pop(future)
            try:
                marked = _received(future)
            except KilledWorker:
                deaths[number] += 1
                if deaths[number] < TRIES:
                    send(number)
                    continue
                marked = self._given_up(due[number])
            yield number, marked
            for following in _some(numbers, 1):
                send(following)

    def _threads(self) -> int:
        return sum(self.client.nthreads().values())

    def _given_up(self, work: Submission) -> Marked:
        lesson = self.terms.course.find(work.lesson)
        report = desk.ours(work, lesson, DEADLY.format(tries=TRIES))
        return Marked(report, {"wall_seconds": 0.0})


def connect(address: str) -> Client:
    """Return a client of a running scheduler; Unfit where none answers."""
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Unfit(
            f"No scheduler of Dask answers at {address} ({error}). Start one with: "
            "dask scheduler"
        ) from None


@contextlib.contextmanager
def slurm(workers: int) -> Iterator[Client]:
    """Give a client of workers that Slurm starts, by the site's own Dask settings.

    It comes with the first of them; Unfit where the settings do not say what a job is.
    """
    from dask_jobqueue import SLURMCluster

    with contextlib.ExitStack() as stack:
        try:
            cluster = stack.enter_context(SLURMCluster())
        except (ValueError, OSError, RuntimeError) as error:
            raise Unfit(SETTINGS.format(why=error)) from None
        cluster.scale(workers)
        client = stack.enter_context(Client(cluster, set_as_default=False))
        client.wait_for_workers(1)
        yield client


def _has_desk(plugin: str, dask_worker: Any) -> bool:
    return desk_of(dask_worker, plugin) is not None


def _received(future: Future) -> Marked:
    """Return what a worker found; KilledWorker, or Disconnected."""
    try:
        answer = json.loads(future.result())
    except CancelledError:
        raise Disconnected(GONE) from None
    return Marked(from_json(answer["report"]), answer["cost"], answer["log"])


def _some(numbers: Iterator[int], count: int) -> Iterator[int]:
    for _ in range(count):
        with contextlib.suppress(StopIteration):
            yield next(numbers)
            continue
        return
