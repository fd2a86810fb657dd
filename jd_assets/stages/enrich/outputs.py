"""API 3 and the run of each JD: how its role resolved, what would be saved, what it cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from jd_assets.library.release import Release
from jd_assets.tables import FINAL_ROLE_OUTPUTS, PIPELINE_RUNS

NANO = 1_000_000_000


def final_role_outputs(
    parsed: pl.DataFrame,
    assignments: pl.DataFrame,
    details: pl.DataFrame,
    captured: pl.DataFrame,
    release: Release,
    plans: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """FINAL_ROLE_OUTPUTS: one row for each of PARSED_JDS; a JD for a new role has the plan of its cluster,
    where `plans`, the day's ROLE_PLANS, has one."""
    roles = {row["jd_id"]: row for row in assignments.iter_rows(named=True)}
    by_jd = {jd_id: rows for (jd_id,), rows in details.group_by("jd_id", maintain_order=True)}
    queued = dict(captured.filter(pl.col("kind") == "new_skill").group_by("jd_id").agg(pl.len()).iter_rows())
    made: dict[str, str] = {}
    if plans is not None:
        new = captured.filter(pl.col("kind") == "new_role").join(plans, on="item_id")
        made = dict(new.select("jd_id", "planner_output").iter_rows())
    rows: list[dict[str, Any]] = []
    for ds, jd_id, run_id in parsed.select("ds", "jd_id", "run_id").iter_rows():
        role = roles.get(jd_id)
        slug = role["role_slug"] if role else None
        skills = list(by_jd[jd_id].iter_rows(named=True)) if jd_id in by_jd else []
        known = [s for s in skills if s["source_tag"] == "library"]
        touched = {d for s in known for d in s["dimensions"]}
        rows.append(
            {
                "ds": ds,
                "jd_id": jd_id,
                "run_id": run_id,
                "resolution": "rejected" if role is None else "in_db" if slug else "new_role",
                "role_slug": slug,
                "role_name": release.role(slug).name if slug else None,
                "library_skills": [s["canonical"] for s in known],
                "new_skills": [s["input_skill"] for s in skills if s["source_tag"] == "new"],
                "new_skills_captured": queued.get(jd_id, 0),
                "skill_dimension_links": sum(len(s["dimensions"]) for s in known),
                "role_dimension_links": len(touched),
                "skipped": sum(not s["dimensions"] for s in known),
                "planner_output": made.get(jd_id),
            }
        )
    return FINAL_ROLE_OUTPUTS.frame(rows)


def pipeline_runs(
    parsed: pl.DataFrame,
    assignments: pl.DataFrame,
    calls: pl.DataFrame,
    *,
    seconds_by_api: Mapping[int, float],
    dagster_run_id: str | None,
    created_at: datetime,
    updated_at: datetime,
) -> pl.DataFrame:
    """PIPELINE_RUNS: one row for each of PARSED_JDS.

    `seconds_by_api` is the time that the day's stages of API 1, 2 and 3 took; each JD has an even share.
    """
    cost = (
        calls.group_by("jd_id", "api")
        .agg(pl.col("cost_nano_usd").sum())
        .pivot("api", index="jd_id", values="cost_nano_usd")
    )
    for api in ("1", "2", "3"):
        if api not in cost.columns:
            cost = cost.with_columns(pl.lit(0, dtype=pl.Int64).alias(api))
    nano = {api: pl.col(str(api)).fill_null(0) for api in (1, 2, 3)}
    share = 1000.0 / max(parsed.height, 1)
    frame = (
        parsed.join(
            assignments.select("jd_id", "case", "role_slug", "role_name", "confidence", "library_release"),
            on="jd_id",
            how="left",
        )
        .join(cost, on="jd_id", how="left")
        .with_columns(
            pl.when(pl.col("jd_type") == "pass")
            .then(pl.lit("completed"))
            .otherwise(pl.lit("rejected"))
            .alias("status"),
            pl.col("case").fill_null("REJECTED"),
            *((nano[api] / NANO).alias(f"llm_cost_api{api}_usd") for api in (1, 2, 3)),
            ((nano[1] + nano[2] + nano[3]) / NANO).alias("llm_cost_total_usd"),
            *(
                pl.lit(round(seconds_by_api.get(api, 0.0) * share, 3)).alias(f"api{api}_ms")
                for api in (1, 2, 3)
            ),
            pl.concat_str("title", "company_name", "role_name", separator="\n", ignore_nulls=True)
            .str.to_lowercase()
            .alias("search_text"),
            pl.lit(dagster_run_id, dtype=pl.String).alias("dagster_run_id"),
            pl.lit(created_at).cast(pl.Datetime("us", "UTC")).alias("created_at"),
            pl.lit(updated_at).cast(pl.Datetime("us", "UTC")).alias("updated_at"),
        )
    )
    return frame.select(PIPELINE_RUNS.names).cast(PIPELINE_RUNS.polars_schema)
