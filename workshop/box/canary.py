"""Before anybody's work is run, a program of ours tries to break out of a box.

It attempts what a hostile submission would; each attempt must end as expected, or
nothing is graded. The box is as every other, with smaller limits, so that meeting them
takes no time.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from workshop.box.boxes import Boxes
from workshop.box.inside import Limits
from workshop.evidence import wire
from workshop.sandbox import END_SECONDS

SMALL = Limits(memory_mb=1_500, disk_mb=16, inodes=200, processes=24, files=64)
SECONDS = 60.0
SECRET = "WORKSHOP_CANARY"

PROGRAM = """
import ctypes, mmap, os, signal, socket, subprocess, sys
from pathlib import Path

def tried(attempt):
    try:
        return str(attempt())
    except BaseException as error:
        return type(error).__name__

def write_root():
    for place in ("/canary", "/usr/canary", sys.prefix + "/canary"):
        try:
            Path(place).write_text("x")
            return place
        except OSError:
            pass
    return "refused"

def fill_disk():
    with open("large", "wb") as file:
        for _ in range(64):
            file.write(bytes(2**20))

def fill_inodes():
    for number in range(1000):
        Path(f"small-{number}").touch()

def forks():
    made = []
    try:
        for _ in range(200):
            child = os.fork()
            if child == 0:
                signal.pause()
            made.append(child)
        return "no limit"
    except BlockingIOError:
        return "refused"
    finally:
        for child in made:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)

def environments():
    texts = [str(os.environ)]
    for entry in Path("/proc").glob("[0-9]*/environ"):
        texts.append(tried(lambda: entry.read_bytes()))
    return NAME in "".join(texts)

def status(name):
    text = Path("/proc/self/status").read_text()
    return text.partition(name + ":")[2].split()[0]

libc = ctypes.CDLL(None, use_errno=True)
found = {
    "network": [tried(lambda f=f: socket.socket(f)) for f in range(1, 46)],
    "root": write_root(),
    "host": [os.path.exists(place) for place in PLACES],
    "environment": environments(),
    "processes": len([n for n in os.listdir("/proc") if n.isdigit()]),
    "namespaces": [libc.unshare(flag) for flag in (0x10000000, 0x20000, 0x40000000)],
    "privileges": [int(status("CapEff"), 16), int(status("NoNewPrivs"))],
    "filter": int(status("Seccomp")),
    "session": [os.getsid(0), tried(os.setsid)],
    "cores": tried(lambda: os.sched_setaffinity(0, os.sched_getaffinity(0))),
    "settings": tried(lambda: Path("/proc/self/oom_score_adj").write_text("0")),
    "hidden": tried(lambda: mmap.mmap(-1, 4096)),
    "disk": tried(fill_disk),
    "files": tried(fill_inodes),
    "memory": tried(lambda: len(bytearray(2 * 10**9))),
    "forks": forks(),
}
subprocess.Popen(["sleep", "600"])
if os.fork() == 0:
    os.fork()
    signal.pause()
"""
EXPECTED: dict[str, tuple[str, Any]] = {
    "network": ("No socket of any family can be opened", ["PermissionError"] * 45),
    "root": ("Nothing outside its folder can be written", "refused"),
    "host": ("Files of this machine are not there", [False, False]),
    "environment": ("The grader's environment is not there", False),
    "processes": ("No other process is seen", 1),
    "namespaces": ("No namespace can be made", [-1, -1, -1]),
    "privileges": ("It has no privileges, and gets none", [0, 1]),
    "filter": ("System calls are filtered", 2),
    "session": ("It is a session of its own, and stays one", [1, "PermissionError"]),
    "cores": ("It cannot choose its cores", "PermissionError"),
    "settings": ("What the kernel notes of it cannot be set", "OSError"),
    "hidden": ("No memory can be had that is not counted", "PermissionError"),
    "disk": ("The disk it can fill is limited", "OSError"),
    "files": ("The files it can make are limited", "OSError"),
    "memory": ("Its memory is limited", "MemoryError"),
    "forks": ("Its processes are limited", "refused"),
}
GONE = "Nothing lives on when it ends"


@dataclass(frozen=True)
class Sign:
    """One attempt: what must hold, whether it does, and what was found otherwise."""

    holds: bool
    claim: str
    found: str = ""


def watch(boxes: Boxes) -> Iterator[Sign]:
    """Yield what became of each attempt in a box of `boxes`. Unavailable, or Lost."""
    kept = boxes.limits
    boxes.limits = replace(SMALL)
    try:
        with tempfile.NamedTemporaryFile() as file:
            places = [file.name, "/etc/passwd"]
            found, ended = _try(boxes, places)
    finally:
        boxes.limits = kept
    for name, (claim, expected) in EXPECTED.items():
        seen = found.get(name)
        holds = seen == expected
        yield Sign(holds, claim, "" if holds else f"found {seen!r}"[:300])
    yield Sign(ended, GONE, "" if ended else "a process still holds its output")


def _try(boxes: Boxes, places: list[str]) -> tuple[dict[str, Any], bool]:
    os.environ[SECRET] = os.urandom(16).hex()
    text = f"NAME = {SECRET!r}\nPLACES = {places!r}\n{PROGRAM}"
    request = {"do": "run", "path": "canary.py", "text": text, "from": 1}
    box = boxes.open(environment={})
    try:
        rest = {"until": 10**6, "quick": False, "seconds": SECONDS}
        wire.send(box.connection, request | rest)
        found = _answer(box.connection)
    finally:
        del os.environ[SECRET]
        box.stop()
    return found, box.silent(END_SECONDS)


def _answer(connection: wire.Connection) -> dict[str, Any]:
    """Return what the program found, or its problem under a name of its own."""
    while connection.poll(SECONDS):
        reply = wire.receive(connection)
        if "stop" in reply:
            if reply["stop"]:
                return {"problem": reply["stop"]}
            wire.send(connection, {"do": "get", "name": "found"})
            made: dict[str, Any] = wire.receive(connection).get("value", {})
            return made
    return {"problem": "no answer"}
