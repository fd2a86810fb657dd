"""Checks that warn when a day's roles are unlike those of the weeks before it. They never block: a real
change of the market looks the same as a broken source, and a person has to tell them apart."""

from datetime import date, timedelta

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetKey,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import stored, stored_days
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.centroids.centroids import LEAST_CONFIDENCE, LEAST_POSTINGS
from jd_assets.stages.drift.shifts import TRAILING_DAYS, is_comparable, mix_shift, rise
from jd_assets.storage.stores import Stores
from jd_assets.tables import CENTROID_CONTRIBUTIONS, ROLE_ASSIGNMENTS, ROLE_CENTROIDS

ROLES = AssetKey(ROLE_ASSIGNMENTS.name)
NO_ROLE = "(new role)"

MOST_DRIFT = 0.05
"""Cosine distance that the centroid of a settled role may move in a day."""

SETTLED = LEAST_POSTINGS
"""JDs before the day from which a role's centroid is settled: below, each JD moves it visibly, as it
should."""


def trailing(stores: Stores, ds: date, *columns: str) -> pl.DataFrame:
    """These columns of role_assignments of the TRAILING_DAYS days before `ds`, as far as they are there."""
    days = [
        day
        for day in stores.warehouse.days(ROLE_ASSIGNMENTS)
        if ds - timedelta(days=TRAILING_DAYS) <= day < ds
    ]
    return stored_days(stores, ROLE_ASSIGNMENTS, days, *columns)


def share_check(stores: Stores, ds: date, column: str, hit: pl.Expr, what: str) -> AssetCheckResult:
    """Whether the share of JDs for which `hit` holds on `column` has risen; `what` says it in words."""
    today, before = stored(stores, ROLE_ASSIGNMENTS, ds, column), trailing(stores, ds, column)
    metadata: dict[str, float] = {"jd/jds": today.height, "jd/jds_before": before.height}
    if not is_comparable(today.height, before.height):
        return _not_compared(metadata)
    found = rise(today.filter(hit).height, today.height, before.filter(hit).height, before.height)
    metadata |= {
        "jd/share": round(found.share, 4),
        "jd/share_before": round(found.before, 4),
        "jd/z": round(found.z, 2),
    }
    return AssetCheckResult(
        passed=not found.is_notable,
        severity=AssetCheckSeverity.WARN,
        description=f"{found.share:.0%} of the day's JDs {what}, against {found.before:.0%} in the "
        f"{TRAILING_DAYS} days before",
        metadata=metadata,
    )


def _not_compared(metadata: dict[str, float]) -> AssetCheckResult:
    return AssetCheckResult(
        passed=True,
        severity=AssetCheckSeverity.WARN,
        description="too few JDs, today or before, to compare",
        metadata=metadata,
    )


def mix_check(stores: Stores, ds: date) -> AssetCheckResult:
    """Whether the day's mix of roles is another one than that of the days before."""
    today, before = stored(stores, ROLE_ASSIGNMENTS, ds, "role_slug"), trailing(stores, ds, "role_slug")
    metadata: dict[str, float] = {"jd/jds": today.height, "jd/jds_before": before.height}
    if not is_comparable(today.height, before.height):
        return _not_compared(metadata)
    found = mix_shift(_counts(today), _counts(before))
    return AssetCheckResult(
        passed=not found.is_notable,
        severity=AssetCheckSeverity.WARN,
        description=f"population stability index {found.psi:.2f}; chance alone stays under "
        f"{found.by_chance:.2f} at these counts",
        metadata=metadata | {"jd/psi": round(found.psi, 4), "jd/psi_by_chance": round(found.by_chance, 4)},
    )


def _counts(assignments: pl.DataFrame) -> dict[str, int]:
    slugs = assignments["role_slug"].fill_null(NO_ROLE)
    return dict(slugs.value_counts().iter_rows())


def centroid_check(stores: Stores, ds: date) -> AssetCheckResult:
    """Whether the centroid of a settled role moved further in the day than MOST_DRIFT."""
    centroids = stored(stores, ROLE_CENTROIDS, ds, "role_slug", "n", "drift")
    contributed = stored(stores, CENTROID_CONTRIBUTIONS, ds, "role_slug", "n").rename({"n": "n_today"})
    moved = centroids.join(contributed, on="role_slug").filter(pl.col("n") - pl.col("n_today") >= SETTLED)
    far = moved.filter(pl.col("drift") > MOST_DRIFT).sort("drift", descending=True)
    named = ", ".join(f"{slug} {drift:.3f}" for slug, drift in far.select("role_slug", "drift").iter_rows())
    return AssetCheckResult(
        passed=not far.height,
        severity=AssetCheckSeverity.WARN,
        description=f"moved further than {MOST_DRIFT:g}: {named}" if far.height else None,
        metadata={
            "jd/settled_roles": moved.height,
            "jd/roles_over": far.height,
            "jd/max_drift": float(moved["drift"].max() or 0.0),  # type: ignore[arg-type]
        },
    )


@asset_check(asset=ROLES, partitions_def=DAYS)
def new_role_share_is_as_usual(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """The share of JDs that no library role fits has not risen against the 28 days before."""
    ds = day_of(context.partition_key)
    return share_check(stores, ds, "is_new_role", pl.col("is_new_role"), "fit no library role")


@asset_check(asset=ROLES, partitions_def=DAYS)
def low_confidence_share_is_as_usual(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """The share of JDs whose role is likelier wrong than right has not risen against the 28 days before."""
    ds = day_of(context.partition_key)
    unsure = pl.col("confidence") < LEAST_CONFIDENCE
    return share_check(
        stores, ds, "confidence", unsure, f"have a role with a confidence under {LEAST_CONFIDENCE:g}"
    )


@asset_check(asset=ROLES, partitions_def=DAYS)
def role_mix_is_as_usual(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """The mix of roles has not moved against the 28 days before (population stability index)."""
    return mix_check(stores, day_of(context.partition_key))


@asset_check(asset=AssetKey(ROLE_CENTROIDS.name), partitions_def=DAYS)
def settled_centroids_stay(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """No centroid of a settled role moved further in the day than MOST_DRIFT."""
    return centroid_check(stores, day_of(context.partition_key))
