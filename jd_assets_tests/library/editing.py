"""Copies of the tiny library with something changed in them, and where the change stands."""

from __future__ import annotations

import shutil
from pathlib import Path

from jd_assets_tests.conftest import MINI


def mini_copy(target: Path) -> Path:
    """A copy of the tiny library as `target`, to be edited."""
    shutil.copytree(MINI, target)
    return target


def edit(library: Path, file: str, old: str, new: str) -> None:
    """Replaces a text that stands in the file once."""
    path = library / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands in {file} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def line_of(library: Path, file: str, text: str) -> int:
    """Number of the first line that has the text."""
    lines = (library / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)
