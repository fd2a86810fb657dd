"""Tables in Markdown for Dagster's UI; what JDs say is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"([\\`*_\[\]()#!|~])")


def markdown_text(value: object, most: int = 120) -> str:
    """A value as one line of plain text that Markdown leaves as it is, cut after `most` characters."""
    text = " ".join(str("–" if value is None else value).split())
    if len(text) > most:
        text = text[: most - 1] + "…"
    return _MARKS.sub(r"\\\1", html.escape(text, quote=False))


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
