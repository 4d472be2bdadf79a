"""A model is served by one command: what is wrong is said before TensorFlow starts.

The port is taken first and the file looked at, for both take no time; only then is the
model loaded, which takes seconds and is said.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workshop.cli import listening
from workshop.cli.session import Refused, Session, shared_options

if TYPE_CHECKING:
    from workshop.serve.model import Model
    from workshop.serve.server import Settings

BYTES = 255.0


@click.command("serve")
@click.argument(
    "file", metavar="MODEL", required=False, type=click.Path(path_type=Path)
)
@click.option(
    "--classes",
    metavar="ABC|FILE",
    help="A letter each, names with commas, or a file with a name a line.",
)
@click.option(
    "--scale",
    type=click.FloatRange(min=0, min_open=True),
    help="The value of a white pixel: 255, or 1 after division by 255.",
)
@click.option("--name", help="The model's name in addresses; by default the file's.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Who may ask.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8501,
    show_default=True,
    help="Where.",
)
@click.option("--open", "open_page", is_flag=True, help="Open the page in the browser.")
@shared_options
@click.pass_obj
def serve_command(
    session: Session,
    file: Path | None,
    classes: str | None,
    scale: float | None,
    name: str | None,
    host: str,
    port: int,
    open_page: bool,
) -> int:
    """Serve MODEL as TensorFlow Serving does, with a page to try it.

    MODEL is a .keras file, a .tflite file or a SavedModel folder. Stop with Ctrl-C.
    """
    from workshop.serve import model as models
    from workshop.serve import server

    if file is None:
        raise Refused(f"Name a model: {session.command('serve', 'model.keras')}")
    try:
        models.check(file)
    except models.Unusable as error:
        raise Refused(str(error)) from None
    with listening.listen(host, port) as sock:
        model = _load(session, file, name)
        settings = _settings(model, classes, scale)
        app = server.application(model, settings)
        _announce(session, settings, host, sock.getsockname()[1])
        if open_page:
            click.launch(f"http://127.0.0.1:{sock.getsockname()[1]}/")
        listening.serve(app, sock, lifespan="off")
    session.say("Stopped.")
    return 0


def _load(session: Session, file: Path, name: str | None) -> Model:
    from workshop.serve import model as models

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    heavy = "" if file.suffix == ".tflite" else " with TensorFlow, for some seconds"
    session.tell(f"Loading {file.name}{heavy} …")
    try:
        model = models.load(file, _name(file, name))
    except models.Unusable as error:
        raise Refused(str(error)) from None
    for one in model.signature.inputs:
        session.tell(f"It takes {one.name}: {one.dtype} {list(one.shape)}.", dim=True)
    return model


def _name(file: Path, name: str | None) -> str:
    """Return a name that can stand in an address: letters, digits and - _ . only."""
    if name is None:
        return re.sub(r"[^\w.-]+", "_", file.resolve().stem) or "model"
    if not re.fullmatch(r"[\w.-]+", name):
        raise Refused(
            f"“{name}” cannot stand in an address: use letters, digits, - _ ."
        )
    return name


def _settings(model: Model, classes: str | None, scale: float | None) -> Settings:
    from workshop.serve.server import Settings, picture

    entry, made = model.signature.inputs[0], model.signature.outputs[0]
    instance = entry.shape[1:]
    one_picture = len(model.signature.inputs) == 1 and entry.dtype != "string"
    outputs = made.shape[-1] if len(made.shape) > 1 else 1
    white = scale or model.white or (BYTES if entry.dtype == "uint8" else 1.0)
    return Settings(
        name=model.name,
        shape=picture(instance) if one_picture else None,
        instance=instance,
        white=white,
        classes=_classes(classes, outputs),
        logits=model.logits,
    )


def _classes(given: str | None, outputs: int) -> tuple[str, ...]:
    """Return a name for each output, two for a single one."""
    wanted = 2 if outputs == 1 else outputs
    if given is None:
        return (
            ("no", "yes") if outputs == 1 else tuple(map(str, range(max(outputs, 0))))
        )
    names = _named(given)
    if outputs > 0 and len(names) != wanted:
        raise Refused(f"--classes names {len(names)}; this model has {wanted} of them.")
    return names


def _named(given: str) -> tuple[str, ...]:
    path = Path(given)
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError):
        raise Refused(f"{given} cannot be read as text, a class name a line.") from None
    if text is None:
        if path.suffix or "/" in given:
            raise Refused(f"There is no file {given} with a class name a line.")
        return (
            tuple(one.strip() for one in given.split(","))
            if "," in given
            else (tuple(given))
        )
    if text.lstrip().startswith("["):
        return tuple(map(str, json.loads(text)))
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _announce(session: Session, settings: Settings, host: str, port: int) -> None:
    base = f"http://{listening.shown(host)}:{port}"
    session.say()
    session.say(f"The page   {base}/", bold=True)
    session.say(f"The model  {base}/v1/models/{settings.name}")
    if settings.shape:
        session.say(
            f"Pixels     0 to {settings.white:g}; another scale: "
            f"--scale {1 if settings.white > 1 else 255}"
        )
    if host not in listening.HERE:
        session.say("Everybody in this network can ask it.")
    session.say("Stop it with Ctrl-C.")
