"""Words that are found in one pass, and patterns that are tried only where one of their words stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

import ahocorasick


class Words:
    """Some words, exactly as given, inside others too.

    A text is read once, at a cost that does not grow with their number, where a pattern would try each of
    its alternatives at each character.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = ahocorasick.Automaton()
        for word in words:
            self._words.add_word(word, len(word) - 1)
        self._words.make_automaton()

    def places(self, text: str, start: int = 0, end: int | None = None) -> list[int]:
        """Where the words start that stand between two places of a text, in order, each place once."""
        part = text[start:end]  # the automaton copies what it is given, whole
        return sorted({start + last - before for last, before in self._words.iter(part)})


def stand_between(places: list[int], start: int, end: int) -> bool:
    """Whether any of some places, in order, lies between two others."""
    return bisect_left(places, start) < bisect_left(places, end)


class Anchored:
    """A pattern whose every match opens with one of some words, exactly as given."""

    def __init__(self, pattern: str, opens_with: Iterable[str]) -> None:
        self.pattern = re.compile(pattern)
        self.words = Words(opens_with)

    def search(self, text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
        """The first match, as `re.search` gives it."""
        return next(self.finditer(text, start, end), None)

    def finditer(self, text: str, start: int = 0, end: int | None = None) -> Iterator[re.Match[str]]:
        """The matches that `re.finditer` gives between two places of a text."""
        end = len(text) if end is None else min(end, len(text))
        free = start
        for place in self.words.places(text, start, end):
            if place >= free and (match := self.pattern.match(text, place, end)):
                yield match
                free = match.end()
