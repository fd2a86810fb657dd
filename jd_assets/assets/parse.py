"""parsed_jds: the fields of each JD, and whether it is one."""

from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl
from dagster import (
    AssetCheckExecutionContext,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetExecutionContext,
    Output,
    ResourceParam,
    asset_check,
)

from jd_assets.assets.making import Making, conservation, share, stored, table_asset
from jd_assets.llm.budget import Budget
from jd_assets.llm.client import LlmClient
from jd_assets.llm.parse import STAGE, LlmParser
from jd_assets.llm.prices import load_overrides, price_of
from jd_assets.partitions import DAYS, day_of
from jd_assets.settings import Settings
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.stages.parse.frame import ENGINE, misplaced, parse
from jd_assets.storage.state import State
from jd_assets.storage.stores import Stores
from jd_assets.tables import PARSED_JDS, RAW_JDS

_NANO = 1_000_000_000


@table_asset(PARSED_JDS, code_version="5", kinds={"python", "parquet"})
def parsed_jds(
    context: AssetExecutionContext, stores: ResourceParam[Stores], raw_jds: pl.DataFrame
) -> Output[pl.DataFrame]:
    making = Making(context, PARSED_JDS, stores)
    with llm_reader(stores.settings, stores.state) as reader:
        frame = parse(raw_jds, day_of(context.partition_key), reader)
    return making.output(
        frame,
        llm_stages=(STAGE,),
        read_by_model=frame.filter(pl.col("engine") != ENGINE).height,
        fell_back=len(reader.unread) if reader else 0,
        rejects=frame.filter(pl.col("jd_type") == "reject").height,
        grounded_share=share(int(frame["values_grounded"].sum()), int(frame["values_found"].sum())),
        values_dropped=int(frame["values_dropped"].sum()),
    )


@contextmanager
def llm_reader(use: Settings, state: State) -> Iterator[LlmParser | None]:
    """The model that the settings name to read JDs with, or None for the embedded engine.

    Raises:
        ValueError: no key is set, or one that no header can carry, or the price file makes no sense.
        UnknownPrice: nobody says what the model costs.
    """
    if use.engine == "embedded":
        yield None
        return
    if use.llm_api_key is None:
        raise ValueError("JD_ENGINE=openai needs JD_LLM_API_KEY")
    overrides = load_overrides(use.llm_prices) if use.llm_prices else {}
    client = LlmClient(
        state,
        use.llm_base_url,
        use.llm_api_key,
        use.llm_model,
        price=price_of(use.llm_model, use.llm_base_url, overrides),
        budget=Budget(round(use.llm_budget_usd * _NANO)),
    )
    try:
        yield LlmParser(client, domains=(*DOMAINS, OTHER), concurrency=use.llm_concurrency)
    finally:
        client.close()


@asset_check(asset=parsed_jds, blocking=True, partitions_def=DAYS)
def every_raw_jd_is_parsed_once(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Each readable, distinct JD of raw_jds is in parsed_jds once, passed or rejected."""
    ds = day_of(context.partition_key)
    raw = stored(stores, RAW_JDS, ds, "jd_id", "status")
    parsed = stored(stores, PARSED_JDS, ds, "jd_id")
    return conservation(
        raw.filter(pl.col("status") == "ok")["jd_id"],
        parsed["jd_id"],
        "JDs were lost or doubled in parsing",
        "materialize raw_jds and parsed_jds of the day again",
    )


@asset_check(asset=parsed_jds, partitions_def=DAYS)
def every_value_is_grounded(
    context: AssetCheckExecutionContext, stores: ResourceParam[Stores]
) -> AssetCheckResult:
    """Whatever engine read it, every value has its place in the text, and its words stand there."""
    ds = day_of(context.partition_key)
    raw = stored(stores, RAW_JDS, ds, "jd_id", "status", "text")
    parsed = stored(stores, PARSED_JDS, ds, "jd_id", "grounding", "values_found", "values_grounded")
    untrue = misplaced(raw, parsed)
    found, grounded = int(parsed["values_found"].sum()), int(parsed["values_grounded"].sum())
    return AssetCheckResult(
        passed=found == grounded and not untrue,
        severity=AssetCheckSeverity.ERROR,
        metadata={
            "jd/values_found": found,
            "jd/values_grounded": grounded,
            "jd/grounded_share": share(grounded, found),
            "jd/places_with_other_words": untrue,
        },
    )
