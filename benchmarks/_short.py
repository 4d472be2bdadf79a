"""Workers that load this end a loop after seconds, where a lesson gives it a minute.

`dask worker --preload benchmarks._short`: to wait for a limit is not what is measured.
A lesson that needs longer keeps its limit, and none is scaled to the machine.
"""

from workshop import grader, pace

SECONDS = 3.0

grader.LEAST_SECONDS = SECONDS
pace.scale = lambda: 1.0  # type: ignore[assignment]
