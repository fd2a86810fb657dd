"""Centroids of postings put into the library, and what the next release decides by."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from dagster import DagsterInstance
from typer.testing import CliRunner

from jd_assets import library_cli
from jd_assets.cli import app
from jd_assets.definitions import build_defs
from jd_assets.library.load import LibraryError
from jd_assets.library.release import Release, release_id
from jd_assets.promotion import NothingToPromote, promote
from jd_assets.review import release_in_use
from jd_assets.settings import Settings
from jd_assets.stages.centroids.centroids import LEAST_POSTINGS, role_centroids
from jd_assets.storage.files import Card
from jd_assets.storage.stores import Stores
from jd_assets.tables import CENTROID_CONTRIBUTIONS, ROLE_CENTROIDS, VECTOR_WIDTH
from jd_assets_tests.conftest import MINI

DAY = date(2026, 1, 5)
NURSE, SALES = "registered-nurse", "sales-executive"


@pytest.fixture
def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    made = settings.model_copy(update={"library": MINI})
    monkeypatch.setattr(library_cli, "settings", lambda: made)
    return made


@pytest.fixture
def contributed(mini: Release) -> pl.DataFrame:
    """A day after which nurses' centroid rests on enough postings and sales executives' doesn't."""
    towards = np.zeros(VECTOR_WIDTH)
    towards[3] = 1.0
    return CENTROID_CONTRIBUTIONS.frame(
        {
            "ds": DAY, "key": f"{DAY}/{slug}", "role_slug": slug, "n": n, "model": mini.model,
            "vector_sum": n * towards,
        }
        for slug, n in ((NURSE, LEAST_POSTINGS), (SALES, LEAST_POSTINGS - 1))
    )  # fmt: skip


@pytest.fixture
def stores(use: Settings, mini: Release, contributed: pl.DataFrame) -> Stores:
    made = Stores(use)
    frame = role_centroids(mini, contributed, [DAY])
    made.vectors.replace(ROLE_CENTROIDS, [DAY], frame)
    card = frame.drop(ROLE_CENTROIDS.vector_columns)
    made.warehouse.write(made.warehouse.path(ROLE_CENTROIDS, DAY), card, Card("x"))
    return made


def test_the_next_release_decides_by_what_postings_made(stores: Stores, use: Settings, mini: Release) -> None:
    done = promote(stores)
    assert (done.ds, done.roles, done.postings) == (DAY, 1, LEAST_POSTINGS)
    release = release_in_use(use)
    assert release.release != mini.release
    [promoted] = stores.vectors.read(ROLE_CENTROIDS, [DAY]).filter(pl.col("role_slug") == NURSE).to_dicts()
    nurse = release.role_index[NURSE]
    np.testing.assert_array_equal(release.centroids[nurse], np.float32(promoted["centroid"]))
    others = np.arange(len(release.roles)) != nurse
    np.testing.assert_array_equal(release.centroids[others], mini.centroids[others])
    np.testing.assert_array_equal(release.base_centroids, mini.base_centroids)


def test_promoting_again_gives_the_same_release_and_counts_nothing_twice(
    stores: Stores, use: Settings, mini: Release, contributed: pl.DataFrame
) -> None:
    promote(stores)
    first = release_id(use.library_sources, "m")
    promote(stores)
    assert release_id(use.library_sources, "m") == first
    before, after = (role_centroids(r, contributed, [DAY]) for r in (mini, release_in_use(use)))
    assert after["centroid"].equals(before["centroid"])


def test_a_dry_run_writes_nothing(stores: Stores, use: Settings) -> None:
    assert promote(stores, dry_run=True).roles == 1
    assert use.library_sources.centroids is None
    said = CliRunner().invoke(app, ["library", "promote", "--dry-run", "--least", "1"])
    assert said.exit_code == 0
    assert "would be promoted: centroids of 2 roles, resting on 99 postings up to 2026-01-05" in said.output


def test_what_cannot_be_promoted_is_said(stores: Stores, use: Settings) -> None:
    with pytest.raises(NothingToPromote, match="no role has 1000 postings by 2026-01-05"):
        promote(stores, least=1000)
    with pytest.raises(NothingToPromote, match="no day 2026-01-09"):
        promote(stores, date(2026, 1, 9))
    failed = CliRunner().invoke(app, ["library", "promote", "--day", "2026-01-09"])
    assert failed.exit_code == 1


def test_a_file_of_something_else_is_told(stores: Stores, use: Settings) -> None:
    path = promote(stores).path
    path.write_bytes(b"no parquet")
    with pytest.raises(LibraryError, match="promote the centroids again"):
        release_in_use(use)


def test_the_job_promotes_and_says_what(stores: Stores, use: Settings) -> None:
    job = build_defs(use).resolve_job_def("promote_centroids")
    config = {"ops": {"promote_day": {"config": {"day": str(DAY), "least": 1, "dry_run": False}}}}
    with DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, run_config=config)
    assert result.success
    assert use.library_sources.centroids is not None
    assert pl.read_parquet(use.library_sources.centroids)["role_slug"].to_list() == [NURSE, SALES]
