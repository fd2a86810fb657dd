"""skill_details, client_outputs and final_role_outputs: what clients read."""

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetExecutionContext,
    MetadataValue,
    Output,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import Making, conservation, share, stored, table_asset
from jd_assets.assets.markdown import markdown_table, markdown_text
from jd_assets.library.release import Release
from jd_assets.llm.engine import settle_unanswered, stage_client
from jd_assets.llm.enrichment import STAGE as ENRICHMENT
from jd_assets.llm.enrichment import LlmTypist
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.enrich.client import client_outputs as client_outputs_of
from jd_assets.stages.enrich.details import skill_details as skill_details_of
from jd_assets.stages.enrich.outputs import final_role_outputs as final_role_outputs_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import CLIENT_OUTPUTS, FINAL_ROLE_OUTPUTS, ROLE_ASSIGNMENTS, SKILL_DETAILS

SAMPLES = 5
"""Rows that a materialization of client_outputs shows."""


@table_asset(SKILL_DETAILS, code_version="4", kinds={"python", "parquet"})
def skill_details(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    extracted_skills: pl.DataFrame,
    role_assignments: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, SKILL_DETAILS, stores)
    use, ledger, ds = stores.settings, stores.state.ledger, day_of(context.partition_key)
    unanswered: dict[str, str] = {}
    if use.engine == "embedded":
        frame = skill_details_of(extracted_skills, role_assignments, library_release)
    else:
        with stage_client(use, ledger, ENRICHMENT, context.run_id) as client:
            categories = sorted({s.category for s in library_release.skills})
            typist = LlmTypist(
                client, ledger, categories=categories, dimensions=[*library_release.dimension_groups]
            )
            frame = skill_details_of(
                extracted_skills,
                role_assignments,
                library_release,
                typist,
                untold_only=use.engine == "hybrid",
            )
        unanswered = typist.unanswered
        making.asked(client.tally)
        settle_unanswered(use, ledger, ds, ENRICHMENT, unanswered)
    known = frame.filter(pl.col("source_tag") == "library").height
    return making.output(
        frame,
        library_share=share(known, frame.height),
        typed_by_model=frame.filter(~pl.col("typed_by").is_in(["library", "embedded"])).height,
        fell_back=len(unanswered),
        warnings=int(frame["warnings"].list.len().sum()),
    )


@table_asset(CLIENT_OUTPUTS, code_version="2", kinds={"python", "parquet"})
def client_outputs(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    parsed_jds: pl.DataFrame,
    extracted_skills: pl.DataFrame,
    jd_kras: pl.DataFrame,
    role_signals: pl.DataFrame,
    role_assignments: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, CLIENT_OUTPUTS, stores)
    frame = client_outputs_of(
        parsed_jds, extracted_skills, jd_kras, role_signals, role_assignments, library_release
    )
    return making.output(
        frame,
        samples=MetadataValue.md(_samples(frame, parsed_jds)),
        sparse=int(frame["is_sparse"].sum()),
        mean_ai_index=round(float(frame["ai_index"].mean() or 0.0), 3),  # type: ignore[arg-type]
    )


def _samples(frame: pl.DataFrame, parsed: pl.DataFrame) -> str:
    """The first five rows by jd_id, as Markdown."""
    titles = dict(parsed.select("jd_id", "title").iter_rows())
    head = ["JD", "nature of work", "evidence", "AI index", "tech stack", "clusters", "sparse"]
    cells = (
        (
            titles.get(row["jd_id"]) or row["jd_id"][:12],
            row["nature_label"],
            row["nature_evidence"],
            None if row["ai_index"] is None else f"{row['ai_index']:.2f}",
            row["maturity_level"],
            "; ".join(f"{c['group']}: {', '.join(c['skills'])}" for c in row["skill_clusters"]),
            "yes" if row["is_sparse"] else "no",
        )
        for row in frame.sort("jd_id").head(SAMPLES).iter_rows(named=True)
    )
    return markdown_table(head, ([markdown_text(c) for c in row] for row in cells))


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


@table_asset(FINAL_ROLE_OUTPUTS, code_version="2", kinds={"python", "parquet"})
def final_role_outputs(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    parsed_jds: pl.DataFrame,
    role_assignments: pl.DataFrame,
    skill_details: pl.DataFrame,
    captures: pl.DataFrame,
    role_plans: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, FINAL_ROLE_OUTPUTS, stores)
    frame = final_role_outputs_of(
        parsed_jds, role_assignments, skill_details, captures, library_release, role_plans
    )
    resolutions = dict(frame["resolution"].value_counts().sort("resolution").iter_rows())
    return making.output(frame, **{f"resolution_{name}": n for name, n in resolutions.items()})
