"""Fits how postings for the roles are worded, for benchmarks/fit_roles.py.

Multinomial logistic regression over all roles: the strength of a role is what the other signals and the
library's texts give it (fixed), plus the sum over the JD's terms of weight x tf-idf. With the weights drawn
to zero (ridge) this is solved in its dual form, with one coefficient per JD and role. Labels of searches and
titles are wrong now and then, so a JD whose label the model finds very unlikely counts less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.role_data import EXPERT, OCCUPATION, Labelled, LabelledSet
from jd_assets.library.release import Release
from jd_assets.models.embedder import shipped_embedder
from jd_assets.models.role_model import CANDIDATE_FEATURES, SIGNALS, Doubles
from jd_assets.models.role_wording import RoleWording
from jd_assets.stages.roles.evidence import gather
from jd_assets.stages.roles.likeness import title_likeness
from jd_assets.stages.roles.scores import score
from jd_assets.stages.roles.titles import match_titles

RIDGE = 0.2
"""Tried with one half of a job site's postings held out: 0.1 to 0.3 differ by no more than chance."""

CELLS = 40_000
"""Greatest weights that are kept; 25,000 lose 0.005 of accuracy, 100,000 gain nothing."""

NONE_STRENGTH = 6.0
"""Strength of the answer that no role fits; with 3 the fit is the same."""

GENERAL = 0.2
"""Share of postings, in each kind of label, from which on a term is taken for a word of postings, such as
"position", and is no role's. Without this, formal postings of any kind look like those of the roles whose
labelled ones happen to be formal. 0.12 and less lose accuracy."""

_STEPS, _RATE, _MOMENTUM = 300, 0.3, 0.9
_CHUNK = 128


@dataclass(frozen=True)
class Worded:
    """Labelled JDs by all roles of a release: `features`, shape (JDs, roles, CANDIDATE_FEATURES), by the
    library's texts alone; `terms`, shape (JDs, terms of the library), unit tf-idf."""

    labels: list[Labelled]
    features: npt.NDArray[np.float32]
    terms: npt.NDArray[np.float32]

    @property
    def accepted(self) -> npt.NDArray[np.bool_]:
        return np.stack([label.accepted for label in self.labels])


def worded(sets: Sequence[LabelledSet], release: Release, held_out: frozenset[str]) -> Worded:
    """The JDs of the sets, but for the jd_ids held out."""
    labels: list[Labelled] = []
    features, terms = [], []
    for one in sets:
        found = gather(one.raw, one.parsed, one.skills, one.duties, one.embeddings, release)
        used = [place for place, jd in enumerate(found.jd_ids) if jd in one.by_jd and jd not in held_out]
        labels += [one.by_jd[found.jd_ids[place]] for place in used]
        height = len(found.jd_ids)
        rows = np.repeat(np.arange(height), np.diff(found.term_bounds))
        matrix = np.zeros((height, len(release.role_words.texts.idf)), dtype=np.float32)
        matrix[rows, found.terms] = found.term_counts * release.role_words.texts.idf[found.terms]
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
        terms.append(matrix[used])
        parts = []
        for first in range(0, height, _CHUNK):
            last = min(first + _CHUNK, height)
            titles = match_titles(found.titles[first:last], release)
            like = title_likeness(found.titles[first:last], release, shipped_embedder())
            scores = score(found, first, last, titles, like, release, release.role_words.texts).by_signal
            named = (scores["alias"] >= 1.0).astype(np.float32)
            named /= np.maximum(named.sum(axis=1, keepdims=True), 1.0)
            parts.append(np.stack([named, *(scores[signal] for signal in SIGNALS)], axis=2))
        features.append(np.concatenate(parts)[used])
    return Worded(labels, np.concatenate(features), np.concatenate(terms))


def _general(data: Worded, used: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which terms are words of postings in general, shape (terms,)."""
    kinds = np.array([label.kind for label in data.labels])
    shares = [
        (data.terms[used & (kinds == kind)] > 0).mean(axis=0) for kind in sorted(set(kinds) - {OCCUPATION})
    ]
    general: npt.NDArray[np.bool_] = np.min(shares, axis=0) >= GENERAL
    return general


def fit_wording(
    data: Worded,
    used: npt.NDArray[np.bool_],
    candidate: Doubles,
    weights: Doubles,
    noise: float,
    release: Release,
) -> RoleWording:
    """The wording by the JDs `used`, each with its weight; `candidate` are the weights of the other signals,
    and `noise` is the share of labels other than experts' that say nothing."""
    terms = data.terms[used] * ~_general(data, used)
    kernel = (terms @ terms.T).astype(np.float64)
    fixed = data.features[used].astype(np.float64) @ candidate
    accepted = data.accepted[used]
    # No role is one more answer, of a strength that is the same for every JD.
    accepted = np.column_stack([accepted, ~accepted.any(axis=1)])
    fixed = np.column_stack([fixed, np.full(len(fixed), NONE_STRENGTH)])
    wrong = np.array([0.0 if label.kind == EXPERT else noise for label in data.labels])[used]
    weight = weights[used]
    dual, moving = np.zeros(fixed.shape), np.zeros(fixed.shape)
    for _ in range(_STEPS):
        strength = fixed + kernel @ dual
        odds = np.exp(strength - strength.max(axis=1, keepdims=True))
        share = odds / odds.sum(axis=1, keepdims=True)
        right = share * accepted
        found = right.sum(axis=1)
        sure = (1 - wrong) * found / ((1 - wrong) * found + wrong * 0.05 + 1e-12)
        target = right / np.maximum(found, 1e-12)[:, None]
        moving = _MOMENTUM * moving + (target - share) * (weight * sure)[:, None] - RIDGE * dual
        dual += _RATE * moving
    learned = terms.T @ dual[:, :-1].astype(np.float32) / candidate[CANDIDATE_FEATURES.index("text")]
    least = np.partition(np.abs(learned).ravel(), -CELLS)[-CELLS]
    term_of, role_of = np.nonzero(np.abs(learned) >= least)
    kept_roles, role_place = np.unique(role_of, return_inverse=True)
    kept_terms, term_place = np.unique(term_of, return_inverse=True)
    names = release.role_words.texts.terms
    return RoleWording(
        roles=tuple(release.roles[r].slug for r in kept_roles),
        terms=tuple(names[t] for t in kept_terms),
        role_of=role_place.astype(np.int32),
        term_of=term_place.astype(np.int32),
        # As a file holds them, so that what is measured is what is shipped.
        weights=learned[term_of, role_of].astype(np.float16).astype(np.float32),
    )
