"""role_signals and role_assignments: what speaks for which role, and the decision."""

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetExecutionContext,
    Output,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import Making, conservation, stored, table_asset
from jd_assets.library.release import Release
from jd_assets.llm.decision import ADJUDICATION, DECISION, LlmJudge
from jd_assets.llm.engine import run_purse, settle_unanswered, stage_client
from jd_assets.models.embedder import Embedder
from jd_assets.models.hybrid import shipped_hybrid
from jd_assets.models.role_model import shipped_role_model
from jd_assets.models.role_wording import shipped_role_wording
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.roles.decide import ENGINE, assign_roles
from jd_assets.stages.roles.judge import Panel
from jd_assets.stages.roles.signals import role_signals as signals_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import PARSED_JDS, ROLE_ASSIGNMENTS, ROLE_SIGNALS


@table_asset(ROLE_SIGNALS, code_version=f"5-{shipped_role_wording().version}", kinds={"python", "parquet"})
def role_signals(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    embedder: ResourceParam[Embedder],
    library_release: Release,
    raw_jds: pl.DataFrame,
    parsed_jds: pl.DataFrame,
    extracted_skills: pl.DataFrame,
    jd_kras: pl.DataFrame,
    kra_embeddings: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, ROLE_SIGNALS, stores)
    frame = signals_of(
        raw_jds, parsed_jds, extracted_skills, jd_kras, kra_embeddings, library_release, embedder
    )
    best = frame.filter(pl.col("rank") == 1)
    means = dict(best.group_by("signal").agg(pl.col("score").mean()).iter_rows())
    return making.output(
        frame, **{f"mean_best_{signal}": round(value, 4) for signal, value in sorted(means.items())}
    )


@table_asset(ROLE_ASSIGNMENTS, code_version=f"5-{shipped_role_model().version}", kinds={"python", "parquet"})
def role_assignments(
    context: AssetExecutionContext,
    stores: ResourceParam[Stores],
    library_release: Release,
    raw_jds: pl.DataFrame,
    parsed_jds: pl.DataFrame,
    role_signals: pl.DataFrame,
) -> Output[pl.DataFrame]:
    making = Making(context, ROLE_ASSIGNMENTS, stores)
    use, ledger, ds = stores.settings, stores.state.ledger, day_of(context.partition_key)
    unanswered = 0
    if use.engine == "embedded":
        frame = assign_roles(parsed_jds, role_signals, library_release)
    else:
        purse = run_purse(use, ledger, context.run_id)
        with (
            stage_client(use, ledger, DECISION.stage, context.run_id, purse) as first_client,
            stage_client(use, ledger, ADJUDICATION.stage, context.run_id, purse) as second_client,
        ):
            first, second = LlmJudge(first_client, DECISION), LlmJudge(second_client, ADJUDICATION)
            below = shipped_hybrid().asks_below["decision"] if use.engine == "hybrid" else None
            panel = Panel(first, second, below)
            frame = assign_roles(parsed_jds, role_signals, library_release, panel=panel, raw=raw_jds)
            making.asked(first_client.tally)
            making.asked(second_client.tally)
        unanswered = len(first.unanswered.keys() | second.unanswered.keys())
        settle_unanswered(use, ledger, ds, DECISION.stage, first.unanswered)
        settle_unanswered(use, ledger, ds, ADJUDICATION.stage, second.unanswered)
    cases = dict(frame["case"].value_counts().sort("case").iter_rows())
    confidence = frame.filter(~pl.col("is_new_role"))["confidence"]
    return making.output(
        frame,
        library_release=library_release.release,
        mean_confidence=round(float(confidence.mean() or 0.0), 4),  # type: ignore[arg-type]
        roles=frame["role_slug"].drop_nulls().n_unique(),
        decided_by_model=frame.filter(pl.col("engine") != ENGINE).height,
        fell_back=unanswered,
        adjudicated=int(frame["llm2_fired"].sum()),
        quotes_dropped=int(frame["quotes_dropped"].sum()),
        **{f"case_{case.lower()}": n for case, n in cases.items()},
    )


@asset_check(asset=role_assignments, blocking=True, partitions_def=DAYS)
def every_passed_jd_has_one_assignment(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Each JD of parsed_jds that passed is in role_assignments once, and no other JD is."""
    ds = day_of(context.partition_key)
    parsed = stored(stores, PARSED_JDS, ds, "jd_id", "jd_type")
    assigned = stored(stores, ROLE_ASSIGNMENTS, ds, "jd_id")
    return conservation(
        parsed.filter(pl.col("jd_type") == "pass")["jd_id"],
        assigned["jd_id"],
        "JDs were lost or doubled in the decision",
        "materialize parsed_jds and everything after it again",
    )
