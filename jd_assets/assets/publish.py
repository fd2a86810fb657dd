"""analyst_db: the DuckDB file that analysts query, brought up to the partition files after each run."""

from dagster import AssetExecutionContext, MaterializeResult, MetadataValue, ResourceParam, asset

from jd_assets.assets.making import OWNERS
from jd_assets.assets.pools import WHOLE_HISTORY
from jd_assets.storage.analyst import publish
from jd_assets.storage.stores import Stores
from jd_assets.tables import ALL


@asset(
    group_name="publish",
    description="The published DuckDB file: native tables of every table, with views, macros and comments. "
    "A reader holds a whole snapshot and never meets a lock.",
    owners=OWNERS,
    kinds={"duckdb"},
    code_version="1",
    deps=[table.name for table in ALL],
    pool=WHOLE_HISTORY,
)
def analyst_db(context: AssetExecutionContext, stores: ResourceParam[Stores]) -> MaterializeResult[None]:
    published = publish(stores.warehouse, stores.settings.analyst_db)
    for day, reason in published.held_back.items():
        context.log.warning(
            f"{day} stays as it was last published: {reason}; run the day whole to bring it up"
        )
    return MaterializeResult(
        metadata={
            "jd/partitions_replaced": published.replaced,
            "jd/rows_written": published.rows,
            "jd/days_held_back": len(published.held_back),
            "jd/bytes": published.bytes,
            "jd/path": MetadataValue.path(str(stores.settings.analyst_db)),
        }
    )
