"""Each signal's score of every role for a run of JDs: matrices of shape (JDs, roles), 0 to 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from jd_assets.library.release import Floats, Release
from jd_assets.library.role_words import Postings
from jd_assets.library.scale import rescaled
from jd_assets.stages.roles.evidence import Evidence
from jd_assets.stages.roles.likeness import Likeness
from jd_assets.stages.roles.mentions import find_mentions
from jd_assets.stages.roles.titles import TitleMatch

BEST_SENTENCES = 3
"""A role's KRA score is the mean over its three best sentence matches, as in the reference."""

SECONDARY = 0.5
"""Weight of a skill that a JD asks for as an extra, against 1 for a main one."""

_FIRST = 3
_FIRST_WEIGHT = 1.5  # a JD names first what it is about
_FAMILY_TEMPERATURE = 0.03


@dataclass(frozen=True)
class TextParts:
    """What each term of each JD adds to the text score of each role that holds it: `cells` are
    JD x roles + role."""

    cells: npt.NDArray[np.int64]
    terms: npt.NDArray[np.int64]
    values: Floats


@dataclass(frozen=True)
class Scores:
    """`by_signal` has the matrices; `cosines`, shape (duties of these JDs, KRA texts), and `text_parts` what
    the KRA and text scores are made of; `alias_keys` and `mention_keys`, shape (JDs, roles), the title key
    that matched, and `like_places` the title that is nearest in meaning."""

    by_signal: Mapping[str, Floats]
    cosines: Floats
    similarities: Floats
    alias_keys: npt.NDArray[np.int64]
    mention_keys: npt.NDArray[np.int64]
    like_places: npt.NDArray[np.int64]
    text_parts: TextParts


def score(
    evidence: Evidence,
    first: int,
    last: int,
    titles: Mapping[str, TitleMatch],
    likeness: Mapping[str, Likeness],
    release: Release,
    texts: Postings,
) -> Scores:
    """Scores of JDs `first` to `last` of the evidence by what is known of their titles; `texts` are the
    roles by the terms that speak for them."""
    shape = (last - first, len(release.roles))
    alias, mention = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.float32)
    alias_keys, mention_keys = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    like, like_places = np.zeros(shape, dtype=np.float32), np.zeros(shape, dtype=np.int64)
    kra = np.zeros(shape, dtype=np.float32)
    duties = slice(evidence.duty_bounds[first], evidence.duty_bounds[last])
    cosines = rescaled(evidence.vectors[duties] @ release.kra_vectors.T, release.kra_scale)
    similarities = best_per_role(cosines, release)
    for row in range(shape[0]):
        title = titles.get(evidence.titles[first + row] or "")
        if title:
            alias[row], alias_keys[row] = title.scores, title.keys
        meant = likeness.get(evidence.titles[first + row] or "")
        if meant:
            like[row], like_places[row] = meant.scores, meant.places
        found = find_mentions(evidence.texts[first + row], release)
        mention[row], mention_keys[row] = found.scores, found.keys
        start, end = evidence.duty_bounds[first + row : first + row + 2] - duties.start
        kra[row] = kra_scores(similarities[start:end])
    parts = text_parts(evidence, first, last, release, texts)
    text = text_scores(parts, shape[0], release)
    return Scores(
        {
            "alias": alias,
            "likeness": like,
            "mention": mention,
            "skill": skill_scores(evidence, first, last, release),
            "technology": technology_scores(evidence, first, last, release),
            "kra": kra,
            "centroid": centroid_scores(evidence, first, last, release),
            "text": text,
            "domain": domain_scores(text, release),
        },
        cosines,
        similarities,
        alias_keys,
        mention_keys,
        like_places,
        parts,
    )


def best_per_role(cosines: Floats, release: Release) -> Floats:
    """For each sentence and role the best cosine over the role's KRA texts, shape (sentences, roles)."""
    best: Floats = np.maximum.reduceat(cosines, release.kra_bounds, axis=1)
    return best


def kra_scores(similarities: Floats) -> Floats:
    """Mean of each role's best sentence matches, shape (roles,), of similarities (sentences, roles)."""
    if not len(similarities):
        return np.zeros(similarities.shape[1], dtype=np.float32)
    count = min(BEST_SENTENCES, len(similarities))
    top = -np.partition(-similarities, count - 1, axis=0)[:count]
    scores: Floats = np.clip(top.mean(axis=0), 0.0, 1.0)
    return scores


def skill_scores(evidence: Evidence, first: int, last: int, release: Release) -> Floats:
    """Cosine of the JD's skills and each role's, both weighted by inverse role frequency."""
    part, rows = _skill_rows(evidence, first, last)
    weights = np.where(evidence.primary[part], 1.0, SECONDARY) * release.skill_idf[evidence.skills[part]]
    profiles, columns = _dense(rows, evidence.skills[part], weights, last - first)
    dot = profiles @ release.skill_weights[:, columns].T
    norms = np.linalg.norm(profiles, axis=1)[:, None] * release.skill_norms
    scores: Floats = (dot / np.maximum(norms, 1e-9)).astype(np.float32)
    return scores


def technology_scores(evidence: Evidence, first: int, last: int, release: Release) -> Floats:
    """How far the JD's hard skills are those that name each role, as Node.js names Node.js developers:
    half the sum of their weights over the root of the weight of all, at most 1. A main skill, a repeated
    one and one of the first three weigh more."""
    part, rows = _skill_rows(evidence, first, last)
    hard = evidence.hard[part]
    rows, skills = rows[hard], evidence.skills[part][hard]
    weights = np.where(evidence.primary[part][hard], 1.0, SECONDARY) * np.log1p(evidence.mentions[part][hard])
    starts = np.searchsorted(rows, np.arange(last - first))
    place = np.arange(len(rows)) - starts[rows]
    weights = np.where(place < _FIRST, _FIRST_WEIGHT, 1.0) * weights
    profiles, columns = _dense(rows, skills, weights, last - first)
    total = np.maximum(profiles.sum(axis=1), 1.0)[:, None]
    named = (profiles @ release.role_words.naming_skills[:, columns].T) / np.sqrt(total)
    scores: Floats = np.minimum(named / 2.0, 1.0).astype(np.float32)
    return scores


def _skill_rows(evidence: Evidence, first: int, last: int) -> tuple[slice, npt.NDArray[np.int64]]:
    part = slice(evidence.skill_bounds[first], evidence.skill_bounds[last])
    counts = np.diff(evidence.skill_bounds[first : last + 1])
    return part, np.repeat(np.arange(last - first), counts)


def _dense(
    rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], values: npt.NDArray[np.floating], height: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """A matrix of the values, shape (height, distinct columns), and which columns those are."""
    distinct, places = np.unique(columns, return_inverse=True)
    dense = np.zeros((height, len(distinct)), dtype=np.float32)
    dense[rows, places] = values
    return dense, distinct


def jd_vector(vectors: Floats) -> Floats:
    """Unit mean of a JD's duty vectors, shape (width,); zeros for a JD that states none."""
    mean: Floats = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)
    norm = float(np.linalg.norm(mean))
    return mean / norm if norm > 0 else mean


def centroid_scores(evidence: Evidence, first: int, last: int, release: Release) -> Floats:
    """Cosine of the JD's vector to each role's centroid."""
    bounds = evidence.duty_bounds[first : last + 1]
    vectors = np.stack([jd_vector(evidence.vectors[a:b]) for a, b in pairwise(bounds)])
    cosines = rescaled(vectors @ release.centroids.T, release.centroid_scale)
    cosines[np.diff(bounds) == 0] = 0.0
    scores: Floats = np.clip(cosines, 0.0, 1.0)
    return scores


def text_parts(evidence: Evidence, first: int, last: int, release: Release, texts: Postings) -> TextParts:
    """The terms of the cosine of the JD's words and pairs of words and each role's, counts log-scaled and
    weighted by inverse role frequency (tf-idf; Salton and Buckley, 1988), and what `texts` adds to the
    roles' weights. A word that no role's texts hold counts in the length as one that a single role's do."""
    part = slice(evidence.term_bounds[first], evidence.term_bounds[last])
    rows = np.repeat(np.arange(last - first), np.diff(evidence.term_bounds[first : last + 1]))
    own = evidence.terms[part]
    weights = evidence.term_counts[part] * texts.idf[own]
    strange = evidence.strange[first:last] * release.role_words.strange_idf**2
    squares = np.bincount(rows, weights=weights**2, minlength=last - first) + strange
    weights /= np.sqrt(np.maximum(squares, 1e-9)).astype(np.float32)[rows]
    counts = texts.starts[own + 1] - texts.starts[own]
    at = np.repeat(np.arange(len(own)), counts)
    place = texts.starts[own][at] + np.arange(len(at)) - np.repeat(np.cumsum(counts) - counts, counts)
    return TextParts(
        cells=rows[at] * len(release.roles) + texts.keys[place],
        terms=own[at],
        values=weights[at] * texts.weights[place],
    )


def text_scores(parts: TextParts, height: int, release: Release) -> Floats:
    """The cosines that the parts of `height` JDs add up to."""
    sums = np.bincount(parts.cells, weights=parts.values, minlength=height * len(release.roles))
    scores: Floats = np.clip(sums.reshape(height, -1), 0.0, 1.0).astype(np.float32)
    return scores


def domain_scores(text: Floats, release: Release) -> Floats:
    """Each role's domain's share of the JD: the softmax of the text scores, summed over the domain."""
    odds = np.exp((text - text.max(axis=1, keepdims=True)) / _FAMILY_TEMPERATURE)
    odds /= odds.sum(axis=1, keepdims=True)
    domains = release.role_words.domains
    members = np.zeros((len(release.roles), int(domains.max()) + 1), dtype=np.float32)
    members[np.arange(len(release.roles)), domains] = 1.0
    scores: Floats = np.minimum((odds @ members)[:, domains], 1.0).astype(np.float32)
    scores[text.max(axis=1) == 0] = 0.0
    return scores
