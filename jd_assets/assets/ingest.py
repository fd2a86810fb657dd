"""raw_jds: the landing folder of a day, record by record."""

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetExecutionContext,
    Output,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import Making, stored, table_asset
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.ingest.table import ingest
from jd_assets.storage.landing import fingerprint, landed_name, landing_files, read_day
from jd_assets.storage.stores import Stores
from jd_assets.tables import RAW_JDS

FINGERPRINT = "jd/landing_fingerprint"
"""Metadata key of the landing folder's state when it was read; the sensor compares it."""


@table_asset(RAW_JDS, code_version="1", kinds={"python", "parquet"})
def raw_jds(context: AssetExecutionContext, stores: ResourceParam[Stores]) -> Output[pl.DataFrame]:
    making = Making(context, RAW_JDS, stores)
    ds = day_of(context.partition_key)
    seen = fingerprint(stores.settings.landing_dir, ds)
    frame = ingest(read_day(stores.settings, ds), ds)
    counts = dict(frame["status"].value_counts().iter_rows())
    return making.output(
        frame,
        landing_fingerprint=seen,
        readable=counts.get("ok", 0),
        duplicates=counts.get("duplicate", 0),
        rejects=counts.get("quarantined", 0),
    )


@asset_check(asset=raw_jds, blocking=True, partitions_def=DAYS)
def every_landing_file_is_in_raw_jds(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Each file of the landing folder has at least one row, read or quarantined, and each row has one of
    the three states."""
    ds = day_of(context.partition_key)
    folder = stores.settings.landing_dir / ds.isoformat()
    files = {landed_name(p, folder) for p in landing_files(stores.settings.landing_dir, ds)}
    frame = stored(stores, RAW_JDS, ds, "source_file", "status")
    missing = sorted(files - set(frame["source_file"]))
    counts = dict(frame["status"].value_counts().iter_rows())
    strange = set(counts) - {"ok", "duplicate", "quarantined"}
    return AssetCheckResult(
        passed=not missing and not strange,
        description=f"no row of {', '.join(missing[:5])}: materialize raw_jds again" if missing else None,
        metadata={
            "jd/files": len(files),
            "jd/missing_files": len(missing),
            "jd/rows": frame.height,
            **{f"jd/{status}": n for status, n in counts.items()},
        },
    )
