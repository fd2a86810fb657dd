"""jd_kras and kra_embeddings: each JD's duties, and where they lie in meaning."""

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, table_asset
from jd_assets.models.embedder import Embedder
from jd_assets.stages.kras.items import embed_items, kra_items
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
    frame = embed_items(jd_kras, embedder)
    return making.output(frame, model=embedder.model_id, distinct_sentences=jd_kras["sentence"].n_unique())
