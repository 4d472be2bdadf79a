"""Checks for lesson 7, sort the fruit.

Everything is the learner's here, so the checks look at what goes in and what comes
out: which photos train and which validate, what the base gets to see, what is learned
when, and how raw photos are sorted. The goal counts photos, by the largest answer.
"""

import numpy as np

from workshop import checks, transfer
from workshop.results import percent

SIX = 6


def photos_come_from_both_folders(train_photos, valid_photos, class_names, base=None):
    """TODO 1. Photos of six classes to train on, and others to validate with"""
    listed = isinstance(class_names, list | tuple | np.ndarray)
    known = list(class_names) if listed else []
    six = len(known) == SIX and all(isinstance(name, str) for name in known)
    assert six, (
        f"`class_names` should hold six names; found {class_names!r:.80}. The data set "
        "that Keras made of the folder has an attribute of this name."
    )
    own = getattr(train_photos, "class_names", None)
    assert own is None or _plain(known) == _plain(own), (
        f"`class_names` are {_plain(known)}, and Keras numbers the folders as "
        f"{_plain(own)}. Take the names from the data set that Keras made."
    )
    for name, dataset in {"train": train_photos, "valid": valid_photos}.items():
        transfer.sized(dataset, f"{name}_photos", base)
    pairs = transfer.whole(train_photos, "train_photos")
    pairs = pairs or transfer.batches(train_photos, "train_photos", 8)
    numbers = _numbers(np.concatenate([labels for _, labels in pairs]))
    assert len(np.unique(numbers)) == SIX, (
        f"There are {len(np.unique(numbers))} different labels among the training "
        "photos, and six folders. Leave `labels` as it comes, and shuffle."
    )
    transfer.no_copies(_small(valid_photos), transfer.thumbnails(pairs))


def photos_become_what_the_base_takes(prepare, base=None, model=None):
    """TODO 2. Photos become what VGG16 was trained with"""
    transfer.prepared(prepare, base, model)


def training_varies_its_photos(train, train_photos, valid_photos, model=None):
    """TODO 2. Training varies its own photos"""
    known = _small(train_photos)
    transfer.apart(train, known, _small(valid_photos))
    transfer.varied(train, known, model)


def validation_varies_nothing(validation, valid_photos):
    """TODO 2. Validation shows its photos as they were taken"""
    transfer.not_varied(validation, _small(valid_photos))


def the_base_starts_frozen(trainable, base, model):
    """TODO 3. At first the base keeps what it knows, and only the head learns"""
    transfer.frozen(base, trainable, model)


def six_outputs_for_six_classes(model, validation):
    """TODO 3. The head answers with one number for each class"""
    _outputs(model, validation)


def loss_and_metric_fit_the_labels(model, validation, history=None):
    """TODO 4. The loss fits labels and outputs, and the metric does not flatter"""
    loss = model.loss or ""
    assert "categorical" in loss, (
        f"The loss is {loss or 'missing'}. Six classes are categories: look for a loss "
        "with “categorical” in its name."
    )
    shares = checks.are_probabilities(_outputs(model, validation))
    assert not (shares and model.from_logits), (
        "The outputs are probabilities, but from_logits=True tells the loss that they "
        "are not. Leave it out where the last layer has softmax."
    )
    assert shares or model.from_logits, (
        "The loss takes probabilities, and the six outputs do not add up to 1. The "
        "last layer needs softmax."
    )
    names = [name for name in checks.metrics(history) if "binary" in name]
    assert not names, (
        f"The metric is {names[0]}. It asks six questions with yes or no, and whoever "
        "always says no is right in five of six. Ask for “accuracy”."
    )


def the_head_learns(history, report):
    """TODO 4. Training the head gets most of the validation photos right"""
    report.curves(history)
    metrics = checks.metrics(history)
    accuracy = checks.last(metrics, "acc", "val_")
    assert accuracy is not None, (
        "The history knows no accuracy in validation. Give `compile` the metric, and "
        "`fit` the validation data."
    )
    assert accuracy > 0.7, (
        f"Validation accuracy is {percent(accuracy)} after training the head; about "
        "90 % is usual. Look at the learning rate, at the number of epochs, and at "
        "what the base gets to see."
    )


def the_base_follows_by_small_steps(model, history, fine_history, moved):
    """TODO 5. Fine-tuning moves the base, and by small steps"""
    transfer.fine_tuned(model, history, fine_history, moved)


def sort_fruit_answers_raw_photos_as_taught(sort_fruit, model, train, validation):
    """TODO 6. `sort_fruit` gives six probabilities for raw photos, as in training"""
    for dataset in (validation, train):
        transfer.answers_as_taught(
            lambda photos: _sorted(sort_fruit, photos),
            lambda batch: checks.probabilities(model.predict(batch)),
            dataset,
        )


def sorts_fruit_it_has_never_seen(
    sort_fruit, class_names, sealed, goal, report, fine_history=None
):
    """It sorts {goal:.0%} of photos right that nobody has seen"""
    names = _plain(class_names)
    assert sorted(names) == sorted(sealed.classes), (
        f"`class_names` are {names}, the fruit are {list(sealed.classes)}."
    )
    found = _sorted(sort_fruit, sealed.images)
    answers = found[:, [names.index(name) for name in sealed.classes]]
    accuracy = report.answers(sealed, answers)
    seen = f"It sorted {percent(accuracy)} right; the goal is {percent(goal)}."
    assert accuracy >= goal, f"{seen} {_try(fine_history, accuracy)}"


def _plain(names):
    return [str(name).replace("_", " ") for name in names]


def _small(photos):
    return transfer.thumbnails(transfer.whole(photos, "the data set"))


def _numbers(labels):
    labels = np.asarray(labels)
    return labels.argmax(axis=1) if labels.ndim == 2 and labels.shape[1] > 1 else labels


def _outputs(model, validation):
    batch = transfer.batches(validation, "validation")[0][0]
    found = checks.array(model.predict(batch), "model.predict")
    assert found.shape == (len(batch), SIX), (
        f"For {len(batch)} photos the network answered with shape {found.shape}, not "
        f"({len(batch)}, 6). Pool the base's map, and end in six units."
    )
    return found


def _sorted(sort_fruit, photos):
    trouble = f"`sort_fruit` could not take raw photos of shape {photos.shape}."
    found = checks.answered(sort_fruit, photos, trouble)
    found = checks.array(found, "sort_fruit(photos)")
    assert found.shape == (len(photos), SIX), (
        f"For {len(photos)} photos `sort_fruit` answered with shape {found.shape}, not "
        f"({len(photos)}, 6). Return all six probabilities of each photo."
    )
    assert checks.are_probabilities(found), (
        f"The six numbers for one photo add up to {found[0].sum():.3g}; probabilities "
        "add up to 1. Softmax makes them so."
    )
    return found


def _try(fine_history, accuracy):
    metrics = checks.metrics(fine_history)
    training = checks.last(metrics, "acc")
    validation = checks.last(metrics, "acc", "val_")
    if validation is not None and validation - accuracy > 0.1:
        return (
            f"In validation it was right about {percent(validation)}: did it learn "
            "from those photos, too?"
        )
    if training is not None and training - accuracy > 0.05:
        return (
            f"In training it was right about {percent(training)}: it remembers its "
            "photos. Vary them more, in ways in which photos to come may differ."
        )
    return (
        "It can still learn more: fine-tune for more epochs, and let the rate reach 0 "
        "only at their end."
    )
