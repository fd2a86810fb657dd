"""jd_signatures and reposts: each JD's wording in short, and which JDs repeat an earlier one."""

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, stored_days, table_asset
from jd_assets.assets.pools import WHOLE_HISTORY
from jd_assets.stages.reposts.links import reposts as links
from jd_assets.stages.reposts.signatures import METHOD
from jd_assets.stages.reposts.signatures import jd_signatures as signatures_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import JD_SIGNATURES, REPOSTS


@table_asset(JD_SIGNATURES, code_version="1", kinds={"python", "parquet"})
def jd_signatures(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    raw_jds: pl.DataFrame,
    parsed_jds: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, JD_SIGNATURES, stores)
    return making.output(signatures_of(raw_jds, parsed_jds), method=METHOD)


@table_asset(
    REPOSTS, code_version="1", kinds={"numpy", "parquet"}, pool=WHOLE_HISTORY, deps=["jd_signatures"]
)
def reposts(context: AssetExecutionContext, stores: ResourceParam[Stores]) -> Output[pl.DataFrame]:
    making = Making(context, REPOSTS, stores)
    days = stores.warehouse.days(JD_SIGNATURES)
    signatures = stored_days(stores, JD_SIGNATURES, days)
    frame = links(signatures)
    return making.output(
        frame,
        jds=signatures.height,
        days=len(days),
        originals=frame["first_jd_id"].n_unique(),
        same_text=frame.filter(pl.col("jd_id") == pl.col("first_jd_id")).height,
    )
