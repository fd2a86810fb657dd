"""How a skill's spelling is folded, and the trie that finds thousands of them in a text in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_TOKEN = re.compile(r"\.net\b|[^\W_]+[+#]*", re.IGNORECASE)
_GLUED_TOKENS = 3
_ACRONYM = 4
_END = ""

_JOINED, _COMMA, _APART = 0, 1, 2
_CASE = re.compile(r"[a-z0-9](?=[A-Z])|[A-Z]{2}(?=[A-Z][a-z])")
_PLAIN_GAPS = frozenset({"", " ", "-", "/", ".", "&", " & "})
_APART_AT = re.compile(r"[;:!?()\[\]{}|•·●▪\"“”<>]|\.\s|\n\s*(?:[-*–—]|\n)")


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and where it stands, in characters.

    `gap` says what stands before it: nothing that matters, a comma, or what ends a phrase.
    """

    text: str
    start: int
    end: int
    gap: int = _JOINED


@dataclass(frozen=True, slots=True)
class Hit:
    """A spelling found in a list of tokens: the values it was added with, and its tokens' range."""

    value: int
    first: int
    last: int


def tokens(text: str) -> list[Token]:
    """The words of a text, folded: case, a plain plural -s and all punctuation but +, # and .net go."""
    words = []
    before = 0
    for match in _TOKEN.finditer(text):
        start = match.start()
        gap = _JOINED if text[before:start] in _PLAIN_GAPS else _gap(text, before, start)
        words.append(Token(_folded(match.group()), start, match.end(), gap))
        before = match.end()
    return words


def _gap(text: str, start: int, end: int) -> int:
    between = text[start:end]
    if _APART_AT.search(between):
        return _APART
    if "\n" in between and text[end].isupper():
        return _APART
    return _COMMA if "," in between else _JOINED


def fold(spelling: str) -> str:
    """What two spellings share when they are taken for one: "Node.JS" and "node-js" are "node js"."""
    return " ".join(t.text for t in tokens(spelling))


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
        words = [t.text for t in tokens(spelling)]
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

    def tokens(self, text: str) -> list[Token]:
        """The words of a text, where one that no spelling starts with is cut at a change of case, if
        what stands before the cut is such a start: postings often lose a line end, as in "JAVAShould"."""
        words: list[Token] = []
        for token in tokens(text):
            cut = None
            if token.end - token.start > 3 and token.text not in self.root:
                surface = text[token.start : token.end]
                cut = next(
                    (c.end() for c in _CASE.finditer(surface) if _folded(surface[: c.end()]) in self.root),
                    None,
                )
            if cut is None:
                words.append(token)
            else:
                middle = token.start + cut
                words.append(Token(_folded(text[token.start : middle]), token.start, middle, token.gap))
                words.append(Token(_folded(text[middle : token.end]), middle, token.end, _APART))
        return words

    def find(self, words: list[Token]) -> Iterator[Hit]:
        """Hits from left to right, the longest at each place; none overlaps another, and none reaches
        across what ends a phrase."""
        place, count, root = 0, len(words), self.root
        while place < count:
            node = root.get(words[place].text)
            best: Hit | None = None
            at, crossed = place, False
            while node is not None:
                end = node.get(_END)
                if end is not None and (end & 1 or not crossed):
                    best = Hit(end >> 1, place, at)
                at += 1
                if at == count or words[at].gap == _APART:
                    break
                crossed = crossed or words[at].gap == _COMMA
                node = node.get(words[at].text)
            if best is None:
                place += 1
            else:
                yield best
                place = best.last + 1
