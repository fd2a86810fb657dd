"""One text from a record's fields, and the id that a JD gets from its text."""

from __future__ import annotations

import hashlib
import unicodedata

_LINE_ENDS = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")

TITLE_WINDOW = 600
"""In how many characters of the body its own title is looked for."""


def normalise_lines(text: str) -> str:
    """The text with `\\n` as its only line end, without blank space at its ends."""
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    return text.strip()


def compose(title: str | None, company: str | None, location: str | None, body: str) -> tuple[str, int]:
    """The JD's text, and where in it `body` begins, in characters.

    In front of the body stand those of title, company and location, a line each, that it does not
    name itself (the title in its first `TITLE_WINDOW` characters, the others anywhere; case and
    white space don't matter, a part of a longer word doesn't count), then a blank line.
    """
    folded = _fold(body)
    fields = [(title, _fold(body[:TITLE_WINDOW])), (company, folded), (location, folded)]
    missing = [field for field, where in fields if field and not _names(where, _fold(field))]
    front = "\n".join(missing) + "\n\n" if missing else ""
    return front + body, len(front)


def jd_id(text: str) -> str:
    """The first 32 hex digits of the SHA-256 of the text in NFKC, case-folded, with white space folded.

    Copies that differ in case, line breaks, spacing or in how a character is composed share an id.
    """
    return hashlib.sha256(_fold(unicodedata.normalize("NFKC", text)).encode()).hexdigest()[:32]


def record_id(ds: str, file: str, row: int | None) -> str:
    """The first 32 hex digits of the SHA-256 of day (ISO), file and row."""
    name = f"{ds}\0{file}\0{'' if row is None else row}"
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())


def _names(text: str, field: str) -> bool:
    """Whether the text holds the field, both folded, and not only inside a longer word (EY in they)."""
    at = text.find(field)
    while at >= 0:
        end = at + len(field)
        opens = at == 0 or not (field[0].isalnum() and text[at - 1].isalnum())
        closes = end == len(text) or not (field[-1].isalnum() and text[end].isalnum())
        if opens and closes:
            return True
        at = text.find(field, end)
    return False
