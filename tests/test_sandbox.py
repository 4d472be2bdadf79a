"""At the end of a check nothing that it started is alive."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from workshop import warden
from workshop.evidence import wire
from workshop.sandbox import Sandbox

DETACHED = """
import subprocess, sys, os
child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],
                         start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open('grandchild', 'w').write(str(os.getpid()))
        import time; time.sleep(600)
    os._exit(0)
open('child', 'w').write(str(child.pid))
"""
posix = pytest.mark.skipif(os.name != "posix", reason="forks")


def run(sandbox, text, seconds=30.0):
    request = {"do": "run", "path": "x.py", "text": text, "from": 1, "until": 10**6}
    wire.send(sandbox.connection, {**request, "quick": False, "seconds": seconds})
    while "stop" not in (message := wire.receive(sandbox.connection)):
        pass
    return message["stop"]


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def started(folder):
    files = [Path(folder, name) for name in ("child", "grandchild")]
    wait_for(lambda: all(file.exists() and file.read_text() for file in files))
    return [int(file.read_text()) for file in files]


def gone(pid):
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@posix
def test_processes_that_detach_themselves_end_with_the_check(tmp_path):
    with Sandbox(folder=tmp_path, environment={}) as sandbox:
        assert run(sandbox, DETACHED) is None
        pids = [*started(tmp_path), sandbox.process.pid]
        assert not any(map(gone, pids))
    wait_for(lambda: all(map(gone, pids)))


@posix
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_everything_ends_when_the_grader_is_killed(tmp_path, how):
    code = (
        "import test_sandbox as t; from pathlib import Path\n"
        "with t.Sandbox(folder=Path('.'), environment={}) as s:\n"
        "    t.run(s, t.DETACHED + 'import time; time.sleep(600)', 600.0)\n"
    )
    here = Path(__file__).parent
    env = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{here.parent}"}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, stderr=subprocess.DEVNULL
    ) as process:
        pids = started(tmp_path)
        process.send_signal(how)
    wait_for(lambda: all(map(gone, pids)))


@pytest.mark.skipif(
    sys.platform != "linux",
    reason="prctl, which ties a child to its warden, is Linux's own",
)
def test_a_script_that_kills_its_warden_dies_with_it(tmp_path):
    text = (
        "import os, signal, time\nopen('child', 'w').write(str(os.getpid()))\n"
        "os.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(600)"
    )
    sandbox = Sandbox(folder=tmp_path, environment={})
    with sandbox, pytest.raises(EOFError):
        run(sandbox, text)
    wait_for(lambda: gone(int((tmp_path / "child").read_text())))


HALF_DEAD = """
import ctypes, platform, subprocess, sys, threading, time
sleeper = [sys.executable, '-c', 'import time; time.sleep(600)']
child = subprocess.Popen(sleeper, start_new_session=True)
threading.Thread(target=time.sleep, args=[600]).start()
for name in ('child', 'grandchild'):
    open(name, 'w').write(str(child.pid))
ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="the warden reads /proc, which only Linux has"
)
def test_what_a_half_dead_process_started_is_found(tmp_path):
    half_dead = subprocess.Popen([sys.executable, "-c", HALF_DEAD], cwd=tmp_path)
    sleeper = started(tmp_path)[0]
    wait_for(lambda: gone(half_dead.pid))
    found = warden._descendants()
    os.kill(sleeper, signal.SIGKILL)
    half_dead.kill()
    half_dead.wait()
    assert sleeper in found


@posix
def test_a_process_that_holds_the_output_open_is_not_waited_for(tmp_path):
    text = "import os, time\nif os.fork() == 0:\n    os.setsid(); time.sleep(600)"
    with Sandbox(folder=tmp_path, environment={}) as sandbox:
        assert run(sandbox, text) is None
    assert sandbox.process.returncode is not None


RESERVE = "import mmap\nx = mmap.mmap(-1, 2**38, flags=mmap.MAP_PRIVATE, prot=0)"


@pytest.mark.skipif(
    sys.platform != "linux", reason="the memory limit is enforced on Linux only"
)
@pytest.mark.parametrize(
    ("text", "fits"), [(RESERVE, True), ("bytearray(10**9)", False)]
)
def test_memory_is_limited_and_addresses_are_not(tmp_path, text, fits):
    with Sandbox(folder=tmp_path, environment={}, memory_mb=500) as sandbox:
        assert (run(sandbox, text) is None) == fits


def test_what_is_printed_arrives_as_a_terminal_would_show_it(tmp_path):
    text = "print('1/2\\r2/2')\nprint('\\x1b[1mbold\\x1b[0m \\x00 ü')"
    with Sandbox(folder=tmp_path, environment={}) as sandbox:
        run(sandbox, text)
    assert sandbox.screen.lines == ["2/2", "bold � ü"]


def test_a_flood_of_output_is_cut(tmp_path):
    flood = "import os\nfor _ in range(100): os.write(1, (b'x' * 99 + b'\\n') * 10**4)"
    with Sandbox(folder=tmp_path, environment={}) as sandbox:
        run(sandbox, flood)
    assert len(sandbox.screen.text) < 100_000
    assert "MB more, not shown" in sandbox.screen.lines[-1]


def test_the_folder_may_have_spaces_and_umlauts(tmp_path):
    folder = tmp_path / "meine Übung 1"
    folder.mkdir()
    with Sandbox(folder=folder, environment={}) as sandbox:
        assert run(sandbox, "open('da.txt', 'w').write('x')") is None
    assert (folder / "da.txt").exists()
