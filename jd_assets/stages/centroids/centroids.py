"""Role centroids that any order of days, and any number of re-runs, brings to the same values."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from jd_assets.library.promoted import COLUMNS
from jd_assets.library.release import Release
from jd_assets.stages.roles.scores import jd_vector
from jd_assets.tables import CENTROID_CONTRIBUTIONS, ROLE_CENTROIDS, VECTOR_WIDTH

Doubles = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

LEAST_CONFIDENCE = 0.5
"""A JD whose role is likelier wrong than right teaches its centroid nothing."""

BASE_WEIGHT = 10
"""The library's base counts as ten JDs, so that the first JDs of a role don't throw its centroid about."""


def contributions(assignments: pl.DataFrame, embeddings: pl.DataFrame, ds: date) -> pl.DataFrame:
    """CENTROID_CONTRIBUTIONS of a day: per role, how many JDs and the sum of their unit vectors.

    JDs count that were assigned with at least LEAST_CONFIDENCE and state a duty. Sums are made in the
    order of jd_id in float64, so that equal days give equal bits.
    """
    sure = assignments.filter(
        pl.col("role_slug").is_not_null() & (pl.col("confidence") >= LEAST_CONFIDENCE)
    ).sort("jd_id")
    by_jd = {
        jd_id: rows["vector"].to_numpy()
        for (jd_id,), rows in embeddings.sort("jd_id", "position").group_by("jd_id", maintain_order=True)
    }
    models = embeddings["model"].unique().to_list()
    sums: dict[str, Doubles] = {}
    counts: dict[str, int] = {}
    for jd_id, slug in sure.select("jd_id", "role_slug").iter_rows():
        if jd_id not in by_jd:
            continue
        vector = jd_vector(by_jd[jd_id]).astype(np.float64)
        sums[slug] = sums.get(slug, np.zeros(VECTOR_WIDTH)) + vector
        counts[slug] = counts.get(slug, 0) + 1
    return CENTROID_CONTRIBUTIONS.frame(
        {
            "ds": ds,
            "key": f"{ds.isoformat()}/{slug}",
            "role_slug": slug,
            "n": counts[slug],
            "model": models[0],
            "vector_sum": sums[slug],
        }
        for slug in sorted(sums)
    )


def role_centroids(release: Release, contributed: pl.DataFrame, days: Sequence[date]) -> pl.DataFrame:
    """ROLE_CENTROIDS of each of the days: the release's base and all contributions up to it.

    `contributed` has the CENTROID_CONTRIBUTIONS of every day up to the last of `days`; those of another
    embedding model or of a role that the release lacks are left out. Days are summed in order of date.
    """
    roles = len(release.roles)
    sums = release.base_centroids.astype(np.float64) * BASE_WEIGHT
    counts = np.zeros(roles, dtype=np.int64)
    known = contributed.filter(
        (pl.col("model") == release.model) & pl.col("role_slug").is_in(list(release.role_index))
    ).sort("ds", "role_slug")
    by_day = {day: rows for (day,), rows in known.group_by("ds", maintain_order=True)}
    wanted = set(days)
    frames = []
    previous = _unit(sums)
    for day in sorted(wanted | set(by_day)):
        if day in by_day:
            rows = by_day[day]
            places = [release.role_index[slug] for slug in rows["role_slug"]]
            sums[places] += rows["vector_sum"].to_numpy()
            counts[places] += rows["n"].to_numpy()
        now = _unit(sums)
        if day in wanted:
            frames.append(_rows(release, day, now, counts, _drift(previous, now)))
        previous = now
    return pl.concat(frames) if frames else ROLE_CENTROIDS.frame([])


LEAST_POSTINGS = 50
"""Postings that a role's centroid must rest on to be promoted: as many as make it a settled one."""


def promotable(centroids: pl.DataFrame, least: int = LEAST_POSTINGS) -> pl.DataFrame:
    """Those of a day's ROLE_CENTROIDS that rest on at least `least` postings, with the columns of promoted
    centroids (library/promoted.py), by role."""
    return centroids.filter(pl.col("n") >= least).select(COLUMNS).sort("role_slug")


def _unit(sums: Doubles) -> Doubles:
    unit: Doubles = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12)
    return unit


def _drift(before: Doubles, now: Doubles) -> Doubles:
    drift: Doubles = np.maximum(1.0 - (before * now).sum(axis=1), 0.0).round(6)
    return drift


def _rows(
    release: Release,
    day: date,
    centroids: Doubles,
    counts: Counts,
    drift: Doubles,
) -> pl.DataFrame:
    slugs = [r.slug for r in release.roles]
    columns = {
        "ds": [day] * len(slugs),
        "key": [f"{day.isoformat()}/{slug}" for slug in slugs],
        "role_slug": slugs,
        "n_base": [BASE_WEIGHT] * len(slugs),
        "n": counts.copy(),
        "drift": drift,
        "model": [release.model] * len(slugs),
        "library_release": [release.release] * len(slugs),
        "centroid": centroids.astype(np.float32),
    }
    return pl.DataFrame(columns, schema=ROLE_CENTROIDS.polars_schema)
