"""How a skill's spelling is folded, and the trie that finds thousands of them in a text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

_TOKEN = re.compile(r"([^\W_]+[+#]*|\.[nN][eE][tT]\b)")
_GLUED_TOKENS = 3
_ACRONYM = 4
_LONGEST_WORD = 64  # letters; no spelling's word is longer, and longer ones of a text are not kept
_END = ""

_JOINED, _COMMA, _APART = 0, 1, 2
_VERSION_ENDS = frozenset("0123456789+")
_CASE = re.compile(r"[a-z0-9](?=[A-Z])|[A-Z]{2}(?=[A-Z][a-z])")
_PLAIN_GAPS = frozenset({"", " ", "-", "/", ".", "&", " & "})
_APART_AT = re.compile(r"[;:!?()\[\]{}|•·●▪\"“”<>]|\.\s|\n\s*(?:[-*–—]|\n)")


@dataclass(slots=True)
class Tokens:
    """The words of a text, in lists of one length: an object for each of a posting's hundreds of words took
    as long as finding them.

    `texts` are folded, `surfaces` as written; `starts` and `ends` count characters; `before` is what stands
    between a word and the one before it, and `gaps` what that means: nothing that matters, a comma, or the
    end of a phrase.
    """

    texts: list[str]
    surfaces: list[str]
    starts: list[int]
    ends: list[int]
    before: list[str]
    gaps: list[int]

    def __len__(self) -> int:
        return len(self.texts)

    def cut(self, place: int, length: int) -> None:
        """Makes two words of one, the first of them so many characters long."""
        surface, start = self.surfaces[place], self.starts[place]
        halves = [surface[:length], surface[length:]]
        self.surfaces[place : place + 1] = halves
        self.texts[place : place + 1] = _all_folded(halves)
        self.starts.insert(place + 1, start + length)
        self.ends.insert(place, start + length)
        self.before.insert(place + 1, "")
        self.gaps.insert(place + 1, _APART)


@dataclass(frozen=True, slots=True)
class Hit:
    """A spelling found in a text: the value it was added with, its words' range, and the words folded."""

    value: int
    first: int
    last: int
    spelling: str


def tokens(text: str) -> Tokens:
    """The words of a text, folded: case, a plain plural -s and all punctuation but +, # and .net go."""
    pieces = _TOKEN.split(text)  # what stands between words, a word, and so on by turns
    bounds = list(accumulate(map(len, pieces)))
    before, surfaces = pieces[:-1:2], pieces[1::2]
    gaps = [
        _JOINED if between in _PLAIN_GAPS else _gap(between, surface)
        for between, surface in zip(before, surfaces, strict=True)
    ]
    return Tokens(_all_folded(surfaces), surfaces, bounds[:-1:2], bounds[1::2], before, gaps)


def _gap(between: str, surface: str) -> int:
    if _APART_AT.search(between) or ("\n" in between and surface[0].isupper()):
        return _APART
    return _COMMA if "," in between else _JOINED


def fold(spelling: str) -> str:
    """What two spellings share when they are taken for one: "Node.JS" and "node-js" are "node js"."""
    return " ".join(tokens(spelling).texts)


def _all_folded(words: Sequence[str]) -> list[str]:
    return [_folded(w) if len(w) <= _LONGEST_WORD else _singular(w.lower()) for w in words]


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    """Lower case without a plain plural -s; short words in capitals, such as CMMS, are no plurals."""
    if len(word) <= _ACRONYM and word.isupper():
        return word.lower()
    return _singular(word.lower())


def _singular(word: str) -> str:
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "sis", "xis")):
        return word[:-1]
    return word


def written_as_one(words: Sequence[str]) -> str | None:
    """Two or three folded words without the spaces between: "power bi" is found as "powerbi" too.

    None where that would be another word: single letters glue into ordinary words ("five s", "b ed",
    "p & r"), and so does a lost plural.
    """
    glued = "".join(words)
    apart = 1 < len(words) <= _GLUED_TOKENS and min(map(len, words)) > 1
    return glued if apart and _singular(glued) == glued else None


class SpellingTrie:
    """Finds the longest of its spellings at each place of a text.

    The cost of a search is that of the text: it does not grow with the number of spellings.
    """

    def __init__(self, root: dict[str, Any] | None = None, spellings: int = 0) -> None:
        """An empty trie, or that of another's `root` and count; a root is plain JSON.

        A node maps the next word to its node, and "" to what ends there: twice the value, plus one where
        the spelling may reach across a comma.
        """
        self.root: dict[str, Any] = {} if root is None else root
        self.spellings = spellings

    def add(self, spelling: str, value: int) -> None:
        """Adds a spelling, and its words written as one; the first to claim a spelling keeps it.

        A spelling that has a comma is found with and without it, another one not across a comma.
        """
        words = tokens(spelling).texts
        if not words:
            return
        self.spellings += self._insert(words, value, "," in spelling)
        if glued := written_as_one(words):
            self._insert([glued], value, False)

    def _insert(self, words: list[str], value: int, commas: bool) -> bool:
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        if _END in node:
            return False
        node[_END] = 2 * value + commas
        return True

    def tokens(self, text: str) -> Tokens:
        """The words of a text, where one that no spelling starts with is cut at a change of case, if
        what stands before the cut is such a start: postings often lose a line end, as in "JAVAShould".
        A version goes from a whole spelling: "Angular12", "Java1.8", "Java8+"."""
        words = tokens(text)
        cuts = [
            (place, length)
            for place, (folded, surface) in enumerate(zip(words.texts, words.surfaces, strict=True))
            if (not (surface.islower() or surface[1:].islower()) or surface[-1] in _VERSION_ENDS)
            and len(surface) > 3
            and folded not in self.root
            and (length := self._case_cut(surface) or self._version_cut(surface))
        ]
        for place, length in reversed(cuts):
            words.cut(place, length)
        return words

    def _case_cut(self, surface: str) -> int | None:
        """The length of the part before the first change of case that follows a spelling's first word."""
        return next(
            (
                change.end()
                for change in _CASE.finditer(surface, 0, _LONGEST_WORD + 1)
                if _folded(surface[: change.end()]) in self.root
            ),
            None,
        )

    def _version_cut(self, surface: str) -> int | None:
        """The length of the letters before a number, if three or more are a spelling by themselves."""
        numbered = surface.rstrip("+")
        name = numbered.rstrip("0123456789")
        is_spelling = (
            2 < len(name) < len(numbered)
            and len(name) <= _LONGEST_WORD
            and _END in self.root.get(_folded(name), ())
        )
        return len(name) if is_spelling else None

    def find(self, words: Tokens) -> Iterator[Hit]:
        """Hits from left to right, the longest at each place; none overlaps another, and none reaches
        across what ends a phrase."""
        texts, gaps, root = words.texts, words.gaps, self.root
        count, free = len(texts), 0
        for place in [n for n, text in enumerate(texts) if text in root]:
            if place < free:
                continue
            node: dict[str, Any] | None = root[texts[place]]
            best, last = None, place
            at, crossed = place, False
            while node is not None:
                end = node.get(_END)
                if end is not None and (end & 1 or not crossed):
                    best, last = end >> 1, at
                at += 1
                if at == count or gaps[at] == _APART:
                    break
                crossed = crossed or gaps[at] == _COMMA
                node = node.get(texts[at])
            if best is not None:
                yield Hit(best, place, last, " ".join(texts[place : last + 1]))
            free = last + 1
