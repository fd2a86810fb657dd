"""What all assets have in common: declarations from tables.py, and one naming of their metadata."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, get_args

import polars as pl
from dagster import (
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    AssetKey,
    AssetsDefinition,
    Output,
    TableColumn,
    TableColumnConstraints,
    TableColumnDep,
    TableColumnLineage,
    TableConstraints,
    TableSchema,
    asset,
)

from jd_assets.llm.client import Tally
from jd_assets.llm.embedding import LIBRARY
from jd_assets.llm.prices import NANO
from jd_assets.partitions import DAYS, day_of
from jd_assets.schema import Table, duckdb_type
from jd_assets.settings import Stage
from jd_assets.storage.io_managers import SECONDS
from jd_assets.storage.stores import Stores
from jd_assets.tables import (
    KRA_EMBEDDINGS,
    LLM_CALLS,
    PARSED_JDS,
    ROLE_ASSIGNMENTS,
    ROLE_PLANS,
    SKILL_DETAILS,
)

OWNERS = ["team:jd-assets"]
STAGES, COST, BILLED, AVOIDED = (
    "llm/stages", "llm/cost_nano_usd", "llm/billed_nano_usd", "llm/avoided_nano_usd",
)  # fmt: skip
"""Metadata by which costs are compared: the stages that a table pays for, and whole nano-dollars."""
ASKS: Mapping[str, tuple[str, ...]] = {
    PARSED_JDS.name: ("parse",),
    KRA_EMBEDDINGS.name: ("embedding",),
    ROLE_ASSIGNMENTS.name: ("decision", "adjudication"),
    SKILL_DETAILS.name: ("enrichment",),
    ROLE_PLANS.name: ("planner",),
    LLM_CALLS.name: (*get_args(Stage), LIBRARY),
}
"""The tables whose making asks a model, with the stages of llm_calls that they pay for; llm_calls repeats
them."""


def table_asset(
    table: Table,
    *,
    code_version: str,
    kinds: set[str],
    io_manager_key: str = "tables",
    deps: Sequence[str] = (),
    pool: str | None = None,
) -> Callable[[Callable[..., Output[pl.DataFrame]]], AssetsDefinition]:
    """The `@asset` that makes a table; `deps` are tables that it reads by itself."""
    return asset(
        name=table.name,
        group_name=table.group,
        description=f"{table.description} {table.grain[:1].upper()}{table.grain[1:]}.",
        owners=OWNERS,
        kinds=kinds,
        code_version=code_version,
        partitions_def=DAYS if table.partitioned else None,
        io_manager_key=io_manager_key,
        deps=list(deps),
        pool=pool,
        metadata={
            "dagster/column_schema": column_schema(table),
            "dagster/column_lineage": column_lineage(table),
            "dagster/table_name": table.name,
        },
    )


def column_schema(table: Table) -> TableSchema:
    return TableSchema(
        columns=[
            TableColumn(
                name=c.name,
                type=duckdb_type(c.dtype),
                description=c.description,
                constraints=TableColumnConstraints(nullable=c.nullable, unique=table.key == (c.name,)),
            )
            for c in table.columns
        ],
        constraints=TableConstraints(other=[f"key: {', '.join(table.key)}"]),
    )


def column_lineage(table: Table) -> TableColumnLineage:
    return TableColumnLineage(
        {
            c.name: [
                TableColumnDep(asset_key=AssetKey(source.split(".")[0]), column_name=source.split(".")[1])
                for source in c.sources
            ]
            for c in table.columns
            if c.sources
        }
    )


class Making:
    """Times a stage and puts its materialization's metadata together."""

    def __init__(self, context: AssetExecutionContext, table: Table, stores: Stores) -> None:
        self.table = table
        self.ds: date | None = day_of(context.partition_key) if table.partitioned else None
        self._stores = stores
        self._started = time.perf_counter()
        self._tally = Tally()

    def asked(self, tally: Tally) -> None:
        """Adds what a client asked of a model for this table."""
        self._tally = self._tally + tally

    def output(self, frame: pl.DataFrame, **metadata: Any) -> Output[pl.DataFrame]:
        """The rows with their metadata.

        `llm/cost_usd` is what the day's calls of its stages cost in all; `llm/billed_usd` is what this
        materialization added, and `llm/avoided_usd` what it found in the cache. Plots want dollars; the
        same amounts stand in whole nano-dollars beside them."""
        seconds = time.perf_counter() - self._started
        known: dict[str, Any] = {
            SECONDS: round(seconds, 4),
            "jd/rows_per_second": round(frame.height / seconds, 1) if seconds > 0 else 0.0,
            "dagster/column_schema": column_schema(self.table),
            "dagster/column_lineage": column_lineage(self.table),
        }
        known |= {f"jd/{name}": value for name, value in metadata.items()}
        if self.ds is not None:
            known |= self._llm(ASKS.get(self.table.name, ()))
        elif self._tally != Tally():
            billed, avoided = self._tally.billed_nano_usd, self._tally.avoided_nano_usd
            known |= {"llm/billed_usd": billed / NANO, "llm/avoided_usd": avoided / NANO}
            known |= {BILLED: billed, AVOIDED: avoided, "llm/calls": self._tally.sent}
        return Output(frame, metadata=known)

    def _llm(self, stages: tuple[str, ...]) -> Mapping[str, Any]:
        attempts = (
            [a for a in self._stores.state.ledger.attempts(self.ds) if a["stage"] in stages]
            if stages and self.ds
            else []
        )
        cost = sum(a["cost_nano_usd"] for a in attempts)
        billed, avoided = self._tally.billed_nano_usd, self._tally.avoided_nano_usd
        return {
            "llm/cost_usd": cost / NANO,
            "llm/billed_usd": billed / NANO,
            "llm/avoided_usd": avoided / NANO,
            **({STAGES: " ".join(stages), COST: cost, BILLED: billed, AVOIDED: avoided} if stages else {}),
            "llm/calls": sum(not a["cache_hit"] for a in attempts),
            "llm/cache_hits": sum(a["cache_hit"] for a in attempts),
            "llm/input_tokens": sum(a["input_tokens"] for a in attempts),
            "llm/output_tokens": sum(a["output_tokens"] for a in attempts),
        }


def stored(stores: Stores, table: Table, ds: date, *columns: str) -> pl.DataFrame:
    """These columns of a day as they were written, for checks of what is really there."""
    frame, _ = stores.warehouse.read(stores.warehouse.path(table, ds), columns)
    return frame


def stored_days(stores: Stores, table: Table, days: Iterable[date], *columns: str) -> pl.DataFrame:
    """These columns of several days, or all of them, one below the other; none of no days."""
    read = (stores.warehouse.read(stores.warehouse.path(table, day), columns or None)[0] for day in days)
    return pl.concat([table.frame([]).select(columns or table.names), *read])


def share(part: int, whole: int) -> float:
    """A fraction for metadata; 1 of nothing is all of it."""
    return round(part / whole, 4) if whole else 1.0


def conservation(wanted: pl.Series, found: pl.Series, what: str, cure: str) -> AssetCheckResult:
    """Whether two tables hold the same ids, each once; the result names examples of what is lost or
    doubled."""
    lost = set(wanted) - set(found)
    strange = set(found) - set(wanted)
    doubled = found.len() - found.n_unique()
    passed = not lost and not strange and not doubled
    return AssetCheckResult(
        passed=passed,
        severity=AssetCheckSeverity.ERROR,
        description=None if passed else f"{what}: {cure}",
        metadata={
            "jd/expected": wanted.n_unique(),
            "jd/found": found.len(),
            "jd/lost": len(lost),
            "jd/unexpected": len(strange),
            "jd/doubled": doubled,
            "jd/examples": ", ".join(sorted(lost | strange)[:5]) or "none",
        },
    )
