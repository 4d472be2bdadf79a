"""Checks for lesson 5b, let in one dog only.

A head may end in a score, in a probability or in two of them; photos may be varied and
prepared in the data sets or in the network. What counts is that training and use see
the same photos, that the base starts frozen and ends nearly as it was, and which
photos of dogs nobody has seen are taken for ours.
"""

from dataclasses import replace

import numpy as np

from workshop import checks, transfer
from workshop.results import percent

LOSSES = ("binary_crossentropy", "binary_focal_crossentropy")


def photos_become_what_the_base_takes(prepare, base=None, model=None):
    """TODO 1. Photos become what VGG16 was trained with"""
    transfer.prepared(prepare, base, model)


def training_varies_its_photos(train, train_photos, valid_photos, model=None):
    """TODO 2. Training varies its own photos"""
    known = _small(train_photos)
    others = _small(valid_photos)
    transfer.apart(train, known, others)
    transfer.varied(train, known, model)


def validation_varies_nothing(validation, valid_photos):
    """TODO 2. Validation shows its photos as they were taken"""
    transfer.not_varied(validation, _small(valid_photos))


def the_base_starts_frozen(base, trainable=None, model=None):
    """TODO 3. At first the base keeps what it knows, and only the head learns"""
    transfer.frozen(base, trainable, model)


def one_score_says_whether_it_is_ours(model, validation):
    """TODO 4. The head ends in one score that depends on the photo"""
    outputs = _outputs(model, validation)
    assert outputs.shape[1] <= 2, (
        f"For one photo the network answers with {outputs.shape[1]} numbers. The score "
        "is one number: a dense layer of a single unit."
    )
    assert np.ptp(outputs, axis=0).max() > 1e-6, (
        f"The network answers {outputs[0, 0]:g} to every photo. Softmax divides a "
        "number by the sum of all outputs, and a single one is then always 1: leave "
        "the activation out."
    )


def the_loss_fits_the_score(model, validation):
    """TODO 5. The loss fits what the network answers"""
    outputs = _outputs(model, validation)
    loss = model.loss or ""
    two = outputs.shape[1] == 2
    assert not two or "categorical" in loss, (
        f"The loss {loss} does not fit two outputs."
    )
    assert two or loss in LOSSES, (
        f"The loss is {loss or 'missing'}. For a question with two answers it is the "
        "binary crossentropy."
    )
    shares = _ends_in_probabilities(model)
    assert not (shares and model.from_logits), (
        "The last layer makes probabilities, but from_logits=True says that it does "
        "not. Leave the activation out, or from_logits."
    )
    assert shares or model.from_logits, (
        "The network answers with scores, and the loss takes them for probabilities. "
        "Tell it with from_logits=True that they are logits."
    )


def the_metric_counts_from_the_right_score_on(model, validation):
    """TODO 5. The metric counts an answer as yes from the right score on"""
    assert model.measures, "There is no metric. Give `compile` a list with one in it."
    if _outputs(model, validation).shape[1] == 2:
        return
    middle = 0.5 if _ends_in_probabilities(model) else 0
    found = [_threshold(measure) for measure in model.measures]
    wrong = [threshold for threshold in found if threshold not in (None, middle)]
    assert not wrong, (
        f"The metric counts an answer as yes from {wrong[0]:g} on. Which score stands "
        f"between yes and no? Your network ends in "
        f"{'probabilities: 0.5' if middle else 'scores: 0'}."
    )


def the_base_follows_by_small_steps(model, history, fine_history, moved):
    """TODO 6. Fine-tuning moves the base, and by small steps"""
    transfer.fine_tuned(model, history, fine_history, moved)


def is_ours_answers_raw_photos_as_taught(is_ours, model, train, validation):
    """TODO 7. `is_ours` answers raw photos with probabilities, as in training"""
    logits = not _ends_in_probabilities(model)
    for dataset in (validation, train):
        transfer.answers_as_taught(
            lambda photos: _yes(is_ours, photos),
            lambda batch: _probability(checks.array(model.predict(batch), "m"), logits),
            dataset,
        )


def the_head_learns_from_few_photos(history, scratch_history, report):
    """The pre-trained network is right more often than one from scratch"""
    report.curves(history)
    own, other = (_best(history), _best(scratch_history))
    assert own > 0.8, (
        f"The best validation accuracy is {percent(own)}; above 80 % is usual. Are the "
        "photos prepared, and does each answer still stand beside its photo?"
    )
    assert own > other + 0.05, (
        f"From scratch the validation accuracy reached {percent(other)}, with the "
        f"pre-trained base {percent(own)}. It should be well ahead: is the base frozen "
        "while the head is trained?"
    )


def tells_our_dog_from_all_others(is_ours, sealed, goal, report, fine_history=None):
    """It is right about {goal:.0%} of photos that it has never seen"""
    ours = _yes(is_ours, sealed.images)
    truth = (sealed.labels == sealed.classes.index("ours")).astype(int)
    question = replace(sealed, labels=truth, classes=("not ours", "ours"))
    accuracy = report.answers(question, np.stack([1 - ours, ours], axis=1))
    seen = f"It was right about {percent(accuracy)}; the goal is {percent(goal)}."
    letting = f"It took {np.mean(ours > 0.5):.0%} of all photos for ours."
    assert accuracy >= goal, f"{seen} {letting} {_try(fine_history, accuracy)}"


def _small(photos):
    return transfer.thumbnails(transfer.whole(photos, "the data set"))


def _outputs(model, validation):
    batch = transfer.batches(validation, "validation")[0][0]
    found = checks.array(model.predict(batch), "model.predict")
    return found.reshape(len(found), -1)


def _ends_in_probabilities(model):
    for layer in reversed(checks.flat(model.layers)):
        activation = layer.settings.get("activation")
        if layer.kind in ("Softmax", "Sigmoid") or activation in ("sigmoid", "softmax"):
            return True
        if layer.kind == "Dense":
            return False
    return False


def _threshold(measure):
    """Return from which output on a metric counts yes; None where that is unknown."""
    if measure["kind"] in ("accuracy", "acc", "binary_accuracy", "BinaryAccuracy"):
        return measure["settings"].get("threshold", 0.5)
    return None


def _probability(outputs, logits):
    """Return the probability of yes, (n,), from outputs (n, 1) or (n, 2)."""
    if outputs.ndim == 2 and outputs.shape[1] == 2:
        return checks.probabilities(outputs)[:, 1]
    outputs = outputs.reshape(len(outputs)).astype(float)
    return 1 / (1 + np.exp(-outputs)) if logits else outputs


def _yes(is_ours, photos):
    trouble = f"`is_ours` could not take raw photos of shape {photos.shape}."
    found = checks.array(checks.answered(is_ours, photos, trouble), "is_ours(photos)")
    assert found.size == len(found) == len(photos), (
        f"For {len(photos)} photos `is_ours` answered with shape {found.shape}. Return "
        "one number for each photo."
    )
    shares = found.dtype.kind == "f" and found.min() >= 0 and found.max() <= 1
    assert shares, (
        f"The answers go from {found.min():.3g} to {found.max():.3g}. They are scores "
        "or decisions; the sigmoid of a score is a probability."
    )
    return found.reshape(len(found)).astype(float)


def _best(history):
    values = checks.metrics(history)
    names = [name for name in values if "acc" in name and name.startswith("val_")]
    found = values[names[0]] if names else ()
    assert len(found), (
        "The history knows no validation accuracy. Give `fit` the validation data, and "
        "`compile` a metric."
    )
    return max(found)


def _try(fine_history, accuracy):
    validation = checks.last(checks.metrics(fine_history), "acc", "val_")
    if validation is not None and validation - accuracy > 0.1:
        return (
            f"In validation it was right about {percent(validation)}: did it learn "
            "from those photos, too?"
        )
    return "Try more epochs for the head, or fine-tune for longer."
