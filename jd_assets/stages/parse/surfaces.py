"""Finds words that a model says it read in the text that it was given."""

from __future__ import annotations

import re
from array import array

from jd_assets.stages.parse.view import clean, lowered

_LONGEST = 2_000  # characters of a value; a paragraph about a company has a third of that
_TRIES = 200  # places looked at for one value
MARKS = "*\u2022"
"""Marks of emphasis and lists, which models leave out."""
_KEPT = re.compile(rf"[^\s{MARKS}]+")


class Surfaces:
    """A text in which words are found whatever their case, spacing, quotes and mark-up."""

    def __init__(self, text: str) -> None:
        view = clean(text)
        self._low = lowered(view)
        pieces = [m.span() for m in _KEPT.finditer(view)]
        self._places = array("I")
        for start, end in pieces:
            self._places.extend(range(start, end))
        self._cased = "".join(view[start:end] for start, end in pieces)
        self._uncased = "".join(self._low[start:end] for start, end in pieces)

    def find(self, words: str, start: int = 0, end: int | None = None) -> tuple[int, int] | None:
        """Where `words` first stand as whole words of the text, between two offsets of it, best in their own
        case; None if they don't."""
        wanted = "".join(_KEPT.findall(clean(words[: 2 * _LONGEST])))
        if not wanted or len(wanted) > _LONGEST:
            return None
        return self._find(self._cased, wanted, start, end) or self._find(
            self._uncased, lowered(wanted), start, end
        )

    def low(self, start: int, end: int) -> str:
        """The text between two offsets in lower case, mark-up taken out."""
        return self._low[max(0, start) : end]

    def _find(self, text: str, wanted: str, start: int, end: int | None) -> tuple[int, int] | None:
        at = -1
        for _ in range(_TRIES):
            at = text.find(wanted, at + 1)
            if at < 0:
                return None
            left, right = self._places[at], self._places[at + len(wanted) - 1] + 1
            if left >= start and self._whole(left, right):
                return (left, right) if end is None or right <= end else None
        return None

    def _whole(self, left: int, right: int) -> bool:
        low = self._low
        cut_before = left > 0 and low[left].isalnum() and low[left - 1].isalnum()
        cut_after = right < len(low) and low[right - 1].isalnum() and low[right].isalnum()
        return not cut_before and not cut_after
