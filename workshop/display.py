"""Figures never stop a lesson: they show where they can be seen, or become a file.

In a notebook or an interactive window a figure appears below its cell; elsewhere it
is written as a PNG and one line says where. No window opens, nothing waits, nothing
global of matplotlib stays changed, and a disk that cannot be written costs one line.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE, INK, SOFT = "#0072B2", "#C04F00", "#1B211E", "#56605A"

_DPI = 144
_STYLE = {
    "font.size": 10,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": "#B9C0BB",
    "axes.labelcolor": SOFT,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.unicode_minus": False,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
}
_drawn: dict[tuple[Path, str], int] = {}


@contextlib.contextmanager
def style() -> Iterator[None]:
    """Draw in the kit's look, whatever style the learner has set; leave theirs alone.

    Names of classes may hold characters that the font lacks: a box is drawn for them,
    and no warning.
    """
    import matplotlib

    with warnings.catch_warnings(), matplotlib.rc_context():
        warnings.simplefilter("ignore")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        yield


def show(figure: Figure, kind: str, about: str) -> None:
    """Show a figure in the notebook, or write it as a PNG and say where.

    `kind` names the file, `about` is what a screen reader says in a notebook. Files
    are numbered in the order of drawing, so the same script writes the same names. In a
    box nobody looks, and nothing is drawn.
    """
    if os.environ.get("WORKSHOP_BOX"):
        return
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=_DPI)
    if not _shown_inline(buffer.getvalue(), about):
        _write(buffer.getvalue(), kind)


def say(line: str) -> None:
    """Print one line, also on a console that lacks some of its characters."""
    coding = sys.stdout.encoding or "utf-8"
    print(line.encode(coding, "backslashreplace").decode(coding))


def folder() -> Path:
    """Return where figures go: WORKSHOP_FIGURES, the course folder's, or ./figures."""
    if chosen := os.environ.get("WORKSHOP_FIGURES"):
        return Path(chosen)
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / ".workshop").is_dir():
            return place / ".workshop" / "figures"
    return here / "figures"


def _shown_inline(png: bytes, about: str) -> bool:
    """Show in the cell's output where a notebook kernel runs; return whether it did."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is None:
        return False
    from IPython.display import Image, display

    display(Image(data=png, format="png", retina=True, metadata={"alt": about}))
    return True


def _write(png: bytes, kind: str) -> None:
    try:
        place = folder()
        path = place / _file_name(place, kind)
        place.mkdir(parents=True, exist_ok=True)
        _replace(path, png)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        say(f"The figure ({kind}) could not be written: {reason}. The script goes on.")
    else:
        say(f"Figure: {_short(path)}")


def _file_name(place: Path, kind: str) -> str:
    lesson = Path(os.environ.get("WORKSHOP_LESSON", "")).name
    _drawn[place, lesson] = number = _drawn.get((place, lesson), 0) + 1
    return "-".join(filter(None, (lesson, f"{number:02}", kind))) + ".png"


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _short(path: Path) -> Path:
    with contextlib.suppress(ValueError, OSError):
        return path.relative_to(Path.cwd())
    return path
