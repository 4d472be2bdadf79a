"""Whatever is handed in ends as somebody's work, or is named with a reason."""

import io
import json
import os
import socket
import tempfile
import tracemalloc
import unicodedata
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop import course, notebooks
from workshop.intake import archives, collect, gather, naming

TOY = course.load(Path(__file__).parent / "toy")
FIRST, SECOND = (lesson.exercise.read_text(encoding="utf-8") for lesson in TOY.lessons)
DONE = TOY.lessons[0].solution.read_text(encoding="utf-8")
HELPER = "def helper():\n    return 1\n"


def data_of(content):
    return content if isinstance(content, bytes) else content.encode()


def lay(folder, files):
    """Write files below a folder and return the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data_of(content))
    return folder


def packed(files):
    """Return the bytes of a zip file; `files` are pairs or a dictionary."""
    buffer = io.BytesIO()
    pairs = files.items() if isinstance(files, dict) else files
    archive = zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED)
    with warnings.catch_warnings(action="ignore"), archive:
        for name, content in pairs:
            archive.writestr(name, data_of(content))
    return buffer.getvalue()


def notebook(text):
    return json.dumps(notebooks.write(text))


def model(**other):
    parts = {"metadata.json": "{}", "config.json": "{}", "model.weights.h5": b"\x89HDF"}
    return packed(parts | other)


def found(*paths):
    """Return who handed in which lesson from which file, and what is unplaced."""
    submissions, unplaced = collect(paths, TOY)
    told = sorted((one.person, one.lesson, one.name) for one in submissions)
    return told, {Path(one.path).name: one.why for one in unplaced}


ANN_AND_BOB = [("Ann Lee", "01_average"), ("Bob Ray", "02_line")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {
                "Ann Lee_1234567_assignsubmission_file_/01_average.py": FIRST,
                "Bob Ray_1234568_assignsubmission_file/02_line.py": SECOND,
                "Bob Ray_1234568_assignsubmission_onlinetext/onlinetext.html": "Hi",
            },
            ANN_AND_BOB,
        ),
        (
            {
                "Ann Lee_1234567_assignsubmission_file_01_average.py": FIRST,
                "Bob Ray_1234568_assignsubmission_file_02_line.py": SECOND,
            },
            ANN_AND_BOB,
        ),
        (
            {
                "leeann_123456_7890123_01_average.py": FIRST,
                "raybob_LATE_123457_7890124_02_line-1.py": SECOND,
                "raybob_LATE_123457_text.html": "Sorry",
                "anon_x7Yz2_7890125_02_line.py": SECOND,
            },
            [
                ("anon_x7Yz2", "02_line"),
                ("leeann", "01_average"),
                ("raybob", "02_line"),
            ],
        ),
        (
            {"lee_ann12_question_3_456_01_average.py": FIRST},
            [("lee_ann", "01_average")],
        ),
        (
            {
                "Week 1_alee3_attempt_2024-04-30-21-02-38_01_average.py": FIRST,
                "Week 1_alee3_attempt_2024-04-30-21-02-38.txt": "Name: Ann Lee",
            },
            [("alee3", "01_average")],
        ),
        (
            {
                "397063-2557369 - Ann Lee - Sep 24, 2024 926 PM/01_average.py": FIRST,
                "397064-2557370 - Bob Ray - Sep 25, 2024 926 AM/02_line.py": SECOND,
                "index.html": "<html>",
            },
            ANN_AND_BOB,
        ),
        (
            {"12345-678910 - Ann Lee - Jan 5, 2024 1003 PM - 01_average.py": FIRST},
            ANN_AND_BOB[:1],
        ),
    ],
    ids=["moodle", "moodle-flat", "canvas", "quiz", "blackboard", "d2l", "d2l-flat"],
)
@pytest.mark.parametrize("form", ["folder", "zip", "zip-in-folder"])
def test_a_platforms_names_say_whose_work_it_is(tmp_path, files, expected, form):
    place = tmp_path / "given"
    if form == "folder":
        lay(place, files)
    elif form == "zip":
        place.write_bytes(packed(files))
        place = place.rename(tmp_path / "given.zip")
    else:
        lay(place, {"platform.zip": packed(files)})
    told, unplaced = found(place)
    assert [(person, stem) for person, stem, _ in told] == expected
    assert unplaced == {}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"ann/01_average.py": FIRST, "bob/01_average.py": DONE}, ["ann", "bob"]),
        ({"ann/week1/01_average.ipynb": notebook(FIRST)}, ["ann"]),
        ({"01_average.py": FIRST, "02_line.py": SECOND}, ["class", "class"]),
        ({"ann_01_average.py": FIRST}, ["ann"]),
        ({"ann.zip": packed({"my-course/01_average.py": FIRST})}, ["ann"]),
        ({"ann/work.zip": packed({"01_average.py": FIRST})}, ["ann"]),
    ],
)
def test_a_folder_without_a_platform_is_read_by_its_folders_and_names(
    tmp_path, files, expected
):
    told, _ = found(lay(tmp_path / "class", files))
    people = [person for person, _, _ in told]
    assert [one for one in people if one in expected] == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"my-course/01_average.py": FIRST}, ["ann"]),
        ({"01_average.py": FIRST}, ["ann"]),
        ({"class/bob/01_average.py": FIRST, "class/eve/2.py": SECOND}, ["bob", "eve"]),
        ({"__MACOSX/._x": "x", "class/bob/01_average.py": FIRST}, ["bob"]),
        ({"bob/1.py": FIRST, "eve/2.py": SECOND}, ["bob", "eve"]),
        ({"bob.zip": packed({"1.py": FIRST})}, ["bob"]),
    ],
)
def test_a_zip_file_counts_as_a_folder_without_the_one_around_all(
    tmp_path, files, expected
):
    given = tmp_path / "ann.zip"
    given.write_bytes(packed(files))
    assert [person for person, _, _ in found(given)[0]] == expected


@pytest.mark.parametrize(
    "name", ["week_1_2024_monday", "group_7_20240105_b", "Ann - Lee", "x_attempt_2"]
)
def test_a_folder_that_only_resembles_a_platforms_is_none(name):
    assert naming.label(name) is None


def test_a_file_by_itself_is_nobodys_unless_its_name_tells(tmp_path):
    lay(tmp_path, {"01_average.py": FIRST, "ann_02_line.py": SECOND})
    told, _ = found(tmp_path / "01_average.py", tmp_path / "ann_02_line.py")
    assert [person for person, _, _ in told] == ["", "ann"]


def test_files_of_several_folders_have_the_names_of_their_folders(tmp_path):
    lay(tmp_path, {"ann/01_average.py": FIRST, "bob/01_average.py": DONE})
    told, _ = found(tmp_path / "ann" / "01_average.py", tmp_path / "bob/01_average.py")
    assert [person for person, _, _ in told] == ["ann", "bob"]


@pytest.mark.parametrize(
    "name",
    [
        *("01_average.py", "01_Average.PY", "1.py", "average.py", "01_average (1).py"),
        *("01_average-2.py", "01_average - Copy.py", "Kopie von 01_average.py"),
        *("01_average_final.py", "01-average.py", "anything at all.py"),
    ],
)
def test_a_lesson_is_known_by_its_name_or_its_heading(tmp_path, name):
    told, unplaced = found(lay(tmp_path / "ann", {name: FIRST}))
    assert told == [("ann", "01_average", name)]
    assert unplaced == {}


def test_a_lesson_is_known_by_the_lines_that_only_it_gives(tmp_path):
    real = course.load()
    text = real.lessons[0].exercise.read_text(encoding="utf-8")
    code = "\n".join(line for line in text.split("\n") if not line.startswith("#"))
    lay(tmp_path / "ann", {"task.py": code, "other.py": HELPER})
    submissions, _ = collect([tmp_path], real)
    assert [one.lesson for one in submissions] == [real.lessons[0].stem]


@pytest.mark.parametrize("name", ["averagge.py", "notes.ipynb", "3.py", "photo.png"])
def test_what_is_of_no_lesson_is_unplaced(tmp_path, name):
    told, unplaced = found(lay(tmp_path / "ann", {name: HELPER}))
    assert told == []
    assert "lesson" in unplaced[name]


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["01_average_ann.py", "01_average_bob.py"], ["ann", "bob"]),
        (["01_average_ann (1).py", "01_average_bob.py"], ["ann", "bob"]),
        (["01_average_Lee_Ann.py", "bob_01_average.py"], ["Lee_Ann", "bob"]),
        (["01_average.ann.ipynb", "01 average bob.py"], ["ann", "bob"]),
        (["ann.py", "bob lee.py"], ["ann", "bob lee"]),
        (["01_average_v1.py", "01_average_v2.py"], ["class"]),
        (["01_average.py", "01_average_old.py"], ["class"]),
        (["01_average_old.py", "01_average_old (1).py"], ["class"]),
    ],
)
@pytest.mark.parametrize("form", ["folder", "files", "zip"])
def test_names_in_one_folder_are_people_where_no_file_is_named_without(
    tmp_path, names, people, form
):
    files = {one: notebook(FIRST) if one.endswith("b") else FIRST for one in names}
    place = lay(tmp_path / "class", files)
    if form == "zip":
        place = tmp_path / "class.zip"
        place.write_bytes(packed(files))
    told, _ = found(*([place / one for one in names] if form == "files" else [place]))
    nameless = "" if form == "files" else "class"
    assert [who for who, _, _ in told] == [
        one.replace("class", nameless) for one in people
    ]


def test_a_person_who_is_named_for_one_lesson_is_named_for_all(tmp_path):
    names = ["01_average_ann.py", "01_average_bob.py", "02_line_bob.py"]
    files = {one: SECOND if "line" in one else FIRST for one in names}
    told, unplaced = found(lay(tmp_path / "class", files))
    assert [(who, name) for who, _, name in told] == list(
        zip(["ann", "bob", "bob"], names, strict=True)
    )
    assert unplaced == {}


def test_one_persons_lessons_of_free_names_are_one_persons(tmp_path):
    told, _ = found(lay(tmp_path / "ann", {"intro.py": FIRST, "rows.py": SECOND}))
    assert [who for who, _, _ in told] == ["ann", "ann"]


def test_in_a_persons_own_folder_a_name_is_a_note(tmp_path):
    files = {f"ann/01_average_{n}.py": f"{FIRST}# {n}" for n in ("old", "final")}
    told, unplaced = found(lay(tmp_path / "class", files))
    assert [who for who, _, _ in told] == ["ann"]
    (why,) = unplaced.values()
    assert "same person" in why
    assert "Two people" not in why


def test_who_may_have_mixed_up_two_people_is_told_what_to_do(tmp_path):
    files = {"01_average.py": FIRST, "01_average_old.py": DONE}
    _, unplaced = found(lay(tmp_path / "class", files))
    (why,) = unplaced.values()
    assert "into a folder of their name" in why


def test_the_highest_version_of_a_folder_is_the_newest(tmp_path):
    form = "Ann Lee/Lesson 1/Version {}/01_average.py"
    files = {form.format(n): f"{FIRST}# {n}" for n in (9, 10, 2)}
    (work,), unplaced = collect([lay(tmp_path / "Submitted files", files)], TOY)
    assert work.person == "Ann Lee"
    assert work.script.endswith(b"# 10")
    assert len(unplaced) == 2


def test_the_highest_number_is_the_newest(tmp_path):
    names = ["01_average.py", "01_average-1.py", "01_average (2).py"]
    files = {name: f"{FIRST}# {name}" for name in names}
    told, unplaced = found(lay(tmp_path / "ann", files))
    assert told == [("ann", "01_average", "01_average (2).py")]
    assert sorted(unplaced) == sorted(names[:2])
    assert "newer" in unplaced["01_average.py"]


def test_the_platforms_time_tells_which_is_the_newest(tmp_path):
    form = "1-2 - Ann Lee - {} - 01_average.py"
    dates = ["Sep 24, 2024 926 PM", "Oct 1, 2024 1201 AM", "Oct 1, 2024 1159 AM"]
    files = {form.format(date): f"{DONE}# {date}" for date in dates}
    submissions, unplaced = collect([lay(tmp_path, files)], TOY)
    assert [one.script.decode().split("# ")[-1] for one in submissions] == [dates[2]]
    assert len(unplaced) == 2


@pytest.mark.parametrize("done", [".py", ".ipynb"])
def test_of_script_and_notebook_the_one_with_fewer_blanks_is_graded(tmp_path, done):
    texts = {suffix: DONE if suffix == done else FIRST for suffix in (".py", ".ipynb")}
    files = {
        "01_average.py": texts[".py"],
        "01_average.ipynb": notebook(texts[".ipynb"]),
    }
    told, unplaced = found(lay(tmp_path / "ann", files))
    assert told == [("ann", "01_average", f"01_average{done}")]
    assert len(unplaced) == 1


def test_a_copy_of_unknown_age_does_not_win_by_its_name(tmp_path):
    files = {"01_average.py": DONE, "Copy of 01_average.py": FIRST}
    told, _ = found(lay(tmp_path / "ann", files))
    assert told == [("ann", "01_average", "01_average.py")]


def test_a_second_copy_of_the_same_bytes_is_passed_over(tmp_path):
    files = {"Ann Lee_12_assignsubmission_file_/01_average.py": FIRST}
    lay(tmp_path / "all", {**files, "moodle.zip": packed(files)})
    told, unplaced = found(tmp_path / "all")
    assert [person for person, _, _ in told] == ["Ann Lee"]
    assert unplaced == {}


@pytest.mark.parametrize("own", [FIRST, DONE, f"{DONE}# Mine.\n"])
@pytest.mark.parametrize(
    ("mine", "ours"),
    [
        ("01_average.py", "01_average.solution.py"),
        ("01_average_z.py", "01_average.solution.py"),
        ("zz/01_average.py", "01_average.solution.py"),
        ("01_average.ipynb", "01_average.solution.ipynb"),
        ("exercises/01_average.py", "solutions/01_average.py"),
    ],
)
def test_our_solution_is_nobodys_work_beside_their_own(tmp_path, own, mine, ours):
    made = {".py": str, ".ipynb": notebook}
    files = {f"ann/{mine}": own, f"ann/{ours}": DONE}
    files = {name: made[Path(name).suffix](text) for name, text in files.items()}
    told, unplaced = found(lay(tmp_path / "class", files))
    assert told == [("ann", "01_average", Path(mine).name)]
    assert unplaced == {}


def test_our_solution_that_was_changed_is_somebodys_work(tmp_path):
    text = DONE.replace("def ", "\ndef ", 1) + "print(1)\n"
    files = {"01_average.py": FIRST, "01_average.solution.py": text}
    told, _ = found(lay(tmp_path / "class" / "ann", files).parent)
    assert [name for _, _, name in told] == ["01_average.solution.py"]


def test_our_solution_alone_is_graded_under_its_own_name_only(tmp_path):
    told, _ = found(lay(tmp_path / "ann", {"01_average.py": DONE}))
    assert told == [("ann", "01_average", "01_average.py")]
    told, unplaced = found(lay(tmp_path / "bob", {"01_average.solution.py": DONE}))
    assert told == []
    assert "own solution" in unplaced["01_average.solution.py"]


@pytest.mark.parametrize("inside", [{}, {"__MACOSX/._01_average.py": "x"}])
def test_an_archive_with_nothing_in_it_is_named(tmp_path, inside):
    files = {"ann.zip": packed(inside), "bob/01_average.py": FIRST}
    told, unplaced = found(lay(tmp_path / "class", files))
    assert [who for who, _, _ in told] == ["bob"]
    assert "nothing in it" in unplaced["ann.zip"]


def test_a_helper_with_a_lessons_short_name_stays_a_helper(tmp_path):
    files = {"02_line.py": SECOND, "line.py": HELPER}
    (work,), unplaced = collect([lay(tmp_path / "ann", files)], TOY)
    assert (work.script, work.files) == (SECOND.encode(), {"line.py": HELPER.encode()})
    assert unplaced == []


def test_what_lies_beside_a_lesson_goes_with_it(tmp_path):
    files = {"01_average.py": FIRST, "helper.py": HELPER, "data/a.csv": "1"}
    lay(tmp_path / "class/ann", {**files, "02_line.py": SECOND})
    submissions, _ = collect([tmp_path / "class"], TOY)
    names = [sorted(one.files) for one in submissions]
    assert names == [["data/a.csv", "helper.py"]] * 2


def test_in_a_flat_download_everybody_gets_their_own_files(tmp_path):
    files = {
        "leeann_12_345_01_average.py": FIRST,
        "leeann_12_346_helper.py": HELPER,
        "raybob_13_347_01_average.py": DONE,
        "raybob_13_348_work.zip": packed({"note.txt": "x"}),
    }
    submissions, unplaced = collect([lay(tmp_path, files)], TOY)
    names = [list(one.files) for one in submissions]
    assert names == [["helper.py"], ["raybob_13_348_work.zip/note.txt"]]
    assert unplaced == []


def test_junk_is_passed_over_and_kept_trainings_go_with_their_lesson(tmp_path):
    kept = ".workshop/kept/01_average-0123456789abcdef.npz"
    other = ".workshop/kept/02_line-0123456789abcdef.npz"
    junk = ["__pycache__/a.pyc", ".DS_Store", "._01_average.py", ".workshop/state.json"]
    junk += [".ipynb_checkpoints/01_average.ipynb", ".git/x", ".venv/a.py", ".noai"]
    files = dict.fromkeys([*junk, other], "x") | {kept: "k", "01_average.py": FIRST}
    for place in (lay(tmp_path / "class/ann", files), tmp_path / "class"):
        (work,), unplaced = collect([place], TOY)
        assert (work.files, unplaced) == ({}, [])
        assert work.kept == {Path(kept).name: b"k"}


def test_a_model_goes_with_the_script_beside_it(tmp_path):
    files = {"model.keras": model(), "01_average.py": FIRST}
    (work,), unplaced = collect([lay(tmp_path / "ann", files)], TOY)
    assert (work.model, unplaced) == (model(), [])


@pytest.mark.parametrize(
    "data",
    [
        b"\x89HDF",
        model(**{"code.py": "x"}),
        packed({"config.json": "{}"}),
        packed([*(("config.json", "{}"),) * 2, ("metadata.json", "")]),
        model(**{"assets/x": bytes(9 * 2**20)}),
        model()[:-30],
    ],
    ids=["hdf5", "more", "less", "twice", "bomb", "cut"],
)
def test_what_is_no_plain_model_is_refused_and_the_script_is_not(tmp_path, data):
    files = {"model.keras": data, "01_average.py": FIRST}
    (work,), unplaced = collect([lay(tmp_path / "ann", files)], TOY)
    assert work.model is None
    assert [Path(one.path).name for one in unplaced] == ["model.keras"]


@pytest.mark.parametrize(
    "files",
    [
        {"model.keras": model(), "01_average.py": FIRST, "02_line.py": SECOND},
        {"model.keras": model()},
        {"model.keras/config.json": "{}", "01_average.py": FIRST},
    ],
)
def test_a_model_that_cannot_be_placed_is_named(tmp_path, files):
    submissions, unplaced = collect([lay(tmp_path / "ann", files)], TOY)
    assert all(one.model is None and not one.files for one in submissions)
    assert "model.keras" in unplaced[0].path


def test_two_people_of_one_name_stay_two(tmp_path):
    files = {
        "Ann Lee_11_assignsubmission_file_/01_average.py": FIRST,
        "Ann Lee_12_assignsubmission_file_/01_average.py": DONE,
    }
    told, unplaced = found(lay(tmp_path, files))
    assert [person for person, _, _ in told] == ["Ann Lee (11)", "Ann Lee (12)"]
    assert unplaced == {}


def test_one_person_of_two_downloads_stays_one(tmp_path):
    one = {"Ann Lee_11_assignsubmission_file_/01_average.py": FIRST}
    two = {"Ann Lee_99_assignsubmission_file_/02_line.py": SECOND}
    lay(tmp_path, {"week1.zip": packed(one), "week2.zip": packed(two)})
    assert {person for person, _, _ in found(tmp_path)[0]} == {"Ann Lee"}


def test_nobody_speaks_for_another_from_within_their_own_work(tmp_path):
    inner = packed({"Bob Ray_12_assignsubmission_file_/01_average.py": FIRST})
    files = {"Ann Lee_11_assignsubmission_file_/work.zip": inner}
    assert [person for person, _, _ in found(lay(tmp_path, files))[0]] == ["Ann Lee"]


@given(st.text(max_size=250), st.text(max_size=250))
def test_two_names_stay_two_and_neither_acts(one, other):
    shown = [naming.person(one), naming.person(other)]
    same = naming.person(one) == naming.person(other)
    nfc = [unicodedata.normalize("NFC", name) for name in (one, other)]
    assert same == (nfc[0] == nfc[1])
    assert all(len(name) <= 200 and naming.visible(name) == name for name in shown)


@pytest.mark.parametrize("name", ["A\x1b[31mnn", "\u202eAnn", "x" * 300, "a\ud800"])
def test_a_name_that_acts_is_shown_changed(name):
    assert naming.person(name) != naming.person("Ann")
    assert naming.person(name).encode()


@pytest.mark.skipif(
    os.name != "posix",
    reason="Windows has no pipes in folders, and links for administrators alone",
)
def test_links_pipes_and_sockets_are_named_and_not_opened(tmp_path):
    ann = lay(tmp_path / "class/ann", {"01_average.py": FIRST})
    lay(tmp_path, {"secret/02_line.py": SECOND})
    (ann / "02_line.py").symlink_to(tmp_path / "secret/02_line.py")
    (ann / "loop").symlink_to(ann)
    os.mkfifo(ann / "pipe.py")
    with (
        tempfile.TemporaryDirectory(dir="/tmp") as short,
        socket.socket(socket.AF_UNIX) as made,
    ):
        made.bind(f"{short}/s.py")
        told, unplaced = found(tmp_path / "class", Path(short), ann / "loop")
    assert told == [("ann", "01_average", "01_average.py")]
    assert set(unplaced) == {"02_line.py", "loop", "pipe.py", "s.py"}


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("missing", "No such file"),
        ("a\0b", "name"),
        ("x.rar", "Unpack"),
        ("y.zip", "zip"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path, path, word):
    lay(tmp_path, {"x.rar": "x", "y.zip": "no archive"})
    submissions, (unplaced,) = collect([tmp_path / path], TOY)
    assert submissions == []
    assert word in unplaced.why


@pytest.mark.parametrize(
    "name",
    ["../01_average.py", "/01_average.py", "a/../../01_average.py", "C:/01_average.py"],
)
def test_a_name_that_leaves_the_archive_is_refused(tmp_path, name):
    lay(tmp_path, {"ann.zip": packed({name: FIRST})})
    submissions, (unplaced,) = collect([tmp_path / "ann.zip"], TOY)
    assert submissions == []
    assert "leads out" in unplaced.why


def test_names_of_other_systems_are_understood(tmp_path):
    files = {"Zo__\\1.py": FIRST, "Yo_\\1.py": DONE, "My\\course\\2.py": SECOND}
    data = packed(files).replace(b"Zo__", b"Zo\xc3\xab").replace(b"Yo_", b"Yo\x89")
    told, unplaced = found(lay(tmp_path, {"ann.zip": data}) / "ann.zip")
    assert [person for person, _, _ in told] == ["My", "Yoë", "Zoë"]
    assert unplaced == {}


def test_two_files_of_one_name_in_an_archive_are_both_named(tmp_path):
    data = packed([("1.py", FIRST), ("1.py", DONE), ("2.py", SECOND)])
    submissions, unplaced = collect([lay(tmp_path, {"a.zip": data})], TOY)
    assert [one.lesson for one in submissions] == ["02_line"]
    assert [Path(one.path).name for one in unplaced] == ["1.py", "1.py"]


def test_archives_lie_in_archives_to_a_depth_of_three(tmp_path):
    data = packed({"01_average.py": FIRST})
    for _ in range(2):
        data = packed({"in.zip": data})
    assert len(found(lay(tmp_path, {"ann.zip": data}))[0]) == 1
    deeper, unplaced = found(lay(tmp_path, {"ann.zip": packed({"in.zip": data})}))
    assert (deeper, list(unplaced)) == ([], ["in.zip"])


def test_a_bomb_is_refused_in_little_memory(tmp_path):
    bomb = packed({"01_average.py": FIRST, "zeros.bin": bytes(200 * 2**20)})
    lay(tmp_path, {"ann.zip": bomb})
    del bomb
    tracemalloc.start()
    told, unplaced = found(tmp_path / "ann.zip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(told), list(unplaced)) == (1, ["zeros.bin"])
    assert peak < 20 * 2**20


def test_files_that_share_bytes_are_refused(tmp_path):
    data = bytearray(packed({"1.py": FIRST, "2.py": SECOND}))
    first, second = (data.index(b"PK\1\2", at) for at in (0, data.index(b"PK\1\2") + 1))
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    submissions, (unplaced,) = collect([lay(tmp_path, {"a.zip": bytes(data)})], TOY)
    assert submissions == []
    assert "overlap" in unplaced.why


def test_an_encrypted_file_is_refused(tmp_path):
    data = bytearray(packed({"1.py": FIRST}))
    data[data.index(b"PK\1\2") + 8] |= 1
    _, (unplaced,) = collect([lay(tmp_path, {"a.zip": bytes(data)})], TOY)
    assert "encrypted" in unplaced.why


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_file_packed_in_a_hungry_way_is_refused(tmp_path, way):
    with zipfile.ZipFile(tmp_path / "a.zip", "w", way) as archive:
        archive.writestr("1.py", FIRST)
    _, (unplaced,) = collect([tmp_path / "a.zip"], TOY)
    assert "packed in a way" in unplaced.why


def test_an_archive_of_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_ENTRIES", 3)
    data = packed({f"{number}.txt": "" for number in range(4)})
    _, (unplaced,) = collect([lay(tmp_path, {"a.zip": data}) / "a.zip"], TOY)
    assert "more than 3 files" in unplaced.why


def test_nobody_uses_up_what_others_need(tmp_path, monkeypatch):
    monkeypatch.setitem(gather.ALLOWANCES, "files", (100, 150))
    files = {"eve/a.bin": "x" * 90, "eve/b.bin": "x" * 20, "bob/c.bin": "x" * 40}
    scripts = {f"{person}/01_average.py": FIRST for person in ("eve", "bob")}
    submissions, unplaced = collect([lay(tmp_path, files | scripts)], TOY)
    assert [sorted(one.files) for one in submissions] == [["c.bin"], ["a.bin"]]
    assert [Path(one.path).name for one in unplaced] == ["b.bin"]


def test_a_script_that_is_too_large_is_named(tmp_path):
    _, (unplaced,) = collect([lay(tmp_path, {"1.py": b"#" * (2**21 + 1)})], TOY)
    assert "2 MiB" in unplaced.why


NAMES = st.sampled_from(
    ["01_average", "2", "line (1)", "helper", "ann_02_line", "model", "x_12_345_1"]
)
SUFFIX = st.sampled_from([".py", ".ipynb", ".keras", ".txt", ".rar", ""])
FOLDERS = st.lists(
    st.sampled_from(["ann", "Bob_1_assignsubmission_file_", "data", ".git"]), max_size=3
)
CONTENT = st.sampled_from([FIRST, DONE, SECOND, HELPER, "x", ""])
TREES = st.dictionaries(
    st.builds(lambda f, n, s: "/".join([*f, n + s]), FOLDERS, NAMES, SUFFIX),
    CONTENT,
    max_size=8,
)


@settings(max_examples=60)
@given(TREES, st.booleans())
def test_every_file_ends_somewhere(files, as_zip):
    files = {name: f"{text}# {n}" for n, (name, text) in enumerate(files.items())}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "class")
        place.mkdir()
        lay(place, {"all.zip": packed(files)} if as_zip else files)
        submissions, unplaced = collect([place], TOY)
    seen = {one.script for one in submissions}
    seen |= {data for one in submissions for data in one.files.values()}
    for name, text in files.items():
        named = any(one.path.endswith(name) for one in unplaced)
        assert named or text.encode() in seen or ".git" in name
    assert len({(one.person, one.lesson) for one in submissions}) == len(submissions)


BLACKBOARD = "Week 1_{}_attempt_2024-04-30-21-02-38_{}"
BRIGHTSPACE = "397064-2557369 - {} - Sep 24, 2024 926 PM - {}"
MOODLE = "{}_123_assignsubmission_file_{}"
CANVAS = "{}_123456_7890123_{}"
FLAT = [BLACKBOARD, BRIGHTSPACE, MOODLE, CANVAS]


@pytest.mark.parametrize("inner", FLAT)
@pytest.mark.parametrize("outer", FLAT)
def test_nobody_speaks_for_another_from_within_a_platforms_name(tmp_path, outer, inner):
    claimed = inner.format("ann", "01_average-9.py").replace("2024", "2030")
    files = {
        outer.format("ann", "01_average.py"): DONE,
        outer.format("mallory", f"x_{claimed}"): FIRST,
        outer.format("eve", claimed): FIRST,
    }
    submissions, _ = collect([lay(tmp_path, files)], TOY)
    assert {one.person: one.script for one in submissions} == {
        "ann": DONE.encode(),
        "eve": FIRST.encode(),
        "mallory": FIRST.encode(),
    }


@pytest.mark.parametrize("form", FLAT)
@pytest.mark.parametrize("deeper", ["", "week 1/"])
@pytest.mark.parametrize("zipped", [False, True])
def test_nobody_speaks_for_another_from_within_a_folder(tmp_path, form, deeper, zipped):
    claim = deeper + form.format("ann", "01_average-9.py")
    files = {"ann/01_average.py": DONE}
    files |= {"mallory.zip": packed({claim: FIRST})} if zipped else {}
    files |= {} if zipped else {f"mallory/{claim}": FIRST}
    submissions, _ = collect([lay(tmp_path / "class", files)], TOY)
    made = {one.person: one.script for one in submissions}
    assert made.pop("ann") == DONE.encode()
    assert [*made.values()] == [FIRST.encode()]


@pytest.mark.parametrize("given", ["folder", "zip"])
def test_what_a_grader_keeps_goes_to_nobody(tmp_path, given):
    keeps = {"secret": "s" * 32, "secret-2026-11-29-101010": "s" * 32}
    keeps |= {"gradebook.sqlite": "x", "gradebook.sqlite-wal": "x"}
    keeps |= {"sealed/01_average.npz": "x"}
    files = {f"grading/{name}": text for name, text in keeps.items()}
    place = lay(tmp_path / "class", {**files, "01_average.py": FIRST, "note.txt": "x"})
    if given == "zip":
        place = tmp_path / "class.zip"
        place.write_bytes(packed({**files, "01_average.py": FIRST, "note.txt": "x"}))
    (work,), unplaced = collect([place], TOY)
    assert list(work.files) == ["note.txt"]
    assert len(unplaced) == len(keeps)
    if given == "folder":
        (work,), unplaced = collect([place], TOY, [place / "grading"])
        assert (list(work.files), unplaced) == (["note.txt"], [])


def test_folders_go_to_nobody_who_is_named_in_a_files_name_only(tmp_path):
    files = {"mallory_01_average.py": FIRST, "help.py": HELPER, "bob/own.txt": "mine"}
    (work,), unplaced = collect([lay(tmp_path / "class", files)], TOY)
    assert (work.person, list(work.files)) == ("mallory", ["help.py"])
    assert [Path(one.path).name for one in unplaced] == ["own.txt"]


def test_a_name_that_no_system_can_write_is_named(tmp_path):
    name = "\N{CJK UNIFIED IDEOGRAPH-6570}" * 90 + ".csv"
    given = tmp_path / "ann.zip"
    given.write_bytes(packed({"01_average.py": FIRST, name: "x"}))
    (work,), (left,) = collect([given], TOY)
    assert work.files == {}
    assert "too long" in left.why


def test_a_line_without_end_is_no_heading(tmp_path):
    text = "# # a" + " " * 1_900_000 + "b\n"
    told, unplaced = found(lay(tmp_path / "ann", {"x.py": text}))
    assert (told, list(unplaced)) == ([], ["x.py"])


@pytest.mark.parametrize(
    "name", ["a/" * 30_000 + "x.txt", "a" + "1" * 60_000 + "/1.py"]
)
def test_a_path_without_end_in_an_archive_is_named(tmp_path, name):
    given = tmp_path / "ann.zip"
    given.write_bytes(packed({"01_average.py": FIRST, name: "x"}))
    told, unplaced = found(given)
    assert told == []
    assert "too long" in unplaced["ann.zip"]
