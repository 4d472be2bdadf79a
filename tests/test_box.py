"""A box holds, measures, ends, and is made again where its server was lost."""

import contextlib
import errno
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import psutil
import pytest

from workshop.box import outer, zygote
from workshop.box.boxes import Boxes, Unavailable
from workshop.box.inside import FETCHED, WORK, Limits
from workshop.box.keeper import CROWD
from workshop.evidence import wire
from workshop.sandbox import Lost

WHY = outer.problem()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY)


@pytest.fixture(scope="module")
def boxes():
    with Boxes(warm=False, limits=Limits(memory_mb=500, disk_mb=16)) as made:
        yield made


@pytest.fixture
def box(boxes):
    with boxes.open(environment={"WORKSHOP_LESSON": "x"}) as made:
        yield made


def run(box, text, **given):
    request = {"do": "run", "path": "x.py", "text": text, "from": 1, "until": 10**6}
    wire.send(box.connection, {**request, "quick": False, "seconds": 60.0, **given})
    while "stop" not in (message := wire.receive(box.connection)):
        pass
    return message["stop"]


def value(box, name):
    wire.send(box.connection, {"do": "get", "name": name})
    return wire.receive(box.connection)["value"]


def lose(boxes):
    """End a server and all its boxes, from outside."""
    process = boxes._server.process
    for child in psutil.Process(process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it went with its parent
            child.kill()
    process.wait(30)


def test_a_script_runs_and_its_output_arrives(box):
    assert run(box, "print('one'); x = 41 + 1") is None
    assert value(box, "x") == 42
    box.stop()
    assert box.screen.lines == ["one"]


def test_what_a_box_took_is_what_the_kernel_counted(box):
    run(box, "held = bytes(b'x' * 200_000_000)\nfor _ in range(10**6): pass")
    box.stop()
    assert (box.ending.why, box.ending.code) == ("asked", 137)
    assert 200 < box.ending.peak_mb < 500
    assert 0 < box.ending.cpu_seconds < 60


def test_a_program_that_ends_itself_says_its_exit_code(box):
    with pytest.raises(EOFError):
        run(box, "import os; os._exit(7)")
    assert box.ended(30) == 7
    assert box.ending.why == ""


@pytest.mark.parametrize("start", ["os.fork() or work()", "thread().start()"])
def test_a_crowd_is_left_one_core_and_its_neighbours_keep_theirs(boxes, start):
    cores = len(os.sched_getaffinity(0))
    text = f"""import hashlib, os, threading, time
data = bytes(10**7)
def work():
    while True:
        hashlib.sha256(data)
def thread():
    return threading.Thread(target=work, daemon=True)
for _ in range({2 * CROWD * cores}):
    {start}
end = time.monotonic() + 60
while len(os.sched_getaffinity(0)) > 1 and time.monotonic() < end:
    time.sleep(0.01)
cores = len(os.sched_getaffinity(0))
try:
    os.sched_setaffinity(0, range(os.cpu_count()))
except PermissionError:
    refused = True
"""
    with boxes.open(environment={}) as crowd, boxes.open(environment={}) as neighbour:
        assert run(crowd, text) is None
        assert [value(crowd, name) for name in ("cores", "refused")] == [1, True]
        run(neighbour, "import os; cores = len(os.sched_getaffinity(0))")
        assert value(neighbour, "cores") == cores


def test_what_a_script_leaves_in_circles_is_collected_in_a_fork_too():
    with (
        Boxes(keras=False, limits=Limits(memory_mb=500)) as boxes,
        boxes.open(environment={}) as box,
    ):
        run(box, "import gc; collects, frozen = gc.isenabled(), gc.get_freeze_count()")
        assert value(box, "collects") is True
        assert value(box, "frozen") > 0  # what was imported is left where it is


def test_a_box_that_runs_has_not_ended(box):
    assert box.ended(0.01) is None


def test_a_box_can_be_cut_by_another_thread(box):
    box.cut()
    assert box.ended(30) == 137
    assert box.ending.why == "asked"


def test_memory_of_all_processes_together_is_limited(box):
    held = "if os.fork() == 0: held = bytes(b'x' * 200_000_000); time.sleep(600)\n"
    with pytest.raises(EOFError):
        run(box, "import os, time\n" + held * 4 + "time.sleep(600)")
    assert box.ended(30) == 137
    assert box.ending.why == "memory"


def test_pages_that_processes_share_count_once(boxes):
    with boxes.open(environment={}, memory_mb=2_000) as box:
        held = "if os.fork() == 0: time.sleep(600)\n" * 6
        text = f"import os, time\nheld = b'x' * 600_000_000\n{held}time.sleep(0.5)"
        assert run(box, text) is None


def test_the_environment_is_what_was_given_and_nothing_of_the_grader(box, monkeypatch):
    run(box, "import getpass, os; names, me = sorted(os.environ), getpass.getuser()")
    assert value(box, "me") == "attendee"
    assert "WORKSHOP_LESSON" in value(box, "names")
    assert set(value(box, "names")) <= {
        *(*outer.SERVER, "WORKSHOP_LESSON", "WORKSHOP_BOX", "HOME", "TMPDIR", "PWD"),
        *("LC_CTYPE", "USER", "LOGNAME"),
    }


def test_a_program_has_four_descriptors_whatever_its_server_has(boxes):
    with boxes.open(environment={}), boxes.open(environment={}) as box:
        run(box, "import os; fds = [int(n) for n in os.listdir('/proc/self/fd')]")
        assert value(box, "fds")[:4] == [0, 1, 2, 3]
        assert len(value(box, "fds")) == 5  # with the one that lists them


def test_no_descriptor_leaks_where_a_program_may_have_few(tmp_path):
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(100)]
    try:
        few = Boxes(warm=False, limits=Limits(files=64))
        with few, few.open(environment={}) as box:
            run(box, "import os; n = len(os.listdir('/proc/self/fd'))")
            assert value(box, "n") == 5
    finally:
        for one in held:
            os.close(one)


def test_a_lost_server_is_started_anew(boxes):
    boxes.start()
    lose(boxes)
    with boxes.open(environment={}) as box:
        assert run(box, "x = 1") is None


def test_a_box_whose_server_is_lost_is_no_result(boxes):
    with boxes.open(environment={}) as box:
        assert run(box, "x = 1") is None
        lose(boxes)
        with pytest.raises(Lost):
            box.ended(30)


def test_a_server_that_cannot_start_says_why(monkeypatch):
    monkeypatch.setattr(
        outer, "command", lambda shown: ["/bin/sh", "-c", "echo no >&2"]
    )
    with pytest.raises(Unavailable, match="did not start"), Boxes(warm=False) as boxes:
        boxes.start()


def asking(box):
    def ask(request):
        wire.send(box.connection, request)
        return wire.receive(box.connection)

    return ask


def test_files_are_put_and_fetched_with_their_folders(box):
    box.put({"a.txt": b"one", "sub/b.bin": bytes(range(256))})
    run(box, "read = open('a.txt').read(), len(open('sub/b.bin', 'rb').read())")
    assert value(box, "read") == ("one", 256)
    with box.beside(f"{WORK}/sub", asking(box)) as (other, path):
        run(other, f"import os; there = os.listdir({path!r}), os.listdir('.')")
        assert value(other, "there") == (["b.bin"], ["sub"])


@pytest.mark.parametrize("lies", ["", "; box.inside.FETCHED = 10**6"])
def test_a_folder_of_too_many_files_is_not_fetched(box, lies):
    made = (
        "import os; os.mkdir('m'); import workshop.box.inside; from workshop import box"
    )
    run(box, f"{made}{lies}\nfor n in range({FETCHED}): open(f'm/{{n}}', 'w').close()")
    with box.beside(f"{WORK}/m", asking(box)) as (other, path):
        run(other, f"import os; there = len(os.listdir({path!r}))")
        assert value(other, "there") == FETCHED
    run(box, "open('m/more', 'w').close()")
    with box.beside(f"{WORK}/m", asking(box)) as (other, _):
        run(other, "import os; there = os.listdir('.')")
        assert value(other, "there") == []


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", ""])
def test_a_name_that_leaves_its_folder_ends_the_box(boxes, name):
    box = boxes.open(environment={})
    with pytest.raises(OSError, match="inside its folder"):
        box.put({name: b"x"})
    assert box.ending.why == "asked"


def test_files_for_which_there_is_no_room_end_the_box(boxes):
    box = boxes.open(environment={})
    with pytest.raises(OSError, match="could not be put"):
        box.put({"large": bytes(20 * 2**20)})
    assert box.ending.why == "asked"


def test_a_seed_decides_what_a_script_draws(boxes):
    text = "import random; import numpy as np; x = random.random(), np.random.rand()"
    drawn = []
    for seed in ("1", "1", "2"):
        with boxes.open(environment={"WORKSHOP_SEED": seed}) as box:
            run(box, text)
            drawn.append(value(box, "x"))
    assert drawn[0] == drawn[1] != drawn[2]


def test_only_parts_of_what_python_was_installed_into_are_shown(monkeypatch, tmp_path):
    (tmp_path / "gradebook.sqlite").touch()
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    words = outer.command([])
    bound = [words[i + 1] for i, word in enumerate(words) if word == "--ro-bind"]
    assert str(tmp_path / "bin") in bound
    assert str(tmp_path) not in bound


def test_two_threads_are_why_a_server_does_not_fork(monkeypatch):
    monkeypatch.setattr(os, "listdir", lambda path: ["1", "2"])
    assert zygote.unsafe() == "it has 2 threads"


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (None, ""),
        ("made", "TensorFlow has been used"),
        ("gone", "TensorFlow has changed"),
    ],
)
def test_what_tensorflow_has_done_decides_whether_a_fork_is_safe(
    monkeypatch, context, said
):
    module = type(sys)("context")
    module._context = context
    monkeypatch.setattr(os, "listdir", lambda path: ["1"])
    monkeypatch.setitem(sys.modules, "tensorflow", type(sys)("tensorflow"))
    name = "tensorflow.python.eager.context"
    monkeypatch.setitem(sys.modules, name, None if context == "gone" else module)
    assert zygote.unsafe() == said


def test_a_library_that_is_missing_is_why_a_server_is_cold():
    assert "no_such_module cannot be imported" in zygote.prepare(("no_such_module",))


@pytest.mark.parametrize("family", [socket.AF_UNIX, socket.AF_INET, 40])
def test_the_filter_refuses_sockets(box, family):
    stop = run(box, f"import socket\nsocket.socket({int(family)})")
    assert stop["type"] == "PermissionError"
    assert os.strerror(errno.EPERM) in stop["message"]


def test_without_linux_the_problem_names_what_to_do(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "need Linux" in outer.problem()


def test_without_bubblewrap_the_problem_names_how_to_install_it(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert "apt install bubblewrap" in outer.problem()


LIVES_BELOW_TMP = """
import os, pathlib, sys, tempfile
import workshop
kit = pathlib.Path(workshop.__file__).parent
held = pathlib.Path("/tmp") / kit.parts[2]
written = []
behind = pathlib.Path("/box/tmp", *kit.parts[2:])
for folder in (kit, kit.parent, held, behind):
    place = folder / "x"
    try:
        place.write_text("x")
        written.append(str(place))
    except OSError:
        pass
pathlib.Path("/tmp/own").touch()
needed = {held.name, *(path.split("/")[2] for path in sys.path if path[:5] == "/tmp/")}
own = set(os.listdir("/tmp")) - needed == {"own"}, tempfile.gettempdir()
"""
OPENS = f"""
import pathlib, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_box, workshop
assert pathlib.Path(workshop.__file__).is_relative_to("/tmp"), workshop.__file__
for warm in (False, True):
    with test_box.Boxes(warm=warm, keras=False) as boxes:
        for _ in range(2):  # nothing of the first is there for the second
            with boxes.open(environment={{}}) as box:
                assert test_box.run(box, test_box.LIVES_BELOW_TMP) is None
                print(test_box.value(box, "written"), test_box.value(box, "own"))
"""


def test_a_kit_below_the_folder_of_temporary_files_makes_boxes_too():
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        kit, python = Path(folder, "a kit"), Path(folder, "python")
        shutil.copytree(Path(outer.workshop.__file__).parent, kit / "workshop")
        venv.create(python, symlinks=True)
        packages = next(python.glob("lib/python*/site-packages"))
        (packages / "kit.pth").write_text(
            f"{kit}\n{Path(pytest.__file__).parents[1]}\n"
        )
        command = [python / "bin" / "python", "-c", OPENS]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout == "[] (True, '/tmp')\n" * 4
