"""The secret and what is sealed belong to the instructor alone."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from workshop import course, data, private
from workshop.cli.entry import run
from workshop.data import own, sealing, shelf, sources, store
from workshop.recorder import Recorder
from workshop.vault import Vault, VaultError

SIGNS = course.load().find("02_asl")
HEADLINES = course.load().find("06_headlines")
LETTERS = sources.classes("signs")
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


@pytest.fixture
def pictures(tmp_path):
    """Four pictures of each letter, each of another grey."""
    for label, letter in enumerate(LETTERS):
        for number in range(4):
            path = tmp_path / "hands" / letter / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = np.full((28, 28, 3), 10 * label + number, np.uint8)
            Image.fromarray(pixels).save(path)
    return tmp_path / "hands"


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(f"headline number {n}" for n in range(60)))
    return path


def greys(half):
    return sorted(int(image[0, 0]) for image in half.images)


# The secret


def test_the_secret_is_made_once(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda _: Vault(tmp_path / "g").secret(), range(32))
    assert len(set(made)) == 1
    assert [path.name for path in (tmp_path / "g").iterdir()] == ["secret"]


@posix
def test_the_secret_is_its_owners_alone(tmp_path):
    Vault(tmp_path / "g").secret()
    assert stat.S_IMODE((tmp_path / "g" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "g").stat().st_mode) == 0o700


@posix
@pytest.mark.parametrize("mode", [0o644, 0o620, 0o601, 0o640])
def test_a_secret_that_others_can_read_is_refused_with_the_fix(tmp_path, mode):
    Vault(tmp_path).secret()
    (tmp_path / "secret").chmod(mode)
    with pytest.raises(VaultError, match="chmod 600"):
        Vault(tmp_path).secret()


@posix
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o1777])
def test_a_secret_that_others_can_exchange_is_refused_with_the_fix(tmp_path, mode):
    Vault(tmp_path / "g").secret()
    (tmp_path / "g").chmod(mode)
    with pytest.raises(VaultError, match="chmod 700"):
        Vault(tmp_path / "g").secret()


def test_a_damaged_secret_is_named(tmp_path):
    private.write(tmp_path / "secret", b"short")
    with pytest.raises(VaultError, match="damaged"):
        Vault(tmp_path).secret()


def test_what_the_disk_refuses_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(VaultError, match="cannot be read or written"):
        Vault(tmp_path / "file").secret()


def test_where_a_new_secret_cannot_be_written_the_old_one_stays(tmp_path, monkeypatch):
    old = Vault(tmp_path).secret()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VaultError, match="No space left"):
        Vault(tmp_path).renew()
    assert Vault(tmp_path).secret() == old
    assert not list(tmp_path.glob(".*"))


def test_a_new_secret_keeps_the_old_one(tmp_path):
    old = Vault(tmp_path).secret()
    kept = Vault(tmp_path).renew()
    assert kept.read_bytes() == old != Vault(tmp_path).secret()


def test_two_new_secrets_within_a_second_lose_no_old_one(tmp_path, monkeypatch):
    monkeypatch.setattr("time.strftime", lambda form: "now")
    old = Vault(tmp_path).secret()
    Vault(tmp_path).renew()
    with pytest.raises(VaultError, match="exists"):
        Vault(tmp_path).renew()
    assert (tmp_path / "secret-now").read_bytes() == old


# What is sealed


def test_two_folders_have_other_unseen_data(tmp_path):
    one, other = (Vault(tmp_path / n).halves(HEADLINES, "drawn") for n in "ab")
    assert one[1].texts != other[1].texts


def test_drawn_items_are_those_of_the_secret_and_are_drawn_once(tmp_path):
    here = Vault(tmp_path)
    halves = here.halves(HEADLINES, "drawn")
    assert halves[1].texts == data.sealed("headlines", here.secret(), "drawn")[1].texts
    assert here.halves(HEADLINES, "drawn") is halves


def test_own_pictures_take_the_place_of_drawn_ones(tmp_path, pictures):
    Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))
    shown, graded = Vault(tmp_path).halves(SIGNS, "drawn")
    every = [10 * label + number for label in range(24) for number in range(4)]
    assert sorted(greys(shown) + greys(graded)) == every
    assert np.array_equal(shown.images[:, 0, 0] // 10, shown.labels)


def test_own_lines_take_the_place_of_drawn_ones(tmp_path, lines):
    Vault(tmp_path).seal(HEADLINES, own.lines(lines))
    shown, graded = Vault(tmp_path).halves(HEADLINES, "drawn")
    assert len({*shown.texts, *graded.texts}) == 60


def test_a_new_secret_moves_nothing_that_was_shown_to_what_counts(tmp_path, pictures):
    Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))
    before = Vault(tmp_path).halves(SIGNS, "drawn")
    Vault(tmp_path).renew()
    after = Vault(tmp_path).halves(SIGNS, "drawn")
    assert [*map(greys, before)] == [*map(greys, after)]


def test_no_report_shows_own_pictures_in_whatever_order(tmp_path, pictures):
    Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))
    shown, _ = Vault(tmp_path).halves(SIGNS, "drawn")
    shown, recorder = sealing.reordered(shown, np.random.default_rng(1)), Recorder()
    recorder.answers(shown, np.eye(24)[(shown.labels + 1) % 24])
    assert {mistake.picture for mistake in recorder.shown.mistakes} == {""}


@posix
def test_own_items_that_others_can_read_are_refused(tmp_path, lines):
    Vault(tmp_path).seal(HEADLINES, own.lines(lines))
    (tmp_path / "sealed" / "06_headlines.npz").chmod(0o644)
    with pytest.raises(VaultError, match="chmod 600"):
        Vault(tmp_path).halves(HEADLINES, "drawn")


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive at all"])
def test_own_items_that_are_damaged_are_named_before_anything_is_graded(
    tmp_path, content
):
    private.write(tmp_path / "sealed" / "02_asl.npz", content)
    for look in (Vault(tmp_path).halves, Vault(tmp_path).identity):
        with pytest.raises(VaultError, match="is damaged"):
            look(SIGNS, "drawn")


def test_own_items_that_were_exchanged_are_found_by_their_hash(tmp_path, lines):
    arrays = own.lines(lines)
    other = np.frombuffer(bytes(32), np.uint8)
    (tmp_path / "sealed").mkdir(mode=0o700)
    path = tmp_path / "sealed" / "06_headlines.npz"
    np.savez(path, sha256=other, **arrays)
    path.chmod(0o600)
    with pytest.raises(VaultError, match="SHA-256"):
        Vault(tmp_path).halves(HEADLINES, "drawn")


def test_own_items_of_another_lesson_are_refused(tmp_path, pictures):
    Vault(tmp_path).seal(HEADLINES, own.pictures("signs", pictures))
    with pytest.raises(VaultError, match="other classes"):
        Vault(tmp_path).halves(HEADLINES, "drawn")


def test_nothing_in_the_folder_needs_unpickling(tmp_path, pictures):
    Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))
    with np.load(tmp_path / "sealed" / "02_asl.npz", allow_pickle=False) as kept:
        names = {name: kept[name].dtype.kind for name in kept.files}
    assert names["classes"] == "U"
    assert set(names.values()) <= set("uiU")


# The identity


def test_the_identity_changes_with_secret_variant_lesson_and_items(
    tmp_path, lines, monkeypatch
):
    monkeypatch.setattr(shelf, "items", lambda name, variant: f"{name} {variant}")
    one, other = Vault(tmp_path / "a"), Vault(tmp_path / "b")
    found = [box.identity(SIGNS, v) for box in (one, other) for v in ("real", "drawn")]
    found += [one.identity(HEADLINES, "drawn")]
    one.seal(HEADLINES, own.lines(lines))
    found += [one.identity(HEADLINES, "drawn")]
    lines.write_text(lines.read_text() + "\none more headline")
    one.seal(HEADLINES, own.lines(lines))
    found += [one.identity(HEADLINES, "drawn")]
    one.renew()
    assert len({*found, one.identity(HEADLINES, "drawn")}) == len(found) + 1


def test_the_identity_is_the_same_for_the_same_items(tmp_path, lines):
    Vault(tmp_path).seal(HEADLINES, own.lines(lines))
    before = Vault(tmp_path).identity(HEADLINES, "drawn")
    Vault(tmp_path).seal(HEADLINES, own.lines(lines))
    assert Vault(tmp_path).identity(HEADLINES, "drawn") == before


def test_the_identity_changes_with_what_draws(tmp_path, monkeypatch):
    before = Vault(tmp_path).identity(SIGNS, "drawn")
    monkeypatch.setattr(shelf, "drawing", lambda name: "another")
    assert Vault(tmp_path).identity(SIGNS, "drawn") != before


def test_the_identity_changes_with_the_real_data_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKSHOP_HOME", str(tmp_path / "home"))
    path = store.home() / shelf.file_name("headlines", "real")
    made = []
    for text in (b"one", b"other"):
        arrays = dict.fromkeys(("train", "test", "withheld"), np.frombuffer(b"a", "u1"))
        arrays["withheld"] = np.frombuffer(text, np.uint8)
        store.write(path, arrays, {"reason": "a test"})
        made.append(Vault(tmp_path / "g").identity(HEADLINES, "real"))
    assert made[0] != made[1]


# The command


def test_the_command_seals_and_shows_no_secret(tmp_path, pictures, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["seal", "--images", f"02={pictures}"]) == 0
    said = capsys.readouterr().out
    secret = (tmp_path / "grading" / "secret").read_bytes()
    assert "Sealed for 02_asl: 48 shown, 48 that count." in said
    assert secret.hex() not in said
    assert repr(secret) not in said


def test_the_command_makes_a_new_secret_only_when_told(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(["seal"])
    old = (tmp_path / "grading" / "secret").read_bytes()
    assert run(["seal"]) == 0
    assert "is used as it was" in capsys.readouterr().out
    assert run(["seal", "--again"]) == 0
    (kept,) = (tmp_path / "grading").glob("secret-*")
    assert kept.read_bytes() == old != (tmp_path / "grading" / "secret").read_bytes()


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (["--images", "02"], "LESSON=PLACE"),
        (["--images", "02="], "LESSON=PLACE"),
        (["--images", "99=x"], "no lesson called"),
        (["--images", "02=nowhere"], "not a folder"),
        (["--images", "06=."], "seal texts"),
        (["--texts", "02=nowhere.txt"], "seal --images"),
        (["--texts", "06=nowhere.txt"], "cannot be read"),
    ],
)
def test_what_is_typed_wrongly_changes_nothing(
    tmp_path, monkeypatch, capsys, lines, option, says
):
    monkeypatch.chdir(tmp_path)
    good = ["--texts", f"06={lines}"]
    assert run(["seal", "--again", *good, *option]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "grading").exists()


@posix
def test_a_secret_that_is_known_is_refused_by_the_command(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    run(["seal"])
    (tmp_path / "grading" / "secret").chmod(0o644)
    assert run(["seal"]) == 2
    assert "workshop seal --again" in capsys.readouterr().err
