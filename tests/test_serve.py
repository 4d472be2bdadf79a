"""The protocol is TensorFlow Serving's, in what is right and in what is wrong."""

import contextlib
import http.client
import json
import socket
import threading

import numpy as np
import pytest
import uvicorn

from workshop.serve import protocol, server, values
from workshop.serve.tensors import Signature, Tensor

ONE = Signature(
    (Tensor("image", "float32", (-1, 2, 2)),), (Tensor("output_0", "float32", (-1, 2)),)
)
TWO = Signature(
    (Tensor("a", "float32", (-1,)), Tensor("b", "int32", (-1, 2))),
    (Tensor("sum", "float32", (-1,)), Tensor("first", "int32", (-1,))),
)


class Fake:
    """A model that adds, and remembers what it was asked."""

    name = "adder"

    def __init__(self, signature=ONE):
        self.signature = signature
        self.asked = None

    def answer(self, inputs):
        self.asked = inputs
        if self.signature is TWO:
            return {"sum": inputs["a"] + inputs["b"].sum(1), "first": inputs["b"][:, 0]}
        total = inputs["image"].sum((1, 2))
        return {"output_0": np.stack([total, total / 10], axis=1).astype("float32")}


class Current:
    """The model that a test has put into the one server of this module."""

    name = "adder"
    model = Fake()

    @property
    def signature(self):
        return self.model.signature

    def answer(self, inputs):
        return self.model.answer(inputs)


@pytest.fixture(scope="module", autouse=True)
def port():
    """Serve on a port of its own, and put it where `ask` finds it."""
    settings = server.Settings("adder", (2, 2, 1), (2, 2), 1.0, ("no", "yes"))
    app = server.application(Current(), settings)
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none")
    running = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as sock:
        Current.port = sock.getsockname()[1]
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
        thread.start()
        yield
        running.should_exit = True
        thread.join()


class Reply:
    """What a plain HTTP client has read."""

    def __init__(self, response):
        self.status_code = response.status
        self.headers = response.headers
        self.content = response.read()
        self.text = self.content.decode()

    def json(self):
        return json.loads(self.text)


def request(method, path, content=None, model=None):
    Current.model = model or Fake()
    connection = http.client.HTTPConnection("127.0.0.1", Current.port, timeout=10)
    with contextlib.closing(connection):
        connection.request(method, path, content)
        return Reply(connection.getresponse())


def post(body, path="/v1/models/adder:predict", model=None):
    content = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return request("POST", path, content, model)


PICTURE = [[0.1, 0.2], [0.3, 0.4]]


def test_the_status_says_that_version_one_is_available():
    for path in ("/v1/models/adder", "/v1/models/adder/versions/1"):
        (one,) = request("GET", path).json()["model_version_status"]
        assert (one["version"], one["state"]) == ("1", "AVAILABLE")
        assert one["status"] == {"error_code": "OK", "error_message": ""}


def test_metadata_names_types_and_shapes():
    made = request("GET", "/v1/models/adder/metadata").json()
    assert made["model_spec"]["name"] == "adder"
    signature = made["metadata"]["signature_def"]["signature_def"]["serving_default"]
    image = signature["inputs"]["image"]
    assert image["dtype"] == "DT_FLOAT"
    sizes = [one["size"] for one in image["tensor_shape"]["dim"]]
    assert sizes == ["-1", "2", "2"]
    assert signature["method_name"] == "tensorflow/serving/predict"


@pytest.mark.parametrize("version", ["", "/versions/1"])
def test_rows_are_answered_by_rows_and_columns_by_columns(version):
    path = f"/v1/models/adder{version}:predict"
    assert post({"instances": [PICTURE]}, path).json() == {"predictions": [[1.0, 0.1]]}
    assert post({"inputs": [PICTURE]}, path).json() == {"outputs": [[1.0, 0.1]]}


def test_a_single_input_may_be_named():
    rows = {"instances": [{"image": PICTURE}], "signature_name": "serving_default"}
    assert post(rows).json() == {"predictions": [[1.0, 0.1]]}
    assert post({"inputs": {"image": [PICTURE]}}).json() == {"outputs": [[1.0, 0.1]]}


def test_several_inputs_and_outputs_are_named():
    model = Fake(TWO)
    rows = [{"a": 1, "b": [2, 3]}, {"a": 0.5, "b": [4, 5]}]
    assert post({"instances": rows}, model=model).json() == {
        "predictions": [{"sum": 6.0, "first": 2}, {"sum": 9.5, "first": 4}]
    }
    columns = {"a": [1, 0.5], "b": [[2, 3], [4, 5]]}
    assert post({"inputs": columns}, model=model).json() == {
        "outputs": {"sum": [6.0, 9.5], "first": [2, 4]}
    }


def test_numbers_that_are_none_go_both_ways():
    reply = post('{"instances": [[[NaN, 1], [Infinity, 0]]]}')
    assert reply.status_code == 200
    assert "NaN" in reply.text
    reply = post('{"instances": [[[Infinity, 1], [1, 0]]]}')
    assert "Infinity" in reply.text


WRONG = {
    "nothing": (b"", "empty"),
    "no JSON": (b"{", "JSON Parse error"),
    "bytes that are no text": (b"\xff\xfe\x00", "JSON Parse error"),
    "nested without end": (b"[" * 100_000, "JSON Parse error"),
    "a list": ([], "not an object"),
    "no key": ({"x": 1}, "Missing 'inputs' or 'instances' key"),
    "both keys": ({"inputs": 1, "instances": [1]}, "only one of"),
    "no list": ({"instances": 3}, "to be a list"),
    "no rows": ({"instances": []}, "No values"),
    "ragged": ({"instances": [[[1, 2], [3]]]}, "differ in length or depth"),
    "ragged in depth": ({"instances": [[[1, 2], [3, [4]]]]}, "differ in length"),
    "wrong shape": ({"instances": [[[1, 2, 3], [4, 5, 6]]]}, "[1,2,3]"),
    "not batched": ({"instances": PICTURE}, "has shape [2,2]"),
    "text": ({"instances": [[["1", "2"], ["3", "4"]]]}, "String"),
    "flags": ({"instances": [[[True, 0], [0, 0]]]}, "Boolean"),
    "null": ({"instances": [[[None, 0], [0, 0]]]}, "Null"),
    "base64": ({"instances": [{"b64": "AAAA"}]}, "Object"),
    "too large": ({"instances": [[[1e39, 0], [0, 0]]]}, "loss of precision"),
    "far too large": (b'{"instances": [[[1%s, 0], [0, 0]]]}' % (b"0" * 400), "loss of"),
    "another name": ({"instances": [{"x": PICTURE}]}, "keys equal to: image"),
    "mixed rows": ({"instances": [{"image": PICTURE}, PICTURE]}, "element: 1"),
    "no such column": ({"inputs": {"x": 1}}, "Missing named input: image"),
    "another signature": ({"signature_name": "x", "instances": [1]}, '"x" not found'),
    "signature no name": ({"signature_name": 1, "instances": [1]}, "a string value"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_malformed_request_gets_400_and_the_reason(case):
    body, reason = WRONG[case]
    reply = post(body)
    assert reply.status_code == 400
    assert list(reply.json()) == ["error"]
    assert reason in reply.json()["error"]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/v1/models/other:predict", "Servable not found for request: Latest(other)"),
        ("/v1/models/adder/versions/2:predict", "Specific(adder, 2)"),
    ],
)
def test_another_model_or_version_is_not_found(path, reason):
    reply = post({"instances": [PICTURE]}, path)
    assert reply.status_code == 404
    assert reason in reply.json()["error"]
    seen = request("GET", path.removesuffix(":predict"))
    assert seen.status_code == 404
    assert "Could not find" in seen.json()["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/models/adder:predict"),
        ("POST", "/v1/models/adder"),
        ("DELETE", "/v1/models/adder"),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/adder/labels/canary"),
        ("GET", "/v1/models/adder/versions/99999999999999999999"),
        ("GET", "/v1/models/adder/versions/-1"),
        ("POST", "/v1/models/adder:train"),
        ("POST", "/v1/models/adder:classify"),
    ],
)
def test_what_the_protocol_does_not_know_is_malformed(method, path):
    reply = request(method, path, "{}" if method == "POST" else None)
    assert reply.status_code == 400
    assert reply.json()["error"]


def test_head_and_options_are_answered():
    head = request("HEAD", "/v1/models/adder")
    assert (head.status_code, head.content) == (200, b"")
    options = request("OPTIONS", "/v1/models/adder:predict")
    assert options.status_code == 204
    assert "POST" in options.headers["allow"]


def test_a_body_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(server, "LIMIT", 10)
    reply = post({"instances": [PICTURE]})
    assert reply.status_code == 413
    assert "larger" in reply.json()["error"]


def test_a_model_that_fails_is_an_answer_too():
    model = Fake()
    model.answer = lambda inputs: 1 / 0
    reply = post({"instances": [PICTURE]}, model=model)
    assert reply.status_code == 500
    assert "ZeroDivisionError" in reply.json()["error"]


def test_text_comes_as_itself_or_as_base64():
    tensor = Tensor("words", "string", (-1,))
    made = values.array(["a", {"b64": "Yg=="}], tensor)
    assert made.tolist() == [b"a", b"b"]
    with pytest.raises(values.Fault, match="base64"):
        values.array([{"b64": "!"}], tensor)


@pytest.mark.parametrize(
    ("dtype", "good", "bad"),
    [("uint8", 255, 256), ("uint8", 0, -1), ("int32", -5, 1.5), ("bool", True, 1)],
)
def test_whole_numbers_and_flags_stay_in_their_range(dtype, good, bad):
    tensor = Tensor("x", dtype, (-1,))
    assert values.array([good], tensor).dtype == dtype
    with pytest.raises(values.Fault):
        values.array([bad], tensor)


def test_float32_is_written_as_briefly_as_it_can_be():
    assert values.plain(np.float32([0.2, 1, np.nan]))[:2] == [0.2, 1.0]
    assert values.plain(np.array([b"a"], object)) == ["a"]


def test_outputs_of_different_lengths_need_columns():
    outputs = {"a": np.zeros(2), "b": np.zeros(3)}
    assert set(protocol.written(outputs, "inputs")["outputs"]) == {"a", "b"}
    with pytest.raises(values.Fault):
        protocol.written(outputs, "instances")


def test_the_page_allows_nothing_from_elsewhere_and_nothing_inline():
    reply = request("GET", "/")
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    for path in server.FILES:
        text = request("GET", path).text
        assert "https://" not in text
        assert "http://" not in text
    assert "<style" not in reply.text
    assert " style=" not in reply.text
    assert reply.text.count("<script") == 1


def test_the_settings_tell_the_page_what_to_send():
    assert request("GET", "/settings").json() == {
        "name": "adder",
        "shape": [2, 2, 1],
        "instance": [2, 2],
        "white": 1.0,
        "classes": ["no", "yes"],
        "logits": None,
    }
