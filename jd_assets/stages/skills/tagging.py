"""How likely each word of a posting is part of a skill, by the shipped CRF."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from jd_assets.models.skill_tagger import Floats, SkillTagger
from jd_assets.stages.skills.attributes import Encoder, Ids, TaggedSegment

LONGEST = 128
"""Words that are looked at together; a longer segment is cut."""

NO_SKILL = "O"
_LEAST = 1e-6  # keeps the odds of a certain word finite


@dataclass(frozen=True, slots=True)
class Span:
    """Words `first` to `last` of a segment that the tagger takes for one skill, hard or soft; `log_odds` are
    those of its least likely word."""

    first: int
    last: int
    is_soft: bool
    log_odds: float


@dataclass(frozen=True)
class Judged:
    """What the tagger says of a segment's words: the likeliest label of each, as its place among the tagger's
    labels, and the log odds of its being part of a skill."""

    best: Sequence[int]
    log_odds: Sequence[float]


def judge(segments: Sequence[TaggedSegment], encoder: Encoder, tagger: SkillTagger) -> list[Judged]:
    """Judges the words of all segments at once."""
    probabilities = marginals(encoder.keys(segments), [len(s) for s in segments], tagger)
    best = probabilities.argmax(axis=1).tolist()
    none = probabilities[:, tagger.labels.index(NO_SKILL)].astype(np.float64)
    log_odds = np.log((1 - none + _LEAST) / (none + _LEAST)).astype(np.float32).tolist()
    bounds = list(accumulate((len(s) for s in segments), initial=0))
    return [Judged(best[a:b], log_odds[a:b]) for a, b in pairwise(bounds)]


def marginals(keys: Sequence[Ids], lengths: Sequence[int], tagger: SkillTagger) -> Floats:
    """The probability of each label at each word, shape (words, labels); `lengths` are the segments'."""
    scores = word_scores(keys, tagger)
    pieces: list[tuple[int, int]] = []
    start = 0
    for length in lengths:
        pieces += [(start + at, min(LONGEST, length - at)) for at in range(0, length, LONGEST)]
        start += length
    found = np.empty_like(scores)
    order = sorted(range(len(pieces)), key=lambda n: pieces[n][1])
    for group in _groups(order, [p[1] for p in pieces]):
        _forward_backward(scores, found, [pieces[n] for n in group], tagger.transitions)
    return found


def word_scores(keys: Sequence[Ids], tagger: SkillTagger) -> Floats:
    """Sum of the templates' weights for each word and label, shape (words, labels)."""
    scores = np.zeros((len(keys[0]), len(tagger.labels)), dtype=np.float32)
    for wanted, known, weights, table in zip(keys, tagger.keys, tagger.weights, tagger.tables, strict=True):
        if not len(known):
            continue
        if table is not None:
            scores += table.take(wanted, axis=0, mode="clip")
            continue
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        hit = known[places] == wanted
        scores[hit] += weights[places[hit]]
    return scores


def _groups(order: Sequence[int], lengths: Sequence[int], most: int = 1 << 16) -> Iterator[list[int]]:
    """Pieces of about the same length, at most so many words with their padding."""
    group: list[int] = []
    for number in order:
        if group and (len(group) + 1) * lengths[number] > most:
            yield group
            group = []
        group.append(number)
    if group:
        yield group


def _forward_backward(
    scores: Floats, found: Floats, pieces: Sequence[tuple[int, int]], transitions: Floats
) -> None:
    """Fills in the marginals of the pieces, all of them at once, step by step over their words (Rabiner,
    1989, with scaling)."""
    longest = max(length for _, length in pieces)
    starts = np.array([start for start, _ in pieces])
    lengths = np.array([length for _, length in pieces])
    steps = np.arange(longest)
    inside = steps[None, :] < lengths[:, None]
    places = np.where(inside, starts[:, None] + steps[None, :], starts[:, None])
    emitted = scores[places]
    emitted = np.exp(emitted - emitted.max(axis=2, keepdims=True))
    moves = np.exp(transitions - transitions.max())
    forward = np.empty_like(emitted)
    forward[:, 0] = emitted[:, 0] / emitted[:, 0].sum(axis=1, keepdims=True)
    for t in range(1, longest):
        here = (forward[:, t - 1] @ moves) * emitted[:, t]
        forward[:, t] = here / here.sum(axis=1, keepdims=True)
    backward = np.ones_like(emitted)
    for t in range(longest - 2, -1, -1):
        here = (backward[:, t + 1] * emitted[:, t + 1]) @ moves.T
        here /= here.sum(axis=1, keepdims=True)
        backward[:, t] = np.where(inside[:, t + 1, None], here, 1.0)
    both = forward * backward
    both /= both.sum(axis=2, keepdims=True)
    found[places[inside]] = both[inside]


def spans(judged: Judged, tagger: SkillTagger) -> list[Span]:
    """The spans of a segment's likeliest labels."""
    labels = [tagger.labels[n] for n in judged.best]
    if labels.count(NO_SKILL) == len(labels):
        return []
    found = []
    at = 0
    while at < len(labels):
        if labels[at] == NO_SKILL:
            at += 1
            continue
        last = at
        while last + 1 < len(labels) and labels[last + 1][0] == "I":
            last += 1
        found.append(Span(at, last, labels[at][1:] == "S", min(judged.log_odds[at : last + 1])))
        at = last + 1
    return found


def confidence(signs: Sequence[float], weights: Sequence[float]) -> float:
    """The share of candidates with such signs that are skills: the logistic curve with `weights`, an
    intercept and a weight per sign."""
    total = weights[0] + sum(w * s for w, s in zip(weights[1:], signs, strict=True))
    return 1 / (1 + math.exp(-total))
