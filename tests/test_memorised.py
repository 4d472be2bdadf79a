"""Who knows the whole public test set by heart knows nothing of the sealed one."""

import pytest

from workshop import course, grader

LESSON = course.load().find("01")
MEMORISED = """
known = {image.tobytes(): label for image, label in zip(x_test, y_test)}


def read(images):
    guesses = [int(image.sum()) % 10 for image in images]
    seen = [known.get(i.tobytes(), guess) for i, guess in zip(images, guesses)]
    return keras.utils.to_categorical(seen, 10)
"""
EDITS = [
    (
        "    prepare(x_train),\n    y_train,\n",
        "    prepare(x_train[:500]), y_train[:500],",
    ),
    ("epochs=10", "epochs=1"),
    (
        "\ndef read(images):\n    return model.predict(prepare(images), verbose=0)\n",
        MEMORISED,
    ),
]


@pytest.mark.slow
def test_a_memorised_test_set_scores_near_chance_on_unseen_digits(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("WORKSHOP_DATA", "drawn")
    text = LESSON.solution.read_text(encoding="utf-8")
    for old, new in EDITS:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / "01_mnist.py"
    path.write_text(text, encoding="utf-8")
    report = grader.check(LESSON, path)
    assert "Right: 100.0% of the test images" in report.output
    unseen = report.checks[-1]
    assert (unseen.check, unseen.outcome) == (
        "reads_digits_it_has_never_seen",
        "failed",
    )
    assert 0.05 < unseen.score.value < 0.15
