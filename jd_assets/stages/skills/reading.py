"""A posting as the tagger and the library see it: its words, the spellings in them, and its parts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jd_assets.library.release import Release
from jd_assets.library.spotting import Hit, Spotter, Tokens
from jd_assets.stages.skills.attributes import TaggedSegment, known_tags
from jd_assets.stages.skills.context import SILENT_SECTIONS, Part, in_context, is_ambiguous, parts_of


@dataclass(frozen=True)
class Reading:
    """The words of a posting, the library's spellings in them, whether each is an ordinary word too, and
    whether it is a skill by its context then; the parts that ask for something, each with the range of its
    words."""

    text: str
    words: Tokens
    hits: Sequence[Hit]
    ordinary: Sequence[bool]
    fits: Sequence[bool]
    parts: Sequence[tuple[Part, TaggedSegment]]


def read(
    text: str, segments: Iterable[Mapping[str, Any]], release: Release, spotter: Spotter | None = None
) -> Reading:
    """Reads a posting; `segments` are PARSED_JDS' segments of its text. Postings that are read together
    share a `spotter` of the release's spellings."""
    spotter = spotter or Spotter(release.spellings)
    words = spotter.tokens(text)
    hits = spotter.find(words)
    ordinary = [is_ambiguous(hit, release) for hit in hits]
    fits = [
        not is_ordinary or in_context(text, words, hits, ordinary, number, release)
        for number, is_ordinary in enumerate(ordinary)
    ]
    known = known_tags(len(words), hits, ordinary, fits, release)
    parts: list[tuple[Part, TaggedSegment]] = []
    last = 0
    for part in parts_of(text, segments):
        first = bisect_left(words.starts, part.start, last)
        last = bisect_left(words.starts, part.end, first)
        if last > first and part.section not in SILENT_SECTIONS:
            parts.append(
                (part, TaggedSegment(text, words, known, part.section, part.kind, part.duty, first, last))
            )
    return Reading(text, words, hits, ordinary, fits, parts)
