"""A mirror is complete when its lists say so, and checked as if nobody had built it."""

import gzip
import hashlib
import json

import mirrors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.cli import entry
from workshop.data import mnist, origin
from workshop.mirror import DATA, build, check, download, holdings, kit, lists, pip
from workshop.mirror.lists import About, MirrorError
from workshop.mirror.platforms import PLATFORMS
from workshop.mirror.wheels import Wheel

LIBRARY = "wheels/tiny_library-1.0-py3-none-any.whl"
LINUX = PLATFORMS["linux"]


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """No mirror, no home, no upstream but those that a test makes."""
    monkeypatch.delenv("WORKSHOP_MIRROR", raising=False)
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(mnist, "UPSTREAM", ("http://127.0.0.1:9/none/",))


@pytest.fixture
def mirror(tmp_path):
    return mirrors.mirror(tmp_path / "mirror")


@pytest.fixture
def run(capsys):
    def run(*arguments):
        status = entry.run(["mirror", *map(str, arguments)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


def sha256(content):
    return hashlib.sha256(content).hexdigest()


# Checking


def test_what_was_built_is_whole(mirror):
    assert check.problems(mirror) == []


def test_a_missing_wheel_is_named_and_so_is_who_lacks_it(mirror):
    (mirror / LIBRARY).unlink()
    missing, lacks = check.problems(mirror)
    assert missing == f"{LIBRARY} is missing."
    assert lacks.startswith(f"Python {mirrors.PYTHON} on ")


def test_a_damaged_file_is_named(mirror):
    content = (mirror / LIBRARY).read_bytes()
    (mirror / LIBRARY).write_bytes(content[:-1] + b"!")
    assert check.problems(mirror) == [f"{LIBRARY} is damaged."]


def test_a_file_that_nobody_listed_is_named(mirror):
    (mirror / "notes.txt").touch()
    assert check.problems(mirror) == ["notes.txt is not in SHA256SUMS."]


def test_a_wheel_that_a_machine_needs_and_no_list_has_is_named(mirror):
    about = lists.about(mirror)
    about.wheels["linux"] = {"3.12": {"other-1-py3-none-any.whl": 1}}
    (mirror / lists.ABOUT).write_text(lists.written(about), "utf-8")
    build.build(mirror, (), (), ())
    assert "Python 3.12 on linux lacks other-1" in check.problems(mirror)[0]


@pytest.mark.parametrize("name", [".DS_Store", "mnist/Thumbs.db", "wheels/a.whl.part"])
def test_what_file_managers_and_cut_downloads_leave_does_not_count(mirror, name):
    (mirror / name).parent.mkdir(exist_ok=True)
    (mirror / name).touch()
    assert check.problems(mirror) == []


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../b", "c:/x"])
def test_a_list_that_leads_out_of_the_folder_is_refused(mirror, path):
    (mirror / lists.SUMS).write_text(f"{'0' * 64}  {path}\n", "utf-8")
    with pytest.raises(MirrorError, match="not inside"):
        lists.sums(mirror)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"kit": 1}',
        '{"kit": "", "wheel": "", "made": "", "wheels": {"a": 1}}',
    ],
)
def test_a_list_in_another_form_is_refused(mirror, text):
    (mirror / lists.ABOUT).write_text(text, "utf-8")
    with pytest.raises(MirrorError, match="cannot be read"):
        lists.about(mirror)


NAMES = st.text(max_size=9)
SIZES = st.dictionaries(NAMES, st.integers(0), max_size=3)
PYTHONS = st.dictionaries(NAMES, SIZES, max_size=3)


@given(st.dictionaries(NAMES, PYTHONS, max_size=3), NAMES)
def test_what_is_written_of_a_mirror_is_what_is_read(wheels, text):
    about = About(text, text, text, wheels)
    assert lists.parsed(lists.written(about)) == about


@given(st.text())
def test_any_other_text_is_refused(text):
    with pytest.raises(ValueError, match="our form"):
        lists.parsed(text)


def test_verify_says_what_is_wrong_and_how_to_mend_it(mirror, run):
    (mirror / "ev\x1b[2Jil.txt").touch()
    status, said = run("verify", mirror)
    assert status == 1
    assert "evil.txt is not in SHA256SUMS.\n" in said
    assert "To mend it: workshop mirror build " in said


def test_verify_says_what_there_is_for_whom(mirror, run):
    status, said = run("verify", mirror)
    assert status == 0
    assert f"Python {mirrors.PYTHON} on " in said
    assert "Every file is there and whole." in said


def test_a_folder_that_is_no_mirror_is_refused_in_a_sentence(tmp_path, run):
    status, said = run("verify", tmp_path)
    assert (status, said.count("\n")) == (2, 1)
    assert "is no mirror" in said


# Building


def test_a_build_that_is_stopped_leaves_the_lists_with_all_they_name(
    mirror, monkeypatch
):
    def stop(name, folder):
        (folder / "half").touch()
        raise KeyboardInterrupt

    monkeypatch.setattr(holdings, "bring", stop)
    with pytest.raises(KeyboardInterrupt):
        build.build(mirror, (), (), ("digits",))
    assert check.problems(mirror) == ["half is not in SHA256SUMS."]


def test_data_come_from_the_mirror_that_is_set(tmp_path, monkeypatch):
    source = tmp_path / "source"
    digits = {
        f"mnist/{item.file}": gzip.compress(b"x") for item in mnist.FILES.values()
    }
    for name, content in digits.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    sums = "".join(f"{sha256(content)}  ./{name}\n" for name, content in digits.items())
    (source / lists.SUMS).write_text(sums, "utf-8")
    monkeypatch.setenv("WORKSHOP_MIRROR", str(source))
    assert build.build(tmp_path / "mirror", (), (), ("digits",)) == []
    assert lists.files(tmp_path / "mirror") == [lists.ABOUT, *sorted(digits)]


def test_data_that_are_there_and_whole_are_not_asked_for(tmp_path, monkeypatch):
    target = tmp_path / "mirror" / "headlines" / "abcnews_20k.csv"
    target.parent.mkdir(parents=True)
    target.write_text("publish_date,headline_text\n", "utf-8")
    assert build.build(tmp_path / "mirror", (), (), ("headlines",)) == []


def test_what_cannot_be_had_is_named_with_the_reason_and_the_rest_is_built(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("workshop.backbones.imagenet.find", lambda file: (None, "no"))
    monkeypatch.setattr("workshop.data.tables.KAGGLE", "http://127.0.0.1:9/none")
    pets = tmp_path / "source" / "pets" / "ours" / "one.jpg"
    pets.parent.mkdir(parents=True)
    pets.write_bytes(b"jpeg")
    monkeypatch.setenv("WORKSHOP_MIRROR", str(tmp_path / "source"))
    missed = build.build(tmp_path / "mirror", (), (), DATA)
    wanted = ["digits", "signs", "headlines", "fruit", "vgg16"]
    assert [one.what for one in missed] == [f"the real {name}" for name in wanted]
    assert all(one.why and not one.asked for one in missed)
    assert lists.files(tmp_path / "mirror") == ["mirror.json", "pets/ours/one.jpg"]


def test_signs_are_packed_from_the_public_archive(tmp_path, monkeypatch):
    forgotten = []
    monkeypatch.setattr(origin, "content", lambda source, item: _content(source))
    monkeypatch.setattr(origin, "forget", forgotten.append)
    holdings.bring("signs", tmp_path)
    packed = list(tmp_path.rglob("sign_mnist_*.csv.gz"))
    assert [gzip.decompress(one.read_bytes()) for one in packed] == [b"table"] * 2
    assert forgotten == ["sign-language-mnist.zip"]


def _content(source):
    if not source.archive:
        raise origin.Unusable("it is not there")
    return b"table", True


# Wheels


def test_a_wheel_that_is_there_and_whole_is_not_fetched_again(tmp_path, monkeypatch):
    here = mirrors.wheel(tmp_path, "here")
    asked = []
    monkeypatch.setattr(pip, "run", lambda *words, **more: asked.append(words))
    whole = Wheel("here", "1.0", here.name, sha256(here.read_bytes()))
    download.fetch([whole], tmp_path, LINUX, "3.12")
    assert asked == []


def test_a_wheel_that_did_not_come_is_an_error_with_what_pip_said(
    tmp_path, monkeypatch
):
    class Failed:
        returncode, stderr = 1, "No matching distribution"

    monkeypatch.setattr(pip, "run", lambda *words, **more: Failed)
    with pytest.raises(MirrorError, match=r"a.whl did not come. No matching"):
        download.fetch([Wheel("a", "1", "a.whl", "0" * 64)], tmp_path, LINUX, "3.12")
    assert list(tmp_path.iterdir()) == []


def test_the_kit_is_the_file_that_is_given(tmp_path):
    given = mirrors.kit(tmp_path / "given", "0.2.0")
    own = kit.place(given, tmp_path)
    assert own.read_bytes() == given.read_bytes()
    assert kit.version(own) == "0.2.0"


def test_a_file_that_is_not_the_kit_is_refused(tmp_path):
    other = mirrors.wheel(tmp_path / "other", "other")
    broken = tmp_path / "keras_workshop-1-py3-none-any.whl"
    broken.write_bytes(b"no zip")
    for path in (other, broken):
        with pytest.raises(MirrorError, match="--wheel FILE"):
            kit.place(path, tmp_path)


def test_where_the_kit_is_not_at_hand_it_must_be_given(tmp_path, monkeypatch):
    monkeypatch.setattr(kit, "_source", lambda: None)
    monkeypatch.setattr(kit, "_installed", lambda: None)
    with pytest.raises(MirrorError, match="--wheel FILE"):
        kit.place(None, tmp_path)


def test_the_kit_is_found_where_pip_noted_it(tmp_path, monkeypatch):
    given = mirrors.kit(tmp_path / "with blank")

    class Noted:
        def read_text(self, name):
            return json.dumps({"url": given.as_uri(), "archive_info": {}})

    monkeypatch.setattr(kit, "_source", lambda: None)
    monkeypatch.setattr(kit.metadata, "distribution", lambda name: Noted())
    assert kit.place(None, tmp_path).name == given.name
