"""Short forms that a posting explains itself: "Applicant Tracking System (ATS)" names one skill, not two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jd_assets.stages.skills.found import Found

_SHORT = re.compile(r"\(\s*([A-Z][A-Za-z&/]{1,7}?)s?\s*\)")
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset({"and", "of", "the", "for", "in", "to", "on", "a", "an", "with", "by"})


@dataclass(frozen=True, slots=True)
class Explained:
    """A short form in brackets and the words before it whose initials it is; offsets in characters."""

    short: str
    start: int
    end: int


def explained(text: str) -> Iterator[Explained]:
    """Each short form that stands in brackets behind its long form, which spans `start` to `end`.

    Small words may be left out of the initials, as in "Request for Proposal (RFP)" and "Division of Labor
    (DL)".
    """
    for match in _SHORT.finditer(text):
        letters = [c.lower() for c in match.group(1) if c.isalpha()]
        if sum(c.isupper() for c in match.group(1)) < 2:
            continue
        line = text.rfind("\n", 0, match.start()) + 1
        before = list(_WORD.finditer(text, max(line, match.start() - 100), match.start()))
        if before and text[before[-1].end() : match.start()].strip():
            continue
        start = _start(before, letters)
        if start is not None:
            yield Explained(match.group(1), start, before[-1].end())


def _start(before: list[re.Match[str]], letters: list[str]) -> int | None:
    """Where the words begin that, read backwards, have these initials."""
    place = len(before) - 1
    start = None
    for letter in reversed(letters):
        while place >= 0 and not _begins(before[place], letter) and before[place].group().lower() in _SMALL:
            place -= 1
        if place < 0 or not _begins(before[place], letter):
            return None
        start = before[place].start()
        place -= 1
    return start


def _begins(word: re.Match[str], letter: str) -> bool:
    return word.group()[0].lower() == letter


def join_explained(found: dict[str, Found], text: str) -> None:
    """Takes a short form that the posting explains for the skill that its long form is."""
    for one in explained(text):
        whole = next((k for k, s in found.items() if s.end == one.end and s.start <= one.start), None)
        short = next((k for k, s in found.items() if text[s.start : s.end].rstrip("s") == one.short), None)
        if whole is not None and short is not None and whole != short:
            lost = found.pop(short)
            found[whole].mentions += lost.mentions
            found[whole].is_primary |= lost.is_primary
