"""What may be a skill, in all postings of a call at once: the library's spellings and the tagger's spans,
each with its confidence."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from jd_assets.library.release import Release
from jd_assets.library.spotting import Hit
from jd_assets.models.skill_tagger import Floats, SkillTagger
from jd_assets.stages.skills.attributes import TaggedSegment
from jd_assets.stages.skills.found import via_of
from jd_assets.stages.skills.reading import Reading
from jd_assets.stages.skills.tagging import Judged, confidence, spans

LIBRARY, NEW = "library", "new"
"""Kinds of candidates; each has its own signs, curve from them to a confidence, and cut."""

OUT_OF_CONTEXT = "out_of_context"
"""Name of the cut for ordinary words without the words that their library entries ask for."""

Doubles = npt.NDArray[np.float64]


class Candidate(NamedTuple):
    """Words `first` to `last` of a posting that are likely enough to be a skill: the library's that `hit`
    says, or a new one."""

    first: int
    last: int
    signs: tuple[float, ...]
    confidence: float
    hit: Hit | None
    via: str
    is_soft: bool = False


class _Placed(NamedTuple):
    """A hit in a part; its words in that part stand from `start` to before `end` among those of all parts."""

    hit: Hit
    fits: bool
    via: str
    part: int
    start: int
    end: int


def candidates(
    readings: Sequence[Reading], judged: Judged, release: Release, tagger: SkillTagger
) -> list[list[Candidate]]:
    """The candidates of each part of the readings, their parts one behind the other: library skills in the
    order of the text, then new ones. `judged` are the words of all these parts."""
    segments = [segment for reading in readings for _, segment in reading.parts]
    found: list[list[Candidate]] = [[] for _ in segments]
    placed = list(_placed(readings, release))
    for part, one in _of_library(placed, judged, release, tagger):
        found[part].append(one)
    for part, one in _of_tagger(placed, segments, judged, tagger):
        found[part].append(one)
    return found


def _placed(readings: Sequence[Reading], release: Release) -> Iterator[_Placed]:
    part = start = 0
    for reading in readings:
        firsts = [hit.first for hit in reading.hits]
        for _, segment in reading.parts:
            ahead = start - segment.first
            for number in range(bisect_left(firsts, segment.first), bisect_left(firsts, segment.last)):
                hit = reading.hits[number]
                end = min(hit.last + 1, segment.last) + ahead
                via = via_of(hit, reading.ordinary[number], release)
                yield _Placed(hit, reading.fits[number], via, part, hit.first + ahead, end)
            start += len(segment)
            part += 1


def _of_library(
    placed: Sequence[_Placed], judged: Judged, release: Release, tagger: SkillTagger
) -> Iterator[tuple[int, Candidate]]:
    """Parts and candidates of the hits.

    Their confidence is made of the tagger's log odds for the least likely word, whether the spelling is an
    ordinary word, whether its context words stand by it then, whether it is the skill's name, and the skill's
    inverse role frequency.
    """
    if not placed:
        return
    hits, fits, vias, _, starts, ends = zip(*placed, strict=True)
    fitting = np.array(fits)
    ordinary = np.array([via == "context" for via in vias])
    signs = np.stack(
        [
            _least(judged.log_odds, starts, ends),
            ordinary,
            ordinary & fitting,
            np.array([via == "name" for via in vias]),
            release.skill_idf[[hit.value for hit in hits]],
        ],
        axis=1,
        dtype=np.float64,
    )
    sure = confidence(signs.T, tagger.scales[LIBRARY])
    needed = np.where(fitting, tagger.cuts[LIBRARY], tagger.cuts[OUT_OF_CONTEXT])
    taken = np.flatnonzero(sure >= needed)
    for number, own, likely in zip(taken.tolist(), signs[taken].tolist(), sure[taken].tolist(), strict=True):
        hit, _, via, part, _, _ = placed[number]
        yield part, Candidate(hit.first, hit.last, tuple(own), likely, hit, via)


def _of_tagger(
    placed: Sequence[_Placed], segments: Sequence[TaggedSegment], judged: Judged, tagger: SkillTagger
) -> Iterator[tuple[int, Candidate]]:
    """Parts and candidates of the spans that no hit has a word of; their only sign are the tagger's log odds
    for the least likely word."""
    held = np.zeros(len(judged.best), dtype=np.int64)
    for hit in placed:
        held[hit.start : hit.end] = 1
    starts = np.fromiter(accumulate(map(len, segments), initial=0), dtype=np.int64)
    begins, ends, is_soft = spans(judged.best, starts[:-1], tagger)
    held_before = np.concatenate([[0], np.cumsum(held)])
    odds = _least(judged.log_odds, begins, ends)
    sure = confidence([odds], tagger.scales[NEW])
    taken = np.flatnonzero((held_before[ends] == held_before[begins]) & (sure >= tagger.cuts[NEW]))
    parts = np.searchsorted(starts, begins, side="right") - 1
    columns = (a[taken].tolist() for a in (parts, begins - starts[parts], ends - begins, odds, sure, is_soft))
    for part, offset, length, log_odds, likely, soft in zip(*columns, strict=True):
        first = segments[part].first + offset
        yield part, Candidate(first, first + length - 1, (log_odds,), likely, None, "tagger", soft)


def _least(values: Floats, starts: npt.ArrayLike, ends: npt.ArrayLike) -> Doubles:
    """The least of the values from each start to before its end; ranges are in order and none is empty."""
    bounds = np.stack([starts, ends], axis=1, dtype=np.int64).ravel()
    least: Doubles = np.minimum.reduceat(np.append(values, np.float32(0)), bounds)[::2].astype(np.float64)
    return least
