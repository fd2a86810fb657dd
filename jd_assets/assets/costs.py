"""What a run paid models, told in one place, and checks that every place tells the same.

The ledger is where money is written down. `llm_calls` is its copy for a day, `pipeline_runs` shares it out to
JDs, and each materialization's metadata says what its own stages cost.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetObservation,
    AssetRecordsFilter,
    DagsterInstance,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import ASKS, AVOIDED, BILLED, COST, STAGES, stored
from jd_assets.llm.prices import NANO, dollars
from jd_assets.partitions import DAYS, day_of
from jd_assets.storage.stores import Stores
from jd_assets.tables import LLM_CALLS, PIPELINE_RUNS

EXAMPLES = 5
"""Names of what is wrong, or waits, that a check gives."""


@dataclass(frozen=True)
class Paying:
    """What the last materialization of a table's day says of its model calls, in nano-dollars."""

    table: str
    run_id: str
    stages: tuple[str, ...]
    cost: int
    billed: int
    avoided: int


def paying(instance: DagsterInstance, partition: str) -> list[Paying]:
    """The tables of a day whose stages may ask a model, but for `llm_calls`, which repeats them."""
    found = []
    for table in (name for name in ASKS if name != LLM_CALLS.name):
        records = instance.fetch_materializations(
            AssetRecordsFilter(asset_key=AssetKey(table), asset_partitions=[partition]), limit=1
        ).records
        made = records[0].asset_materialization if records else None
        metadata: Mapping[str, Any] = made.metadata if made else {}
        if stages := str(metadata[STAGES].value).split() if STAGES in metadata else []:
            cost, billed, avoided = (int(metadata[key].value) for key in (COST, BILLED, AVOIDED))
            found.append(Paying(table, records[0].run_id, tuple(stages), cost, billed, avoided))
    return found


def sum_up(context: AssetExecutionContext, stores: Stores) -> None:
    """Tags the run with what it was billed and what its cache saved, and says so in an observation of
    `llm_calls`."""
    asked = [p for p in paying(context.instance, context.partition_key) if p.run_id == context.run_id]
    billed = stores.state.ledger.billed_to(context.run_id)
    avoided = sum(p.avoided for p in asked)
    waiting = [d for d in stores.state.ledger.deferred() if d.ds == day_of(context.partition_key)]
    context.instance.add_run_tags(
        context.run_id, {"llm/billed_usd": dollars(billed), "llm/avoided_usd": dollars(avoided)}
    )
    context.log_event(
        AssetObservation(
            asset_key=LLM_CALLS.name,
            partition=context.partition_key,
            description=f"models were paid ${dollars(billed)}; the cache saved ${dollars(avoided)}",
            metadata={
                BILLED: billed,
                AVOIDED: avoided,
                "llm/deferred": len(waiting),
                **{f"llm/billed_usd/{p.table}": p.billed / NANO for p in asked},
            },
        )
    )


@asset_check(asset=PIPELINE_RUNS.name, partitions_def=DAYS)
def costs_agree_with_the_ledger(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Ledger, llm_calls, pipeline_runs, and the metadata of every table that asks a model say the same, to
    the nano-dollar."""
    ds = day_of(context.partition_key)
    calls = stored(stores, LLM_CALLS, ds, "call_id", "jd_id", "stage", "api", "cost_nano_usd")
    runs = stored(stores, PIPELINE_RUNS, ds, "jd_id", *_COSTS.values(), "llm_cost_total_usd")
    ledger = stores.state.ledger.attempts(ds)
    wrong = disagreements(ledger, calls, runs, paying(context.instance, context.partition_key))
    return AssetCheckResult(
        passed=not wrong,
        description="; ".join(wrong[:EXAMPLES]) or None,
        metadata={
            "jd/paid_nano_usd": sum(a["cost_nano_usd"] for a in ledger),
            "jd/shown_nano_usd": int(_nano(runs, "llm_cost_total_usd").sum()),
            "jd/disagreements": len(wrong),
        },
    )


_COSTS = {api: f"llm_cost_api{api}_usd" for api in (1, 2, 3)}


def disagreements(
    ledger: Sequence[Mapping[str, Any]], calls: pl.DataFrame, runs: pl.DataFrame, told: Sequence[Paying]
) -> list[str]:
    """What doesn't fit together, in words; amounts are nano-dollars.

    A call for no JD, or for one that its day no longer holds, is in no row of `pipeline_runs`.
    """
    wrong = []
    if {(a["call_id"], a["cost_nano_usd"]) for a in ledger} != set(
        calls.select("call_id", "cost_nano_usd").iter_rows()
    ):
        wrong.append(f"llm_calls has {calls.height} of the ledger's {len(ledger)} attempts, or other costs")
    for api, column in _COSTS.items():
        paid = calls.filter(pl.col("api") == api).group_by("jd_id").agg(pl.col("cost_nano_usd").sum())
        both = runs.select("jd_id", _nano(runs, column).alias("shown")).join(paid, on="jd_id", how="left")
        off = both.filter(pl.col("shown") != pl.col("cost_nano_usd").fill_null(0))
        wrong += [f"{jd} cost {paid or 0} for API {api}, and {column} says {shown}"
                  for jd, shown, paid in off.head(EXAMPLES).iter_rows()]  # fmt: skip
    parts = sum((_nano(runs, column) for column in _COSTS.values()), start=pl.Series([0] * runs.height))
    if not parts.equals(_nano(runs, "llm_cost_total_usd"), check_names=False):
        wrong.append("the three APIs' costs don't add up to the total of pipeline_runs")
    by_stage = Counter[str]()
    for stage, cost in calls.select("stage", "cost_nano_usd").iter_rows():
        by_stage[stage] += cost
    for p in told:
        if (cost := sum(by_stage[stage] for stage in p.stages)) != p.cost:
            wrong.append(f"{p.table} says that its calls cost {p.cost}, and llm_calls {cost}")
    return wrong


def _nano(frame: pl.DataFrame, column: str) -> pl.Series:
    """Dollars as whole nano-dollars: a double has them exact up to four million dollars."""
    return (frame[column] * NANO).round().cast(pl.Int64)


@asset_check(asset=LLM_CALLS.name, partitions_def=DAYS)
def nothing_waits_for_a_later_run(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Warns of questions that a budget, a batch or a model that was down left unanswered; the day's next run
    asks them."""
    ds = day_of(context.partition_key)
    waiting = [d for d in stores.state.ledger.deferred() if d.ds == ds]
    by_kind = Counter((d.stage, d.reason) for d in waiting)
    return AssetCheckResult(
        passed=not waiting,
        severity=AssetCheckSeverity.WARN,
        description="; ".join(f"{n} of {stage}: {why}" for (stage, why), n in sorted(by_kind.items()))
        or None,
        metadata={
            "llm/deferred": len(waiting),
            "jd/examples": ", ".join(d.subject for d in waiting[:EXAMPLES]) or "none",
        },
    )
