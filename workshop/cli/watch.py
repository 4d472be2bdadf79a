"""Watching is reading: the file's content is looked at a few times a second.

A lesson is one small file, so this costs nothing, and it works where file events or
clocks do not: network drives, WSL, containers, editors that save by renaming, a clock
set back. The child stays alive between checks, so unchanged cells are not run again.
"""

from __future__ import annotations

import ast
import contextlib
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import click

from workshop import readiness, script
from workshop.cli import advice, hint, lessons, rooms
from workshop.cli import check as checks
from workshop.cli import work as works
from workshop.cli.keys import Keys
from workshop.cli.session import Refused, Session, shared_options
from workshop.cli.work import Work
from workshop.grader import Grader
from workshop.results import Report

LOOK_SECONDS = 0.2
MISSED_SECONDS = 3.0


@click.command("watch")
@click.argument("name", required=False, metavar="[LESSON or FILE]")
@shared_options
@click.pass_obj
def watch_command(session: Session, name: str | None) -> int:
    """Check a lesson again whenever you save it. q quits."""
    work: Work | None = works.find(session, name)
    rooms.use_mirror(session.home)
    status = 1
    with _ends_tidily(), Keys() as keys:
        while work:
            watch = Watch(session, work, keys)
            try:
                work = watch.run()
            finally:
                watch.close()
            status = watch.status
    return status


class Watch:
    """Watches one lesson until the learner quits or goes on to another."""

    def __init__(self, session: Session, work: Work, keys: Keys) -> None:
        self.session = session
        self.work = work
        self.keys = keys
        self.screen = checks.Screen(session)
        self.room = rooms.Listener(session)
        options = checks.options_for(session.home, self.screen, keep=True)
        self.grader = Grader(work.lesson, options)
        self.worker = ThreadPoolExecutor(1)
        self.running: Future[Report] | None = None
        self.checked = self.seen = b""
        self.stale = False
        self.there = time.monotonic()
        self.missed = False
        self.status = 1

    def run(self) -> Work | None:
        """Return the work to watch next; None to quit."""
        self._begin()
        while True:
            key = self.keys.wait(LOOK_SECONDS).lower()
            if key == "q":
                return None
            if key == "n" and (work := self._next()):
                return work
            self._answer(key)
            self._look()
            if self.running is None:
                self._hear()
            elif self.running.done():
                self._finish(self.running)

    def close(self) -> None:
        """End the child, whatever it is doing, and say no more."""
        self.screen.silence()
        while self.running and not self.running.done():
            self.grader.interrupt()
            time.sleep(0.02)
        self.worker.shutdown()
        self.grader.close()

    def _begin(self) -> None:
        """Start a check of what the file holds now."""
        checks.ready(self.work)
        self.checked = self.seen = self._content() or b""
        self.stale = False
        if not self.session.plain:
            click.echo("\x1b[H\x1b[2J", nl=False)
        self.session.say(f"Watching {self.work.path.name}", bold=True)
        self.running = self.worker.submit(self.grader.check, self.work.path)

    def _look(self) -> None:
        """Check again where the file was changed, once it is the same at two looks."""
        content = self._content()
        if content is None:
            return
        settled, self.seen = content == self.seen, content
        if not settled or content == self.checked:
            return
        if self.running is None:
            self._begin()
        elif _overtakes(self.work, self.checked, content):
            self.stale = True
        if self.stale:
            self.grader.interrupt()

    def _content(self) -> bytes | None:
        """Return what the file holds; None while it is away, as when it is saved."""
        try:
            content = self.work.path.read_bytes()
        except OSError:
            away = time.monotonic() - self.there
            if away > MISSED_SECONDS and not self.missed:
                self.missed = True
                name = self.work.path.name
                self.session.say(f"{name} is not there. Waiting for it to come back.")
            return None
        self.there, self.missed = time.monotonic(), False
        return content

    def _finish(self, running: Future[Report]) -> None:
        """Show a report, unless the file has changed under it."""
        self.running = None
        report = running.result()
        if self.stale or self.seen != self.checked:
            self.session.say("The file has changed: checking again.", dim=True)
            self._begin()
            return
        folder = self.session.home
        checks.note(folder, self.work, report)
        step = advice.next_step(self.session, self.work, report, watching=True)
        checks.save(folder, self.work, report, step)
        self.screen.clear()
        checks.show(self.session, self.work, report, step)
        self.status = checks.status(report)
        self.room.report(report)
        self._menu()

    def _hear(self) -> None:
        """Show what the room says, while nothing else is shown."""
        for line, quiet in self.room.hear():
            rooms.show(self.session, line, quiet)

    def _answer(self, key: str) -> None:
        if key in ("c", "\r", "\n") and self.running is None:
            self._begin()
        elif key == "h":
            self._hint()
        elif key == "l":
            lessons.print_rows(self.session, lessons.rows_of(self.session))
        if key in ("h", "l") and self.running is None:
            self._menu()

    def _hint(self) -> None:
        number = hint.first_open(self.session, self.work.lesson)
        try:
            if number:
                hint.show_hint(self.session, self.work.lesson, number)
            else:
                self.session.say("No blank is left here, and no TODO has failed.")
        except Refused as refused:
            self.session.say(str(refused))

    def _next(self) -> Work | None:
        """Return the next lesson's work; where there is none, say why."""
        if not self.session.standing(self.work.lesson).reached:
            self.session.say("This lesson has not passed yet. h shows a hint.")
            return None
        lesson = works.next_lesson(self.session)
        if lesson is None:
            self.session.say("Every lesson has passed. Well done.", fg="green")
            return None
        try:
            return works.only(self.session, lesson)
        except Refused as refused:
            self.session.say(str(refused))
            return None

    def _menu(self) -> None:
        name = self.work.path.name
        if not self.keys.there:
            self.session.say(f"\nWaiting for {name} to be saved. Ctrl-C ends this.")
            return
        keys = "h hint · n next · l list · c check now · q quit"
        self.session.say(f"\nEvery save is checked · {keys}", dim=True)


def _overtakes(work: Work, old: bytes, new: bytes) -> bool:
    """Return whether a change lies in what is being run, so that to wait is no use.

    Notebooks and what cannot be read never overtake.
    """
    try:
        begun = script.parse(old.decode("utf-8-sig"))
        until = readiness.waiting(begun, work.lesson)[1]
        ran = [
            ast.dump(one) for one in ast.parse(begun.text).body if one.lineno < until
        ]
        text = script.parse(new.decode("utf-8-sig")).text
        return [ast.dump(one) for one in ast.parse(text).body][: len(ran)] != ran
    except (SyntaxError, ValueError):
        return False


@contextlib.contextmanager
def _ends_tidily() -> Iterator[None]:
    """Let a request to end (SIGTERM) unwind as Ctrl-C does."""

    def end(*_: Any) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
