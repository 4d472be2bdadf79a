"""A machine with Python and nothing else comes from one command to its first lesson."""

import hashlib
import os
import shlex
import socket
import subprocess
import sys

import mirrors
import pytest

from workshop.room import files, newcomer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="the command is split as in a shell"),
]


class Cut:
    """An application that breaks off once in the middle of a file, and counts bytes."""

    def __init__(self, app):
        self.app = app
        self.sent = {}

    async def __call__(self, scope, receive, send):
        path = scope["path"]

        async def halved(message):
            body = message.get("body", b"")
            if not path.startswith("/mirror/wheels/pip-") or not body:
                return await send(message)
            first = path not in self.sent
            body = body[: len(body) // 2] if first else body
            self.sent[path] = self.sent.get(path, 0) + len(body)
            await send({**message, "body": body})
            if first:
                raise ConnectionResetError

        await self.app(scope, receive, halved)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory):
    return mirrors.mirror(tmp_path_factory.mktemp("mirror"), pip=True)


@pytest.fixture
def go(tmp_path):
    """Type the command of a room in an empty folder; return status and words."""
    home = tmp_path / "a home ü"
    home.mkdir()

    def go(port, code="", **more):
        command = files.install_command(f"127.0.0.1:{port}", code)
        _, flag, program, *rest = shlex.split(command)
        env = {**os.environ, **mirrors.without_index(), "HOME": str(home), **more}
        env.pop("PYTHONPATH", None)
        made = subprocess.run(
            [sys.executable, flag, program, *rest],
            cwd=home,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        return made.returncode, made.stdout + made.stderr

    go.home = home
    return go


def python(go):
    return go.home / "workshop-env" / "bin" / "python"


def versions(go):
    """Return the projects that were installed."""
    words = [python(go), "-m", "pip", "--isolated", "list", "--format", "freeze"]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    return {line.partition("==")[0] for line in found.stdout.splitlines()}


def test_one_command_installs_starts_and_joins(go, mirror):
    with mirrors.served(mirror) as port:
        status, said = go(port, "ABC-DEF")
    assert status == 0, said
    assert versions(go) == {"keras-workshop", "tiny-library", "pip"}
    joined = (go.home / "my-course" / "joined.txt").read_text()
    assert joined == f"http://127.0.0.1:{port} ABC-DEF"
    assert "source workshop-env/bin/activate" in said
    assert "workshop watch 01_toy" in said
    assert not (go.home / "workshop-wheels").exists()


def test_without_a_code_it_says_how_to_join(go, mirror):
    with mirrors.served(mirror) as port:
        status, said = go(port)
    assert (status, f"workshop join http://127.0.0.1:{port} CODE" in said) == (0, True)


def test_after_the_network_broke_off_only_the_rest_comes(go, mirror):
    made = []
    with mirrors.served(mirror, lambda app: made.append(Cut(app)) or made[0]) as port:
        status, said = go(port)
    assert status == 0, said
    (pip,) = mirror.glob("wheels/pip-*.whl")
    assert made[0].sent == {f"/mirror/wheels/{pip.name}": pip.stat().st_size}


def test_a_try_that_was_stopped_is_taken_up(go, mirror, tmp_path):
    wheels = go.home / "workshop-wheels"
    wheels.mkdir()
    (pip,) = mirror.glob("wheels/pip-*.whl")
    (wheels / f"{pip.name}.part").write_bytes(pip.read_bytes()[:100_000])
    (wheels / "tiny_library-1.0-py3-none-any.whl").write_bytes(b"damaged")
    half = go.home / "workshop-env"
    half.mkdir()
    (half / "workshop.txt").touch()
    with mirrors.served(mirror) as port:
        status, said = go(port)
    assert status == 0, said
    assert "pip" in versions(go)


def test_the_second_time_only_what_is_new_is_fetched(go, mirror, tmp_path):
    with mirrors.served(mirror) as port:
        go(port)
        assert "Fetching" not in go(port)[1]
    later = tmp_path / "later"
    mirrors.mirror(later, pip=True, kit_lines=["Summary: mended"])
    with mirrors.served(later) as port:
        status, said = go(port)
    assert (status, "Fetching 0 MB" in said) == (0, True), said
    assert "mended" in subprocess.check_output(
        [python(go), "-m", "pip", "--isolated", "show", "keras-workshop"], text=True
    )


def test_a_folder_that_is_not_ours_is_left_alone(go, mirror):
    (go.home / "workshop-env").mkdir()
    with mirrors.served(mirror) as port:
        status, said = go(port)
    assert (status, "the room has not made" in said) == (1, True)


def test_a_file_that_comes_damaged_is_not_installed(go, tmp_path):
    folder = mirrors.mirror(tmp_path / "mirror", pip=True)
    (folder / "wheels" / "tiny_library-1.0-py3-none-any.whl").write_bytes(b"other")
    with mirrors.served(folder) as port:
        status, said = go(port)
    assert (status, "came damaged" in said) == (1, True)
    assert not (go.home / "workshop-env").exists()


def test_a_room_that_is_gone_is_given_up_in_a_sentence(tmp_path, monkeypatch, capsys):
    with socket.create_server(("127.0.0.1", 0)) as free:
        monkeypatch.setattr(newcomer, "ADDRESS", f"127.0.0.1:{free.getsockname()[1]}")
    monkeypatch.setattr(newcomer, "PATIENCE", 0)
    assert newcomer.main([]) == 1
    assert "Is Wi-Fi on?" in capsys.readouterr().err


# The right Python


def test_a_wrong_python_says_which_one_to_install(go, tmp_path):
    folder = mirrors.mirror(tmp_path / "mirror", python="3.99")
    with mirrors.served(folder) as port:
        status, said = go(port)
    assert (status, "packages for Python 3.99" in said) == (1, True), said


def test_the_right_python_is_used_where_it_is_there(go, tmp_path):
    folder = mirrors.mirror(tmp_path / "mirror", python="3.99")
    right = tmp_path / "bin" / "python3.99"
    right.parent.mkdir()
    right.write_text('#!/bin/sh\necho "started: $3"\n', "utf-8")
    right.chmod(0o755)
    with mirrors.served(folder) as port:
        path = f"{right.parent}:{os.environ['PATH']}"
        status, said = go(port, "ABC-DEF", PATH=path)
    assert (status, "started: ABC-DEF" in said) == (0, True), said


def test_a_machine_of_another_kind_says_what_there_is(go, tmp_path):
    folder = mirrors.mirror(tmp_path / "mirror", platforms=["toaster"])
    with mirrors.served(folder) as port:
        status, said = go(port)
    assert (status, "but for: toaster" in said) == (1, True)


# Without our program


def test_pip_itself_installs_from_the_room(mirror, tmp_path):
    env = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
    target = tmp_path / "target"
    with mirrors.served(mirror) as port:
        index = ["--index-url", f"http://127.0.0.1:{port}/simple/"]
        words = ["--isolated", "install", "--no-cache-dir", *index]
        words += ["--target", str(target), "Tiny.Library"]
        made = subprocess.run([sys.executable, "-m", "pip", *words], env=env)
    assert made.returncode == 0
    assert (target / "tiny_library.py").is_file()


def test_a_part_is_whole_by_its_hash_alone(mirror, tmp_path, monkeypatch):
    (pip,) = mirror.glob("wheels/pip-*.whl")
    target = tmp_path / pip.name
    target.with_name(f"{pip.name}.part").write_bytes(pip.read_bytes())
    digest = hashlib.sha256(pip.read_bytes()).hexdigest()
    with mirrors.served(mirror) as port:
        monkeypatch.setattr(newcomer, "ADDRESS", f"127.0.0.1:{port}")
        newcomer.fetch(f"wheels/{pip.name}", target, digest, newcomer.Meter(1))
    assert target.read_bytes() == pip.read_bytes()
