"""The page of `workshop serve`, used in a real browser as a person uses it."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading

import numpy as np
import pytest
import uvicorn
from PIL import Image

from workshop.serve import server
from workshop.serve.tensors import Signature, Tensor

pytestmark = pytest.mark.slow
GREY, COLOUR = (8, 8, 1), (8, 16, 3)
CLASSES = ("upper", "lower", "neither")
TRAINED = """
import keras, sys
model = keras.Sequential([
    keras.Input((28, 28, 1)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
model.save(sys.argv[1])
"""


class Halves:
    """A model that says which half of a picture is lighter, and how it was asked."""

    name = "halves"
    outputs = (Tensor("output_0", "float32", (-1, 3)),)

    def __init__(self, shape):
        entry = Tensor("image", "float32", (-1, *shape))
        self.signature = Signature((entry,), self.outputs)
        self.asked = None

    def answer(self, inputs):
        self.asked = inputs["image"][0]
        middle = len(self.asked) // 2
        light = [self.asked[:middle].sum(), self.asked[middle:].sum(), 1e-6]
        return {"output_0": np.array([light], "float32") / sum(light)}


@pytest.fixture
def served():
    """Return a function that serves a shape and returns (model, address)."""
    stop = []

    def serve(shape, white=1.0):
        model = Halves(shape)
        settings = server.Settings("halves", shape, shape, white, CLASSES)
        app = server.application(model, settings)
        config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none")
        running = uvicorn.Server(config)
        sock = socket.create_server(("127.0.0.1", 0))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
        thread.start()
        stop.append((running, thread, sock))
        return model, f"http://127.0.0.1:{sock.getsockname()[1]}/"

    yield serve
    for running, thread, sock in stop:
        running.should_exit = True
        thread.join()
        sock.close()


@pytest.fixture
def page(browser, served):
    """A page on which nothing may go wrong unseen; it is closed before its server."""
    problems = []
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console", lambda line: line.type == "error" and problems.append(line.text)
    )
    yield opened
    opened.close()
    assert problems == []


def go(page, address):
    page.goto(address)
    page.get_by_role("heading", name="Ask halves").wait_for()


def draw(page, y):
    """Draw a line across the paper at a height from 0 to 1."""
    box = page.locator("#paper").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * y)
    page.mouse.down()
    page.mouse.move(
        box["x"] + box["width"] * 0.8, box["y"] + box["height"] * y, steps=5
    )
    page.mouse.up()
    page.wait_for_selector("#bars li")


def areas(pixels, cells):
    """Return with which share each pixel lies in each of `cells` equal areas."""
    step = pixels / cells
    begin, first = np.arange(cells)[:, None] * step, np.arange(pixels)
    inside = np.minimum(begin + step, first + 1) - np.maximum(begin, first)
    return np.maximum(inside, 0) / step


def photo(page, array):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "png")
    file = {"name": "p.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    page.set_input_files("#file", file)
    page.wait_for_selector("#bars li")


@pytest.mark.parametrize(("y", "word"), [(0.2, "upper"), (0.8, "lower")])
def test_what_is_drawn_is_answered(page, served, y, word):
    model, address = served(GREY)
    go(page, address)
    draw(page, y)
    assert page.inner_text("#answer").startswith(word)
    assert ">99 % sure" in page.inner_text("#answer")
    assert model.asked.shape == GREY
    assert 0.3 < model.asked.max() <= 1


def test_a_photo_is_cut_to_shape_and_averaged_over_areas(page, served):
    model, address = served(COLOUR, white=255.0)
    go(page, address)
    array = np.random.default_rng(1).integers(0, 256, (80, 100, 3), dtype=np.uint8)
    photo(page, array)
    cut = array[15:65].astype(float)
    expected = np.einsum("yi,xj,ijc->yxc", areas(50, 8), areas(100, 16), cut)
    assert np.abs(model.asked - expected).max() <= 0.51


def test_below_the_limit_the_page_says_that_it_does_not_know(page, served):
    _, address = served(GREY)
    go(page, address)
    photo(page, np.full((40, 40), 128, np.uint8))
    assert "50 % sure" in page.inner_text("#answer")
    page.locator("#least").fill("60")
    assert "I don’t know" in page.inner_text("#answer")


def test_light_and_dark_can_be_swapped(page, served):
    model, address = served(GREY, white=255.0)
    go(page, address)
    photo(page, np.full((40, 40), 55, np.uint8))
    with page.expect_response("**/v1/models/halves:predict"):
        page.check("#swap")
    page.wait_for_timeout(200)
    assert model.asked.max() == 200


def test_one_can_draw_with_the_keyboard(page, served):
    _, address = served(GREY)
    go(page, address)
    page.focus("#paper")
    for key in (*["ArrowUp"] * 8, " ", *["ArrowRight"] * 6):
        page.keyboard.press(key)
    page.locator("#answer", has_text="upper").wait_for()  # after what half a line got
    page.click("#clear")
    assert page.inner_text("#answer") == "Nothing asked yet"


def test_a_file_that_is_no_picture_is_said(page, served):
    _, address = served(GREY)
    go(page, address)
    file = {"name": "p.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.set_input_files("#file", file)
    page.wait_for_selector("#answer.wrong")
    assert "no picture" in page.inner_text("#answer")


def test_the_command_of_the_page_asks_the_same_question(page, served):
    model, address = served(GREY)
    go(page, address)
    draw(page, 0.2)
    with page.expect_download() as saved:
        page.click("#save")
    request = json.loads(saved.value.path().read_text())
    assert np.allclose(request["instances"][0], model.asked)
    assert "/v1/models/halves:predict" in page.inner_text("#curl")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(390, 844), (1366, 768), (1920, 1080)])
def test_nothing_hangs_over_the_edge(page, served, scheme, size):
    _, address = served(GREY)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    go(page, address)
    draw(page, 0.2)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]


def test_a_real_model_is_served_until_ctrl_c(page, tmp_path):
    file = tmp_path / "digits.keras"
    env = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run([sys.executable, "-c", TRAINED, str(file)], check=True, env=env)
    words = [sys.executable, "-m", "workshop", "serve", str(file), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=env) as process:
        address = next(line for line in process.stdout if "The page" in line).split()[
            -1
        ]
        page.goto(address)
        page.get_by_role("heading", name="Ask digits").wait_for()
        assert "from 0 to 255" in page.inner_text("#about")
        draw(page, 0.2)
        page.goto("about:blank")
        process.send_signal(signal.SIGINT)
        assert process.stdout.read().endswith("Stopped.\n")
    assert process.returncode == 0
