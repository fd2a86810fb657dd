"""How a skill's spelling is folded, and the trie that thousands of them make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

WORD = re.compile(r"([^\W_]+[+#]*|\.[nN][eE][tT]\b)")
"""A word of a text, the whole of it as the one group, so that `split` gives words and what is between."""

END = ""
"""Key of what ends at a node of the trie."""

LONGEST_WORD = 64
"""Letters; no spelling's word is longer, and longer ones of a text are not kept."""

_GLUED_TOKENS = 3
_ACRONYM = 4


def fold(spelling: str) -> str:
    """What two spellings share when they are taken for one: "Node.JS" and "node-js" are "node js"."""
    return " ".join(folded_words(spelling))


def folded_words(text: str) -> list[str]:
    """The words of a text, folded: case, a plain plural -s and all punctuation but +, # and .net go."""
    return [folded(word) for word in WORD.findall(text)]


def folded(word: str) -> str:
    """A word in lower case without a plain plural -s; short words in capitals, such as CMMS, are no
    plurals."""
    return _folded(word) if len(word) <= LONGEST_WORD else _singular(word.lower())


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
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
    """Spellings by their words, so that the cost of finding them does not grow with their number."""

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
        words = folded_words(spelling)
        if not words:
            return
        self.spellings += self._insert(words, value, "," in spelling)
        if glued := written_as_one(words):
            self._insert([glued], value, False)

    def _insert(self, words: list[str], value: int, commas: bool) -> bool:
        node = self.root
        for word in words:
            node = node.setdefault(word, {})
        if END in node:
            return False
        node[END] = 2 * value + commas
        return True
