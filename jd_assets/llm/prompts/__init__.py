"""Prompts: text files that are never edited, only followed by a next version."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def prompt(name: str) -> str:
    """The text of a prompt, such as `parse_v2`."""
    return files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")


def fenced(text: str) -> str:
    """A posting as data: between two lines with a mark that comes from the whole text, so that no text can
    hold its own mark."""
    sendable = text.encode("utf-8", "replace").decode("utf-8")
    mark = hashlib.sha256(sendable.encode()).hexdigest()[:16]
    return f"BEGIN POSTING {mark}\n{sendable}\nEND POSTING {mark}"
