"""Puts one embedding model's cosines on the scale of another, by the texts that both have embedded.

Weights and thresholds are fitted on cosines of the shipped model. Another model's spread differently: what is
0.55 to one may be 0.35 to the other. Of the same pairs of texts the r-th highest cosine of one model is taken
to mean what the r-th highest of the other does (quantile mapping; Panofsky and Brier, 1958). That keeps the
order in which the model sees pairs, and is no substitute for a fit on labelled postings.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from jd_assets.models.embedder import Vectors

_BINS = 4096  # of the cosines from -1 to 1
_CHUNK = 1024

IDENTITY: Vectors = np.zeros((2, 0), dtype=np.float32)
"""The scale of the model that weights were fitted on."""


def scale(own: Vectors, fitted: Vectors) -> Vectors:
    """Knots of the map from a model's cosines to those of the fitted one, shape (2, knots), both rows rising.

    `own` and `fitted` are the two models' unit vectors of the same texts, shapes (texts, width).
    """
    counts, wanted = _histogram(own), _histogram(fitted)
    if not counts.sum():
        return IDENTITY
    centers = (np.arange(_BINS) + 0.5) * (2.0 / _BINS) - 1.0
    share, wanted_share = _middle_ranks(counts), _middle_ranks(wanted)
    seen, wanted_seen = counts > 0, wanted > 0
    values = np.interp(share[seen], wanted_share[wanted_seen], centers[wanted_seen])
    # A text is as like itself to one model as to the other.
    return np.array([[*centers[seen], 1.0], [*values, 1.0]], dtype=np.float32)


def rescaled(cosines: Vectors, knots: Vectors) -> Vectors:
    """Cosines of any shape on the scale of the fitted model."""
    if not knots.shape[1]:
        return cosines
    values: Vectors = np.interp(cosines, knots[0], knots[1]).astype(np.float32)
    return values


def _histogram(vectors: Vectors) -> npt.NDArray[np.int64]:
    """How many pairs of different rows have a cosine in each bin."""
    counts = np.zeros(_BINS, dtype=np.int64)
    for start in range(0, len(vectors), _CHUNK):
        cosines = vectors[start : start + _CHUNK] @ vectors[start:].T
        later = np.triu(np.ones(cosines.shape, dtype=bool), 1)
        bins = ((cosines[later] + 1.0) * (_BINS / 2)).astype(np.int64)
        counts += np.bincount(np.clip(bins, 0, _BINS - 1), minlength=_BINS)
    return counts


def _middle_ranks(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The share of all pairs below the middle of each bin."""
    upto = np.cumsum(counts)
    ranks: npt.NDArray[np.float64] = (upto - counts / 2) / upto[-1]
    return ranks
