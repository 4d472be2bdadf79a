"""Checks for lesson 4b, put the network to work.

A photo of any size has to become what the network was trained on; how is the
learner's. Exported files are asked in a process that has nothing but the file.
"""

import json
from dataclasses import replace

import numpy as np

from workshop import checks
from workshop.results import percent
from workshop.serve import protocol
from workshop.serve.tensors import Signature, Tensor
from workshop.serve.values import Fault

LETTERS = tuple("ABCDEFGHIKLMNOPQRSTUVWXY")
UNSURE = "don't know"
SAMPLES = 32
PICTURES = Signature((Tensor("pictures", "float32", (-1, 28, 28, 1)),), ())


def the_model_is_in_memory(model):
    """TODO 1. The model is loaded, with its weights"""
    assert hasattr(model, "predict"), (
        "`model` cannot predict anything. Keras loads a model from the path of a file."
    )
    given = checks.pictures(4, channels=1)
    answers = checks.array(model.predict(given), "model.predict")
    assert answers.shape == (4, 24), (
        f"For 4 grey squares of 28×28 the model answered with shape {answers.shape}, "
        "not (4, 24). Is this the file of a network that reads signs?"
    )
    assert checks.are_probabilities(answers), (
        f"The numbers for one picture add up to {answers[0].sum():.3g}; probabilities "
        "add up to 1."
    )


def a_hand_is_not_squeezed(square):
    """TODO 2. A photo becomes a square, and a hand keeps its shape"""
    for height, width in ((96, 150), (171, 80), (64, 64)):
        photo = _disc(height, width)
        made = checks.array(square(photo), "square(photo)")
        assert made.shape[:2] == (made.shape[0],) * 2, (
            f"Of a photo of {height} by {width} pixels, `square` made one of "
            f"{made.shape[0]} by {made.shape[1]}. Cut both sides down to the shorter: "
            "first the rows, from `top` on, then the columns, from `left` on."
        )
        assert made.ndim == 3, (
            f"`square` made shape {made.shape}. Leave the colours: cut rows, columns."
        )
        y, x = np.nonzero(made[..., 0] > 128)
        assert len(y), "What is in the middle of the photo was cut away. Where is it?"
        wide, middle = np.ptp(x) / np.ptp(y), (made.shape[0] - 1) / 2
        off = np.hypot(x.mean() - middle, y.mean() - middle) / len(made)
        assert off < 0.04, (
            f"What was in the middle of the photo now stands {percent(off)} of the "
            "side away from it. Cut as much on one side as on the other."
        )
        assert 0.9 < wide < 1.1, "A round thing came out squeezed. Cut, do not resize."


def new_pixels_are_means_of_old_ones(prepare, model):
    """TODO 3. A photo becomes 28 by 28 grey pixels, each the mean of many"""
    blots = checks.pictures(1)[0]
    photo = np.kron(blots, np.ones((10, 10)))[..., None].repeat(3, axis=2)
    noise = np.random.default_rng(3).normal(0, 60, photo.shape[:2])[..., None]
    photo = np.clip(photo * 0.6 + 50 + noise, 0, 255).astype(np.uint8)
    made = checks.array(prepare(photo), "prepare(photo)")
    assert made.shape == (28, 28, 1), (
        f"`prepare` made shape {made.shape} of a photo, not (28, 28, 1): one channel "
        "of grey, and 28 by 28 pixels."
    )
    alike = np.corrcoef(made.ravel(), blots.ravel())[0, 1]
    assert alike > 0.98, (
        "Of a grainy photo, the small picture has kept the grain. Let each new pixel "
        'be the mean of all those it stands for: the method "area".'
    )
    scales = checks.scales_by_itself(model)
    assert scales == (made.max() > 4), (
        f"The prepared pixels go up to {made.max():.3g}. "
        + (
            "The network divides by 255 itself: leave them between 0 and 255."
            if scales
            else "This network was trained on pixels from 0 to 1: scale them."
        )
    )


def nothing_is_not_a_letter(translate):
    """TODO 4. A photo without a hand is answered with "don't know" """
    answers = [_answer(one) for one in translate.map(list(_without_hands().values()))]
    letters = [
        f"{answer} for {name}"
        for (answer, _), name in zip(answers, _without_hands(), strict=True)
        if answer in LETTERS
    ]
    assert not letters, (
        f"It answered {', '.join(letters[:3])}. Let `known` ask for both limits, with "
        "`and`, and put that of contrast above what such photos reach."
    )


def translate_says_how_sure_it_is(translate, prepare, model):
    """TODO 4. `translate` answers with a letter and its probability"""
    photos = [_disc(96, 150), _disc(171, 80), *_without_hands().values()]
    answers = [_answer(one) for one in translate.map(photos)]
    rows = np.stack(
        [checks.array(prepare(photo), "prepare(photo)") for photo in photos]
    )
    probabilities = model.predict(rows.reshape(-1, 28, 28, 1))
    for (answer, sure), row in zip(answers, probabilities, strict=True):
        assert abs(sure - row.max()) < 0.02, (
            f"`translate` is {percent(sure)} sure of a photo of which the model, asked "
            f"with what `prepare` makes of it, is {percent(row.max())} sure. Let it "
            "prepare the photo, once, and return the largest probability."
        )
        assert answer not in LETTERS or answer == LETTERS[row.argmax()], (
            f"`translate` answered {answer}, where {LETTERS[row.argmax()]} is the most "
            "probable. Look up the letter at the index of the largest probability."
        )


def exports_answer_as_the_model_does(saved, lite, small, model, samples):
    """TODO 5. The exported files, asked where nothing else is, answer as the model"""
    given = np.asarray(samples[:SAMPLES], np.float32)
    expected = model.predict(given)
    for file, most in ((saved, 1e-3), (lite, 1e-3), (small, 0.2)):
        assert hasattr(file, "run"), (
            "One of `saved`, `lite` and `small` names no exported model. Does "
            "`model.export` write to each of these paths?"
        )
        difference = np.abs(checks.array(file.run(given), file.name) - expected).max()
        assert difference < most, (
            f"{file.name} differs from the model by up to {difference:.2g} in a "
            "probability. Was it exported from this model? Random layers must not "
            "be in it."
        )
    assert small.size < 0.5 * lite.size, (
        f"The quantised file takes {small.size:,} bytes, the other {lite.size:,}."
    )


def the_table_is_measured(table, small, samples, model):
    """TODO 6. The table says how far each file's answers are apart"""
    given = np.asarray(samples, np.float32)
    size, accuracy, difference = table[small.name]
    found = np.abs(small.run(given) - model.predict(given)).max()
    assert abs(difference - found) < 1e-3 + 0.1 * found, (
        f"The table says that {small.name} is {difference:.3g} apart; asked here, it "
        f"is {found:.3g}. Subtract `expected` from `answers`, drop the signs, "
        "and take the largest."
    )
    measured = size > 0 and 0 < accuracy <= 1
    assert measured, f"The table has no size or no accuracy of {small.name}."


def a_request_carries_one_photo(request, prepare):
    """TODO 7. A server of TensorFlow Serving's protocol finds the photo in a request"""
    photo = _disc(96, 150)
    text = request(photo)
    assert isinstance(text, str), "`request` gives no text. Let json.dumps write it."
    body = _parsed(text)
    assert isinstance(body, dict), (
        'The request is no JSON object: {"instances": [...]}.'
    )
    try:
        (found,) = protocol.read(body, PICTURES).inputs.values()
    except Fault as fault:
        raise AssertionError(
            f"A server would answer: “{fault}”. Below “instances” belongs a list of "
            "inputs, here of one, and each is (28, 28, 1)."
        ) from None
    assert len(found) == 1, f"The request holds {len(found)} inputs. Send one photo."
    apart = np.abs(found.ravel() - np.ravel(prepare(photo))).max()
    assert apart < 1, (
        f"The pixels in the request are up to {apart:.3g} away from what `prepare` "
        "makes of the photo. Send what the network was trained on."
    )


def reads_photos_of_hands_it_has_never_seen(translate, sealed, goal, report):
    """It translates {goal:.0%} of photos; "don't know" counts as wrong"""
    answers = [_answer(one)[0] for one in translate.map(list(sealed.images))]
    classes = (*sealed.classes, UNSURE)
    columns = [classes.index(one) if one in classes else -1 for one in answers]
    table = np.eye(len(classes))[columns]
    accuracy = report.answers(replace(sealed, classes=classes), table)
    unsure = np.mean([one not in sealed.classes for one in answers])
    advice = (
        f"It did not know {percent(unsure)} of them: lower your limits."
        if unsure > (1 - accuracy - unsure) / 2
        else "Does `prepare` make of a photo what the training pictures look like?"
    )
    assert accuracy >= goal, (
        f"It translated {percent(accuracy)} of them; the goal is {percent(goal)}. "
        f"{advice}"
    )


def _answer(given):
    """Return an answer of `translate` as (text, probability)."""
    pair = isinstance(given, tuple | list) and len(given) == 2
    assert pair, (
        "`translate` gives no pair. Return the answer, a comma, and how sure it is."
    )
    answer, sure = given
    assert isinstance(answer, str), (
        f"The answer of `translate` is {answer!r}, and no text. Return the letter."
    )
    number = isinstance(sure, float | int) and 0 <= sure <= 1.001
    assert number, f"How sure `translate` is lies between 0 and 1; it gave {sure!r}."
    return answer, float(sure)


def _parsed(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise AssertionError(f"The request is not JSON ({error}).") from None


def _disc(height, width):
    """Return a photo (height, width, 3) with a bright disc in its middle."""
    y, x = np.indices((height, width))
    far = np.hypot(y - (height - 1) / 2, x - (width - 1) / 2)
    light = np.where(far < 0.3 * min(height, width), 220, 60).astype(np.uint8)
    return np.stack([light] * 3, axis=-1)


def _without_hands():
    """Return photos of nothing by what they are called."""
    random = np.random.default_rng(5)
    made = {
        "a white wall": np.full((90, 90, 3), 245),
        "a dark wall": np.full((140, 90, 3), (60, 50, 45)),
        "noise": random.integers(0, 256, (120, 150, 3)),
        "grain": random.normal(128, 30, (100, 160, 3)),
    }
    return {name: np.clip(one, 0, 255).astype(np.uint8) for name, one in made.items()}
