"""What Jupyter adds to Python is taken out, line by line; what it would run stays.

A magic becomes a comment, or the statement that it times. The same holds for scripts
that Jupyter or Colab has saved. Lines keep their numbers.
"""

from __future__ import annotations

import ast
import re

from workshop.proofread import syntax_problem

_CALLED = "get_ipython()"
_MAYBE = re.compile(
    r"^[ \t]*(?:\w+[ \t]*=[ \t]*)?(?:[%!]|pip|conda|mamba)", re.MULTILINE
)
_TIMED = re.compile(r"%(?:time|prun|memit)\s+(?!-)(\S.*)")
_COMMAND = re.compile(r"(?:pip3?|conda|mamba)\s+(?:install|uninstall|list|show)\b")
_CALL = re.compile(
    r"get_ipython\(\)\.(?:run_line_magic|magic|system|getoutput)(\(.*\));?"
)
_PYTHON_CELL = re.compile(r"%%(?:time|timeit|capture|prun)\b")


def are_in(script: str) -> bool:
    """Tell whether a script may have magics; most have none, and wait for nothing."""
    if _CALLED in script:
        return True
    return bool(_MAYBE.search(script) and syntax_problem(script))


def plain(code: str, *, notebook: bool = False) -> str:
    """Return code that Python reads; a cell in another language is a comment.

    In a notebook a line may also end in a question mark, which asks for help.
    """
    from jupytext.magics import is_magic
    from jupytext.stringparser import StringParser

    if code.startswith("%%") and not _PYTHON_CELL.match(code):
        return "\n".join(f"# {line}" for line in code.split("\n"))
    parser, lines, goes_on = StringParser("python"), [], False
    for line in code.split("\n"):
        made: str | None = line
        if goes_on:
            made = f"# {line}"
        elif not parser.is_quoted():
            magic = bool(is_magic(line, "python", explicitly_code=notebook))
            made = _statement(line, magic=magic)
        goes_on = (goes_on or made is None) and line.endswith("\\")
        lines.append(_comment(line) if made is None else made)
        parser.read_line(lines[-1])
    return "\n".join(lines)


def _statement(line: str, *, magic: bool) -> str | None:
    """Return what Python runs of a line, or None where it is all magic."""
    bare = line.strip()
    said = _called(bare)
    if timed := _TIMED.fullmatch(said):
        return line[: len(line) - len(line.lstrip())] + timed[1]
    if bare.startswith("#") or not (magic or said != bare or _COMMAND.match(bare)):
        return line
    return None


def _comment(line: str) -> str:
    """Return a line that does nothing, also where a block has no other."""
    bare = line.lstrip()
    indent = line[: len(line) - len(bare)]
    return f"{indent}pass  # {bare}" if indent else f"# {bare}"


def _called(line: str) -> str:
    """Return the magic that a call of IPython stands for; other lines as they are."""
    if not (call := _CALL.fullmatch(line)):
        return line
    try:
        name, *rest = ast.literal_eval(call[1].replace("(", "[", 1)[:-1] + "]")
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return line
    return " ".join(["%" + str(name), *map(str, rest)])
