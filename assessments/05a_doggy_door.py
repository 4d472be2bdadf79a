"""Checks for lesson 5a, open a door for dogs.

Each function is one check. `prepare` is judged by what it makes of pictures whose
colours and gradients are known; the door by photos that nobody has seen. Which classes
are dogs, and which size the network takes, is read from the learner's own network: the
lesson works with any.
"""

from dataclasses import replace

import numpy as np

from workshop.checks import answered, array, pictures
from workshop.results import percent

BLUE_GREEN_RED = np.array([103.939, 116.779, 123.68])  # means that VGG16 takes off
ANSWERS = {"ours": "in", "dog": "in", "cat": "out"}
WORDS = ("in", "out", "shut")
SEALED = 80  # photos for "out" and for "shut": one takes some ten milliseconds
DOGS = 3  # times as many for "in", where doors differ most; no answer weighs more
TROUBLE = "`prepare` could not take a photo."


def a_photo_of_any_size_is_resized(prepare, model):
    """TODO 1. A photo of any size becomes one of the network's size"""
    height, width = _size(model)
    for shape in ((3 * height, 4 * width), (height - 31, width + 47)):
        made = array(answered(prepare, _ramp(*shape), TROUBLE), "prepare(photo)")
        picture = made.squeeze()
        assert picture.shape == (height, width, 3), (
            f"A photo of shape {(*shape, 3)} came back with shape {made.shape}, but "
            f"the network takes {height}×{width} pixels. Resize it to "
            "`network.image_size`."
        )
        assert _is_whole(picture), (
            "The result shows another picture, or a corner of it only. Bring the "
            "whole photo to the new size: that is `resize` of `keras.ops.image`, not "
            "a reshape and not a slice."
        )


def colours_are_as_in_training(prepare, model):
    """TODO 2. Colours come in the order and around the mean of VGG16"""
    size = _size(model)
    for colour in ((200, 120, 40), (10, 90, 250)):
        photo = np.full((*size, 3), colour, np.uint8)
        made = array(answered(prepare, photo, TROUBLE), "prepare(photo)")
        found = made.reshape(-1, 3).mean(axis=0)
        right = np.array(colour[::-1]) - BLUE_GREEN_RED
        assert np.abs(found - right).max() < 2, _about_colours(found, colour, right)


def a_photo_becomes_a_batch_of_one(prepare, model):
    """TODO 3. A photo becomes a batch of one"""
    made = array(answered(prepare, _ramp(150, 120), TROUBLE), "prepare(photo)")
    expected = (1, *_size(model), 3)
    assert made.shape == expected, (
        f"The result has shape {made.shape}; a batch of one photo has {expected}. "
        "Give it a further dimension at the front, for example with [None]."
    )


def the_best_classes_are_named(readable, classes):
    """TODO 4. The most probable classes are named, the best first"""
    prediction = _prediction(len(classes))
    best = np.argsort(-prediction)
    pairs = _pairs(readable(prediction))
    names = [classes[i] for i in best[: len(pairs)]]
    assert [name for name, _ in pairs] == names, (
        f"It named {', '.join(name for name, _ in pairs)}; the most probable are "
        f"{', '.join(names)}, in this order. `np.argsort` puts the smallest first."
    )
    off = np.subtract([share for _, share in pairs], prediction[best[: len(pairs)]])
    assert np.abs(off).max() < 0.006, (  # rounded to per cent is fine
        "The names are right, but the numbers beside them are not their "
        "probabilities. Take both with the same index."
    )
    few = len(_pairs(readable(prediction, 2)))
    assert few == 2, (
        f"Asked for the 2 most probable classes, it named {few}. Take as many as `top` "
        "says."
    )


def the_chance_of_a_kind_is_a_sum(chance, classes, dogs, cats):
    """TODO 5. The chance of a kind is the sum over all its classes"""
    prediction = _prediction(len(classes))
    for kind, numbers in (("dog", dogs), ("cat", cats)):
        shares = prediction[np.asarray(numbers, int)]
        found = chance(prediction, kind)
        is_number = np.ndim(found) == 0 and np.asarray(found).dtype.kind in "biuf"
        assert is_number, (
            f"The chance of a {kind} came as {_shown(found)}. Add the probabilities up "
            "to one number, and return it."
        )
        assert abs(float(found) - shares.sum()) < 1e-3, (
            f"In a prediction that gives {shares.sum():.1%} to the {len(shares)} "
            f"classes of {kind}s together, and {shares.max():.1%} to the best of them, "
            f"it found {found:.1%}. Add up the prediction at all of "
            "`network.indices(kind)`."
        )


def the_door_knows_three_answers(may_enter):
    """TODO 6. The door answers with "in", "out" or "shut\""""
    photos = [*pictures(2, 150, 3), _ramp(120, 200)]
    for photo in photos:
        found = answered(may_enter, photo, "`may_enter` could not take a photo.")
        assert found in WORDS, (
            f"For a photo of shape {photo.shape} it answered {_shown(found)}. Return "
            'one of the three words "in", "out" and "shut", as text.'
        )


def the_door_is_right_for_new_guests(may_enter, sealed, goal, report):
    """The door is right for {goal:.0%} of photos it has never seen"""
    part = _some_of_each(sealed)
    words = np.array(list(map(str, may_enter.map(list(part.images)))))
    wanted = _wanted(part)
    weights = [1 / np.sum(wanted == word) for word in wanted]
    accuracy = report.answers(part, _as_rows(part, words, wanted), weights)
    seen = f"It was right for {percent(accuracy)}; the goal is {percent(goal)}."
    assert accuracy >= goal, f"{seen} {_what_to_try(words, wanted)}"


def _size(model):
    height, width = model.input_shape[1:3]
    return int(height), int(width)


def _ramp(height, width):
    """Return a photo whose red grows to the right and whose green grows downwards."""
    photo = np.full((height, width, 3), 190, np.uint8)
    photo[..., 0] = np.linspace(130, 250, width)
    photo[..., 1] = np.linspace(130, 250, height)[:, None]
    return photo


def _is_whole(made):
    """Tell whether (h, w, 3) still grows as `_ramp` does, and by most of its range.

    Which channel is red does not matter here. A photo that was cut to a square first,
    or given a margin, is whole enough.
    """
    varied = [made.std(axis=axis).max(axis=-1) for axis in (1, 0)]
    inner = made[np.ix_(*(found >= found.max() / 3 for found in varied))]
    return all(_steepest(inner.mean(axis=axis)) > 0.5 for axis in (1, 0))


def _steepest(lines):
    """Return how straight the best channel grows, 0 where it grows too little."""
    found = [0.0]
    for line in lines.T:
        if np.ptp(line) > 0.6 * np.ptp(lines):
            found.append(np.corrcoef(line, np.arange(len(line)))[0, 1])
    return max(found)


def _about_colours(found, colour, right):
    """Return what a uniform photo, red, green, blue = `colour`, was turned into."""
    rgb = np.array(colour, float)
    known = {
        "the pixels are as they came": rgb,
        "only the order was turned round": rgb[::-1],
        "the mean was taken off, but the colours are still red, green, blue": right[
            ::-1
        ],
        "red and blue lost each other's mean": rgb - BLUE_GREEN_RED,
        "it was prepared twice": right[::-1] - BLUE_GREEN_RED,
        "they were divided by 255": rgb / 255,
        "whole numbers from 0 to 255 cannot go below 0, and began again at 255": right
        % 256,
    }
    near = [text for text, value in known.items() if np.abs(found - value).max() < 2]
    guess = f": {near[0]}" if near else ""
    return (
        f"A photo all of red, green, blue {colour} became {_numbers(found)}, not "
        f"{_numbers(right)}{guess}. Pass the pixels, as floats from 0 to 255, through "
        "`preprocess_input` of `keras.applications.vgg16`, once."
    )


def _numbers(values):
    return ", ".join(f"{value:.0f}" for value in values)


def _prediction(count):
    """Return probabilities for `count` classes, no two of them equal."""
    made = np.random.default_rng(5).permutation(np.arange(1, count + 1)) ** 2.0
    return (made / made.sum()).astype(np.float32)


def _pairs(result):
    """Return pairs of name and number, of whatever form holds such pairs."""
    pairs = list(result.items()) if isinstance(result, dict) else result
    are_pairs = isinstance(pairs, list | tuple) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 for pair in pairs or [()]
    )
    assert are_pairs, (
        f"`readable` gave {_shown(result)}. Return a list of pairs, each a class name "
        "and its probability."
    )
    ours = all(isinstance(name, str) and np.ndim(p) == 0 for name, p in pairs)
    assert ours, (
        f"The first pair is {_shown(pairs[0])}. A pair is the name of a class, out of "
        "`classes`, and one number."
    )
    return pairs


def _shown(value):
    text = repr(getattr(value, "kind", value))
    return text if len(text) < 80 else f"{text[:79]}…"


def _wanted(sealed):
    return np.array([ANSWERS.get(sealed.classes[i], "shut") for i in sealed.labels])


def _some_of_each(sealed):
    """Return a part with as many photos for "out" as for "shut", and more for "in"."""
    wanted = _wanted(sealed)
    places = [np.flatnonzero(wanted == word) for word in WORDS]
    count = min(SEALED, *map(len, places))
    most = (DOGS * count, count, count)
    part = np.sort(np.concatenate([at[:n] for at, n in zip(places, most, strict=True)]))
    return replace(
        sealed,
        images=[sealed.images[i] for i in part],
        labels=sealed.labels[part],
        groups=sealed.groups[part],
    )


def _as_rows(sealed, words, wanted):
    """Return one-hot rows over the classes: a right answer stands for the true one."""
    stands = {"in": "dog", "out": "cat"}
    said = [sealed.classes.index(stands.get(word, "bear")) for word in words]
    picked = np.where(words == wanted, sealed.labels, said)
    return np.eye(len(sealed.classes))[picked]


def _what_to_try(words, wanted):
    if len(set(words)) == 1:
        said = f'It answered "{words[0]}" every time. '
        return said + "Does it look at the photo, and can its limit be reached?"
    shares = {word: np.mean(words[wanted == word] == word) for word in WORDS}
    worst = min(shares, key=shares.get)
    guests = {"in": "dogs", "out": "cats", "shut": "others"}[worst]
    tries = {
        "in": "Add up all dogs rather than asking one breed, and look at the limit.",
        "out": "Add up all cats, and look at the limit.",
        "shut": "Does it open only where a dog or a cat has a chance above one half?",
    }
    return f"Of the {guests} it gets {percent(shares[worst])} right. {tries[worst]}"
