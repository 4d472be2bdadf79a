"""A notebook is a script in another form: each is made from the other by jupytext.

Of a notebook only what a script is made of is read, so that no version of its format
and nothing that a program left in it makes a difference.
"""

from __future__ import annotations

import json
from typing import Any

from workshop import magics


def write(text: str) -> dict[str, Any]:
    """Return the notebook of a script as JSON values, the same at every call."""
    import jupytext

    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata = {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number}"
    made: dict[str, Any] = json.loads(json.dumps(notebook))
    return made


def read(notebook: dict[str, Any]) -> str:
    """Return the script of a notebook: magics as comments, outputs left out."""
    import jupytext

    made = jupytext.reads(json.dumps(_bare(notebook)), fmt="ipynb")
    made.metadata = {
        "jupytext": {
            "notebook_metadata_filter": "-all",
            "cell_metadata_filter": "title,-all",
            "comment_magics": False,
        }
    }
    text: str = jupytext.writes(made, fmt="py:percent")
    return text


def _bare(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with what a script is made of, in the form of today."""
    cells = [_cell(number, cell) for number, cell in enumerate(notebook["cells"])]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _cell(number: int, cell: dict[str, Any]) -> dict[str, Any]:
    kind, text = cell["cell_type"], source(cell)
    made = {"cell_type": kind, "id": f"cell-{number}", "source": text}
    made["metadata"] = cell.get("metadata", {})
    if kind != "code":
        return made
    code = magics.plain(text, notebook=True)
    return made | {"source": code, "outputs": [], "execution_count": None}


def source(cell: dict[str, Any]) -> str:
    """Return the text of a cell, which a notebook may hold as a list of lines."""
    text = cell["source"]
    return text if isinstance(text, str) else "".join(text)
