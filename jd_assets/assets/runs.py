"""llm_calls and pipeline_runs: what was asked of models, and how each JD's run went."""

from datetime import UTC, datetime

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

from jd_assets.assets.costs import sum_up
from jd_assets.assets.making import Making, conservation, stored, table_asset
from jd_assets.assets.markdown import markdown_table, markdown_text
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.enrich.outputs import pipeline_runs as pipeline_runs_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import BY_NAME, LLM_CALLS, PARSED_JDS, PIPELINE_RUNS

STAGES_OF_API = {
    1: (
        "parsed_jds", "extracted_skills", "jd_kras", "kra_embeddings", "role_signals", "role_assignments",
        "captures",
    ),
    2: ("skill_details",),
    3: ("role_plans", "final_role_outputs", "client_outputs"),
}  # fmt: skip
"""The tables whose making counts to each API's time."""

LISTED = 10
"""Runs that a day's summary links to."""


@table_asset(
    LLM_CALLS,
    code_version="1",
    kinds={"sqlite", "parquet"},
    deps=["parsed_jds", "role_assignments", "skill_details", "role_plans"],
)
def llm_calls(context: AssetExecutionContext, stores: ResourceParam[Stores]) -> Output[pl.DataFrame]:
    making = Making(context, LLM_CALLS, stores)
    attempts = stores.state.ledger.attempts(day_of(context.partition_key))
    frame = LLM_CALLS.frame({name: a[name] for name in LLM_CALLS.names} for a in attempts)
    sum_up(context, stores)
    return making.output(frame)


@table_asset(PIPELINE_RUNS, code_version="2", kinds={"python", "parquet"})
def pipeline_runs(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    parsed_jds: pl.DataFrame,
    role_assignments: pl.DataFrame,
    client_outputs: pl.DataFrame,
    final_role_outputs: pl.DataFrame,
    llm_calls: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, PIPELINE_RUNS, stores)
    ds = day_of(context.partition_key)
    cards = {}
    for name in {name for names in STAGES_OF_API.values() for name in names}:
        with stores.warehouse.open(stores.warehouse.path(BY_NAME[name], ds)) as part:
            cards[name] = part.card
    frame = pipeline_runs_of(
        parsed_jds,
        role_assignments,
        llm_calls,
        seconds_by_api={
            api: sum(cards[name].seconds for name in names) for api, names in STAGES_OF_API.items()
        },
        dagster_run_id=context.run_id,
        created_at=datetime.fromisoformat(cards["parsed_jds"].written_at),
        updated_at=datetime.now(UTC),
    )
    total = float(frame["llm_cost_total_usd"].sum())
    return making.output(
        frame,
        summary=MetadataValue.md(summary(frame, stores.settings.web_address)),
        completed=frame.filter(pl.col("status") == "completed").height,
        rejects=frame.filter(pl.col("status") == "rejected").height,
        cost_usd=total,
        cost_per_jd_usd=round(total / frame.height, 9) if frame.height else 0.0,
    )


def summary(runs: pl.DataFrame, address: str) -> str:
    """A day's runs as Markdown: how many of each case, and the LISTED least sure ones with links to their
    pages of the web app at `address`."""
    cases = runs.group_by("case").len().sort("len", "case", descending=[True, False])
    unsure = runs.sort("confidence", "jd_id", nulls_last=True).head(LISTED)
    return "\n\n".join(
        (
            f"{runs.height} runs, ${float(runs['llm_cost_total_usd'].sum()):.4f}. [History]({address}/)",
            markdown_table(["case", "runs"], ([markdown_text(c), str(n)] for c, n in cases.iter_rows())),
            "The least sure:",
            markdown_table(
                ["run", "role", "case", "confidence"],
                (
                    [
                        f"[{markdown_text(title or '(no title)')}]({address}/runs/{run_id})",
                        markdown_text(role),
                        markdown_text(case),
                        markdown_text(None if sure is None else f"{sure:.2f}"),
                    ]
                    for run_id, title, role, case, sure in unsure.select(
                        "run_id", "title", "role_name", "case", "confidence"
                    ).iter_rows()
                ),
            ),
        )
    )


@asset_check(asset=pipeline_runs, blocking=True, partitions_def=DAYS)
def every_parsed_jd_has_one_run(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Each JD of parsed_jds, rejected ones too, has one row in pipeline_runs."""
    ds = day_of(context.partition_key)
    parsed = stored(stores, PARSED_JDS, ds, "jd_id")
    runs = stored(stores, PIPELINE_RUNS, ds, "jd_id")
    return conservation(parsed["jd_id"], runs["jd_id"], "runs were lost or doubled", "materialize it again")
