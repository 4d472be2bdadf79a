"""A diagnosis teaches: it accuses nobody, changes no verdict, and is silent in doubt.

It reads what checks have recorded, and asks for what learners know by usual names:
`model`, `read`, `x_train` and `x_test`. Whatever fails while it looks (no such name, no
answer, a value of another kind) is no finding.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from workshop.evidence import values
from workshop.recorder import Recorder
from workshop.results import percent

Ask = Callable[[dict[str, Any]], Any]

UNSEEN = ("test", "valid", "val", "validation")
PAIRS = 4  # of names are compared, whatever a script calls its variables
LONGEST = 40  # letters of a name that is looked at
LARGEST = 64 * 2**20  # bytes of an array that is looked at
ROWS = 100_000  # of training are compared
SAMPLE = 2_000  # unseen rows that are looked for among those of training
FEWEST = 50  # unseen rows of which a share says something
CHANCE = 0.1  # share of unseen items that may occur in training; headlines: 0.014
ASKED = 8  # items that a network is asked about twice
TOLERANCE = 1e-4  # of the largest answer, at least of 1
BINARY = "binary_accuracy"


def findings(recorder: Recorder, ask: Ask | None = None) -> tuple[str, ...]:
    """Return what can be learned from a training, each as one or two sentences.

    Without `ask` the figures alone speak, and nothing is asked of the learner's side.
    """
    scene = Scene(recorder, ask)
    found = []
    for look in (_constant, _flattered, _by_heart, _shared, _unsteady):
        with contextlib.suppress(Exception):
            found.append(look(scene))
    return tuple(filter(None, found))


@dataclass
class Scene:
    """What a diagnosis looks at: the figures, and the variables behind `ask`."""

    recorder: Recorder
    ask: Ask | None

    @cached_property
    def names(self) -> dict[str, None]:
        """The names of the learner's variables; none where they cannot be told."""
        with contextlib.suppress(Exception):
            if self.ask:
                names = map(str, self.ask({"do": "names"})["names"])
                return dict.fromkeys(n for n in names if len(n) <= LONGEST)
        return {}

    @cached_property
    def model(self) -> values.Model | None:
        """The learner's model."""
        with contextlib.suppress(Exception):
            found = self.get("model")
            return found if isinstance(found, values.Model) else None
        return None

    def get(self, name: str) -> Any:
        """Return the evidence called `name`, or None; raises as `values.stand_in`."""
        if not self.ask or name not in self.names:
            return None
        reply = values.described(self.ask({"do": "get", "name": name}), name)
        return values.stand_in(reply, name, self.ask)


def _constant(scene: Scene) -> str:
    """Tell of a network that answers the same to nearly everything."""
    answers = scene.recorder.shown
    if not answers:
        return ""
    columns = [sum(column) for column in zip(*answers.confusion, strict=True)]
    share = max(columns) / max(1, sum(columns))
    if share < 0.9 or len(columns) < 3:
        return ""
    name = answers.classes[columns.index(max(columns))]
    return (
        f"The answer is “{name}” for {share:.0%} of the unseen items: it has not "
        "learned to tell them apart. Look at the loss and at the learning rate."
    )


def _by_heart(scene: Scene) -> str:
    """Tell of accuracy that is far higher in training than on unseen items."""
    metrics, score = scene.recorder.metrics, scene.recorder.score
    names = [n for n in metrics if "acc" in n and not n.startswith("val_")]
    if not score or not names or names[0] in _flattering(scene):
        return ""
    training = metrics[names[0]][-1]
    if training - score.high < 0.05:
        return ""
    return (
        f"In training it was right for {training:.0%}, on unseen items for "
        f"{score.value:.0%}: part of what it learned holds for its examples only, "
        "or unseen items are prepared in another way."
    )


def _flattered(scene: Scene) -> str:
    """Tell of binary accuracy where each item belongs to one of many classes."""
    names, score = _flattering(scene), scene.recorder.score
    if not names:
        return ""
    said = (
        f"The metric is binary accuracy: it looks at each of the {_outputs(scene)} "
        "outputs alone, and for all but one of them “no” is right. "
    )
    reported = _reported(scene.recorder.metrics, names)
    if score and reported is not None:
        if reported <= score.high:
            return ""
        said += (
            f"So it reported {percent(reported)}, while {percent(score.value)} of the "
            "unseen items were named right. "
        )
    return said + 'With metrics=["accuracy"] each item counts once, right or wrong.'


def _flattering(scene: Scene) -> set[str]:
    """Return the names of metrics that count each output, where one of many is right.

    Among outputs that do not exclude each other binary accuracy is as it should be.
    """
    loss = (scene.model and scene.model.loss) or ""
    exclusive = scene.recorder.score or "categorical" in loss
    if not exclusive or _outputs(scene) <= 2:
        return set()
    for measure in scene.model.measures if scene.model else ():
        if measure["kind"] in (BINARY, "BinaryAccuracy"):
            return {BINARY, str(measure["settings"].get("name", BINARY))}
    return {BINARY} & scene.recorder.metrics.keys()


def _outputs(scene: Scene) -> int:
    """Return the number of outputs for an item; 0 where it is not known."""
    if scene.model:
        return (scene.model.output_shape or (0,))[-1] or 0
    return len(scene.recorder.shown.classes) if scene.recorder.shown else 0


def _reported(metrics: dict[str, tuple[float, ...]], names: set[str]) -> float | None:
    """Return the last value of one of the metrics, if possible in validation."""
    wanted = [prefix + name for prefix in ("val_", "") for name in sorted(names)]
    found = [metrics[name][-1] for name in wanted if metrics.get(name)]
    return found[0] if found else None


def _shared(scene: Scene) -> str:
    """Tell of rows that are both in a training set and in the set that tests it."""
    for training, unseen in islice(_pairs(scene.names), PAIRS):
        share = 0.0
        with contextlib.suppress(Exception):
            share = _share(scene, training, unseen)
        if share > CHANCE:
            return (
                f"{percent(share)} of `{unseen}` is in `{training}` too. A network can "
                "remember what it learned from, so only items that it did not learn "
                "from tell what it does with others: keep the two apart."
            )
    return ""


def _pairs(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield names such as x_train and x_test, or train_images and valid_images."""
    for training in names:
        if "train" in training:
            others = [training.replace("train", word) for word in UNSEEN]
            yield from ((training, other) for other in others if other in names)


def _share(scene: Scene, training: str, unseen: str) -> float:
    """Return the share of unseen rows that are rows of training, from 0 to 1.

    It is 0 where rows say too little to be told apart, as those of labels do.
    """
    rows = _hashes(scene.get(unseen))
    rows = rows[:: max(1, len(rows) // SAMPLE)]
    if len(rows) < FEWEST or len(set(rows)) < len(rows) / 2:
        return 0.0
    known = set(_hashes(scene.get(training)))
    return sum(row in known for row in rows) / len(rows)


def _hashes(value: Any) -> list[int]:
    """Return a hash of each row; [] for what has no rows, or more than are compared.

    A row is a text or an array; a number alone does not tell one item from another.
    """
    if isinstance(value, values.Large) or getattr(value, "nbytes", 0) > LARGEST:
        return []
    if not 0 < len(value) <= ROWS or not _is_row(value[0]):
        return []
    return [hash(row if isinstance(row, str) else row.tobytes()) for row in value]


def _is_row(value: Any) -> bool:
    return isinstance(value, str) or getattr(value, "ndim", 0) > 0


def _unsteady(scene: Scene) -> str:
    """Tell of a function `read`, or else of a model, that answers by chance."""
    for name, apart in (("read", _read), ("model.predict", _predict)):
        with contextlib.suppress(Exception):
            return _by_chance(name) if apart(scene) > TOLERANCE else ""
    return ""


def _by_chance(name: str) -> str:
    return (
        f"Asked twice about the same items, `{name}` gave two different answers. "
        "Dropout and random changes of pictures belong to training: in validation and "
        "in use, leave out training=True."
    )


def _read(scene: Scene) -> float:
    """Return how far two answers of `read` to the first test items are apart."""
    return _apart(scene.get("read"), scene.get("x_test")[:ASKED])


def _predict(scene: Scene) -> float:
    """Return how far two answers of the model to the same numbers are apart."""
    if not scene.model:
        return 0.0
    return _apart(scene.model.predict, _noise(scene.model.input_shape))


def _noise(shape: Any) -> Any:
    """Return random inputs, in turn from 0 to 255 and from 0 to 1.

    Raises where the shape without that of the batch is not known, or is too large.
    """
    import numpy as np

    if 4 * ASKED * math.prod(shape[1:]) > LARGEST:
        raise ValueError(f"inputs of shape {shape} are too large")
    given = np.random.default_rng(1).random((ASKED, *shape[1:]), np.float32)
    given[::2] *= 255
    return given


def _apart(function: Callable[[Any], Any], given: Any) -> float:
    """Return how far two answers to the same items are apart, asked in one batch.

    That is as a part of the largest answer, or of 1. Random layers treat each item of
    a batch in another way, and a second call would take as long as the first.
    """
    import numpy as np

    answers = function(np.concatenate([given, given]))
    if len(answers) != 2 * len(given):
        raise ValueError(f"{len(answers)} answers to {2 * len(given)} items")
    first, second = answers[: len(given)], answers[len(given) :]
    with np.errstate(all="ignore"):
        return float(np.abs(first - second).max() / max(1.0, np.abs(first).max()))
