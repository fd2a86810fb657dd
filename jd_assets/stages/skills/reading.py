"""A posting as the tagger and the library see it: its words, the spellings in them, and its parts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jd_assets.library.release import Release
from jd_assets.library.spelling import Hit, Tokens
from jd_assets.stages.skills.attributes import TaggedSegment, known_tags
from jd_assets.stages.skills.context import SILENT_SECTIONS, Part, in_context, is_ambiguous, parts_of


@dataclass(frozen=True)
class Reading:
    """The words of a posting, the library's spellings in them, and whether each that is an ordinary word too
    is a skill by its context; the parts that ask for something, each with the range of its words."""

    text: str
    words: Tokens
    hits: Sequence[Hit]
    fits: Sequence[bool]
    parts: Sequence[tuple[Part, TaggedSegment]]


def read(text: str, segments: Iterable[Mapping[str, Any]], release: Release) -> Reading:
    """Reads a posting; `segments` are PARSED_JDS' segments of its text."""
    words = release.spellings.tokens(text)
    hits = list(release.spellings.find(words))
    fits = [
        not is_ambiguous(hit, release) or in_context(text, words, hits, number, release)
        for number, hit in enumerate(hits)
    ]
    known = known_tags(len(words), hits, fits, release)
    parts: list[tuple[Part, TaggedSegment]] = []
    last = 0
    for part in parts_of(text, segments):
        first = bisect_left(words.starts, part.start, last)
        last = bisect_left(words.starts, part.end, first)
        if last > first and part.section not in SILENT_SECTIONS:
            parts.append(
                (part, TaggedSegment(text, words, known, part.section, part.kind, part.duty, first, last))
            )
    return Reading(text, words, hits, fits, parts)
