"""Patterns of many words, tried only where one of the words that they open with stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import ahocorasick


class Anchored:
    """A pattern whose every match opens with one of some words, exactly as given.

    The words of a text are found in one pass whose cost does not grow with their number, where the pattern
    by itself would try each of its alternatives at each character.
    """

    def __init__(self, pattern: str, opens_with: Iterable[str]) -> None:
        self.pattern = re.compile(pattern)
        self._words = ahocorasick.Automaton()
        for word in opens_with:
            self._words.add_word(word, len(word))
        self._words.make_automaton()

    def finditer(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        """The matches that `re.finditer` gives between two places of a text."""
        end = min(end, len(text))
        free = start
        for place in sorted({last - length + 1 for last, length in self._words.iter(text, start, end)}):
            if place >= free and (match := self.pattern.match(text, place, end)):
                yield match
                free = match.end()
