"""What the command derives from a model and its options, and what it refuses."""

import socket
import threading
import zipfile

import numpy as np
import pytest
from click.testing import CliRunner

from workshop.cli import entry, serve
from workshop.serve import server
from workshop.serve.model import Model, Unusable, check
from workshop.serve.tensors import Signature, Tensor


@pytest.mark.parametrize(
    ("instance", "shape"),
    [
        ((28, 28, 1), (28, 28, 1)),
        ((96, 64, 3), (96, 64, 3)),
        ((28, 28), (28, 28, 1)),
        ((784,), (28, 28, 1)),
        ((10,), None),
        ((28, 28, 2), None),
        ((-1, -1, 3), None),
        ((), None),
    ],
)
def test_a_picture_is_known_by_its_shape(instance, shape):
    assert server.picture(instance) == shape


def test_classes_are_letters_names_or_a_file(tmp_path):
    file = tmp_path / "names.txt"
    file.write_text("fresh apple\nrotten apple\n", encoding="utf-8")
    assert serve._classes("ABC", 3) == ("A", "B", "C")
    assert serve._classes("cat,dog", 2) == ("cat", "dog")
    assert serve._classes(str(file), 2) == ("fresh apple", "rotten apple")
    assert serve._classes(None, 1) == ("no", "yes")
    with pytest.raises(serve.Refused, match="names 3; this model has 2"):
        serve._classes("ABC", 2)


def said(*arguments):
    """Return the exit status and what was said of a command that is refused."""
    runner = CliRunner()
    made = []
    with runner.isolation() as (out, err, _):
        made.append(entry.run(["serve", *map(str, arguments)]))
        return made[0], (out.getvalue() + err.getvalue()).decode()


def test_a_model_that_cannot_be_served_is_refused_in_a_sentence(tmp_path):
    broken, other = tmp_path / "m.keras", tmp_path / "m.h5"
    broken.write_bytes(b"no zip")
    other.write_bytes(b"")
    for arguments, words in (
        ((), "Name a model"),
        ((tmp_path / "none.keras",), "does not exist"),
        ((broken,), "damaged"),
        ((other,), "is not a .keras file"),
        ((tmp_path,), "is not a .keras file"),
    ):
        code, text = said(*arguments)
        assert (code, words in text, text.count("\n")) == (2, True, 1), text
    with pytest.raises(Unusable):
        check(tmp_path)


def test_a_busy_port_is_refused_before_anything_is_loaded(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as file:
        file.writestr("config.json", "{}")
    with socket.create_server(("127.0.0.1", 0)) as busy:
        code, text = said(tmp_path / "m.keras", "--port", busy.getsockname()[1])
    assert code == 2
    assert "cannot be used" in text


def test_requests_that_come_together_are_asked_one_after_the_other():
    image, made = Tensor("image", "float32", (-1, 2)), Tensor("y", "float32", (-1, 2))
    signature = Signature((image,), (made,))
    inside, most = [], []

    def run(given):
        inside.append(1)
        most.append(len(inside))
        inside.pop()
        return [np.zeros((1, 2), "float32")]

    model = Model("adder", signature, run)
    model.warm_up()
    ask = [
        threading.Thread(target=model.answer, args=({"image": np.zeros((1, 2))},))
        for _ in range(8)
    ]
    for thread in ask:
        thread.start()
    for thread in ask:
        thread.join()
    assert max(most) == 1
    assert len(most) == 9
