"""How likely each word of a posting is part of a skill, by the shipped CRF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from jd_assets.models.skill_tagger import Floats, SkillTagger
from jd_assets.stages.skills.attributes import Encoder, Ids, TaggedSegment

LONGEST = 128
"""Words that are looked at together; a longer segment is cut."""

NO_SKILL = "O"
_LEAST = 1e-6  # keeps the odds of a certain word finite


class Spans(NamedTuple):
    """Runs of words that the tagger takes for one skill each, in arrays of one length: where they begin and
    (exclusively) end, and whether they are soft skills."""

    begins: Ids
    ends: Ids
    is_soft: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judged:
    """What the tagger says of words, in arrays of shape (words,): the likeliest label of each, as its place
    among the tagger's labels, and the log odds of its being part of a skill."""

    best: Ids
    log_odds: Floats


def judge(segments: Sequence[TaggedSegment], encoder: Encoder, tagger: SkillTagger) -> Judged:
    """Judges the words of all segments, one segment behind the other."""
    probabilities = marginals(encoder.keys(segments), [len(s) for s in segments], tagger)
    none = probabilities[:, tagger.labels.index(NO_SKILL)].astype(np.float64)
    log_odds = np.log((1 - none + _LEAST) / (none + _LEAST)).astype(np.float32)
    return Judged(probabilities.argmax(axis=1), log_odds)


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


def spans(best: Ids, starts: Ids, tagger: SkillTagger) -> Spans:
    """The spans of the likeliest labels `best`; none reaches across one of the segments' `starts`."""
    in_skill = np.array([label != NO_SKILL for label in tagger.labels])[best]
    goes_on = np.array([label[0] == "I" for label in tagger.labels])[best]
    goes_on[1:] &= in_skill[:-1]
    goes_on[starts] = False
    begins = np.flatnonzero(in_skill & ~goes_on)
    ends = np.flatnonzero(in_skill & ~np.append(goes_on[1:], False)) + 1
    is_soft = np.array([label[1:] == "S" for label in tagger.labels])[best[begins]]
    return Spans(begins, ends, is_soft)


def confidence(signs: Iterable[Any], weights: Sequence[float]) -> Any:
    """The share of candidates with such signs that are skills: the logistic curve with `weights`, an
    intercept and a weight per sign. A sign is a number, or an array with one for each candidate."""
    total = weights[0] + sum(w * s for w, s in zip(weights[1:], signs, strict=True))
    return 1 / (1 + np.exp(-total))
