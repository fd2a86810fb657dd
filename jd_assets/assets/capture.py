"""captures and review_queue: what the day could teach the library, and what waits for a person."""

from datetime import date

import polars as pl
from dagster import AssetExecutionContext, Output, ResourceParam

from jd_assets.assets.making import Making, stored_days, table_asset
from jd_assets.assets.pools import WHOLE_HISTORY
from jd_assets.library.release import Release
from jd_assets.llm.engine import ask_again, settle_unanswered, stage_client
from jd_assets.llm.planner import STAGE as PLANNER
from jd_assets.llm.planner import LlmPlanner
from jd_assets.models.embedder import Embedder
from jd_assets.partitions import day_of
from jd_assets.stages.capture.captures import captures as captures_of
from jd_assets.stages.capture.plans import due, outdated
from jd_assets.stages.capture.plans import role_plans as plans_of
from jd_assets.stages.capture.queue import review_queue as folded
from jd_assets.storage.embedding_cache import CachedEmbedder
from jd_assets.storage.stores import Stores
from jd_assets.tables import CAPTURES, EXTRACTED_SKILLS, JD_KRAS, REVIEW_QUEUE, ROLE_PLANS


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
    ROLE_PLANS,
    code_version="1",
    kinds={"python", "parquet"},
    pool=WHOLE_HISTORY,
    deps=["captures", "extracted_skills", "jd_kras"],
)
def role_plans(
    context: AssetExecutionContext, stores: ResourceParam[Stores], library_release: Release
) -> Output[pl.DataFrame]:
    """Plans of the clusters that the day's postings made big enough, with those of earlier days in them."""
    making = Making(context, ROLE_PLANS, stores)
    use, ledger, ds = stores.settings, stores.state.ledger, day_of(context.partition_key)
    if use.engine == "embedded":
        return making.output(ROLE_PLANS.frame([]))
    earlier = [day for day in stores.warehouse.days(CAPTURES) if day <= ds]
    captured = stored_days(stores, CAPTURES, earlier).filter(pl.col("kind") == "new_role")
    clusters = due(captured, ds)
    days = sorted({day for rows in clusters.values() for day in rows["ds"]})
    with stage_client(use, ledger, PLANNER, context.run_id) as client:
        domains = sorted({role.domain for role in library_release.roles})
        planner = LlmPlanner(client, domains=domains, dimensions=[*library_release.dimension_groups])
        frame = plans_of(
            ds,
            captured,
            stored_days(stores, EXTRACTED_SKILLS, days),
            stored_days(stores, JD_KRAS, days),
            library_release,
            planner,
        )
    making.asked(client.tally)
    settle_unanswered(use, ledger, ds, PLANNER, planner.unanswered)
    changed = _outdated(stores, ds)
    ask_again(ledger, PLANNER, changed)
    return making.output(
        frame,
        clusters=len(clusters),
        unplanned=len(clusters) - frame.height,
        values_dropped=int(frame["values_dropped"].sum()),
        later_days_to_plan_again=len(changed),
    )


def _outdated(stores: Stores, ds: date) -> dict[date, list[str]]:
    """What later days planned, or didn't, before this one was run, and would plan otherwise now. Days that no
    model was asked for are the embedded engine's, which plans nothing."""
    days = stores.warehouse.days(CAPTURES)
    asked = stores.state.ledger.days() if any(day > ds for day in days) else set()
    if not any(day > ds for day in asked):
        return {}
    later = (day for day in stores.warehouse.days(ROLE_PLANS) if day > ds)
    plans = stored_days(stores, ROLE_PLANS, later, "ds", "item_id", "postings")
    captured = stored_days(stores, CAPTURES, days, "ds", "jd_id", "kind", "item_id")
    return {day: items for day, items in outdated(captured, plans, ds).items() if day in asked}


@table_asset(
    REVIEW_QUEUE,
    code_version="5",
    kinds={"python", "parquet"},
    pool=WHOLE_HISTORY,
    deps=["captures", "role_plans"],
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
    plans = stored_days(stores, ROLE_PLANS, stores.warehouse.days(ROLE_PLANS))
    frame = folded(captured, stores.state.decisions(), library_release, names, plans)
    pending = frame.filter(pl.col("status") == "pending")
    return making.output(
        frame,
        captures=captured.height,
        days=len(days),
        pending=pending.height,
        **{f"pending_{kind}": n for kind, n in sorted(pending["kind"].value_counts().iter_rows())},
        **{f"to_{action}": n for action, n in sorted(pending["action"].value_counts().iter_rows())},
    )
