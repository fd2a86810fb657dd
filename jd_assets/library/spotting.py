"""Finds the spellings of a trie in texts, all of them in one pass over a text's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, NamedTuple

from jd_assets.library.lookup import Lookup
from jd_assets.library.spelling import END, LONGEST_WORD, WORD, SpellingTrie, folded

_JOINED, _COMMA, _APART, _LINE = 0, 1, 2, 3
"""What stands between two words: nothing that matters, a comma, the end of a phrase, or the end of a line,
which ends a phrase where a capital follows it."""

_VERSION_ENDS = frozenset("0123456789+")
_CASE = re.compile(r"[a-z0-9](?=[A-Z])|[A-Z]{2}(?=[A-Z][a-z])")
_PLAIN_GAPS = frozenset({"", " ", "-", "/", ".", "&", " & "})
_APART_AT = re.compile(r"[;:!?()\[\]{}|•·●▪\"“”<>]|\.\s|\n\s*(?:[-*–—]|\n)")


@dataclass(slots=True)
class Tokens:
    """The words of a text, in lists of one length: an object for each of a posting's hundreds of words took
    as long as finding them.

    `texts` are folded, `surfaces` as written; `starts` and `ends` count characters; `before` is what stands
    between a word and the one before it, and `gaps` what that means. `nodes` are the trie's nodes of the
    words that begin a spelling, else None.
    """

    texts: list[str]
    surfaces: list[str]
    starts: list[int]
    ends: list[int]
    before: list[str]
    gaps: list[int]
    nodes: list[Mapping[str, Any] | None]

    def __len__(self) -> int:
        return len(self.texts)


class Hit(NamedTuple):
    """A spelling found in a text: the value it was added with, its words' range, and the words folded."""

    value: int
    first: int
    last: int
    spelling: str


class _Word(NamedTuple):
    """What is known of a word wherever it stands; `cut` is the length of the first of the two that it is
    cut into, or 0."""

    folded: str
    node: Mapping[str, Any] | None
    cut: int


class Spotter:
    """Finds the longest of a trie's spellings at each place of a text.

    It keeps what it once found out about a word, so one serves many texts, but no more of them than may
    stand in memory together.
    """

    def __init__(self, trie: SpellingTrie) -> None:
        self._root = trie.root
        self._words = Lookup(self._word)
        self._gaps = Lookup(_gap)

    def tokens(self, text: str) -> Tokens:
        """The words of a text, where one that no spelling starts with is cut at a change of case, if
        what stands before the cut is such a start: postings often lose a line end, as in "JAVAShould".
        A version goes from a whole spelling: "Angular12", "Java1.8", "Java8+"."""
        pieces = WORD.split(text)  # what stands between words, a word, and so on by turns
        bounds = list(accumulate(map(len, pieces)))
        before, surfaces = pieces[:-1:2], pieces[1::2]
        words, gaps = self._words.all(surfaces), self._gaps.all(before)
        for place in [n for n, gap in enumerate(gaps) if gap == _LINE]:
            if surfaces[place][0].isupper():
                gaps[place] = _APART
            else:
                gaps[place] = _COMMA if "," in before[place] else _JOINED
        found = Tokens(
            [w.folded for w in words],
            surfaces,
            bounds[:-1:2],
            bounds[1::2],
            before,
            gaps,
            [w.node for w in words],
        )
        for place in reversed([n for n, word in enumerate(words) if word.cut]):
            self._cut(found, place, words[place].cut)
        return found

    def find(self, words: Tokens) -> list[Hit]:
        """Hits from left to right, the longest at each place; none overlaps another, and none reaches
        across what ends a phrase."""
        texts, gaps = words.texts, words.gaps
        count, free = len(texts), 0
        hits = []
        for place, node in enumerate(words.nodes):
            if node is None or place < free:
                continue
            best, last = None, place
            at, crossed = place, False
            while node is not None:
                end = node.get(END)
                if end is not None and (end & 1 or not crossed):
                    best, last = end >> 1, at
                at += 1
                if at == count or gaps[at] == _APART:
                    break
                crossed = crossed or gaps[at] == _COMMA
                node = node.get(texts[at])
            if best is not None:
                hits.append(Hit(best, place, last, " ".join(texts[place : last + 1])))
            free = last + 1
        return hits

    def _word(self, surface: str) -> _Word:
        text = folded(surface)
        node = self._root.get(text)
        may_be_cut = node is None and len(surface) > 3
        cut = self._case_cut(surface) or self._version_cut(surface) if may_be_cut else 0
        return _Word(text, node, cut)

    def _cut(self, words: Tokens, place: int, length: int) -> None:
        """Makes two words of one, the first of them so many characters long."""
        surface, start = words.surfaces[place], words.starts[place]
        halves = [surface[:length], surface[length:]]
        known = self._words.all(halves)
        words.surfaces[place : place + 1] = halves
        words.texts[place : place + 1] = [w.folded for w in known]
        words.nodes[place : place + 1] = [w.node for w in known]
        words.starts.insert(place + 1, start + length)
        words.ends.insert(place, start + length)
        words.before.insert(place + 1, "")
        words.gaps.insert(place + 1, _APART)

    def _case_cut(self, surface: str) -> int:
        """The length of the part before the first change of case that follows a spelling's first word, or
        0."""
        if surface[1:].islower():
            return 0
        return next(
            (
                change.end()
                for change in _CASE.finditer(surface, 0, LONGEST_WORD + 1)
                if folded(surface[: change.end()]) in self._root
            ),
            0,
        )

    def _version_cut(self, surface: str) -> int:
        """The length of the letters before a number, if three or more are a spelling by themselves, or 0."""
        if surface[-1] not in _VERSION_ENDS:
            return 0
        numbered = surface.rstrip("+")
        name = numbered.rstrip("0123456789")
        is_spelling = (
            2 < len(name) < len(numbered)
            and len(name) <= LONGEST_WORD
            and END in self._root.get(folded(name), ())
        )
        return len(name) if is_spelling else 0


def _gap(between: str) -> int:
    """What stands between two words, _LINE where it depends on the word that follows."""
    if between in _PLAIN_GAPS:
        return _JOINED
    if _APART_AT.search(between):
        return _APART
    if "\n" in between:
        return _LINE
    return _COMMA if "," in between else _JOINED
