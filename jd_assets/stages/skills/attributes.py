"""What the tagger sees of each word: small categories, as ids, for all words of a batch at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from jd_assets.library.release import NO_USE, Release
from jd_assets.library.spotting import Hit, Tokens
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

BY_SURFACE = ("word", "ending", "meaning", "use", "shape")
ATTRIBUTES = (*BY_SURFACE, "gap", "known", "section", "part", "place")

_GAPS = (
    ("bullet", re.compile(r"[•·●▪]|\n\s*[-*–—]")), ("line", re.compile(r"\n")),
    ("stop", re.compile(r"[.!?]")), ("colon", re.compile(r"[;:]")),
    ("comma", re.compile(r",")), ("bracket", re.compile(r"[()\[\]]")),
    ("slash", re.compile(r"/")), ("and", re.compile(r"[&+]")), ("dash", re.compile(r"[-–—]")),
    ("quote", re.compile(r"[\"“”]")),
)  # fmt: skip
_PLACES = 3
_MARGIN = max(abs(offset) for template in TEMPLATES for _, offset in template)


@dataclass(slots=True)
class TaggedSegment:
    """A segment of a posting to be tagged: its words, those from `first` to before `last`."""

    text: str
    words: Tokens
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


def gap(between: str) -> str:
    """What stands between two words: the weightiest of its punctuation."""
    if between in (" ", ""):
        return "space"
    return next((name for name, pattern in _GAPS if pattern.search(between)), "other")


def known_tags(
    words: int, hits: Sequence[Hit], ordinary: Sequence[bool], in_context: Sequence[bool], release: Release
) -> list[str]:
    """For each of so many words what the library knows of it: "O", or that a spelling begins (B) or goes on
    (I), with the skill's nature, whether it is an ordinary word (? or, in its context, !), and one word or
    more."""
    tags = ["O"] * words
    for hit, is_ordinary, fits in zip(hits, ordinary, in_context, strict=True):
        entry = release.skills[hit.value]
        doubt = ("!" if fits else "?") if is_ordinary else ""
        nature = "soft" if entry.kind == "soft" else entry.nature
        if hit.first == hit.last:
            tags[hit.first] = f"B {nature}{doubt}1"
        else:
            tags[hit.first] = f"B {nature}{doubt}2"
            tags[hit.first + 1 : hit.last + 1] = [f"I {nature}{doubt}2"] * (hit.last - hit.first)
    return tags


def values(
    segment: TaggedSegment, meanings: Mapping[str, str], uses: Mapping[str, str]
) -> dict[str, list[str]]:
    """The segment's attributes as words, one list per attribute; `gap` has one more, for its end."""
    words, inside = segment.words, slice(segment.first, segment.last)
    found: dict[str, list[str]] = {name: [] for name in BY_SURFACE}
    for surface, word in zip(words.surfaces[inside], words.texts[inside], strict=True):
        for name, value in zip(BY_SURFACE, of_word(surface, word, meanings, uses), strict=True):
            found[name].append(value)
    return found | {
        "gap": ["start", *map(gap, words.before[inside][1:]), "end"],
        "known": list(segment.known[segment.first : segment.last]),
        "section": [segment.section] * len(segment),
        "part": [segment.part] * len(segment),
        "place": [str(min(n, _PLACES)) for n in range(len(segment))],
    }


def of_word(surface: str, word: str, meanings: Mapping[str, str], uses: Mapping[str, str]) -> tuple[str, ...]:
    """The attributes that a word, as written and folded, has wherever it stands, in the order of
    BY_SURFACE."""
    return word, word[-3:], meanings.get(word, ""), uses.get(word, NO_USE), shape(surface)


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
        self._gaps: dict[str, int] = {}
        self._places: dict[str, int] = {}
        self._rows: list[tuple[int, ...]] = []

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

        by_surface = self._of_surfaces(segments)
        for number, name in enumerate(BY_SURFACE):
            columns[name][places] = by_surface[:, number]
        columns["gap"][places] = self._of_gaps(segments)
        columns["gap"][starts] = self._vocabularies["gap"].get("start", UNKNOWN)
        columns["gap"][starts + lengths] = self._vocabularies["gap"].get("end", UNKNOWN)
        columns["known"][places] = self._ids("known", _joined((s, s.known) for s in segments))
        for name in ("section", "part"):
            columns[name][places] = np.repeat(self._ids(name, (getattr(s, name) for s in segments)), lengths)
        first = np.repeat(starts, lengths)
        place_ids = self._ids("place", (str(n) for n in range(_PLACES + 1)))
        columns["place"][places] = place_ids[np.minimum(places - first, _PLACES)]

        moved = {
            (name, offset): columns[name][places + offset]
            for template in TEMPLATES
            for name, offset in template
        }
        found = []
        for one, *others in TEMPLATES:
            key = moved[one]
            for other in others:
                key = key * (len(self._vocabularies[other[0]]) + 2) + moved[other]
            found.append(key)
        return found

    def _ids(self, name: str, values: Iterable[str]) -> Ids:
        known = self._vocabularies[name]
        return np.array([known.get(value, UNKNOWN) for value in values], dtype=np.int64)

    def _of_surfaces(self, segments: Sequence[TaggedSegment]) -> Ids:
        """Ids of the attributes in BY_SURFACE, shape (words, attributes)."""
        surfaces = list(_joined((s, s.words.surfaces) for s in segments))
        folded = dict(zip(surfaces, _joined((s, s.words.texts) for s in segments), strict=True))
        places = self._places
        for surface in folded.keys() - places.keys():
            row = of_word(surface, folded[surface], self._meanings, self._uses)
            ids = (self._vocabularies[n].get(v, UNKNOWN) for n, v in zip(BY_SURFACE, row, strict=True))
            places[surface] = len(self._rows)
            self._rows.append(tuple(ids))
        table = np.array(self._rows, dtype=np.int64).reshape(-1, len(BY_SURFACE))
        return table[np.array([places[surface] for surface in surfaces], dtype=np.int64)]

    def _of_gaps(self, segments: Sequence[TaggedSegment]) -> Ids:
        """Ids of what stands before each word."""
        before = list(_joined((s, s.words.before) for s in segments))
        known, ids = self._gaps, self._vocabularies["gap"]
        for between in set(before) - known.keys():
            known[between] = ids.get(gap(between), UNKNOWN)
        return np.array([known[between] for between in before], dtype=np.int64)


def _joined(lists: Iterable[tuple[TaggedSegment, Sequence[str]]]) -> Iterator[str]:
    """Of lists with a value for each word of a posting the segments' values, one behind the other."""
    return chain.from_iterable(values[s.first : s.last] for s, values in lists)
