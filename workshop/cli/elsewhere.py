"""Other machines grade where an option names them; secret and gradebook stay here.

What they may not do is run anything without a box, so `--trust` and other machines
exclude each other.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from workshop import cli
from workshop.cli.session import Refused, Session

if TYPE_CHECKING:
    from workshop.batch.desk import Marked
    from workshop.batch.terms import Terms
    from workshop.submission import Submission

    MarkAll = Callable[[list[Submission]], Iterator[tuple[int, Marked]]]

DASK = ("dask", "distributed", "dask_jobqueue")
MISSING = (
    "Grading on other machines needs Dask, here and on each of them: "
    'pip install "keras-workshop[grade]"'
)


def refuse(address: str | None, workers: int | None, here: dict[str, bool]) -> None:
    """Refuse options that contradict each other; `here` are those of this machine."""
    if address and workers:
        raise Refused("--cluster and --slurm name two clusters. Leave one out.")
    given = [name for name, value in here.items() if value]
    if (address or workers) and given:
        option = "--cluster" if address else "--slurm"
        raise Refused(
            f"{given[0]} is about this machine, and with {option} others grade. "
            "Leave one of the two out."
        )


@contextlib.contextmanager
def marking(
    session: Session, terms: Terms, address: str | None, workers: int | None
) -> Iterator[MarkAll]:
    """Give the function that marks submissions on a cluster."""
    with _explained(), contextlib.ExitStack() as stack:
        from workshop.batch import cluster

        if workers:
            session.tell("Waiting for the first worker that Slurm starts …", dim=True)
            client = stack.enter_context(cluster.slurm(workers))
        else:
            client = stack.enter_context(cluster.connect(address or ""))
        session.tell("Trying to break out of a box on each worker …", dim=True)
        made = cluster.Cluster(
            client, terms, lambda why: session.tell(why, fg="yellow")
        )
        with made:
            yield made.mark_all


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    from workshop.batch.orders import Disconnected, Unfit

    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] in DASK:
            raise Refused(MISSING, cli.CANNOT_WORK) from None
        raise
    except (Unfit, Disconnected) as error:
        raise Refused(str(error), cli.CANNOT_WORK) from None
