"""uv and pip, asked for other machines, answer from an index in a folder."""

import sys

import mirrors
import pytest

from workshop.mirror import build, check, lists, pip, wheels
from workshop.mirror.lists import MirrorError
from workshop.mirror.platforms import PLATFORMS

pytestmark = pytest.mark.slow
COMPILED = (
    "cp311-cp311-win_amd64",
    "cp312-cp312-win_amd64",
    "cp312-cp312-macosx_11_0_arm64",
    "cp312-cp312-macosx_14_0_arm64",
    "cp312-cp312-manylinux_2_17_x86_64",
    "cp312-cp312-manylinux_2_28_x86_64",
    "cp312-cp312-manylinux_2_39_x86_64",
)
NEEDS = (
    "Requires-Dist: compiled",
    "Requires-Dist: for-windows; sys_platform == 'win32'",
    "Requires-Dist: extra-thing; extra == 'more'",
)


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """The wheel of a kit whose needs depend on the machine, and an index of them."""
    made = [mirrors.wheel(tmp_path / "made", "compiled", tag=tag) for tag in COMPILED]
    made.append(mirrors.wheel(tmp_path / "made", "for-windows"))
    mirrors.pip_of_python(tmp_path / "made")
    made += (tmp_path / "made").glob("pip-*.whl")
    for name in ("PIP_FIND_LINKS", "PIP_CONSTRAINT", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    monkeypatch.setenv("UV_NO_CACHE", "1")
    monkeypatch.setenv("PIP_INDEX_URL", mirrors.index(tmp_path / "index", *made))
    return mirrors.kit(tmp_path / "kit", meta=NEEDS)


def tags(found):
    return {one.project: one.file.partition("-1.0-")[2] for one in found}


@pytest.mark.parametrize(
    ("platform", "compiled"),
    [
        ("windows", "cp312-cp312-win_amd64.whl"),
        ("macos", "cp312-cp312-macosx_11_0_arm64.whl"),
        ("linux", "cp312-cp312-manylinux_2_28_x86_64.whl"),
    ],
)
def test_each_machine_gets_what_it_needs_and_can_run(kit, platform, compiled):
    found = tags(wheels.resolve(kit, PLATFORMS[platform], "3.12"))
    assert found["compiled"] == compiled
    assert ("for-windows" in found) == (platform == "windows")
    assert "pip" in found
    assert "extra-thing" not in found


def test_a_machine_for_which_there_is_no_wheel_is_named(kit):
    with pytest.raises(
        MirrorError, match=r"^Linux \(ARM\), Python 3.12: [\s\S]*compiled"
    ):
        wheels.resolve(kit, PLATFORMS["linux-arm"], "3.12")


def test_a_mirror_is_built_renewed_and_taken_up_where_it_was(
    kit, tmp_path, monkeypatch
):
    folder = tmp_path / "mirror"
    build.build(folder, ["windows"], ["3.12"], (), wheel=kit)
    missed = build.build(folder, ["macos", "linux-arm"], ["3.12"], (), wheel=kit)
    assert [one.what for one in missed] == ["Python 3.12 on linux-arm"]
    assert check.problems(folder) == []
    assert {one: len(names) for one, _, names in lists.about(folder).pairs()} == {
        "macos": 3,
        "windows": 4,
    }
    whole = folder / "wheels" / "for_windows-1.0-py3-none-any.whl"
    whole.write_bytes(b"cut")
    asked = _listened(monkeypatch)
    build.build(folder, ["windows"], ["3.12"], (), wheel=kit)
    assert check.problems(folder) == []
    assert asked.count("download") == 1


def test_a_new_kit_takes_the_place_of_the_old_one(kit, tmp_path):
    folder = tmp_path / "mirror"
    build.build(folder, ["windows"], ["3.12"], (), wheel=kit)
    newer = mirrors.kit(tmp_path / "newer", "0.2.0", meta=NEEDS[:1])
    build.build(folder, ["windows"], ["3.12"], (), wheel=newer)
    assert check.problems(folder) == []
    assert lists.about(folder).kit == "0.2.0"
    names = {path.name.partition("-")[0] for path in folder.glob("wheels/*")}
    assert names == {"keras_workshop", "compiled", "pip"}


def test_without_a_network_all_stays_and_gets_the_new_kit(kit, tmp_path, monkeypatch):
    folder = tmp_path / "mirror"
    build.build(folder, ["windows"], ["3.12"], (), wheel=kit)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/none/")
    newer = mirrors.kit(tmp_path / "newer", "0.2.0", meta=NEEDS)
    missed = build.build(folder, ["windows"], ["3.12"], (), wheel=newer)
    assert [one.what for one in missed] == ["Python 3.12 on windows"]
    assert check.problems(folder) == []
    ((*_, names),) = lists.about(folder).pairs()
    assert {newer.name, "for_windows-1.0-py3-none-any.whl"} <= set(names)
    assert kit.name not in names


def _listened(monkeypatch):
    """Return what pip is asked to do from now on."""
    asked, run = [], pip.run

    def listen(*words, **more):
        asked.append(words[0])
        return run(*words, **more)

    monkeypatch.setattr(pip, "run", listen)
    return asked


def test_the_kit_is_built_from_the_source_that_runs(tmp_path):
    from workshop.mirror import kit as own

    made = own.place(None, tmp_path)
    assert own.version(made)
    assert made.parent == tmp_path


def test_without_uv_a_sentence_says_how_to_get_it(kit, monkeypatch):
    monkeypatch.setitem(sys.modules, "uv", None)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(MirrorError, match="pip install"):
        wheels.resolve(kit, PLATFORMS["linux"], "3.12")
