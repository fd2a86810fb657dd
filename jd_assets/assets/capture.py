"""captures and review_queue: what the day could teach the library, and what waits for a person."""

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, stored_days, table_asset
from jd_assets.assets.pools import WHOLE_HISTORY
from jd_assets.library.release import Release
from jd_assets.models.embedder import Embedder
from jd_assets.stages.capture.captures import captures as captures_of
from jd_assets.stages.capture.queue import review_queue as folded
from jd_assets.storage.embedding_cache import CachedEmbedder
from jd_assets.storage.stores import Stores
from jd_assets.tables import CAPTURES, REVIEW_QUEUE


@table_asset(CAPTURES, code_version="2", kinds={"python", "parquet"})
def captures(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    parsed_jds: pl.DataFrame,
    extracted_skills: pl.DataFrame,
    jd_kras: pl.DataFrame,
    kra_embeddings: pl.DataFrame,
    role_assignments: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, CAPTURES, stores)
    frame = captures_of(
        parsed_jds, extracted_skills, jd_kras, kra_embeddings, role_assignments, library_release
    )
    kinds = dict(frame["kind"].value_counts().sort("kind").iter_rows())
    unsure = frame.filter(pl.col("is_unsure")).height
    return making.output(frame, unsure_kras=unsure, **kinds)


@table_asset(
    REVIEW_QUEUE, code_version="2", kinds={"python", "parquet"}, pool=WHOLE_HISTORY, deps=["captures"]
)
def review_queue(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    embedder: ResourceParam[Embedder],
    library_release: Release,
) -> Output[pl.DataFrame]:
    making = Making(context, REVIEW_QUEUE, stores)
    days = stores.warehouse.days(CAPTURES)
    captured = stored_days(stores, CAPTURES, days)
    names = CachedEmbedder(embedder, stores.settings.vectors_dir)
    frame = folded(captured, stores.state.decisions(), library_release, names)
    pending = frame.filter(pl.col("status") == "pending")
    return making.output(
        frame,
        captures=captured.height,
        days=len(days),
        pending=pending.height,
        **{f"pending_{kind}": n for kind, n in sorted(pending["kind"].value_counts().iter_rows())},
        **{f"to_{action}": n for action, n in sorted(pending["action"].value_counts().iter_rows())},
    )
