"""The drift checks over partition files put there by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from dagster import AssetCheckSeverity

from jd_assets.assets.drift import MOST_DRIFT, SETTLED, centroid_check, mix_check, share_check, trailing
from jd_assets.schema import Table
from jd_assets.settings import Settings
from jd_assets.storage.files import Card
from jd_assets.storage.stores import Stores
from jd_assets.tables import CENTROID_CONTRIBUTIONS, ROLE_ASSIGNMENTS, ROLE_CENTROIDS
from jd_assets_tests.rows import frame_of

DAY = date(2026, 3, 1)


@pytest.fixture
def stores(settings: Settings) -> Stores:
    return Stores(settings)


def put(stores: Stores, table: Table, ds: date, rows: Iterable[dict[str, Any]]) -> None:
    kept = table.without_vectors()
    frame = frame_of(kept, ({"ds": ds, **row} for row in rows))
    stores.warehouse.write(stores.warehouse.path(table, ds), frame, Card("x", {}))


def put_roles(stores: Stores, ds: date, counts: dict[str | None, int], confidence: float = 0.9) -> None:
    rows = [
        {"jd_id": f"{slug}{i}", "role_slug": slug, "is_new_role": slug is None, "confidence": confidence}
        for slug, n in counts.items()
        for i in range(n)
    ]
    put(stores, ROLE_ASSIGNMENTS, ds, rows)


def test_the_trailing_days_are_the_28_before_and_no_other(stores: Stores) -> None:
    for back in (-1, 0, 1, 28, 29):
        put_roles(stores, DAY - timedelta(days=back), {f"role-{back}": 1})
    assert set(trailing(stores, DAY, "role_slug")["role_slug"]) == {"role-1", "role-28"}


def test_a_risen_share_of_new_roles_warns_with_its_numbers(stores: Stores) -> None:
    put_roles(stores, DAY - timedelta(days=2), {"nurse": 190, None: 10})
    put_roles(stores, DAY, {"nurse": 30, None: 20})
    found = share_check(stores, DAY, "is_new_role", pl.col("is_new_role"), "fit no library role")
    assert not found.passed
    assert found.severity == AssetCheckSeverity.WARN
    assert found.description == "40% of the day's JDs fit no library role, against 5% in the 28 days before"
    assert found.metadata["jd/share"].value == 0.4
    assert found.metadata["jd/share_before"].value == 0.05
    assert found.metadata["jd/jds_before"].value == 200


def test_the_usual_share_passes(stores: Stores) -> None:
    put_roles(stores, DAY - timedelta(days=2), {"nurse": 190, None: 10})
    put_roles(stores, DAY, {"nurse": 46, None: 4})
    assert share_check(stores, DAY, "is_new_role", pl.col("is_new_role"), "fit no library role").passed


def test_a_moved_mix_warns_and_few_jds_are_not_compared(stores: Stores) -> None:
    put_roles(stores, DAY - timedelta(days=9), {"nurse": 100, "driver": 100})
    put_roles(stores, DAY, {"nurse": 5, "driver": 60})
    found = mix_check(stores, DAY)
    assert not found.passed
    assert found.metadata["jd/psi"].value > found.metadata["jd/psi_by_chance"].value  # type: ignore[operator]
    put_roles(stores, DAY, {"nurse": 3, "driver": 8})
    few = mix_check(stores, DAY)
    assert few.passed
    assert few.description == "too few JDs, today or before, to compare"


def test_a_far_move_of_a_settled_centroid_warns_and_of_a_young_one_not(stores: Stores) -> None:
    far = 2 * MOST_DRIFT
    roles = [("settled", SETTLED + 5, far), ("young", SETTLED + 4, far), ("still", 500, MOST_DRIFT / 2)]
    put(
        stores, ROLE_CENTROIDS, DAY,
        [{"key": f"k/{slug}", "role_slug": slug, "n": n, "drift": drift} for slug, n, drift in roles],
    )  # fmt: skip
    put(
        stores, CENTROID_CONTRIBUTIONS, DAY,
        [{"key": f"k/{slug}", "role_slug": slug, "n": 5} for slug, _, _ in roles],
    )  # fmt: skip
    found = centroid_check(stores, DAY)
    assert not found.passed
    assert found.description == "moved further than 0.05: settled 0.100"
    assert found.metadata["jd/settled_roles"].value == 2
