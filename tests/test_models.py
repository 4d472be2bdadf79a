"""A saved model is asked in a process of its own, and the kit brings one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from workshop import models


def test_a_file_that_is_no_model_gives_a_reason(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no model")
    with pytest.raises(RuntimeError, match="gave no answer: ValueError"):
        models.ask(tmp_path / "notes.txt", np.zeros((1, 2)))


def test_a_folder_takes_what_its_files_take(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "weights").write_bytes(b"1234")
    (tmp_path / "saved_model.pb").write_bytes(b"12")
    assert models.size(tmp_path) == 6
    assert models.size(tmp_path / "saved_model.pb") == 2


def test_the_kit_brings_the_file_that_its_record_names() -> None:
    record = json.loads(models.signs().with_suffix(".json").read_text("utf-8"))
    content = models.signs().read_bytes()
    assert hashlib.sha256(content).hexdigest() == record["sha256"]
    assert len(content) < 1_000_000
