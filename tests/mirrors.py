"""Tiny wheels, a mirror of them, an index of them, and a server that hands them out."""

import base64
import contextlib
import ensurepip
import hashlib
import socket
import sys
import threading
import zipfile
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from workshop.mirror import build, lists
from workshop.mirror.lists import About
from workshop.room import files, newcomer

PYTHON = newcomer.VERSION
KIT_CODE = '''"""Does what a newcomer's commands do, and nothing else."""
import pathlib, sys
if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "start":
        pathlib.Path(rest[0]).mkdir(exist_ok=True)
        pathlib.Path(rest[0], "01_toy.py").touch()
    if command == "join":
        pathlib.Path("joined.txt").write_text(" ".join(rest))
'''


def wheel(folder, name, version="1.0", tag="py3-none-any", code=None, meta=()):
    """Write a wheel of one module; `meta` are more lines of its METADATA."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = name.replace("-", "_")
    info = f"{plain}-{version}.dist-info"
    said = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}", *meta, ""]
    content = {
        f"{plain}.py": f"version = {version!r}\n",
        f"{info}/METADATA": "\n".join(said),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: t\nTag: {tag}\n",
    }
    if code is not None:
        content = {f"{code[0]}/__init__.py": "", f"{code[0]}/__main__.py": code[1]} | (
            content
        )
    path = folder / f"{plain}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, text in content.items():
            archive.writestr(one, text)
        lines = [f"{one},{record(text)}" for one, text in content.items()]
        archive.writestr(f"{info}/RECORD", "\n".join([*lines, f"{info}/RECORD,,", ""]))
    return path


def record(text):
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')},{len(text)}"


def kit(folder, version="0.1.0", meta=()):
    """Write a stand-in of the kit's wheel: it starts a course, and joins."""
    code = ("workshop", KIT_CODE)
    return wheel(folder, "keras-workshop", version, code=code, meta=meta)


def pip_of_python(folder):
    """Copy the wheel of pip that comes with Python."""
    (found,) = Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")
    return Path(folder, found.name).write_bytes(found.read_bytes())


def mirror(folder, *, platforms=(), python=PYTHON, pip=False, more=(), kit_lines=()):
    """Make a mirror of a stand-in of the kit and a library; return its folder."""
    place = folder / lists.WHEELS
    own = kit(place, meta=kit_lines)
    wheel(place, "tiny-library", meta=["Requires-Python: >=3.8"])
    if pip:
        pip_of_python(place)
    for name, content in more:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    sizes = {one.name: one.stat().st_size for one in sorted(place.iterdir())}
    about = About(
        "0.1.0",
        own.name,
        wheels={p: {python: sizes} for p in platforms or [newcomer.kind()]},
    )
    (folder / lists.ABOUT).write_text(lists.written(about), "utf-8")
    build.build(folder, (), (), ())
    return folder


def index(folder, *wheels):
    """Return the address of an index of packages that lies in a folder."""
    for one in wheels:
        project = folder / lists.project(one.name)
        project.mkdir(parents=True, exist_ok=True)
        (project / one.name).write_bytes(one.read_bytes())
        digest = hashlib.sha256(one.read_bytes()).hexdigest()
        with (project / "index.html").open("a", encoding="utf-8") as page:
            page.write(f'<a href="{one.name}#sha256={digest}">{one.name}</a>\n')
    return folder.as_uri()


@contextlib.contextmanager
def served(folder, wrap=lambda app: app):
    """Serve a mirror, and a trivial answer beside it; give the port."""

    async def hello(request):
        return PlainTextResponse("hello")

    app = Starlette(routes=[Route("/hello", hello), *files.routes(folder)])
    config = uvicorn.Config(wrap(app), log_level="critical", lifespan="off", ws="none")
    running = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as sock:
        thread = threading.Thread(target=running.run, kwargs={"sockets": [sock]})
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            running.should_exit = True
            thread.join()


def without_index():
    """Return variables under which pip finds nothing but what it is pointed to."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(Path(sys.prefix, "nowhere"))}
