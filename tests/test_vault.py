"""The secret and what is sealed belong to the instructor alone."""

import os
import stat

import numpy as np
import pytest
from PIL import Image

from workshop import course, vault
from workshop.cli.entry import run
from workshop.data import DataError, own
from workshop.vault import Vault, VaultError

SIGNS = course.load().find("02_asl")
HEADLINES = course.load().find("06_headlines")
CLASSES = "ABCDEFGHIKLMNOPQRSTUVWXY"
posix = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


def draw(path, level):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.full((40, 60, 3), level % 256, np.uint8)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def pictures(tmp_path):
    """Two pictures of each letter by each of four people."""
    folder = tmp_path / "hands"
    for label, letter in enumerate(CLASSES):
        for person in ("ann", "bob", "cid", "dee"):
            for number in range(2):
                draw(folder / letter / person / f"{number}.png", 10 * label + number)
    return folder


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "lines.txt"
    path.write_text("\n".join(f"Headline number {n}" for n in range(60)))
    return path


def test_the_secret_is_made_once(tmp_path):
    assert Vault(tmp_path / "g").secret() == Vault(tmp_path / "g").secret()


@posix
def test_the_secret_is_its_owners_alone(tmp_path):
    Vault(tmp_path / "g").secret()
    assert stat.S_IMODE((tmp_path / "g" / "secret").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "g").stat().st_mode) == 0o700


@posix
def test_a_secret_that_others_can_read_is_refused_with_the_fix(tmp_path):
    Vault(tmp_path).secret()
    (tmp_path / "secret").chmod(0o644)
    with pytest.raises(VaultError, match="chmod 600"):
        Vault(tmp_path).secret()


def test_a_damaged_secret_is_named(tmp_path):
    vault._write(tmp_path / "secret", b"short")
    with pytest.raises(VaultError, match="damaged"):
        Vault(tmp_path).secret()


def test_two_folders_have_other_unseen_data(tmp_path):
    one, other = (Vault(tmp_path / n).halves(SIGNS, "drawn")[1] for n in "ab")
    assert not np.array_equal(one.images, other.images)


def test_the_identity_changes_with_secret_variant_and_items(tmp_path, pictures):
    one, other = Vault(tmp_path / "a"), Vault(tmp_path / "b")
    found = [box.identity(SIGNS, v) for box in (one, other) for v in ("real", "drawn")]
    one.seal(SIGNS, own.pictures("signs", pictures))
    assert len({*found, one.identity(SIGNS, "drawn")}) == 5


def test_own_pictures_take_the_place_of_drawn_ones(tmp_path, pictures):
    Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))
    shown, graded = Vault(tmp_path).halves(SIGNS, "drawn")
    assert shown.images.shape == graded.images.shape == (96, 28, 28)
    for half in (shown, graded):
        assert set(half.labels) == set(range(24))
        assert all(
            abs(int(image[14, 14]) - 10 * int(label)) <= 1
            for image, label in zip(half.images, half.labels, strict=True)
        )


def test_no_person_is_in_both_halves(tmp_path, pictures):
    Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))
    shown, graded = Vault(tmp_path).halves(SIGNS, "drawn")
    assert not set(shown.groups) & set(graded.groups)
    assert len(set(shown.groups) | set(graded.groups)) == 4


def test_pictures_of_one_person_make_no_two_halves(tmp_path, pictures):
    for letter in CLASSES:
        for person in ("bob", "cid", "dee"):
            for path in (pictures / letter / person).iterdir():
                path.unlink()
    with pytest.raises(DataError, match="too few people"):
        Vault(tmp_path).seal(SIGNS, own.pictures("signs", pictures))


def test_own_lines_are_read_as_headlines_are(tmp_path, lines):
    Vault(tmp_path).seal(HEADLINES, own.lines(lines))
    shown, graded = Vault(tmp_path).halves(HEADLINES, "drawn")
    assert len(shown.texts) == len(graded.texts) == 30
    assert "headline number 7" in shown.texts + graded.texts


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: (f / "A").rename(f / "J"), "J is no class"),
        (lambda f: [p.unlink() for p in (f / "B").rglob("*.png")], "more of B"),
        (lambda f: (f / "C" / "x.png").write_bytes(b"no picture"), "x.png is no pict"),
    ],
)
def test_what_is_wrong_with_pictures_is_named(pictures, change, says):
    change(pictures)
    with pytest.raises(DataError, match=says):
        own.pictures("signs", pictures)


def test_digits_on_white_paper_are_turned_round(tmp_path):
    for digit in range(10):
        for number in range(2):
            draw(tmp_path / str(digit) / f"{number}.png", 240)
    arrays = own.pictures("digits", tmp_path)
    shown, _ = own.halves(arrays, "digits", "real", 1)
    assert shown.images.max() == 15


def test_few_lines_are_refused(tmp_path):
    path = tmp_path / "few.txt"
    path.write_text("one line\n")
    with pytest.raises(DataError, match="1 different lines"):
        own.lines(path)


def test_the_command_seals_and_shows_no_secret(tmp_path, pictures, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run(["seal", "--images", f"02={pictures}"]) == 0
    said = capsys.readouterr().out
    assert "Sealed for 02_asl: 96 shown, 96 that count." in said
    assert (tmp_path / "grading" / "secret").read_bytes().hex() not in said


def test_a_new_secret_keeps_the_old_one(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(["seal"])
    old = (tmp_path / "grading" / "secret").read_bytes()
    assert run(["seal", "--again"]) == 0
    (kept,) = (tmp_path / "grading").glob("secret-*")
    assert kept.read_bytes() == old != (tmp_path / "grading" / "secret").read_bytes()


@pytest.mark.parametrize(
    ("option", "says"),
    [
        (["--images", "02"], "LESSON=PLACE"),
        (["--images", "99=x"], "no lesson called"),
        (["--images", "02=nowhere"], "not a folder"),
        (["--images", "06=."], "seal texts"),
        (["--texts", "02=nowhere.txt"], "seal --images"),
        (["--texts", "06=nowhere.txt"], "cannot be read"),
    ],
)
def test_what_is_typed_wrongly_is_told(tmp_path, monkeypatch, capsys, option, says):
    monkeypatch.chdir(tmp_path)
    assert run(["seal", *option]) == 2
    assert says in capsys.readouterr().err
