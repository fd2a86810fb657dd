"""Centroids: the same whatever the order of days, and however often a day is run."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from jd_assets.library.release import Release
from jd_assets.stages.centroids.centroids import (
    BASE_WEIGHT,
    LEAST_CONFIDENCE,
    contributions,
    role_centroids,
)
from jd_assets.tables import (
    CENTROID_CONTRIBUTIONS,
    KRA_EMBEDDINGS,
    ROLE_ASSIGNMENTS,
    ROLE_CENTROIDS,
    VECTOR_WIDTH,
)

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=i) for i in range(5)]


def vector(seed: int) -> list[float]:
    values = np.random.default_rng(seed).normal(size=VECTOR_WIDTH)
    return (values / np.linalg.norm(values)).tolist()  # type: ignore[no-any-return]


def contribution(ds: date, slug: str, n: int, seed: int, model: str) -> dict[str, object]:
    return {
        "ds": ds, "key": f"{ds}/{slug}", "role_slug": slug, "n": n, "model": model,
        "vector_sum": [n * v for v in vector(seed)],
    }  # fmt: skip


def embeddings(jds: dict[str, list[int]]) -> pl.DataFrame:
    return KRA_EMBEDDINGS.frame(
        {"ds": FIRST, "key": f"{jd}/{i}", "jd_id": jd, "position": i, "model": "m", "vector": vector(seed)}
        for jd, seeds in jds.items()
        for i, seed in enumerate(seeds, start=1)
    )


def assignments(jds: dict[str, tuple[str | None, float]]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"jd_id": jd, "role_slug": slug, "confidence": sure} for jd, (slug, sure) in jds.items()],
        schema={k: ROLE_ASSIGNMENTS.polars_schema[k] for k in ("jd_id", "role_slug", "confidence")},
        orient="row",
    )


def test_a_day_contributes_sure_jds_with_duties_only() -> None:
    made = contributions(
        assignments(
            {
                "a": ("nurse", 0.9),
                "b": ("nurse", LEAST_CONFIDENCE),
                "c": ("nurse", LEAST_CONFIDENCE - 0.01),
                "d": (None, 0.0),
                "e": ("driver", 1.0),
            }
        ),
        embeddings({"a": [1, 2], "b": [3], "c": [4], "d": [5]}),
        FIRST,
    )
    CENTROID_CONTRIBUTIONS.conform(made)
    [row] = made.iter_rows(named=True)
    assert (row["role_slug"], row["n"], row["key"]) == ("nurse", 2, "2026-01-01/nurse")
    of_a = np.array(vector(1)) + np.array(vector(2))
    expected = of_a / np.linalg.norm(of_a) + np.array(vector(3))
    np.testing.assert_allclose(row["vector_sum"], expected, atol=1e-5)


def test_a_centroid_is_the_base_and_all_contributions_up_to_the_day(mini: Release) -> None:
    slug, other = mini.roles[0].slug, mini.roles[1].slug
    contributed = CENTROID_CONTRIBUTIONS.frame(
        [contribution(DAYS[0], slug, 3, 1, mini.model), contribution(DAYS[2], slug, 2, 2, mini.model)]
    )
    made = ROLE_CENTROIDS.conform(role_centroids(mini, contributed, DAYS[:3]))
    assert made.height == 3 * len(mini.roles)
    row = made.filter((pl.col("ds") == DAYS[2]) & (pl.col("role_slug") == slug)).row(0, named=True)
    total = mini.base_centroids[0] * BASE_WEIGHT + 3 * np.array(vector(1)) + 2 * np.array(vector(2))
    np.testing.assert_allclose(row["centroid"], total / np.linalg.norm(total), atol=1e-5)
    assert (row["n"], row["n_base"]) == (5, BASE_WEIGHT)
    assert row["drift"] > 0
    middle = made.filter((pl.col("ds") == DAYS[1]) & (pl.col("role_slug") == slug)).row(0, named=True)
    assert (middle["n"], middle["drift"]) == (3, 0.0)
    still = made.filter((pl.col("ds") == DAYS[2]) & (pl.col("role_slug") == other)).row(0, named=True)
    assert (still["n"], still["drift"]) == (0, 0.0)
    np.testing.assert_allclose(still["centroid"], mini.base_centroids[1], atol=1e-5)


def test_contributions_of_another_model_or_an_unknown_role_are_left_out(mini: Release) -> None:
    contributed = CENTROID_CONTRIBUTIONS.frame(
        [
            contribution(FIRST, mini.roles[0].slug, 3, 1, "another model"),
            contribution(FIRST, "no-such-role", 3, 1, mini.model),
        ]
    )
    assert role_centroids(mini, contributed, [FIRST])["n"].sum() == 0


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_order_of_days_with_repeats_gives_the_same_centroids(mini: Release, data: st.DataObject) -> None:
    """Days are run one by one, each renewing the later ones that are there, as the asset does."""
    daily = {
        day: [
            contribution(day, role.slug, 1 + i % 3, 7 * i + d, mini.model)
            for i, role in enumerate(mini.roles)
            if (i + d) % 2
        ]
        for d, day in enumerate(DAYS)
    }  # fmt: skip
    order = data.draw(st.permutations(DAYS)) + data.draw(st.lists(st.sampled_from(DAYS), max_size=4))
    stored: dict[date, list[dict[str, object]]] = {}
    centroids: dict[date, pl.DataFrame] = {}
    for day in order:
        stored[day] = daily[day]
        renewed = sorted({day} | {d for d in centroids if d > day})
        contributed = CENTROID_CONTRIBUTIONS.frame(
            row for d in sorted(stored) if d <= renewed[-1] for row in stored[d]
        )
        for (made_day,), rows in role_centroids(mini, contributed, renewed).group_by("ds"):
            assert isinstance(made_day, date)
            centroids[made_day] = rows
    everything = CENTROID_CONTRIBUTIONS.frame(row for day in DAYS for row in daily[day])
    expected = role_centroids(mini, everything, DAYS)
    found = pl.concat([centroids[day] for day in DAYS]).sort("key")
    assert found.drop("centroid").equals(expected.sort("key").drop("centroid"))
    np.testing.assert_array_equal(found["centroid"].to_numpy(), expected.sort("key")["centroid"].to_numpy())
