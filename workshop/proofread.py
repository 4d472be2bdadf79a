"""Whatever can be said about a script without running it is said at once, in words
that a beginner understands; Python's own wording is kept only where it is plain.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
import warnings
from itertools import zip_longest

from workshop.source import parse_tree

_ZERO = "This file holds a zero byte, so it is not a text file."
FEW, KNOWN, LETTERS = 10, 2_000, 40
"""A nearest name is looked for to the first few unknown names, among so many known
names of so many letters: it takes the product of the three, and a script may be
hostile.
"""
_HEAVY = re.compile(r"^\s*(import|from)\s+(keras|tensorflow)\b", re.MULTILINE)
_MAKERS_OF_NAMES = {"exec", "globals", "locals", "vars", "setattr"}
_WORDS = (
    (r"null bytes", _ZERO),
    (r"'(.)' was never closed", "The bracket {0} that opens here is never closed."),
    (r"unmatched '(.)'", "The bracket {0} closes here, but nothing opens it."),
    (
        r"closing parenthesis '(.)' does not match opening parenthesis '(.)'",
        "The bracket {1} is open here, but {0} closes. One of the two is wrong.",
    ),
    (
        r"unterminated triple-quoted",
        "The text that opens with three quotes is never closed by three quotes.",
    ),
    (r"unterminated (f-)?string", "The text that opens here has no closing quote."),
    (r"expected ':'", "A colon : is missing at the end of this line."),
    (
        r"expected an indented block after (.+) on line (\d+)",
        "Indent this line by four spaces: it belongs to line {1}.",
    ),
    (r"unexpected indent", "This line starts further right than the line before it."),
    (
        r"unindent does not match",
        "This line starts neither where its block starts nor where the block before "
        "it does. Line up its first letter.",
    ),
    (r"[Tt]abs and spaces|of tabs", "Indent with spaces only: this line has tabs too."),
    (
        r"invalid (?:non-printable )?character",
        "This line holds a character that Python does not know, often a curly quote "
        "or a special space that came with copied text. Type it again.",
    ),
    (
        r"forgot a comma",
        "Python cannot read this line. Perhaps a comma is missing between two values.",
    ),
    (r"Maybe you meant '=='", "To compare two values write ==, not =."),
    (r"cannot assign to", "What stands left of = here cannot take a value."),
    (r"'return' outside function", "A return must stand inside a function: indent it."),
    (r"unexpected EOF|was never closed", "The file ends in the middle of something."),
)


def uses_keras(text: str) -> bool:
    """Tell whether a script imports Keras or TensorFlow, as far as its text shows."""
    return bool(_HEAVY.search(text))


def syntax_problem(text: str, filename: str = "script") -> tuple[int, str, str] | None:
    """Return line (1-based), sentence and source line of what Python cannot read.

    None where the whole text compiles.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        lines = text.split("\n")
        line = min(max(error.lineno or 1, 1), len(lines))
        source = lines[line - 1].rstrip()
        return line, _sentence(error.msg, source), source
    except (RecursionError, MemoryError):
        return 1, "Something in this file is nested too deeply for Python.", ""
    except ValueError:
        return 1, _ZERO, ""
    return None


def undefined_names(text: str) -> list[tuple[int, str, str | None]]:
    """Return line, name and nearest known name of each name that nothing defines.

    A name that is deleted somewhere is left out: only a run tells what comes first.
    Empty where the script makes names by itself, and where the text is not Python,
    which `syntax_problem` tells.
    """
    from pyflakes import checker, messages

    try:
        tree = _without_quoted_types(parse_tree(text))
        notebook = {"display", "get_ipython"}
        found = checker.Checker(tree, builtins=notebook).messages
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    if not _MAKERS_OF_NAMES.isdisjoint(_named(tree, ast.Load)):
        return []
    known = _bound(tree) | set(dir(builtins)) | notebook
    deleted = _named(tree, ast.Del)
    undefined = sorted(
        (message.lineno, message.message_args[0])
        for message in found
        if isinstance(message, messages.UndefinedName)
        and message.message_args[0] not in deleted
    )
    near = [_nearest(name, known) for _, name in undefined[:FEW]]
    return [(*one, other) for one, other in zip_longest(undefined, near)]


def _without_quoted_types(tree: ast.AST) -> ast.AST:
    """Return the tree without annotations in quotes, which Python never looks at."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if isinstance(getattr(node, name, None), ast.Constant):
                setattr(node, name, ast.Constant(None))
                ast.fix_missing_locations(node)
    return tree


def _sentence(message: str, source: str) -> str:
    if source.lstrip().startswith(("%", "!")):
        return "A line that starts with % or ! works only in a notebook. Remove it."
    for pattern, words in _WORDS:
        if match := re.search(pattern, message):
            return words.format(*match.groups())
    if message == "invalid syntax":
        return (
            "Python cannot read this line. Look for a missing bracket, comma or quote "
            "here or in the line before."
        )
    return f"Python cannot read this line: {message}."


def _bound(tree: ast.AST) -> set[str]:
    """Return every name that the script itself binds somewhere."""
    names = _named(tree, ast.Store)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
    return names


def _named(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """Return the plain names that are assigned to (Store), or deleted (Del)."""
    nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {node.id for node in nodes if isinstance(node.ctx, context)}


def _nearest(name: str, known: set[str]) -> str | None:
    if name in known:
        return name
    if len(name) > LETTERS or len(known) > KNOWN:
        return None
    short = sorted(one for one in known if len(one) <= LETTERS)
    found = difflib.get_close_matches(name, short, n=1, cutoff=0.7)
    return found[0] if found else None
