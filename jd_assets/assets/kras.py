"""jd_kras and kra_embeddings: each JD's duties, and where they lie in meaning."""

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, table_asset
from jd_assets.llm.embedding import STAGE
from jd_assets.llm.engine import embedder_id, endpoint_embedder, settle_unanswered
from jd_assets.models.embedder import Embedder
from jd_assets.partitions import day_of
from jd_assets.stages.kras.items import embed_items, embed_jd_items, kra_items
from jd_assets.storage.io_managers import current_release
from jd_assets.storage.stores import Stores
from jd_assets.tables import JD_KRAS, KRA_EMBEDDINGS


@table_asset(JD_KRAS, code_version="1", kinds={"python", "parquet"})
def jd_kras(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    raw_jds: pl.DataFrame,
    parsed_jds: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, JD_KRAS, stores)
    frame = kra_items(raw_jds, parsed_jds)
    passed = parsed_jds.filter(pl.col("jd_type") == "pass").height
    return making.output(frame, jds_without_duties=passed - frame["jd_id"].n_unique())


@table_asset(KRA_EMBEDDINGS, code_version="1", kinds={"onnx", "lancedb"})
def kra_embeddings(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    embedder: ResourceParam[Embedder],
    jd_kras: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, KRA_EMBEDDINGS, stores)
    use, ledger, ds = stores.settings, stores.state.ledger, day_of(context.partition_key)
    unembedded: dict[str, str] = {}
    if use.embedder == "embedded":
        frame = embed_items(jd_kras, embedder)
    else:
        compiled = current_release(stores).model
        if compiled != embedder_id(use):  # before anything is paid for
            raise ValueError(
                f"the library release was compiled with {compiled}, and JD_EMBEDDER says {embedder_id(use)}: "
                "materialize library_release first"
            )
        with endpoint_embedder(use, ledger, context.run_id) as remote:
            frame = embed_jd_items(jd_kras, remote, ds)
        unembedded = remote.unanswered
        making.asked(remote.tally)
        settle_unanswered(use, ledger, ds, STAGE, unembedded)
    return making.output(
        frame,
        model=embedder_id(use),
        distinct_sentences=jd_kras["sentence"].n_unique(),
        jds_without_vectors=len(unembedded),
    )
