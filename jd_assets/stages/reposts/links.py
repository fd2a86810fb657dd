"""Links each repost to the first posting of its wording, over all days."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from jd_assets.tables import REPOSTS

LEAST_SIMILARITY = 0.8
"""Least estimated Jaccard similarity of a repost to a posting of its group. Read off 917 postings: the
pairs over it are one text with another city, date, grade or agency; those under 0.7 are the shared
boilerplate of one employer's different openings."""

BANDS, ROWS = 16, 8
"""Bands of locality-sensitive hashing and numbers in a band. Two texts of similarity s share a band with
probability 1 - (1 - s**8)**16: 0.95 at 0.8, over 0.999 at 0.9, 0.06 at 0.5 (Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, section 3.4)."""

_Signatures = npt.NDArray[np.uint32]


def reposts(signatures: pl.DataFrame) -> pl.DataFrame:
    """REPOSTS of the JD_SIGNATURES of all days, in any order.

    Postings whose texts are equal (the same jd_id on several days) or alike form a group; its first, by
    day and then by jd_id, is the original, and the others are reposts of it.
    """
    seen = signatures.sort("ds", "jd_id")
    texts = seen.unique("jd_id", keep="first", maintain_order=True)
    matrix = texts["signature"].list.to_array(BANDS * ROWS).to_numpy() if texts.height else _none()
    first = np.arange(texts.height)
    similarity = np.ones(texts.height)
    for method in texts["method"].unique(maintain_order=True):
        places = np.flatnonzero((texts["method"] == method).to_numpy())
        groups, likeness = _grouped(matrix[places])
        first[places] = places[groups]
        similarity[places] = likeness
    originals = texts.select(
        "jd_id",
        first_ds=texts["ds"].gather(first),
        first_jd_id=texts["jd_id"].gather(first),
        similarity=pl.Series(similarity, dtype=pl.Float64).round(4),
    )
    linked = seen.select("ds", "jd_id").join(originals, on="jd_id", maintain_order="left")
    is_first = (pl.col("ds") == pl.col("first_ds")) & (pl.col("jd_id") == pl.col("first_jd_id"))
    return linked.filter(~is_first).select(REPOSTS.names)


def _none() -> _Signatures:
    return np.zeros((0, BANDS * ROWS), dtype=np.uint32)


def _grouped(matrix: _Signatures) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """For each signature the row of its group's first, and how alike it is to the likest of its group
    before it; the row itself and 1.0 for a first."""
    group = np.arange(len(matrix))
    likeness = np.zeros(len(matrix))
    for early, late, alike in _alike(matrix):
        likeness[late] = max(likeness[late], alike)
        one, other = _root(group, early), _root(group, late)
        group[max(one, other)] = min(one, other)
    likeness[likeness == 0] = 1.0
    return np.array([_root(group, row) for row in range(len(group))], dtype=np.int64), likeness


def _alike(matrix: _Signatures) -> list[tuple[int, int, float]]:
    """Pairs of rows with at least LEAST_SIMILARITY, each (earlier, later, similarity): every row is held
    against the first row of each band's bucket that it falls into."""
    rows = np.arange(len(matrix))
    pairs = []
    for band in range(BANDS):
        values = np.ascontiguousarray(matrix[:, band * ROWS : (band + 1) * ROWS])
        keys = values.view(np.dtype((np.void, values.dtype.itemsize * ROWS))).ravel()
        _, first, bucket = np.unique(keys, return_index=True, return_inverse=True)
        pairs.append(np.stack([first[bucket], rows], axis=1)[first[bucket] != rows])
    candidates = np.unique(np.concatenate(pairs), axis=0)
    same = (matrix[candidates[:, 0]] == matrix[candidates[:, 1]]).mean(axis=1)
    kept = same >= LEAST_SIMILARITY
    return [(int(a), int(b), float(s)) for (a, b), s in zip(candidates[kept], same[kept], strict=True)]


def _root(group: npt.NDArray[np.int64], row: int) -> int:
    while group[row] != row:
        group[row] = group[group[row]]
        row = int(group[row])
    return row
