"""What the tagger sees of each word: small categories, as ids, for all words of a batch at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from jd_assets.library.release import NO_USE, Release
from jd_assets.library.spelling import Hit, Token
from jd_assets.models.skill_tagger import EDGE, UNKNOWN

Ids = npt.NDArray[np.int64]

TEMPLATES: tuple[tuple[tuple[str, int], ...], ...] = (
    (("word", 0),), (("word", -1),), (("word", 1),), (("word", -2),), (("word", 2),),
    (("word", -1), ("word", 0)), (("word", -2), ("word", -1)), (("word", 0), ("word", 1)),
    (("ending", 0),), (("shape", 0),), (("shape", -1),), (("shape", 1),),
    (("gap", 0),), (("gap", 1),), (("gap", 0), ("gap", 1)), (("gap", -1), ("gap", 0)),
    (("known", 0),), (("known", -1),), (("known", 1),), (("known", 0), ("section", 0)),
    (("known", 0), ("known", 1)),
    (("meaning", 0),), (("meaning", -1),), (("meaning", 1),),
    (("use", 0),), (("use", -1),), (("use", 1),), (("use", 0), ("use", 1)),
    (("use", 0), ("gap", 0), ("gap", 1)),
    (("section", 0),), (("part", 0),), (("section", 0), ("gap", 0)), (("place", 0),),
)  # fmt: skip
"""Combinations of attributes, each (attribute, offset in words), that have a weight per label. The gap at 0
is what stands before the word, that at 1 what stands behind it."""

BY_WORD = ("word", "ending", "meaning", "use")
ATTRIBUTES = (*BY_WORD, "shape", "gap", "known", "section", "part", "place")

_GAPS = (
    ("bullet", re.compile(r"[•·●▪]|\n\s*[-*–—]")), ("line", re.compile(r"\n")),
    ("stop", re.compile(r"[.!?]")), ("colon", re.compile(r"[;:]")),
    ("comma", re.compile(r",")), ("bracket", re.compile(r"[()\[\]]")),
    ("slash", re.compile(r"/")), ("and", re.compile(r"[&+]")), ("dash", re.compile(r"[-–—]")),
    ("quote", re.compile(r"[\"“”]")),
)  # fmt: skip
_PLACES = 3
_MARGIN = max(abs(offset) for template in TEMPLATES for _, offset in template)


@dataclass(frozen=True, slots=True)
class TaggedSegment:
    """A segment of a posting to be tagged: its words, those from `first` to before `last`."""

    text: str
    words: Sequence[Token]
    known: Sequence[str]
    section: str
    kind: str
    duty: bool
    first: int
    last: int

    @property
    def part(self) -> str:
        return f"{self.section} {self.kind} {self.duty}"

    def __len__(self) -> int:
        return self.last - self.first


@lru_cache(maxsize=65536)
def shape(surface: str) -> str:
    """How a word is written: its case, and whether it has digits."""
    if surface.isdigit():
        return "digits"
    if surface.isupper():
        return "capitals" if len(surface) > 1 else "capital"
    if surface.islower():
        return "lower"
    if surface[0].isupper() and surface[1:].islower():
        return "title"
    return "with digits" if any(c.isdigit() for c in surface) else "mixed"


@lru_cache(maxsize=65536)
def gap(between: str) -> str:
    """What stands between two words: the weightiest of its punctuation."""
    if between in (" ", ""):
        return "space"
    return next((name for name, pattern in _GAPS if pattern.search(between)), "other")


def known_tags(
    words: Sequence[Token], hits: Sequence[Hit], in_context: Sequence[bool], release: Release
) -> list[str]:
    """For each word what the library knows of it: "O", or that a spelling begins (B) or goes on (I), with
    the skill's nature, whether it is an ordinary word (? or, in its context, !), and one word or more."""
    tags = ["O"] * len(words)
    for hit, fits in zip(hits, in_context, strict=True):
        entry = release.skills[hit.value]
        folded = " ".join(w.text for w in words[hit.first : hit.last + 1])
        doubt = ("!" if fits else "?") if folded in release.ambiguous_spellings[hit.value] else ""
        nature = "soft" if entry.kind == "soft" else entry.nature
        tag = f"{nature}{doubt}{'1' if hit.first == hit.last else '2'}"
        for place in range(hit.first, hit.last + 1):
            tags[place] = ("B " if place == hit.first else "I ") + tag
    return tags


def values(
    segment: TaggedSegment, meanings: Mapping[str, str], uses: Mapping[str, str]
) -> dict[str, list[str]]:
    """The segment's attributes as words, one list per attribute; `gap` has one more, for its end."""
    words = segment.words[segment.first : segment.last]
    text = segment.text
    found: dict[str, list[str]] = {name: [] for name in BY_WORD}
    for word in words:
        for name, value in zip(BY_WORD, of_word(word.text, meanings, uses), strict=True):
            found[name].append(value)
    return found | {
        "shape": [shape(text[w.start : w.end]) for w in words],
        "gap": ["start", *(gap(text[a.end : b.start]) for a, b in pairwise(words)), "end"],
        "known": list(segment.known[segment.first : segment.last]),
        "section": [segment.section] * len(words),
        "part": [segment.part] * len(words),
        "place": [str(min(n, _PLACES)) for n in range(len(words))],
    }


def of_word(word: str, meanings: Mapping[str, str], uses: Mapping[str, str]) -> tuple[str, str, str, str]:
    """The attributes that a folded word has wherever it stands, in the order of BY_WORD."""
    return word, word[-3:], meanings.get(word, ""), uses.get(word, NO_USE)


class Encoder:
    """Makes the keys of words; keeps what it once looked up, so one serves many postings."""

    def __init__(
        self,
        vocabularies: Mapping[str, Mapping[str, int]],
        meanings: Mapping[str, str],
        uses: Mapping[str, str],
    ) -> None:
        self._vocabularies = vocabularies
        self._meanings = meanings
        self._uses = uses
        self._places: dict[str, int] = {}
        self._rows: list[tuple[int, ...]] = [(EDGE,) * len(BY_WORD)]

    def keys(self, segments: Sequence[TaggedSegment]) -> list[Ids]:
        """For each template the key of each word of all segments, one behind the other.

        A key is made of the ids of the template's attributes; no two combinations share one.
        """
        lengths = np.array([len(s) for s in segments], dtype=np.int64)
        ends = np.cumsum(lengths + 2 * _MARGIN)
        starts = ends - lengths - _MARGIN
        total = int(ends[-1]) if len(ends) else 0
        places = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        columns = {name: np.full(total, EDGE, dtype=np.int64) for name in ATTRIBUTES}

        by_word = self._of_words([w.text for s in segments for w in s.words[s.first : s.last]])
        for number, name in enumerate(BY_WORD):
            columns[name][places] = by_word[:, number]
        columns["shape"][places] = self._ids(
            "shape", (shape(s.text[w.start : w.end]) for s in segments for w in s.words[s.first : s.last])
        )
        columns["known"][places] = self._ids(
            "known", (k for s in segments for k in s.known[s.first : s.last])
        )
        columns["gap"][places] = self._ids("gap", (g for s in segments for g in _gaps(s)))
        columns["gap"][starts + lengths] = self._vocabularies["gap"].get("end", UNKNOWN)
        for name in ("section", "part"):
            columns[name][places] = np.repeat(self._ids(name, (getattr(s, name) for s in segments)), lengths)
        first = np.repeat(starts, lengths)
        place_ids = self._ids("place", (str(n) for n in range(_PLACES + 1)))
        columns["place"][places] = place_ids[np.minimum(places - first, _PLACES)]

        found = []
        for template in TEMPLATES:
            key = np.zeros(len(places), dtype=np.int64)
            for name, offset in template:
                key = key * (len(self._vocabularies[name]) + 2) + columns[name][places + offset]
            found.append(key)
        return found

    def _ids(self, name: str, values: Iterable[str]) -> Ids:
        known = self._vocabularies[name]
        return np.array([known.get(value, UNKNOWN) for value in values], dtype=np.int64)

    def _of_words(self, words: Sequence[str]) -> Ids:
        """Ids of the attributes in BY_WORD, shape (words, attributes)."""
        places = self._places
        for word in set(words) - places.keys():
            row = of_word(word, self._meanings, self._uses)
            ids = (self._vocabularies[n].get(v, UNKNOWN) for n, v in zip(BY_WORD, row, strict=True))
            places[word] = len(self._rows)
            self._rows.append(tuple(ids))
        table = np.array(self._rows, dtype=np.int64)
        return table[np.array([places[word] for word in words], dtype=np.int64)]


def _gaps(segment: TaggedSegment) -> Iterator[str]:
    """What stands before each word of a segment."""
    text, words = segment.text, segment.words
    yield "start"
    for place in range(segment.first + 1, segment.last):
        yield gap(text[words[place - 1].end : words[place].start])
