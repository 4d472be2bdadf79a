"""A training whose cells, data and libraries have not changed is not repeated.

`Fits` stands before every `fit` of a script. Where the same training was kept, the
model, its optimizer and its history are brought to where that one ended; otherwise it
trains, and what it made is kept. Both ways then seed Python's, NumPy's and Keras's
random numbers from the key of the training, so what follows is the same either way and
no state of a generator has to be stored. Versions are compared by name, so that
whoever installed another library is told why it trains again.

A training that does not fit is never an error: it is said in one line, and the script
trains. The keys hold no path, no seed from outside and no name of a machine, so work
that was kept on one machine is found on another.
"""

from __future__ import annotations

import ast
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workshop.kept import handed, state, store
from workshop.kept.key import Cells, Incomparable, key_of, made_with
from workshop.kept.store import Note, Unfit
from workshop.kept.written import Written

Train = Callable[[], Any]


@dataclass(frozen=True)
class Plan:
    """One `fit` that can be kept: its key, its callbacks, its files, its place."""

    key: str
    callbacks: list[Any]
    written: Written
    path: Path


class Fits:
    """The trainings of one script, in the learner's folder and process.

    The environment says where trainings are kept (WORKSHOP_KEPT; without it none are),
    whether that folder may be read only (WORKSHOP_KEPT_ONLY_READ), whether to train
    afresh (WORKSHOP_RETRAIN), and which model was handed in (WORKSHOP_MODEL). `tell`
    sends a message to the grader.
    """

    def __init__(
        self,
        tell: Callable[[dict[str, Any]], None],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self.tell = tell
        self.cells = Cells()
        self.home = Path.cwd()
        self.environment = dict(environment)
        self.stem = self.environment.get("WORKSHOP_LESSON", "")
        self.model = self.environment.get("WORKSHOP_MODEL", "")
        self._busy = False

    def begin(self, statement: ast.stmt) -> None:
        """Count a statement of the script as begun."""
        self.cells.begin(statement)

    def run(self, model: Any, asked: Mapping[str, Any], train: Train) -> Any:
        """Return the history of one `fit`: handed in, kept, or made by `train`.

        `asked` are the arguments of `fit` by name. A `fit` within another, or in
        another thread, is a part of what surrounds it.
        """
        aside = threading.current_thread() is not threading.main_thread()
        if self._busy or aside:
            return train()
        self._busy = True
        try:
            cells = self.cells.next_fit()
            taken = self._taken(model, asked) if self.model else None
            return taken or self._kept_or_made(cells, model, asked, train)
        finally:
            self._busy = False

    def _taken(self, model: Any, asked: Mapping[str, Any]) -> Any:
        """Return the history of the model that was handed in; None where unfit."""
        try:
            state.ready(model, asked.get("x"))
            given = state.callbacks(model, asked.get("callbacks"))
            history = handed.take(model, handed.load(self.model), asked, given)
        except (Incomparable, Unfit) as error:
            say(f"The model that came along is not used here. {error}")
            self.tell({"fit": "refused model"})
            return None
        self.model = ""
        say("The weights are those of the model that came along: it is not trained.")
        self.tell({"fit": "model"})
        return history

    def _kept_or_made(
        self, cells: str, model: Any, asked: Mapping[str, Any], train: Train
    ) -> Any:
        plan = self._plan(cells, model, asked)
        if plan is None:
            history = train()
            self.tell({"fit": "trained"})
            return history
        history = self._kept(plan, model, asked)
        if history is None:
            history = train()
            self._keep(plan, model, history)
            self.tell({"fit": "refused kept" if self._came_along() else "trained"})
        _seed(plan.key)
        return history

    def _plan(self, cells: str, model: Any, asked: Mapping[str, Any]) -> Plan | None:
        """Return how a training is kept; None where it cannot be compared."""
        folder = self.environment.get("WORKSHOP_KEPT")
        if not folder:
            return None
        inputs = {name: value for name, value in asked.items() if name != "callbacks"}
        try:
            given = state.callbacks(model, asked.get("callbacks"))
            name = key_of(cells, inputs, self.home, self.environment)
            path = store.place(Path(folder), self.stem, name)
            return Plan(name, given, Written(given, self.home), path)
        except (Incomparable, OSError):
            return None

    def _kept(self, plan: Plan, model: Any, asked: Mapping[str, Any]) -> Any:
        """Return the history of a kept training, restored; None where there is none."""
        if self.environment.get("WORKSHOP_RETRAIN") or not plan.path.is_file():
            return None
        try:
            forms = state.ready(model, asked.get("x"))
            with store.opened(plan.path) as reader:
                note = _matching(reader.note, plan)
                arrays, files = state.read(reader, forms), reader.files()
                reader.finish()
            plan.written.put_back(files)
            history = state.restore(model, plan.callbacks, note, arrays)
        except (Incomparable, Unfit, OSError) as error:
            say(f"The kept training {plan.path.name} is not used. {error}")
            return None
        store.use(plan.path)
        if asked.get("verbose") != 0:
            count = f"{len(note.epochs)} epoch{'s' * (len(note.epochs) != 1)}"
            print(f"Kept from an earlier check: {count}, not trained again.")
        self.tell({"fit": "kept"})
        return history

    def _keep(self, plan: Plan, model: Any, history: Any) -> None:
        """Keep a training that has ended; where that fails, say so and go on."""
        if self.environment.get("WORKSHOP_KEPT_ONLY_READ"):
            return
        try:
            files = plan.written.collect()
            note = state.note(
                model,
                history,
                plan.callbacks,
                key=plan.key,
                versions=made_with(),
                files={name: len(data) for name, data in files.items()},
            )
            store.write(plan.path, note, state.arrays(model), files)
            store.tidy(plan.path.parent, self.stem)
        except (Incomparable, Unfit, OSError) as error:
            say(f"This training is not kept. {error}")

    def _came_along(self) -> bool:
        """Return whether trainings came with the script that is graded here."""
        folder = self.environment.get("WORKSHOP_KEPT", "")
        only_read = self.environment.get("WORKSHOP_KEPT_ONLY_READ")
        return bool(only_read and store.kept(Path(folder), self.stem))


def say(line: str) -> None:
    """Tell the learner what happens, beside what their script prints."""
    print(line, file=sys.stderr, flush=True)


def _matching(note: Note, plan: Plan) -> Note:
    """Return the note of a training that is the planned one; else Unfit says why."""
    if note.key != plan.key or len(note.callbacks) != len(plan.callbacks):
        raise Unfit("It is another training.")
    for name, here in made_with().items():
        there = note.versions.get(name, "missing")
        if there != here:
            raise Unfit(f"It was made with {name} {there}; here is {here}.")
    return note


def _seed(key: str) -> None:
    """Make what comes after a training the same, whether it was kept or not."""
    import keras

    keras.utils.set_random_seed(int(key[:8], 16))
