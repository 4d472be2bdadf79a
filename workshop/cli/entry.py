"""A command is imported when it is called, so that none waits for another's libraries.

Whatever goes wrong ends here as one sentence and an exit status: 2 for what was typed,
3 for what is our fault (details go to a file), 130 for Ctrl-C.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import os
import sys
from typing import Any, TextIO

import click

from workshop import cli
from workshop.cli.session import Refused, Session, shared_options

USAGE, OUR_FAULT, INTERRUPTED = 2, 3, 130

COMMANDS = {
    "start": ("start", "Make a course folder, or add lessons to one."),
    "list": ("lessons", "Show the lessons, your progress and what is next."),
    "check": ("check", "Check a lesson and say what to do next."),
    "watch": ("watch", "Check again whenever you save."),
    "next": ("lessons", "Say which lesson and which TODO is next."),
    "hint": ("hint", "Show a hint: first a question, then more."),
    "solution": ("hint", "Show the solution, once your own has passed."),
    "reset": ("files", "Begin a lesson again; yours is kept as a dated copy."),
    "notebook": ("files", "Write your lesson as a notebook as well."),
    "doctor": ("doctor", "Find out whether this machine is ready."),
    "data": ("datasets", "List the data that is here, or prepare it."),
    "submit": ("submit", "Hand in a lesson: to the room, or as one file."),
    "join": ("join", "Join a room, and say whether it hears of your checks."),
    "leave": ("join", "Leave the room."),
    "hand": ("join", "Put your hand up in the room, or take it down."),
    "catch-up": ("catch_up", "Come to the lesson that is on, after a late arrival."),
    "seal": ("seal", "Make the secret that decides a class's unseen data."),
    "grade": ("grade", "Grade other people's work, each in a box."),
    "export": ("export", "Write the gradebook as sheets, pages and other files."),
    "certificate": ("certificate", "Verify a certificate, or show a room's key."),
    "serve": ("serve", "Serve a model, with a page to try it."),
    "room": ("room", "Run a session: a room, its board and its projector."),
    "mirror": ("mirror", "Fill a folder for a room without internet."),
    "demo": ("demo", "See the kit at work, in two minutes."),
}
OTHERS = {"dev": ("workshop.dev.commands", "For authors: write and prove lessons.")}
MACHINES_FAULTS = {
    errno.EACCES: "Change its permissions, or work in a folder that is yours.",
    errno.EPERM: "Change its permissions, or work in a folder that is yours.",
    errno.EROFS: "Work in a folder on another disk.",
    errno.ENOSPC: "Make room on the disk and try again.",
    errno.EDQUOT: "Make room on the disk and try again.",
    errno.EIO: "The disk itself fails. Copy your work elsewhere.",
}


class Commands(click.Group):
    """The group that knows its commands by name and imports them late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, *OTHERS]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in COMMANDS:
            module = f"workshop.cli.{COMMANDS[name][0]}"
            attribute = f"{name.replace('-', '_')}_command"
        elif name in OTHERS:
            module, attribute = OTHERS[name][0], name
        else:
            return None
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        known = self.list_commands(ctx)
        if args[0] not in known:
            import difflib

            near = difflib.get_close_matches(args[0], known, n=1)
            hint = f" Did you mean “{near[0]}”?" if near else ""
            raise Refused(
                f"There is no command “{args[0]}”.{hint} "
                f"All of them: {ctx.command_path} --help"
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, writer: click.HelpFormatter) -> None:
        with writer.section("Commands"):
            table = {**COMMANDS, **OTHERS}
            writer.write_dl([(name, text) for name, (_, text) in table.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="keras-workshop", message="%(version)s")
@shared_options
@click.pass_context
def group(ctx: click.Context) -> None:
    """Learn deep learning with Keras, one lesson after the other, checked at once.

    Begin with "workshop start my-course".
    """


def run(arguments: list[str] | None = None) -> int:
    """Run one command line; return its exit status, whatever happens."""
    sys.stdout, sys.stderr = map(_never_fails, (sys.stdout, sys.stderr))
    session = Session()
    try:
        status = group.main(
            arguments, prog_name=session.words, standalone_mode=False, obj=session
        )
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except (KeyboardInterrupt, click.Abort):
        return _said(session, "Stopped.", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return 1
    except Exception as error:
        return _explained(session, error)


def _explained(session: Session, error: Exception) -> int:
    """Say in a sentence what an exception means for the person."""
    from workshop.course import CourseError

    if isinstance(error, Refused):
        return _said(session, str(error), error.code)
    if isinstance(error, CourseError):
        return _said(session, _sentence(error), USAGE)
    if type(error).__name__ == "DataError":
        return _said(session, _sentence(error), USAGE)
    if isinstance(error, ModuleNotFoundError) and not _ours(error):
        return _said(session, cli.missing(error.name or ""), cli.CANNOT_WORK)
    if isinstance(error, OSError) and error.errno in MACHINES_FAULTS:
        what = error.filename or "A file"
        said = f"{what} cannot be read or written ({error.strerror})."
        return _said(session, f"{said} {MACHINES_FAULTS[error.errno]}", OUR_FAULT)
    return _crashed(session)


def _ours(error: ModuleNotFoundError) -> bool:
    return (error.name or "workshop").partition(".")[0] == "workshop"


def _crashed(session: Session) -> int:
    """Write the details of our own fault to a file and name it."""
    import traceback

    trace = traceback.format_exc()
    fault = "Something in the kit went wrong; that is not your fault."
    for place in session.crash_places():
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(trace, encoding="utf-8")
            return _said(session, f"{fault} The details are in {place}.", OUR_FAULT)
    last = trace.strip().split("\n")[-1]
    return _said(session, f"{fault} ({last})", OUR_FAULT)


def _said(session: Session, sentence: str, code: int) -> int:
    with contextlib.suppress(OSError):
        session.tell(sentence)
    return code


def _sentence(error: Exception) -> str:
    text = str(error)
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _never_fails(stream: TextIO | None) -> TextIO:
    """Return a stream that can be written to, whatever it lacks.

    A console that lacks a character shows its code; a closed stream swallows all.
    """
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        with contextlib.suppress(OSError, ValueError):
            reconfigure(errors="backslashreplace")
    return stream
