"""parsed_jds: the fields of each JD, and whether it is one."""

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
from jd_assets.llm.engine import settle_unanswered, stage_client
from jd_assets.llm.parse import STAGE, LlmParser
from jd_assets.partitions import DAYS, day_of
from jd_assets.stages.parse.domain import DOMAINS, OTHER
from jd_assets.stages.parse.frame import ENGINE, misplaced, parse
from jd_assets.stages.unsure import Unsure
from jd_assets.storage.io_managers import current_release
from jd_assets.storage.stores import Stores
from jd_assets.tables import PARSED_JDS, RAW_JDS


@table_asset(PARSED_JDS, code_version="6", kinds={"python", "parquet"})
def parsed_jds(
    context: AssetExecutionContext, stores: ResourceParam[Stores], raw_jds: pl.DataFrame
) -> Output[pl.DataFrame]:
    making = Making(context, PARSED_JDS, stores)
    ds = day_of(context.partition_key)
    use, ledger = stores.settings, stores.state.ledger
    unread: dict[str, str] = {}
    if use.engine == "embedded":
        frame = parse(raw_jds, ds, None)
    else:
        with stage_client(use, ledger, STAGE, context.run_id) as client:
            reader = LlmParser(client, domains=(*DOMAINS, OTHER), engine=use.engine)
            # What is unsure depends on the library, but no value that is read does; so it is no input.
            doubt = Unsure(current_release(stores)) if use.engine == "hybrid" else None
            frame = parse(raw_jds, ds, reader, doubt)
        unread = reader.unread
        making.asked(client.tally)
        settle_unanswered(use, ledger, ds, STAGE, unread)
    return making.output(
        frame,
        asked_for_skills=frame["named_skills"].count(),
        read_by_model=frame.filter(pl.col("engine") != ENGINE).height,
        fell_back=len(unread),
        rejects=frame.filter(pl.col("jd_type") == "reject").height,
        grounded_share=share(int(frame["values_grounded"].sum()), int(frame["values_found"].sum())),
        values_dropped=int(frame["values_dropped"].sum()),
    )


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
    parsed = stored(
        stores, PARSED_JDS, ds, "jd_id", "grounding", "named_skills", "values_found", "values_grounded"
    )
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
