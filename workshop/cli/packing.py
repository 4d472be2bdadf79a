"""What is handed in is one file: the lesson, and what spares the grader a training.

It holds the script, modules of the learner's own beside it, and the trainings kept for
it; no report, no secret, nothing else of their folder. The same files give the same
bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from workshop import progress
from workshop.cli import work as works
from workshop.cli.session import Refused, Session
from workshop.cli.work import Work

MODULE_KB = 256


def files(session: Session, work: Work) -> Iterator[tuple[str, bytes]]:
    """Yield the names in the packed file, and what is in each."""
    yield work.path.name, work.path.read_bytes()
    lessons = {lesson.stem for lesson in session.course.lessons}
    for path in sorted(work.path.parent.glob("*.py")):
        small = path.is_file() and path.stat().st_size <= MODULE_KB * 1024
        if small and path != work.path and path.stem not in lessons:
            yield path.name, path.read_bytes()
    home = session.home
    for path in sorted((home.hidden / "kept").glob(f"{work.lesson.stem}-*.npz")):
        yield path.relative_to(home.root).as_posix(), path.read_bytes()


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip file of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def beside(session: Session, work: Work) -> Path:
    """Return where a packed lesson is written where nothing else was said."""
    return session.home.root / f"{work.lesson.stem}.zip"


def write(session: Session, place: Path, content: bytes) -> None:
    """Write a packed lesson; Refused where that fails."""
    try:
        progress.write(place, content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise Refused(f"{place} was not written: {why}.") from None


def say_blanks(session: Session, work: Work) -> None:
    """Tell that something is left to do in what is handed in."""
    if count := len(works.open_blanks(work)):
        blanks = "a blank" if count == 1 else f"{count} blanks"
        session.tell(f"It still has {blanks}.", fg="yellow")
