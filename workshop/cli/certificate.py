"""Anybody who has the kit can verify a certificate: no network, no room, no account.

What is printed comes from what is signed, never from how a page looks. Status 0 means
that the signature holds; whose it is only a published fingerprint can say, so without
one the answer says what is still to be done.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.cli.session import Refused, Session, shared_options

if TYPE_CHECKING:
    from workshop.certificate import Reached, Signed

FOLDER = Path("room")
ANYBODY = (
    "Anybody can make a key and sign with it. Compare this fingerprint with the one "
    "that the instructor published, or let it be compared: "
)
PAGE = "The page shows what is signed only if it reads the same as this."


@click.group("certificate")
@shared_options
def certificate_command() -> None:
    """Verify a certificate, or show the key that signs those of a room."""


@certificate_command.command("verify")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--key",
    "wanted",
    metavar="FINGERPRINT",
    help="The fingerprint that the instructor published.",
)
@shared_options
@click.pass_obj
def verify_command(session: Session, file: Path, wanted: str | None) -> int:
    """Verify the certificate in FILE: its page, or its JSON file.

    The status is 0 when the signature holds, and with --key when the key is that one,
    too; 1 when not; 2 when there is no certificate to read.
    """
    from workshop.certificate import CertificateError, Forged, read

    asked = _digits(wanted) if wanted is not None else ""
    content = _content(file)
    try:
        signed = read(content)
    except Forged as error:
        session.say(f"✗ {error}", fg="red")
        return 1
    except CertificateError as error:
        raise Refused(f"{file}: {error}") from None
    if asked and asked != signed.fingerprint.replace(" ", ""):
        session.say("✗ This was signed with another key than the one named.", fg="red")
        session.say(f"Its key: {signed.fingerprint}")
        return 1
    _show(session, signed)
    session.say(f"Key: {signed.fingerprint}{', the one you named' if asked else ''}")
    if not content.lstrip().startswith(b"{"):
        session.say(PAGE)
    if not asked:
        again = f"certificate verify {session.place(file)} --key FINGERPRINT"
        session.say(f"{ANYBODY}{session.command(again)}", fg="yellow")
    return 0


@certificate_command.command("key")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=FOLDER,
    metavar="DIR",
    help=f"The folder of the room [{FOLDER}].",
)
@shared_options
@click.pass_obj
def key_command(session: Session, folder: Path) -> int:
    """Show the fingerprint of the key that signs a room's certificates.

    Publish it where those who read certificates will look. The key is made if there is
    none yet.
    """
    from workshop.certificate import KEY_FILE, CertificateError, Key

    key = Key(folder / KEY_FILE)
    was = key.path.exists()
    try:
        session.say(key.fingerprint)
    except CertificateError as error:
        raise Refused(str(error)) from None
    if not was:
        session.tell(f"A new key was made: {session.place(key.path)}. Keep a copy.")
    return 0


def _digits(wanted: str) -> str:
    """Return the 32 digits of a fingerprint, however they are grouped."""
    digits = re.sub(r"[\s:-]", "", wanted).lower()
    if not re.fullmatch("[0-9a-f]{32}", digits):
        raise Refused("A fingerprint has 32 digits, 0 to 9 and a to f: give all of it.")
    return digits


def _content(file: Path) -> bytes:
    """Return what is in a file, or a little more than a certificate may have."""
    from workshop.certificate.signing import LARGEST

    try:
        with file.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(f"{file} cannot be read ({why}).") from None


def _show(session: Session, signed: Signed) -> None:
    from workshop.report.words import one_line

    made = signed.certificate
    session.say("✓ The signature holds for this:", fg="green")
    session.say(f"Name: {one_line(made.name)}")
    session.say(f"Course: {one_line(made.course)}")
    session.say(f"Date: {made.date}")
    session.say(f"Room: {one_line(made.room)}, keras-workshop {one_line(made.kit)}")
    session.say("Reached:")
    for reached in made.lessons:
        for line in _reached(reached):
            session.say(f"  {line}")


def _reached(reached: Reached) -> tuple[str, str]:
    from workshop.report.frame import moment
    from workshop.report.words import PLACES, one_line

    name = f"{one_line(reached.title)} ({one_line(reached.lesson)})"
    score = f"{reached.score} right on unseen data" if reached.score else ""
    data = f"{reached.variant} data" if reached.variant else ""
    where = f"  {PLACES[reached.place]}, {moment(reached.created)}"
    return ", ".join(filter(None, (name, score, data))), where
