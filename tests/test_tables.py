"""Real signs and headlines come from CSV files: of a mirror, a person, the public."""

import functools
import gzip
import hashlib
import http.server
import threading
import zipfile

import numpy as np
import pytest

from workshop import data
from workshop.data import origin, store, tables
from workshop.datasets import load, texts

LABELS = [n for n in range(25) if n != 9]


def signs_csv(seed, rows):
    random = np.random.default_rng(seed)
    head = ",".join(["label", *(f"pixel{n}" for n in range(1, 785))])
    lines = [
        ",".join(map(str, [LABELS[row % 24], *random.integers(0, 256, 784)]))
        for row in range(rows)
    ]
    return "\n".join([head, *lines, ""]).encode()


TRAIN, TEST = signs_csv(1, 72), signs_csv(2, 48)
HEADLINES = b"publish_date,headline_text\n" + b"".join(
    b"20030219,council number %d plans a new park in town %d\n" % (n, n % 17)
    for n in range(3000)
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("MIRROR", "DATA", "QUICK", "REASON"):
        monkeypatch.delenv(f"WORKSHOP_{name}", raising=False)
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tables, "KAGGLE", "http://127.0.0.1:9/none")
    return tmp_path / "home"


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    folder = tmp_path / "mirror"
    files = {
        "sign-language-mnist/sign_mnist_train.csv.gz": gzip.compress(TRAIN),
        "sign-language-mnist/sign_mnist_test.csv.gz": gzip.compress(TEST),
        "headlines/abcnews-date-text.csv": HEADLINES,
    }
    lines = []
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  ./{name}\n")
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    monkeypatch.setenv("WORKSHOP_MIRROR", str(folder))
    return folder


@pytest.fixture
def kaggle(tmp_path, monkeypatch):
    """Serve an archive of the two files, pinned as the public ones are."""
    folder = tmp_path / "kaggle"
    folder.mkdir()
    with zipfile.ZipFile(folder / "signs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sign_mnist_train.csv", TRAIN)
        archive.writestr("sign_mnist_test.csv", TEST)
    pinned = [
        origin.Item(item.file, len(content), hashlib.sha256(content).hexdigest())
        for item, content in zip(tables.SIGNS, (TRAIN, TEST), strict=True)
    ]
    monkeypatch.setattr(tables, "SIGNS", tuple(pinned))

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, form, *args):
            pass

    handler = functools.partial(Handler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=[0.01]).start()
    address = f"http://127.0.0.1:{server.server_port}/signs.zip"
    monkeypatch.setattr(tables, "KAGGLE", address)
    yield folder / "signs.zip"
    server.shutdown()
    server.server_close()


def test_signs_of_a_mirror_are_read_and_the_gap_at_j_is_closed(mirror, capsys):
    (x_train, y_train), (_, y_test) = load("signs")
    assert (x_train.shape, x_train.dtype) == ((72, 28, 28), np.uint8)
    assert sorted(set(y_train.tolist())) == list(range(24))
    assert 0 < len(y_test) < 48
    said = capsys.readouterr().out
    assert said == f"signs: real (not the public file, from the mirror {mirror})\n"


def test_headlines_of_a_mirror_are_read(mirror, capsys):
    train, test = texts("headlines")
    assert train[0].startswith("council number")
    assert not set(train) & set(test)
    assert "headlines: real (A Million News Headlines, from" in capsys.readouterr().out


def test_a_table_that_is_none_is_named_and_drawn_data_used(mirror, capsys):
    path = mirror / "sign-language-mnist" / "sign_mnist_test.csv.gz"
    path.write_bytes(gzip.compress(b"not a table\n"))
    (mirror / "SHA256SUMS").unlink()
    assert data.choose("signs").variant == "drawn"
    assert "sign_mnist_t" in capsys.readouterr().err


def test_the_public_signs_are_fetched_only_where_real_ones_are_asked_for(
    kaggle, monkeypatch, home
):
    assert data.choose("signs").reason == "no mirror set, and the public copy is large"
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    host = tables.KAGGLE.removeprefix("http://").split("/")[0]
    assert data.choose("signs").reason == f"Sign Language MNIST, from {host}"
    assert not list((home / "downloads").iterdir())


def test_public_signs_that_are_not_the_pinned_ones_are_refused(kaggle, monkeypatch):
    with zipfile.ZipFile(kaggle, "w") as archive:
        archive.writestr("sign_mnist_train.csv", TEST)
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    with pytest.raises(data.DataError, match="content is not the public one"):
        data.choose("signs")


def test_files_of_a_persons_own_are_kept_in_either_order(tmp_path):
    paths = [tmp_path / "test.csv", tmp_path / "train.csv.gz"]
    paths[0].write_bytes(TEST)
    paths[1].write_bytes(gzip.compress(TRAIN))
    assert data.add("signs", paths) == "given as test.csv, train.csv.gz"
    (x_train, _), _ = load("signs")
    assert len(x_train) == 72


@pytest.mark.parametrize(
    ("name", "count", "says"),
    [
        ("signs", 1, "give two files"),
        ("headlines", 2, "give one file"),
        ("digits", 1, "no way to add real digits"),
    ],
)
def test_files_that_do_not_fit_are_one_sentence(tmp_path, name, count, says):
    paths = [tmp_path / f"{n}.csv" for n in range(count)]
    for path in paths:
        path.write_bytes(b"nothing\n")
    with pytest.raises(data.DataError, match=says):
        data.add(name, paths)


def test_headlines_are_never_fetched(capsys):
    reason = data.choose("headlines").reason
    assert reason == "no mirror set, and there is no public copy to fetch"
    assert store.home().is_dir()
    assert capsys.readouterr().err == ""
