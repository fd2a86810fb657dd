"""skill_details, client_outputs and final_role_outputs: what clients read."""

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetExecutionContext,
    Output,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import Making, conservation, share, stored, table_asset
from jd_assets.library.release import Release
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.enrich.client import client_outputs as client_outputs_of
from jd_assets.stages.enrich.details import skill_details as skill_details_of
from jd_assets.stages.enrich.outputs import final_role_outputs as final_role_outputs_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import CLIENT_OUTPUTS, FINAL_ROLE_OUTPUTS, ROLE_ASSIGNMENTS, SKILL_DETAILS


@table_asset(SKILL_DETAILS, code_version="1", kinds={"python", "parquet"})
def skill_details(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    extracted_skills: pl.DataFrame,
    role_assignments: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, SKILL_DETAILS, stores)
    frame = skill_details_of(extracted_skills, role_assignments, library_release)
    known = frame.filter(pl.col("source_tag") == "library").height
    return making.output(frame, llm_stages=("enrichment",), library_share=share(known, frame.height))


@table_asset(CLIENT_OUTPUTS, code_version="1", kinds={"python", "parquet"})
def client_outputs(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    parsed_jds: pl.DataFrame,
    extracted_skills: pl.DataFrame,
    jd_kras: pl.DataFrame,
    role_assignments: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, CLIENT_OUTPUTS, stores)
    frame = client_outputs_of(parsed_jds, extracted_skills, jd_kras, role_assignments, library_release)
    return making.output(
        frame,
        sparse=int(frame["is_sparse"].sum()),
        mean_ai_index=round(float(frame["ai_index"].mean() or 0.0), 3),  # type: ignore[arg-type]
    )


@asset_check(asset=client_outputs, blocking=True, partitions_def=DAYS)
def every_assignment_has_a_client_output(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Each JD of role_assignments is in client_outputs once."""
    ds = day_of(context.partition_key)
    assigned = stored(stores, ROLE_ASSIGNMENTS, ds, "jd_id")
    outputs = stored(stores, CLIENT_OUTPUTS, ds, "jd_id")
    return conservation(
        assigned["jd_id"], outputs["jd_id"], "client outputs were lost or doubled", "materialize it again"
    )


@table_asset(FINAL_ROLE_OUTPUTS, code_version="1", kinds={"python", "parquet"})
def final_role_outputs(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    parsed_jds: pl.DataFrame,
    role_assignments: pl.DataFrame,
    skill_details: pl.DataFrame,
    captures: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, FINAL_ROLE_OUTPUTS, stores)
    frame = final_role_outputs_of(parsed_jds, role_assignments, skill_details, captures, library_release)
    resolutions = dict(frame["resolution"].value_counts().sort("resolution").iter_rows())
    return making.output(frame, **{f"resolution_{name}": n for name, n in resolutions.items()})
