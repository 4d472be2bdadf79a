"""Data is looked for in one order, damage is never used, and one line tells which."""

import functools
import gzip
import hashlib
import http.server
import os
import struct
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from conftest import MIRROR, needs_mirror

from workshop import data
from workshop.data import digits, mnist, origin, shelf, store
from workshop.datasets import load

SIZES = {"x_train": 60, "y_train": 60, "x_test": 40, "y_test": 40}
DRAWN = 500


def idx(key, n):
    random = np.random.default_rng([n, *key.encode()])
    shape = (n, 28, 28) if key.startswith("x") else (n,)
    values = random.integers(0, 256 if key.startswith("x") else 10, shape, np.uint8)
    return struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + bytes(
        values
    )


class Mirror:
    """A small mirror in the layout of a real one."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "mnist").mkdir(parents=True)
        for key, n in SIZES.items():
            self.file(key).write_bytes(gzip.compress(idx(key, n)))
        self.list()

    def file(self, key):
        return self.folder / "mnist" / mnist.FILES[key][0]

    def list(self):
        files = [self.file(key) for key in SIZES]
        sums = [(hashlib.sha256(f.read_bytes()).hexdigest(), f.name) for f in files]
        lines = [f"{digest}  ./mnist/{name}\n" for digest, name in sums]
        (self.folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")

    def replace(self, key, content, relist=False):
        self.file(key).write_bytes(content)
        if relist:
            self.list()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in ("MIRROR", "DATA", "QUICK", "REASON"):
        monkeypatch.delenv(f"WORKSHOP_{name}", raising=False)
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home ü"))
    monkeypatch.setattr(mnist, "UPSTREAM", ())
    monkeypatch.setattr(digits, "TRAIN", DRAWN)
    monkeypatch.setattr(digits, "TEST", 200)
    return tmp_path / "home ü"


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    made = Mirror(tmp_path / "mirror")
    monkeypatch.setenv("WORKSHOP_MIRROR", str(made.folder))
    return made


@pytest.fixture
def serve(tmp_path):
    """Serve a folder over http and return its address and what was asked."""
    asked, servers = [], []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, form, *args):
            asked.append(self.path)

    def start(folder):
        handler = functools.partial(Handler, directory=folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=[0.01]).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def upstream(mirror, serve, monkeypatch):
    """The small mirror's files, served and pinned as the public ones are."""
    monkeypatch.delenv("WORKSHOP_MIRROR")
    pinned = {}
    for key, (file, _, _) in mnist.FILES.items():
        content = gzip.decompress(mirror.file(key).read_bytes())
        digest = hashlib.sha256(content).hexdigest()
        pinned[key] = origin.Item(file, len(content), digest)
    monkeypatch.setattr(mnist, "FILES", pinned)
    address, mirror.asked = serve(mirror.folder / "mnist")
    monkeypatch.setattr(mnist, "UPSTREAM", (address + "/",))
    mirror.host = address.removeprefix("http://")
    return mirror


def line(capsys):
    (x_train, _), _ = load("digits")
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    return len(x_train), out.strip()


def test_without_mirror_and_network_digits_are_drawn_and_the_line_says_why(capsys):
    why = "(no mirror set, and the internet copy could not be reached)"
    assert line(capsys) == (DRAWN, f"digits: drawn by this kit {why}")


def test_load_has_the_form_of_keras():
    (x_train, y_train), (x_test, y_test) = load("digits", "drawn")
    assert (x_train.shape, y_train.shape) == ((DRAWN, 28, 28), (DRAWN,))
    assert (x_test.shape, y_test.shape) == ((200, 28, 28), (200,))
    assert x_train.flags.writeable


def test_quick_gives_the_first_few_hundred_rows(monkeypatch):
    whole = data.arrays("digits", "drawn")
    monkeypatch.setenv("WORKSHOP_QUICK", "1")
    (x_train, y_train), (x_test, y_test) = load("digits")
    assert (len(x_train), len(y_train), len(x_test), len(y_test)) == (
        300,
        300,
        100,
        100,
    )
    assert np.array_equal(x_train, whole["x_train"][:300])


def test_a_mirror_in_a_folder_is_used_and_named(mirror, capsys):
    source = f"not the public file, from the mirror {mirror.folder}"
    assert line(capsys) == (60, f"digits: real ({source})")


def test_what_was_prepared_is_used_when_the_mirror_is_gone(mirror, capsys, monkeypatch):
    first = line(capsys)
    monkeypatch.delenv("WORKSHOP_MIRROR")
    assert line(capsys) == first


def test_half_of_the_real_test_split_is_not_given_to_learners(mirror):
    _, (x_test, y_test) = load("digits")
    shown, graded = data.sealed("digits", b"room", "real")
    assert len(x_test) == len(y_test)
    assert len(x_test) + len(shown.labels) + len(graded.labels) == SIZES["x_test"]


@pytest.mark.parametrize("key", SIZES)
def test_a_damaged_file_in_a_mirror_is_named_kept_and_not_used(mirror, key, capsys):
    mirror.replace(key, b"damaged")
    assert load("digits")[0][0].shape[0] == DRAWN
    told = capsys.readouterr()
    assert f"{mirror.file(key).name} from the mirror" in told.err
    assert "is damaged" in told.out
    assert mirror.file(key).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"no gzip",
        gzip.compress(idx("y_test", 40))[:-9],
        gzip.compress(b"<html>Log in to the Wi-Fi</html>"),
        gzip.compress(idx("y_test", 39)),
        gzip.compress(idx("x_test", 40)),
        gzip.compress(bytes(10_000_000)),
        b"",
    ],
    ids=["plain", "cut", "page", "few", "images", "zeros", "empty"],
)
def test_a_mirror_that_vouches_for_nonsense_is_not_believed(mirror, content, capsys):
    mirror.replace("y_test", content, relist=True)
    assert line(capsys)[0] == DRAWN


def test_a_mirror_without_sums_must_have_the_public_files(mirror, capsys):
    (mirror.folder / "SHA256SUMS").unlink()
    assert "its content is not the public one" in line(capsys)[1]


@pytest.mark.parametrize("name", ["gone", "https:/typo", "ü/ö"])
def test_a_mirror_that_is_no_folder_is_named(tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv("WORKSHOP_MIRROR", str(tmp_path / name))
    assert "is not a folder" in line(capsys)[1]


def test_a_mirror_that_lacks_a_file_is_named(mirror, capsys):
    mirror.file("x_test").unlink()
    assert "has no mnist/t10k-images-idx3-ubyte.gz" in line(capsys)[1]


def test_a_mirror_may_be_an_address(mirror, serve, monkeypatch, capsys):
    address, _ = serve(mirror.folder)
    monkeypatch.setenv("WORKSHOP_MIRROR", address)
    source = f"the mirror {address.removeprefix('http://')}"
    assert line(capsys) == (60, f"digits: real (not the public file, from {source})")


def test_a_damaged_download_is_fetched_once_more_and_then_removed(
    mirror, serve, monkeypatch, capsys, home
):
    address, asked = serve(mirror.folder)
    monkeypatch.setenv("WORKSHOP_MIRROR", address)
    mirror.replace("x_train", b"damaged")
    assert line(capsys)[0] == DRAWN
    assert sum("train-images" in request for request in asked) == 2
    assert not list((home / "downloads").iterdir())


def test_the_public_files_are_fetched_and_not_kept_twice(upstream, capsys, home):
    assert line(capsys) == (60, f"digits: real (MNIST, from {upstream.host})")
    assert not list((home / "downloads").iterdir())


def test_one_line_says_what_is_being_waited_for(upstream, capsys):
    load("digits")
    waiting = f"digits: asking {upstream.host} for MNIST (11 MB) …\n"
    assert capsys.readouterr().err == waiting


def test_an_internet_copy_that_is_not_the_public_one_is_not_used(upstream, capsys):
    upstream.replace("y_train", gzip.compress(idx("y_train", 59)))
    assert line(capsys)[1].endswith("and the internet copy is damaged)")


def test_after_a_failure_upstream_is_left_alone_for_an_hour(upstream, capsys):
    upstream.file("x_train").unlink()
    assert line(capsys)[0] == line(capsys)[0] == DRAWN
    assert len(upstream.asked) == 2  # one request, logged twice: answer and reason


@pytest.mark.parametrize("seconds", [-4000, 4000])
def test_upstream_is_tried_again_after_an_hour_or_a_clock_set_back(
    upstream, home, seconds
):
    store.home()
    (home / "unreachable").write_text(str(time.time() + seconds), encoding="ascii")
    assert data.choose("digits").variant == "real"


def test_asking_for_real_data_tries_again_at_once(upstream, home, monkeypatch):
    store.home()
    (home / "unreachable").write_text(str(time.time()), encoding="ascii")
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    assert data.choose("digits").variant == "real"
    assert not (home / "unreachable").exists()


def test_real_data_that_cannot_be_had_is_one_sentence_with_a_way_out(monkeypatch):
    monkeypatch.setenv("WORKSHOP_DATA", "real")
    with pytest.raises(data.DataError, match=r"WORKSHOP_MIRROR.*WORKSHOP_DATA=drawn"):
        load("digits")


def test_drawn_data_can_be_asked_for(mirror, monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_DATA", "drawn")
    assert line(capsys) == (DRAWN, "digits: drawn by this kit (WORKSHOP_DATA=drawn)")


def test_a_grader_can_pass_on_the_reason_for_its_choice(monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_DATA", "drawn")
    monkeypatch.setenv("WORKSHOP_REASON", "no network")
    assert line(capsys)[1] == "digits: drawn by this kit (no network)"


@pytest.mark.parametrize("text", ["reel", "1", "real drawn"])
def test_a_misspelt_wish_is_named(monkeypatch, text):
    monkeypatch.setenv("WORKSHOP_DATA", text)
    with pytest.raises(data.DataError, match=f"'{text}'; write real, drawn or auto"):
        load("digits")


def test_an_unknown_data_set_is_named_with_those_that_exist():
    with pytest.raises(data.DataError, match="'digit'; there is: digits"):
        load("digit")


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "pickle"])
def test_a_damaged_kept_file_is_named_removed_and_made_again(home, capsys, damage):
    whole = data.arrays("digits", "drawn")
    (path,) = home.glob("*.npz")
    spoil(path, damage)
    assert np.array_equal(data.arrays("digits", "drawn")["x_test"], whole["x_test"])
    assert path.name in capsys.readouterr().err
    assert store.read(path, ["x_test"])


def spoil(path, damage):
    content = bytearray(path.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 1
    new = {"cut": content[:5000], "flipped": content, "empty": b"", "text": b"hello"}
    if damage == "pickle":
        np.savez(path, about=np.array([object()]), x_test=np.array([{}]))
    else:
        path.write_bytes(new[damage])


def test_a_kept_array_that_was_exchanged_is_found_by_its_hash(home):
    arrays = {"x": np.zeros(3, np.uint8)}
    store.write(home / "a.npz", arrays, {})
    with np.load(home / "a.npz") as kept:
        np.savez(home / "a.npz", about=kept["about"], x=np.ones(3, np.uint8))
    with pytest.raises(store.Damaged, match="another SHA-256"):
        store.read(home / "a.npz", ["x"])


def test_what_another_version_of_the_generator_drew_is_replaced(home):
    store.home()
    (home / "digits-drawn-00000000.npz").write_bytes(b"old")
    data.arrays("digits", "drawn")
    assert [path.name for path in home.glob("*.npz")] == [
        shelf.drawn_path("digits").name
    ]


def test_a_home_that_cannot_be_written_to_is_replaced_by_a_temporary_one(
    tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "file" / "home"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert store.home().parent == tmp_path
    assert capsys.readouterr().err.count("cannot be written to") == 1


def test_the_home_is_a_folder_of_keras_unless_named(tmp_path, monkeypatch):
    monkeypatch.delenv("WORKSHOP_HOME")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    assert store.home() == tmp_path / "keras" / "datasets" / "keras-workshop"


def test_a_person_without_a_home_folder_gets_a_temporary_one(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("WORKSHOP_HOME", "~nobody-of-that-name/data")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert store.home().parent == tmp_path
    assert "cannot be written to" in capsys.readouterr().err


def test_a_full_disk_costs_a_sentence_and_not_the_data(monkeypatch, capsys, home):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("numpy.savez", full)
    assert len(data.arrays("digits", "drawn")["x_train"]) == DRAWN
    assert "No space left on device" in capsys.readouterr().err
    assert not list(home.iterdir())


def test_two_processes_that_prepare_at_once_do_not_spoil_each_other(mirror, home):
    code = "from workshop.datasets import load; print(load('digits')[0][1].sum())"
    command = [sys.executable, "-c", code]
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "env": os.environ}
    both = [subprocess.Popen(command, **pipe, text=True) for _ in range(2)]
    one, other = (process.communicate()[0] for process in both)
    assert one == other
    assert [path.name for path in home.iterdir()] == ["digits-real.npz"]
    store.read(home / "digits-real.npz", ("x_train", "y_train", "x_test", "y_test"))


def entries(name):
    return [entry for entry in data.inventory() if entry.name == name]


def test_the_inventory_has_every_data_set_in_each_of_its_variants():
    found = [(entry.name, entry.variant) for entry in data.inventory()]
    names = [name for name in data.sources.NAMES if name != "photos"]
    both = {(name, variant) for name in names for variant in ("real", "drawn")}
    assert set(found) == both | {("photos", "drawn")}
    assert len(set(found)) == len(found)


def test_the_inventory_tells_what_is_here_without_making_it(home):
    real, drawn = entries("digits")
    assert (real.present, real.size, drawn.present, drawn.size) == (False, 0, True, 0)
    assert not list(home.iterdir())


def test_the_inventory_tells_size_licence_source_and_place(mirror):
    data.prepare("digits", "real")
    real, drawn = entries("digits")
    assert real.present
    assert real.size == real.path.stat().st_size > 0
    assert str(mirror.folder) in real.source
    assert (real.licence, drawn.licence) == ("CC BY-SA 3.0", "Apache-2.0")


def test_loading_imports_no_tensorflow():
    code = (
        "import sys; from workshop.datasets import load; load('digits', 'drawn')\n"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


@needs_mirror
def test_the_mirror_at_hand_has_the_public_files(monkeypatch, capsys):
    monkeypatch.setenv("WORKSHOP_MIRROR", MIRROR)
    assert line(capsys) == (60_000, f"digits: real (MNIST, from the mirror {MIRROR})")


@needs_mirror
def test_a_mirror_alone_prepares_what_it_has(home):
    assert data.from_mirror("digits", MIRROR)
    assert any(
        (one.name, one.variant, one.present) == ("digits", "real", True)
        for one in data.inventory()
    )


@pytest.mark.parametrize("name", ["digits", "photos", "pets"])
def test_what_a_mirror_lacks_is_not_looked_for_elsewhere(home, tmp_path, name):
    assert not data.from_mirror(name, str(tmp_path / "empty"))
