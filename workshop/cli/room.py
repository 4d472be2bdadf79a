"""One command is the whole classroom; started again, it goes on where it was.

What is wrong is said before the port is taken. The link of the instructor carries the
key behind `#`, which browsers keep to themselves.
"""

from __future__ import annotations

import datetime
import io
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workshop.cli import listening
from workshop.cli.room_after import collect_command, grades_command, report_command
from workshop.cli.room_forget import forget_command
from workshop.cli.session import Refused, Session, shared_options

if TYPE_CHECKING:
    from workshop.room.folder import RoomFolder
    from workshop.room.opening import Held

OPEN_FILES = 10_000
"""A system's usual 256 or 1,024 are not enough for 500 attendees with their pages."""

in_folder = click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("room"),
    metavar="DIR",
    help="What the room keeps is in this folder [room].",
)


@click.group("room", invoke_without_command=True)
@in_folder
@click.option("--port", type=click.IntRange(0, 65535), default=8600, show_default=True)
@click.option("--host", default="0.0.0.0", show_default=True, help="Who may come in.")
@click.option(
    "--name", multiple=True, help="Another host name under which it is reached."
)
@click.option("--plan", "key", metavar="KEY", help="The plan to propose: full_day, …")
@click.option(
    "--agenda",
    "own",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A TOML file with a plan of your own, as in course.toml.",
)
@click.option("--begins", metavar="HH:MM", help="When the session should begin.")
@click.option(
    "--mirror",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Give out what `mirror build` collected.",
)
@click.option("--new", is_flag=True, help="Begin another session.")
@click.option("--renew", is_flag=True, help="New keys and a new join code.")
@click.option(
    "--open", "open_page", is_flag=True, help="Open the board in the browser."
)
@shared_options
@click.pass_context
def room_command(ctx: click.Context, **asked: Any) -> int:
    """Run a session: a room for attendees, with a board and a projector.

    Started again it goes on with the last session, whatever ended it.
    """
    if ctx.invoked_subcommand:
        ctx.meta["room"] = asked["folder"]
        return 0
    session = ctx.find_object(Session)
    assert session is not None
    return run(session, **asked)


for _command in (report_command, collect_command, grades_command, forget_command):
    room_command.add_command(_command)


def run(
    session: Session,
    *,
    folder: Path,
    port: int,
    host: str,
    name: tuple[str, ...],
    key: str | None,
    own: Path | None,
    begins: str | None,
    mirror: Path | None,
    new: bool,
    renew: bool,
    open_page: bool,
) -> int:
    """Open the room and serve it until Ctrl-C."""
    from workshop.room import opening
    from workshop.room.folder import RoomFolder

    home = RoomFolder(folder)
    wish = opening.Wish(session.course, key, _table(own), _moment(begins), new, renew)
    with home.alone() as alone, listening.listen(host, port) as sock:
        if not alone:
            raise Refused(
                f"Another room runs in {folder}. End it, or name another: --in"
            )
        address = f"http://{listening.shown(host)}:{sock.getsockname()[1]}"
        try:
            held = opening.open_room(home, wish, address, mirror)
        except opening.Unopened as error:
            raise Refused(str(error)) from None
        _announce(session, held, home)
        if open_page:
            port = sock.getsockname()[1]
            click.launch(
                f"http://127.0.0.1:{port}/board#{held.room.token('instructor')}"
            )
        listening.open_files(OPEN_FILES)
        app = held.app(name)
        listening.serve(app, sock, log_level="error", http=opening.PROTOCOL)
        held.close()
    session.say("The room is closed. Start it again, and it goes on where it was.")
    return 0


def _table(own: Path | None) -> dict[str, Any]:
    """Return the plans in a file of the instructor's own."""
    if own is None:
        return {}
    try:
        found = tomllib.loads(own.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{own} cannot be read as an agenda: {error}.") from None
    plans = found.get("plans", {"own": found})
    if not isinstance(plans, dict) or not plans:
        raise Refused(f"{own} has no plan: it needs title, minutes and parts.")
    return plans


def _moment(begins: str | None) -> float | None:
    """Return today's moment of a time of day, in seconds since 1970."""
    if begins is None:
        return None
    try:
        time = datetime.time.fromisoformat(begins)
    except ValueError:
        raise Refused(f"“{begins}” is no time of day such as 09:30.") from None
    return datetime.datetime.combine(datetime.date.today(), time).timestamp()


def _announce(session: Session, held: Held, home: RoomFolder) -> None:
    """Print the way in: for attendees, as a picture for phones, for the instructor."""
    room = held.room
    people = len(room.session.people)
    begun = f"The session of {room.journal.path.stem}"
    if held.went_on:
        session.say(f"{begun} goes on, with {_count(people)}. Another: --new", dim=True)
    session.say(room.session.course.title, bold=True)
    session.say()
    session.say(f"  Address    {room.address}", bold=True)
    session.say(f"  Join code  {room.session.code}", bold=True)
    session.say(f"  Terminal   workshop join {room.address[7:]} {room.session.code}")
    for one in room.install:
        session.say(f"  Install    on {one['system']}:")
        session.say(f"  {one['command']}")
    _picture(session, f"{room.address}/#{room.session.code}")
    session.say("Yours alone, the board:", fg="yellow")
    session.say(f"  {room.address}/board#{room.token('instructor')}")
    session.say(f"Kept in {home.path}. Stop it with Ctrl-C; it goes on where it was.")
    if room.address.startswith("http://127."):
        session.tell(
            "This machine has no network, or --host keeps it to itself: nobody else "
            "can come in.",
            fg="yellow",
        )


def _picture(session: Session, address: str) -> None:
    """Print a QR code where a terminal shows one, light as paper on any background."""
    if session.plain or not sys.stdout.isatty():
        return
    import segno

    made = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(made, compact=True, border=2)
    session.say()
    for line in made.getvalue().splitlines():
        session.say(line, fg="bright_white", bg="black")


def _count(people: int) -> str:
    return "1 attendee" if people == 1 else f"{people} attendees"
