"""Checks for lesson 4a, teach with pictures nobody took.

What the layers are called does not matter: what becomes of pictures, in training, in
validation and in use, is looked at. Random layers may stand in the training set or
in front of the network. Scales and contrasts are the learner's, so pictures are
compared by correlation. A mirrored letter is the same letter by another hand: whether
it pays is left to the goal.
"""

import numpy as np

from workshop import checks, classifying, likeness
from workshop.results import percent

VARIANTS = 96
FEW = 0.1  # share of pictures in which a strange turn may be a misreading of ours


def every_choice_has_a_reason(chosen):
    """TODO 1. Every transform that was chosen has its reason"""
    pairs = chosen if isinstance(chosen, dict) else {}
    assert pairs, (
        "`chosen` is no dict with transforms in it. Write pairs of name and reason, "
        'such as {"moved": "a hand is seldom in the middle"}.'
    )
    for name, reason in pairs.items():
        words = reason.split() if isinstance(reason, str) else ()
        assert len(words) >= 2, (
            f"The reason for “{name}” is “{reason}”. Say in a few words why the letter "
            "stays the same, and where such a hand may come from."
        )


def the_layers_follow_one_another(augmentation):
    """TODO 2. A picture goes through all layers and keeps its size"""
    layers = getattr(augmentation, "layers", None)
    assert layers is not None or hasattr(augmentation, "parameters"), (
        "`augmentation` cannot be called with pictures. Make it a keras.Sequential of "
        "the layers that you chose."
    )
    assert layers is None or checks.flat(layers), (
        "There is no layer in `augmentation`. Take them from `candidates`, by name."
    )
    given = checks.pictures(channels=1)
    ask = augmentation.predict if layers is not None else augmentation
    shape = checks.array(ask(given), "augmentation").shape
    assert shape == given.shape, (
        f"Pictures of shape {given.shape} came back with shape {shape}. Leave out what "
        "changes their size: the network takes one size only."
    )


def the_letter_stays_the_same(vary):
    """TODO 3. The letter stays the letter that it was"""
    given = np.repeat(likeness.letter(), VARIANTS, axis=0)
    varied, _ = _pair(vary, given, np.arange(VARIANTS))
    spread = varied.std(axis=(1, 2, 3))
    flat = np.mean(spread <= 0.25 * spread.max())
    assert flat < FEW, (
        f"In {percent(flat)} of the pictures next to nothing is left "
        "to see. Narrow the limits; and brightness is counted in grey levels from 0 to "
        "255 unless `value_range` says otherwise."
    )
    poses = [likeness.pose(one) for one in varied]
    turned = np.mean([abs(angle) > 60 and not mirrored for angle, mirrored in poses])
    fallen = np.mean([abs(angle) > 60 and mirrored for angle, mirrored in poses])
    assert turned < FEW, (
        f"{percent(turned)} of the pictures are turned by more than 60 degrees. A U "
        "turned by a quarter is an H: tilt the hand, and do not turn it."
    )
    assert fallen < FEW, (
        f"{percent(fallen)} of the pictures are upside down. Nobody signs like that, "
        "and a hand that points down is another letter."
    )


def pictures_vary_and_labels_stay(vary):
    """TODO 3. `vary` varies pictures, and each label stays beside its own"""
    given = checks.pictures(24, channels=1).astype(np.float32)
    numbers = np.arange(len(given))
    first, labels = _pair(vary, given, numbers)
    second, _ = _pair(vary, given, numbers)
    assert np.array_equal(np.ravel(labels), numbers), (
        "The labels came back changed, or in another order. Return them as they came."
    )
    assert likeness.differ(first, second) > 0.2, (
        "The pictures came back as they were. Call "
        "`augmentation` with training=True; random layers rest where it is False."
    )
    owners = [[likeness.owner(given, one) for one in each] for each in (first, second)]
    assert np.mean(owners == numbers) > 0.15, (
        "Few pictures are still the picture that they were: they changed places, or "
        "are beyond recognition. Leave their order alone, and narrow the limits."
    )


def training_never_shows_a_picture_twice(train, x_train, model=None):
    """TODO 4. No picture comes twice in training, also not in another epoch"""
    shown = _pictures(train.take(2), "train")
    copies = likeness.copies(shown, x_train)
    if model is not None and _varies_by_itself(model):
        assert copies > 0.5, (
            "The training set varies its pictures, and the network varies them again. "
            "Do it in one place."
        )
        return
    assert copies < 0.5, (
        f"{percent(copies)} of the first training pictures are as they were taken, or "
        "differ in brightness alone. Is `vary` mapped over the training set, and does "
        "one of your transforms move the hand?"
    )
    epoch = min(len(x_train) // max(1, len(shown) // 2) + 1, 2_000)
    whole = _pictures(train.take(epoch), "train")
    again = likeness.copies(_pictures(train.take(2), "train"), whole)
    assert again < 0.5, (
        "The same varied pictures come back in the next epoch. Map `vary` after any "
        "`cache`, so that every epoch varies anew."
    )


def validation_stays_as_it_is(validation, x_test):
    """TODO 5. Validation is never varied"""
    shown = _pictures(validation.take(2), "validation")
    again = _pictures(validation.take(2), "validation")
    copies = likeness.copies(shown, x_test)
    assert copies > 0.99, (
        f"Only {percent(copies)} of the validation pictures are test pictures as they "
        "were taken. Validation stands for hands that nobody varies: leave `vary` out, "
        "and take the test pictures."
    )
    assert likeness.copies(again, x_test) > 0.99, (
        "Validation differs each time it is read. Leave out all that is random."
    )


def the_best_weights_are_kept(model, validation, history, file=None):
    """TODO 6. What is kept is the best epoch, not the last"""
    metrics = checks.metrics(history)
    reached = metrics.get("val_accuracy", ())
    assert len(reached), (
        "The history knows no validation accuracy, so no epoch can be called the best."
    )
    least = min(checks.worth_keeping(metrics)) - 0.004
    kept = _accuracy(model.predict, validation)
    if kept <= least and hasattr(file, "run"):
        kept = max(kept, _accuracy(file.run, validation))
    assert kept > least, (
        f"In validation, epoch {int(np.argmax(reached)) + 1} was right for "
        f"{max(reached):.1%}, but the weights at the end are right for {kept:.1%}. Let "
        "the callback watch `val_accuracy`, let it restore the best weights, and give "
        "it to `fit`."
    )


def the_file_holds_the_best_model(file, validation, model):
    """TODO 7. The file alone, in a process of its own, answers as well"""
    run = getattr(file, "run", None)
    assert run, "`file` names no model. Does `model.save` write to this path?"
    given = checks.array(validation.take(1)[0][0], "validation")
    if np.abs(run(given) - model.predict(given)).max() < 1e-3:
        return
    kept, own = _accuracy(run, validation), _accuracy(model.predict, validation)
    assert kept > own, (
        f"The file is right for {kept:.1%} of the validation pictures, your model for "
        f"{own:.1%}. Save the model after its training."
    )


def validation_shows_what_was_learned(history, report):
    """Validation rises, and training does not run ahead of it"""
    report.curves(history)
    metrics = checks.metrics(history)
    training, validation = metrics.get("accuracy"), metrics.get("val_accuracy")
    known = training and validation
    assert known, (
        "The history knows no accuracy in training and in validation. Leave `metrics` "
        "and `validation_data` as they were."
    )
    assert len(training) == 1 or max(validation) > 0.6, (
        f"The best validation accuracy is {percent(max(validation))}. Does each "
        "picture still stand beside its own label, and could you read them all?"
    )
    assert training[-1] - max(validation) < 0.15, (
        f"Training ends at {percent(training[-1])}, and validation reached "
        f"{percent(max(validation))}: the network still remembers its pictures. Vary "
        "more: are all the layers at work that you chose?"
    )


def read_takes_raw_images(read):
    """`read` takes raw pictures, varies nothing, and gives 24 probabilities for each"""
    images = checks.pictures()
    trouble = f"`read` could not take raw pictures of shape {images.shape}."
    answers = checks.array(checks.answered(read, images, trouble), "read(images)")
    assert answers.shape == (len(images), 24), (
        f"For {len(images)} pictures `read` answered with shape {answers.shape}, not "
        f"({len(images)}, 24)."
    )
    assert checks.are_probabilities(answers), (
        f"The numbers for one picture add up to {answers[0].sum():.3g}; probabilities "
        "add up to 1."
    )
    again = checks.array(read(images), "read(images)")
    assert np.abs(again - answers).max() < 1e-3, (
        "Asked twice about the same pictures, `read` answers differently: it varies "
        "them. In use, call `model.predict`, and leave `vary` out."
    )


def reads_hands_it_has_never_seen(read, sealed, goal, report, history=None):
    """The network reads {goal:.0%} of the signs it has never seen"""
    answers = read(sealed.images)
    accuracy = report.answers(sealed, answers)
    more = "more epochs, or narrower limits"
    classifying.reaches(goal, accuracy, answers, history, more)


def _pair(vary, images, labels):
    """Return what `vary` makes of images and labels, as arrays."""
    made = vary(images, labels)
    pair = isinstance(made, tuple | list) and len(made) == 2
    assert pair, (
        "`vary` gives no pair. Return the varied images, a comma, and the labels."
    )
    varied = checks.array(made[0], "vary(images, labels)").astype(np.float64)
    assert varied.shape == images.shape, (
        f"`vary` made shape {varied.shape} of images of shape {images.shape}."
    )
    return varied, checks.array(made[1], "vary(images, labels)")


def _pictures(batches, name):
    """Return the pictures of batches of pairs, (n, pixels)."""
    pairs = len(batches) and isinstance(batches[0], tuple | list)
    assert pairs, f"`{name}` gives no batches of images and labels."
    images = [checks.array(pair[0], name) for pair in batches]
    assert images[0].ndim > 3, (
        f"The first thing in `{name}` has shape {images[0].shape}. Put the pairs in "
        "batches."
    )
    return np.concatenate([each.reshape(len(each), -1) for each in images])


def _varies_by_itself(model):
    return any(layer.kind.startswith("Random") for layer in checks.flat(model.layers))


def _accuracy(predict, validation):
    """Return the share of all validation pictures for which `predict` is right."""
    pairs = validation.take(1_000)
    images = np.concatenate([checks.array(pair[0], "validation") for pair in pairs])
    labels = np.concatenate([np.ravel(pair[1]) for pair in pairs])
    return np.mean(checks.array(predict(images), "predict").argmax(axis=1) == labels)
